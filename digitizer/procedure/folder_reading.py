"""Reads a folder that ``folder`` wrote at another desk, from a USB stick or a share.

Called by ``digitizer.receiving``. Nothing in it is believed: names are one plain step, links and
whatever is no plain file are refused, numbers and sizes are bounded, and no byte counts before
its hash was compared. Changes nothing there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from digitizer.errors import (
    AnswerUnexpected,
    DigitizerError,
    FileMissing,
    FileUnreadable,
    FolderUnreadable,
    NoParcel,
    ParcelHalf,
    ParcelUnsafe,
    ParcelWrong,
    from_os,
)
from digitizer.identifiers import is_dossier_code, normal_code, one_line
from digitizer.model import PaperKind
from digitizer.procedure.manifest import (
    MANIFEST,
    TORN,
    WHOLE,
    Entry,
    entries_in,
    is_safe,
    manifest_of,
)

_DOSSIERS = 20_000
_FILES = 500
_FILE_BYTES = 512 * 1024 * 1024
_PIECE = 1024 * 1024
_TITLE = 300
_HASH = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{7,63}")
_PART = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")
_COPY = re.compile(r"-([2-9]|[1-9][0-9]{1,2})\.pdf$")


class Offered(Struct, frozen=True):
    """A file that a manifest names. ``key``: the paper's id at the desk it comes from; ``copy``:
    which paper of its component it is, as its name says; ``reused``, ``result_code``: as
    ``port.Upload`` has them."""

    file: Path
    key: str
    sha256: str
    part: str
    title: str
    kind: PaperKind
    copy: int
    reused: str = "0"
    result_code: str = ""


class Parcel(Struct, frozen=True):
    """One dossier as a folder.

    Attributes:
        code: Mã hồ sơ.
        procedure: Mã TTHC, empty where it is not told.
        procedure_name: Its name.
        files: What its manifest names, each once.
        trouble: Why it cannot be taken at all, or is not whole; None: neither.
        strays: Names of files that no line speaks of.
    """

    code: str
    procedure: str = ""
    procedure_name: str = ""
    files: tuple[Offered, ...] = ()
    trouble: DigitizerError | None = None
    strays: tuple[str, ...] = ()


def parcels(root: Path) -> Iterator[Parcel]:
    """Yield the dossiers in ``root``, or the one that it is, by name.

    Raises:
        NoParcel: there is none.
        FolderUnreadable: ``root`` cannot be read.
        ParcelUnsafe: there are more than any desk has.
    """
    try:
        if _is_plain(root / MANIFEST):
            yield _parcel(root)
            return
        with os.scandir(root) as found:
            inside = sorted(one.name for one in found if one.is_dir(follow_symlinks=False))
    except OSError as error:
        raise FolderUnreadable(root.name) from error
    if len(inside) > _DOSSIERS:
        raise ParcelUnsafe(f"{root.name}: {len(inside)} folders")
    coming = [root / name for name in inside if is_dossier_code(normal_code(name))]
    if not coming:
        raise NoParcel(root.name)
    for folder in coming:
        yield _parcel(folder)


def fetch(offered: Offered, into: Path) -> None:
    """Copy a file to ``into``, flushed and proven, or not at all.

    Raises:
        FileMissing, FileUnreadable: it is not there, or cannot be read.
        ParcelUnsafe: it is no plain file, or too large.
        ParcelWrong: its bytes are others than the manifest says.
        DiskFull, HomeReadOnly: it cannot be kept.
    """
    try:
        source = _opened(offered.file)
    except FileNotFoundError as error:
        raise FileMissing(offered.file.name) from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ParcelUnsafe(f"{offered.file.name}: a link") from error
        raise FileUnreadable(offered.file.name) from error
    digest = hashlib.sha256()
    try:
        found = os.fstat(source)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _FILE_BYTES:
            raise ParcelUnsafe(f"{offered.file.name}: no plain file, or too large")
        with _kept(into) as copy:
            for piece in _pieces(source, offered.file.name):
                digest.update(piece)
                try:
                    copy.write(piece)
                except OSError as error:
                    raise from_os(error, into.name) from error
            try:
                copy.flush()
                os.fsync(copy.fileno())
            except OSError as error:
                raise from_os(error, into.name) from error
        if digest.hexdigest() != offered.sha256:
            raise ParcelWrong(offered.file.name)
    except BaseException:
        into.unlink(missing_ok=True)
        raise
    finally:
        os.close(source)


def _kept(into: Path) -> BinaryIO:
    try:
        return into.open("wb")
    except OSError as error:
        raise from_os(error, into.name) from error


def _opened(file: Path) -> int:
    """Open a file without following a link or waiting at a pipe; what cannot say so on this
    system is looked at before."""
    if file.is_symlink():
        raise OSError(errno.ELOOP, "a link")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(file, flags | getattr(os, "O_BINARY", 0))


def _pieces(source: int, name: str) -> Iterator[bytes]:
    total = 0
    while True:
        try:
            piece = os.read(source, _PIECE)
        except OSError as error:  # the stick was pulled
            raise FileUnreadable(name) from error
        if not piece:
            return
        total += len(piece)
        if total > _FILE_BYTES:
            raise ParcelUnsafe(f"{name}: more than {_FILE_BYTES >> 20} MB")
        yield piece


def _parcel(folder: Path) -> Parcel:
    """Read one dossier's folder; what is wrong with it is part of the answer."""
    code = normal_code(folder.resolve().name)
    try:
        names = sorted(one.name for one in folder.iterdir())
        if not _is_plain(folder / MANIFEST):
            half = MANIFEST not in names
            return Parcel(code, trouble=ParcelHalf(code) if half else ParcelUnsafe(code))
        manifest = manifest_of(folder)
    except AnswerUnexpected:
        return Parcel(code, trouble=ParcelHalf(f"{code}: {MANIFEST}"))
    except OSError:
        return Parcel(code, trouble=FolderUnreadable(code))
    try:
        listed = entries_in(manifest)
    except AnswerUnexpected:
        return Parcel(code, trouble=ParcelUnsafe(f"{code}: {MANIFEST}"))
    said = normal_code(str(manifest.get("MaHoSo", ""))[:100])
    if not is_dossier_code(code) and is_dossier_code(said):
        code = said  # a dossier's folder may have been given another name on the way
    if said != code or not is_dossier_code(code):
        return Parcel(code, trouble=ParcelWrong(f"{code}: {MANIFEST} speaks of another dossier"))
    if len(listed) > _FILES:
        return Parcel(code, trouble=ParcelUnsafe(f"{code}: {len(listed)} files"))
    files = tuple(_offered(folder, one) for one in listed.values())
    known = {MANIFEST, *(one.name for one in listed.values())}
    strays = tuple(
        name
        for name in names
        if name not in known and not name.startswith(".") and not name.endswith(TORN)
    )
    absent = [one.file.name for one in files if one.file.name not in names]
    half = manifest.get(WHOLE) == "0" or bool(absent)
    return Parcel(
        code,
        _text(manifest.get("MaTTHC")),
        _text(manifest.get("TenTTHC")),
        files,
        ParcelHalf(", ".join([code, *absent[:3]])) if half else None,
        strays,
    )


def _offered(folder: Path, entry: Entry) -> Offered:
    numbered = _COPY.search(entry.name)
    part = _text(entry.line.get("MaThanhPhanHoSo"))
    return Offered(
        file=folder / entry.name,
        key=entry.key if _KEY.fullmatch(entry.key) else "",
        sha256=entry.sha256.lower() if _HASH.fullmatch(entry.sha256.lower()) else "",
        part=part if _PART.fullmatch(part) else "",
        title=_text(entry.line.get("TenGiayTo")) or part,
        kind=PaperKind.RESULT if entry.result else PaperKind.COMPONENT,
        copy=int(numbered[1]) if numbered else 1,
        reused=_text(entry.line.get("DuocTaiSuDung")) or "0",
        result_code=_text(entry.line.get("MaKetQuaThayThe")),
    )


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode) and is_safe(path.name)
    except FileNotFoundError:
        return False


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return one_line(value[:_TITLE].encode("utf-8", "replace").decode("utf-8"))
