"""The vault's folder on disk: which file is which blob, plain or sealed, and what is half written.

Called by the vault and by what converts it (``resealing``). Knows no key.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import uuid
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from digitizer.durable import make_folder

SEALED = ".age"
BLOB = re.compile(rf"([0-9a-f]{{64}})({re.escape(SEALED)})?")
"""What a blob's file is named; the first group is its hash."""
_HALF = ".part"


class Counted(Struct, frozen=True):
    """How many files, and their bytes on disk."""

    files: int
    bytes: int


class Shelf:
    """The files of one vault."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def plain(self, sha256: str) -> Path:
        """Return where a blob lies in clear, or would."""
        return self._root / sha256[:2] / sha256

    def sealed(self, sha256: str) -> Path:
        """Return where a blob lies sealed, or would."""
        return self._root / sha256[:2] / f"{sha256}{SEALED}"

    def where(self, sha256: str) -> Path | None:
        """Return where a blob lies; None: nowhere. One that is both is being converted, or was
        when a crash came; then the answer is the plain one."""
        plain, sealed = self.plain(sha256), self.sealed(sha256)
        # Twice: it may be converted in between, and is always one of them.
        return next((one for one in (plain, sealed, plain) if one.is_file()), None)

    def opened(self, sha256: str) -> tuple[BufferedReader, bool]:
        """Open a blob's file, and tell whether it is sealed. Raises ``OSError``."""
        plain = self.plain(sha256)
        for path, sealed in ((plain, False), (self.sealed(sha256), True), (plain, False)):
            with contextlib.suppress(FileNotFoundError):
                return path.open("rb"), sealed
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(plain))

    def each(self, *, sealed: bool) -> Iterator[tuple[str, Path, int]]:
        """Yield hash, file and size of every blob that lies sealed, or in clear."""
        for folder in sorted(self._root.iterdir()):
            if not folder.is_dir():
                continue
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda one: one.name)
            for entry in found:
                named = BLOB.fullmatch(entry.name)
                if named and bool(named[2]) is sealed:
                    try:
                        size = entry.stat().st_size
                    except FileNotFoundError:  # it was removed meanwhile
                        continue
                    yield named[1], Path(entry.path), size

    def counted(self, *, sealed: bool) -> Counted:
        """Count the blobs that lie sealed, or in clear."""
        sizes = [size for _sha256, _file, size in self.each(sealed=sealed)]
        return Counted(len(sizes), sum(sizes))

    @contextlib.contextmanager
    def half(self) -> Iterator[Path]:
        """Give a path for a file that becomes a blob by being renamed; what is there at the end is
        removed. It is told by its name from blobs, and tells nothing."""
        make_folder(self._root)
        part = self._root / f".{uuid.uuid4().hex}{_HALF}"
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)

    def clear_halves(self) -> None:
        """Remove what a crash left half written. At start, under the home's lock."""
        for left in self._root.glob(f".*{_HALF}"):
            left.unlink()


@contextlib.contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Give a new file (0600) open for writing; closed, its bytes are durable."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as writer:
        yield writer
        writer.flush()
        os.fsync(writer.fileno())
