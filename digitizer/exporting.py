"""Writes dossiers as folders, for another desk (``receiving``) or whoever uploads them by hand.

Called by the command line and the window, off the UI thread, and apart from where dossiers are
sent: no receipt comes of it, so what waits goes on waiting. Writes through the adapter ``folder``:
one folder for each dossier, its PDFs under ASCII names and a manifest, each file whole or not
there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from digitizer import clearance
from digitizer.chain import Act
from digitizer.errors import (
    AddressUnusable,
    CopyRemoved,
    DigitizerError,
    DiskFull,
    FolderUnwritable,
    HomeDamaged,
    NotAllowed,
    Offline,
    Stopped,
)
from digitizer.model import Bundle, Dossier, Paper
from digitizer.paperfiles import hashes
from digitizer.plan import half_scanned
from digitizer.procedure.folder import FolderSystem
from digitizer.procedure.port import Upload
from digitizer.storage import auditlog, clerks, queries, secrecy, told
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault
from digitizer.work.sync import upload_name


class Exported(Struct, frozen=True):
    """One dossier that was written, or why not.

    Attributes:
        code: Mã hồ sơ, or the local number of one that has none yet: such a dossier stays here.
        papers: How many of its papers lie there now.
        unready: Papers with pages whose bundle is not made yet, that wait to be accepted or
            signed, or that somebody left here.
        error: What went wrong with one of them; the others were written. Of a dossier with a
            state secret, or one that is not wholly looked at, nothing is (``SecrecyError``).
    """

    code: str
    papers: int
    unready: int
    error: DigitizerError | None = None


_WAITING = """
SELECT id FROM dossier WHERE code IS NOT NULL AND EXISTS (
    SELECT 1 FROM paper JOIN bundle ON bundle.paper_id = paper.id
    WHERE paper.dossier_id = dossier.id AND NOT EXISTS (
        SELECT 1 FROM receipt
        WHERE receipt.paper_id = paper.id AND receipt.sha256 IN (SELECT bundle.sha256 UNION ALL
            SELECT sha256 FROM signed_version WHERE signed_version.bundle = bundle.sha256)))
