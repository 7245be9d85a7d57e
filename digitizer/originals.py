"""PURE: how a signed PDF that came from elsewhere lies beside the pages rendered from it.

Known to the folder driver, which lands it before its first page, and to capture and recovery,
which take both: ``0007+0012.pdf`` holds twelve pages, of which the first is ``0007.jpg``.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct

_NAME = re.compile(r"([0-9]{4,6})\+([0-9]{4})\.pdf")


class Original(Struct, frozen=True):
    """A signed PDF, byte for byte. ``first``: its first page's number in the batch; ``pages``:
    how many it has."""

    file: Path
    first: int
    pages: int


def name(first: int, pages: int) -> str:
    """Return the file name of an original."""
    return f"{first:04d}+{pages:04d}.pdf"


def parsed(file: Path) -> Original | None:
    """Return what a file's name says, or None where it is no original's."""
    found = _NAME.fullmatch(file.name)
    return Original(file, int(found[1]), int(found[2])) if found else None


def beside(page: Path) -> Original | None:
    """Return the original that ``page``, a delivered file, is the first page of, or None."""
    known = (parsed(file) for file in page.parent.glob(f"{page.stem}+*.pdf"))
    return next((original for original in known if original is not None), None)
