"""``search`` from the command line, on a real page read by real OCR."""

from __future__ import annotations

from pathlib import Path

from commandline import CODE, CommandLine


def test_words_on_a_page_lead_to_its_dossier(command: CommandLine, paper: Path) -> None:
    command.ok("import", paper / "1.jpg", paper / "2.jpg", "--dossier", CODE, "--paper", "TP01")
    command.ok("work", "--until-idle")
    (found,) = command.ok("search", "trang", "giay", "2").value
    assert (found["code"], found["holder"]) == (CODE, "Nguyễn Văn Ánh")
    (place,) = found["pages"]
    assert (place["paper"], place["seq"]) == ("TP01", 2)
    assert "Trang giay 2" in place["snippet"]
    assert command.ok("search", "nguyen", "anh", "--limit", "1").value[0]["code"] == CODE
    assert command.ok("search", "nguyên").value == []
    command.sound()


def test_no_word_is_wrong_usage(command: CommandLine) -> None:
    assert command.run("search").code == 2
    assert command.run("search", "a", "--limit", "0").code == 2
