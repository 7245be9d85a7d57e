"""The vault: bytes by their SHA-256, never changed, never overwritten.

A file enters by hard link, so that its old name stays until the caller's row is committed: a
crash in between leaves the old name as the redo log. Nothing is taken out that was only just put
there: its row may not be committed yet. Knows no database.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from digitizer.durable import copy_durably, make_folder, sha256_of, sync_file, sync_folder

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS}

_FRESH_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that are in the vault for good."""

    sha256: str
    bytes: int


class Vault:
    """The folder of blobs. All methods are safe to call again after any interruption."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._put: dict[str, float] = {}
        self._lock = threading.Lock()

    def path(self, sha256: str) -> Path:
        """Return where the blob lies, or would."""
        return self._root / sha256[:2] / sha256

    def adopt(self, file: Path) -> Blob:
        """Put ``file``, complete and fsynced, into the vault too; its own name stays.

        Raises:
            OSError: disk full, no permission; the file is untouched.
        """
        sha256 = sha256_of(file)
        target = self.path(sha256)
        with self._lock:
            self._put[sha256] = time.monotonic()
        make_folder(target.parent)
        try:
            os.link(file, target)
        except FileExistsError:
            pass  # the same bytes are there already
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            copy_durably(file, target)
        sync_folder(target.parent)
        return Blob(sha256, target.stat().st_size)

    def keep(self, file: Path) -> Blob:
        """Like ``adopt`` for a file that was only just written and is not fsynced yet."""
        sync_file(file)
        return self.adopt(file)

    def lend(self, sha256: str, folder: Path) -> Path:
        """Give a blob another name, in ``folder``, and return it: for a program that may not see
        the vault. To be removed by the caller; must not be written to.

        Raises:
            OSError: the blob is not there, or the folder takes nothing.
        """
        lent = folder / sha256
        lent.unlink(missing_ok=True)
        try:
            os.link(self.path(sha256), lent)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            shutil.copyfile(self.path(sha256), lent)
        return lent

    def remove(self, hashes: Iterable[str]) -> tuple[str, ...]:
        """Take blobs out that no row names any more; durably. Returns those that are not there
        now. One that was put there within the last hour stays: whoever did that may be about to
        commit its row.

        Raises:
            OSError: one could not be removed; those before it may be gone.
        """
        gone: list[str] = []
        folders: set[Path] = set()
        for sha256 in hashes:
            path = self.path(sha256)
            with self._lock:
                put = self._put.get(sha256)
                if put is not None and time.monotonic() - put < _FRESH_SECONDS:
                    continue
                path.unlink(missing_ok=True)
            gone.append(sha256)
            if path.parent.is_dir():
                folders.add(path.parent)
        for folder in sorted(folders):
            sync_folder(folder)
        return tuple(gone)

    def holds(self, sha256: str) -> bool:
        """Tell whether the blob is there (its bytes are not looked at)."""
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Return the blob's bytes; 0 where it is not there."""
        try:
            return self.path(sha256).stat().st_size
        except OSError:
            return 0

    def sound(self, sha256: str) -> bool:
        """Tell whether the blob is there and still hashes to its name."""
        path = self.path(sha256)
        return path.is_file() and sha256_of(path) == sha256
