"""``page`` and ``profile``, and where ``scan`` puts its pages: from the command line alone."""

from __future__ import annotations

from pathlib import Path

from commandline import CODE, CommandLine

PART = ("--paper", "TP01")


def order(done: list[dict[str, object]]) -> list[object]:
    return [page["sha256"] for page in done]


def live(command: CommandLine) -> list[str]:
    papers = command.ok("dossier", "show", CODE).value["papers"]
    (paper,) = (one for one in papers if one["part"] == "TP01")
    return [page["sha256"] for page in paper["pages"] if not page["deleted"]]


def test_pages_are_ordered_taken_out_and_brought_back(command: CommandLine, paper: Path) -> None:
    files = [paper / f"{number}.jpg" for number in (1, 2, 3, 4)]
    one, two, three, four = (
        page["sha256"] for page in command.ok("import", *files, "--dossier", CODE, *PART).pages
    )
    command.ok("page", "move", CODE, "3-4", *PART, "--after", "0")
    assert live(command) == [three, four, one, two]
    command.ok("page", "undo", CODE)
    command.ok("page", "interleave", CODE, *PART)
    assert live(command) == [one, four, two, three]
    command.ok("page", "interleave", CODE, *PART, "--backs", "2,3", "--forwards")
    assert live(command) == [one, four, three, two]
    command.ok("page", "delete", CODE, "2", *PART)
    assert live(command) == [one, three, two]
    command.ok("page", "restore", CODE, "2", *PART)
    command.ok("page", "turn", CODE, "1", "--by", "90", *PART)
    command.ok("page", "undo", CODE)
    moved = command.ok("page", "move", CODE, "1", *PART, "--to", "TP99").value
    assert len(live(command)) == 3
    assert [len(one["pages"]) for one in moved["papers"]] == [3, 1]
    command.sound()


def test_what_is_not_there_is_named(command: CommandLine, paper: Path) -> None:
    command.ok("import", paper / "1.jpg", "--dossier", CODE, *PART)
    for args, words in (
        (("delete", CODE, "2", *PART), "no such page"),
        (("delete", CODE, "0", *PART), "no such page"),
        (("delete", CODE, "1", "--paper", "TP01#2"), "no such paper"),
        (("delete", CODE, "1", "--paper", "TP01#x"), "no such paper"),
        (("interleave", CODE, *PART), "not as many backs"),
    ):
        done = command.run("page", *args)
        assert (done.code, done.out) == (3, "")
        assert words in done.trouble
    assert command.run("page", "delete", CODE, "one", *PART).code == 2
    assert command.run("page", "turn", CODE, "1", "--by", "45", *PART).code == 2
    assert len(live(command)) == 1


def test_a_scan_goes_behind_a_page_or_in_its_place(command: CommandLine, paper: Path) -> None:
    command.ok("import", paper / "1.jpg", paper / "2.jpg", "--dossier", CODE, *PART)
    first, second = live(command)
    scan = ("scan", "--device", "test:0", "--dossier", CODE, *PART, "--dpi", "75", "--pages", "1")
    (new,) = order(command.ok(*scan, "--after", "1").pages)
    assert live(command) == [first, new, second]
    (newer,) = order(command.ok(*scan, "--mode", "gray", "--replace", "1").pages)
    assert live(command) == [newer, new, second]
    command.ok("page", "undo", CODE)
    assert live(command) == [first, new, second]
    done = command.run(*scan, "--after", "9")
    assert (done.code, done.out) == (3, "")
    command.sound()


def test_a_profile_is_made_handed_out_and_used(command: CommandLine, tmp_path: Path) -> None:
    make = ("profile", "set", "Nhanh", "--dpi", "75", "--device", "test:0", "--source", "adf")
    done = command.run(*make)
    assert done.code == 3
    assert "legal floor" in done.trouble
    command.ok(*make, "--below-floor", "máy cũ", "--size", "105x148")
    out = tmp_path / "mẫu.toml"
    assert command.ok("profile", "export", out).value["profiles"] == 2
    command.ok("profile", "remove", "Nhanh")
    done = command.run("scan", "--profile", "Nhanh", "--dossier", CODE)
    assert (done.code, done.out) == (3, "")
    assert len(command.ok("profile", "import", out).value) == 2
    scanned = command.ok("scan", "--profile", "Nhanh", "--dossier", CODE, "--pages", "2")
    assert len(scanned.pages) == 2
    out.write_bytes(b"\xff\xfe")
    done = command.run("profile", "import", out)
    assert done.code == 3
    assert "not a file of profiles" in done.trouble
    assert command.run("profile", "import", tmp_path / "none").code == 3
    assert command.run("profile", "set", "x", "--size", "210").code == 2
