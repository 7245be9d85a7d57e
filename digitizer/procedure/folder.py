"""The procedure system that is a folder: ``<folder>/<mã hồ sơ>/<file>.pdf`` and a manifest.

An adapter of ``procedure.port``, made by ``procedure.connect``, for provinces that give communes
no way to upload: somebody carries the folder on, or another program takes it in. It asks for no
papers and lists no dossiers. Each dossier's ``manifest.json`` holds the fields of the national
record ``TaiLieuNop`` that are known here, with the SHA-256 of every file.

Order of writes: file, then manifest, each under a temporary name, flushed, renamed, and the
folder flushed. A file without its line is adopted or replaced when it is put again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from digitizer.durable import sha256_of, sync_folder
from digitizer.errors import (
    AddressUnusable,
    AnswerUnexpected,
    DigitizerError,
    DiskFull,
    DossierNotAtServer,
    FileMissing,
    NotAllowed,
    Offline,
    ReceiptMismatch,
    ServerTrouble,
    UploadConflict,
    UploadRefused,
    from_os,
)
from digitizer.procedure.port import RequiredPaper, ServerDossier, Stored, Upload
from digitizer.procedure.sendable import check_file

MANIFEST = "manifest.json"
_MANIFEST_BYTES = 8 * 1024 * 1024
_VIETNAM = timedelta(hours=7)
_SAFE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z_-]|\.(?!\.)){0,150}(?<!\.)")
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of a manifest: ``line`` as it is written, the rest read from it."""

    key: str
    name: str
    sha256: str
    line: dict[str, Any]


class FolderSystem:
    """ProcedureSystem over a directory, local or a network share."""

    def __init__(self, url: str) -> None:
        """Nothing is read yet.

        Args:
            url: The directory, as an absolute path or a ``file:`` URL.

        Raises:
            AddressUnusable: it is neither.
        """
        parts = urlsplit(url)
        root = Path(url2pathname(parts.path)) if parts.scheme == "file" else Path(url)
        if not root.is_absolute() or "\0" in url:
            raise AddressUnusable("the folder's path must be absolute")
        self._root = root

    def check(self) -> None:
        """Make sure the directory is there and can be written; see the port."""
        self._present()
        try:
            with tempfile.TemporaryFile(dir=self._root):
                pass
        except OSError as error:
            raise _row(error) from error

    def waiting(self) -> Iterator[ServerDossier]:
        """Yield nothing: a folder waits for whatever comes."""
        return iter(())

    def find(self, code: str) -> ServerDossier:
        """Return a dossier for any code that can name a directory."""
        wanted = code.strip()
        if not _is_safe(wanted):
            raise DossierNotAtServer(wanted)
        self._present()
        return ServerDossier(wanted, wanted, "", "", "", "", "")

    def papers(self, template: str) -> tuple[RequiredPaper, ...]:
        """Return no papers: a folder asks for none."""
        return ()

    def put(self, upload: Upload) -> Stored:
        """Write the file and its line in the manifest, read both back; see the port."""
        if not _is_safe(upload.dossier_ref):
            raise DossierNotAtServer("not a name a folder can have")
        if upload.dossier_ref != upload.code:
            raise DossierNotAtServer(upload.name)
        if not (_is_safe(upload.name) and upload.key) or upload.name == MANIFEST:
            raise UploadRefused(f"{upload.part}: not a name a file can have")
        self._present()
        check_file(upload)
        try:
            return _put(self._root / upload.dossier_ref, upload)
        except OSError as error:
            raise _row(error) from error

    def read(self, dossier_ref: str, key: str, into: Path) -> str | None:
        """Copy what is stored under ``key``; see the port."""
        if not _is_safe(dossier_ref):
            raise DossierNotAtServer("not a name a folder can have")
        self._present()
        try:
            entry = _entries(self._root / dossier_ref).get(key)
            if entry is None:
                return None
            source = (self._root / dossier_ref / entry.name).open("rb")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _row(error) from error
        with source:
            return _copied(source, into)

    def _present(self) -> None:
        try:
            there = self._root.is_dir()
        except OSError as error:
            raise _row(error) from error
        if not there and self._root.exists():
            raise AddressUnusable(f"{self._root.name} is no folder")
        if not there:
            raise Offline(f"no folder {self._root.name}")


def _put(folder: Path, upload: Upload) -> Stored:
    folder.mkdir(exist_ok=True)
    entries = _entries(folder)
    mine = entries.get(upload.key)
    _may_replace(folder, upload, mine, {e.name for e in entries.values() if e != mine})
    if _sha256(folder / upload.name) != upload.sha256:
        _write_file(folder, upload)
    if mine is not None and mine.name != upload.name:
        (folder / mine.name).unlink(missing_ok=True)
    if mine is None or (mine.name, mine.sha256) != (upload.name, upload.sha256):
        entries[upload.key] = _entry(_line(upload))
        _write_manifest(folder, entries, upload.key)
    if _sha256(folder / upload.name) != upload.sha256:
        raise ReceiptMismatch(upload.part)
    if upload.key not in _entries(folder):
        raise ServerTrouble("another program wrote the manifest at the same time")
    return Stored(upload.sha256, f"{folder.name}/{upload.name}")


