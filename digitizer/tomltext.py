"""PURE: TOML that anybody may have written, as a value; whatever is wrong with it is one error.

Used by whoever reads an administrator's file, rules or profiles. Python's own reader lets deep
nesting and overlong numbers through to the caller as errors of other kinds.
"""

from __future__ import annotations

import tomllib
from typing import Any


def parse(text: str) -> dict[str, Any]:
    """Return what ``text`` says. Raises ``ValueError``, whose words say what is wrong."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
