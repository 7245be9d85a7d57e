"""Takes the invisible text out of OCR's one-page PDFs, and their common font just once.

Called by ``bundle.making``. Every page's carries its own copy of the same glyphless font: the first
copy of each kind serves all pages of a bundle.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pikepdf
from msgspec import Struct

from digitizer.bundle.container import PageText
from digitizer.errors import FileUnreadable

FONT = "/f-0-0"


class TextLayer(Struct, frozen=True):
    """A page's text, and the digest of the font it is set in."""

    text: PageText
    font: str


def layer(path: Path) -> TextLayer | None:
    """Return the text of a text-only PDF, or None where it has none.

    Raises:
        FileUnreadable: It is no such PDF.
    """
    try:
        with pikepdf.open(path) as pdf:
            page = pdf.pages[0]
            across, down = (float(side) for side in page.mediabox.as_list()[2:4])
            fonts = page.obj.get("/Resources", pikepdf.Dictionary()).get("/Font")
            if fonts is None or FONT not in fonts:
                return None
            operators = page.Contents.read_bytes()
            return TextLayer(PageText(operators, across, down), _digest(fonts[FONT]))
    except (pikepdf.PdfError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise FileUnreadable(path.name) from error


def _digest(font: pikepdf.Object) -> str:
    """Return what tells two fonts apart: the program and how its codes map to characters."""
    digest = hashlib.sha256()
    descendant = font.DescendantFonts[0]
    for part in (
        descendant.FontDescriptor.FontFile2,
        descendant.CIDToGIDMap,
        font.ToUnicode,
    ):
        digest.update(part.read_bytes())
    return digest.hexdigest()
