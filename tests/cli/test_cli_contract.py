"""Every command's JSON: the keys that scripts rely on, and that nothing else is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from commandline import CODE, CommandLine

from digitizer import __version__

PAGE = {"seq", "sha256", "blank", "turn", "skew", "codes", "deleted"}
PAPER = {"part", "title", "required", "pages", "bundle", "receipt"}


def test_doctor_says_what_is_there_and_how_to_get_the_rest(bare: CommandLine) -> None:
    checks = bare.ok("doctor").value
    assert all(set(check) == {"check", "ok", "detail", "fix"} for check in checks)
    found = {check["check"]: check for check in checks}
    assert found["tesseract"]["ok"]
    assert found["tesseract language vie"]["ok"]
    assert found["scanner driver sane"]["ok"]
    assert all(check["fix"] for check in checks if not check["ok"])
    assert not bare.home.exists()  # a look changes nothing


def test_doctor_names_what_is_missing(bare: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    checks = bare.with_env(PATH=str(tmp_path / "nothing")).ok("doctor").value
    (tesseract,) = (check for check in checks if check["check"] == "tesseract")
    assert not tesseract["ok"]
    assert "apt install tesseract-ocr" in tesseract["fix"]


def test_devices_tells_what_each_scanner_can_do(bare: CommandLine) -> None:
    found = {one["id"]: one for one in bare.ok("devices").value}
    assert {"test:0", "test:1", "pnm:0"} <= set(found)
    for one in found.values():
        assert set(one) == {"id", "driver", "name", "sources", "resolutions", "modes"}
    assert found["test:0"]["driver"] == "sane"
    assert {"flatbed", "adf"} <= set(found["test:0"]["sources"])
    assert {"color", "gray"} <= set(found["test:0"]["modes"])
    assert {100, 200, 300} <= set(found["test:0"]["resolutions"])


def test_devices_with_no_back_end_at_all(bare: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "dll.conf").write_text("")
    assert bare.with_env(SANE_CONFIG_DIR=str(tmp_path / "none")).ok("devices").value == []


def test_what_is_no_text_is_wrong_usage_unless_it_is_a_path(
    bare: CommandLine, tmp_path: Path
) -> None:
    broken = "Nguy\udcffn"  # as the system hands over a byte that is not UTF-8
    bare.ok("dossier", "new", "--code", CODE)
    for words in (
        ("dossier", "new", "--local", "--holder", broken),
        ("dossier", "show", broken),
        ("import", tmp_path, "--dossier", CODE, "--paper", broken),
        ("profile", "set", broken, "--dpi", "300"),
        ("server", "set", "--kind", "folder", "--url", f"/{broken}"),
    ):
        assert bare.run(*words).code == 2
    assert bare.at(tmp_path / broken).ok("status").value["dossiers"] == 0


def test_a_dossier_to_open_is_for_the_window_alone(bare: CommandLine) -> None:
    assert bare.run("--open", CODE, "status").code == 2


def test_a_name_cannot_steer_the_terminal(bare: CommandLine) -> None:
    bare.ok("dossier", "new", "--local", "--holder", "Trần\n\x1b[31mBưởi")
    (head,) = bare.ok("dossier", "list").value
    assert head["holder"] == "Trần [31mBưởi"


def test_a_dossier_from_new_to_closed(bare: CommandLine) -> None:
    made = bare.ok("dossier", "new", "--code", CODE, "--procedure", "1.001193").value
    assert made["code"] == CODE
    local = bare.ok("dossier", "new", "--local", "--holder", "Trần Thị Bưởi").value["code"]
    assert local == "L-000001"
    heads = bare.ok("dossier", "list").value
    assert [(one["code"], one["closed"]) for one in heads] == [(local, False), (CODE, False)]
    assert heads[0]["holder"] == "Trần Thị Bưởi"
    assert bare.ok("dossier", "close", CODE).value["closed"] is True
    assert bare.ok("dossier", "close", CODE).value["closed"] is True  # twice does no harm
    assert bare.ok("dossier", "show", CODE.lower()).value["papers"] == []


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("dossier", "new", "--code", "12345"), 2, "000.00.04.H02-240508-0001"),
        (("dossier", "new", "--code", ""), 2, "000.00.04.H02-240508-0001"),
        (("dossier", "new", "--code", CODE), 3, "already"),
        (("dossier", "new", "--code", CODE, "--local"), 2, "--local"),
        (("dossier", "new"), 2, "--local"),
        (("dossier", "show", "L-000099"), 3, "dossier new"),
        (("dossier", "show", "--", "-rf"), 3, "no such dossier"),
        (("dossier", "close", "L-000099"), 3, "no such dossier"),
        (("dossier",), 2, "--help"),
        (("server",), 2, "--help"),
        (("fax",), 2, "fax"),
        (("scan", "--dossier", CODE), 2, "--device"),
        (("scan", "--device", "test:0"), 2, "--dossier"),
        (("scan", "--device", "test:0", "--dossier", CODE, "--pages", "0"), 2, "--pages"),
        (("scan", "--device", "test:0", "--dossier", CODE, "--mode", "sepia"), 2, "--mode"),
        (("scan", "--device", "test:0", "--dossier", CODE, "--source", "tray"), 2, "--source"),
        (("scan", "--device", "test:0", "--dossier", CODE, "--option", "x"), 2, "NAME=VALUE"),
        (("import", "--dossier", CODE), 2, "PATH"),
        (("sync", "--once"), 3, "server set"),
        (("--home", "", "status"), 2, "--home"),
    ],
)
def test_what_is_refused_says_what_to_do(
    command: CommandLine, args: tuple[str, ...], code: int, words: str
) -> None:
    done = command.run(*args)
    assert (done.code, done.out) == (code, "")
    assert words in done.trouble


def test_papers_pages_words_and_bundle(worked: CommandLine) -> None:
    shown = worked.ok("dossier", "show", CODE).value
    assert {"code", "papers"} <= set(shown)
    assert all(set(paper) >= PAPER for paper in shown["papers"])
    (paper,) = (paper for paper in shown["papers"] if paper["pages"])
    assert (paper["part"], paper["title"], paper["required"]) == (
        "TP01", "Tờ khai đăng ký khai sinh", True,
    )  # fmt: skip
    for seq, page in enumerate(paper["pages"], start=1):
        assert set(page) >= PAGE
        assert (page["seq"], page["blank"], page["turn"], page["deleted"]) == (seq, False, 0, False)
        assert page["skew"] == pytest.approx(0, abs=0.5)
    bundle = paper["bundle"]
    assert (bundle["pages"], bundle["pdfa"], paper["receipt"]) == (2, True, None)
    kept = worked.home / "vault" / bundle["sha256"][:2] / bundle["sha256"]
    assert kept.read_bytes().startswith(b"%PDF-")


def test_counts(worked: CommandLine) -> None:
    status = worked.ok("status").value
    assert (status["dossiers"], status["pages"], status["work"], status["outbox"]) == (10, 2, 0, 1)
    assert status["errors"] == 0
    assert status["free_disk"] > 0
    found = worked.ok("verify").value
    assert set(found) == {"pages", "blobs", "problems"}
    assert (found["pages"], found["blobs"], found["problems"]) == (2, 7, [])
    assert worked.ok("work", "--until-idle").value == {"done": 0, "failed": 0, "left": 0}


def test_verify_finds_what_was_lost_and_what_was_changed(worked: CommandLine) -> None:
    first, second = worked.hashes("TP01")
    (worked.home / "vault" / first[:2] / first).unlink()
    with (worked.home / "vault" / second[:2] / second).open("ab") as blob:
        blob.write(b"x")
    (worked.home / "incoming" / "stray").mkdir()
    (worked.home / "incoming" / "stray" / "0001.jpg").write_bytes(b"x")
    done = worked.run("verify")
    assert done.code == 3
    assert {(one["kind"], one["subject"]) for one in done.value["problems"]} == {
        ("blob-missing", first),
        ("blob-changed", second),
        ("incoming", "stray/0001.jpg"),
    }


def test_the_home_may_come_from_the_environment(command: CommandLine, tmp_path: Path) -> None:
    other = command.with_env(DIGITIZER_HOME=str(command.home)).at(tmp_path / "other")
    other.ok("dossier", "new", "--local")  # --home goes first
    assert [one["code"] for one in other.ok("dossier", "list").value] == ["L-000001"]
    for name, prefix in (("DIGITIZER_HOME", ""), ("XDG_DATA_HOME", "digitizer")):
        place = tmp_path / name
        env = {**command.env, name: str(place)}
        plain = CommandLine(Path("/"), env)
        done = plain.without_home("status")
        assert done.code == 0
        assert (place / prefix / "digitizer.db").is_file()


def test_version_and_help(bare: CommandLine) -> None:
    assert bare.ok("--version").value == {"version": __version__}
    done = bare.run("--help", as_json=False)
    assert done.code == 0
    for name in ("scan", "import", "watch", "bundle", "sync", "sandbox", "virtual-scanner"):
        assert f" {name} " in done.out


def test_in_words_for_people(worked: CommandLine) -> None:
    for args in (("status",), ("dossier", "list"), ("dossier", "show", CODE), ("verify",)):
        done = worked.run(*args, as_json=False)
        assert done.code == 0
        assert done.out.strip()
        assert not done.out.startswith(("{", "["))
