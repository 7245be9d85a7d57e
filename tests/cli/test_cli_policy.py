"""The administrator's file at the command line: what it locks is refused for good; the report."""

from __future__ import annotations

from pathlib import Path

from commandline import CommandLine

from digitizer.policyfile import VARIABLE


def test_what_is_locked_is_refused_in_one_line(command: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "digitizer.toml"
    file.write_text(
        "[locked]\nprofiles = true\n[locked.server]\nkind = 'folder'\nurl = '/srv/giay-to'\n"
        "[locked.local]\npace = 'desk'\n[[profile]]\nname = 'A4'\n",
        encoding="utf-8",
    )
    command = command.with_env(**{VARIABLE: str(file)})
    for words in (
        ("server", "set", "--kind", "folder", "--url", "/own"),
        ("profile", "set", "Khác"),
        ("profile", "remove", "A4"),
        ("pace", "work"),
    ):
        done = command.run(*words)
        assert done.code == 5, words
        assert "the administrator's file locks this setting" in done.trouble
    assert command.ok("server", "show").value["url"] == "/srv/giay-to"
    assert [one["name"] for one in command.ok("profile", "list").value] == ["A4"]
    assert command.ok("pace").value["pace"] == "desk"


def test_a_bad_file_stops_nothing(command: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "digitizer.toml"
    file.write_text("[", encoding="utf-8")
    command = command.with_env(**{VARIABLE: str(file)})
    command.ok("server", "set", "--kind", "folder", "--url", str(tmp_path / "out"))
    found = {one["check"]: one for one in command.ok("doctor").value}
    assert not found["administrator's file"]["ok"]
    assert str(file) in found["administrator's file"]["detail"]


def test_the_doctor_tells_that_a_home_is_not_encrypted_which_is_to_be(
    command: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "digitizer.toml"
    command = command.with_env(**{VARIABLE: str(file)})
    for wanted, good in (("on", False), ("off", True)):
        file.write_text(f"[locked.encryption]\nhome = '{wanted}'\n", encoding="utf-8")
        found = {one["check"]: one for one in command.ok("doctor").value}
        assert found["encryption"]["ok"] is good, wanted
    assert command.ok("encryption", "status").value["mode"] == "off"


def test_the_report(command: CommandLine) -> None:
    text = command.ok("doctor", "--report").value["report"]
    assert "tesseract" in text
    assert str(command.home) not in text
