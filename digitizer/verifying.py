"""``verify``: is everything the facts name really there and whole?

Reads only; runs beside a process that writes. Knows no lane.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from digitizer import homekeys, programs
from digitizer.config import Home
from digitizer.counted import counted
from digitizer.errors import DigitizerError
from digitizer.homekeys import Mode
from digitizer.storage import auditlog, cipher, holdings, removals
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault

_CHECK_SECONDS = 300.0
_TOLD = 20
"""So many places where the audit record is not whole are told of: most say the same."""


class Problem(Struct, frozen=True):
    """Something that is not as the facts say. ``kind``: ``blob-missing``, ``blob-changed``,
    ``not-pdfa``, ``incoming``, ``database``, ``audit``, ``blob-left`` (it was removed, and is
    there), ``not-encrypted`` (it lies in clear in an encrypted home); ``subject``: a hash, a file,
    SQLite's words or where the audit record is not whole."""

    kind: str
    subject: str


class Verified(Struct, frozen=True):
    """What was looked at and what was found wrong."""

    pages: int
    blobs: int
    problems: tuple[Problem, ...]


def verify(
    home: Home,
    store: Store,
    vault: Vault,
    stop: threading.Event,
    progress: Callable[[int, int], None],
) -> Verified:
    """Check every blob's hash, every bundle's PDF/A, the incoming folder, the database and its
    audit record.

    ``progress`` is called with how many of how many blobs were looked at. Ends early once
    ``stop`` is set, with what was found until then.
    """
    problems = [Problem("database", text) for text in _database(store)]
    problems += [
        Problem("incoming", name)
        for name in _delivered(home.incoming)
        # what belongs to a batch that has just ended is gone by the time the batch says so
        if not _arriving(store, name.partition("/")[0]) and (home.incoming / name).is_file()
    ]
    problems += [Problem("audit", text) for text in _record(home, store)]
    problems += [Problem("not-encrypted", name) for name in _in_clear(home, vault)]
    blobs = holdings.blobs(store)
    bundles = {
        str(row[0])  # a signed PDF is passed on as it came, whatever it is
        for row in store.rows(
            "SELECT sha256 FROM bundle UNION SELECT sha256 FROM signed_version "
            "EXCEPT SELECT sha256 FROM original"
        )
    }
    for index, sha256 in enumerate(blobs):
        if stop.is_set():
            break
        progress(index, len(blobs))
        if not vault.holds(sha256):
            problems.append(Problem("blob-missing", sha256))
        elif not vault.sound(sha256):
            problems.append(Problem("blob-changed", sha256))
        elif sha256 in bundles and not _valid(vault, sha256, stop):
            problems.append(Problem("not-pdfa", sha256))
    problems += [Problem("blob-left", one) for one in removals.gone(store) if vault.holds(one)]
    progress(len(blobs), len(blobs))
    pages = int(store.rows("SELECT count(*) FROM page")[0][0])
    return Verified(pages, len(blobs), tuple(problems))


def _delivered(incoming: Path) -> list[str]:
    """Return the files below the incoming folder, from which others may be disappearing."""
    return sorted(
        (Path(folder) / name).relative_to(incoming).as_posix()
        for folder, _folders, names in os.walk(incoming)
        for name in names
    )


def _arriving(store: Store, batch: str) -> bool:
    """Tell whether a file belongs to a batch that is running now."""
    return bool(store.rows("SELECT 1 FROM batch WHERE id = ? AND ended_at IS NULL", batch))


def _database(store: Store) -> list[str]:
    found = [str(row[0]) for row in store.rows("PRAGMA integrity_check") if row[0] != "ok"]
    return found + [f"{row[0]} row {row[1]}" for row in store.rows("PRAGMA foreign_key_check")]


def _record(home: Home, store: Store) -> list[str]:
    """Say where the audit record is not whole, or does not go on from what a backup holds."""
    found = list(itertools.islice(auditlog.faults(store), _TOLD))
    for backup in sorted(home.backups.glob("*.db")):
        kept = _head_of(store, backup)
        if kept is not None and not auditlog.holds(store, kept):
            found.append(f"it does not go on from {backup.name}, whose last line is {kept.seq}")
    return found


def _in_clear(home: Home, vault: Vault) -> list[str]:
    """Say what is to be encrypted and is not."""
    if homekeys.read(home).mode is not Mode.ON:
        return []
    backups = [one.name for one in sorted(home.backups.glob("*.db")) if cipher.is_plain(one)]
    files = vault.unsealed().files
    return [*backups, *([f"{counted(files, 'file')} in the vault"] if files else [])]


def _head_of(store: Store, backup: Path) -> auditlog.Head | None:
    """Return the newest line of a backup's record; None where it has none, or cannot be read."""
    try:
        old = store.look_at(backup)
        try:
            has = old.rows("SELECT 1 FROM sqlite_master WHERE name = 'audit'")
            return auditlog.head(old) if has else None
        finally:
            old.close()
    except DigitizerError:
        return None


def _valid(vault: Vault, sha256: str, stop: threading.Event) -> bool:
    try:
        with vault.lent(sha256) as file:
            answer = programs.run_module(
                "digitizer.bundle.check", str(file), timeout=_CHECK_SECONDS, stop=stop
            )
    except DigitizerError:
        return stop.is_set()
    return bool(answer["pdfa"])
