"""The traps of OpenCPS (domain facts §6), each sprung by the real server of the sandbox."""

from __future__ import annotations

import gc
import hashlib
import logging
import sqlite3
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from digitizer.errors import (
    AnswerUnexpected,
    DossierNotAtServer,
    NotAllowed,
    ReceiptMismatch,
    ServerBusy,
    ServerTrouble,
    SignInRefused,
    UploadRefused,
)
from digitizer.procedure.opencps import OpenCps
from digitizer.procedure.port import PaperKind, Upload
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.server import Address, Sandbox

Make = Callable[..., Upload]
CODE = "000.00.20.H02-261122-0007"


def _files(raw: httpx.Client, upload: Upload) -> list[dict[str, object]]:
    return raw.get(f"/dossiers/{upload.dossier_ref}/files").json()["data"]


def _bytes(raw: httpx.Client, upload: Upload) -> bytes:
    return raw.get(f"/dossiers/{upload.dossier_ref}/files/{upload.key}").content


def _change_rows(tmp_path: Path, change: str, value: int) -> None:
    """Change every file's row inside the server's own database."""
    database = sqlite3.connect(tmp_path / "server" / "sandbox.sqlite")
    with database:
        database.execute(f"UPDATE file SET {change}", (value,))  # noqa: S608
    database.close()


# --- reading ---


def test_waiting_dossiers_are_read(system: OpenCps) -> None:
    waiting = {dossier.code: dossier for dossier in system.waiting()}
    assert len(waiting) == 10
    seventh = waiting[CODE]
    assert seventh.procedure_code == "1.001193"
    assert seventh.procedure_name == "Đăng ký khai sinh"
    assert seventh.holder == "Hoàng Thị Bích Ngọc"
    assert seventh.received_at is not None
    assert seventh.received_at.isoformat() == "2026-11-22T08:54:00+07:00"
    assert waiting["000.00.20.H02-261122-0010"].received_at is None


def test_a_part_of_a_code_is_not_the_code(system: OpenCps) -> None:
    with pytest.raises(DossierNotAtServer):
        system.find("000.00.20.H02-261122-000")
    assert system.find(" 000.00.20.h02-261122-0001 ").code == "000.00.20.H02-261122-0001"


def test_a_dossier_behind_the_first_page_is_found(system: OpenCps, raw: httpx.Client) -> None:
    for number in range(110):
        added = raw.post(
            "/dossiers",
            data={
                "serviceCode": "1.001193",
                "dossierTemplateNo": "DT.1.001193",
                "applicantName": "Người thử",
                "dossierNo": f"H02.20-261122-0{number:04d}",
            },
        )
        assert added.status_code == 200
    assert len(list(system.waiting())) == 120
    assert system.find("H02.20-261122-00109").code == "H02.20-261122-00109"


def test_the_papers_of_a_procedure_are_read(system: OpenCps) -> None:
    papers = {paper.part: paper for paper in system.papers("DT.1.001193")}
    assert list(papers) == ["TP01", "TP02", "TP03", "TP04", "KQ01", "TP99"]
    assert papers["TP02"].title == "Giấy chứng sinh"
    assert papers["TP02"].kind is PaperKind.COMPONENT
    assert papers["TP02"].required and not papers["TP02"].multiple
    assert papers["TP03"].multiple
    assert not papers["TP04"].required
    assert papers["KQ01"].kind is PaperKind.RESULT
    assert papers["TP99"].kind is PaperKind.OTHER


def test_an_unchanged_template_is_the_same(system: OpenCps) -> None:
    assert system.papers("DT.2.000815") == system.papers("DT.2.000815")


def test_an_unknown_template_is_trouble(system: OpenCps) -> None:
    with pytest.raises(ServerTrouble):
        system.papers("DT.9.999999")


# --- signing in ---


def test_a_wrong_password_is_said_so(
    address: Address, make_upload: Make, faults: Faults, system: OpenCps
) -> None:
    wrong = OpenCps(address.url, address.group, address.user, "wrong")
    with pytest.raises(SignInRefused):
        wrong.check()
    with pytest.raises(SignInRefused):
        wrong.put(make_upload(b"%PDF" + bytes(5_000_000)))
    faults.set(Fault.NOT_AUTHENTICATED, 1)
    with pytest.raises(SignInRefused):
        list(system.waiting())


def test_a_wrong_group_is_not_allowed(address: Address) -> None:
    with pytest.raises(NotAllowed):
        OpenCps(address.url, "1", address.user, address.password).check()


# --- putting ---


def test_an_unknown_part_is_refused(make_upload: Make, system: OpenCps) -> None:
    with pytest.raises(UploadRefused):
        system.put(make_upload(part="TP77"))


def test_an_unknown_dossier_has_no_description(make_upload: Make, system: OpenCps) -> None:
    with pytest.raises(DossierNotAtServer):
        system.put(make_upload(dossier_ref="123456"))


