"""Homes that are shared, broken, too new, read-only or full: one clear line, nothing lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from commandline import CODE, CommandLine, together

READERS = (("status",), ("dossier", "show", CODE), ("dossier", "list"), ("verify",))
UNPRIVILEGED = (sys.executable, str(Path(__file__).parent / "unprivileged.py"))


def content(folder: Path) -> dict[str, bytes]:
    """Every file below, but for the log."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.parent.name != "log"
    }


def test_one_writes_while_others_read(command: CommandLine, paper: Path, tmp_path: Path) -> None:
    glass = ("scan", "--device", "test:0", "--dossier", CODE, "--dpi", "75", "--page-by-page")
    scan = command.start(*glass, stdin=subprocess.PIPE)  # waits for Enter until it is told to end
    assert scan.process.stdin
    first = scan.event()
    readers = (*READERS, ("server", "show"))
    for done in together([(command, args) for args in readers]):
        assert done.code == 0
    (tmp_path / "hot").mkdir()
    writers = (
        ("import", paper / "1.jpg", "--dossier", CODE),
        ("watch", tmp_path / "hot", "--once"),
        ("dossier", "close", CODE),
        ("work", "--until-idle"),
        ("sync", "--once"),
        ("server", "set", "--kind", "folder", "--url", tmp_path / "out"),
    )
    for done in together([(command, args) for args in writers]):
        assert (done.code, done.out) == (4, "")
        assert f"by process {scan.process.pid} (digitizer scan)" in done.trouble
    with scan.process.stdin:
        scan.end(signal.SIGINT)
    assert command.hashes() == [first["sha256"]]


def test_a_watcher_is_read_beside(command: CommandLine, paper: Path, tmp_path: Path) -> None:
    (tmp_path / "hot").mkdir()
    watch = command.start("watch", tmp_path / "hot", "--dossier", CODE)
    shutil.copy(paper / "1.jpg", tmp_path / "hot")
    page = watch.event()
    assert command.hashes() == [page["sha256"]]
    done = watch.end(signal.SIGTERM)
    assert (done.code, done.lines[-1]["reason"], done.lines[-1]["pages"]) == (4, "cancelled", 1)


def test_a_newer_home_is_left_as_it_is(worked: CommandLine) -> None:
    with sqlite3.connect(worked.home / "digitizer.db") as database:
        database.execute("PRAGMA user_version = 999")
    database.close()
    before = content(worked.home)
    for done in together([(worked, args) for args in (*READERS, ("work", "--until-idle"))]):
        assert (done.code, done.out) == (3, "")
        assert "newer version" in done.trouble
    after = content(worked.home)
    assert {name: after[name] for name in before if name != "lock.holder"} == {
        name: before[name] for name in before if name != "lock.holder"
    }


@pytest.mark.parametrize("damage", ["noise", "page"])
def test_a_damaged_database_is_never_touched(worked: CommandLine, damage: str) -> None:
    database = worked.home / "digitizer.db"
    whole = database.read_bytes()
    broken = {
        "noise": os.urandom(len(whole)),
        "page": whole[:4096] + bytes(len(whole) - 4096),
    }[damage]
    database.write_bytes(broken)
    kinds = (("status",), ("verify",), ("dossier", "new", "--local"))
    ends = [worked.run(*args) for args in kinds]
    for done in ends:
        assert (done.code, done.out) == (5, "")
        assert "damaged" in done.trouble
        assert "delete nothing" in done.trouble
    assert (worked.home / "vault").is_dir()
    assert database.read_bytes() == broken


def test_an_empty_database_is_a_new_one(bare: CommandLine) -> None:
    bare.home.mkdir()
    (bare.home / "digitizer.db").touch()  # a crash before the first step
    assert bare.ok("status").value["dossiers"] == 0
    bare.sound()


def test_a_file_is_no_home(bare: CommandLine) -> None:
    bare.home.write_text("mine")
    for args in (("status",), ("dossier", "new", "--local")):
        done = bare.run(*args)
        assert (done.code, done.out) == (3, "")
        assert "cannot be written" in done.trouble
    assert bare.home.read_text() == "mine"


