"""PURE: TOML that anybody may have written, as a value; whatever is wrong with it is one error.

Used by whoever reads an administrator's file, rules or profiles. Python's own reader lets deep
nesting and overlong numbers through to the caller as errors of other kinds, and takes a time that
grows with the square of a dotted key's parts: 13 s for 20,000 of them (Python 3.11).
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

_MOST_PARTS = 64
_LONG_KEY = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}"""
)


def parse(text: str) -> dict[str, Any]:
    """Return what ``text`` says. Raises ``ValueError``, whose words say what is wrong."""
    if _LONG_KEY.search(text):
        raise ValueError("nested too deeply")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
