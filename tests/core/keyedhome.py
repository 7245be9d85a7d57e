"""A home with one dossier, to be encrypted and opened; two files of tests share it."""

from __future__ import annotations

from pathlib import Path

from digitizer.app import App
from digitizer.policy import FREE

CODE = "000.00.20.H02-261122-0001"


def made(home: Path) -> Path:
    """Make it."""
    with App(home, "test", policy=FREE) as app:
        app.dossiers.open_new(code=CODE, holder="Trần Thị Bưởi")
    return home


def opened(home: Path, passphrase: str | None = None) -> str:
    """Open a home, and tell the code of its dossier."""
    with App(home, "test", policy=FREE, passphrase=passphrase) as app:
        return app.dossiers.heads()[0].code or ""


def acts(home: Path, passphrase: str | None = None) -> list[str]:
    """What its record has to say of its encryption."""
    with App(home, "test", policy=FREE, passphrase=passphrase) as app:
        rows = app.store.rows("SELECT act FROM audit WHERE act LIKE 'encryption.%' ORDER BY seq")
        return [row[0] for row in rows]
