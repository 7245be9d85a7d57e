"""Writes pages to a plain PDF, one after the other, never holding more than one.

Called by ``bundle.making``. pikepdf would keep every image in memory until it saves; this file
lets it read them from disk instead, so that 300 pages need no more memory than 30. The result
has no metadata: pikepdf adds it and has the last word on the structure.
"""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path
from typing import IO

from msgspec import Struct

from digitizer.bundle import picture, placement
from digitizer.bundle.request import BundlePage, Style

_CATALOG, _PAGES = 1, 2


class PageText(Struct, frozen=True):
    """A page's invisible text: content stream operators, and the size of the page they are for
    (points)."""

    operators: bytes
    across: float
    down: float


class ContainerWriter:
    """Appends pages to an open file; ``finish`` completes it."""

    def __init__(self, out: IO[bytes], scratch_folder: Path) -> None:
        self._out = out
        self._scratch_folder = scratch_folder
        self._offsets: dict[int, int] = {}
        self._kids: list[int] = []
        self._next = _PAGES + 1
        out.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, page: BundlePage, style: Style, text: PageText | None) -> None:
        """Append one page: its image as ``/Image``, in the compact style its ink as stencils
        ``/Stencil1`` … upon it, its text under the font ``/f-0-0``."""
        drawn, resources = self._images(page, style)
        across, down = page.points
        matrix = placement.numbers(*placement.image_matrix(page))
        content = f"q {matrix} cm {' '.join(drawn)} Q\n".encode()
        if text is not None:
            scale = placement.numbers(across / text.across, 0, 0, down / text.down, 0, 0)
            content += b"q " + scale.encode() + b" cm\n" + text.operators + b"\nQ\n"
        packed = zlib.compress(content, 9)
        body = self._begin(f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n")
        self._out.write(packed)
        self._end("\nendstream")
        self._kids.append(
            self._object(
                f"<< /Type /Page /Parent {_PAGES} 0 R "
                f"/MediaBox [0 0 {placement.numbers(across, down)}] /Contents {body} 0 R "
                f"/Resources << /XObject << {' '.join(resources)} >> >> >>"
            )
        )

    def finish(self) -> None:
        """Write the page tree and the table of objects."""
        kids = " ".join(f"{kid} 0 R" for kid in self._kids)
        self._object(f"<< /Type /Pages /Count {len(self._kids)} /Kids [{kids}] >>", _PAGES)
        self._object(f"<< /Type /Catalog /Pages {_PAGES} 0 R >>", _CATALOG)
        start = self._out.tell()
        lines = [f"{self._offsets[number]:010d} 00000 n \n" for number in range(1, self._next)]
        self._out.write(
            f"xref\n0 {self._next}\n0000000000 65535 f \n{''.join(lines)}"
            f"trailer\n<< /Size {self._next} /Root {_CATALOG} 0 R >>\n"
            f"startxref\n{start}\n%%EOF\n".encode()
        )

    def _images(self, page: BundlePage, style: Style) -> tuple[list[str], list[str]]:
        """Write the page's images; return the operators that draw them, and their names."""
        drawn, resources = [], []
        with (
            tempfile.TemporaryDirectory(dir=self._scratch_folder) as scratch,
            picture.pictures(page, style, Path(scratch)) as made,
        ):
            for number, each in enumerate(made):
                name = f"/Stencil{number}" if number else "/Image"
                paint = f"{_colour(each.paint)} " if each.paint else ""
                drawn.append(f"{paint}{name} Do")
                resources.append(f"{name} {self._image(each)} 0 R")
        return drawn, resources

    def _image(self, made: picture.Picture) -> int:
        parameters = f" /DecodeParms {made.parameters}" if made.parameters else ""
        if made.paint is not None:
            kind = "/ImageMask true"
        else:
            kind = f"/ColorSpace {'/DeviceGray' if made.grey else '/DeviceRGB'}"
        number = self._begin(
            f"<< /Type /XObject /Subtype /Image /Width {made.width} /Height {made.height} "
            f"{kind} /BitsPerComponent {made.bits} "
            f"/Filter {made.filter}{parameters} /Length {made.length} >>\nstream\n"
        )
        picture.copy(made, self._out)
        self._end("\nendstream")
        return number

    def _object(self, body: str, number: int | None = None) -> int:
        given = self._begin(body, number)
        self._end("")
        return given

    def _begin(self, body: str, number: int | None = None) -> int:
        if number is None:
            number = self._next
            self._next += 1
        self._offsets[number] = self._out.tell()
        self._out.write(f"{number} 0 obj\n{body}".encode())
        return number

    def _end(self, tail: str) -> None:
        self._out.write(f"{tail}\nendobj\n".encode())


def _colour(paint: tuple[int, ...]) -> str:
    """Return the operator that sets what stencils are painted with; 0 to 255 in."""
    levels = placement.numbers(*(level / 255 for level in paint))
    return f"{levels} {'g' if len(paint) == 1 else 'rg'}"
