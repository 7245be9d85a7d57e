"""Texts from outside, whatever they say: a value, or the one known error of their reader."""

from __future__ import annotations

import contextlib
import json
import tempfile
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer import identifiers, policy, profilefile, rules, separators, tomltext
from digitizer.bridge import talk
from digitizer.errors import DigitizerError, ProfileFileBad, RulesUnusable, WebPageStrange
from digitizer.origins import origin_of
from digitizer.pages import headings, wordtable
from digitizer.procedure import manifest, opencps_shapes
from digitizer.procedure.sign_in import PasswordGrant, PortalSession, Reply
from digitizer.sought import Sought
from drivers import escl_address, escl_xml, wire
from tests.fuzz import fuzzed

ODD = st.text(
    st.characters() | st.sampled_from("\0\t\r\n\x1b\u202e\u2028\ufeff\ud800<>&\"'[]{}=;|#"),
    max_size=60,
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(10**400), 10**400)
    | st.integers(-5, 40)
    | ODD,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ODD, inner, max_size=4),
    max_leaves=12,
)


def shaped(like: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that are nearly ``like``: some fields as they should be, some odd, some missing."""
    fields = {name: st.just(value) | VALUES for name, value in like.items()}
    return st.fixed_dictionaries({}, optional=fields) | VALUES


LONG = st.sampled_from(["9" * 5000, "[" * 3000])


def changed(seeds: list[str], end: str = "") -> st.SearchStrategy[str]:
    """Texts that are nearly one of ``seeds``."""

    @st.composite
    def draw(pick: st.DrawFn) -> str:
        text = pick(st.sampled_from(seeds))
        for _ in range(pick(st.integers(0, 4))):
            at = pick(st.integers(0, len(text)))
            upto = min(len(text), at + pick(st.integers(0, 12)))
            piece = pick(ODD | st.just(text[at:upto] * 3) | LONG)
            text = text[:at] + piece + text[upto:]
        return text + end

    return draw()


# --- files of administrators, rules and profiles ----------------------------------------------

TOML = [
    'by = "Sở"\n[locked]\n"server.url" = "https://a"\nprofiles = true\n[default]\nkbits = "9"\n',
    '[[profile]]\nname = "A"\ndevice = ""\nsource = "adf"\ndpi = 300\nsize_mm = [210.0, 297.0]\n',
    '[[folder]]\npath = "in"\nquiet = 2.0\nlanding = "split"\n',
]
DEEP = [
    "a = " + "[" * 20_000,
    "a" + ".a" * 20_000 + " = 1",
    "a = " + "{b=" * 5000,
    "a = " + "9" * 6000,
]


@fuzzed
@given(changed(TOML) | st.sampled_from(DEEP))
def test_toml_is_read_or_refused(text: str) -> None:
    found = policy.read(text, Path("/etc/digitizer/digitizer.toml"))
    assert found.problem or isinstance(found.locked, dict)
    with contextlib.suppress(ProfileFileBad):
        profilefile.parsed_text(text)
    with contextlib.suppress(ValueError), contextlib.suppress(RulesUnusable):
        rules.rules_in(tomltext.parse(text), Path("/"))


@pytest.mark.parametrize("text", DEEP)
def test_toml_without_end_is_told_as_a_mistake(text: str) -> None:
    found = policy.read(text, Path("digitizer.toml"))
    assert found.problem or found.unknown
    with pytest.raises(ProfileFileBad):
        profilefile.parsed_text(text)


@pytest.mark.parametrize("part", ["b", '"b.c"', "'b' ", "\tb-1"])
def test_a_key_has_so_many_parts_and_no_more(part: str) -> None:
    assert tomltext.parse(f"a{f'.{part}' * 63} = 1")
    for text in (f"a{f'.{part}' * 64} = 1", f"[a{f'.{part}' * 64}]"):
        with pytest.raises(ValueError, match="too deeply"):
            tomltext.parse(text)


@fuzzed
@given(shaped({"by": "Sở", "locked": {}, "default": {}, "profile": [{"name": "A"}]}))
def test_an_administrators_file_of_any_shape_is_read(value: Any) -> None:
    with contextlib.suppress(ProfileFileBad):
        profilefile.parsed(value if isinstance(value, dict) else {"profile": value})
    with contextlib.suppress(RulesUnusable):
        rules.rules_in(value if isinstance(value, dict) else {"folder": value}, Path("/"))


# --- what servers and other desks say ---------------------------------------------------------

DOSSIER = {
    "dossierId": 7, "dossierNo": "H02.20-261122-0001", "dossierTemplateNo": "T",
    "receiveDate": "22/11/2026 08:00:00", "dueDate": "20261122080000", "dossierStatus": "done",
}  # fmt: skip
FILE = {"referenceUid": "k", "dossierPartNo": "TP01", "displayName": "x", "fileSize": 3}
PART = {"partNo": "TP01", "partName": "Tờ khai", "partType": 1, "required": "true"}
MARK = {"dossierPartNo": "TP01", "fileMark": 1, "fileCheck": 2, "recordCount": "1"}


@fuzzed
@given(st.lists(shaped(DOSSIER) | shaped(FILE) | shaped(PART) | shaped(MARK), max_size=5), VALUES)
def test_a_servers_answers_become_clean_values(items: list[Any], total: Any) -> None:
    with contextlib.suppress(DigitizerError):
        opencps_shapes.page({"total": total, "data": items})
    with contextlib.suppress(DigitizerError):
        opencps_shapes.page(total)
    for item in items:
        found = opencps_shapes.new_dossier(item)
        if found is not None:
            _storable(found.code, found.holder, found.status)
            for moment in (found.received_at, found.due_at):
                assert moment is None or moment.astimezone(UTC).isoformat()
        opencps_shapes.template_id(item)
        opencps_shapes.noted({"data": [item]}, "TP01")
    for stored in opencps_shapes.files(items):
        _storable(stored.key, stored.part, stored.title, stored.mark)
    for paper in opencps_shapes.parts(items):
        _storable(paper.part, paper.title)


def _storable(*texts: str) -> None:
    for text in texts:
        text.encode("utf-8")
        assert not any(sign in text for sign in "\0\r\n\u202e")


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@fuzzed
@given(
    st.integers(100, 599),
    st.binary(max_size=200)
    | shaped({"access_token": "abc" * 10, "expires_in": 60, "error": "no"}).map(_bytes),
    st.dictionaries(ODD, ODD, max_size=3),
    st.sampled_from(["", "/x", "//elsewhere", "https://elsewhere/", "http://[", "\0"]),
)
def test_a_sign_in_succeeds_or_is_refused(
    status: int, body: bytes, cookies: dict[str, str], onward: str
) -> None:
    reply = Reply(status, body, cookies, onward)
    for way in (
        PasswordGrant("https://sso/token", "c", "u", "p"),
        PortalSession("https://portal", "u", "p"),
    ):
        with contextlib.suppress(DigitizerError):
            headers, seconds = way.obtain(lambda *_: reply)
            assert 0 < seconds < 1e9
            assert not any(sign in value for value in headers.values() for sign in "\r\n\0")


@pytest.mark.parametrize("seconds", [10**400, float("nan"), float("inf"), -5, "9"])
def test_a_token_that_lasts_oddly_is_used_for_a_while(seconds: Any) -> None:
    reply = Reply(200, _bytes({"access_token": "abc" * 10, "expires_in": seconds}), {}, "")
    way = PasswordGrant("https://sso/token", "c", "u", "p")
    assert 0 < way.obtain(lambda *_: reply)[1] < 1e6


def test_a_moment_before_all_clocks_is_none() -> None:
    assert opencps_shapes.moment("01/01/0001 00:00:00") is None


LINE = {
    "TepDinhKemId": "8e7d6c5b-0000", "TenTepDinhKem": "TP01.pdf", "SHA256": "0" * 64,
    "MaThanhPhanHoSo": "TP01", "TenGiayTo": "Tờ khai",
}  # fmt: skip


@fuzzed
@given(st.lists(shaped(LINE), max_size=4) | VALUES, VALUES)
def test_a_manifest_names_files_of_its_own_folder(lines: Any, results: Any) -> None:
    with contextlib.suppress(DigitizerError):
        found = manifest.entries_in({"TaiLieuNop": lines, "DanhSachGiayToKetQua": results})
        assert all(manifest.is_safe(one.name) for one in found.values())


@fuzzed
@given(ODD)
def test_safe_names_are_one_step(name: str) -> None:
    if manifest.is_safe(name):
        assert Path(name).name == name
        assert name.isascii() and len(name) < 200


# --- scanners ---------------------------------------------------------------------------------

ABILITIES = (
    '<?xml version="1.0" encoding="UTF-8"?><scan:ScannerCapabilities xmlns:scan="s" xmlns:pwg="p">'
    "<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Office MFP</pwg:MakeAndModel>"
    "<scan:UUID>4509a320-00a0-008f-00b6-002507510eca</scan:UUID><scan:Platen>"
    "<scan:PlatenInputCaps><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>3508</scan:MaxHeight>"
    "<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>RGB24"
    "</scan:ColorMode></scan:ColorModes><scan:SupportedResolutions><scan:ResolutionRange>"
    "<scan:XResolutionRange><scan:Min>75</scan:Min><scan:Max>600</scan:Max><scan:Step>1"
    "</scan:Step></scan:XResolutionRange></scan:ResolutionRange></scan:SupportedResolutions>"
    "</scan:SettingProfile></scan:SettingProfiles></scan:PlatenInputCaps></scan:Platen>"
    "</scan:ScannerCapabilities>"
)
STATUS = (
    '<scan:ScannerStatus xmlns:scan="s" xmlns:pwg="p"><pwg:State>Idle</pwg:State><scan:AdfState>'
    "ScannerAdfLoaded</scan:AdfState><scan:Jobs><scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/1"
    "</pwg:JobUri><pwg:JobState>Processing</pwg:JobState><pwg:JobStateReasons><pwg:JobStateReason>"
    "JobScanning</pwg:JobStateReason></pwg:JobStateReasons></scan:JobInfo></scan:Jobs>"
    "</scan:ScannerStatus>"
)
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><x>&a;&b;</x>'


@fuzzed
@given(changed([ABILITIES, STATUS, ENTITIES]))
def test_a_scanners_xml_is_read_or_refused(text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    with contextlib.suppress(escl_xml.NotEscl):
        told = escl_xml.read_abilities(content)
        assert told.resolutions and all(dpi > 0 for dpi in told.resolutions)
        for one in told.inputs.values():
            one.allows(300)
            assert one.modes
    with contextlib.suppress(escl_xml.NotEscl):
        escl_xml.read_status(content, "/eSCL/ScanJobs/1")


@pytest.mark.parametrize(
    "content",
    [
        b"<a>" * 300_000,
        b"<a>" * 140_000 + b"</a>" * 140_000,
        b"<ScannerCapabilities>" + b"<Platen>" * 40_000 + b"</Platen>" * 40_000,
    ],
)
def test_xml_that_is_nested_without_end_is_refused(content: bytes) -> None:
    with pytest.raises(escl_xml.NotEscl):
        escl_xml.read_abilities(content)


ADDRESSES = ["http://192.168.1.9:80/eSCL", "https://[fe80::1]:443/eSCL", "uuid:1-2", "192.168.1.9"]


@fuzzed
@given(changed(ADDRESSES))
def test_a_scanners_address_is_one_or_none(text: str) -> None:
    for found in (escl_address.parse(text), *escl_address.candidates(text)):
        assert found is None or 0 < found.port < 65_536
    origin_of(text)


ANSWERS = [
    '{"page": 1, "file": "0001.jpg", "origin": null, "last": true, "source": "adf"}',
    '{"alive": 3, "fraction": 0.5, "waiting": false}',
    '{"devices": [{"id": "a", "driver": "sane", "name": "b"}]}',
    '{"capabilities": {"device": {"id": "a", "driver": "sane", "name": "b"}, "sources": ["adf"], '
    '"resolutions": [300], "modes": ["color"], "sizes": [[210, 297]], "double_feed": true, '
    '"can_wait": false}}',
    '{"error": "jam", "detail": ""}',
]


@fuzzed
@given(changed(ANSWERS) | VALUES.map(json.dumps))
def test_a_workers_answers_are_understood_or_nonsense(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(wire.Nonsense):
        Path(folder, "0001.jpg").touch()
        wire.read_answer(text.encode("utf-8", "surrogatepass"), Path(folder))


def test_an_answer_nested_without_end_is_nonsense() -> None:
    with pytest.raises(wire.Nonsense):
        wire.read_answer(b"[" * 30_000)


# --- what stands on paper ---------------------------------------------------------------------

CODES = [
    separators.payload(separators.Separator(separators.Parts.DOSSIER, code="H02.20-261122-0001")),
    separators.payload(separators.NEXT_PAPER),
    "001085012345|012345678|Nguyễn Văn A|01011985|Nam|Thôn 1, Xã B|01012021",
    "https://dichvucong.gov.vn/?ma=H02.20-261122-0001",
]


@fuzzed
@given(changed(CODES))
def test_codes_on_paper_mean_something_or_nothing(text: str) -> None:
    separators.of_codes([text, text])
    separators.of_print([text])
    identifiers.citizen_card(text)
    assert all(identifiers.is_dossier_code(code) for code in identifiers.dossier_codes(text))
    Sought.parse(text)


TABLE = "\n".join(
    (
        wordtable._HEAD,
        "1\t1\t0\t0\t0\t0\t0\t0\t1000\t1400\t-1\t",
        "5\t1\t1\t1\t1\t1\t100\t100\t300\t40\t96.5\tTỜ",
        "5\t1\t1\t1\t1\t2\t450\t100\t300\t40\t91.2\tKHAI",
    )
)


@fuzzed
@given(changed([TABLE]) | changed([TABLE * 3]))
def test_a_table_of_words_is_read_as_far_as_it_makes_sense(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "words.tsv")
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        words = wordtable.read(file)
        assert all(0 < len(word.text) <= 1000 for word in words)
        wordtable.size(file)
        wordtable.text(words)
        assert all(isinstance(line, str) for line in headings.of_table(file))


# --- web pages --------------------------------------------------------------------------------


@fuzzed
@given(changed(['{"dpi": 300}', "{}", '{"a": [1, {"b": null}]}']) | st.binary(max_size=50))
def test_a_web_pages_word_is_an_object_or_strange(said: str | bytes) -> None:
    with contextlib.suppress(WebPageStrange):
        talk.check(said)
        assert isinstance(json.loads(said), dict)
