"""An encrypted home to try the window at, made by the core's verbs. Used by tests and pictures."""

from __future__ import annotations

import threading
from pathlib import Path

from digitizer.app import App
from digitizer.homekeys import TAIL, Custody, Mode

PASSPHRASE = "bốn từ không liên quan"


def seal(home: Path, custody: Custody = Custody.PASSPHRASE) -> str:
    """Encrypt a home that nobody has open, all of it; return its recovery key."""
    with App(home, "test") as app:
        word = PASSPHRASE if custody is Custody.PASSPHRASE else None
        key = app.encryption.prepare(custody, word)
        app.encryption.confirm(key[-TAIL:])
    with App(home, "test", passphrase=word) as app:
        state = app.encryption.carry_on(threading.Event(), lambda _done, _total: None)
        assert state.mode is Mode.ON
    return key
