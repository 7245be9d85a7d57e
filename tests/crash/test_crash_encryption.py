"""A kill at every call that changes the disk, and a full disk from every one on,
while a home is encrypted, made plain again, and its keys change hands: no page, no fact and no key
is lost, and what is begun is ended by the next start.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from crashing import KILLED, Nursery, Outcome
from test_crash import crashes, pages_of

from digitizer import encrypting, unlocking
from digitizer.app import App
from digitizer.config import Home
from digitizer.errors import RecoveryKeyWrong
from digitizer.homekeys import Custody, Mode
from digitizer.policy import FREE
from digitizer.storage import auditlog, cipher, holdings
from tests.sealedhome import PASSPHRASE, PLAIN, begin, encrypt, files_with

NAME = "000.00.20.H02-261122-0001"
IN_CLEAR = (PLAIN, b"%PDF-1.", NAME.encode(), b"a page of nobody")
"""What stands in a plain home; each too long to come up in random bytes."""


@pytest.fixture
def plain_home(bundled_home: Path, ring: Path, tmp_path: Path) -> Path:
    """A home with two read pages and a bundle, and a file that a crash left."""
    home = tmp_path / "plain"
    shutil.copytree(bundled_home, home)
    (home / "rescued/0001.jpg").write_text("a page of nobody")
    assert all(files_with(home, one) for one in IN_CLEAR)
    return home


@pytest.fixture
def pages_here(plain_home: Path) -> list[str]:
    """The pages that are never to be lost."""
    found = pages(plain_home)
    assert len(found) == 2
    return found


@pytest.fixture
def begun_home(plain_home: Path, pages_here: list[str]) -> Path:
    """The same, to be encrypted."""
    begin(plain_home)
    return plain_home


@pytest.fixture
def ending_home(plain_home: Path, pages_here: list[str]) -> Path:
    """The same, encrypted, to be made plain again."""
    encrypt(plain_home)
    with App(plain_home, "test", policy=FREE) as app:
        app.encryption.switch_off()
    return plain_home


def pages(home: Path, passphrase: str | None = None) -> list[str]:
    """Open the home as at the next start, check that it is sound; tell its pages."""
    with App(home, "test", policy=FREE, passphrase=passphrase) as app:
        return sound(app)


def sound(app: App) -> list[str]:
    """What ``verify`` looks at, but for the bundle's own rules: that takes a program each time."""
    assert [row[0] for row in app.store.rows("PRAGMA integrity_check")] == ["ok"]
    assert list(auditlog.faults(app.store)) == []
    assert all(app.vault.sound(one) for one in holdings.blobs(app.store))
    return pages_of(app.dossiers.find(NAME))


def ended(home: Path, wanted: list[str]) -> Mode:
    """Open the home as at the next start: all is there, before and after it goes on to the end."""
    with App(home, "test", policy=FREE) as app:
        assert app.encryption.trouble is None
        assert sound(app) == wanted
        mode = app.encryption.carry_on(threading.Event(), lambda *_: None).mode
        assert sound(app) == wanted
    return mode


def converted(
    nursery: Nursery, template: Path, folder: Path, ring: Path, mode: str
) -> Iterator[tuple[Path, Outcome]]:
    """Convert copies of a home, ended at each call that counts, the last one at none; the keyring
    is what it was before each."""
    kept, home = ring.read_bytes(), folder / "home"

    def run(mode: str, nth: int) -> Outcome:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(template, home)
        ring.write_bytes(kept)
        return nursery.run(home, "convert", mode, nth)

    calls = run("count", 0).calls
    for nth in places(calls):
        outcome = run(mode, nth)
        assert outcome.exit in (0, KILLED), outcome
        fewer = 0 < len(outcome.calls) < nth  # a lane's reader may have opened the WAL before
        assert (outcome.exit == 0) == (mode == "full") or fewer, "every call is hit"
        yield home, outcome
    yield home, run("off", 0)


def places(calls: list[str]) -> list[int]:
    """The calls to be ended at: all of them, but of a hundred pages in a row that are written to
    the same copy, which is thrown away whole, only the ends and a few between."""
    rows = [call if ".converting" in call and "write" in call else "" for call in calls]
    return [
        number
        for number, row in enumerate(rows, start=1)
        if not row or number % 40 == 0 or not rows[number - 2] == row == [*rows, ""][number]
    ]


