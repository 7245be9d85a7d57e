"""What is at the server: looked at before a paper is sent, after it was, and on the way down.

Whatever another desk or the office did there meanwhile becomes a fact here and is never
overwritten; the other version is brought into the vault. Works against the port alone. Called by
``digitizer.work.sync``.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator

from msgspec import Struct

from digitizer import catalogue
from digitizer.dossiers import Dossiers
from digitizer.errors import DigitizerError, DossierNotAtServer, ServerTrouble, from_os
from digitizer.events import Events
from digitizer.leftbehind import LeftBehind
from digitizer.model import Bundle, Dossier, Paper
from digitizer.procedure.port import StoredFile
from digitizer.servers import Connection
from digitizer.storage import bundles, conflicts, forgetting
from digitizer.storage.conflicts import Elsewhere
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault
from digitizer.versions import Choice, Kind, held_back

log = logging.getLogger(__name__)

_GOOD_SECONDS = 60.0
"""How long a look at a dossier is good for the next of its papers."""
_CHECK_SECONDS = 1800.0
"""How often the files of a dossier that was sent are looked at again."""
_ROOM = 64 << 20
"""Bytes that the file of another version is thought to have at most, where memory takes it."""
_MOST_FAILURES = 3
"""A server that fails so often on the way down is left alone until the next time."""

# Dossiers that are open at the server, or left its list just now, with something of ours in them,
# and those in which it holds what nobody wants there any more.
_DUE = """
SELECT dossier.id FROM dossier WHERE server_ref <> '' AND code IS NOT NULL AND (
    id IN (SELECT dossier_id FROM work WHERE kind = 'upload')
    OR ((id IN (SELECT dossier_id FROM waiting WHERE server = ?1)
            OR id IN (SELECT value FROM json_each(?2)))
        AND EXISTS (SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id
            WHERE paper.dossier_id = dossier.id AND page.deleted_at IS NULL))
    OR id IN (SELECT value FROM json_each(?3)))
ORDER BY opened_at
"""


class Meets(Struct, frozen=True):
    """What a paper would meet if it were sent now. ``ref``, ``word``: as in ``Conflict``."""

    kind: Kind
    ref: str = ""
    word: str = ""


def meets(
    dossier: Dossier, paper: Paper, server: str, files: Collection[StoredFile]
) -> Iterator[Meets]:
    """Yield what the current version of a paper meets at ``server`` and nobody has decided. PURE.

    Args:
        dossier: All facts of it.
        paper: One of its papers, with a bundle.
        server: The procedure system.
        files: Those in the dossier there.
    """
    decided = {c.kind for c in dossier.conflicts(paper, server) if c.choice is Choice.MINE}
    if paper.dropped and Kind.DROPPED not in decided:
        yield Meets(Kind.DROPPED)
    if dossier.ended and Kind.CLOSED not in decided:
        yield Meets(Kind.CLOSED, word=dossier.status)
    if not paper.multiple:
        for file in not_ours(dossier, server, files):
            if file.part == paper.part:
                yield Meets(Kind.OTHER, file.key, file.title)


def not_ours(
    dossier: Dossier, server: str, files: Collection[StoredFile]
) -> tuple[StoredFile, ...]:
    """Return those of a dossier's files that another desk has put there. PURE."""
    mine = {key for paper in dossier.papers for key in (paper.id, paper.key(server))}
    return tuple(file for file in files if file.key not in mine and file.size != 0)


