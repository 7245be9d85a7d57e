"""Homes that are encrypted, and a keyring to hold their keys; several folders of tests share it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from digitizer.app import App
from digitizer.homekeys import Custody, Mode
from digitizer.policy import FREE
from tests import keyringfile

PASSPHRASE = "cầu thang xanh bảy giờ"
PLAIN = b"SQLite format 3\0"
_READS = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("BEGIN")
database.execute("SELECT count(*) FROM sqlite_master").fetchone()
print("reads", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def keyring_in(file: Path) -> Iterator[Path]:
    """Have the system's keyring be that file."""
    before = keyring.get_keyring()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON_KEYRING_BACKEND", keyringfile.NAME)
        patch.setenv(keyringfile.VARIABLE, str(file))
        keyring.core.init_backend()
        assert isinstance(keyring.get_keyring(), keyringfile.KeyringFile)
        yield file
        keyringfile.SPEAKS.set()
    keyring.set_keyring(before)


def kept_in(file: Path) -> dict[str, str]:
    """What a keyring holds."""
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}


def begin(home: Path, custody: Custody = Custody.KEYRING, passphrase: str | None = None) -> str:
    """Prepare and confirm: the home is to be encrypted. Returns its recovery key."""
    with App(home, "test", policy=FREE) as app:
        key = app.encryption.prepare(custody, passphrase)
        app.encryption.confirm(key[-6:])
    return key


def carry_on(home: Path, passphrase: str | None = None) -> Mode:
    """Open the home, and go on until all is converted."""
    with App(home, "test", policy=FREE, passphrase=passphrase) as app:
        assert app.encryption.trouble is None
        return app.encryption.carry_on(threading.Event(), lambda *_: None).mode


def encrypt(home: Path, custody: Custody = Custody.KEYRING, passphrase: str | None = None) -> str:
    """Encrypt a home to the end; returns its recovery key."""
    key = begin(home, custody, passphrase)
    assert carry_on(home, passphrase) is Mode.ON
    return key


def decrypt(home: Path) -> None:
    """Make a home plain again, to the end."""
    with App(home, "test", policy=FREE) as app:
        app.encryption.switch_off()
    assert carry_on(home) is Mode.OFF


@contextlib.contextmanager
def read_by_another(database: Path) -> Iterator[None]:
    """Have another process read a database: locks are told between processes alone."""
    reading = subprocess.Popen(
        [sys.executable, "-c", _READS, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert reading.stdout
    assert reading.stdout.readline() == b"reads\n"
    try:
        yield
    finally:
        reading.communicate()


def files_with(home: Path, *words: bytes) -> list[str]:
    """The files of a home in which one of these words stands in clear."""
    return sorted(
        file.relative_to(home).as_posix()
        for file in home.rglob("*")
        if file.is_file() and any(word in file.read_bytes() for word in words)
    )
