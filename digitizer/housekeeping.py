"""What lies about in a home besides dossiers, and goes when it is old: database backups, what a
crash left over, logs, and blobs in the vault that no row names.

Called by ``digitizer.work.sweeping`` where copies are removed by their age at all. Every file is
noted by its hash (``digitizer.storage.removals``) before anybody forgets it.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from digitizer.config import Home
from digitizer.durable import sha256_of, sync_folder
from digitizer.errors import from_os
from digitizer.shelflife import BACKUP_DAYS, LOG_DAYS, RESCUED_DAYS
from digitizer.storage import changes, holdings, queries, removals
from digitizer.storage.shelf import BLOB
from digitizer.storage.store import Store, stamp
from digitizer.storage.vault import Vault

log = logging.getLogger(__name__)

_AT_ONCE = 200
_LOOKED = "retention.looked"
"""The setting that says when the vault was last looked through."""
_EVERY = timedelta(days=7)


def clear_old(home: Home, store: Store, days: int, moment: datetime, stop: threading.Event) -> int:
    """Remove what is older than it may be; return how many files.

    Args:
        home: The home.
        store: Where each is noted.
        days: How long copies stay; nothing here goes sooner.
        moment: Now.
        stop: Ends it early.

    Raises:
        DiskFull, HomeReadOnly: what is left is tried again.
    """
    went = 0
    for kind, file in _old(home, days, moment):
        if stop.is_set():
            break
        _remove(store, kind, file)
        went += 1
    return went


def _old(home: Home, days: int, moment: datetime) -> Iterator[tuple[str, Path]]:
    for kind, folder, least in (
        ("backup", home.backups, BACKUP_DAYS),
        ("rescued", home.rescued, RESCUED_DAYS),
        ("log", home.log.parent, LOG_DAYS),
    ):
        oldest = (moment - timedelta(days=max(days, least))).timestamp()
        for where, _folders, names in os.walk(folder):
            for name in sorted(names):
                file = Path(where) / name
                if file != home.log and file.lstat().st_mtime < oldest:
                    yield kind, file


def _remove(store: Store, kind: str, file: Path) -> None:
    try:
        link = file.is_symlink()
        sha256, size = ("", 0) if link else (sha256_of(file), file.stat().st_size)
        file.unlink()
        sync_folder(file.parent)
    except OSError as error:
        raise from_os(error) from error
    with store.transaction() as tx:
        removals.note_file(tx, kind, sha256, size)


def clear_strays(
    home: Home, store: Store, vault: Vault, days: int, moment: datetime, stop: threading.Event
) -> int:
    """Remove blobs that no row names and that are older than copies may be: a crash, or a version
    that was looked at, left them. Returns how many. Looks through the vault once a week.

    Raises as ``clear_old``.
    """
    last = queries.setting(store, _LOOKED)
    if last is not None and stamp(moment - _EVERY) < last <= stamp(moment):
        return 0
    oldest = (moment - timedelta(days=days)).timestamp()
    went = 0
    for folder in sorted(home.vault.iterdir()):
        if stop.is_set():
            return went
        if not folder.is_dir():
            continue
        found = [(BLOB.fullmatch(one.name), one.stat()) for one in os.scandir(folder)]
        old = [(blob[1], stat.st_size) for blob, stat in found if blob and stat.st_ctime < oldest]
        for begin in range(0, len(old), _AT_ONCE):
            went += _clear(store, vault, dict(old[begin : begin + _AT_ONCE]))
    with store.transaction() as tx:
        changes.set_setting(tx, _LOOKED, stamp(moment))
    return went


def _clear(store: Store, vault: Vault, sizes: dict[str, int]) -> int:
    strays = set(sizes) - holdings.needed(store.reader, sizes)
    if not strays:
        return 0
    with store.transaction() as tx:
        strays -= holdings.needed(tx, strays)
        strays -= removals.known(tx, strays)
        try:
            gone = vault.remove(sorted(strays))
        except OSError as error:
            raise from_os(error) from error
        for sha256 in gone:
            removals.note_file(tx, "stray", sha256, sizes[sha256])
    return len(gone)
