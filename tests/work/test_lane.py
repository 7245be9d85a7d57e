"""Lanes: they do what is due, pause when nothing could succeed, park what is poisoned."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from digitizer.app import App
from digitizer.errors import (
    Bug,
    BundleInvalid,
    DigitizerError,
    DiskFull,
    Offline,
    ProgramTimeout,
    SignInRefused,
    Stopped,
)
from digitizer.model import Dossier, Reading
from digitizer.plan import LOCAL, WorkKind
from digitizer.work import queue
from digitizer.work.lane import Lane
from digitizer.work.queue import Claim, WorkQueue, troubles

BLANK = Reading(827, 1169, 100.0, 100.0, True, 0.0, 0, 0.0)


def lane(app: App, run: Callable[[Claim, threading.Event], None], jobs: int = 1) -> Lane:
    return Lane("test", LOCAL, run, app.work, app.planner, jobs=jobs)


def reads(app: App) -> Callable[[Claim, threading.Event], None]:
    """Reads every page as blank, so that its paper's bundle follows; leaves bundles alone."""

    def run(claim: Claim, stop: threading.Event) -> None:
        if claim.kind is WorkKind.READ:
            app.dossiers.note_reading(claim.subject, BLANK)
        else:
            raise BundleInvalid

    return run


def until(running: Lane, ready: Callable[[], bool]) -> None:
    """Let a lane go on until ``ready``."""
    patience = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < patience, running.state()
        running.until_idle(threading.Event())


def test_a_lane_does_everything_then_is_idle(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "one", "two", "three")
    running = lane(app, reads(app), jobs=2)
    running.start()
    running.until_idle(threading.Event())
    assert running.state().done == 3
    assert running.state().failed == 1
    (trouble,) = troubles(app.store)
    assert (trouble.kind, trouble.error) == (WorkKind.BUNDLE, "bundle-invalid")
    running.stop()


def test_every_thread_lets_go_of_what_it_keeps_when_it_ends(app: App) -> None:
    rested: list[str] = []
    running = Lane(
        "test",
        LOCAL,
        reads(app),
        app.work,
        app.planner,
        jobs=2,
        rest=lambda: rested.append(threading.current_thread().name),
    )
    running.start()
    running.until_idle(threading.Event())
    assert rested == []
    running.stop()
    assert sorted(rested) == ["test-0", "test-1"]


def test_a_bug_parks_its_work_and_the_rest_goes_on(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "one", "two")
    poison = app.store.rows("SELECT subject FROM work ORDER BY rowid")[0][0]
    good = reads(app)

    def run(claim: Claim, stop: threading.Event) -> None:
        if claim.subject == poison:
            raise ZeroDivisionError
        good(claim, stop)

    running = lane(app, run)
    running.start()
    running.until_idle(threading.Event())
    running.stop()
    assert running.state().done == 1
    (trouble,) = troubles(app.store)
    assert (trouble.subject, trouble.error, trouble.parked) == (poison, "bug", True)


def test_trouble_of_the_whole_lane_pauses_it_without_burning_attempts(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "one", "two")
    line_up = threading.Event()
    good = reads(app)

    def run(claim: Claim, stop: threading.Event) -> None:
        if not line_up.is_set():
            raise Offline
        good(claim, stop)

    running = lane(app, run)
    running.start()
    running.until_idle(threading.Event())
    state = running.state()
    assert isinstance(state.paused, Offline)
    until(running, lambda: running.state().again_at is not None)  # it pauses, and then waits
    again_at = running.state().again_at
    assert again_at is not None
    assert again_at > datetime.now(UTC)
    assert state.done == state.failed == 0
    assert [row[0] for row in app.store.rows("SELECT attempts FROM work")] == [0, 0]
    assert not troubles(app.store)
    line_up.set()
    running.wake()
    until(running, lambda: running.state().done == 2)
    running.stop()
    assert running.state().paused is None
    assert running.state().again_at is None