class There:
    """Looks at one home's dossiers at its server. Used by two threads: the lane's, and whoever
    goes the way down."""

    def __init__(self, store: Store, vault: Vault, events: Events, dossiers: Dossiers) -> None:
        self._store = store
        self._vault = vault
        self._events = events
        self._dossiers = dossiers
        self.left_behind = LeftBehind(store)
        events.subscribe(lambda change: self.left_behind.touch(change.dossiers))
        self._looked: dict[str, tuple[str, float, tuple[StoredFile, ...]]] = {}
        self._checked: dict[str, float] = {}

    def bind(self, to: Connection, dossier: Dossier) -> Dossier:
        """Find one of our dossiers at the server by its code, take over what it knows of it, and
        see what is in it. Raises ``DossierNotAtServer`` and the rows of the network."""
        self._look(to, dossier, anew=True)
        return self._dossiers.get(dossier.id)

    def ready(
        self, to: Connection, dossier: Dossier, paper: Paper, bundle: Bundle
    ) -> Dossier | None:
        """Look at the server before a paper is sent.

        Returns the dossier as it is known now; None where this version is not to be sent: it met
        something, which is a fact by now, or is not the current one any more.
        """
        files = self._look(to, dossier)
        found = self._dossiers.get(dossier.id)
        now = found.paper_by_id(paper.id)
        current = found.outgoing(now) if now else None
        if now is None or current is None or current.sha256 != bundle.sha256:
            return None
        met = self._note(to, found, now, current, files)
        if met or held_back(found.conflicts(now, to.server)):
            return None
        return found

    def lists(self, dossier_id: str, key: str) -> bool:
        """Tell whether the server's list of a dossier's files, as it was looked at last, names one
        under ``key``: another desk that has the same paper may have sent it."""
        _, _, files = self._looked.get(dossier_id, ("", 0.0, ()))
        return any(file.key == key for file in files)

    def changed(self, to: Connection, dossier: Dossier, paper: Paper, bundle: Bundle) -> None:
        """Keep what an upload met under our own key.

        Raises:
            ServerTrouble: there is nothing any more.
        """
        theirs = self._fetch(to, dossier, paper.key(to.server))
        if theirs is None:
            raise ServerTrouble(f"{paper.part}: a conflict with a file it does not have")
        self._keep_changed(to, dossier, paper, bundle, theirs)

    def dropped(self, to: Connection, dossier: Dossier, paper: Paper, bundle: Bundle) -> bool:
        """Tell whether an upload was refused because the list lost the paper: a fact by then."""
        files = self._look(to, dossier, anew=True)
        found = self._dossiers.get(dossier.id)
        now = found.paper_by_id(paper.id)
        return now is not None and now.dropped and self._note(to, found, now, bundle, files)

    def sent(self, to: Connection, dossier: Dossier, paper: Paper, bundle: Bundle) -> None:
        """Note what the server says of a file that it has just proven to hold."""
        try:
            files = self._files(to, dossier)
        except DigitizerError as error:
            self._looked.pop(dossier.id, None)
            log.info("a sent file was not looked at: %s", error.code)
            return
        for file in files:
            if file.key == paper.key(to.server) and file.size in (-1, bundle.bytes):
                with self._store.transaction() as tx:
                    bundles.put_mark(tx, paper.id, to.server, bundle.sha256, file.mark)

    # --- the way down -------------------------------------------------------------------------

    def look_anew(self) -> None:
        """Look at everything on the next way down, however lately it was: somebody asked."""
        self._looked.clear()
        self._checked.clear()

    def check(
        self,
        to: Connection,
        left: str,
        stop: threading.Event,
        met: Callable[[DigitizerError], None],
    ) -> None:
        """Look whether what was sent is still there as it was, and what would be met by the rest.

        Args:
            to: The server.
            left: JSON list of the ids of dossiers that left its list just now.
            stop: Ends it early.
            met: Told of trouble with one dossier; raises where it would meet all others.
        """
        failed = 0
        remnants = {one.dossier.id for one in self.left_behind.find(to.server)}
        for row in self._store.rows(_DUE, to.server, left, json.dumps(sorted(remnants))):
            if stop.is_set() or failed >= _MOST_FAILURES:
                return
            dossier_id = str(row["id"])
            last = self._checked.get(dossier_id)
            if last is not None and time.monotonic() - last < _CHECK_SECONDS:
                continue
            try:
                self._check(to, self._dossiers.get(dossier_id))
            except DigitizerError as error:
                failed += 1
                met(error)
            else:
                self._checked[dossier_id] = time.monotonic()

    def _check(self, to: Connection, dossier: Dossier) -> None:
        files = self._look(to, dossier, anew=True)
        dossier = self._dossiers.get(dossier.id)
        marks = bundles.marks(self._store, dossier.id, to.server)
        there = {file.key: file for file in files}
        for paper in dossier.papers:
            if dossier.left_behind(paper, to.server) and paper.key(to.server) not in there:
                self._let_go(to, dossier, paper)
            bundle = dossier.outgoing(paper)
            if bundle is None or dossier.code is None or paper.removed_at is not None:
                continue
            if dossier.receipt(paper, to.server) is None:
                if not paper.held and dossier.awaited(paper) is None:
                    self._note(to, dossier, paper, bundle, files)
                continue
            file, mark = there.get(paper.key(to.server)), marks.get(paper.id, "")
            if file is not None and file.mark == mark:
                continue
            if file is not None and not mark and file.size == bundle.bytes:
                self._mark(to, paper, bundle, file)  # proven when it was sent
            else:
                self.prove(to, dossier, paper, bundle, file)

    def prove(
        self,
        to: Connection,
        dossier: Dossier,
        paper: Paper,
        bundle: Bundle,
        file: StoredFile | None = None,
    ) -> None:
        """Read back what may have changed there; what is found out is a fact by then."""
        theirs = self._fetch(to, dossier, paper.key(to.server))
        if theirs == bundle.sha256:
            if file is not None:
                self._mark(to, paper, bundle, file)
            return
        if theirs is None or theirs in bundles.known_versions(self._store, paper.id, to.server):
            log.info("the server has forgotten a version of part %s; it goes again", paper.part)
            with self._store.transaction() as tx:
                bundles.take_receipt_back(tx, paper.id, to.server, bundle.sha256)
            self._events.publish(dossier.id)
            return
        self._keep_changed(to, dossier, paper, bundle, theirs)

    def _let_go(self, to: Connection, dossier: Dossier, paper: Paper) -> None:
        """Record that the server has no file any more of a paper without pages."""
        log.info("the server has let go of part %s", paper.part)
        with self._store.transaction() as tx:
            for receipt in paper.receipts:
                if receipt.server == to.server:
                    bundles.take_receipt_back(tx, paper.id, to.server, receipt.sha256)
        self._events.publish(dossier.id)

    def _mark(self, to: Connection, paper: Paper, bundle: Bundle, file: StoredFile) -> None:
        with self._store.transaction() as tx:
            bundles.put_mark(tx, paper.id, to.server, bundle.sha256, file.mark)

    # --- looking ------------------------------------------------------------------------------

    def _look(
        self, to: Connection, dossier: Dossier, *, anew: bool = False
    ) -> tuple[StoredFile, ...]:
        """Return the files that are in a dossier; what the server says of it is taken over."""
        server, at, files = self._looked.get(dossier.id, ("", 0.0, ()))
        fresh = server == to.server and time.monotonic() - at < _GOOD_SECONDS
        if fresh and dossier.server_ref and not anew:
            return files
        found = to.system.find(dossier.name)
        listed = None if anew else catalogue.kept_list(self._store, to.server, found.template)
        if listed is None:
            listed = catalogue.list_now(self._store, to.system, to.server, found.template)
        self._dossiers.take_from_server(found, listed.papers, to.server, listed.version)
        now = self._dossiers.get(dossier.id)
        if now.code != dossier.code:  # somebody took its binding back meanwhile
            raise DossierNotAtServer(now.name)
        return self._files(to, now)

    def _files(self, to: Connection, dossier: Dossier) -> tuple[StoredFile, ...]:
        files = to.system.files(dossier.server_ref)
        self._looked[dossier.id] = (to.server, time.monotonic(), files)
        others = not_ours(dossier, to.server, files)
        forgotten = forgetting.forgotten(self._store.reader, dossier.id)
        listed = tuple(
            sorted(
                (Elsewhere(f.key, f.part, "" if forgotten else f.title) for f in others), key=_order
            )
        )
        if listed != conflicts.elsewhere(self._store, dossier.id, to.server):
            with self._store.transaction() as tx:
                conflicts.keep_elsewhere(tx, dossier.id, to.server, listed)
            self._events.publish(dossier.id)
        return files

    def _note(
        self,
        to: Connection,
        dossier: Dossier,
        paper: Paper,
        bundle: Bundle,
        files: Collection[StoredFile],
    ) -> bool:
        """Record what a version meets; False where it meets nothing."""
        known = {(c.kind, c.ref, c.word) for c in dossier.conflicts(paper, to.server)}
        found = False
        for one in meets(dossier, paper, to.server, files):
            theirs = ""
            if (one.kind, one.ref, one.word) in known:
                found = True
                continue
            if one.kind is Kind.OTHER:
                theirs = self._fetch(to, dossier, one.ref) or ""
                if not theirs:
                    continue  # a row without bytes stands in nobody's way
            with self._store.transaction() as tx:
                conflicts.put(
                    tx,
                    paper.id,
                    one.kind,
                    to.server,
                    bundle.sha256,
                    theirs=theirs,
                    ref=one.ref,
                    word=one.word,
                )
            found = True
            log.warning("part %s met something at the server: %s", paper.part, one.kind)
            self._events.publish(dossier.id)
        return found

    def _keep_changed(
        self, to: Connection, dossier: Dossier, paper: Paper, bundle: Bundle, theirs: str
    ) -> None:
        key = paper.key(to.server)
        with self._store.transaction() as tx:
            bundles.take_receipt_back(tx, paper.id, to.server, bundle.sha256)
            conflicts.put(
                tx, paper.id, Kind.CHANGED, to.server, bundle.sha256, theirs=theirs, ref=key
            )
        log.warning("part %s was changed at the server", paper.part)
        self._events.publish(dossier.id)

    def _fetch(self, to: Connection, dossier: Dossier, key: str) -> str | None:
        """Bring a file of the server into the vault; return its hash, None where it has none."""
        try:
            with self._vault.scratch.folder(_ROOM) as folder:
                into = folder / "theirs"
                if to.system.read(dossier.server_ref, key, into) is None:
                    return None
                return self._vault.keep(into).sha256
        except OSError as error:
            raise from_os(error, "another version") from error


def _order(file: Elsewhere) -> tuple[str, str]:
    return file.part, file.key
