"""What holds in every history: what came in was to be sent, what was proven is there, and in the
end server and store agree."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from digitizer.app import Sends
from digitizer.plan import SYNC
from digitizer.storage import auditlog
from tests.histories.desk import Desk, sendable
from tests.histories.province import Province


class Agreement:
    """Holds the two sides of one history against each other; raises ``AssertionError``."""

    def __init__(self, desk: Desk, province: Province, sends: Sends) -> None:
        self._desk = desk
        self._province = province
        self._sends = sends
        self._proven: set[tuple[str, str]] = set()
        self.late = False
        """Whether an upload may still be on its way somewhere, and undo a later one."""
        self.damaged = False
        """Whether the server may hold bytes that it broke itself, and that nobody can tell from
        somebody else's version where the line broke before they were read back."""
        self.clock_set = False
        """Whether the server's clock was set: it may refuse to fill a row that it has emptied, and
        is asked to replace it then."""

    def on_arrivals(self, *, lied: bool = False, moving: bool = False, calm: bool = False) -> int:
        """What came in was to be sent, and was not there already. Returns how many files.

        Args:
            lied: The server said that it did not have what it had.
            moving: The clerk went on meanwhile.
            calm: Nothing went wrong: so nothing came in twice either.
        """
        papers = {paper.id: (dossier, paper) for dossier, paper in self._desk.papers()}
        arrivals = self._province.arrivals()
        for came in arrivals:
            dossier, paper = papers[came.key]
            assert came.code in ("", dossier.code), "into its own dossier"
            assert lied or came.sha256 != came.held, "it was there already"
            versions = {bundle.sha256 for bundle in paper.bundles}
            assert came.sha256 in versions, "a version of this paper"
            if not moving:
                assert sendable(dossier, paper, self._sends), "it was not to be sent"
                bundle = dossier.bundle(paper)
                assert bundle is not None and came.sha256 == bundle.sha256, "as it is now"
        if calm and not (self.clock_set or self.late):
            sent = [(came.key, came.sha256) for came in arrivals]
            assert len(sent) == len(set(sent)), "sent twice for nothing"
        return len(arrivals)

    def on_receipts(self) -> None:
        """What was proven since the last look is true: the server holds those very bytes."""
        there = {key: blob for _, key, blob in self._province.held()}
        receipts = {
            (paper.id, receipt.sha256)
            for _, paper in self._desk.papers()
            for receipt in paper.receipts
        }
        for key, sha256 in receipts - self._proven:
            assert self.late or self._holds(there.get(key), sha256), "a receipt for nothing"
        self._proven = receipts

    def on_what_is_parked(self, strangers: Collection[str]) -> None:
        """Nothing waits for a hand but papers of dossiers that the server did not know."""
        for one in self._desk.troubles():
            code = self._desk.app.dossiers.get(one.dossier_id).code
            unknown = code in strangers and one.error == "dossier-not-at-server"
            assert unknown or not one.parked, f"parked: {one.error}"

    def in_the_end(self) -> None:
        """Every paper that may go has arrived exactly once, as it is now; nothing else did."""
        held = self._province.held()
        keys = [key for _, key, _ in held]
        assert len(keys) == len(set(keys)), "one live row for each key"
        there = {key: (code, blob) for code, key, blob in held}
        troubles = {one.subject: one.error for one in self._desk.troubles()}
        for dossier, paper in self._desk.papers():
            code, blob = there.pop(paper.id, ("", None))
            assert code in ("", dossier.code), "in its own dossier"
            if not sendable(dossier, paper, self._sends):
                continue
            if not self._province.knows(dossier.code or ""):
                assert troubles[paper.id] == "dossier-not-at-server"
                continue
            if self.damaged and dossier.undecided(paper, self._desk.app.work.server):
                continue
            assert paper.id not in troubles, "stuck"
            bundle = dossier.bundle(paper)
            assert bundle is not None and self._holds(blob, bundle.sha256), "it is there"
            assert dossier.receipt(paper, self._desk.app.work.server) is not None, "and known"
        assert not there, "nothing there that is not ours"
        left = self._desk.app.work.left(
            SYNC, parked=False, finished_only=self._sends is Sends.FINISHED
        )
        assert left == 0, "and nothing is left to do"

    def on_the_record(self) -> None:
        """What the audit record says and what the tables hold are the same."""
        assert list(auditlog.faults(self._desk.app.store)) == []

    def _holds(self, blob: str | None, sha256: str) -> bool:
        return blob is not None and (
            hashlib.sha256(self._province.content(blob)).hexdigest() == sha256
        )
