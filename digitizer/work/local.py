"""What the local lane does: read an image, OCR it, bundle a paper. Each by a child program.

Programs get file names and give JSON; their results become blobs and rows here. Knows no lane.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from digitizer import ballast, programs
from digitizer.boxes import Box, text_of
from digitizer.config import Home
from digitizer.dossiers import Dossiers
from digitizer.errors import (
    DigitizerError,
    DiskFull,
    ProgramCrashed,
    Remedy,
    Stopped,
    from_os,
)
from digitizer.events import Events
from digitizer.model import Bundle, Dossier, Page, Paper, Reading, Signature, Signed, Words
from digitizer.pages import headings
from digitizer.pagetext import PageText
from digitizer.plan import WorkKind, of_ocr_subject
from digitizer.readings import LOOKED
from digitizer.secrecy import UNREAD, Mark
from digitizer.storage import bundles, changes, queries, texts
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault
from digitizer.work.queue import LOCAL_ATTEMPTS, Claim
from digitizer.work.reader import Reader

log = logging.getLogger(__name__)

_READ_SECONDS = 120.0
_OCR_SECONDS = 240.0
_BUNDLE_SECONDS = 120.0
_CHECK_SECONDS = 120.0
_BUNDLE_SECONDS_A_PAGE = 10.0
_OWN_ROOM, _READER_ROOM = 32 << 20, 96 << 20
"""Bytes that a program writes beside; that the one which stays needs for any page."""
_COPIES = 3
"""Of its pages' bytes, while a bundle is made: what it reads, a draft, and what comes of it."""