def test_a_refused_password_is_tried_again_only_when_woken(
    app: App, dossier: Dossier, add_pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may lock the account; a lost line, beside it, is tried again by itself."""
    monkeypatch.setattr(queue, "_FIRST_WAIT_SECONDS", 0.001)
    add_pages(dossier, "one")
    troubles: list[DigitizerError] = [Offline(), Offline(), SignInRefused()]
    tried, again = [], threading.Event()

    def run(claim: Claim, stop: threading.Event) -> None:
        if tried == troubles:
            again.set()
            raise Stopped
        tried.append(troubles[len(tried)])
        raise tried[-1]

    running = lane(app, run)
    running.start()
    until(running, lambda: isinstance(running.state().paused, SignInRefused))
    assert not again.wait(0.2)
    running.wake()
    assert again.wait(10)
    running.stop()


class Unhurried(WorkQueue):
    """Looks for work so slowly that what was put off is due by the time it has found none."""

    def claim(self, kinds: Sequence[WorkKind], *, finished_only: bool = False) -> Claim | None:
        found = super().claim(kinds, finished_only=finished_only)
        while found is None and self.put_off(kinds):
            pass
        return found


def test_what_becomes_due_while_the_lane_looks_for_work_is_not_slept_through(
    app: App, dossier: Dossier, add_pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_FIRST_WAIT_SECONDS", 0.2)
    add_pages(dossier, "one")
    claim = app.work.claim(LOCAL)
    assert claim is not None
    app.work.failed(claim, ProgramTimeout())
    did = threading.Event()

    def run(claim: Claim, stop: threading.Event) -> None:
        app.dossiers.note_reading(claim.subject, BLANK)
        did.set()

    running = Lane("test", (WorkKind.READ,), run, Unhurried(app.store, None), app.planner)
    running.start()
    assert did.wait(20), "it looks again after half a minute anyway"
    running.stop()


def test_a_lane_outlives_a_bug_in_its_own_books(
    app: App, dossier: Dossier, add_pages: Any, caplog: pytest.LogCaptureFixture
) -> None:
    add_pages(dossier, "one", "two")
    told: list[str] = []

    def changed(dossier_id: str) -> None:
        told.append(dossier_id)
        if len(told) == 1:
            raise ZeroDivisionError

    running = Lane("test", LOCAL, reads(app), app.work, app.planner, changed=changed)
    running.start()
    running.until_idle(threading.Event())
    assert isinstance(running.state().paused, Bug)
    assert "a bug in the lane's own books" in caplog.text
    running.wake()
    until(running, lambda: running.state().done == 2)
    running.stop()
    assert running.state().paused is None


def test_stopping_gives_work_in_hand_back(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "one")
    begun = threading.Event()

    def run(claim: Claim, stop: threading.Event) -> None:
        begun.set()
        stop.wait()
        raise Stopped

    running = lane(app, run)
    running.start()
    assert begun.wait(10)
    running.stop()
    assert app.store.rows("SELECT attempts, parked FROM work")[0][:] == (0, 0)


def test_a_full_disk_pauses_local_work(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "one")

    def run(claim: Claim, stop: threading.Event) -> None:
        raise DiskFull("vault")

    running = lane(app, run)
    running.start()
    running.until_idle(threading.Event())
    running.stop()
    assert isinstance(running.state().paused, DiskFull)
    assert app.work.left(LOCAL, parked=False) == 1


def test_a_lane_that_is_told_to_stop_between_two_looks_ends_at_once(app: App) -> None:
    """A thread may be anywhere when ``stop`` comes: also just before it goes to sleep."""
    for _ in range(300):
        running = lane(app, reads(app), jobs=2)
        running.start()
        stopping = threading.Thread(target=running.stop, daemon=True)
        stopping.start()
        stopping.join(5.0)
        assert not stopping.is_alive()


def test_a_lane_that_keeps_a_core_free_does_less_at_a_time(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "one", "two", "three", "four")
    together, most = [0], [0]
    both = threading.Event()
    counted = threading.Lock()

    def run(claim: Claim, stop: threading.Event) -> None:
        with counted:
            together[0] += 1
            most[0] = max(most[0], together[0])
            if together[0] == 2:
                both.set()
        if running._at_once == 2:
            both.wait(10)
        app.dossiers.note_reading(claim.subject, BLANK)
        with counted:
            together[0] -= 1

    running = Lane("test", (WorkKind.READ,), run, app.work, app.planner, jobs=2, at_once=1)
    running.start()
    running.until_idle(threading.Event())
    assert most[0] == 1
    running.limit(2)
    add_pages(dossier, "five", "six")
    running.until_idle(threading.Event())
    assert most[0] == 2
    running.stop()
