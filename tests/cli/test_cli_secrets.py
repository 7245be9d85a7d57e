"""``secret list|show|decide``, and what every command that sends says of such a dossier."""

from __future__ import annotations

from pathlib import Path

from commandline import CODE, CommandLine

from digitizer.sandbox.server import Address
from digitizer.sandbox.sheet import DPI, Sheet, Style


def marked_page(folder: Path) -> Path:
    """A page with a stamp, as scanned."""
    sheet = Sheet(7)
    sheet.pair("ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(11.5))
    sheet.marking(60, 60, "TUYỆT MẬT", 12)
    file = folder / "marked.jpg"
    sheet.scanned().save(file, quality=80, dpi=(DPI, DPI))
    return file


def test_a_marked_page_stops_everything_until_it_is_decided(
    worked: CommandLine, server: Address, tmp_path: Path
) -> None:
    worked.point(server)
    (read,) = worked.ok("inspect", str(marked_page(tmp_path))).value
    assert [mark["level"] for mark in read["secret"]] == ["tuyet-mat"]
    worked.ok("import", str(marked_page(tmp_path)), "--dossier", CODE, "--paper", "TP02")
    stick = tmp_path / "stick"
    stick.mkdir()
    unread = worked.run("export", str(stick), CODE)
    assert unread.code == 4, "not looked at yet"
    assert unread.value[0]["error"] == "pages-unchecked"
    worked.ok("work", "--until-idle")

    (listed,) = worked.ok("secret", "list").value
    assert (listed["dossier"], listed["paper"], listed["page"]) == (CODE, "TP02", 1)
    assert (listed["state"], listed["decision"], listed["sent"]) == ("undecided", None, [])
    (mark,) = listed["marks"]
    assert (mark["level"], mark["how"]) == ("tuyet-mat", "stamp")
    assert Path(listed["file"]).is_file()
    assert worked.ok("status").value["secret"] == 1

    refused = worked.run("sync", "--once")
    assert refused.code == 3
    assert refused.value["sent"] == 0
    (error,) = refused.value["errors"]
    assert (error["dossier"], error["error"]) == (CODE, "state-secret-suspected")
    assert "secret decide" in refused.trouble
    written = worked.run("export", str(stick), CODE)
    assert written.code == 3
    assert list(stick.iterdir()) == []

    decided = worked.ok("secret", "decide", CODE, "1", "--paper", "TP02", "--secret").value
    assert (decided["leaves"], decided["error"]) == (False, "state-secret")
    assert worked.run("sync", "--once").code == 3
    decided = worked.ok("secret", "decide", CODE, "1", "--paper", "TP02", "--not-secret").value
    assert (decided["leaves"], decided["error"]) == (True, None)
    shown = worked.ok("secret", "show", CODE).value
    assert shown["leaves"]
    assert [one["secret"] for one in shown["decisions"]] == [True, False]
    (page,) = worked.papers()["TP02"]["pages"]
    assert page["secrecy"]["state"] == "not-secret"
    worked.ok("work", "--until-idle")
    assert worked.ok("sync", "--once").value["sent"] == 2
    assert worked.ok("secret", "list").value == []
    worked.sound()


def test_what_is_not_there_is_said(worked: CommandLine) -> None:
    assert worked.run("secret", "show", "H21.10.20-240508-0001").code == 3
    assert worked.run("secret", "decide", CODE, "9", "--paper", "TP01", "--secret").code == 3
    assert worked.run("secret", "decide", CODE, "1", "--paper", "TP01").code == 2


def test_a_decision_that_contradicts_itself_is_none(worked: CommandLine) -> None:
    for words in ((), ("--secret", "--not-secret"), ("--not-secret", "--secret")):
        done = worked.run("secret", "decide", CODE, "1", "--paper", "TP01", *words)
        assert done.code == 2, words
        assert "either --secret or --not-secret" in done.trouble
    assert worked.ok("secret", "show", CODE).value["decisions"] == []
