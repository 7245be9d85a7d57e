"""What a look at one page image found.

Made by the reading program and by ``digitizer.storage.queries``, part of the model. PURE: no file,
no database. A new fact needs its attribute here, its column and its two lines in
``storage.changes`` and ``storage.queries``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from msgspec import Struct

from digitizer.boxes import Box, Canvas, text_of

LOOKED = 3
"""The look for markings of state secrets that the programs of this version take, as facts name it.
Raise it when a look would find more than before: pages that nobody has decided about are looked
at again (decision 23)."""


class BlankReason(StrEnum):
    """Why a side was taken for blank: what little is on it that nobody put there."""

    EMPTY = "empty"  # bare paper
    SPECKS = "specks"  # dust and grain
    STREAKS = "streaks"  # dirt on the feeder's glass
    HOLES = "holes"  # punched or stapled
    EDGES = "edges"  # shadows of the paper's edge, a dark lid
    BLEED_THROUGH = "bleed-through"  # the other side shines through


class Code(Struct, frozen=True):
    """One decoded bar code. ``format`` as zxing-cpp names it (``QRCode``, ``Code128`` …)."""

    format: str
    text: str


class Reading(Struct, frozen=True):
    """What a look at one page image found. Belongs to the image, not to the page.

    Attributes:
        width, height: Pixels of the image as stored.
        dpi_x, dpi_y: Dots per inch, from the file or guessed.
        blank: Nothing but paper. Marks; never deletes.
        ink: Fraction of the page that is not paper, 0–1.
        turn: 0, 90, 180 or 270 degrees clockwise that make it upright.
        skew: Further degrees clockwise that make it level.
        codes: Every bar code, in reading order.
        look: How it looks from afar (``digitizer.looks``), as the program found it; facts read
            from the store leave it out, for it is long and seldom asked for.
        blank_reason: Why it is blank; None where it is not, or an older version read it.
        turn_confidence: How sure ``turn`` is, 0–1; below 0.5 the page was left as it came. 0
            where nothing told, or an older version read it.
        crop: Where the paper lies in the image (``digitizer.boxes``); None where it is the whole
            image, or could not be found.
        crop_sure: Whether that is sure enough to go by without asking.
        looked: Which look for markings of state secrets was taken at it (``LOOKED``); 0: none.
    """

    width: int
    height: int
    dpi_x: float
    dpi_y: float
    blank: bool
    ink: float
    turn: int
    skew: float
    codes: tuple[Code, ...] = ()
    look: str = ""
    blank_reason: BlankReason | None = None
    turn_confidence: float = 0.0
    crop: Box | None = None
    crop_sure: bool = False
    looked: int = LOOKED

    @property
    def canvas(self) -> Canvas:
        """The image as stored."""
        return Canvas(self.width, self.height, self.dpi_x, self.dpi_y)

    @property
    def own_box(self) -> Box | None:
        """The box to go by where nobody says otherwise; None: the whole image."""
        return self.crop if self.crop_sure else None

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object, as the reading program prints it."""
        return {
            "width": self.width,
            "height": self.height,
            "dpi_x": self.dpi_x,
            "dpi_y": self.dpi_y,
            "blank": self.blank,
            "ink": self.ink,
            "turn": self.turn,
            "skew": self.skew,
            "codes": [{"format": code.format, "text": code.text} for code in self.codes],
            "look": self.look,
            "blank_reason": self.blank_reason,
            "turn_confidence": self.turn_confidence,
            "crop": text_of(self.crop),
            "crop_sure": self.crop_sure,
            "looked": self.looked,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """Parse what ``to_json`` made. Raises ``KeyError``, ``TypeError``, ``ValueError``."""
        return cls(
            width=int(value["width"]),
            height=int(value["height"]),
            dpi_x=float(value["dpi_x"]),
            dpi_y=float(value["dpi_y"]),
            blank=bool(value["blank"]),
            ink=float(value["ink"]),
            turn=int(value["turn"]),
            skew=float(value["skew"]),
            codes=tuple(Code(code["format"], code["text"]) for code in value["codes"]),
            look=str(value["look"]),
            blank_reason=BlankReason(reason) if (reason := value["blank_reason"]) else None,
            turn_confidence=float(value["turn_confidence"]),
            crop=Box.parse(str(value["crop"])),
            crop_sure=bool(value["crop_sure"]),
            looked=int(value["looked"]),
        )


class Words(Struct, frozen=True):
    """What OCR read on one image at one turn and in one box.

    ``tsv`` and ``pdf`` are hashes of blobs (Tesseract's word table and text-only PDF);
    ``failed`` holds an error code instead where OCR gave up: the page is bundled without text.
    ``looked``: as in ``Reading``.
    """

    tsv: str
    pdf: str
    count: int
    confidence: float
    failed: str = ""
    looked: int = LOOKED
