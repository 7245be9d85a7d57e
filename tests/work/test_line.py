"""The line as it is: hours, limits, a line that comes back, small things first, what is left here.
Against a real sandbox."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lineside import CRAWL, NEVER, paper, ready, sent, state, stored, until
from msgspec.structs import replace

from digitizer import departures, sending
from digitizer.app import App
from digitizer.errors import ServerTrouble
from digitizer.limits import Hours, Limits
from digitizer.model import Dossier, PaperState
from digitizer.plan import SYNC
from digitizer.procedure.reach import answers
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.server import Address
from digitizer.storage import changes, ways
from digitizer.work.gate import Gate
from digitizer.work.lane import Lane
from digitizer.work.linewatch import LineWatch
from digitizer.work.queue import Claim

# --- hours ------------------------------------------------------------------------------------


def test_out_of_hours_nothing_goes_until_somebody_says_now(app: App, waiting: Dossier) -> None:
    ready(app, waiting)
    soon = datetime.now(UTC) + timedelta(hours=3)
    minute = (soon.hour + 7) % 24 * 60
    app.keep_limits(Limits(hours=Hours(minute, (minute + 60) % 1440)))
    app.sync.start()
    sent(app)
    closed = app.sync.state().closed_until
    assert closed is not None
    assert closed > datetime.now(UTC)
    assert state(app, waiting) is PaperState.READY
    app.send_now()
    until(app, lambda: state(app, waiting) is PaperState.SENT)
    until(app, lambda: app.sync.state().closed_until is not None)
    ready(app, waiting, "TP02")
    sent(app)
    assert state(app, waiting, "TP02") is PaperState.READY, "now was said once"
    app.keep_limits(Limits())
    until(app, lambda: state(app, waiting, "TP02") is PaperState.SENT)


def test_a_clock_that_jumps_opens_and_closes_the_gate() -> None:
    clock = [datetime(2026, 11, 25, 3, tzinfo=UTC)]  # ten o'clock there
    gate = Gate(lambda: Hours(17 * 60, 7 * 60), lambda: clock[0])
    assert gate.closed_until() == datetime(2026, 11, 25, 10, tzinfo=UTC)
    clock[0] = datetime(2031, 1, 1, 11, tzinfo=UTC)
    assert gate.closed_until() is None
    clock[0] = datetime(2019, 1, 1, 3, tzinfo=UTC)
    assert gate.closed_until() == datetime(2019, 1, 1, 10, tzinfo=UTC)
    gate.open_once()
    assert gate.closed_until() is None
    gate.drained()
    assert gate.closed_until() is not None


def test_work_that_a_clock_put_off_for_years_is_due(app: App, waiting: Dossier) -> None:
    ready(app, waiting)
    claim = app.work.claim(SYNC)
    assert claim is not None
    app.work.failed(claim, ServerTrouble())
    assert app.work.claim(SYNC) is None, "it is put off for two seconds"
    assert app.work.put_off(SYNC) == 1
    with app.store.transaction() as tx:  # the clock was two years ahead when it failed
        tx.execute("UPDATE work SET not_before = '2028-11-25T00:00:00.000000+00:00'")
    assert app.work.put_off(SYNC) == 0
    assert app.work.claim(SYNC) is not None


# --- small things first -----------------------------------------------------------------------


def test_small_things_go_first_and_no_big_one_waits_for_ever(app: App) -> None:
    """However many small papers keep coming, one of n bytes lets n / 20 000 of them pass."""
    sizes = {"big": 60 * ways.BYTES_A_PLACE, "middle": 10 * ways.BYTES_A_PLACE}

    def add(dossier: Dossier, name: str, size: int) -> None:
        with app.store.transaction() as tx:
            paper_id = changes.add_paper(tx, dossier.id, name, name)
            tx.execute(
                "INSERT INTO bundle VALUES (?, 'f', ?, 1, ?, ?)",
                (paper_id, name, size, "2026-11-25T00:00:00+00:00"),
            )
            tx.execute(
                "INSERT INTO work (dossier_id, kind, subject, version) VALUES (?, 'upload', ?, ?)",
                (dossier.id, paper_id, name),
            )

    dossier = app.dossiers.open_new(code="000.00.20.H02-261122-0001")
    app.settle()  # the planner leaves these rows alone
    for name, size in sizes.items():
        add(dossier, name, size)
    passed: list[str] = []
    for number in range(100):
        add(dossier, f"small-{number}", 100)
        claim = app.work.claim(SYNC)
        assert claim is not None
        passed.append(claim.version)
        app.work.done(claim)
    assert passed[0] == "small-0"
    assert 5 <= passed.index("middle") <= 12
    assert 50 <= passed.index("big") <= 62


def test_the_outbox_is_listed_as_it_goes(app: App, waiting: Dossier) -> None:
    other = app.dossiers.find("000.00.20.H02-261122-0002")
    ready(app, waiting, size=900_000)
    ready(app, other)
    for one in (waiting, other):
        app.dossiers.finish(one.id)
    app.settle()
    listed = departures.leaving(app.store, 10)
    assert [one.dossier.id for one in listed] == [other.id, waiting.id]
    assert (listed[1].bytes, listed[1].biggest, listed[1].papers) == (900_000, 900_000, 1)
    load = sending.load(app.store, app.work.server, finished_only=True)
    assert (load.papers, load.bytes) == (2, sum(one.bytes for one in listed))
    claim = app.work.claim(SYNC)
    assert claim is not None
    assert claim.dossier_id == other.id


# --- on its way -------------------------------------------------------------------------------


def test_what_is_being_sent_is_left_here_and_sent_after_all(
    app: App, waiting: Dossier, tmp_path: Path
) -> None:
    mine = ready(app, waiting)
    ready(app, waiting, "TP02")
    app.dossiers.finish(waiting.id)
    app.keep_limits(CRAWL)
    app.sync.start()
    until(app, lambda: app.syncing.going is not None and app.syncing.going.sent > 0)
    going = app.syncing.going
    assert going is not None
    first, second = ("TP01", "TP02") if going.paper_id == mine.id else ("TP02", "TP01")
    app.limits = Limits()  # of what goes next
    app.withhold([going.paper_id])
    until(app, lambda: state(app, waiting, second) is PaperState.SENT)
    sent(app)
    assert state(app, waiting, first) is PaperState.READY
    assert paper(app, waiting, first).way.withheld
    assert stored(tmp_path) == 1, "nothing of the other is there"
    (left,) = departures.withheld(app.store, app.work.server, 10)
    assert departures.count_withheld(app.store, app.work.server) == 1
    assert left.paper_id == going.paper_id
    assert app.sync.state().failed == 0
    sending.let_go(app.store, app.events, [going.paper_id])
    until(app, lambda: state(app, waiting, first) is PaperState.SENT)
    assert departures.withheld(app.store, app.work.server, 10) == ()
    assert departures.count_withheld(app.store, app.work.server) == 0
    assert stored(tmp_path) == 2


def test_what_was_left_here_is_not_sent_though_it_was_claimed_before(
    app: App, waiting: Dossier
) -> None:
    mine = ready(app, waiting)
    claim = app.work.claim(SYNC)
    assert claim is not None
    app.withhold([mine.id])
    app.syncing.run(claim, NEVER)
    assert app.store.rows("SELECT * FROM sending") == []


def test_stopping_lets_go_of_a_server_that_does_not_answer(
    app: App, waiting: Dossier, faults: Faults
) -> None:
    """The answer would come in a minute, and the paper would have arrived."""
    ready(app, waiting)
    faults.slow_seconds = 60.0
    faults.set(Fault.SLOW, 1)
    app.sync.start()
    until(app, lambda: not faults.left(Fault.SLOW))
    app.sync.stop()
    assert app.syncing.sent == 0
    (work,) = app.store.rows("SELECT attempts, error FROM work")
    assert tuple(work) == (0, ""), "given back as if it had not been tried"


# --- a line that is gone, a server that is down -----------------------------------------------


def test_who_answers(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert answers(f"http://127.0.0.1:{port}/o/rest/v2")
    assert not answers(f"http://127.0.0.1:{port}/o/rest/v2")
    assert not answers("https://[bad")
    assert answers(str(tmp_path))
    assert answers(tmp_path.as_uri())
    assert not answers(str(tmp_path / "away"))


def test_the_line_is_watched_for_until_it_is_back_once() -> None:
    said = iter([False, False, True])
    asked: list[int] = []
    found = threading.Event()

    def answer() -> bool:
        asked.append(1)
        return next(said)

    watch = LineWatch(answer, (0.001, 0.002))
    watch.begin(found.set)
    watch.begin(found.set)
    assert found.wait(30)
    assert len(asked) == 3
    watch.end()


def test_a_lane_without_a_line_goes_on_when_it_is_back(
    app: App, waiting: Dossier, sandbox: Address
) -> None:
    """Its own next try is a quarter of an hour away; the watch finds the line."""
    ready(app, waiting)
    back = threading.Event()
    lane = Lane("test", SYNC, app.syncing.run, app.work, app.planner,
                watch=LineWatch(back.is_set, (0.001, 0.002)))  # fmt: skip
    lane._pauses = 12  # it has been away for long
    good = app.servers.get()
    assert good is not None
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        gone = nobody.getsockname()[1]
    nowhere = replace(good, url=f"http://127.0.0.1:{gone}/o/rest/v2")
    app.servers.set(nowhere, sandbox.password)
    lane.start()
    lane.until_idle(NEVER)
    assert lane.state().paused is not None
    app.servers.set(good, sandbox.password)
    back.set()
    until(app, lambda: state(app, waiting) is PaperState.SENT)
    lane.stop()


def test_a_server_that_fails_is_not_asked_by_all_that_waits(app: App, waiting: Dossier) -> None:
    for serial in range(2, 10):
        ready(app, app.dossiers.find(f"000.00.20.H02-261122-{serial:04d}"))
    tried: list[Claim] = []

    def fail(claim: Claim, _stop: threading.Event) -> None:
        tried.append(claim)
        raise ServerTrouble

    lane = Lane("test", SYNC, fail, app.work, app.planner)
    lane.start()
    lane.until_idle(NEVER)
    lane.stop()
    assert isinstance(lane.state().paused, ServerTrouble)
    assert len(tried) == 5
    assert len({claim.subject for claim in tried}) == 5
    again = Lane("test", SYNC, fail, app.work, app.planner)
    again.start()
    again.until_idle(NEVER, one_round=True)
    again.stop()
    assert len({claim.subject for claim in tried}) == 8, "asked for one round, all are tried"


def test_a_result_goes_the_same_way(app: App, waiting: Dossier) -> None:
    ready(app, waiting, "KQ01")
    app.sync.start()
    sent(app)
    assert state(app, waiting, "KQ01") is PaperState.SENT
