"""The sandbox says what OpenCPS v2 says (domain facts §6), traps included; no adapter here."""

from __future__ import annotations

import io
import time
import uuid

import httpx
import pytest
import zxingcpp
from PIL import Image

from digitizer.identifiers import is_dossier_code
from digitizer.sandbox import gate, seed
from digitizer.sandbox.faults import Fault, Faults

CODE = "000.00.20.H02-261122-0007"
ID = "50107"
FIELDS = {
    "dossierTemplateNo": "DT.1.001193", "dossierPartNo": "TP01", "fileTemplateNo": "",
    "displayName": "Tờ khai", "fileType": "pdf", "isSync": "false", "formData": "",
    "referenceUid": "",
}  # fmt: skip


def _post(
    raw: httpx.Client,
    content: bytes | None = b"%PDF",
    to: str = ID,
    name: str = "a.pdf",
    **more: str,
) -> httpx.Response:
    files: dict[str, tuple[str | None, str | bytes]] = {
        key: (None, value) for key, value in {**FIELDS, **more}.items()
    }
    if content is not None:
        files["file"] = (name, content)
    return raw.post(f"dossiers/{to}/files", files=files)


def _get(raw: httpx.Client, key: str) -> httpx.Response:
    return raw.get(f"dossiers/{ID}/files/{key}")


def _listed(raw: httpx.Client) -> list[dict[str, object]]:
    return raw.get(f"dossiers/{ID}/files").json()["data"]


def test_not_signed_in_is_203(raw: httpx.Client) -> None:
    for auth in (("motcua", "wrong"), ("", "")):
        answer = raw.get("dossiers", auth=auth)
        assert answer.status_code == 203
        assert answer.json()["code"] == 203


def test_another_group_is_401(raw: httpx.Client) -> None:
    assert raw.get("dossiers", headers={"groupId": "9"}).status_code == 401


def test_the_seed_has_real_looking_codes_and_ends_every_template_alike() -> None:
    assert all(is_dossier_code(dossier.no) for dossier in seed.DOSSIERS)
    codes = {procedure.code for procedure in seed.PROCEDURES}
    assert {"1.001193", "2.000815"} < codes
    assert {dossier.procedure for dossier in seed.DOSSIERS} <= codes
    for procedure in seed.PROCEDURES:
        *_, result, other = procedure.parts
        assert (result.no, result.kind) == ("KQ01", 2)
        assert (other.no, other.name, other.kind, other.multiple) == (
            "TP99", "Giấy tờ khác", 3, True,
        )  # fmt: skip


def test_dossiers_are_searched_loosely_and_by_page(raw: httpx.Client) -> None:
    everything = raw.get("dossiers").json()
    assert everything["total"] == len(everything["data"]) == 10
    page = raw.get("dossiers", params={"start": 2, "end": 5}).json()
    assert (page["total"], len(page["data"])) == (10, 3)
    assert raw.get("dossiers", params={"dossierNo": "261122-000"}).json()["total"] == 9
    assert raw.get("dossiers", params={"keyword": "khánh"}).json()["total"] == 1
    assert raw.get("dossiers", params={"status": "waiting,releasing"}).json()["total"] == 2
    assert raw.get("dossiers", params={"applicantIdNo": "024194000077"}).json()["total"] == 1
    assert raw.get("dossiers/todo").json()["total"] == 10


def test_one_dossier_goes_by_three_names(raw: httpx.Client) -> None:
    one = raw.get(f"dossiers/{ID}").json()
    assert one["dossierNo"] == CODE
    assert one["receiveDate"] == "22/11/2026 08:54:00"
    assert raw.get(f"dossiers/{CODE}").json() == one
    assert raw.get(f"dossiers/{one['referenceUid']}").json() == one
    missing = raw.get("dossiers/1")
    assert (missing.status_code, missing.json()["description"]) == (403, "")


def test_dossiers_are_created_once_per_reference(raw: httpx.Client) -> None:
    form = {
        "referenceUid": str(uuid.uuid4()), "serviceCode": "2.000815",
        "dossierTemplateNo": "DT.2.000815", "applicantName": "Người thử",
        "applicantIdType": "citizen", "applicantIdNo": "024000000000",
    }  # fmt: skip
    made = raw.post("dossiers", data=form)
    assert made.status_code == 200
    assert is_dossier_code(made.json()["dossierNo"])
    assert raw.post("dossiers", data=form).json() == made.json()
    assert raw.post("dossiers", data={**form, "serviceCode": "9.999999"}).status_code == 403


