"""Seals what a vault holds in clear, or makes it plain again, file by file beside whoever reads.

Each file is written anew, made durable, read back and compared, and gets its name before the other
one goes: a kill anywhere leaves one of them whole, and the next call goes on from there. Called by
the vault; may take hours, on a thread of its own.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from digitizer.durable import sha256_of, sync_folder
from digitizer.errors import HomeDamaged
from digitizer.storage.seal import Broken, Seal
from digitizer.storage.shelf import Shelf, writing

log = logging.getLogger(__name__)

Told = Callable[[int, int], None]
"""Hears how many files of how many are done."""


def unheard(_done: int, _total: int) -> None:
    """Nobody wants to know."""


class Conversion:
    """Converts the files of one vault, in either direction."""

    def __init__(self, shelf: Shelf, seal: Seal, lock: threading.Lock) -> None:
        """``lock``: held while a file gets its name; blobs are removed under it too."""
        self._shelf, self._seal, self._lock = shelf, seal, lock

    def seal_all(self, stop: threading.Event, told: Told) -> int:
        """Seal every file that lies in clear; return how many of them went.

        A blob that is not what its name says is sealed as it is, and stays as unsound as it was.

        Raises:
            OSError: disk full, no permission. No file was lost.
            HomeDamaged: what was just written reads back otherwise.
        """
        return self._all(stop, told, self._seal_one, sealed=False)

    def open_all(self, stop: threading.Event, told: Told) -> int:
        """Make every sealed file plain; return how many sealed ones went. One that is broken
        stays: there is nothing to put in its place. Raises as ``seal_all``."""
        return self._all(stop, told, self._open_one, sealed=True)

    def _all(
        self,
        stop: threading.Event,
        told: Told,
        convert: Callable[[str, Path], bool],
        *,
        sealed: bool,
    ) -> int:
        total = self._shelf.counted(sealed=sealed).files
        done = went = 0
        last: Path | None = None
        for sha256, file, _size in self._shelf.each(sealed=sealed):
            if stop.is_set():
                break
            told(done, max(done, total))
            if last is not None and last != file.parent:
                sync_folder(last)
            last = file.parent
            try:
                went += convert(sha256, file)
            except FileNotFoundError:
                if file.is_file():
                    raise
                # it was removed meanwhile
            done += 1
        if last is not None:
            sync_folder(last)
        told(done, max(done, total))
        return went

    def _seal_one(self, sha256: str, file: Path) -> bool:
        target = self._shelf.sealed(sha256)
        if target.is_file() and self._opens_to(target, sha256):
            return self._drop(file)  # a kill came before that
        with self._shelf.half() as part:
            with file.open("rb") as reader, writing(part) as writer:
                plain = self._seal.seal(reader, writer)
            if not self._opens_to(part, plain.sha256):
                raise HomeDamaged(f"{sha256[:12]} reads back otherwise than it was sealed")
            return self._exchange(part, target, file)

    def _open_one(self, sha256: str, file: Path) -> bool:
        target = self._shelf.plain(sha256)
        if target.is_file() and sha256_of(target) == sha256:
            return self._drop(file)
        with self._shelf.half() as part:
            try:
                with file.open("rb") as reader, writing(part) as writer:
                    plain = self._seal.open(reader, writer)
            except Broken:
                log.warning("a sealed file is broken, and stays: %s", sha256[:12])
                return False
            if sha256_of(part) != plain.sha256:
                raise HomeDamaged(f"{sha256[:12]} reads back otherwise than it was written")
            return self._exchange(part, target, file)

    def _opens_to(self, file: Path, sha256: str) -> bool:
        try:
            with file.open("rb") as reader:
                return self._seal.look(reader).sha256 == sha256
        except Broken:
            return False

    def _exchange(self, part: Path, target: Path, old: Path) -> bool:
        """Give ``part`` its name, durably, then drop ``old``; unless that was removed meanwhile:
        then nobody wants either."""
        with self._lock:
            if not old.is_file():
                return False
            part.replace(target)
        sync_folder(target.parent)
        return self._drop(old)

    @staticmethod
    def _drop(old: Path) -> bool:
        try:
            old.unlink(missing_ok=True)
        except PermissionError:
            if sys.platform != "win32":
                raise
            return False  # somebody reads it now, and it cannot be removed: the next time
        return True