def _may_replace(folder: Path, upload: Upload, mine: _Entry | None, taken: set[str]) -> None:
    """Raise UploadConflict where putting would destroy what this machine never put there."""
    ours = upload.known | {upload.sha256}
    for name in {upload.name} | ({mine.name} if mine else set()):
        sha256 = _sha256(folder / name)
        if sha256 is not None and (sha256 not in ours or name in taken):
            raise UploadConflict(upload.part)


def _line(upload: Upload) -> dict[str, Any]:
    """Return the national record of the file (``TaiLieuNop``), with our proof beside it, and who
    answers for it."""
    return {
        "TepDinhKemId": upload.key,
        "TenTepDinhKem": upload.name,
        "IsDeleted": "0",
        "MaThanhPhanHoSo": upload.part,
        "DuongDanTaiTepTin": upload.name,
        "DuocSoHoa": "1",
        "DuocTaiSuDung": "0",
        "DuocLayTuKhoDMQG": "0",
        "MaKetQuaThayThe": "",
        "TenGiayTo": upload.title,
        "SHA256": upload.sha256,
        "KichThuoc": upload.file.stat().st_size,
        "ThoiGian": (datetime.now(UTC) + _VIETNAM).strftime("%Y%m%d%H%M%S"),
        **({"NguoiThucHien": upload.by} if upload.by else {}),
    }


def _entry(line: Any) -> _Entry:
    if not isinstance(line, dict):
        raise AnswerUnexpected(MANIFEST)
    key, name, sha256 = (line.get(at) for at in ("TepDinhKemId", "TenTepDinhKem", "SHA256"))
    if not (isinstance(key, str) and isinstance(name, str) and isinstance(sha256, str)):
        raise AnswerUnexpected(MANIFEST)
    if not _is_safe(name) or name == MANIFEST:
        raise AnswerUnexpected(f"{MANIFEST} names a file it must not")
    return _Entry(key, name, sha256, line)


def _entries(folder: Path) -> dict[str, _Entry]:
    """Read the manifest, by key; none there is an empty one. Raises AnswerUnexpected."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            text = file.read(_MANIFEST_BYTES + 1)
    except FileNotFoundError:
        return {}
    try:
        value = json.loads(text) if len(text) <= _MANIFEST_BYTES else None
    except (ValueError, RecursionError):
        value = None
    lines = value.get("TaiLieuNop") if isinstance(value, dict) else None
    if not isinstance(lines, list):
        raise AnswerUnexpected(MANIFEST)
    return {entry.key: entry for entry in map(_entry, lines)}


def _write_manifest(folder: Path, entries: dict[str, _Entry], key: str) -> None:
    value = {
        "MaHoSo": folder.name,
        "HoSoCoThanhPhanSoHoa": "1",
        "TaiLieuNop": [entry.line for entry in entries.values()],
    }
    text = json.dumps(value, ensure_ascii=False, indent=1).encode()
    with _replacing(folder, MANIFEST, key) as file:
        file.write(text)


def _write_file(folder: Path, upload: Upload) -> None:
    try:
        source = upload.file.open("rb")
    except OSError as error:
        raise FileMissing(upload.name) from error
    with source, _replacing(folder, upload.name, upload.key) as file:
        while piece := source.read(1024 * 1024):
            file.write(piece)
            upload.told(source.tell())


@contextmanager
def _replacing(folder: Path, name: str, key: str) -> Iterator[BinaryIO]:
    """Write a file of ``folder`` under another name; it appears whole, or not at all."""
    part = folder / f".{name}.{hashlib.sha256(key.encode()).hexdigest()[:16]}.part"
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / name)
        sync_folder(folder)
        sync_folder(folder.parent)
    finally:
        part.unlink(missing_ok=True)


def _sha256(path: Path) -> str | None:
    """Return the hash of the file at ``path``, None where there is none."""
    try:
        return sha256_of(path)
    except FileNotFoundError:
        return None


def _copied(source: BinaryIO, into: Path) -> str | None:
    part = into.with_name(into.name + ".part")
    digest, total = hashlib.sha256(), 0
    try:
        with part.open("wb") as copy:
            while piece := source.read(1024 * 1024):
                digest.update(piece)
                total += copy.write(piece)
        if not total:
            return None
        part.replace(into)
        return digest.hexdigest()
    except OSError as error:
        raise from_os(error, into.name) from error
    finally:
        part.unlink(missing_ok=True)


def _is_safe(name: str) -> bool:
    """Tell whether ``name`` is one plain step of a path on every system."""
    return _SAFE.fullmatch(name) is not None and _DEVICES.match(name) is None


def _row(error: OSError) -> DigitizerError:
    """Return the row for what the folder answered: a share that is away counts as offline."""
    known = from_os(error, "the upload folder")
    if isinstance(known, DiskFull):
        return known
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return NotAllowed("the upload folder")
    return Offline("the upload folder")
