"""The bridge: results come back on the UI thread, changes as one, and signals hold out."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from digitizer.errors import Bug, DigitizerError, DiskFull, HomeReadOnly
from digitizer.events import Events
from tests.ui.conftest import PATIENCE_MS
from ui.bridge import Bridge, Latest, Pool

EMISSIONS = 100_000


@pytest.fixture
def bridge(qapp: object) -> Iterator[Bridge]:
    bridge = Bridge()
    yield bridge
    bridge.close()


@pytest.mark.parametrize("pool", list(Pool))
def test_work_is_done_elsewhere_and_answered_here(bridge: Bridge, qtbot: QtBot, pool: Pool) -> None:
    here = threading.get_ident()
    told: list[tuple[int, int]] = []
    bridge.ask(
        threading.get_ident, lambda there: told.append((there, threading.get_ident())), pool=pool
    )
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    assert told[0][0] != here
    assert told[0][1] == here


@pytest.mark.parametrize(
    ("raised", "told"),
    [(DiskFull("x"), DiskFull), (PermissionError(13, "no"), HomeReadOnly), (ValueError("?"), Bug)],
)
def test_troubles_are_rows_of_the_table(
    bridge: Bridge, qtbot: QtBot, raised: Exception, told: type[DigitizerError]
) -> None:
    caught: list[DigitizerError] = []

    def fail() -> None:
        raise raised

    bridge.ask(fail, failed=caught.append)
    qtbot.waitUntil(lambda: bool(caught), timeout=PATIENCE_MS)
    assert type(caught[0]) is told


def test_many_changes_arrive_as_few(bridge: Bridge, qtbot: QtBot) -> None:
    events = Events()
    bridge.watch(events)
    told: list[frozenset[str]] = []
    bridge.changed.connect(told.append)

    def publish() -> None:
        for number in range(500):
            events.publish(f"dossier-{number % 5}")

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: bool(told) and len(frozenset().union(*told)) == 5, timeout=PATIENCE_MS)
    assert len(told) < 100


def test_the_latest_is_read_once_more_however_often_it_is_asked(
    bridge: Bridge, qtbot: QtBot
) -> None:
    go_on = threading.Event()
    reads: list[int] = []
    shown: list[int] = []

    def read() -> int:
        go_on.wait()
        reads.append(1)
        return len(reads)

    latest = Latest(bridge, read, shown.append)
    for _ in range(10):
        latest()
    go_on.set()
    qtbot.waitUntil(lambda: shown == [1, 2], timeout=PATIENCE_MS)
    assert len(reads) == 2


def test_what_was_asked_before_the_end_is_still_done(qapp: object) -> None:
    bridge = Bridge()
    done: list[int] = []
    go_on = threading.Event()
    bridge.ask(go_on.wait)
    for number in range(20):
        bridge.ask(lambda number=number: done.append(number))
    go_on.set()
    bridge.close()
    bridge.ask(lambda: done.append(-1))
    assert done == list(range(20))


def test_a_signal_is_emitted_a_hundred_thousand_times(qapp: object) -> None:
    """PySide6 6.12.0 lost references of True and aborted CPython after ~550 emissions."""

    class Speaker(QObject):
        said = Signal(bool)

    speaker = Speaker()
    heard = [0, 0]

    def hear(value: bool) -> None:
        heard[value] += 1

    speaker.said.connect(hear)
    for number in range(EMISSIONS):
        speaker.said.emit(number % 2 == 0)
    assert heard == [EMISSIONS // 2, EMISSIONS // 2]