def test_a_home_that_may_not_be_written(worked: CommandLine, paper: Path) -> None:
    before = content(worked.home)
    everything = [worked.home, *worked.home.rglob("*")]
    for path in everything:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
    bound = replace(worked, prefix=UNPRIVILEGED)
    try:
        writers = (
            ("import", paper / "1.jpg", "--dossier", CODE),
            ("dossier", "new", "--local"),
            ("work", "--until-idle"),
        )
        for done in together([(bound, args) for args in writers]):
            assert (done.code, done.out) == (3, "")
            assert "cannot be written" in done.trouble
        for done in together([(bound, args) for args in READERS]):
            assert done.code in (0, 3)
            assert done.code == 0 or "permissions" in done.trouble
        done = bound.at(worked.home / "below").run("status")
        assert (done.code, done.out) == (3, "")
    finally:
        for path in everything:
            path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o200)
    assert content(worked.home) == before


def test_a_disk_that_fills_up_while_pages_come(
    command: CommandLine, paper: Path, full_disk: Path, tmp_path: Path
) -> None:
    """From no byte left to nearly enough: what was reported is there, and exit 3 says why."""
    seen: set[int] = set()
    for number, space in enumerate((0, 100_000, 160_000)):
        home = tmp_path / f"full-{number}"
        shutil.copytree(command.home, home)
        full = command.at(home).with_env(
            LD_PRELOAD=str(full_disk),
            FULL_UNDER=str(home),
            FULL_BYTES=str(space),
            FULL_COUNT=str(tmp_path / f"count-{number}"),
        )
        done = full.run("import", paper, "--dossier", CODE)
        assert done.code == 3, done
        assert "the disk is full" in done.trouble
        told = [page["sha256"] for page in done.pages]
        seen.add(len(told))
        after = command.at(home)
        assert after.hashes() == told  # before anything recovers
        after.ok("dossier", "close", CODE)
        after.sound()
        assert after.hashes()[: len(told)] == told
    assert 0 in seen
    assert max(seen) > 0


@pytest.mark.parametrize(
    "args",
    [
        ("scan", "--device", "test:0", "--dossier", CODE, "--dpi", "75"),
        ("watch", "HOT", "--dossier", CODE, "--once"),
        ("import", "HOT", "--dossier", CODE),
    ],
    ids=lambda args: args[0],
)
def test_a_disk_that_is_full_from_the_start_is_told_as_the_end(
    command: CommandLine, paper: Path, full_disk: Path, tmp_path: Path, args: tuple[str, ...]
) -> None:
    full = command.with_env(
        LD_PRELOAD=str(full_disk),
        FULL_UNDER=str(command.home),
        FULL_BYTES="0",
        FULL_COUNT=str(tmp_path / "count"),
    )
    hot = shutil.copytree(paper, tmp_path / "hot")
    done = full.run(*(hot if arg == "HOT" else arg for arg in args))
    assert (done.code, done.pages) == (3, [])
    assert [line["event"] for line in done.lines] == ["end"]
    assert (done.lines[0]["pages"], done.lines[0]["reason"]) == (0, "disk-full")
    assert "the disk is full" in done.trouble
    assert len(list(hot.iterdir())) == 4


def test_a_disk_too_full_for_a_bundle(
    command: CommandLine, paper: Path, full_disk: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old.pdf").write_bytes(b"old")
    full = command.with_env(
        LD_PRELOAD=str(full_disk),
        FULL_UNDER=str(tmp_path / "out"),
        FULL_BYTES="20000",
        FULL_COUNT=str(tmp_path / "count"),
    )
    done = full.run("bundle", paper / "1.jpg", paper / "2.jpg", "-o", tmp_path / "out" / "old.pdf")
    assert (done.code, done.out) == (3, "")
    assert "the disk is full" in done.trouble
    assert content(tmp_path / "out") == {"old.pdf": b"old"}


def test_a_home_has_a_style_for_its_bundles(command: CommandLine) -> None:
    assert command.ok("style").value == {"style": "faithful"}
    assert command.ok("style", "compact").value == {"style": "compact"}
    assert command.ok("style").value == {"style": "compact"}
    assert command.run("style", "tiny").code == 2
