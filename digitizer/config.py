"""Where things lie in the home folder, and which home it is. Knows no database."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
from msgspec import Struct

HOME_VARIABLE = "DIGITIZER_HOME"


def default_home() -> Path:
    """Return ``$DIGITIZER_HOME``, else the platform's data folder."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("digitizer", False))


class Home(Struct, frozen=True):
    """The folder that holds everything; all of it private to the user (0700, files 0600)."""

    root: Path

    @property
    def database(self) -> Path:
        """The facts."""
        return self.root / "digitizer.db"

    @property
    def vault(self) -> Path:
        """Blobs by their hash."""
        return self.root / "vault"

    @property
    def incoming(self) -> Path:
        """Pages a driver delivered whose row is not committed yet: the redo log."""
        return self.root / "incoming"

    @property
    def rescued(self) -> Path:
        """What a crash left that belongs to no page: kept for half a year at least."""
        return self.root / "rescued"

    @property
    def work(self) -> Path:
        """Scratch files of running programs; emptied at start."""
        return self.root / "work"

    @property
    def noted(self) -> Path:
        """What processes that may not write have to say in the audit record; empty else."""
        return self.root / "noted"

    @property
    def backups(self) -> Path:
        """Copies of the database made before a migration."""
        return self.root / "backups"

    @property
    def ballast(self) -> Path:
        """Room for what must be written on a full disk (``digitizer.ballast``)."""
        return self.root / "reserve"

    @property
    def lock(self) -> Path:
        """Held by the one process that may write."""
        return self.root / "lock"

    @property
    def scanners(self) -> Path:
        """What drivers remember of devices: addresses, certificates."""
        return self.root / "scanners"

    @property
    def trust(self) -> Path:
        """Certificates (PEM or DER) of issuers whose signatures the office trusts."""
        return self.root / "trust"

    @property
    def log(self) -> Path:
        """The log file."""
        return self.root / "log" / "digitizer.log"

    @property
    def password(self) -> Path:
        """Passwords of accounts where the system has no keyring that takes them (0600)."""
        return self.root / "server-password"

    @property
    def keys(self) -> Path:
        """The keys of an encrypted home, sealed; absent where it is plain."""
        return self.root / "keys"

    def folders(self) -> tuple[Path, ...]:
        """Every folder that must exist."""
        return (
            self.root,
            self.vault,
            self.incoming,
            self.rescued,
            self.work,
            self.noted,
            self.backups,
            self.scanners,
            self.log.parent,
        )
