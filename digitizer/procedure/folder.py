"""The procedure system that is a folder: ``<folder>/<mã hồ sơ>/<file>.pdf`` and a manifest.

An adapter of ``procedure.port``, made by ``procedure.connect``, for provinces that give communes
no way to upload: somebody carries the folder on, or another program takes it in. It asks for no
papers and lists no dossiers. Each dossier's ``manifest.json`` holds the fields of the national
record (``TaiLieuNop``, ``DanhSachGiayToKetQua``) that are known here, with the SHA-256 of every
file. ``folder_reading`` takes such a folder in at another desk.

Order of writes: file, then manifest, each under a temporary name, flushed, renamed, and the
folder flushed. A file without its line is adopted or replaced when it is put again. Nothing asks
for hard links, letter case, or more of a name than FAT and exFAT have.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, ClassVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from digitizer.durable import sha256_of, sync_folder
from digitizer.errors import (
    AddressUnusable,
    AnswerUnexpected,
    CodesNotGiven,
    DigitizerError,
    DiskFull,
    DossierNotAtServer,
    FileMissing,
    NotAllowed,
    NotSupported,
    Offline,
    ReceiptMismatch,
    ServerTrouble,
    UploadConflict,
    UploadRefused,
    from_os,
)
from digitizer.procedure.manifest import (
    MANIFEST,
    RECORD,
    TORN,
    WHOLE,
    Entry,
    entries_of,
    entry,
    is_safe,
    manifest_of,
)
from digitizer.procedure.port import (
    Ability,
    Mark,
    NewDossier,
    PaperKind,
    PaperList,
    RequiredPaper,
    ServerDossier,
    Stored,
    StoredFile,
    Upload,
)
from digitizer.procedure.sendable import check_file

_TELLING = ("SHA256", "DuocTaiSuDung", "MaKetQuaThayThe", "MaGiayToKetQua")
"""What of a line, changed, makes it another, besides the file's name."""
_VIETNAM = timedelta(hours=7)


class FolderSystem:
    """ProcedureSystem over a directory: local, a network share or a USB stick."""

    abilities: ClassVar = frozenset({Ability.UPLOAD})

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
        if not is_safe(wanted):
            raise DossierNotAtServer(wanted)
        self._present()
        return ServerDossier(wanted, wanted, "", "", "", "", "")

    def papers(self, template: str) -> tuple[RequiredPaper, ...]:
        """Return no papers: a folder asks for none."""
        return ()

    def papers_since(self, template: str, version: str) -> PaperList | None:
        """Return no papers; see the port."""
        return PaperList(())

    def create(self, new: NewDossier) -> ServerDossier:
        """Refuse: a folder gives no codes."""
        raise CodesNotGiven

    def files(self, dossier_ref: str) -> tuple[StoredFile, ...]:
        """Return the files that the manifest names and that are there; see the port."""
        if not is_safe(dossier_ref):
            raise DossierNotAtServer("not a name a folder can have")
        self._present()
        folder = self._root / dossier_ref
        try:
            found = [_stored(folder, entry) for entry in entries_of(folder).values()]
        except OSError as error:
            raise _row(error) from error
        return tuple(one for one in found if one is not None)

    def put(self, upload: Upload) -> Stored:
        """Write the file and its line in the manifest, read both back; see the port."""
        if not is_safe(upload.dossier_ref):
            raise DossierNotAtServer("not a name a folder can have")
        if upload.dossier_ref != upload.code:
            raise DossierNotAtServer(upload.name)
        if not (is_safe(upload.name) and upload.key) or upload.name == MANIFEST:
            raise UploadRefused(f"{upload.part}: not a name a file can have")
        self._present()
        check_file(upload)
        try:
            return _put(self._root / upload.dossier_ref, upload)
        except OSError as error:
            raise _row(error) from error

    def read(self, dossier_ref: str, key: str, into: Path) -> str | None:
        """Copy what is stored under ``key``; see the port."""
        if not is_safe(dossier_ref):
            raise DossierNotAtServer("not a name a folder can have")
        self._present()
        try:
            entry = entries_of(self._root / dossier_ref).get(key)
            if entry is None:
                return None
            source = (self._root / dossier_ref / entry.name).open("rb")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _row(error) from error
        with source:
            return _copied(source, into)

    def break_off(self) -> None:
        """Do nothing: no call waits for a server."""

    def mark(self, marks: Iterable[Mark], told: Callable[[Mark], None]) -> None:
        """Raise NotSupported: the manifest says it already."""
        raise NotSupported("a folder")

    def seal(self, code: str, *, whole: bool, record: str = "") -> None:
        """Write down whether a dossier's folder holds all that it is meant to. An export says no
        before its first paper and yes after its last; whoever takes the folder in can tell. A
        manifest that a pulled stick tore is put aside when an export begins anew. ``record``: the
        head of the home's audit record, which is proven by it later."""
        if not is_safe(code):
            raise DossierNotAtServer("not a name a folder can have")
        self._present()
        folder = self._root / code
        try:
            folder.mkdir(exist_ok=True)
            entries = _begun(folder) if not whole else entries_of(folder)
            about = {WHOLE: "1" if whole else "0"} | ({RECORD: record} if record else {})
            _write_manifest(folder, entries, code, about)
        except OSError as error:
            raise _row(error) from error

    def _present(self) -> None:
        try:
            there = self._root.is_dir()
        except OSError as error:
            raise _row(error) from error
        if not there and self._root.exists():
            raise AddressUnusable(f"{self._root.name} is no folder")
        if not there:
            raise Offline(f"no folder {self._root.name}")


