"""The vault: bytes by their SHA-256, never changed, never overwritten.

A file enters by hard link, so that its old name stays until the caller's row is committed: a
crash in between leaves the old name as the redo log. Nothing is taken out that was only just put
there: its row may not be committed yet. Knows no database.

With a ``Seal`` a file enters sealed, as ``ab/abcd….age``, and is opened for whoever reads it. Its
name is the hash of what is in it all the same. Sealed and plain blobs may lie side by side, as
while ``sealing`` converts them, so whoever reads never asks which it is.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from digitizer.durable import copy_durably, make_folder, sha256_of, sync_file, sync_folder
from digitizer.errors import FileMissing, HomeDamaged, HomeLocked, from_os
from digitizer.storage.resealing import Conversion, Told, unheard
from digitizer.storage.scratch import Scratch, in_memory
from digitizer.storage.seal import Broken, Seal, plain_size
from digitizer.storage.shelf import Counted, Shelf, writing

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS}

_FRESH_SECONDS = 3600.0
_CHUNK = 1 << 20


class Blob(Struct, frozen=True):
    """Bytes that are in the vault for good."""

    sha256: str
    bytes: int


class Vault:
    """The folder of blobs. All methods are safe to call again after any interruption.

    Attributes:
        scratch: Where copies lie while programs read them.
        sealing: Whether what comes in is sealed; False too while a home is made plain again.
    """

    def __init__(self, root: Path, seal: Seal | None = None, *, sealing: bool = True) -> None:
        """Open the vault.

        Args:
            root: Its folder; scratch files lie in ``work`` beside it.
            seal: Of a home that is sealed, or partly so.
            sealing: What comes in is sealed, where there is a seal.
        """
        self._shelf = Shelf(root)
        self._seal = seal
        self.sealing = sealing and seal is not None
        work = root.with_name("work")
        self.scratch = Scratch(work, in_memory(root.parent), hidden=seal is not None)
        self._put: dict[str, float] = {}
        self._lock = threading.Lock()

    # --- what comes in ------------------------------------------------------------------------

    def adopt(self, file: Path) -> Blob:
        """Put ``file``, complete and fsynced, into the vault too; its own name stays.

        Raises:
            OSError: disk full, no permission; the file is untouched.
        """
        if self._seal is not None and self.sealing:
            return self._adopt_sealed(file, self._seal)
        sha256 = sha256_of(file)
        target = self._shelf.plain(sha256)
        self._note_put(sha256)
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

    def _adopt_sealed(self, file: Path, seal: Seal) -> Blob:
        """Seal it under a name of its own, which tells nothing, before it gets the name of what
        it holds."""
        with self._shelf.half() as part:
            with file.open("rb") as reader, writing(part) as writer:
                plain = seal.seal(reader, writer)
            self._note_put(plain.sha256)
            target = self._shelf.sealed(plain.sha256)
            make_folder(target.parent)
            with self._lock:
                if self._shelf.where(plain.sha256) is None:
                    part.replace(target)
        sync_folder(target.parent)
        return Blob(plain.sha256, plain.bytes)

    def _note_put(self, sha256: str) -> None:
        with self._lock:
            self._put[sha256] = time.monotonic()

    def keep(self, file: Path) -> Blob:
        """Like ``adopt`` for a file that was only just written and is not fsynced yet. Where it is
        sealed, it need not be: it may lie in memory alone."""
        if not self.sealing:
            sync_file(file)
        return self.adopt(file)

    # --- what is read -------------------------------------------------------------------------

    def opened(self, sha256: str) -> BinaryIO:
        """Return a blob's bytes as a file opened for reading, to be closed by the caller. A sealed
        one is in memory as a whole: for small things; programs are given ``lent``.

        Raises:
            OSError: the blob is not there, or cannot be read.
            HomeDamaged, HomeLocked: as ``lend``.
        """
        file, sealed = self._shelf.opened(sha256)
        if not sealed:
            return file
        plain = io.BytesIO()
        with file:
            self._open(sha256, file, plain)
        plain.seek(0)
        return plain

    def shown(self, sha256: str) -> Path | bytes:
        """Return a blob for somebody who takes either: its file where the vault is plain, else its
        bytes. Raises as ``lent``."""
        if self._seal is None:
            return self._shelf.plain(sha256)
        with _rows(sha256), self.opened(sha256) as file:
            return file.read()

    def lend(self, sha256: str, folder: Path) -> Path:
        """Give a blob another name, in ``folder``, and return it: for a program that may not see
        the vault. To be removed by the caller; must not be written to.

        Raises:
            OSError: the blob is not there, or the folder takes nothing.
            HomeDamaged: it was sealed, and is not as it was.
            HomeLocked: it is sealed, and this vault was opened without the seal: that came later.
        """
        lent = folder / sha256
        lent.unlink(missing_ok=True)
        try:
            os.link(self._shelf.plain(sha256), lent)
        except FileNotFoundError:
            self._copy(sha256, lent)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            self._copy(sha256, lent)
        return lent

    def readable(self, sha256: str, folder: Path) -> Path:
        """Return the name of a file with a blob's bytes, for a program to read: in a plain vault
        its own, else that of a copy in ``folder``, which goes with the folder. Raises as ``lent``.
        """
        if self._seal is None:
            return self._shelf.plain(sha256)
        with _rows(sha256):
            return self.lend(sha256, folder)

    @contextlib.contextmanager
    def lent(self, sha256: str) -> Iterator[Path]:
        """Give the name of a file with a blob's bytes, for as long as it is read. In a plain vault
        that is its own, and nothing is looked at.

        Raises:
            FileMissing; DiskFull, HomeReadOnly: no room for a copy; HomeDamaged, HomeLocked: as
            ``lend``.
        """
        if self._seal is None:
            yield self._shelf.plain(sha256)
            return
        with contextlib.ExitStack() as stack:
            with _rows(sha256):
                folder = stack.enter_context(self.scratch.folder(self.size(sha256)))
            yield self.readable(sha256, folder)

    def _copy(self, sha256: str, copy: Path) -> None:
        """Write a copy of a blob in clear; whole or not at all."""
        file, sealed = self._shelf.opened(sha256)
        with file:
            descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as writer:
                    if sealed:
                        self._open(sha256, file, writer)
                    else:
                        shutil.copyfileobj(file, writer, _CHUNK)
            except BaseException:
                copy.unlink(missing_ok=True)
                raise

    def _open(self, sha256: str, file: BinaryIO, target: BinaryIO) -> None:
        """Open a sealed blob; anybody who knows the home's recipient could have sealed it."""
        try:
            found = self._key(sha256).open(file, target).sha256
        except Broken as error:
            raise HomeDamaged(f"file {sha256[:12]}") from error
        if found != sha256:
            raise HomeDamaged(f"file {sha256[:12]}")

    def _key(self, sha256: str) -> Seal:
        if self._seal is None:
            raise HomeLocked(f"file {sha256[:12]} has been sealed since")
        return self._seal

    def path(self, sha256: str) -> Path:
        """Return where the blob lies, sealed or not, or would lie: to be told or looked at. Who
        wants to read it asks for ``lent``, ``opened`` or ``shown``."""
        found = self._shelf.where(sha256)
        if found is not None:
            return found
        return self._shelf.sealed(sha256) if self.sealing else self._shelf.plain(sha256)

    def holds(self, sha256: str) -> bool:
        """Tell whether the blob is there (its bytes are not looked at)."""
        return self._shelf.where(sha256) is not None

    def size(self, sha256: str) -> int:
        """Return the blob's bytes; 0 where it is not there."""
        with contextlib.suppress(OSError):
            return self._shelf.plain(sha256).stat().st_size
        with contextlib.suppress(OSError, Broken):
            return plain_size(self._shelf.sealed(sha256))
        return 0

    def sound(self, sha256: str) -> bool:
        """Tell whether the blob is there and still hashes to its name. Raises ``HomeLocked``, as
        ``lend``."""
        try:
            file, sealed = self._shelf.opened(sha256)
        except OSError:
            return False
        with file:
            if not sealed:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
            try:
                return self._key(sha256).look(file).sha256 == sha256
            except Broken:
                return False

    # --- what goes ----------------------------------------------------------------------------

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
            path = self._shelf.plain(sha256)
            with self._lock:
                put = self._put.get(sha256)
                if put is not None and time.monotonic() - put < _FRESH_SECONDS:
                    continue
                path.unlink(missing_ok=True)
                self._shelf.sealed(sha256).unlink(missing_ok=True)
            gone.append(sha256)
            if path.parent.is_dir():
                folders.add(path.parent)
        for folder in sorted(folders):
            sync_folder(folder)
        return tuple(gone)

    # --- conversion ---------------------------------------------------------------------------

    def reseal(self, stop: threading.Event, told: Told = unheard) -> int:
        """Seal what lies here in clear, and from now on what comes in; return how many files were
        sealed. Set ``stop`` to end it after the file in hand; the next call goes on.

        Raises:
            ValueError: there is no seal.
            OSError, HomeDamaged: as ``Conversion.seal_all``; the next call goes on.
        """
        conversion = self._conversion()
        self.sealing = True
        return conversion.seal_all(stop, told)

    def unseal(self, stop: threading.Event, told: Told = unheard) -> int:
        """Make plain what lies here sealed, and from now on what comes in; the reverse of
        ``reseal`` in all else. What is broken stays sealed: ``sealed`` counts it."""
        conversion = self._conversion()
        self.sealing = False
        return conversion.open_all(stop, told)

    def unsealed(self) -> Counted:
        """Count what lies here in clear. Raises ``OSError``."""
        return self._shelf.counted(sealed=False)

    def sealed(self) -> Counted:
        """Count what lies here sealed. Raises ``OSError``."""
        return self._shelf.counted(sealed=True)

    def _conversion(self) -> Conversion:
        if self._seal is None:
            raise ValueError("a vault without a seal")
        return Conversion(self._shelf, self._seal, self._lock)

    # --- order --------------------------------------------------------------------------------

    def tidy(self) -> None:
        """Remove what a crash left half written here, and the copies that nobody reads. At start,
        under the home's lock. Raises ``OSError``."""
        self._shelf.clear_halves()
        self.scratch.clear()

    def close(self) -> None:
        """Remove the copies that were lent."""
        self.scratch.close()


@contextlib.contextmanager
def _rows(sha256: str) -> Iterator[None]:
    """Name the disk's trouble with a copy."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileMissing(sha256[:12]) from error
    except OSError as error:
        raise from_os(error, "a copy to be read") from error
