"""The planner: what changed at once, everything else when there is time for it."""

from __future__ import annotations

import threading
from typing import Any

from digitizer.app import App
from digitizer.events import Changed
from digitizer.model import Dossier
from digitizer.work.planner import Planner
from digitizer.work.queue import WorkQueue


class Noted(WorkQueue):
    """Notes which dossiers are planned; holds on at each until it is let go."""

    def __init__(self, app: App) -> None:
        super().__init__(app.store, None)
        self.order: list[str] = []
        self.begun = threading.Event()
        self.go = threading.Event()

    def replan(self, dossier_id: str) -> bool:
        """As the real one does, when it may."""
        self.order.append(dossier_id)
        self.begun.set()
        assert self.go.wait(60)
        return super().replan(dossier_id)


def test_a_change_goes_before_everything_else(app: App, dossier: Dossier) -> None:
    others = [app.dossiers.open_new(code=None).id for _ in range(5)]
    work = Noted(app)
    planner = Planner(work)
    planner.plan_all()
    assert work.begun.wait(60)
    planner.on_change(Changed(frozenset([dossier.id])))
    assert not planner.quiet()
    work.go.set()
    planner.settle()
    planner.close()
    first, second, *rest = work.order
    assert second == dossier.id
    assert {first, *rest} == {dossier.id, *others}


def test_unfinished_and_new_dossiers_come_first(app: App, dossier: Dossier) -> None:
    done = app.dossiers.open_new(code=None).id
    new = app.dossiers.open_new(code=None).id
    app.dossiers.finish(done)
    assert app.work.dossiers() == [new, dossier.id, done]


def test_closing_waits_for_changes_alone(app: App, dossier: Dossier) -> None:
    for _ in range(5):
        app.dossiers.open_new(code=None)
    work = Noted(app)
    planner = Planner(work)
    planner.plan_all()
    assert work.begun.wait(60)
    planner.on_change(Changed(frozenset([dossier.id])))
    closing = threading.Thread(target=planner.close)
    closing.start()
    work.go.set()
    closing.join()
    assert dossier.id in work.order
    assert len(work.order) <= 3  # the one under way, the change, and one that was just taken


def test_nobody_waits_for_a_planner_that_has_ended(app: App, dossier: Dossier) -> None:
    planner = Planner(app.work)
    planner.close()
    planner.on_change(Changed(frozenset([dossier.id])))
    planner.settle()
    assert not planner.quiet()


def test_what_close_left_is_planned_after_the_next_start(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "one")
    app.settle()
    with app.store.transaction() as tx:
        tx.execute("DELETE FROM work")
    root = app.home.root
    app.close()
    with App(root, "test") as again:
        again.settle()
        assert [row[0] for row in again.store.rows("SELECT kind FROM work")] == ["read"]
