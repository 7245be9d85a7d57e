"""The face that stamps are set in: how wide its text is, and the part of it that goes into a file.

Called by the programs of this package. Liberation Serif has the measures of Times New Roman, which
the law names, and every Vietnamese letter; it comes along, so that a stamp looks the same on every
machine. PDF/A wants it inside the file: of its letters only those that are drawn.
"""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from msgspec import Struct

FILE = Path(__file__).with_name("font") / "LiberationSerif-Regular.ttf"
NAME = "LiberationSerif"

_KEPT = ("glyf", "loca", "head", "hhea", "hmtx", "maxp")
_UNKNOWN = "?"


class Cut(Struct, frozen=True):
    """The part of the face that some text needs.

    Attributes:
        data: A TrueType font with only these letters.
        glyphs: The number of each letter's glyph in ``data``.
        widths: Each glyph's width by its number, in thousandths of the size.
        box: The smallest rectangle around every letter of the face, in the same unit.
        ascent: Above the line, in the same unit.
        descent: Below the line; negative.
        cap_height: Of capitals without marks.
    """

    data: bytes
    glyphs: dict[str, int]
    widths: tuple[int, ...]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int


class Face:
    """The face's measures, read once; for the life of a program."""

    def __init__(self) -> None:
        with TTFont(FILE, lazy=True) as font:
            self._units = int(font["head"].unitsPerEm)
            names = font.getBestCmap()
            measures = font["hmtx"].metrics
            self._widths = {chr(code): int(measures[name][0]) for code, name in names.items()}

    def settable(self, text: str) -> str:
        """Return ``text`` as it can be set: composed, one line, no letter that the face lacks."""
        line = " ".join(unicodedata.normalize("NFC", text).split())
        return "".join(sign if sign in self._widths else _UNKNOWN for sign in line)

    def width(self, text: str, size: float) -> float:
        """Return how wide settable ``text`` is at ``size``, in the unit of ``size``."""
        return sum(self._widths[sign] for sign in text) * size / self._units


def cut(text: str) -> Cut:
    """Return what settable ``text`` needs of the face."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.drop_tables += ["OS/2", "name", "post", "cvt ", "fpgm", "prep", "gasp", "DSIG", "FFTM"]
    options.passthrough_tables = False
    with TTFont(FILE, lazy=True) as font:
        scale = 1000 / font["head"].unitsPerEm
        cap_height = round(font["OS/2"].sCapHeight * scale)
        ascent, descent = (round(font["hhea"].ascent * scale), round(font["hhea"].descent * scale))
        worker = subset.Subsetter(options)
        worker.populate(unicodes={ord(sign) for sign in text})
        worker.subset(font)
        order = font.getGlyphOrder()
        names, measures, head = font.getBestCmap(), font["hmtx"].metrics, font["head"]
        box = tuple(round(side * scale) for side in (head.xMin, head.yMin, head.xMax, head.yMax))
        for table in list(font.keys()):
            if table not in _KEPT and table != "GlyphOrder":
                del font[table]
        made = io.BytesIO()
        font.save(made)
    number = {name: at for at, name in enumerate(order)}
    return Cut(
        made.getvalue(),
        {chr(code): number[name] for code, name in names.items()},
        tuple(round(measures[name][0] * scale) for name in order),
        (box[0], box[1], box[2], box[3]),
        ascent,
        descent,
        cap_height,
    )
