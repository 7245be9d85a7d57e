"""One batch: scanner → vault → rows. Every page is safe before anybody hears of it.

The driver's file is the redo log: hash, hard link into the vault, fsync, commit the row, unlink
(design: *rename* instead loses a page's place at 56 of 135 crash points; this order at none).
Called by the command line and the window, off the UI thread. Knows no driver.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from digitizer import ballast, originals
from digitizer.config import Home
from digitizer.dossiers import Dossiers
from digitizer.durable import make_folder, sync_folder
from digitizer.errors import (
    CoverOpen,
    DigitizerError,
    DiskFull,
    DoubleFeed,
    FeederEmpty,
    FeederJam,
    FeederStopped,
    InputError,
    ScanCancelled,
    ScannerCrashed,
    ScannerLost,
    converting_os,
    from_os,
)
from digitizer.events import Events
from digitizer.scanning import (
    EndReason,
    Profile,
    Progress,
    ScannedPage,
    Scanner,
    Source,
    unheard,
)
from digitizer.storage import changes, queries, stacks
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault

log = logging.getLogger(__name__)

_REASONS: tuple[tuple[type[DigitizerError], EndReason], ...] = (
    (FeederEmpty, EndReason.EMPTY),
    (FeederJam, EndReason.JAM),
    (CoverOpen, EndReason.COVER),
    (DoubleFeed, EndReason.DOUBLE_FEED),
    (FeederStopped, EndReason.JAM),
    (ScanCancelled, EndReason.CANCELLED),
    (ScannerLost, EndReason.LOST),
    (ScannerCrashed, EndReason.CRASHED),
    (InputError, EndReason.REFUSED),
    (DiskFull, EndReason.DISK_FULL),
)


class SavedPage(Struct, frozen=True):
    """A page that no crash can take away any more. ``file`` is its blob in the vault."""

    batch: str
    seq: int
    sha256: str
    file: Path
    origin: Path | None


class BatchEnd(Struct, frozen=True):
    """How a batch ended.

    Attributes:
        batch: Its id.
        pages: How many pages it saved.
        reason: Why it ended.
        error: The trouble, if there was one.
        source: Where the paper lay, where the scanner told.
        fronts_only: Both sides were asked for and the feeder has only one to give.
    """

    batch: str
    pages: int
    reason: EndReason
    error: DigitizerError | None = None
    source: Source | None = None
    fronts_only: bool = False


class Capture:
    """Runs batches into one home."""

    def __init__(
        self, home: Home, store: Store, vault: Vault, events: Events, dossiers: Dossiers
    ) -> None:
        self._dossiers = dossiers
        self._home = home
        self._store = store
        self._vault = vault
        self._events = events

    def run(
        self,
        scanner: Scanner,
        profile: Profile,
        paper_id: str,
        stop: threading.Event,
        saved: Callable[[SavedPage], None],
        batch_id: str | None = None,
        *,
        after: str | None = None,
        replaces: str | None = None,
        continues: str | None = None,
        stack: str | None = None,
        told: Callable[[Progress], None] = unheard,
    ) -> BatchEnd:
        """Scan one batch into a paper and return how it ended; never raises a scanner's trouble.

        Args:
            scanner: Where pages come from.
            profile: What to ask of it.
            paper_id: The paper that is current now; a later change of mind does not move pages.
            stop: Set from another thread to cancel; pages so far stay.
            saved: Called on this thread right after each page is safe.
            batch_id: Of an earlier, interrupted run of the same source: pages it had are not
                added again.
            after: The page of the paper that new pages go behind; empty: before the first.
            replaces: The page of the paper whose place they take once the batch has ended.
            continues: The batch that broke off before and whose stack this is the rest of: what
                its codes said leads on.
            stack: The stack that it is (a part of), which is sent once it is accepted; None: its
                pages go where they are told.
            told: Hears how the page that is coming gets on.

        Raises:
            DiskFull, HomeReadOnly: before the first page; nothing was scanned.
        """
        batch = batch_id or changes.new_id()
        folder = self._home.incoming / batch
        ballast.keep(self._home)
        try:
            if ballast.free(self._home) < ballast.FLOOR:
                raise DiskFull("too little is free for pages to begin")
            with self._store.transaction() as tx:
                changes.start_batch(
                    tx,
                    batch,
                    paper_id,
                    profile.device,
                    profile_json(profile),
                    after=after,
                    replaces=replaces,
                    continues=continues,
                )
                if stack is not None:
                    stacks.begin(tx, stack, batch)
            make_folder(folder)
        except OSError as error:
            raise from_os(error) from error
        profile = replace(profile, pace=queries.pace(self._store, profile.device))
        pages = 0
        source: Source | None = None
        trouble: DigitizerError | None = None
        try:
            with contextlib.closing(scanner.scan(profile, folder, stop, told)) as landing:
                for page in landing:
                    source = page.source or source
                    with converting_os():
                        found = self._save(batch, page)
                    if found is not None:
                        pages += 1
                        saved(found)
        except DigitizerError as error:
            trouble = error
            if isinstance(error, DiskFull):
                self._store.relieve()
        reason = self._reason(trouble, profile, pages)
        if trouble is not None:
            log.warning("batch %s ended after %d pages: %s", batch, pages, trouble.code)
        self._end(batch, folder, reason, source)
        fronts_only = profile.both_sides and profile.source is None and source is Source.ADF
        return BatchEnd(batch, pages, reason, trouble, source, fronts_only)

    def adopt(self, batch: str, seq: int, file: Path) -> SavedPage | None:
        """Make one delivered file a page: link, commit, unlink. None if it was one already.
        A signed PDF that lies beside its first page goes the same way.

        Used for a page that just landed and, by recovery, for one that a crash left behind.
        """
        blob = self._vault.adopt(file)
        original = originals.beside(file)
        kept = self._vault.adopt(original.file) if original else None
        with self._store.transaction() as tx:
            added = changes.add_page(
                tx, batch, seq, sha256=blob.sha256, size=blob.bytes, suffix=file.suffix.lower()
            )
            if original and kept:
                changes.add_original(tx, batch, seq, sha256=kept.sha256, pages=original.pages)
        file.unlink()
        if original:
            original.file.unlink()
        return (
            SavedPage(batch, seq, blob.sha256, self._vault.path(blob.sha256), None)
            if added
            else None
        )

    def _save(self, batch: str, page: ScannedPage) -> SavedPage | None:
        found = self.adopt(batch, page.seq, page.file)
        if found is None:
            return None
        self.announce(batch, found.sha256)
        return SavedPage(found.batch, found.seq, found.sha256, found.file, page.origin)

    def announce(self, batch: str, sha256: str) -> None:
        """Say that a page of a batch is safe; where its image is known, route the batch by it."""
        if queries.reading(self._store, sha256) is not None:
            self._dossiers.route_batch(batch)
        else:
            self.announce_end(batch)

    def announce_end(self, batch: str) -> None:
        """Say that facts about a batch changed."""
        self._events.publish(*queries.dossiers_of_batch(self._store, batch))

    def _end(self, batch: str, folder: Path, reason: EndReason, source: Source | None) -> None:
        """Close the batch. A full disk may forbid even that; recovery then does it at start."""
        try:
            with self._store.transaction() as tx:
                changes.end_batch(tx, batch, reason.value)
                if source is not None:
                    changes.note_source(tx, batch, source)
            with contextlib.suppress(OSError):  # not empty: recovery looks into what is left
                folder.rmdir()
                sync_folder(folder.parent)
        except DigitizerError as error:
            log.warning("batch %s could not be closed: %s", batch, error.code)
        self.announce_end(batch)

    @staticmethod
    def _reason(trouble: DigitizerError | None, profile: Profile, pages: int) -> EndReason:
        if trouble is not None:
            return next((r for kind, r in _REASONS if isinstance(trouble, kind)), EndReason.FAILED)
        return EndReason.COUNT if profile.pages and pages >= profile.pages else EndReason.EMPTY


def profile_json(profile: Profile) -> str:
    """Return a wish as it is kept with its batch: files are counted, not named."""
    values = asdict(profile)
    values["size"] = None if profile.size is None else asdict(profile.size)
    values["files"] = len(profile.files)
    return json.dumps(values, ensure_ascii=False)
