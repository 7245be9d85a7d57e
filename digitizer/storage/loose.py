"""Seals files of a home that belong to no page, or opens them again: what a crash left over, and
backups that no database can be made of any more.

``NAME`` becomes ``NAME.age``, or the reverse: written anew, read back, and only then the other one
goes. Called by ``digitizer.encrypting``.
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from digitizer.durable import sha256_of, sync_folder
from digitizer.errors import HomeDamaged
from digitizer.storage.seal import Broken, Seal
from digitizer.storage.shelf import SEALED, writing

_HALF = ".sealing"


def seal_all(folder: Path, seal: Seal, stop: threading.Event) -> None:
    """Seal every file in a folder and below that is in clear; links are left alone.

    Raises:
        OSError: no file was lost. HomeDamaged: what was written reads back otherwise.
    """
    for file in _each(folder, stop):
        if file.suffix != SEALED:
            seal_one(file, seal)


def open_all(folder: Path, seal: Seal, stop: threading.Event) -> int:
    """Open every sealed file in a folder and below; return how many are broken, and stay. Raises
    as ``seal_all``."""
    broken = 0
    for file in _each(folder, stop):
        if file.suffix == SEALED:
            broken += not _open_one(file, seal)
    return broken


def seal_one(file: Path, seal: Seal) -> None:
    """Seal one file. Raises as ``seal_all``."""
    part = _part_of(file)
    with file.open("rb") as reader, writing(part) as writer:
        plain = seal.seal(reader, writer)
    with part.open("rb") as reader:
        whole = seal.look(reader) == plain
    _exchange(part, file, file.with_name(file.name + SEALED), whole=whole)


def _open_one(file: Path, seal: Seal) -> bool:
    part = _part_of(file)
    try:
        with file.open("rb") as reader, writing(part) as writer:
            plain = seal.open(reader, writer)
    except Broken:
        part.unlink()
        return False
    _exchange(part, file, file.with_suffix(""), whole=sha256_of(part) == plain.sha256)
    return True


def _exchange(part: Path, old: Path, new: Path, *, whole: bool) -> None:
    """Give ``part`` its name where it was read back as it is to be, then drop ``old``."""
    if not whole:
        raise HomeDamaged(f"{new.name} reads back otherwise than it was written")
    found = old.stat()
    os.utime(part, ns=(found.st_atime_ns, found.st_mtime_ns))  # it is as old as it was
    part.replace(new)
    sync_folder(new.parent)
    old.unlink()
    sync_folder(new.parent)


def _part_of(file: Path) -> Path:
    return file.with_name(f".{uuid.uuid4().hex}{_HALF}")


def _each(folder: Path, stop: threading.Event) -> Iterator[Path]:
    """Yield the files that are there; what a crash left half written is removed."""
    for where, _folders, names in os.walk(folder):
        for name in sorted(names):
            file = Path(where) / name
            if stop.is_set():
                return
            if name.startswith(".") and file.suffix == _HALF:
                file.unlink()
            elif file.is_file() and not file.is_symlink():
                yield file