def test_templates_carry_an_etag(raw: httpx.Client) -> None:
    first = raw.get("dossiertemplates/DT.1.001193")
    body = first.json()
    part = body["dossierParts"][0]
    assert (part["partNo"], part["partType"], part["required"]) == ("TP01", 1, "true")
    again = raw.get(
        "dossiertemplates/DT.1.001193", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    number = body["dossierTemplateId"]
    assert raw.get(f"dossiertemplates/{number}").json() == body
    parts = raw.get(f"dossiertemplates/{number}/parts").json()
    assert parts == {"total": 6, "data": body["dossierParts"]}
    assert raw.get("dossiertemplates").json()["total"] == 7


@pytest.mark.parametrize(("kind", "format"), [("barcode", "Code128"), ("qrcode", "QRCode")])
def test_codes_hold_the_number_alone(raw: httpx.Client, kind: str, format: str) -> None:
    picture = Image.open(io.BytesIO(raw.get(f"dossiers/{ID}/{kind}").content))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == CODE
    assert found.format == getattr(zxingcpp.BarcodeFormat, format)


def test_marks_are_kept(raw: httpx.Client) -> None:
    sent = {"fileMark": "1", "fileCheck": "0", "fileComment": "đủ", "recordCount": "2"}
    answer = raw.post(f"dossiers/{ID}/marks/TP01", data=sent)
    assert (answer.status_code, answer.json()["recordCount"]) == (200, "2")
    assert raw.post(f"dossiers/{ID}/marks/TP77", data=sent).status_code == 403
    assert raw.get(f"dossiers/{ID}/marks").json()["data"] == [answer.json()]
    raw.post(f"dossiers/{ID}/marks/TP01", data={"recordCount": "3"})
    (mark,) = raw.get(f"dossiers/{ID}/marks").json()["data"]
    assert (mark["recordCount"], mark["fileMark"], mark["fileComment"]) == ("3", 1, "")
    assert raw.post(f"dossiers/{ID}/marks/TP01", data={"fileMark": ""}).status_code == 400


def test_a_known_reference_changes_only_when_older(raw: httpx.Client) -> None:
    key = str(uuid.uuid4())
    assert _post(raw, b"one", referenceUid=key).status_code == 200
    for modified in ("1", "0"):
        refused = _post(raw, b"two", referenceUid=key, modifiedDate=modified)
        assert refused.status_code == 403
        assert refused.json()["description"] == "Conflict dossier file"
    assert _get(raw, key).content == b"one"
    later = str(time.time_ns() // 1_000_000 + 60_000)
    assert _post(raw, b"two", referenceUid=key, modifiedDate=later).status_code == 200
    assert _get(raw, key).content == b"two"
    (file,) = _listed(raw)
    assert file["fileVersion"] == "2"


def test_a_known_reference_without_a_file_is_wiped(raw: httpx.Client) -> None:
    key = str(uuid.uuid4())
    _post(raw, b"one", referenceUid=key)
    later = str(time.time_ns() // 1_000_000 + 60_000)
    assert _post(raw, None, referenceUid=key, modifiedDate=later).status_code == 200
    assert _get(raw, key).status_code == 204


def test_without_a_reference_a_single_part_is_replaced(raw: httpx.Client) -> None:
    first = _post(raw, b"one").json()["referenceUid"]
    assert _post(raw, b"two").json()["referenceUid"] == first
    assert _get(raw, first).content == b"two"
    for content in (b"three", b"four"):
        _post(raw, content, dossierPartNo="TP99")
    assert len(_listed(raw)) == 3


def test_a_name_it_dislikes_is_replaced_and_the_title_kept(raw: httpx.Client) -> None:
    key = _post(raw, name="tờ khai.pdf", displayName="Tờ khai").json()["referenceUid"]
    assert "khai" not in _get(raw, key).headers["content-disposition"]
    assert _listed(raw)[0]["displayName"] == "Tờ khai"


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_missing_field_is_400(raw: httpx.Client, field: str) -> None:
    fields = {key: (None, value) for key, value in FIELDS.items() if key != field}
    assert raw.post(f"dossiers/{ID}/files", files=fields).status_code == 400
    assert _listed(raw) == []


def test_unknown_part_and_unknown_dossier(raw: httpx.Client) -> None:
    part = _post(raw, dossierPartNo="TP77")
    assert part.status_code == 403
    assert part.json()["description"]
    dossier = _post(raw, to="1")
    assert (dossier.status_code, dossier.json()["description"]) == (403, "")


def test_download_replace_and_delete(raw: httpx.Client) -> None:
    key = str(uuid.uuid4())
    reference = raw.get(f"dossiers/{ID}").json()["referenceUid"]
    assert _post(raw, b"one", to=CODE, referenceUid=key).status_code == 200
    assert raw.get(f"dossiers/{reference}/files/{key}").content == b"one"
    assert raw.get(f"dossiers/{CODE}/files/{key}").status_code == 403
    replaced = raw.post(f"dossiers/{ID}/files/{key}", files={"file": ("b.pdf", b"two")})
    assert replaced.status_code == 200
    assert _get(raw, key).content == b"two"
    assert raw.delete(f"dossiers/{ID}/files/{key}").status_code == 200
    assert _get(raw, key).status_code == 403
    assert _post(raw, b"three", referenceUid=key, modifiedDate="1").status_code == 200
    assert _get(raw, key).content == b"three"


def test_a_body_too_large_is_413(raw: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MAX_BODY_BYTES", 1000)
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    assert raw.post("dossiers", content=b"x" * 1001, headers=head).status_code == 413
    assert raw.post("dossiers", content=iter([b"x" * 600] * 2), headers=head).status_code == 413
    assert raw.post("dossiers", content=iter([b"x" * 600]), headers=head).status_code == 403


def test_a_form_that_is_none_is_refused(raw: httpx.Client) -> None:
    answer = raw.post(
        f"dossiers/{ID}/files",
        content=b"garbage",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 400


def test_faults_are_counted(raw: httpx.Client, faults: Faults) -> None:
    faults.set(Fault.UNAVAILABLE, 2)
    assert [raw.get("dossiers").status_code for _ in range(3)] == [503, 503, 200]
    faults.set(Fault.NO_BYTES, 1)
    assert _get(raw, _post(raw).json()["referenceUid"]).status_code == 204
    for fault in (Fault.CUT, Fault.LATE_ANSWER):
        faults.set(fault, 1)
        with pytest.raises(httpx.RemoteProtocolError):
            _post(raw)
        assert _post(raw).status_code == 200


def test_faults_are_named() -> None:
    wanted = Faults(["no-bytes:2", "slow"])
    assert [wanted.take(Fault.NO_BYTES) for _ in range(3)] == [True, True, False]
    assert all(wanted.take(Fault.SLOW) for _ in range(5))
    assert not wanted.take(Fault.CUT)
    for text in ("burn", "cut:0", "cut:x", "cut:-1", ""):
        with pytest.raises(ValueError, match=r"fault|number"):
            Faults([text])
