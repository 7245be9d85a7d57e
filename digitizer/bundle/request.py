"""What a bundle is made of: the request that the bundle program reads from a JSON file.

PURE. Written by the local lane and by ``bundle.files``, read by ``bundle.__main__``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer.boxes import Box, text_of
from digitizer.model import Style as Style

LEAST_POINTS = 3.0
"""The shortest side that PDF/A allows a page (ISO 19005-2, 6.1.13), in points."""


def is_padded(size_mm: tuple[float, float]) -> bool:
    """Tell whether a page of this size gets white around it, to be as large as a page must be."""
    return min(size_mm) / 25.4 * 72.0 < LEAST_POINTS


class BundlePage(Struct, frozen=True):
    """One page of a bundle.

    Attributes:
        image: The page image, one page to a file.
        turn: 0, 90, 180 or 270: degrees clockwise to be upright.
        skew: Further degrees clockwise to be level.
        width, height: Pixels of the image as stored.
        dpi_x, dpi_y: Its dots per inch as stored.
        text_pdf: OCR's page of invisible text for this very turn, skew and box, or None.
        box: The part of the level image that is the page (``digitizer.boxes``); None: all of it.
    """

    image: Path
    turn: int
    skew: float
    width: int
    height: int
    dpi_x: float
    dpi_y: float
    text_pdf: Path | None = None
    box: Box | None = None

    @property
    def points(self) -> tuple[float, float]:
        """Width and height of the upright page in points: its true size on paper, or the least
        that PDF/A allows: then there is white around the image."""
        width, height = (self.box.width, self.box.height) if self.box else (self.width, self.height)
        across = max(LEAST_POINTS, round(width * 72.0 / self.dpi_x, 3))
        down = max(LEAST_POINTS, round(height * 72.0 / self.dpi_y, 3))
        return (across, down) if self.turn in (0, 180) else (down, across)


class BundleRequest(Struct, frozen=True):
    """One bundle to make.

    Attributes:
        out: The PDF to write; appears whole and valid or not at all.
        pages: In order; at least one.
        title: The paper's name.
        code: Mã hồ sơ, or empty.
        procedure: The procedure's name, or empty.
        style: How images go in.
        created: When its pages were captured, aware; goes into the metadata, so that the same
            request makes the same bytes. None leaves dates out.
    """

    out: Path
    pages: tuple[BundlePage, ...]
    title: str
    code: str = ""
    procedure: str = ""
    style: Style = Style.FAITHFUL
    created: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "out": str(self.out),
            "pages": [
                {
                    "image": str(page.image),
                    "turn": page.turn,
                    "skew": page.skew,
                    "width": page.width,
                    "height": page.height,
                    "dpi_x": page.dpi_x,
                    "dpi_y": page.dpi_y,
                    "text_pdf": str(page.text_pdf) if page.text_pdf else None,
                    "box": text_of(page.box),
                }
                for page in self.pages
            ],
            "title": self.title,
            "code": self.code,
            "procedure": self.procedure,
            "style": self.style.value,
            "created": self.created.isoformat() if self.created else None,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> BundleRequest:
        """Return the request that ``to_json`` wrote."""
        return cls(
            out=Path(value["out"]),
            pages=tuple(
                BundlePage(
                    image=Path(page["image"]),
                    turn=int(page["turn"]),
                    skew=float(page["skew"]),
                    width=int(page["width"]),
                    height=int(page["height"]),
                    dpi_x=float(page["dpi_x"]),
                    dpi_y=float(page["dpi_y"]),
                    text_pdf=Path(page["text_pdf"]) if page.get("text_pdf") else None,
                    box=Box.parse(str(page.get("box", ""))),
                )
                for page in value["pages"]
            ),
            title=str(value["title"]),
            code=str(value.get("code", "")),
            procedure=str(value.get("procedure", "")),
            style=Style(value.get("style", Style.FAITHFUL)),
            created=datetime.fromisoformat(value["created"]) if value.get("created") else None,
        )


class BundleMade(Struct, frozen=True):
    """What was written: ``sha256`` in lower-case hex, ``bytes`` its size."""

    out: Path
    pages: int
    bytes: int
    sha256: str
    pdfa: bool
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "out": str(self.out),
            "pages": self.pages,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "pdfa": self.pdfa,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> BundleMade:
        """Return what ``to_json`` wrote."""
        return cls(
            out=Path(value["out"]),
            pages=int(value["pages"]),
            bytes=int(value["bytes"]),
            sha256=str(value["sha256"]),
            pdfa=bool(value["pdfa"]),
            seconds=float(value["seconds"]),
        )