def _begun(folder: Path) -> dict[str, Entry]:
    """Return what a dossier's folder holds; nothing where its manifest cannot be read."""
    try:
        return entries_of(folder)
    except AnswerUnexpected:
        (folder / MANIFEST).replace(folder / f"{MANIFEST}{TORN}")
        return {}


def _put(folder: Path, upload: Upload) -> Stored:
    folder.mkdir(exist_ok=True)
    entries = entries_of(folder)
    mine = entries.get(upload.key)
    _may_replace(folder, upload, mine, {e.name for e in entries.values() if e != mine})
    if _sha256(folder / upload.name) != upload.sha256:
        _write_file(folder, upload)
    if mine is not None and mine.name != upload.name:
        (folder / mine.name).unlink(missing_ok=True)
    line = _line(upload)
    known = mine.line if mine is not None and mine.name == upload.name else {}
    if any(known.get(at) != line.get(at) for at in _TELLING):
        entries[upload.key] = entry(line, result=upload.kind is PaperKind.RESULT)
        _write_manifest(folder, entries, upload.key, _about(upload))
    if _sha256(folder / upload.name) != upload.sha256:
        raise ReceiptMismatch(upload.part)
    if upload.key not in entries_of(folder):
        raise ServerTrouble("another program wrote the manifest at the same time")
    return Stored(upload.sha256, f"{folder.name}/{upload.name}")


def _may_replace(folder: Path, upload: Upload, mine: Entry | None, taken: set[str]) -> None:
    """Raise UploadConflict where putting would destroy what this machine never put there."""
    ours = upload.known | {upload.sha256}
    for name in {upload.name} | ({mine.name} if mine else set()):
        sha256 = _sha256(folder / name)
        if sha256 is not None and (sha256 not in ours or name in taken):
            raise UploadConflict(upload.part)


def _about(upload: Upload) -> dict[str, str]:
    """Return what an upload tells of its dossier as a whole."""
    told = {"MaTTHC": upload.procedure, "TenTTHC": upload.procedure_name}
    return {name: text for name, text in told.items() if text}


def _result_line(upload: Upload) -> dict[str, Any]:
    """Return the national record of a result (``DanhSachGiayToKetQua``), and our proof."""
    return {
        "TenGiayTo": upload.title,
        "MaThanhPhanHoSo": upload.part,
        "GiayToId": upload.key,
        "DuongDanTepTinKetQua": upload.name,
        "MaGiayToKetQua": upload.result_code,
        **_proof(upload),
    }


def _proof(upload: Upload) -> dict[str, Any]:
    """Return our proof of a file, and who answers for it."""
    return {
        "SHA256": upload.sha256,
        "KichThuoc": upload.file.stat().st_size,
        "ThoiGian": (datetime.now(UTC) + _VIETNAM).strftime("%Y%m%d%H%M%S"),
        **({"NguoiThucHien": upload.by} if upload.by else {}),
    }


def _line(upload: Upload) -> dict[str, Any]:
    """Return the national record of the file (``TaiLieuNop``), with our proof beside it."""
    if upload.kind is PaperKind.RESULT:
        return _result_line(upload)
    return {
        "TepDinhKemId": upload.key,
        "TenTepDinhKem": upload.name,
        "IsDeleted": "0",
        "MaThanhPhanHoSo": upload.part,
        "DuongDanTaiTepTin": upload.name,
        "DuocSoHoa": "1",
        "DuocTaiSuDung": upload.reused,
        "DuocLayTuKhoDMQG": "0",
        "MaKetQuaThayThe": upload.result_code,
        "TenGiayTo": upload.title,
        **_proof(upload),
    }


def _stored(folder: Path, entry: Entry) -> StoredFile | None:
    try:
        stat = (folder / entry.name).stat()
    except FileNotFoundError:
        return None
    part, title = (str(entry.line.get(at) or "") for at in ("MaThanhPhanHoSo", "TenGiayTo"))
    return StoredFile(entry.key, part, title, stat.st_size, f"{stat.st_size} {stat.st_mtime_ns}")


def _write_manifest(
    folder: Path, entries: dict[str, Entry], key: str, about: Mapping[str, str]
) -> None:
    """Write the manifest anew; what it said of the dossier stays where ``about`` is silent."""
    files = [entry.line for entry in entries.values() if not entry.result]
    value = {
        **manifest_of(folder),
        "MaHoSo": folder.name,
        **about,
        "HoSoCoThanhPhanSoHoa": "1" if any(line.get("DuocSoHoa") == "1" for line in files) else "0",
        "TaiLieuNop": files,
        "DanhSachGiayToKetQua": [entry.line for entry in entries.values() if entry.result],
    }
    text = json.dumps(value, ensure_ascii=False, indent=1).encode()
    with _replacing(folder, MANIFEST, key) as file:
        file.write(text)


def _write_file(folder: Path, upload: Upload) -> None:
    try:
        source = upload.file.open("rb")
    except OSError as error:
        raise FileMissing(upload.name) from error
    with source, upload.passage.timed(), _replacing(folder, upload.name, upload.key) as file:
        while piece := source.read(upload.passage.piece):
            upload.passage.go_on(source.tell())
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
        for changed in (folder, folder.parent):
            _sync(changed)
    finally:
        part.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make a folder's entries durable; some file systems of sticks know no such call."""
    try:
        sync_folder(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise


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


def _row(error: OSError) -> DigitizerError:
    """Return the row for what the folder answered: a share that is away counts as offline."""
    known = from_os(error, "the upload folder")
    if isinstance(known, DiskFull):
        return known
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return NotAllowed("the upload folder")
    return Offline("the upload folder")
