"""Passwords in a real keyring: kept there alone; locked or silent, it holds up nothing else."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest

from digitizer.app import App
from digitizer.config import Home
from digitizer.errors import KeyringLocked, PasswordMissing
from digitizer.passwords import Passwords
from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox
from digitizer.servers import Server
from digitizer.storage.store import Store
from tests import keyringfile
from tests.keyringfile import SPEAKS, lock_of
from tests.readymade import add_ready_paper

PATIENCE = 0.2
CODE = "000.00.20.H02-261122-0001"


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of the keyring that the environment names."""
    before = keyring.get_keyring()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", keyringfile.NAME)
    monkeypatch.setenv(keyringfile.VARIABLE, str(tmp_path / "ring.json"))
    keyring.core.init_backend()
    assert isinstance(keyring.get_keyring(), keyringfile.KeyringFile)
    yield tmp_path / "ring.json"
    SPEAKS.set()
    keyring.set_keyring(before)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    return Home(tmp_path / "home")


def set_up(app: App, address: Address) -> Server:
    server = Server("opencps", address.url, address.group, address.user)
    app.servers.set(server, address.password)
    app.server_changed()
    return server


def test_what_the_keyring_holds_is_nowhere_else(ring: Path, home: Home) -> None:
    Passwords(home).put("lan@https://a", "mật khẩu")
    assert not Passwords(home).in_file
    assert Passwords(home).get("lan@https://a") == "mật khẩu"
    assert Passwords(home).get("lan@https://b") == ""
    assert list(json.loads(ring.read_text("utf-8")).values()) == ["mật khẩu"]
    Passwords(home).forget("lan@https://a")
    assert Passwords(home).get("lan@https://a") == ""


def test_a_keyring_that_takes_nothing_leaves_it_to_a_private_file(ring: Path, home: Home) -> None:
    lock_of(ring).touch()
    kept = Passwords(home)
    kept.put("lan@https://a", "một")
    kept.put("mai@https://a", "hai")
    assert kept.in_file
    assert home.password.stat().st_mode & 0o777 == 0o600
    again = Passwords(home)
    assert (again.get("lan@https://a"), again.get("mai@https://a")) == ("một", "hai")
    lock_of(ring).unlink()
    again.put("lan@https://a", "ba")
    assert "ba" not in home.password.read_text("utf-8"), "the keyring takes it now"
    again.forget("mai@https://a")
    assert not again.in_file
    assert Passwords(home).get("lan@https://a") == "ba"


@pytest.mark.parametrize("kept", ['{"for": "u@https://a", "password": "cũ"}', "cũ", "123456"])
def test_what_older_versions_wrote_is_read(ring: Path, home: Home, kept: str) -> None:
    home.password.write_text(kept, "utf-8")
    word = "cũ" if "cũ" in kept else kept
    Passwords(home).settle("u@https://a")
    assert Passwords(home).get("u@https://a") == word
    assert Passwords(home).get("u@https://b") == ""


def test_locked_it_is_not_taken_for_no_password(ring: Path, home: Home) -> None:
    Passwords(home).put("lan@https://a", "một")
    lock_of(ring).touch()
    with pytest.raises(KeyringLocked):
        Passwords(home).get("lan@https://a")
    lock_of(ring).unlink()
    assert Passwords(home).get("lan@https://a") == "một"


def test_what_it_told_once_needs_no_second_look(ring: Path, home: Home) -> None:
    Passwords(home).put("lan@https://a", "một")
    kept = Passwords(home)
    assert kept.get("lan@https://a") == "một"
    lock_of(ring).touch()
    SPEAKS.clear()
    assert kept.get("lan@https://a") == "một"


def test_a_silent_keyring_is_asked_once_and_its_answer_taken_when_it_comes(
    ring: Path, home: Home
) -> None:
    Passwords(home).put("lan@https://a", "một")
    kept = Passwords(home, patience=PATIENCE)
    SPEAKS.clear()
    for _ in range(3):
        with pytest.raises(KeyringLocked):
            kept.get("lan@https://a")
    asking = [one for one in threading.enumerate() if one.name == "keyring"]
    assert len(asking) == 1
    SPEAKS.set()
    asking[0].join(30)
    assert kept.get("lan@https://a") == "một"


def test_who_waits_for_it_is_let_go_at_the_end(ring: Path, home: Home) -> None:
    SPEAKS.clear()
    kept = Passwords(home, patience=3600)
    told: list[Exception] = []

    def ask() -> None:
        try:
            kept.get("lan@https://a")
        except KeyringLocked as error:
            told.append(error)

    waiting = threading.Thread(target=ask, daemon=True)
    waiting.start()
    while waiting.is_alive() and not any(one.name == "keyring" for one in threading.enumerate()):
        waiting.join(0.01)
    kept.close()
    waiting.join(30)
    assert len(told) == 1


@pytest.mark.parametrize("silent", [False, True])
def test_the_lane_waits_burns_no_attempt_and_goes_on(
    ring: Path, app: App, tmp_path: Path, silent: bool
) -> None:
    accounts = Accounts()
    with Sandbox(tmp_path / "sandbox", Faults(), accounts=accounts) as address:
        server = set_up(app, address)
        app.syncing.down(threading.Event())
        add_ready_paper(app, app.dossiers.find(CODE))
        app.servers.passwords = Passwords(app.home, patience=PATIENCE)  # as after a new start
        if silent:
            SPEAKS.clear()
        else:
            lock_of(ring).touch()
        app.sync.start()
        app.sync.until_idle(threading.Event())
        assert isinstance(app.sync.state().paused, KeyringLocked)
        assert app.store.rows("SELECT attempts FROM work WHERE kind = 'upload'")[0][0] == 0
        assert accounts.refusals(server.user) == 0, "nobody signed in without a password"
        lock_of(ring).unlink(missing_ok=True)
        SPEAKS.set()
        until(app, lambda: sent(app.store) == 1)
        assert accounts.refusals(server.user) == 0


def test_without_a_password_nobody_signs_in(ring: Path, app: App, sandbox: Address) -> None:
    server = set_up(app, sandbox)
    app.syncing.down(threading.Event())
    app.servers.forget_password(server, server.user)
    add_ready_paper(app, app.dossiers.find(CODE))
    app.sync.start()
    app.sync.until_idle(threading.Event())
    assert isinstance(app.sync.state().paused, PasswordMissing)
    with pytest.raises(PasswordMissing):
        app.syncing.down(threading.Event())
    set_up(app, sandbox)
    until(app, lambda: sent(app.store) == 1)


def sent(store: Store) -> int:
    """How many papers are confirmed."""
    return int(store.rows("SELECT count(*) FROM receipt")[0][0])


def until(app: App, ready: Callable[[], bool]) -> None:
    """Let the lane go on until ``ready``."""
    patience = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < patience, app.sync.state()
        app.sync.wake()
        app.sync.until_idle(threading.Event())
        app.settle()
