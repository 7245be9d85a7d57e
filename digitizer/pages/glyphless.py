"""A PDF page of invisible text, set in a font without glyphs.

Called by OCR, and by ``pages.ownwords`` for words that a page brought along. The same build as
Tesseract's text-only PDF, which would cost more to ask for than to write: a two-byte font
``/f-0-0`` whose codes are UTF-16, so that ``bundle.textlayer`` takes either. Each word is
stretched over its box, so that what a reader selects lies on what the image shows.
"""

from __future__ import annotations

import statistics
import struct
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from msgspec import Struct
from pikepdf import Dictionary, Name

_FONT = "/f-0-0"
_UNITS, _ADVANCE = 1000, 500
_MADE = 3_800_000_000
"""Seconds since 1904; some moment, always the same."""
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class Placed(Struct, frozen=True):
    """A word and its box, in pixels of the page from the top left."""

    text: str
    left: float
    top: float
    width: float
    height: float


def write(pdf: Path, lines: Sequence[Sequence[Placed]], size: tuple[int, int], dpi: float) -> None:
    """Write one page of ``size`` pixels at ``dpi`` with ``lines`` of words on it, unseen."""
    scale = 72.0 / dpi
    points = (size[0] * scale, size[1] * scale)
    with pikepdf.new() as document:
        document.add_blank_page(page_size=points)
        page = document.pages[0]
        page.Contents = document.make_stream(_operators(lines, scale, points[1]))
        page.obj.Resources = Dictionary({"/Font": Dictionary({_FONT: _font(document)})})
        document.save(pdf, deterministic_id=True)


def _operators(lines: Sequence[Sequence[Placed]], scale: float, height: float) -> bytes:
    """Return the page's operators; text mode 3 is invisible."""
    out = ["BT 3 Tr"]
    for line in lines:
        bottom = statistics.median(word.top + word.height for word in line)
        size = max(1.0, statistics.median(word.height for word in line) * scale)
        for number, word in enumerate(line, start=1):
            # The space to the next word belongs to this one: else words are copied without any.
            text = word.text + (" " if number < len(line) else "")
            units = len(word.text.encode("utf-16-be")) // 2
            stretch = 100.0 * max(1, word.width) * scale / (units * _ADVANCE / _UNITS * size)
            out.append(
                f"1 0 0 1 {word.left * scale:.2f} {height - bottom * scale:.2f} Tm "
                f"{_FONT} {size:.2f} Tf {stretch:.2f} Tz <{text.encode('utf-16-be').hex()}> Tj"
            )
    out.append("ET")
    return "\n".join(out).encode("ascii")


def _font(document: pikepdf.Pdf) -> pikepdf.Object:
    program = _program()
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.GlyphLessFont,
        FontFile2=document.make_stream(program, Length1=len(program)),
        FontBBox=[0, 0, _ADVANCE, _UNITS],
        Ascent=_UNITS,
        CapHeight=_UNITS,
        Descent=-1,
        Flags=5,
        ItalicAngle=0,
        StemV=80,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.GlyphLessFont,
        CIDToGIDMap=document.make_stream(b"\0\1" * 0x10000),
        CIDSystemInfo=Dictionary(
            Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
        ),
        DW=_ADVANCE,
        FontDescriptor=document.make_indirect(descriptor),
    )
    return document.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.GlyphLessFont,
            Encoding=Name("/Identity-H"),
            DescendantFonts=[document.make_indirect(descendant)],
            ToUnicode=document.make_stream(_TO_UNICODE),
        )
    )


def _program() -> bytes:
    """Return a TrueType font of two empty glyphs, each half its size wide."""
    dates = struct.pack(">qq", _MADE, _MADE)
    tables = {
        b"glyf": b"",
        b"head": struct.pack(">IIIIHH", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _UNITS)
        + dates
        + struct.pack(">4h2H3h", 0, 0, _ADVANCE, _UNITS, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, _UNITS, -1, 0, _ADVANCE, *[0] * 11, 1),
        b"hmtx": struct.pack(">Hhh", _ADVANCE, 0, 0),
        b"loca": struct.pack(">3H", 0, 0, 0),
        b"maxp": struct.pack(">I14H", 0x10000, 2, 0, 0, 0, 0, 1, *[0] * 8),
    }
    count = len(tables)
    out = struct.pack(">I4H", 0x10000, count, 64, 2, count * 16 - 64)
    body, place = b"", 12 + 16 * count
    for name, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        out += struct.pack(">4sIII", name, total, place, len(table))
        body += padded
        place += len(padded)
    return out + body
