"""Which files of a folder are delivered paper, and in which order.

Used by ``drivers.folder`` and ``drivers.watching``. Looks at names, sizes and times alone, never
inside a file.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from digitizer.errors import FileMissing, FolderUnreadable

DONE_FOLDER = "done"
"""Sub-folder that holds what was taken already; never looked into."""

_JPEG = (".jpg", ".jpeg", ".jpe", ".jfif")
_SUFFIXES = (*_JPEG, ".png", ".tif", ".tiff", ".bmp", ".webp", ".pdf")
_UNFINISHED = (".", "~$")
_UNREACHABLE = (errno.ENOENT, errno.ENAMETOOLONG)
"""A sub-folder that went away meanwhile, or lies deeper than any path can say."""
_DIGITS = re.compile(r"([0-9]+)")


class Listed(Struct, frozen=True):
    """A file by what its folder says of it: bytes, and nanoseconds of its last change."""

    path: Path
    size: int
    changed_ns: int


def papers(folder: Path) -> list[Path]:
    """Return the images and PDFs of ``folder`` and its sub-folders in natural name order.

    Left out: hidden files and folders, unfinished downloads, editors' own (``~$x``) and other
    files (by their names), the sub-folder ``done``, and links that lead out of ``folder``.

    Raises:
        FolderUnreadable: it does not exist or may not be read.
    """
    return sorted((found.path for found in listed(folder)), key=natural)


def listed(folder: Path) -> list[Listed]:
    """Return what ``papers`` returns, in no order, at one system call a file.

    Raises:
        FolderUnreadable: it does not exist or may not be read.
    """
    try:
        inside = folder.resolve(strict=True)
        found = (_file(*one, inside) for one in _walk(folder) if _is_paper(one[1]))
        return [one for one in found if one is not None]
    except OSError as error:
        raise FolderUnreadable(str(folder)) from error


def surveyed(folder: Path) -> tuple[list[Listed], list[Path]]:
    """Return what ``listed`` and what ``odd`` return, both in no order, of one walk.

    Raises:
        FolderUnreadable: it does not exist or may not be read.
    """
    found: list[Listed] = []
    strange: list[Path] = []
    try:
        inside = folder.resolve(strict=True)
        for entry, path in _walk(folder):
            if _is_odd(entry, path, inside):
                strange.append(path)
            elif _is_paper(path) and (file := _file(entry, path, inside)) is not None:
                found.append(file)
    except OSError as error:
        raise FolderUnreadable(str(folder)) from error
    return found, strange


def expanded(path: Path) -> list[Path]:
    """Return ``path`` itself, or the papers of the folder it is.

    Raises:
        FileMissing: there is nothing.
        FolderUnreadable: it is a folder that may not be read.
    """
    if path.is_dir():
        return papers(path)
    if not path.exists():
        raise FileMissing(str(path))
    return [path]


def odd(folder: Path) -> list[Path]:
    """Return what bears a paper's name in ``folder`` and its sub-folders and is no plain file in
    there, and links to other folders; ``papers`` leaves it out. Nothing of it is opened.

    Raises:
        FolderUnreadable: it does not exist or may not be read.
    """
    try:
        inside = folder.resolve(strict=True)
        found = [path for entry, path in _walk(folder) if _is_odd(entry, path, inside)]
    except OSError as error:
        raise FolderUnreadable(str(folder)) from error
    return sorted(found, key=natural)


def natural(path: Path) -> list[tuple[int, int, str]]:
    """Return a key that sorts ``page 10`` after ``page 9``."""
    parts = _DIGITS.split(str(path))
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part.lower()) for part in parts]


def _walk(top: Path) -> Iterator[tuple[os.DirEntry[str], Path]]:
    """Yield what is in a folder and its sub-folders and is no folder itself."""
    left = [top]
    while left:
        folder = left.pop()
        try:
            entries = os.scandir(folder)
        except OSError as error:
            if folder == top or error.errno not in _UNREACHABLE:
                raise
            continue
        with entries:
            for entry in entries:
                if entry.name.startswith(_UNFINISHED):
                    continue
                path = folder / entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name.lower() != DONE_FOLDER:
                        left.append(path)
                else:
                    yield entry, path


def _is_paper(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES


def _is_plain(entry: os.DirEntry[str], path: Path, inside: Path) -> bool:
    if not entry.is_symlink():
        return entry.is_file()
    try:
        return path.is_file() and path.resolve().is_relative_to(inside)
    except OSError:  # it leads where this account may not look
        return False


def _is_odd(entry: os.DirEntry[str], path: Path, inside: Path) -> bool:
    if _is_paper(path):
        return not _is_plain(entry, path, inside)
    try:
        return entry.is_symlink() and path.is_dir() and not path.resolve().is_relative_to(inside)
    except OSError:
        return True


def _file(entry: os.DirEntry[str], path: Path, inside: Path) -> Listed | None:
    try:
        if not _is_plain(entry, path, inside):
            return None
        stat = path.stat() if os.name == "nt" else entry.stat()  # there, entries hold old times
    except OSError as error:
        if error.errno not in _UNREACHABLE:
            raise
        return None
    return Listed(path, stat.st_size, stat.st_mtime_ns)
