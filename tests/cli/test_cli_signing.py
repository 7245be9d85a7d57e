"""``sign`` from outside: the list, one PIN on standard input, what became of each paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import CODE, CommandLine

from digitizer.app import App
from digitizer.durable import sha256_of
from digitizer.policyfile import VARIABLE
from tests.signed.office import AGENCY, PIN, SIGNER, add_signable_paper, key_file
from tests.signing.issuing import OFFICER, Issuer
from tests.signing.softtoken import LIBRARY, Port
from tests.signing.softtoken import PIN as TOKEN_PIN

OTHER = CODE.replace("0001", "0002")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return key_file(tmp_path_factory.mktemp("key"))


@pytest.fixture
def desk(command: CommandLine) -> CommandLine:
    """A home with two dossiers and three papers whose files are made."""
    with App(command.home, "test") as app:
        app.dossiers.open_new(code=OTHER)
        for code, parts in ((CODE, ("TP01", "TP02")), (OTHER, ("TP01",))):
            dossier = app.dossiers.find(code)
            for part in parts:
                add_signable_paper(app, dossier, part)
    return command


def test_all_that_waits_is_signed_with_one_pin(desk: CommandLine, key: Path) -> None:
    assert desk.ok("sign", "list").value == []
    made = desk.ok("sign", "rules", "--before-sending", "personal", "--key", key).value
    assert made["before_sending"] == "personal"
    assert made["key"] == {"kind": "file", "path": str(key), "label": "", "serial": ""}
    listed = desk.ok("sign", "list").value
    assert [(one["dossier"], one["paper"]) for one in listed] == [
        (CODE, "TP01"), (CODE, "TP02"), (OTHER, "TP01"),
    ]  # fmt: skip
    assert desk.papers()["TP01"]["awaits"] == "personal"
    assert desk.ok("status").value["unsigned"] == 3
    done = desk.ok("sign", "--all-waiting", said=f"{PIN}\n").value
    assert (done["signed"], done["left"]) == (3, 0)
    assert [one["listed"] for one in done["papers"]] == [one["sha256"] for one in listed]
    paper = desk.papers()["TP01"]
    (version,) = paper["signed"]
    assert (version["signer"], version["look"], version["by"]) == (SIGNER, "personal", None)
    assert paper["outgoing"]["sha256"] == version["sha256"] == done["papers"][0]["sha256"]
    assert paper["bundle"]["sha256"] == listed[0]["sha256"]
    assert (paper["awaits"], desk.ok("status").value["unsigned"]) == (None, 0)
    again = desk.ok("sign", "--all-waiting", said="").value
    assert again["papers"] == [], "and no PIN is asked for where there is nothing to sign"
    desk.sound()


def test_one_paper_of_one_dossier_as_a_certified_copy(desk: CommandLine, key: Path) -> None:
    copy = ("--look", "copy", "--copy", "trich-sao")
    words = ("sign", CODE, "--paper", "TP02", "--key", key, *copy)
    refused = desk.run(*words, said="")
    assert (refused.code, refused.out) == (3, "")
    assert "--agency" in refused.trouble, "before a PIN is asked for"
    (paper,) = desk.ok(*words, "--agency", AGENCY, said=f"{PIN}\n").value["papers"]
    assert (paper["paper"], paper["look"], paper["outcome"]) == ("TP02", "copy", "signed")
    (version,) = desk.papers()["TP02"]["signed"]
    assert version["copy_kind"] == "trich-sao"
    assert desk.papers()["TP01"]["signed"] == []
    assert (
        desk.ok("sign", CODE, "--paper", "TP02", "--key", key, *copy, said="").value["papers"] == []
    )
    assert desk.ok("sign", "withdraw", CODE, "--paper", "TP02").value == {"withdrawn": 1}
    assert desk.papers()["TP02"]["signed"] == []


def test_a_wrong_pin_and_no_key_sign_nothing(desk: CommandLine, key: Path) -> None:
    keyless = desk.run("sign", CODE, said=f"{PIN}\n")
    assert (keyless.code, keyless.out) == (3, "")
    assert "sign rules" in keyless.trouble
    none = desk.run("sign", CODE, "--key", key)
    assert (none.code, none.out) == (3, "")
    assert "no PIN was given" in none.trouble
    assert "<" not in none.trouble and "in no file" in none.trouble
    wrong = desk.run("sign", CODE, "--key", key, said="sai\n")
    assert (wrong.code, wrong.out) == (3, "")
    assert desk.papers()["TP01"]["signed"] == []
    for file in (desk.home / "log").iterdir():
        assert SIGNER not in file.read_text(encoding="utf-8")


def test_what_the_administrator_locks_is_not_signed_otherwise_for_once(
    desk: CommandLine, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "digitizer.toml"
    file.write_text(
        f"[locked.sign]\nbefore_sending = 'copy'\nkey = 'file'\npath = '{key}'\n"
        f"agency = '{AGENCY}'\ncopy = 'sao-y'\ntimestamps = ''\n",
        encoding="utf-8",
    )
    desk = desk.with_env(**{VARIABLE: str(file)})
    other = tmp_path / "other.p12"
    other.write_bytes(key.read_bytes())
    for words in (
        ("--agency", "Một cơ quan khác"),
        ("--copy", "trich-sao"),
        ("--key", str(other)),
        ("--timestamps", "http://127.0.0.1:9"),
    ):
        done = desk.run("sign", CODE, *words, said=f"{PIN}\n")
        assert (done.code, done.out) == (5, ""), words
        assert "the administrator's file locks this setting" in done.trouble
    assert desk.papers()["TP01"]["signed"] == []
    same = ("--key", str(key), "--agency", AGENCY)
    assert desk.ok("sign", CODE, "--paper", "TP01", *same, said=f"{PIN}\n").value["signed"] == 1
    own = desk.ok("sign", CODE, "--paper", "TP01", "--look", "personal", said=f"{PIN}\n").value
    assert own["signed"] == 1


def test_a_time_stamp_that_is_missing_is_said(desk: CommandLine, key: Path) -> None:
    stamps = ("--timestamps", "http://127.0.0.1:9")
    words = ("sign", CODE, "--paper", "TP01", "--key", key, *stamps)
    assert "signed, without a time stamp" in desk.run(*words, as_json=False, said=f"{PIN}\n").out


def test_wrong_usage(desk: CommandLine, key: Path) -> None:
    for words in (
        ("sign", "--all-waiting", CODE),
        ("sign", "--key", str(key)),
        ("sign", "--all-waiting", "--paper", "TP01"),
        ("sign", CODE, "--key", str(key), "--token", "/usr/lib/x.so"),
        ("sign", "rules", "--before-sending", "seal"),
        ("sign", "rules", "--timestamps", "tsa"),
        ("sign", "rules", "--service", "http://127.0.0.1:8987"),
        ("sign", "rules", "--service", "wss://sign.example:8987"),
    ):
        assert desk.run(*words).code == 2, words
    assert desk.run("sign", "H01.1-261122-9999", "--key", key, said=f"{PIN}\n").code == 3


def test_rules_name_a_key_that_is_there(desk: CommandLine, key: Path, tmp_path: Path) -> None:
    text = tmp_path / "passwd"
    text.write_text("root:x:0:0\n")
    before = desk.ok("sign", "rules").value
    for option, file, said in (
        ("--key", tmp_path / "nothere.p12", "no such file: nothere.p12"),
        ("--key", text, "not a PKCS#12 file"),
        ("--token", text, "PKCS#11 library cannot be used: passwd"),
        ("--token", tmp_path / "nothere.so", "no such file: nothere.so"),
    ):
        refused = desk.run("sign", "rules", "--before-sending", "personal", option, file)
        assert (refused.code, refused.out) == (3, "")
        assert said in refused.trouble
    assert desk.ok("sign", "rules").value == before
    desk.ok("sign", "rules", "--key", key)
    key.rename(key.with_name("away"))  # on a stick that is not plugged in
    try:
        desk.ok("sign", "rules", "--idle", "30")
    finally:
        key.with_name("away").rename(key)


def test_a_paper_that_waits_is_told_and_holds_sync_s_exit_code(
    desk: CommandLine, key: Path, tmp_path: Path
) -> None:
    (tmp_path / "outbox").mkdir()
    desk.ok("server", "set", "--kind", "folder", "--url", tmp_path / "outbox", said="")
    desk.ok("sign", "rules", "--before-sending", "personal", "--key", key)
    done = desk.run("sync", "--once")
    assert (done.code, done.value["sent"], done.value["left"]) == (3, 0, 3)
    assert {one["error"] for one in done.value["errors"]} == {"paper-unsigned"}
    assert "sign --all-waiting" in done.trouble
    desk.ok("sign", CODE, "--key", key, said=f"{PIN}\n")
    done = desk.run("sync", "--once")
    assert (done.code, done.value["sent"], done.value["left"]) == (3, 2, 1)
    sent = {sha256_of(file) for file in (tmp_path / "outbox").rglob("*.pdf")}
    assert sent == {
        paper["outgoing"]["sha256"] for paper in desk.papers().values() if paper["pages"]
    }
    (manifest,) = (tmp_path / "outbox").rglob("manifest.json")
    assert json.loads(manifest.read_text(encoding="utf-8"))


def test_a_state_secret_is_named_before_papers_that_wait(
    desk: CommandLine, key: Path, tmp_path: Path
) -> None:
    (tmp_path / "outbox").mkdir()
    desk.ok("server", "set", "--kind", "folder", "--url", tmp_path / "outbox", said="")
    desk.ok("sign", "rules", "--before-sending", "personal", "--key", key)
    assert "state secret" not in desk.run("status", as_json=False).out
    desk.ok("secret", "decide", OTHER, "1", "--paper", "TP01", "--secret")
    done = desk.run("sync", "--once")
    assert [one["error"] for one in done.value["errors"]][-1] == "state-secret"
    assert done.trouble.startswith(f"digitizer: {OTHER} TP01: a page was found to be a state sec")
    assert done.trouble.endswith("(and 2 more)")
    told = "1 dossier is stopped by the marking of a state secret: 'digitizer secret list'"
    assert told in desk.run("status", as_json=False).out
    work = ("work", "--until-idle")
    assert desk.run(*work, as_json=False).out.rstrip().endswith(f"left; {told}")
    assert desk.ok(*work).value["secret"] == 1


def test_whose_key_it_is(desk: CommandLine, key: Path) -> None:
    found = desk.ok("sign", "keys", "--key", key, said=f"{PIN}\n").value
    assert found["name"] == SIGNER
    assert len(found["sha256"]) == 64
    assert desk.run("sign", "keys").code == 3, "nobody has said which library to ask"


@pytest.mark.skipif(not LIBRARY.exists(), reason="SoftHSM is not installed")
def test_two_tokens_of_one_label_are_named_by_their_serial_numbers(
    desk: CommandLine, tmp_path: Path
) -> None:
    issuer, port = Issuer(), Port.made(tmp_path / "port")
    mine = port.plug("USB", issuer, issuer.issue())
    theirs = port.plug("USB", issuer, issuer.issue("Lê Thị Khác"), pin="975310")
    desk = desk.with_env(**port.environment)
    token = ("--token", LIBRARY)
    plugged = desk.ok("sign", "keys", *token).value
    assert sorted(one["serial"] for one in plugged) == sorted((mine, theirs))
    assert {one["label"] for one in plugged} == {"USB"}
    said = desk.run("sign", "keys", *token, as_json=False).out
    assert f"USB (S/N {mine})" in said and f"USB (S/N {theirs})" in said
    words = ("sign", CODE, "--paper", "TP01")
    for which in ((), ("--label", "USB")):
        refused = desk.run(*words, *token, *which, said=f"{TOKEN_PIN}\n")
        assert (refused.code, refused.out) == (3, "")
        assert mine in refused.trouble and theirs in refused.trouble
        assert "--serial" in refused.trouble and "no PIN was tried" in refused.trouble
    written = theirs.upper() if theirs != theirs.upper() else theirs.lower()
    for serial in (theirs, f" {written} "):
        whose = desk.ok("sign", "keys", *token, "--serial", serial, said="975310\n").value
        assert whose["name"] == "Lê Thị Khác"
    kept = desk.ok("sign", "rules", *token, "--label", "USB", "--serial", mine).value["key"]
    assert (kept["label"], kept["serial"]) == ("USB", mine)
    (paper,) = desk.ok(*words, said=f"{TOKEN_PIN}\n").value["papers"]
    assert (paper["outcome"], paper["signer"]) == ("signed", OFFICER)
    other = desk.ok("sign", "rules", "--label", "another").value["key"]
    assert (other["label"], other["serial"]) == ("another", ""), "the serial was of the one before"
