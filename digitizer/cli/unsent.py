"""What ``sync`` leaves here: papers that the server has not confirmed, and dossiers that wait until
their pages are looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from digitizer import clearance, plan
from digitizer.app import App
from digitizer.errors import PagesUnchecked
from digitizer.model import Dossier, Paper
from digitizer.plan import LOCAL
from digitizer.storage import queries, secrecy
from digitizer.versions import decided_for_theirs
from digitizer.work.queue import Parked, troubles

_CONCERNED = """
SELECT dossier_id FROM work UNION SELECT paper.dossier_id FROM conflict
JOIN paper ON paper.id = conflict.paper_id
"""


def waiting(app: App) -> list[tuple[Dossier, int]]:
    """Return the dossiers with papers, bundled yet or not, that the server has not confirmed, and
    how many of each; what stays here because somebody decided so does not count."""
    here = {str(row[0]) for row in app.store.rows(_CONCERNED)} | set(secrecy.dossiers(app.store))
    found = [queries.dossier(app.store, one) for one in sorted(here)]
    counted = [(one, _count(one, app.work.server)) for one in found if one and one.code is not None]
    return [(one, count) for one, count in counted if count]


def stuck(app: App, left: Iterable[tuple[Dossier, int]]) -> list[tuple[Dossier, Parked]]:
    """Return the local work that waits for a hand in the dossiers that are ``left``: a page that
    cannot be read, a paper that cannot be bundled."""
    found = {one.id: one for one, _ in left}
    return [
        (found[trouble.dossier_id], trouble)
        for trouble in troubles(app.store)
        if trouble.parked and trouble.kind in LOCAL and trouble.dossier_id in found
    ]


def half_scanned(left: Iterable[tuple[Dossier, int]]) -> list[tuple[Dossier, Paper]]:
    """Return the papers into which a scan broke off after their dossier was closed."""
    return [
        (one, paper) for one, _ in left for paper in one.papers if plan.half_scanned(one, paper)
    ]


def unchecked(left: Iterable[tuple[Dossier, int]], but: Collection[str]) -> list[Dossier]:
    """Return those that are ``left`` of which nothing leaves before local work was done: nobody has
    looked at all their pages. ``but``: the ids of those of which something else is told."""
    return [
        one for one, _ in left if one.id not in but and clearance.of(one).refusal is PagesUnchecked
    ]


def _count(dossier: Dossier, server: str | None) -> int:
    return sum(
        bool(paper.live_pages)
        and dossier.receipt(paper, server) is None
        and not decided_for_theirs(dossier.conflicts(paper, server))
        and not paper.way.withheld
        and paper.removed_at is None
        for paper in dossier.papers
    )
