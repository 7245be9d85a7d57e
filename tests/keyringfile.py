"""A keyring in a file, to be named in ``PYTHON_KEYRING_BACKEND``; it can be locked, or fall silent.

``KEYRING_FILE`` says where it lies. Locked is a file ``….locked`` beside it: then every call is
refused, as a desktop's keyring does. ``SILENT`` keeps every call waiting, as one does that asks a
person something nobody sees.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

NAME = "tests.keyringfile.KeyringFile"
VARIABLE = "KEYRING_FILE"
SPEAKS = threading.Event()
"""Cleared: it is silent."""
SPEAKS.set()


class KeyringFile(KeyringBackend):
    """Passwords by service and account."""

    priority = -1  # type: ignore[assignment]  # never chosen by itself

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        kept = self._kept() | {f"{service} {username}": password}
        _file().write_text(json.dumps(kept), "utf-8")

    def delete_password(self, service: str, username: str) -> None:
        kept = self._kept()
        del kept[f"{service} {username}"]
        _file().write_text(json.dumps(kept), "utf-8")

    def _kept(self) -> dict[str, str]:
        SPEAKS.wait()
        if lock_of(_file()).exists():
            raise KeyringLocked
        return dict(json.loads(_file().read_text("utf-8"))) if _file().exists() else {}


def _file() -> Path:
    return Path(os.environ[VARIABLE])


def lock_of(file: Path) -> Path:
    """The file that locks it by being there."""
    return file.with_suffix(".locked")
