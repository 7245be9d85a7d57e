"""Durable file verbs: after each returns, a power cut cannot take its effect back.

Used wherever something must not be lost: the vault, recovery, landing pages, bundles. Raises
``OSError`` as it comes; callers convert.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20


def sync_file(file: Path) -> None:
    """Make the bytes of a file that was written and closed durable."""
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable (nothing to do where folders cannot be opened)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Create ``folder`` (0700) and its missing parents, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    sync_folder(folder.parent)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a new file (0600) that takes the place of ``path`` at the end of the block; where that
    raises, ``path`` is as it was before."""
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def write_durably(path: Path, data: bytes) -> None:
    """Write ``path`` (0600) so that it is either whole or as it was before."""
    with replacing(path) as file:
        file.write(data)


def copy_durably(source: Path, target: Path) -> None:
    """Copy the bytes of ``source`` to ``target`` (0600), whole or not at all."""
    with source.open("rb") as reader, replacing(target) as writer:
        while chunk := reader.read(_CHUNK):
            writer.write(chunk)


def move_durably(source: Path, target: Path) -> None:
    """Rename within one file system, durably at both ends."""
    source.rename(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def sha256_of(path: Path) -> str:
    """Return the file's SHA-256 in lower-case hex; memory does not grow with its size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
