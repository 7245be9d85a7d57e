"""What helps where the keys of an encrypted home are lost: the recovery key, another one, a backup
of the folder ``keys``."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from keyedhome import CODE, acts, made, opened

from digitizer import encrypting
from digitizer.app import App, Facts
from digitizer.config import Home
from digitizer.errors import (
    HomeDamaged,
    HomeLocked,
    KeysDamaged,
    KeysMissing,
    PassphraseWeak,
    RecoveryKeptAsBefore,
    RecoveryKeyWrong,
)
from digitizer.homekeys import Custody
from digitizer.policy import FREE
from digitizer.storage import access, auditlog, cipher
from tests.sealedhome import PASSPHRASE, encrypt, keyring_in


@pytest.fixture(autouse=True)
def ring(tmp_path: Path) -> Iterator[Path]:
    """The file of the system's keyring."""
    with keyring_in(tmp_path / "ring.json") as file:
        yield file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return made(tmp_path / "home")


def recorded_last(home: Path, passphrase: str) -> tuple[str, str]:
    """The newest line of a home that nobody opens for writing: its act, and by which door."""
    found = access.open_for_reading(Home(home), passphrase)
    try:
        (line,) = auditlog.newest(found.store, 1)
        return line.act, line.door
    finally:
        found.store.close()


def test_the_recovery_key_opens_it_sets_a_new_custody_and_is_recorded(
    home: Path, ring: Path
) -> None:
    key = encrypt(home)
    ring.unlink()
    wrong = key[:-1] + ("P" if key.endswith("Q") else "Q")
    with pytest.raises(RecoveryKeyWrong):
        encrypting.recover(home, wrong, Custody.PASSPHRASE, PASSPHRASE)
    with pytest.raises(RecoveryKeyWrong):
        other = str(pyrage.x25519.Identity.generate())
        encrypting.recover(home, other, Custody.PASSPHRASE, PASSPHRASE)
    with pytest.raises(PassphraseWeak):
        encrypting.recover(home, key, Custody.PASSPHRASE, "")
    encrypting.recover(home, f" {key[:30].lower()} {key[30:]} ", Custody.PASSPHRASE, PASSPHRASE)
    assert not list(Home(home).noted.glob("*")), "it stands in the record already"
    assert recorded_last(home, PASSPHRASE) == ("encryption.recovered", "command encryption recover")
    assert opened(home, PASSPHRASE) == CODE
    encrypting.recover(home, key, Custody.KEYRING)
    assert opened(home) == CODE
    assert acts(home).count("encryption.recovered") == 2
    with App(home, "test", policy=FREE), pytest.raises(HomeLocked):
        encrypting.recover(home, key, Custody.KEYRING)


def test_another_recovery_key_takes_the_place_of_the_one_before_once_it_was_written_down(
    home: Path,
) -> None:
    old = encrypt(home)
    with App(home, "test", policy=FREE) as app:
        with pytest.raises(RecoveryKeptAsBefore):
            app.encryption.confirm_recovery_key(old[-6:])
        lost = app.encryption.offer_recovery_key()
        new = app.encryption.offer_recovery_key()
        for tail in ("", old[-6:], lost[-6:]):
            with pytest.raises(RecoveryKeptAsBefore):
                app.encryption.confirm_recovery_key(tail)
    for offered in (lost, new):
        with pytest.raises(RecoveryKeyWrong):
            encrypting.recover(home, offered, Custody.KEYRING)
    encrypting.recover(home, old, Custody.KEYRING)
    assert "encryption.recovery-key" not in acts(home)
    with App(home, "test", policy=FREE) as app:
        with pytest.raises(RecoveryKeptAsBefore):
            app.encryption.confirm_recovery_key(new[-6:])
        new = app.encryption.offer_recovery_key()
        app.encryption.confirm_recovery_key(f" {new[-6:-3].lower()} {new[-3:]}\n")
    with pytest.raises(RecoveryKeyWrong):
        encrypting.recover(home, old, Custody.KEYRING)
    encrypting.recover(home, new, Custody.KEYRING)
    assert opened(home) == CODE
    assert acts(home).count("encryption.recovery-key") == 1


