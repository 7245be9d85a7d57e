"""``watch``: every file of a folder that another program fills, exactly once."""

from __future__ import annotations

import os
import queue
import shutil
import signal
from pathlib import Path

import pytest
from commandline import CODE, CommandLine, together
from PIL import Image

from digitizer.durable import sha256_of


@pytest.fixture
def hot(tmp_path: Path) -> Path:
    folder = tmp_path / "máy quét"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.is_file())


def test_drained_and_quiet(command: CommandLine, paper: Path, hot: Path) -> None:
    for number in (1, 2):
        shutil.copy(paper / f"{number}.jpg", hot)
    (hot / "notes.txt").write_text("x")
    (hot / "3.jpg.part").write_bytes(b"half")
    watch = ("watch", hot, "--dossier", CODE, "--once")
    done = command.ok(*watch)
    assert [page["event"] for page in done.pages] == ["page"] * 2
    assert done.lines[-1] == {"event": "end", "pages": 2, "reason": "empty"}
    assert names(hot) == ["3.jpg.part", "notes.txt"]
    assert names(hot / "done") == ["1.jpg", "2.jpg"]
    assert command.ok(*watch).lines == [{"event": "end", "pages": 0, "reason": "empty"}]
    shutil.copy(paper / "3.jpg", hot / "2.jpg")  # the scanner counts from 1 again
    assert command.ok(*watch).lines[-1]["pages"] == 1
    assert names(hot / "done") == ["1.jpg", "2-2.jpg", "2.jpg"]
    assert len(command.hashes()) == 3


def test_bad_files_stay_and_stop_nobody(command: CommandLine, paper: Path, hot: Path) -> None:
    (hot / "1.jpg").write_bytes(b"\xff\xd8 no image \xff\xd9")
    shutil.copy(paper / "2.jpg", hot)
    (hot / "3.png").write_bytes(b"\x89PNG no image IEND")
    done = command.run("watch", hot, "--dossier", CODE, "--once")
    assert done.code == 5
    assert done.lines[-1] == {"event": "end", "pages": 1, "reason": "refused"}
    assert "1.jpg" in done.trouble
    assert "(and 1 more: 3.png)" in done.trouble
    waiting = [line for line in done.lines if line["event"] == "waiting"]
    assert [(Path(one["file"]).name, one["why"]) for one in waiting] == [
        ("1.jpg", "refused"),
        ("3.png", "refused"),
    ]
    assert names(hot) == ["1.jpg", "3.png"]
    assert names(hot / "done") == ["2.jpg"]


def test_without_a_dossier_pages_wait_to_be_sorted(
    command: CommandLine, paper: Path, hot: Path
) -> None:
    shutil.copy(paper / "1.jpg", hot)
    assert command.ok("watch", hot, "--once").lines[-1]["pages"] == 1
    heads = command.ok("dossier", "list").value
    (unsorted,) = (one for one in heads if one["local"])
    assert len(command.hashes(code=unsorted["code"])) == 1


def test_a_half_written_file_is_waited_for(command: CommandLine, paper: Path, hot: Path) -> None:
    whole = (paper / "1.jpg").read_bytes()
    shutil.copy(paper / "2.jpg", hot / "2.jpg")
    with (hot / "1.jpg").open("wb") as file:
        file.write(whole[:2000])
        file.flush()
        watch = command.start("watch", hot, "--dossier", CODE, "--once")
        with pytest.raises(queue.Empty):
            watch.line(timeout=3)
        file.write(whole[2000:])
    done = watch.end()
    assert done.code == 0
    assert Path(done.pages[0]["file"]).read_bytes() == whole
    assert done.lines[-1]["pages"] == 2


def test_killed_in_the_middle_of_a_pdf(command: CommandLine, hot: Path) -> None:
    pages = [Image.new("L", (600 + number, 800), 200 + number) for number in range(30)]
    pages[0].save(hot / "long.pdf", save_all=True, append_images=pages[1:], resolution=72)
    watch = command.start("watch", hot, "--dossier", CODE)
    for _ in range(3):
        watch.event()
    done = watch.end(signal.SIGKILL)
    told = [page["sha256"] for page in done.pages]
    assert watch.left() == []
    assert command.hashes()[: len(told)] == told
    assert names(hot) == ["long.pdf"]
    assert command.ok("watch", hot, "--dossier", CODE, "--once").lines[-1]["reason"] == "empty"
    hashes = command.hashes()
    assert hashes[: len(told)] == told
    assert len(hashes) == len(set(hashes)) == 30
    assert names(hot / "done") == ["long.pdf"]
    command.sound()


