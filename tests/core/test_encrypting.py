"""A home with all that belongs to it, encrypted and made plain again: nothing is lost, nothing is
in clear, and it works as ever in between."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from olderhome import set_back

from digitizer.app import App, Facts
from digitizer.config import Home
from digitizer.errors import HomeLocked, KeyringLocked
from digitizer.finding import find
from digitizer.homekeys import Custody, Mode
from digitizer.indexing import index_all
from digitizer.model import Dossier, Reading, Words
from digitizer.pagetext import PageText
from digitizer.passwords import Passwords
from digitizer.policy import FREE
from digitizer.servers import Server
from digitizer.storage import cipher, holdings
from digitizer.unlocking import by_recovery
from digitizer.verifying import Problem, verify
from tests.keyringfile import lock_of
from tests.readymade import add_ready_paper
from tests.sealedhome import (
    PLAIN,
    begin,
    carry_on,
    decrypt,
    encrypt,
    files_with,
    keyring_in,
    read_by_another,
)

CODE = "000.00.20.H02-261122-0001"
HOLDER = "Trần Thị Bưởi"
TEXT = "Giấy khai sinh của Nguyễn Văn Thuận"
READING = Reading(620, 877, 75.0, 75.0, False, 0.1, 0, 0.0)
SAID = (CODE, HOLDER, "Bưởi", "Thuận", "thuan", "%PDF ", "mật-khẩu-một-cửa", "cccd 012345678901")
"""What stands in the dossier, and may stand in no file."""


@pytest.fixture(autouse=True)
def ring(tmp_path: Path) -> Iterator[Path]:
    with keyring_in(tmp_path / "ring.json") as file:
        yield file


@pytest.fixture
def home(tmp_path: Path, ring: Path) -> Path:
    """A home with a read page, a bundle, a word index, a password in a file, what a crash left."""
    home = tmp_path / "home"
    with App(home, "test", policy=FREE) as app:
        dossier = app.dossiers.open_new(code=CODE, holder=HOLDER)
        add_ready_paper(app, dossier)
        page = app.dossiers.get(dossier.id).papers[0].pages[0]
        words = app.home.work / "words"
        words.write_text(TEXT, "utf-8")
        blob = app.vault.keep(words).sha256
        words.unlink()
        said = PageText(TEXT, TEXT)
        app.dossiers.note_reading(page.sha256, READING, Words(blob, blob, 6, 90.0), (), said)
        index_all(app.store, threading.Event())
        lock_of(ring).touch()
        app.servers.set(Server("opencps", "https://a", "1", "lan"), "mật-khẩu-một-cửa")
        lock_of(ring).unlink()
    (home / "rescued/batch").mkdir()
    (home / "rescued/batch/0001.jpg").write_text("cccd 012345678901")
    return home


def told(app: App) -> tuple[Dossier, list[str], str]:
    """What a clerk finds in a home."""
    dossier = app.dossiers.find(CODE)
    assert dossier is not None
    (found,) = find(app.store, "thuận")
    server = app.servers.get()
    assert server is not None
    return dossier, [one.page_id for one in found.places], found.dossier.holder


def problems(app: App) -> tuple[Problem, ...]:
    found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
    return tuple(one for one in found.problems if one.kind != "not-pdfa")  # bundles here are none


def in_clear(home: Path) -> list[str]:
    return files_with(home, PLAIN, *(word.encode() for word in SAID))


def test_nothing_of_a_dossier_is_in_clear_and_nothing_is_lost(home: Path) -> None:
    with App(home, "test", policy=FREE) as app:
        before = told(app)
        blobs = holdings.blobs(app.store)
    assert len(in_clear(home)) > 4
    encrypt(home)
    assert in_clear(home) == []
    with App(home, "test", policy=FREE) as app:
        assert told(app) == before
        assert all(app.vault.sound(one) for one in blobs)
        assert problems(app) == ()
        wal = home / "digitizer.db-wal"
        app.dossiers.open_new(code=None, holder=HOLDER)
        assert wal.stat().st_size > 0
        assert in_clear(home) == [], "nor while it is open, its journal included"
    decrypt(home)
    with App(home, "test", policy=FREE) as app:
        assert told(app)[1:] == before[1:]
        assert all(app.vault.sound(one) for one in blobs)
        assert problems(app) == ()
    assert (home / "rescued/batch/0001.jpg").read_text() == "cccd 012345678901"
    assert not list(home.rglob("*.age"))


def test_a_home_on_its_way_works_as_ever_and_goes_on_after_a_restart(home: Path) -> None:
    begin(home)
    stop = threading.Event()
    with App(home, "test", policy=FREE) as app:
        assert app.encryption.carry_on(stop, lambda done, _: stop.set() if done else None).mode is (
            Mode.SWITCHING_ON
        )
        assert app.vault.sealed().files and app.vault.unsealed().files, "it is mixed"
        assert problems(app) == ()
        before = told(app)
        add_ready_paper(app, before[0], "TP02")
        with Facts(home) as facts:
            assert facts.store.rows("SELECT count(*) FROM page")[0][0] == 2
            assert all(facts.vault.sound(one) for one in holdings.blobs(facts.store))
    assert carry_on(home) is Mode.ON
    with App(home, "test", policy=FREE) as app:
        assert len(told(app)[0].papers) == 2
        assert app.vault.unsealed().files == 0
    assert in_clear(home) == []


def test_it_is_carried_on_with_behind_the_work_of_a_window(home: Path) -> None:
    begin(home)
    with App(home, "test", policy=FREE) as app:
        app.encryption.start()
        app.encryption.wait(30)
        assert app.encryption.state().mode is Mode.ON
        assert app.encryption.trouble is None
        done, total = app.encryption.done
        assert done == total > 0


def test_one_may_turn_round_in_the_middle(home: Path) -> None:
    begin(home)
    stop = threading.Event()
    with App(home, "test", policy=FREE) as app:
        before = told(app)
        app.encryption.carry_on(stop, lambda done, _: stop.set() if done else None)
        app.encryption.switch_off()
        app.encryption.switch_off()  # twice does no harm
    assert carry_on(home) is Mode.OFF
    with App(home, "test", policy=FREE) as app:
        assert told(app) == before
        assert problems(app) == ()
        assert app.vault.sealed().files == 0
    assert not list(home.rglob("*.age"))


def test_somebody_who_reads_beside_puts_the_database_off(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "_BUSY_MS", 50)
    begin(home)
    with read_by_another(home / "digitizer.db"), App(home, "test", policy=FREE) as app:
        assert isinstance(app.encryption.trouble, HomeLocked)
        assert told(app)[2] == HOLDER
        state = app.encryption.carry_on(threading.Event(), lambda *_: None)
        assert (state.mode, state.database) == (Mode.SWITCHING_ON, False)
        assert app.vault.unsealed().files == 0, "the rest went on"
    assert carry_on(home) is Mode.ON
    assert in_clear(home) == []


def test_old_copies_of_the_database_are_encrypted_and_still_prove_the_record(home: Path) -> None:
    backups = Home(home).backups
    with App(home, "test", policy=FREE) as app:
        app.store.back_up(backups / "digitizer-v19-good.db")
    damaged = bytearray((backups / "digitizer-v19-good.db").read_bytes())
    damaged[200:] = os.urandom(len(damaged) - 200)
    (backups / "digitizer-v18-bad.db").write_bytes(damaged)
    encrypt(home)
    assert sorted(one.name for one in backups.iterdir()) == [
        "digitizer-v18-bad.db.age",
        "digitizer-v19-good.db",
    ]
    assert in_clear(home) == []
    with App(home, "test", policy=FREE) as app:
        assert problems(app) == ()
        head = app.store.look_at(backups / "digitizer-v19-good.db")
        assert head.rows("SELECT count(*) FROM audit")[0][0] > 3
        head.close()
    decrypt(home)
    assert (backups / "digitizer-v18-bad.db").read_bytes() == damaged
    assert cipher.is_plain(backups / "digitizer-v19-good.db")


def test_an_older_schema_is_migrated_in_an_encrypted_home_and_its_backup_is_encrypted(
    home: Path,
) -> None:
    key = encrypt(home)
    secret = by_recovery(Home(home), key).database
    cipher.unseal(home / "digitizer.db", secret)
    set_back(home / "digitizer.db", 19)
    cipher.seal(home / "digitizer.db", secret)
    with App(home, "test", policy=FREE) as app:
        assert app.store.version() > 19
        index_all(app.store, threading.Event())  # by and by, at a window
        assert told(app)[2] == HOLDER
    (backup,) = Home(home).backups.iterdir()
    assert cipher.is_sealed(backup)
    assert in_clear(home) == []
    with Facts(home) as facts:
        old = facts.store.look_at(backup)
        assert old.version() == 19
        assert old.rows("SELECT holder FROM dossier")[0][0] == HOLDER
        old.close()


def test_a_password_that_no_keyring_takes_is_sealed_with_the_home(home: Path, ring: Path) -> None:
    encrypt(home)
    assert not Home(home).password.exists()
    lock_of(ring).touch()
    assert Passwords(Home(home)).in_file
    lock_of(ring).unlink()
    with App(home, "test", policy=FREE) as app:
        lock_of(ring).touch()
        assert app.servers.passwords.get("lan@https://a") == "mật-khẩu-một-cửa"
        with pytest.raises(KeyringLocked):
            app.servers.passwords.get("mai@https://a")
        app.servers.passwords.put("mai@https://a", "mật-khẩu-một-cửa")
        lock_of(ring).unlink()
    assert in_clear(home) == []
    decrypt(home)
    kept = json.loads(Home(home).password.read_text("utf-8"))["passwords"]
    assert set(kept) == {"lan@https://a", "mai@https://a"}


def test_copies_are_removed_from_an_encrypted_home(home: Path) -> None:
    encrypt(home)
    with App(home, "test", policy=FREE) as app:
        app.retention.discard(told(app)[0].id, "thử", grace=False)
        index_all(app.store, threading.Event())
        assert list(home.glob("vault/??/*")) == []
        assert find(app.store, "thuận") == ()
        assert problems(app) == ()


def test_verify_says_what_lies_in_clear(home: Path) -> None:
    encrypt(home)
    blob = home / "vault/ab" / ("ab" * 32)
    blob.parent.mkdir(exist_ok=True)
    blob.write_bytes(b"x")
    with App(home, "test", policy=FREE) as app:
        assert problems(app) == (Problem("not-encrypted", "1 file in the vault"),)
        app.encryption.carry_on(threading.Event(), lambda *_: None)
        assert problems(app) == ()


def test_a_forged_page_in_an_encrypted_home_is_found_out(home: Path) -> None:
    encrypt(home)
    with App(home, "test", policy=FREE) as app:
        first, *_ = sorted(holdings.blobs(app.store))
        file = app.vault.path(first)
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.write_bytes(data)
        assert problems(app) == (Problem("blob-changed", first),)


def test_where_the_keyring_is_no_home_for_a_key_a_passphrase_is(home: Path) -> None:
    encrypt(home, Custody.PASSPHRASE, "mười ký tự trở lên")
    with App(home, "test", policy=FREE, passphrase="mười ký tự trở lên") as app:
        with app.encryption.known(), Facts(home) as facts:
            assert facts.store.rows("SELECT code FROM dossier")[0][0] == CODE
        assert told(app)[2] == HOLDER