def test_every_field_is_sent(make_upload: Make, system: OpenCps, raw: httpx.Client) -> None:
    upload = make_upload(title="Giấy chứng sinh — bản gốc", part="TP02")
    system.put(upload)
    (file,) = _files(raw, upload)
    assert file["displayName"] == "Giấy chứng sinh — bản gốc"
    assert file["dossierPartNo"] == "TP02"
    assert file["referenceUid"] == upload.key
    assert file["fileSize"] == len(b"%PDF one")
    answer = raw.get(f"/dossiers/{upload.dossier_ref}/files/{upload.key}")
    assert upload.name in answer.headers["content-disposition"]


def test_lost_bytes_are_sent_again(
    make_upload: Make, system: OpenCps, faults: Faults, raw: httpx.Client
) -> None:
    faults.set(Fault.NO_BYTES_ONCE)
    for number in range(2):
        upload = make_upload(b"%%PDF %d" % number)
        assert system.put(upload).sha256 == upload.sha256
        assert _bytes(raw, upload) == b"%%PDF %d" % number


def test_bytes_lost_every_time_are_a_mismatch_until_the_server_is_well(
    make_upload: Make, system: OpenCps, faults: Faults, raw: httpx.Client
) -> None:
    upload = make_upload()
    faults.set(Fault.NO_BYTES)
    with pytest.raises(ReceiptMismatch):
        system.put(upload)
    faults.set(Fault.NO_BYTES, 0)
    assert system.put(replace(upload, tried=True)).sha256 == upload.sha256
    assert len(_files(raw, upload)) == 1


def test_damaged_bytes_are_sent_again(
    make_upload: Make, system: OpenCps, faults: Faults, raw: httpx.Client
) -> None:
    faults.set(Fault.WRONG_BYTES, 1)
    upload = make_upload()
    assert system.put(upload).sha256 == upload.sha256
    assert _bytes(raw, upload) == b"%PDF one"
    faults.set(Fault.WRONG_BYTES)
    with pytest.raises(ReceiptMismatch):
        system.put(make_upload())


@pytest.mark.parametrize("tried", [False, True])
def test_an_answer_that_never_came_leaves_one_file(
    make_upload: Make, system: OpenCps, faults: Faults, raw: httpx.Client, tried: bool
) -> None:
    upload = make_upload()
    faults.set(Fault.LATE_ANSWER, 1)
    with pytest.raises(ServerTrouble):
        system.put(upload)
    (before,) = _files(raw, upload)
    assert system.put(replace(upload, tried=tried)).sha256 == upload.sha256
    (after,) = _files(raw, upload)
    assert before == after


def test_a_server_that_cannot_replace_gets_the_file_added(
    make_upload: Make, system: OpenCps, faults: Faults, raw: httpx.Client
) -> None:
    old = make_upload(b"%PDF old")
    system.put(old)
    faults.set(Fault.REPLACE_BROKEN)
    new = make_upload(b"%PDF new", key=old.key, known=frozenset({old.sha256}))
    system.put(new)
    assert _bytes(raw, new) == b"%PDF new"
    assert len(_files(raw, new)) == 1


def test_a_server_clock_far_behind_or_ahead_changes_nothing(
    make_upload: Make, system: OpenCps, raw: httpx.Client, tmp_path: Path
) -> None:
    old = make_upload(b"%PDF old")
    system.put(old)
    for modified in (0, 4_102_444_800_000):
        _change_rows(tmp_path, "modified = ?", modified)
        content = b"%%PDF %d" % modified
        new = make_upload(content, key=old.key, known=frozenset({old.sha256}))
        assert system.put(new).sha256 == new.sha256
        assert _bytes(raw, new) == content
        old = new


def test_a_lost_file_is_sent_again_though_the_server_clock_was_put_back(
    make_upload: Make, system: OpenCps, raw: httpx.Client, tmp_path: Path
) -> None:
    upload = make_upload()
    system.put(upload)
    _change_rows(tmp_path, "blob = NULL, modified = ?", 4_102_444_800_000)
    assert system.put(replace(upload, tried=True)).sha256 == upload.sha256
    assert _bytes(raw, upload) == b"%PDF one"
    assert len(_files(raw, upload)) == 1


def test_a_row_without_bytes_of_a_faulty_program_is_filled(
    make_upload: Make, system: OpenCps, raw: httpx.Client
) -> None:
    upload = make_upload()
    system.put(upload)
    time.sleep(0.005)  # the server's clock has to pass the row's own time
    wiped = raw.post(
        f"/dossiers/{upload.dossier_ref}/files",
        files={
            name: (None, value)
            for name, value in {
                "referenceUid": upload.key, "dossierTemplateNo": "", "dossierPartNo": "TP01",
                "fileTemplateNo": "", "displayName": "", "fileType": "", "isSync": "",
                "formData": "",
            }.items()
        },
    )  # fmt: skip
    assert wiped.status_code == 200
    assert system.put(replace(upload, tried=True)).sha256 == upload.sha256
    assert _bytes(raw, upload) == b"%PDF one"