class LocalWork:
    """The local lane's runner for one home."""

    def __init__(
        self, home: Home, store: Store, vault: Vault, events: Events, dossiers: Dossiers
    ) -> None:
        self._dossiers = dossiers
        self._home = home
        self._store = store
        self._vault = vault
        self._events = events
        self._own = threading.local()

    def rest(self) -> None:
        """End the program that reads pages for the thread that asks; the next page starts it anew.
        A ``lane`` says when."""
        reader: Reader | None = getattr(self._own, "reader", None)
        if reader is not None:
            reader.close()
            self._own.reader = None

    def run(self, claim: Claim, stop: threading.Event) -> None:
        """Do one piece of work and commit its facts; a ``lane.Runner``."""
        do: dict[WorkKind, Callable[[Claim, threading.Event], None]] = {
            WorkKind.READ: self._read,
            WorkKind.OCR: self._ocr,
            WorkKind.LOOK: self._look,
            WorkKind.BUNDLE: self._bundle,
        }
        try:
            if ballast.free(self._home) < ballast.FLOOR:
                raise DiskFull("what is left is for receipts")
            do[claim.kind](claim, stop)
        except OSError as error:
            raise from_os(error) from error

    def _read(self, claim: Claim, stop: threading.Event) -> None:
        sha256 = claim.subject
        if queries.reading(self._store, sha256) is not None:
            return
        if claim.attempts == 1:
            self._read_whole(sha256, stop)
        else:  # what failed before may have been its OCR, which must not hold the reading back
            with self._scratch(self._vault.size(sha256)) as folder:
                answer = programs.run_module(
                    "digitizer.pages.reading",
                    str(self._vault.readable(sha256, folder)),
                    timeout=_READ_SECONDS,
                    stop=stop,
                    scratch=folder,
                )
            self._dossiers.note_reading(sha256, replace(_reading(answer), looked=0))

    def _read_whole(self, sha256: str, stop: threading.Event) -> None:
        """Read an image and OCR it at the turn found, in one program that decodes it once and
        stays for the next page: starting it costs a fifth of a page."""
        with self._reader().read(sha256, _READ_SECONDS + _OCR_SECONDS, stop) as (answer, prefix):
            try:
                (page,) = answer["pages"]
                reading, words = _reading(page["reading"]), page["words"]
                marks = _marks(page)
            except (KeyError, TypeError, ValueError) as error:
                raise ProgramCrashed("whole: answer of another shape") from error
            looked = marks is not None
            found = self._keep(prefix, words, looked=looked) if words is not None else None
        if marks is None:  # whoever reads it goes on; it is looked at by itself
            reading = replace(reading, looked=0)
        if found is None:
            self._dossiers.note_reading(sha256, reading, marks=marks or ())
        else:
            self._dossiers.note_reading(sha256, reading, *found, marks or ())

    def _reader(self) -> Reader:
        """Return the program that reads pages for this thread."""
        reader: Reader | None = getattr(self._own, "reader", None)
        if reader is None:
            place = self._vault.scratch.place(_READER_ROOM)
            reader = self._own.reader = Reader(place / changes.new_id(), self._vault)
        return reader

    def _ocr(self, claim: Claim, stop: threading.Event) -> None:
        sha256, turn, box = of_ocr_subject(claim.subject)
        reading = queries.reading(self._store, sha256)
        if reading is None:
            return
        said: PageText | None
        lines: tuple[str, ...]
        marks: tuple[Mark, ...] = ()
        try:
            words, lines, said, marks = self._words(sha256, turn, reading.skew, box, stop)
        except Stopped:
            raise
        except DigitizerError as error:
            if not _lasts(claim, error):
                raise
            log.warning("no text for a page: %s", error.code)
            words, lines, said = Words("", "", 0, 0.0, error.code, looked=0), (), None
        self._dossiers.note_words(sha256, turn, box, words, lines, said, marks)

    def _look(self, claim: Claim, stop: threading.Event) -> None:
        """Look for markings of state secrets on what was read before. An image that no program
        gets through has to be looked at by a person."""
        sha256, turn, box = of_ocr_subject(claim.subject)
        reading = queries.reading(self._store, sha256)
        if reading is None:
            return
        words = texts.words_of(self._store, sha256, turn, box)
        try:
            with self._scratch(self._vault.size(sha256)) as folder:
                answer = programs.run_module(
                    "digitizer.pages.secretlook",
                    str(self._vault.readable(sha256, folder)),
                    str(turn),
                    repr(reading.skew),
                    text_of(box),
                    str(self._vault.readable(words, folder)) if words else "",
                    timeout=_OCR_SECONDS,
                    stop=stop,
                    scratch=folder,
                )
            marks = _marks(answer) or ()
            if not words and not reading.blank:
                marks = (*marks, UNREAD)
        except Stopped:
            raise
        except DigitizerError as error:
            if not _lasts(claim, error):
                raise
            log.warning("no look at a page: %s", error.code)
            marks = (UNREAD,)
        self._dossiers.note_look(sha256, turn, box, marks)

    def _words(
        self, sha256: str, turn: int, skew: float, box: Box | None, stop: threading.Event
    ) -> tuple[Words, tuple[str, ...], PageText, tuple[Mark, ...]]:
        with self._scratch(self._vault.size(sha256)) as folder:
            prefix = folder / "words"
            answer = programs.run_module(
                "digitizer.pages.ocr",
                str(self._vault.readable(sha256, folder)),
                str(turn),
                repr(skew),
                str(prefix),
                text_of(box),
                timeout=_OCR_SECONDS,
                stop=stop,
                scratch=folder,
            )
            marks = _marks(answer)
            return (*self._keep(prefix, answer, looked=marks is not None), marks or ())

    def _keep(
        self, prefix: Path, answer: dict[str, Any], *, looked: bool
    ) -> tuple[Words, tuple[str, ...], PageText]:
        """Keep what OCR wrote; return it with the lines that may be the page's title, and what it
        says. ``looked``: markings of state secrets were looked for."""
        table, layer = prefix.with_suffix(".tsv"), prefix.with_suffix(".pdf")
        for made in (table, layer):
            if made.is_symlink() or not made.is_file():
                raise ProgramCrashed("ocr: no plain file")
        try:
            count, sure = int(answer["words"]), float(answer["confidence"])
            said = PageText.from_json(answer["said"])
        except (KeyError, TypeError, ValueError) as error:
            raise ProgramCrashed("ocr: answer of another shape") from error
        lines = headings.of_table(table)
        tsv, pdf = self._vault.keep(table), self._vault.keep(layer)
        words = Words(tsv.sha256, pdf.sha256, count, sure, looked=LOOKED if looked else 0)
        return words, lines, said

    def _bundle(self, claim: Claim, stop: threading.Event) -> None:
        dossier = queries.dossier(self._store, claim.dossier_id)
        paper = (
            next((p for p in dossier.papers if p.id == claim.subject), None) if dossier else None
        )
        if dossier is None or paper is None or dossier.fingerprint(paper) != claim.version:
            return  # the facts moved on; the plan did too
        if paper.original:
            self._attach(dossier, paper, claim.version, stop)
            return
        room = _COPIES * sum(self._vault.size(page.sha256) for page in paper.live_pages)
        with self._scratch(room) as folder:
            out = folder / "bundle.pdf"
            request = folder / "request.json"
            request.write_text(
                json.dumps(self.request(dossier, paper, out), ensure_ascii=False), encoding="utf-8"
            )
            answer = programs.run_module(
                "digitizer.bundle",
                str(request),
                timeout=_BUNDLE_SECONDS + _BUNDLE_SECONDS_A_PAGE * len(paper.live_pages),
                stop=stop,
                scratch=folder,
            )
            blob = self._vault.adopt(out)
            made = Bundle(
                claim.version, blob.sha256, int(answer["pages"]), blob.bytes, datetime.now(UTC)
            )
            with self._store.transaction() as tx:
                bundles.put_bundle(tx, paper.id, made)
        self._events.publish(dossier.id)

    def _attach(self, dossier: Dossier, paper: Paper, version: str, stop: threading.Event) -> None:
        """Take the signed PDF that a paper is for its bundle, as it is; look at its signatures."""
        sha256 = paper.original
        size = self._vault.size(sha256)
        with self._scratch(size) as folder:
            path = self._vault.readable(sha256, folder)
            found = programs.run_module(
                "digitizer.pages.signatures",
                str(path),
                str(self._home.trust),
                timeout=_CHECK_SECONDS,
                stop=stop,
                scratch=folder,
            )
            checked = programs.run_module(
                "digitizer.bundle.check",
                str(path),
                timeout=_CHECK_SECONDS,
                stop=stop,
                scratch=folder,
            )
        listed = tuple(Signature.from_json(one) for one in found["signatures"])
        made = Bundle(version, sha256, len(paper.live_pages), size, datetime.now(UTC))
        with self._store.transaction() as tx:
            changes.put_signed(tx, sha256, Signed(listed, bool(checked["pdfa"])))
            bundles.put_bundle(tx, paper.id, made)
        self._events.publish(dossier.id)

    def request(self, dossier: Dossier, paper: Paper, out: Path) -> dict[str, object]:
        """Return what the bundle program is asked for a settled paper; what it reads may lie beside
        ``out``."""
        return {
            "out": str(out),
            "title": paper.title,
            "code": dossier.name,
            "procedure": dossier.procedure_name or dossier.procedure_code,
            "style": dossier.style.value,
            "pages": [self._page_request(page, out.parent) for page in paper.live_pages],
        }

    def _page_request(self, page: Page, folder: Path) -> dict[str, object]:
        reading = page.reading
        assert reading is not None  # noqa: S101 - a settled paper has no unread page
        words = page.words
        layer = words.pdf if words else ""
        return {
            "image": str(self._vault.readable(page.sha256, folder)),
            "turn": page.full_turn,
            "skew": reading.skew,
            "width": reading.width,
            "height": reading.height,
            "dpi_x": reading.dpi_x,
            "dpi_y": reading.dpi_y,
            "box": text_of(page.box),
            "text_pdf": str(self._vault.readable(layer, folder)) if layer else None,
        }

    def _scratch(self, room: int) -> AbstractContextManager[Path]:
        """Give a folder for what a program reads, of so many bytes, and what it writes."""
        return self._vault.scratch.folder(room + _OWN_ROOM)


def _reading(answer: Any) -> Reading:
    try:
        return Reading.from_json(answer)
    except (KeyError, TypeError, ValueError) as error:
        raise ProgramCrashed("reading: answer of another shape") from error


def _lasts(claim: Claim, error: DigitizerError) -> bool:
    """Tell whether a page's trouble is its own and there to stay: it goes on without."""
    tired = error.remedy is Remedy.NEVER or claim.attempts >= LOCAL_ATTEMPTS
    return tired and not error.pauses_lane


def _marks(answer: Any) -> tuple[Mark, ...] | None:
    """Return the markings that a program says it found, None where it could not look."""
    try:
        found = answer["marks"]
        return None if found is None else tuple(Mark.from_json(one) for one in found)
    except (KeyError, TypeError, ValueError) as error:
        raise ProgramCrashed("marks: answer of another shape") from error
