"""``inspect``: what the pages of some files are and say, without a store.

Called by the command line. Every page runs in a child program; nothing stays on the disk.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer import programs
from digitizer.boxes import Box
from digitizer.model import BlankReason, Code, Signature
from digitizer.pages.stream import Progress, WorkedPage, worked
from digitizer.pagetext import PageText
from digitizer.secrecy import Mark

_CHECK_SECONDS = 120.0


class Inspection(Struct, frozen=True):
    """One page.

    Attributes:
        file: The file as it was given.
        page: 1, 2, 3 … within it.
        width, height: Pixels as stored.
        dpi: Dots per inch across.
        blank: True where nobody put anything on this side.
        ink: Inked fraction, 0 to 1.
        blank_reason: Why it is blank, or None.
        turn: 0, 90, 180 or 270: degrees clockwise to be upright.
        turn_confidence: How sure that is, 0 to 1; below 0.5 nothing is turned.
        skew: Further degrees clockwise to be level.
        crop: Where the paper lies in the image (``digitizer.boxes``), or None.
        crop_sure: Whether it is cropped to that without asking.
        codes: From top to bottom.
        said: Its text as mended and as read, in NFC, the changes and key fields; empty for a blank
            page.
        failed: The error's code where its words could not be read; empty elsewhere.
        confidence: Mean confidence of the words, 0 to 100.
        seconds: Wall-clock time of its program.
        signatures: Of the signed PDF that it is a page of.
        marks: Markings of state secrets on it; None where nobody could look.
    """

    file: Path
    page: int
    width: int
    height: int
    dpi: float
    blank: bool
    blank_reason: BlankReason | None
    ink: float
    turn: int
    turn_confidence: float
    skew: float
    crop: Box | None
    crop_sure: bool
    codes: tuple[Code, ...]
    said: PageText
    failed: str
    confidence: float
    seconds: float
    signatures: tuple[Signature, ...] = ()
    marks: tuple[Mark, ...] | None = ()

    def to_json(self) -> dict[str, Any]:
        """Return the page as the command line's JSON."""
        return {
            "file": str(self.file),
            "page": self.page,
            "width": self.width,
            "height": self.height,
            "dpi": self.dpi,
            "blank": self.blank,
            "blank_reason": self.blank_reason,
            "ink": self.ink,
            "turn": self.turn,
            "turn_confidence": self.turn_confidence,
            "skew": self.skew,
            "crop": self.crop.to_json() if self.crop else None,
            "crop_sure": self.crop_sure,
            "codes": [{"format": code.format, "text": code.text} for code in self.codes],
            "text": self.said.text,
            "text_error": self.failed or None,
            "raw_text": self.said.raw,
            "changes": [change.to_json() for change in self.said.changes],
            "fields": [field.to_json() for field in self.said.fields],
            "confidence": self.confidence,
            "seconds": self.seconds,
            "signatures": [signature.to_json() for signature in self.signatures],
            "secret": None if self.marks is None else [one.to_json() for one in self.marks],
        }


def inspect(
    files: Sequence[Path],
    *,
    jobs: int | None = None,
    stop: threading.Event | None = None,
    progress: Progress | None = None,
    trusted: Path | None = None,
) -> Iterator[Inspection]:
    """Yield every page of ``files`` in order as soon as it is known.

    ``trusted``: a folder of certificates of issuers whose signatures are trusted.

    Raises:
        Stopped: ``stop`` was set.
        FileMissing, FileEmpty, FileUnreadable, FileLocked, ImageTooLarge: from a file.
        ToolMissing, ProgramTimeout, ProgramCrashed: from a program.
    """
    with tempfile.TemporaryDirectory(prefix="digitizer-inspect-") as scratch:
        pages = worked(files, Path(scratch), jobs=jobs, stop=stop, progress=progress)
        with closing(pages):  # type: ignore[type-var]
            signatures: dict[Path, tuple[Signature, ...]] = {}
            for page in pages:
                if page.original is not None and page.original not in signatures:
                    signatures[page.original] = _signatures(page.original, trusted, stop)
                yield _inspection(page, signatures[page.original] if page.original else ())
                page.image.unlink(missing_ok=True)


def _signatures(
    file: Path, trusted: Path | None, stop: threading.Event | None
) -> tuple[Signature, ...]:
    answer = programs.run_module(
        "digitizer.pages.signatures",
        str(file),
        *([str(trusted)] if trusted else []),
        timeout=_CHECK_SECONDS,
        stop=stop,
    )
    return tuple(Signature.from_json(one) for one in answer["signatures"])


def _inspection(page: WorkedPage, signatures: tuple[Signature, ...]) -> Inspection:
    found, words = page.whole.reading, page.whole.words
    return Inspection(
        file=page.file,
        page=page.page,
        width=found.width,
        height=found.height,
        dpi=found.dpi_x,
        blank=found.blank,
        blank_reason=found.blank_reason,
        ink=found.ink,
        turn=found.turn,
        turn_confidence=found.turn_confidence,
        skew=found.skew,
        crop=found.crop,
        crop_sure=found.crop_sure,
        codes=found.codes,
        said=words.said if words else PageText(),
        failed=page.whole.failed,
        confidence=words.confidence if words else 0.0,
        seconds=page.whole.seconds,
        signatures=signatures,
        marks=page.whole.marks,
    )