def test_the_recovery_key_is_enough_without_this_program(home: Path, tmp_path: Path) -> None:
    """What docs/quan-tri.md describes: the age format and SQLCipher, none of our code."""
    page = tmp_path / "page.jpg"
    page.write_bytes(b"to khai cua ba Buoi")
    with App(home, "test", policy=FREE) as app:
        blob = app.vault.keep(page)
    key = encrypt(home)
    recovery = pyrage.x25519.Identity.from_str(key)
    said = json.loads(pyrage.decrypt((home / "keys/recovery.age").read_bytes(), [recovery]))
    files = pyrage.x25519.Identity.from_str(said["age_identity"])
    sealed = home / "vault" / blob.sha256[:2] / f"{blob.sha256}.age"
    assert pyrage.decrypt(sealed.read_bytes(), [files]) == b"to khai cua ba Buoi"
    import sqlcipher3

    database = sqlcipher3.connect(str(home / "digitizer.db"))
    database.execute(f"PRAGMA key = \"x'{said['database_key']}'\"")
    assert database.execute("SELECT code FROM dossier").fetchall() == [(CODE,)]
    database.close()


def test_files_of_keys_that_are_gone_or_damaged_are_said_and_recovered(home: Path) -> None:
    key = encrypt(home)
    state = home / "keys/state.json"
    kept = state.read_bytes()
    for bad in (b"", b"{}", b'{"mode": "on"}', b"[" * 5000):
        state.write_bytes(bad)
        with pytest.raises(KeysDamaged):
            App(home, "test")
    state.unlink()
    with pytest.raises(KeysDamaged):
        App(home, "test")
    with pytest.raises(KeysDamaged):
        Facts(home)
    encrypting.recover(home, key, Custody.KEYRING)
    assert opened(home) == CODE
    state.write_bytes(kept)
    (home / "keys/recovery.age").write_bytes(b"x")
    with pytest.raises(KeysDamaged):
        encrypting.recover(home, key, Custody.KEYRING)


def test_an_encrypted_home_without_its_keys_says_so(home: Path, ring: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.jpg"
    page.write_bytes(b"to khai cua ba Buoi")
    damaged = (home / "digitizer.db").read_bytes()
    with App(home, "test", policy=FREE) as app:
        app.vault.keep(page)
    encrypt(home)
    (home / "keys").rename(tmp_path / "keys")
    for looks in (lambda: App(home, "test"), lambda: Facts(home)):
        with pytest.raises(KeysMissing):
            looks()
    with pytest.raises(KeysMissing):
        access.check_keys(Home(home))
    with pytest.raises(KeysMissing):
        encrypting.recover(home, "x", Custody.KEYRING)
    (tmp_path / "keys").rename(home / "keys")
    assert opened(home) == CODE
    access.check_keys(Home(home))
    shutil.rmtree(home / "keys")
    shutil.rmtree(home / "vault")
    for noise in (b"not a database, " * 4 + damaged[64:], os.urandom(len(damaged))):
        (home / "digitizer.db").write_bytes(noise)
        with pytest.raises(HomeDamaged):
            Facts(home)
        with pytest.raises(HomeDamaged):
            App(home, "test")


def test_a_home_that_was_being_made_plain_is_recovered_though_nothing_says_so(home: Path) -> None:
    with App(home, "test", policy=FREE) as app:
        page = home / "work/page.jpg"
        page.write_bytes(b"to khai cua ba Buoi")
        blob = app.vault.keep(page).sha256
    key = encrypt(home)
    with App(home, "test", policy=FREE) as app:
        app.encryption.switch_off()
    App(home, "test", policy=FREE).close()  # the database is plain, the page is not
    assert cipher.is_plain(home / "digitizer.db")
    (home / "keys/state.json").unlink()
    with pytest.raises(KeysDamaged):
        access.check_keys(Home(home))
    encrypting.recover(home, key, Custody.KEYRING)
    with App(home, "test", policy=FREE) as app:
        assert app.vault.sound(blob)