def test_no_such_folder_or_dossier(command: CommandLine, paper: Path, hot: Path) -> None:
    for place in (hot / "none", paper / "1.jpg"):
        done = command.run("watch", place, "--once")
        assert (done.code, done.out) == (3, "")
        assert "folder cannot be read" in done.trouble
    done = command.run("watch", hot, "--once", "--dossier", "L-000777")
    assert (done.code, done.out) == (3, "")


def test_what_is_not_whole_is_named_and_taken_once_it_is(
    command: CommandLine, paper: Path, hot: Path
) -> None:
    shutil.copy(paper / "1.jpg", hot / "b.jpg")
    (hot / "a.jpg").touch()
    (hot / "c.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n")
    for name, image in (("d.tif", paper / "2.jpg"), ("e.png", paper / "2.jpg")):
        with Image.open(image) as page:
            page.save(hot / name)
        (hot / name).write_bytes((hot / name).read_bytes()[:-3000])
    (hot / "f.jpg").write_bytes((paper / "3.jpg").read_bytes()[:-3000])
    (hot / "g.jpg").write_bytes(b"no image at all")
    watch = ("watch", hot, "--dossier", CODE, "--once", "--patience", "1.5")
    done = command.run(*watch)
    assert (done.code, done.lines[-1]["pages"], done.lines[-1]["reason"]) == (5, 1, "refused")
    assert "a.jpg" in done.trouble
    assert "c.pdf" in done.trouble
    waiting = {Path(line["file"]).name: line["why"] for line in done.lines if "why" in line}
    assert waiting == {
        "a.jpg": "empty",
        **dict.fromkeys(("c.pdf", "d.tif", "e.png", "f.jpg"), "partial"),
        "g.jpg": "refused",
    }
    for name in ("d.tif", "e.png", "f.jpg", "g.jpg"):
        (hot / name).unlink()
    for name, number in (("a.jpg", 2), ("c.pdf", 3)):
        shutil.copy(paper / f"{number}.jpg", hot / name)
    assert command.ok(*watch).lines[-1]["pages"] == 2
    assert names(hot) == []


def test_links_and_pipes_are_told_once_and_left(
    command: CommandLine, paper: Path, hot: Path
) -> None:
    (hot / "linked.jpg").symlink_to(paper / "1.jpg")
    os.mkfifo(hot / "pipe.pdf")
    for name in ("~$draft.jpg", ".scan.jpg", "twain.tmp"):  # of a program that is at work there
        (hot / name).symlink_to(paper / "1.jpg")
    shutil.copy(paper / "2.jpg", hot)
    done = command.run("watch", hot, "--dossier", CODE, "--once")
    assert (done.code, done.lines[-1]["pages"], done.lines[-1]["reason"]) == (3, 1, "refused")
    waiting = [line for line in done.lines if line["event"] == "waiting"]
    assert [(Path(one["file"]).name, one["why"]) for one in waiting] == [
        ("linked.jpg", "not-plain"),
        ("pipe.pdf", "not-plain"),
    ]
    assert "no plain file" in done.trouble
    assert "(and 1 more: pipe.pdf)" in done.trouble
    assert (hot / "linked.jpg").is_symlink()
    assert (hot / "pipe.pdf").is_fifo()
    assert names(hot / "done") == ["2.jpg"]


