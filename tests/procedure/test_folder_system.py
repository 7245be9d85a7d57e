"""The folder: its manifest, what a crash leaves, what others left there."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from msgspec.structs import replace

from digitizer.errors import (
    AddressUnusable,
    AnswerUnexpected,
    DossierNotAtServer,
    NotAllowed,
    UploadConflict,
    UploadRefused,
)
from digitizer.procedure.connect import connect
from digitizer.procedure.folder import FolderSystem
from digitizer.procedure.port import PaperKind, Upload

CODE = "H02.20-261122-0001"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


@pytest.fixture
def system(root: Path) -> FolderSystem:
    return FolderSystem(str(root))


def _upload(tmp_path: Path, content: bytes = b"%PDF one", number: int = 1) -> Upload:
    file = tmp_path / f"{uuid.uuid4()}.pdf"
    file.write_bytes(content)
    return Upload(
        key=str(uuid.uuid4()),
        dossier_ref=CODE,
        code=CODE,
        template="",
        part="TP01",
        file_template="",
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        name=f"{CODE}.{number:02d}.pdf",
        title="Giấy chứng sinh",
    )


def _lines(root: Path) -> list[dict[str, object]]:
    return json.loads((root / CODE / "manifest.json").read_bytes())["TaiLieuNop"]


def test_the_manifest_is_the_national_record(
    tmp_path: Path, root: Path, system: FolderSystem
) -> None:
    upload = _upload(tmp_path)
    system.put(upload)
    whole = json.loads((root / CODE / "manifest.json").read_bytes())
    assert (whole["MaHoSo"], whole["HoSoCoThanhPhanSoHoa"]) == (CODE, "1")
    (line,) = whole["TaiLieuNop"]
    assert line.pop("ThoiGian").isdecimal()
    assert line == {
        "TepDinhKemId": upload.key,
        "TenTepDinhKem": f"{CODE}.01.pdf",
        "IsDeleted": "0",
        "MaThanhPhanHoSo": "TP01",
        "DuongDanTaiTepTin": f"{CODE}.01.pdf",
        "DuocSoHoa": "1",
        "DuocTaiSuDung": "0",
        "DuocLayTuKhoDMQG": "0",
        "MaKetQuaThayThe": "",
        "TenGiayTo": "Giấy chứng sinh",
        "SHA256": upload.sha256,
        "KichThuoc": 8,
    }
    assert "Giấy chứng sinh" in (root / CODE / "manifest.json").read_text(encoding="utf-8")


def test_a_result_that_is_an_earlier_one_is_told_by_its_code(
    tmp_path: Path, root: Path, system: FolderSystem
) -> None:
    result = replace(_upload(tmp_path), kind=PaperKind.RESULT)
    for code in ("", "KQ.G07.000122"):
        system.put(replace(result, reused="2" if code else "0", result_code=code))
        whole = json.loads((root / CODE / "manifest.json").read_bytes())
        assert [one["MaGiayToKetQua"] for one in whole["DanhSachGiayToKetQua"]] == [code]


def test_a_paper_that_moved_up_leaves_no_old_file(
    tmp_path: Path, root: Path, system: FolderSystem
) -> None:
    old = _upload(tmp_path, number=2)
    system.put(old)
    moved = replace(old, name=f"{CODE}.01.pdf", known=frozenset({old.sha256}))
    system.put(moved)
    assert sorted(p.name for p in (root / CODE).iterdir()) == [f"{CODE}.01.pdf", "manifest.json"]
    assert [line["TenTepDinhKem"] for line in _lines(root)] == [f"{CODE}.01.pdf"]


def test_two_papers_cannot_share_a_name(tmp_path: Path, system: FolderSystem) -> None:
    system.put(_upload(tmp_path))
    with pytest.raises(UploadConflict):
        system.put(_upload(tmp_path, b"%PDF other"))
    with pytest.raises(UploadConflict):
        system.put(_upload(tmp_path))


def test_what_others_may_read_follows_the_users_own_rule(
    tmp_path: Path, root: Path, system: FolderSystem
) -> None:
    before = os.umask(0o022)
    try:
        system.put(_upload(tmp_path))
    finally:
        os.umask(before)
    for path in (root / CODE).iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o644


_CRASHING = """
import os, sys
from pathlib import Path
from digitizer.procedure.folder import FolderSystem
from digitizer.procedure.port import Upload
root, key, file, sha256, name, at = sys.argv[1:]
left = int(at)
def counted(call):
    def wrapped(*args, **more):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        answer = call(*args, **more)
        left -= 1
        if left == 0:
            os._exit(9)
        return answer
    return wrapped
