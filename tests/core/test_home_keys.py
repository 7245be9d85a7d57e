"""The keys of an encrypted home: two custodies, a recovery key, and words for what goes wrong."""

from __future__ import annotations

import json
import sqlite3
import stat
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from keyedhome import CODE, acts, made, opened

from digitizer import encrypting, homekeys, unlocking
from digitizer.app import App, Facts
from digitizer.config import Home
from digitizer.errors import (
    AlreadyEncrypted,
    ByAdministrator,
    CipherMissing,
    HomeDamaged,
    HomeKeyLocked,
    HomeKeyMissing,
    HomeSealed,
    KeyringRefused,
    NotEncrypted,
    PassphraseFileOpen,
    PassphraseWeak,
    PassphraseWrong,
    RecoveryUnconfirmed,
)
from digitizer.homekeys import Custody, Mode
from digitizer.policy import CUSTODY, ENCRYPTION, FREE, Policy
from digitizer.policyfile import VARIABLE, read_policy
from digitizer.storage import cipher
from tests.keyringfile import SPEAKS, lock_of
from tests.sealedhome import PASSPHRASE, PLAIN, begin, decrypt, encrypt, kept_in, keyring_in


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of the system's keyring, which is not waited for long."""
    monkeypatch.setattr(unlocking, "PATIENCE", 0.3)
    monkeypatch.setattr(homekeys, "PATIENCE", 0.3)
    monkeypatch.setattr(homekeys, "_AT_THE_DESK", 0.3)
    with keyring_in(tmp_path / "ring.json") as file:
        yield file


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return made(tmp_path / "home")