def test_the_same_file_again_is_a_question(command: CommandLine, paper: Path, hot: Path) -> None:
    watch = ("watch", hot, "--dossier", CODE, "--once")
    shutil.copy(paper / "1.jpg", hot)
    command.ok(*watch)
    for name in ("1.jpg", "other.jpg"):
        shutil.copy(paper / "1.jpg", hot / name)
    done = command.run(*watch)
    assert (done.code, done.lines[-1]) == (3, {"event": "end", "pages": 0, "reason": "refused"})
    assert "taken before: 1.jpg" in done.trouble
    assert [line["why"] for line in done.lines[:-1]] == ["taken-before"] * 2
    asked = command.ok("watch-questions").value
    assert [one["file"] for one in asked] == [str(hot / "1.jpg"), str(hot / "other.jpg")]
    assert command.run("watch-answer", hot / "1.jpg", "perhaps").code == 2
    command.ok("watch-answer", hot / "1.jpg", "take")
    command.ok("watch-answer", hot / "other.jpg", "skip")
    assert command.ok(*watch).lines[-1]["pages"] == 1
    assert names(hot) == []
    assert names(hot / "done") == ["1-2.jpg", "1.jpg", "other.jpg"]
    assert len(command.hashes()) == 2


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    file = tmp_path / "rules.toml"
    file.write_text(
        f"""
        [[folder]]
        path = "one"
        dossier = "{CODE}"
        paper = "TP01"
        gather = "file"

        [[folder]]
        path = "two"
        dossier = "{CODE}"
        gather = "folder"
        quiet_seconds = 1.5
        done = "remove"

        [[folder]]
        path = "three"
        poll = true
        """,
        encoding="utf-8",
    )
    return file


def test_several_folders_each_by_its_rule(command: CommandLine, paper: Path, rules: Path) -> None:
    place = rules.parent
    (place / "two" / "stack").mkdir()
    for number, folder in ((1, "one"), (2, "one"), (3, "two/stack"), (4, "two/stack")):
        shutil.copy(paper / f"{number}.jpg", place / folder)
    sheets = [Image.new("1", (400, 500), 1) for _ in range(2)]
    sheets[0].save(place / "three/x.tif", save_all=True, append_images=sheets[1:], dpi=(200, 200))
    done = command.ok("watch", "--rules", rules, "--once")
    assert done.lines[-1] == {"event": "end", "pages": 6, "reason": "empty"}
    papers = command.ok("dossier", "show", CODE).value["papers"]
    shape = [(one["part"], one["title"], len(one["pages"])) for one in papers if one["pages"]]
    assert shape == [("TP01", "TP01", 1), ("TP01", "TP01", 1), ("TP99", "stack", 2)]
    assert names(place / "one" / "done") == ["1.jpg", "2.jpg"]
    assert list((place / "two" / "stack").iterdir()) == []
    command.sound()


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("poll", "pull"), 3, "unknown key pull"),
        ((CODE, "L-000777"), 3, "no such dossier"),
    ],
)
def test_rules_that_cannot_be_are_told(
    command: CommandLine, rules: Path, change: tuple[str, str], code: int, said: str
) -> None:
    rules.write_text(rules.read_text().replace(*change))
    done = command.run("watch", "--rules", rules, "--once")
    assert (done.code, done.out) == (code, "")
    assert said in done.trouble


def test_a_folder_or_rules(command: CommandLine, hot: Path, rules: Path) -> None:
    words: list[list[str | Path]] = [[], [hot, "--rules", rules]]
    words.append(["--rules", rules, "--dossier", CODE])
    for done in together([(command, ["watch", *some, "--once"]) for some in words]):
        assert done.code == 2


def test_hundreds_of_files_and_sudden_ends(command: CommandLine, hot: Path) -> None:
    for number in range(1, 301):
        file = hot / f"page {number}.jpg"
        Image.new("L", (40, 60), 200).save(file, dpi=(200, 200), comment=str(number).encode())
    told = []
    for pages in (30, 120):
        watch = command.start("watch", hot, "--dossier", CODE)
        told += [watch.event()["sha256"] for _ in range(pages)]
        done = watch.end(signal.SIGKILL)
        told += [page["sha256"] for page in done.pages[pages:]]
        assert watch.left() == []
    done = command.ok("watch", hot, "--dossier", CODE, "--once")
    told += [page["sha256"] for page in done.pages]
    hashes = command.hashes()
    in_order = [sha256_of(hot / "done" / f"page {number}.jpg") for number in range(1, 301)]
    assert hashes == in_order, "each once, in natural order, none missing"
    assert set(told) <= set(hashes)
    assert len(told) == len(set(told)) >= 298, "a kill may come between a commit and its line"
    assert names(hot) == []
