"""Waiting for paper, and for a device that is busy."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitizer.errors import FeederEmpty, ScanCancelled, ScannerBusy
from digitizer.scanning import Profile, Progress, Source
from drivers import virtual
from drivers.host import HostedScanner
from drivers.sane_feed import Halt, patiently

PROFILE = Profile("airscan:e0:Virtual", Source.ADF, dpi=100, wait=True)


@pytest.fixture
def tray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The feeder of a virtual scanner behind sane-airscan; nothing lies in it."""
    folder = tmp_path / "tray"
    folder.mkdir()
    with virtual.running(folder) as url:
        monkeypatch.setenv("SANE_CONFIG_DIR", str(virtual.sane_config(url, tmp_path / "sane.d")))
        yield folder


def test_starts_when_paper_is_put_in_and_ends_with_it(tray: Path, stack: Path, into: Path) -> None:
    told: list[Progress] = []

    def put_in(progress: Progress) -> None:
        told.append(progress)
        if progress.waiting and not any(tray.iterdir()):
            for page in sorted(stack.iterdir())[:2]:
                shutil.copy(page, tray)

    pages = list(HostedScanner("sane").scan(PROFILE, into, threading.Event(), put_in))
    assert [page.seq for page in pages] == [1, 2]
    assert told[0] == Progress(1, waiting=True)
    assert not any(progress.waiting for progress in told if progress.seq > 1)


def test_a_stop_ends_the_waiting_at_once(tray: Path, into: Path) -> None:
    stop = threading.Event()
    stopped: list[float] = []

    def give_up(progress: Progress) -> None:
        if progress.waiting and not stopped:
            stopped.append(time.monotonic())
            stop.set()

    with pytest.raises(ScanCancelled):
        list(HostedScanner("sane").scan(PROFILE, into, stop, give_up))
    assert time.monotonic() - stopped[0] < 1.0
    assert list(tray.iterdir()) == []


def test_without_the_wish_an_empty_feeder_is_told(tray: Path, into: Path) -> None:
    profile = Profile("airscan:e0:Virtual", Source.ADF, dpi=100)
    with pytest.raises(FeederEmpty):
        list(HostedScanner("sane").scan(profile, into, threading.Event()))


class Opening:
    """A device that is busy for the first few attempts."""

    def __init__(self, busy: int) -> None:
        self.busy = busy
        self.attempts = 0

    def __call__(self) -> str:
        self.attempts += 1
        if self.attempts <= self.busy:
            raise ScannerBusy("x")
        return "open"


def test_a_busy_device_is_tried_again() -> None:
    opening = Opening(busy=1)
    assert patiently(opening, Halt(threading.Event(), threading.Event()), "x") == "open"
    assert opening.attempts == 2


def test_one_that_stays_busy_is_told() -> None:
    opening = Opening(busy=1000)
    with pytest.raises(ScannerBusy):
        patiently(opening, Halt(threading.Event(), threading.Event()), "x", seconds=0.6)
    assert 2 <= opening.attempts <= 3


@pytest.mark.parametrize("reason", [0, 1])
def test_nobody_waits_for_a_busy_device_after_a_stop(reason: int) -> None:
    reasons = (threading.Event(), threading.Event())
    reasons[reason].set()
    opening = Opening(busy=1000)
    with pytest.raises(ScanCancelled):
        patiently(opening, Halt(*reasons), "x")
    assert opening.attempts == 1
