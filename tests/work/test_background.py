"""What is finished is sent while nobody has the home open, and nobody waits for that."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from digitizer.app import App
from digitizer.background import attend
from digitizer.errors import HomeTooNew
from digitizer.homekeys import Custody, Mode
from digitizer.model import Dossier
from digitizer.policy import FREE
from digitizer.sandbox.faults import Fault, Faults
from digitizer.storage.homelock import BACKGROUND
from digitizer.storage.store import Store
from tests.sealedhome import PASSPHRASE, carry_on, encrypt

pause = threading.Event().wait


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until another thread has done it."""
    for _ in range(int(seconds / 0.05)):
        if true():
            return
        pause(0.05)
    raise AssertionError("it did not come")


def holder(home: Path) -> str:
    try:
        return str(json.loads((home / "lock.holder").read_text("utf-8"))["command"])
    except (OSError, ValueError):
        return ""


@contextlib.contextmanager
def attending(home: Path) -> Iterator[None]:
    """The background, on a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=attend, args=(home, stop), kwargs={"again": 0.05})
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def home(app: App) -> Path:
    return app.home.root


def received(home: Path) -> set[str]:
    """The papers with a receipt, by the dossier they belong to."""
    with contextlib.closing(Store.open_for_reading(home / "digitizer.db")) as store:
        rows = store.rows(
            "SELECT paper.dossier_id FROM receipt JOIN paper ON paper.id = receipt.paper_id"
        )
        return {str(row[0]) for row in rows}


def test_what_is_finished_is_sent_and_the_rest_is_not(
    app: App, home: Path, waiting: Dossier, add_pages: Any
) -> None:
    other = next(one for one in app.dossiers.heads() if one.id != waiting.id)
    add_pages(waiting, "one")
    add_pages(app.dossiers.get(other.id), "two")
    app.dossiers.finish(waiting.id)
    app.close()
    with attending(home):
        until(lambda: waiting.id in received(home))
        until(lambda: bundles(home) == 2)
    assert received(home) == {waiting.id}, "nobody has finished the other"


def bundles(home: Path) -> int:
    with contextlib.closing(Store.open_for_reading(home / "digitizer.db")) as store:
        return int(store.rows("SELECT count(*) FROM bundle")[0][0])


def test_the_window_gets_the_home_at_once_and_the_background_has_it_afterwards(
    app: App, home: Path
) -> None:
    app.close()
    with attending(home):
        until(lambda: holder(home) == BACKGROUND)
        with App(home, "window"):
            assert holder(home) == "window"
        until(lambda: holder(home) == BACKGROUND)


def test_an_upload_that_hangs_keeps_nobody_from_the_home(
    app: App, home: Path, waiting: Dossier, faults: Faults, add_pages: Any
) -> None:
    add_pages(waiting, "one")
    app.dossiers.finish(waiting.id)
    app.close()
    faults.set(Fault.SLOW)
    with attending(home):
        until(lambda: holder(home) == BACKGROUND)
        with App(home, "window") as opened:
            assert opened.dossiers.get(waiting.id).id == waiting.id
    assert received(home) == set()


def test_a_list_that_does_not_come_keeps_nobody_from_the_home(
    app: App, home: Path, waiting: Dossier, faults: Faults
) -> None:
    app.close()
    faults.slow_seconds = 60.0
    faults.set(Fault.SLOW, 1)
    with attending(home):
        until(lambda: not faults.left(Fault.SLOW))
        with App(home, "window") as opened:
            assert opened.dossiers.get(waiting.id).id == waiting.id


def test_a_home_behind_a_passphrase_is_waited_for(app: App, home: Path) -> None:
    """It opens by nobody's hand here; ended, it would be started over and over."""
    app.close()
    encrypt(home, Custody.PASSPHRASE, PASSPHRASE)
    with attending(home):
        until(lambda: holder(home) == BACKGROUND)
        with App(home, "window", policy=FREE, passphrase=PASSPHRASE) as opened:
            opened.encryption.switch_off()
        assert carry_on(home, PASSPHRASE) is Mode.OFF
        until(lambda: holder(home) == BACKGROUND)


def test_a_newer_home_ends_it(app: App, home: Path) -> None:
    app.close()
    with contextlib.closing(sqlite3.connect(home / "digitizer.db")) as behind:
        behind.execute("PRAGMA user_version = 999")
    with pytest.raises(HomeTooNew):
        attend(home, threading.Event())