# --- a server that is ill ---


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.UNAVAILABLE, ServerTrouble),
        (Fault.CUT, ServerTrouble),
        (Fault.SLOW, ServerTrouble),
        (Fault.NONSENSE, AnswerUnexpected),
        (Fault.NOT_AUTHENTICATED, SignInRefused),
    ],
)
def test_an_ill_server_is_one_row_and_then_all_is_well(
    make_upload: Make,
    system: OpenCps,
    faults: Faults,
    raw: httpx.Client,
    fault: Fault,
    error: type[Exception],
) -> None:
    upload = make_upload()
    for ask in (system.check, lambda: list(system.waiting()), lambda: system.papers("DT.1.000656")):
        faults.set(fault, 1)
        with pytest.raises(error):
            ask()
    faults.set(fault, 1)
    with pytest.raises(error):
        system.put(upload)
    assert system.put(replace(upload, tried=True)).sha256 == upload.sha256
    assert len(_files(raw, upload)) == 1


def test_a_cut_download_leaves_no_file(
    make_upload: Make, system: OpenCps, faults: Faults, tmp_path: Path
) -> None:
    upload = make_upload(b"%PDF" + bytes(3_000_000))
    system.put(upload)
    faults.set(Fault.CUT)  # it goes on twenty times, and gives up
    into = tmp_path / "into" / "back.pdf"
    into.parent.mkdir()
    with pytest.raises(ServerTrouble):
        system.read(upload.dossier_ref, upload.key, into)
    assert list(into.parent.iterdir()) == []


# --- memory and secrets ---


def test_a_large_upload_takes_little_memory(make_upload: Make, system: OpenCps) -> None:
    size = 20 * 1024 * 1024
    upload = make_upload(b"%PDF" + bytes(size))
    system.check()
    gc.collect()
    tracemalloc.start()
    try:
        assert system.put(upload).sha256 == upload.sha256
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6 * 1024 * 1024  # both ends are in this process


def test_nothing_personal_or_secret_is_logged(
    make_upload: Make,
    system: OpenCps,
    address: Address,
    faults: Faults,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, "digitizer"), caplog.at_level(logging.INFO, "httpx"):
        logging.getLogger("httpx").setLevel(logging.WARNING)
        faults.set(Fault.NO_BYTES_ONCE)
        list(system.waiting())
        system.put(make_upload())
    assert caplog.records  # the lost bytes were noted
    for secret in (address.password, "Hoàng Thị Bích Ngọc", CODE, "024194000077"):
        assert secret not in caplog.text
    assert hashlib.sha256(b"%PDF one").hexdigest() not in caplog.text


# --- a server that has too much to do, or contradicts itself ---


def test_a_busy_server_s_wish_is_heard(
    tmp_path: Path, make_upload: Make, system: OpenCps, faults: Faults
) -> None:
    with (
        Sandbox(tmp_path / "full", Faults(), capacity=0) as full,
        pytest.raises(ServerBusy) as told,
    ):
        OpenCps(full.url, full.group, full.user, full.password).check()
    assert told.value.after == 1.0
    faults.set(Fault.UNAVAILABLE, 1)
    with pytest.raises(ServerBusy) as told:
        system.check()
    assert told.value.after == 0.0


def test_a_page_of_a_portal_is_no_version_of_a_file(
    make_upload: Make, system: OpenCps, faults: Faults, raw: httpx.Client
) -> None:
    """Some portals answer 200 with a page of their own to whatever is asked."""
    upload = make_upload()
    system.put(upload)
    faults.set(Fault.PORTAL, 1)
    with pytest.raises(AnswerUnexpected):
        system.put(replace(upload, tried=True))
    assert system.put(replace(upload, tried=True)).sha256 == upload.sha256
    assert len(_files(raw, upload)) == 1


def test_an_upload_that_comes_twice_on_its_way_is_one_file(
    make_upload: Make, system: OpenCps, faults: Faults, raw: httpx.Client
) -> None:
    upload = make_upload()
    faults.set(Fault.REPEATED, 1)
    assert system.put(upload).sha256 == upload.sha256
    assert len(_files(raw, upload)) == 1


def test_an_upload_that_comes_late_does_not_undo_a_later_one(
    make_upload: Make, system: OpenCps, faults: Faults, raw: httpx.Client
) -> None:
    upload = make_upload()
    faults.set(Fault.DELAYED, 1)
    with pytest.raises(ServerTrouble):
        system.put(upload)
    assert _files(raw, upload) == []
    newer = make_upload(b"%PDF two", key=upload.key, known=frozenset({upload.sha256}), tried=True)
    assert system.put(newer).sha256 == newer.sha256
    assert _bytes(raw, newer) == b"%PDF two"
    assert len(_files(raw, newer)) == 1
