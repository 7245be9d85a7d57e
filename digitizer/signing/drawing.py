"""A stamp as a PDF draws it: an appearance with its letters inside.

Called by ``pades``; built of pyHanko's objects, since it goes in with the signature.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import AppearanceContent
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStampStyle

from digitizer.signing import face, lines

_TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}
"""The matrix that makes an appearance upright on a page turned clockwise by so much."""
_FONT = "/F"


class Drawn(Struct, frozen=True):
    """Lines to draw.

    Attributes:
        lines: As the face can set them.
        size: In points.
        width: Of the whole stamp, in points.
        height: Likewise.
        turn: Of its page, degrees clockwise.
        unit: Points in one unit of its page.
    """

    lines: tuple[str, ...]
    size: float
    width: float
    height: float
    turn: int
    unit: float


@dataclass(frozen=True)
class Style(BaseStampStyle):
    """pyHanko's handle for what a signature looks like."""

    drawn: Drawn | None = None

    def create_stamp(
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]
    ) -> Any:
        """Return the appearance; called by pyHanko while it signs."""
        assert self.drawn is not None  # noqa: S101 - we made it
        return _Appearance(writer, self.drawn)


class _Appearance(AppearanceContent):
    def __init__(self, writer: BasePdfFileWriter, drawn: Drawn) -> None:
        scale = 1 / drawn.unit
        super().__init__(
            writer, BoxConstraints(width=drawn.width * scale, height=drawn.height * scale)
        )
        self._drawn, self._scale = drawn, scale

    def as_form_xobject(self) -> generic.StreamObject:
        drawn = super().as_form_xobject()
        turn = _TURNS[self._drawn.turn]
        drawn[name("/Matrix")] = generic.ArrayObject(
            [generic.NumberObject(number) for number in (*turn, 0, 0)]
        )
        drawn.compress()
        return drawn

    def render(self) -> bytes:
        what, scale = self._drawn, self._scale
        cut = face.cut("".join(what.lines))
        font = _embedded(self._ensure_writer, cut)
        self.resources.font[name(_FONT)] = font
        size, leading = what.size * scale, what.size * lines.LEADING * scale
        left = lines.PADDING * scale
        top = (what.height - lines.PADDING) * scale - size * cut.ascent / 1000
        drawn = [f"q BT 0 g {_FONT} {size:g} Tf {leading:g} TL {left:g} {top:g} Td"]
        for at, line in enumerate(what.lines):
            codes = "".join(f"{cut.glyphs[sign]:04x}" for sign in line)
            drawn.append(f"{'T* ' if at else ''}<{codes}> Tj")
        drawn.append("ET Q")
        return "\n".join(drawn).encode("ascii")


def _embedded(writer: BasePdfFileWriter, cut: face.Cut) -> generic.IndirectObject:
    """Put a cut of the face into the file, with what PDF/A wants; return the font."""
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(cut.data).digest()[:6])
    called = name(f"/{tag}+{face.NAME}")
    program = generic.StreamObject(
        {name("/Length1"): generic.NumberObject(len(cut.data))}, stream_data=cut.data
    )
    program.compress()
    descriptor = generic.DictionaryObject(
        {
            name("/Type"): name("/FontDescriptor"),
            name("/FontName"): called,
            name("/Flags"): generic.NumberObject(6),  # serifs, letters beyond the standard ones
            name("/FontBBox"): _numbers(cut.box),
            name("/ItalicAngle"): generic.NumberObject(0),
            name("/Ascent"): generic.NumberObject(cut.ascent),
            name("/Descent"): generic.NumberObject(cut.descent),
            name("/CapHeight"): generic.NumberObject(cut.cap_height),
            name("/StemV"): generic.NumberObject(80),
            name("/FontFile2"): writer.add_object(program),
        }
    )
    inner = generic.DictionaryObject(
        {
            name("/Type"): name("/Font"),
            name("/Subtype"): name("/CIDFontType2"),
            name("/BaseFont"): called,
            name("/CIDSystemInfo"): generic.DictionaryObject(
                {
                    name("/Registry"): generic.pdf_string("Adobe"),
                    name("/Ordering"): generic.pdf_string("Identity"),
                    name("/Supplement"): generic.NumberObject(0),
                }
            ),
            name("/CIDToGIDMap"): name("/Identity"),
            name("/W"): generic.ArrayObject([generic.NumberObject(0), _numbers(cut.widths)]),
            name("/FontDescriptor"): writer.add_object(descriptor),
        }
    )
    meaning = generic.StreamObject(stream_data=_meaning(cut))
    meaning.compress()
    outer = generic.DictionaryObject(
        {
            name("/Type"): name("/Font"),
            name("/Subtype"): name("/Type0"),
            name("/BaseFont"): called,
            name("/Encoding"): name("/Identity-H"),
            name("/DescendantFonts"): generic.ArrayObject([writer.add_object(inner)]),
            name("/ToUnicode"): writer.add_object(meaning),
        }
    )
    return writer.add_object(outer)


def _numbers(values: tuple[int, ...]) -> generic.ArrayObject:
    return generic.ArrayObject([generic.NumberObject(value) for value in values])


def _meaning(cut: face.Cut) -> bytes:
    """Return the map from glyph to letter, so that the stamp can be searched and copied."""
    pairs = [
        f"<{glyph:04x}> <{sign.encode('utf-16-be').hex()}>" for sign, glyph in cut.glyphs.items()
    ]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    mapped = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{mapped}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")
