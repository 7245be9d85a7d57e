"""Desks do not storm a server: they begin at moments of chance, and rest where it asks for that."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from digitizer.app import App
from digitizer.errors import ServerBusy, ServerTrouble
from digitizer.model import Dossier, Reading
from digitizer.plan import LOCAL
from digitizer.work.lane import Lane
from digitizer.work.queue import Claim, wait_seconds

BLANK = Reading(827, 1169, 100.0, 100.0, True, 0.0, 0, 0.0)


def test_a_server_that_asks_for_rest_gets_it_and_some_more() -> None:
    assert all(30 <= wait_seconds(1, 30.0) <= 45 for _ in range(200))
    assert all(wait_seconds(20, 30.0) >= 675 for _ in range(200)), "or the back-off, if longer"


def test_a_lane_rests_before_its_next_work_where_the_server_is_busy(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "one", "two", "three")
    calls: list[str] = []
    asked = threading.Event()

    def run(claim: Claim, stop: threading.Event) -> None:
        calls.append(claim.subject)
        if len(calls) == 1:
            asked.set()
            raise ServerBusy("status 503", after=600.0)
        app.dossiers.note_reading(claim.subject, BLANK)

    lane = Lane("test", LOCAL, run, app.work, app.planner)
    lane.start()
    assert asked.wait(30)
    lane.until_idle(threading.Event())
    assert len(calls) == 1, "the others are not tried on it"
    assert isinstance(lane.state().paused, ServerTrouble)
    lane.wake()
    lane.until_idle(threading.Event(), one_round=True)
    lane.stop()
    assert len(set(calls)) == len(calls) == 3, "and what met it is put off, no more in the way"


def test_one_round_tries_everything_once_without_a_rest(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "one", "two", "three")
    calls: list[str] = []
    began = threading.Event()

    def run(claim: Claim, stop: threading.Event) -> None:
        began.wait()
        calls.append(claim.subject)
        raise ServerBusy("status 503", after=600.0)

    lane = Lane("test", LOCAL, run, app.work, app.planner)
    lane.start()
    waiting = threading.Thread(
        target=lane.until_idle, args=(threading.Event(),), kwargs={"one_round": True}
    )
    waiting.start()
    began.set()
    waiting.join(30)
    lane.stop()
    assert len(set(calls)) == len(calls) == 3


def test_work_of_an_earlier_run_begins_at_a_moment_of_chance_and_a_hand_does_not_wait_for_it(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "one")
    did = threading.Event()

    def run(claim: Claim, stop: threading.Event) -> None:
        app.dossiers.note_reading(claim.subject, BLANK)
        did.set()

    lane = Lane("test", LOCAL, run, app.work, app.planner, spread=1e6)
    lane.start()
    with app.planner.planned:
        app.planner.planned.notify_all()  # news of the plan are no hand
    assert not did.is_set()
    lane.wake()
    assert did.wait(30)
    lane.stop()


def test_a_lane_with_nothing_left_from_before_begins_at_once(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    did = threading.Event()

    def run(claim: Claim, stop: threading.Event) -> None:
        app.dossiers.note_reading(claim.subject, BLANK)
        did.set()

    lane = Lane("test", LOCAL, run, app.work, app.planner, spread=1e6)
    lane.start()
    lane.until_idle(threading.Event())
    add_pages(dossier, "one")
    assert did.wait(30)
    lane.stop()


@pytest.mark.parametrize("years", [-10, -1])
def test_work_put_off_before_the_clock_was_set_back_is_due(
    app: App, dossier: Dossier, add_pages: Any, years: int
) -> None:
    """An old machine's battery is empty: it starts in 2016 until it has asked the time."""
    add_pages(dossier, "one")
    claim = app.work.claim(LOCAL)
    assert claim is not None
    app.work.failed(claim, ServerTrouble())
    assert app.work.claim(LOCAL) is None
    assert app.work.put_off(LOCAL) == 1
    with app.store.transaction() as tx:
        tx.execute(
            "UPDATE work SET not_before = strftime('%Y-%m-%dT%H:%M:%f', not_before, ?) "
            "|| '000+00:00'",
            (f"{-years} years",),
        )
    assert app.work.put_off(LOCAL) == 0
    assert app.work.next_due_seconds(LOCAL) is None
    assert app.work.claim(LOCAL) is not None