def plain_words(home: Path) -> list[str]:
    return files_with(home, *IN_CLEAR)


@pytest.mark.parametrize("mode", ["before", "full"])
def test_whatever_ends_it_a_home_that_is_being_encrypted_is_whole_and_ends_encrypted(
    nursery: Nursery, begun_home: Path, ring: Path, tmp_path: Path, pages_here: list[str], mode: str
) -> None:
    ends, errors = [], set()
    for home, outcome in converted(nursery, begun_home, tmp_path, ring, mode):
        ends.append(cipher.is_sealed(home / "digitizer.db"))
        errors.add(outcome.fact("error"))
        if outcome.fact("mode") == Mode.ON:
            assert plain_words(home) == []
        assert ended(home, pages_here) is Mode.ON
        assert plain_words(home) == [], "nothing half converted is left in clear"
    assert ends[0] is False and ends[-1] is True
    assert ends == sorted(ends) or mode == "full", "one database or the other, from one call on"
    told = {"disk-full", "home-read-only", None}  # SQLite cannot tell why a file cannot be made
    assert errors == (told if mode == "full" else {None})


@pytest.mark.parametrize("mode", ["before", "full"])
def test_whatever_ends_it_a_home_that_is_made_plain_is_whole_and_ends_plain(
    nursery: Nursery,
    ending_home: Path,
    ring: Path,
    tmp_path: Path,
    pages_here: list[str],
    mode: str,
) -> None:
    ends = []
    for home, outcome in converted(nursery, ending_home, tmp_path, ring, mode):
        ends.append(cipher.is_plain(home / "digitizer.db"))
        assert ended(home, pages_here) is Mode.OFF
        assert not list(home.rglob("*.age"))
        if outcome.fact("mode") == Mode.OFF:
            assert list((home / "keys").iterdir()) == []
    assert ends[0] is False and ends[-1] is True
    assert ends == sorted(ends) or mode == "full"


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_kill_while_keys_are_made_leaves_a_home_off_or_to_be_encrypted(
    nursery: Nursery, plain_home: Path, ring: Path, tmp_path: Path, pages_here: list[str], mode: str
) -> None:
    ends = []
    ring.write_text("{}", "utf-8")
    for _, home, _outcome in crashes(nursery, plain_home, tmp_path, "prepare", mode):
        with App(home, "test", policy=FREE) as app:
            ends.append(app.encryption.state().mode)
        assert pages(home) == pages_here
        ring.write_text("{}", "utf-8")  # which a kill may have left half written
    assert set(ends) == {Mode.OFF, Mode.SWITCHING_ON}


def test_a_kill_while_custody_changes_leaves_one_that_opens(
    nursery: Nursery, plain_home: Path, ring: Path, tmp_path: Path, pages_here: list[str]
) -> None:
    encrypt(plain_home)
    kept, by = ring.read_bytes(), set()
    for _, home, _outcome in crashes(nursery, plain_home, tmp_path, "change-custody", "after"):
        held = encrypting.state(Home(home)).custody
        assert pages(home, PASSPHRASE) == pages_here
        by.add(held)
        ring.write_bytes(kept)
    assert by == {Custody.KEYRING, Custody.PASSPHRASE}


@pytest.mark.parametrize("mode", ["before", "after", "full"])
def test_whatever_ends_a_change_of_the_recovery_key_one_that_was_shown_opens(
    nursery: Nursery, plain_home: Path, ring: Path, tmp_path: Path, pages_here: list[str], mode: str
) -> None:
    old, opens = encrypt(plain_home), set()
    for _, home, outcome in crashes(nursery, plain_home, tmp_path, "new-recovery-key", mode):
        new = outcome.fact("key")
        held = [one for one in (old, new) if one and opened_by(home, one)]
        assert len(held) == 1
        assert pages(home) == pages_here
        opens.add(held == [new])
    assert opens == {False, True}


def opened_by(home: Path, key: str) -> bool:
    """Whether a recovery key opens a home."""
    try:
        return unlocking.by_recovery(Home(home), key) is not None
    except RecoveryKeyWrong:
        return False
