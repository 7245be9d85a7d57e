"""Seals bytes for one home, and opens them: the age format (age-encryption.org/v1).

Encrypted with a key of its own for each file, that key wrapped for the home's X25519 identity, and
authenticated in pieces of 64 KB: what was changed, cut short or sealed for somebody else is found
out. Whoever has the identity opens the files with any program that knows the format. Memory does
not grow with a file. Called by the vault; knows no folder.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

_HEAD_BYTES = 1 << 14
"""A head is a few hundred bytes; no file has a longer one that we sealed."""
_PIECE, _TAG, _NONCE = 1 << 16, 16, 16


class Broken(Exception):
    """What was to be opened is not as it was sealed, or not sealed for this identity."""


class Plain(Struct, frozen=True):
    """What the bytes are in clear: their SHA-256 in lower-case hex, and how many."""

    sha256: str
    bytes: int


class Seal:
    """Seals for one identity and opens with it. Thread-safe."""

    def __init__(self, identity: str) -> None:
        """``identity``: its text, ``AGE-SECRET-KEY-1…``.

        Raises:
            ImportError: the library is not installed.
            ValueError: it is no identity.
        """
        import pyrage  # here: the program runs without it where nothing is sealed

        self._age: Any = pyrage
        try:
            self._identity: Any = pyrage.x25519.Identity.from_str(identity.strip())
        except pyrage.IdentityError:
            raise ValueError("no age identity") from None
        self._recipient: Any = self._identity.to_public()

    @property
    def recipient(self) -> str:
        """The public half, ``age1…``: whoever has it can seal, and open nothing."""
        return str(self._recipient)

    def seal(self, source: BinaryIO, target: BinaryIO) -> Plain:
        """Write what is read from ``source`` to ``target``, sealed; return what it was.

        Raises:
            OSError: as either file raised it; what ``target`` holds then is worth nothing.
        """
        read, written = _Passed(source), _Passed(target)
        with _told(read, written):
            self._age.encrypt_io(read, written, [self._recipient])
        return read.plain()

    def open(self, source: BinaryIO, target: BinaryIO) -> Plain:
        """Write what is sealed in ``source`` to ``target`` in clear; return what it is.

        Raises:
            Broken: as it says; ``target`` may hold the pieces before the one that is not sound.
            OSError: as either file raised it.
        """
        return self._opened(source, _Passed(target))

    def look(self, source: BinaryIO) -> Plain:
        """Open what is sealed in ``source`` to its end, and keep nothing. Raises as ``open``."""
        return self._opened(source, _Passed(None))

    def _opened(self, source: BinaryIO, written: _Passed) -> Plain:
        read = _Passed(source)
        try:
            with _told(read, written):
                self._age.decrypt_io(read, written, [self._identity])
        except (self._age.DecryptError, OSError) as error:
            if error in (read.trouble, written.trouble):
                raise
            raise Broken(str(error)) from None  # the library's own: of the bytes, not of a file
        return written.plain()


def plain_size(file: Path) -> int:
    """Return how many bytes a sealed file holds in clear; only its head is read.

    Raises:
        Broken: it has no head.
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
        whole = opened.seek(0, 2)
    last = head.find(b"\n--- ")
    end = head.find(b"\n", last + 1)
    sealed = whole - (end + 1) - _NONCE
    if last < 0 or end < 0 or sealed < _TAG:
        raise Broken("no head")
    return sealed - _TAG * max(1, -(-sealed // (_PIECE + _TAG)))


class _Passed:
    """A file as the library reads and writes it: counts and hashes what passes, and remembers what
    the file raised, which the library does not always tell. After that nothing passes any more."""

    def __init__(self, file: BinaryIO | None) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._bytes = 0
        self.trouble: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        with self._noting():
            found = self._file.read(size) if self._file is not None else b""
        self._digest.update(found)
        self._bytes += len(found)
        return found

    def write(self, data: bytes) -> int:
        if self._file is not None:
            with self._noting():
                self._file.write(data)
        self._digest.update(data)
        self._bytes += len(data)
        return len(data)

    def flush(self) -> None:
        if self._file is not None:
            with self._noting():
                self._file.flush()

    def plain(self) -> Plain:
        return Plain(self._digest.hexdigest(), self._bytes)

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        if self.trouble is not None:
            raise self.trouble
        try:
            yield
        except BaseException as error:
            self.trouble = error
            raise


@contextlib.contextmanager
def _told(*passed: _Passed) -> Iterator[None]:
    """Raise what a file raised, whatever the library made of it."""
    try:
        yield
    finally:
        for one in passed:
            if one.trouble is not None:
                raise one.trouble