for module, verb in ((os, "fsync"), (os, "replace"), (os, "mkdir"), (os, "unlink")):
    setattr(module, verb, counted(getattr(module, verb)))
code = "H02.20-261122-0001"
FolderSystem(root).put(Upload(key, code, code, "", "TP01", "", Path(file), sha256, name, "x"))
"""


def test_a_crash_at_any_step_is_made_good_by_putting_again(tmp_path: Path) -> None:
    crashes = 0
    for at in range(1, 60):
        root = tmp_path / f"out{at}"
        root.mkdir()
        upload = _upload(tmp_path)
        command = [sys.executable, "-c", _CRASHING, str(root), upload.key, str(upload.file)]
        run = subprocess.run([*command, upload.sha256, upload.name, str(at)], check=False)
        crashed = run.returncode == 9
        crashes += crashed
        system = FolderSystem(str(root))
        assert system.put(replace(upload, tried=True)).sha256 == upload.sha256
        assert [line["SHA256"] for line in _lines(root)] == [upload.sha256]
        assert sorted(p.name for p in (root / CODE).iterdir()) == [upload.name, "manifest.json"]
        if not crashed:
            assert run.returncode == 0
            break
    assert crashes >= 10


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[" * 50_000,
        b'{"TaiLieuNop": [1]}',
        b'{"TaiLieuNop": [{"TepDinhKemId": "k", "TenTepDinhKem": "../x", "SHA256": "a"}]}',
        b'{"TaiLieuNop": [{"TepDinhKemId": "k", "TenTepDinhKem": "/etc/passwd", "SHA256": "a"}]}',
        b'{"TaiLieuNop": [{"TepDinhKemId": "k", "TenTepDinhKem": "manifest.json", "SHA256": ""}]}',
    ],
)
def test_a_manifest_that_makes_no_sense_is_left_alone(
    tmp_path: Path, root: Path, system: FolderSystem, text: bytes
) -> None:
    (root / CODE).mkdir()
    (root / CODE / "manifest.json").write_bytes(text)
    with pytest.raises(AnswerUnexpected):
        system.put(_upload(tmp_path))
    with pytest.raises(AnswerUnexpected):
        system.read(CODE, "k", tmp_path / "back")
    assert (root / CODE / "manifest.json").read_bytes() == text


@pytest.mark.parametrize(
    "name", ["manifest.json", "CON.pdf", "a..b.pdf", "a.", ".hidden", "a\0b", "a:b.pdf", "x" * 300]
)
def test_names_no_system_should_see_are_refused(
    tmp_path: Path, root: Path, system: FolderSystem, name: str
) -> None:
    with pytest.raises(UploadRefused):
        system.put(replace(_upload(tmp_path), name=name))
    if name != "manifest.json":
        with pytest.raises(DossierNotAtServer):
            system.put(replace(_upload(tmp_path), dossier_ref=name))
    assert list(root.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path, root: Path, system: FolderSystem) -> None:
    root.chmod(0o555)
    try:
        with pytest.raises(NotAllowed):
            system.check()
        with pytest.raises(NotAllowed):
            system.put(_upload(tmp_path))
    finally:
        root.chmod(0o755)


def test_the_address_is_a_path_or_a_file_url(tmp_path: Path, root: Path) -> None:
    for url in (str(root), root.as_uri()):
        connect("folder", url, "", "", "").check()
    for url in ("", "out", "./out"):
        with pytest.raises(AddressUnusable):
            connect("folder", url, "", "", "")
