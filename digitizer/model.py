"""The nouns: facts about dossiers as frozen values; every state is derived from them.

Made by ``digitizer.storage.queries``, read by everything above. PURE: no file, no database.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from digitizer.boxes import Box, Canvas, Cropping, text_of
from digitizer.identifiers import local_code

FINGERPRINT_VERSION = 1
"""Raise it when bundles made from the same facts would come out differently."""

OTHER_PART = "TP99"
"""The component code of *giấy tờ khác* (domain facts §4): where pages without a paper go."""
OTHER_TITLE = "Giấy tờ khác"


class PaperKind(StrEnum):
    """What a paper is to its dossier (OpenCPS ``partType`` 1, 2, 3)."""

    COMPONENT = "component"
    RESULT = "result"
    OTHER = "other"


class PaperState(StrEnum):
    """Where a paper stands; derived, never stored."""

    MISSING = "missing"  # no page yet
    WORKING = "working"  # pages are being scanned, read or bundled
    READY = "ready"  # its bundle is made and valid
    SENT = "sent"  # the procedure system gave the same bytes back


class PlacedBy(StrEnum):
    """Who decided which paper a page belongs to. Routing never overrules the clerk."""

    BATCH = "batch"
    CODE = "code"
    CLERK = "clerk"


class BlankReason(StrEnum):
    """Why a side was taken for blank: what little is on it that nobody put there."""

    EMPTY = "empty"  # bare paper
    SPECKS = "specks"  # dust and grain
    STREAKS = "streaks"  # dirt on the feeder's glass
    HOLES = "holes"  # punched or stapled
    EDGES = "edges"  # shadows of the paper's edge, a dark lid
    BLEED_THROUGH = "bleed-through"  # the other side shines through


@dataclass(frozen=True, slots=True)
class Code:
    """One decoded bar code. ``format`` as zxing-cpp names it (``QRCode``, ``Code128`` …)."""

    format: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
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
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What OCR read on one image at one turn and in one box.

    ``tsv`` and ``pdf`` are hashes of blobs (Tesseract's word table and text-only PDF);
    ``failed`` holds an error code instead where OCR gave up: the page is bundled without text.
    """

    tsv: str
    pdf: str
    count: int
    confidence: float
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One captured side. The image never changes; ``turn`` is the clerk's, on top of the
    reading's, in degrees clockwise.

    ``batch_reason`` is how its batch ended (``scanning.EndReason``), empty while it runs; ``kept``
    tells that the clerk saw how much it looks like the page before it, and wants both. ``crop`` is
    what the clerk wants of the image. ``separator``: a side of a separator sheet; routing took it
    out (``deleted``). ``headings`` are the lines that may be its title, as OCR read them at its
    turn.
    """

    id: str
    batch_id: str
    batch_seq: int
    batch_open: bool
    batch_read: bool
    paper_id: str
    sha256: str
    turn: int
    placed_by: PlacedBy
    deleted: bool
    reading: Reading | None
    words: Words | None
    batch_reason: str = ""
    kept: bool = False
    crop: Box | Cropping = Cropping.AUTO
    separator: bool = False
    headings: tuple[str, ...] = ()

    @property
    def box(self) -> Box | None:
        """The part of the level image that is the page; None: all of it."""
        if isinstance(self.crop, Box):
            return self.crop
        if self.reading is None or self.crop is Cropping.WHOLE:
            return None
        return self.reading.own_box

    @property
    def full_turn(self) -> int | None:
        """Degrees clockwise that make the image upright, or None before it is read."""
        return None if self.reading is None else (self.reading.turn + self.turn) % 360

    @property
    def read(self) -> bool:
        """True once nothing about its image is left to find out."""
        if self.reading is None:
            return False
        return self.reading.blank or self.words is not None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A valid PDF/A-2b made of a paper's pages as ``fingerprint`` says. ``sha256`` is its blob."""

    fingerprint: str
    sha256: str
    pages: int
    bytes: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The procedure system's proof that it holds the bundle ``fingerprint`` byte for byte."""

    fingerprint: str
    sha256: str
    server: str
    ref: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """One component or result of a dossier, with its pages in order (deleted ones too).

    ``copy`` numbers the papers of one component from 1: each has a file of its own.
    """

    id: str
    part: str
    title: str
    kind: PaperKind
    required: bool
    multiple: bool
    file_template: str
    position: int
    pages: tuple[Page, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    copy: int = 1

    @property
    def name(self) -> str:
        """Its title, with its number where it is not the first of its component."""
        return self.title if self.copy == 1 else f"{self.title} ({self.copy})"

    @property
    def live_pages(self) -> tuple[Page, ...]:
        """The pages that count."""
        return tuple(page for page in self.pages if not page.deleted)

    @property
    def settled(self) -> bool:
        """True when no page can still come, move or change by itself."""
        pages = self.live_pages
        return bool(pages) and all(
            page.read and page.batch_read and not page.batch_open for page in pages
        )


@dataclass(frozen=True, slots=True)
class Dossier:
    """One citizen's case, with everything under it."""

    id: str
    code: str | None
    local_number: int | None
    procedure_code: str
    procedure_name: str
    holder: str
    server_ref: str
    template: str
    opened_at: datetime
    finished_at: datetime | None
    papers: tuple[Paper, ...] = ()

    @property
    def name(self) -> str:
        """Mã hồ sơ, or the local number of a dossier that has none yet."""
        return self.code if self.code is not None else local_code(self.local_number or 0)

    def paper(self, part: str, copy: int = 1) -> Paper | None:
        """Return the paper with this component code (and number), or None."""
        return next((p for p in self.papers if (p.part, p.copy) == (part, copy)), None)

    def paper_by_id(self, paper_id: str) -> Paper | None:
        """Return the paper with this id, or None."""
        return next((paper for paper in self.papers if paper.id == paper_id), None)

    def fingerprint(self, paper: Paper) -> str | None:
        """Return what the bundle of ``paper`` depends on, hashed; None until it is settled."""
        if not paper.settled:
            return None
        facts = [
            FINGERPRINT_VERSION,
            self.name,
            self.procedure_code,
            self.procedure_name,
            paper.title,
            [_bundled(page) for page in paper.live_pages],
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def bundle(self, paper: Paper) -> Bundle | None:
        """Return the bundle of the paper as it is now, or None."""
        fingerprint = self.fingerprint(paper)
        return next((b for b in paper.bundles if b.fingerprint == fingerprint), None)

    def receipt(self, paper: Paper, server: str | None = None) -> Receipt | None:
        """Return the newest receipt for the current bundle (from ``server``, if given)."""
        bundle = self.bundle(paper)
        if bundle is None:
            return None
        mine = [
            r
            for r in paper.receipts
            if r.sha256 == bundle.sha256 and (server is None or r.server == server)
        ]
        return max(mine, key=lambda r: r.at, default=None)

    def state(self, paper: Paper, server: str | None = None) -> PaperState:
        """Derive where ``paper`` stands with ``server`` (None: with any)."""
        if not paper.live_pages:
            return PaperState.MISSING
        if self.bundle(paper) is None:
            return PaperState.WORKING
        return PaperState.READY if self.receipt(paper, server) is None else PaperState.SENT

    def left_behind(self, paper: Paper, server: str | None = None) -> bool:
        """Tell whether ``server`` (None: any) still holds a paper none of whose pages is left.

        Nothing is deleted there by itself: somebody has to see to it.
        """
        return not paper.live_pages and any(server in (None, r.server) for r in paper.receipts)

    def counts_as_digitized(self, server: str | None = None) -> bool:
        """Whether it counts for index 766: a component file sent, and the result's where the
        procedure has one (QĐ 766/QĐ-TTg)."""

        def sent(kind: PaperKind) -> bool:
            return any(
                p.kind is kind and self.state(p, server) is PaperState.SENT for p in self.papers
            )

        has_result = any(p.kind is PaperKind.RESULT for p in self.papers)
        return sent(PaperKind.COMPONENT) and (sent(PaperKind.RESULT) or not has_result)


def _bundled(page: Page) -> list[str | int | None]:
    """Return what a bundle depends on of a page. A page that is not cropped says what it always
    said, so that bundles made before there were boxes stay good."""
    facts = [page.sha256, page.full_turn, page.words.pdf if page.words else None]
    return [*facts, page.box.text()] if page.box else facts