ORDER BY opened_at
"""


def waiting(store: Store) -> list[str]:
    """Return the ids of dossiers of which a PDF was made that no system has confirmed."""
    return [str(row[0]) for row in store.rows(_WAITING)]


def export(
    store: Store,
    vault: Vault,
    folder: Path,
    dossiers: Sequence[str],
    stop: threading.Event,
    told: Callable[[Exported], None] = lambda _one: None,
) -> list[Exported]:
    """Write dossiers into ``folder`` and return what became of each.

    Args:
        store: The facts.
        vault: The bytes.
        folder: Where to; it must be there.
        dossiers: Their ids. Dossiers without a paper that is ready leave nothing.
        stop: Set from another thread to end after the paper in hand.
        told: Hears of each dossier, on this thread.

    Raises:
        FolderUnwritable: it is not there (any more), full or write-protected; every other dossier
            would meet the same.
        Stopped: ``stop`` was set.
    """
    with _of_folder(folder.name):
        there = FolderSystem(str(folder))
        there.check()
    over: list[Exported] = []
    for dossier_id in dossiers:
        if stop.is_set():
            raise Stopped(folder.name)
        dossier = queries.dossier(store, dossier_id)
        if dossier is None:
            continue
        one = _one(store, vault, there, folder.name, dossier, stop)
        if one.papers or one.unready or one.error:
            over.append(one)
            told(one)
    return over


def _one(
    store: Store,
    vault: Vault,
    there: FolderSystem,
    name: str,
    dossier: Dossier,
    stop: threading.Event,
) -> Exported:
    refusal = clearance.of(dossier).refusal
    if refusal is not None and any(paper.live_pages for paper in dossier.papers):
        filled = sum(bool(paper.live_pages) for paper in dossier.papers)
        return Exported(dossier.name, 0, filled, refusal(dossier.name))
    ready = [
        (paper, bundle)
        for paper in dossier.papers
        if not paper.held
        and not paper.way.withheld
        and paper.removed_at is None
        and not half_scanned(dossier, paper)
        and dossier.awaited(paper) is None
        and (bundle := dossier.outgoing(paper)) is not None
    ]
    removed = any(paper.removed_at and paper.live_pages for paper in dossier.papers)
    filled = sum(bool(p.live_pages) and p.removed_at is None for p in dossier.papers)
    unready = filled - len(ready)
    troubles: list[DigitizerError] = [CopyRemoved(dossier.name)] if removed else []
    if dossier.code is None or not ready:
        return Exported(
            dossier.name, 0, unready if dossier.code else filled, next(iter(troubles), None)
        )
    written: list[Paper] = []
    with _noted(troubles):
        _record(store, dossier, [bundle for _, bundle in ready])
        with _of_folder(name):
            there.seal(dossier.code, whole=False)
        for paper, bundle in ready:
            if stop.is_set():
                raise Stopped(dossier.code)
            with _noted(troubles):
                secrecy.check(store, dossier.id, dossier.name)
                with _lent(vault, bundle) as file, _of_folder(name):
                    _put(store, file, there, dossier, paper, bundle)
                written.append(paper)
        if not troubles:
            head = str(auditlog.head(store))
            with _of_folder(name):
                there.seal(dossier.code, whole=True, record=head)
    return Exported(dossier.code, len(written), unready, next(iter(troubles), None))


def _record(store: Store, dossier: Dossier, going: Sequence[Bundle]) -> None:
    """Have the audit record say what goes before it goes: what it does not hold is not written."""
    files = " ".join(bundle.sha256 for bundle in going)
    told.tell(
        store,
        Act.DOSSIER_EXPORTED,
        dossier.id,
        dossier=dossier.id,
        files=files,
        count=len(going),
    )


@contextmanager
def _noted(troubles: list[DigitizerError]) -> Iterator[None]:
    """Note a trouble that others need not meet, and go on."""
    try:
        yield
    except DigitizerError as error:
        if error.pauses_lane or isinstance(error, (Stopped, FolderUnwritable)):
            raise
        troubles.append(error)


@contextmanager
def _of_folder(name: str) -> Iterator[None]:
    """Say of the folder what the adapter says of a procedure system: that goes by itself when the
    line is back, and this goes on when somebody has put the stick back."""
    try:
        yield
    except (Offline, NotAllowed, AddressUnusable, DiskFull) as error:
        raise FolderUnwritable(name) from error


@contextmanager
def _lent(vault: Vault, bundle: Bundle) -> Iterator[Path]:
    """Give the file of a bundle that is what its hash says. Raises ``HomeDamaged``; ``DiskFull``:
    it is sealed, and there is no room here for a copy."""
    if not vault.sound(bundle.sha256):
        raise HomeDamaged(f"bundle {bundle.sha256[:12]}")
    with vault.lent(bundle.sha256) as file:
        yield file


def _put(
    store: Store,
    file: Path,
    there: FolderSystem,
    dossier: Dossier,
    paper: Paper,
    bundle: Bundle,
) -> None:
    by = clerks.responsible(store, dossier.id, paper.id)
    there.put(
        Upload(
            key=paper.id,
            dossier_ref=dossier.name,
            code=dossier.name,
            template="",
            part=paper.part,
            file_template=paper.file_template,
            file=file,
            sha256=bundle.sha256,
            name=upload_name(dossier, paper),
            title=paper.title,
            kind=paper.kind,
            procedure=dossier.procedure_code,
            procedure_name=dossier.procedure_name,
            known=hashes(paper.bundles, paper.signings),
            tried=True,
            by=by.name if by else "",
            reused=paper.reuse.flag if paper.reuse else "0",
            result_code=paper.reuse.code if paper.reuse else "",
        )
    )
