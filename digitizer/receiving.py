"""Takes in dossiers that another desk wrote as folders (``exporting``), from a stick or a share.

Called by the command line and the window, off the UI thread. Each file is copied into the home and
proven before anything is made of it; it becomes pages by a batch of its own, beside which the file
itself is kept byte for byte: it stays that paper's bundle. The batch's id follows from the file,
so that what was taken, wholly or in part, is known again. Changes nothing on the stick; knows no
driver.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from digitizer.capture import Capture
from digitizer.chain import Act
from digitizer.config import Home
from digitizer.dossiers import Dossiers
from digitizer.durable import make_folder
from digitizer.errors import (
    DigitizerError,
    DossierExists,
    HomeError,
    PaperDiffers,
    ParcelUnsafe,
    ScanCancelled,
    Stopped,
    ToolMissing,
    from_os,
)
from digitizer.events import Events
from digitizer.model import OTHER_PART, OTHER_TITLE, PaperKind
from digitizer.procedure.folder_reading import Offered, Parcel, fetch, parcels
from digitizer.reusing import is_result_code
from digitizer.scanning import KEPT_WHOLE, Profile, Scanner
from digitizer.storage import audit, ways
from digitizer.storage import parcels as facts
from digitizer.storage.store import Store

log = logging.getLogger(__name__)

_DEVICE = "folder"


class Outcome(StrEnum):
    """What became of a file."""

    TAKEN = "taken"
    HERE = "here"  # it was here already
    CONFLICT = "conflict"  # another version is here; both are kept
    REFUSED = "refused"


class Received(Struct, frozen=True):
    """One file of a parcel, or (without a file) what is wrong with the parcel as a whole.

    ``stray``: a file that no manifest speaks of; it is left alone.
    """

    code: str
    file: str
    outcome: Outcome
    part: str = ""
    error: DigitizerError | None = None
    stray: bool = False


class Receiving:
    """Takes parcels into one home."""

    def __init__(
        self, home: Home, store: Store, events: Events, dossiers: Dossiers, capture: Capture
    ) -> None:
        self._home = home
        self._store = store
        self._events = events
        self._dossiers = dossiers
        self._capture = capture

    def take(
        self,
        root: Path,
        scanner: Scanner,
        stop: threading.Event,
        told: Callable[[Received], None] = lambda _one: None,
    ) -> list[Received]:
        """Take what is in ``root`` and return what became of each file; ``told`` hears of each.

        Trouble with one file, or one dossier, never stops the others.

        Args:
            root: A folder of dossiers, or one dossier's.
            scanner: The folder driver.
            stop: Set from another thread to end soon; what was taken stays.
            told: Called on this thread.

        Raises:
            NoParcel, FolderUnreadable, ParcelUnsafe: there is nothing to begin with.
            Stopped: ``stop`` was set.
            HomeError, ToolMissing: every other file would meet the same.
        """
        over: list[Received] = []

        def say(one: Received) -> None:
            over.append(one)
            told(one)

        for parcel in parcels(root):
            for offered in parcel.files:
                if stop.is_set():
                    raise Stopped(root.name)
                say(self._file(parcel, offered, scanner, stop))
            for name in parcel.strays:
                say(Received(parcel.code, name, Outcome.REFUSED, stray=True))
            if parcel.trouble is not None:
                say(Received(parcel.code, "", Outcome.REFUSED, error=parcel.trouble))
        return over

    def _file(
        self, parcel: Parcel, offered: Offered, scanner: Scanner, stop: threading.Event
    ) -> Received:
        name = offered.file.name
        try:
            taken = self._take(parcel, offered, scanner, stop)
        except (HomeError, ToolMissing, Stopped):
            raise
        except ScanCancelled as error:
            raise Stopped(name) from error
        except PaperDiffers as error:
            return Received(parcel.code, name, Outcome.CONFLICT, offered.part, error)
        except DigitizerError as error:
            log.warning("a file from another desk was refused: %s", error.code)
            return Received(parcel.code, name, Outcome.REFUSED, offered.part, error)
        outcome = Outcome.TAKEN if taken else Outcome.HERE
        return Received(parcel.code, name, outcome, offered.part)

    def _take(
        self, parcel: Parcel, offered: Offered, scanner: Scanner, stop: threading.Event
    ) -> bool:
        """Take one file; False where it was here already."""
        if not offered.sha256:
            raise ParcelUnsafe(f"{offered.file.name}: no hash")
        batch = str(uuid.uuid5(uuid.NAMESPACE_URL, f"parcel#{parcel.code}#{_identity(offered)}"))
        scratch = self._home.work / f"receive-{uuid.uuid4().hex}"
        try:
            make_folder(scratch)
        except OSError as error:
            raise from_os(error) from error
        try:
            file = scratch / offered.file.name
            fetch(offered, file)  # proven first: what is broken must not begin a dossier
            paper = self._paper(parcel, offered, batch)
            if paper is None:
                return False
            profile = Profile(_DEVICE, files=(file,), options=(KEPT_WHOLE,))
            end = self._capture.run(scanner, profile, paper, stop, lambda _page: None, batch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        if end.error is not None:
            raise end.error
        return True

    def _paper(self, parcel: Parcel, offered: Offered, batch: str) -> str | None:
        """Return the paper that a file's pages go into; None where they are here.

        Raises:
            PaperDiffers: another version of the paper is here.
        """
        dossier_id = self._dossier(parcel)
        part, title = offered.part or OTHER_PART, offered.title or OTHER_TITLE
        with self._store.transaction() as tx:
            if facts.batch_ended(tx, batch):
                return None
            half = facts.batch_paper(tx, batch)
            if half is not None:
                return half
            if facts.known_there(tx, dossier_id, part, offered.sha256):
                return None
            owner = facts.dossier_of(tx, offered.key) if offered.key else None
            if owner is not None and (owner != dossier_id or not facts.untouched(tx, offered.key)):
                raise PaperDiffers(offered.file.name)
            if owner is not None:
                _keep_reuse(tx, offered.key, offered, batch)
                return offered.key
            other = part == OTHER_PART
            paper = facts.claim(
                tx,
                dossier_id,
                part,
                key=offered.key,
                title=OTHER_TITLE if other else title,
                kind=PaperKind.OTHER if other else offered.kind,
                copy=offered.copy,
            )
            if paper is not None:
                _keep_reuse(tx, paper, offered, batch)
                audit.append(
                    tx,
                    Act.DOSSIER_RECEIVED,
                    paper,
                    dossier=dossier_id,
                    batch=batch,
                    sha256=offered.sha256,
                )
        if paper is None:
            raise PaperDiffers(offered.file.name)
        self._events.publish(dossier_id)
        return paper

    def _dossier(self, parcel: Parcel) -> str:
        try:
            return self._dossiers.open_new(code=parcel.code, procedure=parcel.procedure).id
        except DossierExists:
            return self._dossiers.find(parcel.code).id


def _keep_reuse(tx: sqlite3.Connection, paper_id: str, offered: Offered, batch: str) -> None:
    """Keep what the other desk says of a paper that was digitized before: it holds as long as the
    paper's pages are those of this file."""
    code = offered.result_code if offered.reused == "2" else ""
    if offered.reused == "1" or is_result_code(code):
        ways.put_reuse(tx, {paper_id: {"code": code, "source": "", "batch": batch}})


def _identity(offered: Offered) -> str:
    """Return what tells a file from others: the paper, and the version of it."""
    return f"{offered.key or offered.part}#{offered.sha256}"