def test_the_keyring_opens_it_and_nothing_in_the_home_does(home: Path, ring: Path) -> None:
    encrypt(home)
    assert opened(home) == CODE
    (secret,) = (json.loads(one) for one in kept_in(ring).values())
    for file in home.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert secret["database_key"].encode() not in data
            assert bytes.fromhex(secret["database_key"]) not in data
            assert secret["age_identity"].encode() not in data
    assert sorted(one.name for one in (home / "keys").iterdir()) == ["recovery.age", "state.json"]
    for file in (home / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ring.unlink()
    with pytest.raises(HomeKeyMissing):
        App(home, "test")


def test_a_keyring_that_is_locked_or_silent_is_told_apart(home: Path, ring: Path) -> None:
    encrypt(home)
    lock_of(ring).touch()
    with pytest.raises(HomeKeyLocked):
        App(home, "test")
    lock_of(ring).unlink()
    SPEAKS.clear()
    with pytest.raises(HomeKeyLocked):
        Facts(home)
    SPEAKS.set()
    assert opened(home) == CODE


def test_a_home_that_was_moved_still_opens(home: Path) -> None:
    encrypt(home)
    home.rename(home.with_name("moved"))
    assert opened(home.with_name("moved")) == CODE


def test_a_passphrase_opens_it_however_its_marks_are_put_together(
    home: Path, ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypt(home, Custody.PASSPHRASE, PASSPHRASE)
    assert kept_in(ring) == {}
    with pytest.raises(HomeSealed):
        App(home, "test")
    with pytest.raises(PassphraseWrong):
        App(home, "test", passphrase=PASSPHRASE + " ")
    assert opened(home, unicodedata.normalize("NFD", PASSPHRASE)) == CODE
    asked = []

    def ask() -> str:
        asked.append(1)
        return PASSPHRASE

    with unlocking.asking(ask):
        with Facts(home) as facts:
            assert facts.store.rows("SELECT code FROM dossier")[0][0] == CODE
        assert opened(home) == CODE
    assert asked == [1], "once a process"


def test_a_file_may_hold_the_passphrase_if_nobody_else_can_read_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypt(home, Custody.PASSPHRASE, PASSPHRASE)
    word = tmp_path / "word"
    word.write_text(f"{PASSPHRASE}\n", "utf-8")
    monkeypatch.setenv(unlocking.VARIABLE, str(word))
    word.chmod(0o640)
    with pytest.raises(PassphraseFileOpen, match="others"):
        App(home, "test")
    word.chmod(0o600)
    assert opened(home) == CODE
    word.write_bytes(b"\xff\xfe")
    with pytest.raises(PassphraseFileOpen, match="UTF-8"):
        App(home, "test")
    word.unlink()
    with pytest.raises(PassphraseFileOpen):
        App(home, "test")


def test_nothing_is_encrypted_before_the_recovery_key_was_written_down(
    home: Path, ring: Path
) -> None:
    with App(home, "test", policy=FREE) as app:
        with pytest.raises(RecoveryUnconfirmed):
            app.encryption.confirm("ABCDEF")
        first = app.encryption.prepare(Custody.KEYRING)
        second = app.encryption.prepare(Custody.KEYRING)
        assert first != second
        with pytest.raises(RecoveryUnconfirmed):
            app.encryption.confirm(first[-6:])
        assert app.encryption.state().mode is Mode.OFF
    assert len(kept_in(ring)) == 1, "the keys before are forgotten"
    assert opened(home) == CODE
    assert (home / "digitizer.db").read_bytes().startswith(PLAIN)
    with App(home, "test", policy=FREE) as app:
        app.encryption.confirm(f" {second[-6:].lower()}\n")
        with pytest.raises(AlreadyEncrypted):
            app.encryption.prepare(Custody.KEYRING)
    assert opened(home) == CODE
    assert cipher.is_sealed(home / "digitizer.db")


def test_what_cannot_hold_a_key_is_not_given_one(
    home: Path, ring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_of(ring).touch()
    with App(home, "test", policy=FREE) as app:
        with pytest.raises(KeyringRefused):
            app.encryption.prepare(Custody.KEYRING)
        for weak in (None, "", "chín ký t"):
            with pytest.raises(PassphraseWeak):
                app.encryption.prepare(Custody.PASSPHRASE, weak)
        monkeypatch.setitem(sys.modules, "sqlcipher3", None)
        assert not app.encryption.state().able
        with pytest.raises(CipherMissing):
            app.encryption.prepare(Custody.PASSPHRASE, PASSPHRASE)
        assert app.encryption.state().mode is Mode.OFF
    assert opened(home) == CODE


def test_without_the_libraries_an_encrypted_home_says_so(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypt(home)
    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(CipherMissing, match="pyrage"):
        App(home, "test")


def test_custody_goes_from_one_to_the_other(home: Path, ring: Path) -> None:
    encrypt(home)
    before = (home / "digitizer.db").stat().st_ino
    with App(home, "test", policy=FREE) as app:
        with pytest.raises(PassphraseWeak):
            app.encryption.change_custody(Custody.PASSPHRASE, "ngắn")
        app.encryption.change_custody(Custody.PASSPHRASE, PASSPHRASE)
    assert kept_in(ring) == {}
    assert opened(home, PASSPHRASE) == CODE
    with App(home, "test", policy=FREE, passphrase=PASSPHRASE) as app:
        app.encryption.change_custody(Custody.PASSPHRASE, "một mật khẩu khác")
    with pytest.raises(PassphraseWrong):
        App(home, "test", passphrase=PASSPHRASE)
    with App(home, "test", policy=FREE, passphrase="một mật khẩu khác") as app:
        app.encryption.change_custody(Custody.KEYRING)
    assert not (home / "keys/passphrase.age").exists()
    assert opened(home) == CODE
    assert (home / "digitizer.db").stat().st_ino == before, "the data stays as it is"
    assert acts(home).count("encryption.custody") == 3


def test_a_plain_database_in_the_place_of_the_encrypted_one_is_refused(
    home: Path, tmp_path: Path
) -> None:
    plain = (home / "digitizer.db").read_bytes()
    encrypt(home)
    (home / "digitizer.db").write_bytes(plain)
    with pytest.raises(HomeDamaged):
        App(home, "test")
    with pytest.raises(HomeDamaged):
        Facts(home)


def test_a_plain_home_has_nothing_to_recover_or_change(home: Path) -> None:
    with pytest.raises(NotEncrypted):
        encrypting.recover(home, "x", Custody.KEYRING)
    with App(home, "test", policy=FREE) as app:
        for verb in (
            app.encryption.switch_off,
            app.encryption.offer_recovery_key,
            lambda: app.encryption.confirm_recovery_key("ABCDEF"),
            lambda: app.encryption.change_custody(Custody.KEYRING),
        ):
            with pytest.raises(NotEncrypted):
                verb()
    assert not (home / "keys").exists()


def test_switched_off_nothing_of_the_keys_is_left(home: Path, ring: Path) -> None:
    encrypt(home)
    decrypt(home)
    assert kept_in(ring) == {}
    assert list((home / "keys").iterdir()) == []
    assert opened(home) == CODE
    with sqlite3.connect(home / "digitizer.db") as plain:
        assert plain.execute("SELECT code FROM dossier").fetchall() == [(CODE,)]
    plain.close()
    assert acts(home) == [
        "encryption.begun",
        "encryption.done",
        "encryption.ending",
        "encryption.ended",
    ]


def test_no_secret_is_printed_with_what_holds_it(home: Path) -> None:
    begin(home)
    secret = unlocking.unlock(Home(home))
    assert secret is not None
    assert secret.database.hex() not in repr(secret)
    assert "AGE-SECRET" not in repr(secret)


def test_the_administrators_file_says_whether_and_who_holds_the_key(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Policy(locked={ENCRYPTION: "on", CUSTODY: "keyring"})
    with App(home, "test", policy=wanted) as app:
        with pytest.raises(ByAdministrator):
            app.encryption.prepare(Custody.PASSPHRASE, PASSPHRASE)
        key = app.encryption.prepare(Custody.KEYRING)
        app.encryption.confirm(key[-6:])
        with pytest.raises(ByAdministrator):
            app.encryption.switch_off()
        assert not app.store.rows("SELECT 1 FROM setting WHERE name LIKE 'encryption.%'")
    with App(home, "test", policy=wanted) as app, pytest.raises(ByAdministrator):
        app.encryption.change_custody(Custody.PASSPHRASE, PASSPHRASE)
    file = home.with_suffix(".toml")
    file.write_text('[locked.encryption]\ncustody = "keyring"\n')
    monkeypatch.setenv(VARIABLE, str(file))
    with pytest.raises(ByAdministrator):
        encrypting.recover(home, key, Custody.PASSPHRASE, PASSPHRASE)
    file.write_text('[locked.encryption]\nhome = "off"\ncustody = "nobody"\n')
    assert read_policy().unknown == ("locked.encryption.custody",)
    with App(home.with_name("another"), "test") as app, pytest.raises(ByAdministrator):
        app.encryption.prepare(Custody.KEYRING)
