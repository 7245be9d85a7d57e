"""Ctrl-C and SIGTERM: over within two seconds, nothing reported is lost, nothing is left over."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import CODE, CommandLine, Running, marked
from PIL import Image, ImageDraw

SOON = 2.0
SCAN = ("scan", "--device", "airscan:e0:Virtual", "--dossier", CODE, "--dpi", "100")
GLASS = ("scan", "--device", "test:0", "--dossier", CODE, "--dpi", "75", "--page-by-page")
BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


@pytest.fixture(scope="session")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that takes Tesseract some seconds."""
    file = tmp_path_factory.mktemp("dense") / "dense.png"
    page = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(page)
    for line in range(70):
        draw.text((100, 100 + 30 * line), f"Cong hoa xa hoi {line * 7919} " * 5, font_size=22)
    page.save(file, dpi=(200, 200))
    return file


def wait_for_child(running: Running, words: str) -> None:
    """Wait until it runs a program whose command line holds ``words``."""
    for _ in range(400):
        if any(words in line for line in marked(running.mark)):
            return
        time.sleep(0.05)
    raise AssertionError(f"it never ran {words}")


def wait_for_hold(running: Running, home: Path) -> None:
    """Wait until it holds ``home``: from then on it is at work, though it says nothing."""
    note = home / "lock.holder"
    for _ in range(400):
        if note.exists() and json.loads(note.read_text())["pid"] == running.process.pid:
            return
        time.sleep(0.05)
    raise AssertionError("it never took the home")


def clean(command: CommandLine, running: Running) -> None:
    assert running.left() == []
    assert list(command.temporary.iterdir()) == []
    if command.home.exists():
        assert list((command.home / "work").iterdir()) == []


@BOTH
def test_scan(
    command: CommandLine,
    paper: Path,
    virtual: Callable[..., CommandLine],
    number: signal.Signals,
) -> None:
    command = virtual(paper, "slow:0.7")
    scan = command.start(*SCAN)
    scan.event()
    done = scan.end(number, within=SOON)
    assert (done.code, done.lines[-1]["reason"]) == (4, "cancelled")
    assert command.hashes() == [page["sha256"] for page in done.pages]
    clean(command, scan)
    command.sound()


@BOTH
def test_scan_that_waits_at_the_glass(command: CommandLine, number: signal.Signals) -> None:
    scan = command.start(*GLASS, stdin=subprocess.PIPE)
    assert scan.process.stdin
    with scan.process.stdin:  # open: nobody has decided yet
        first = scan.event()
        done = scan.end(number, within=SOON)
    assert (done.code, done.lines[-1]["reason"]) == (4, "cancelled")
    assert done.lines[-1]["source"] == "flatbed"
    assert command.hashes() == [first["sha256"]]
    clean(command, scan)
    command.sound()


def test_scan_from_a_scanner_that_says_nothing(
    command: CommandLine, paper: Path, virtual: Callable[..., CommandLine]
) -> None:
    command = virtual(paper, "gone:1")
    scan = command.start(*SCAN)
    first = scan.event()
    done = scan.end(signal.SIGINT, within=SOON)
    assert done.code == 4
    assert command.hashes() == [first["sha256"]]
    assert scan.left() == []
    command.sound()


@BOTH
def test_import(command: CommandLine, paper: Path, number: signal.Signals) -> None:
    running = command.start("import", *[paper] * 40, "--dossier", CODE)
    running.event()
    running.event()
    done = running.end(number, within=SOON)
    assert (done.code, done.lines[-1]["reason"]) == (4, "cancelled")
    assert command.hashes() == [page["sha256"] for page in done.pages]
    clean(command, running)
    command.sound()


@BOTH
def test_work(command: CommandLine, paper: Path, dense: Path, number: signal.Signals) -> None:
    command.ok("import", dense, "--dossier", CODE)
    running = command.start("work", "--until-idle")
    wait_for_child(running, "digitizer.pages.whole")
    done = running.end(number, within=SOON)
    assert done.code == 4
    assert done.value["left"] > 0
    clean(command, running)
    command.sound()


def test_work_without_end_is_done_when_told(command: CommandLine) -> None:
    running = command.start("work")
    wait_for_hold(running, command.home)
    done = running.end(signal.SIGTERM, within=SOON)
    assert (done.code, done.value) == (0, {"done": 0, "failed": 0, "left": 0})


@BOTH
def test_devices(bare: CommandLine, number: signal.Signals) -> None:
    running = bare.start("devices")
    wait_for_child(running, "drivers.worker")
    done = running.end(number, within=SOON)
    assert (done.code, done.out) == (4, "")
    clean(bare, running)


def test_inspect_and_bundle(bare: CommandLine, dense: Path) -> None:
    out = bare.temporary.parent / "out"
    out.mkdir()
    (out / "old.pdf").write_bytes(b"old")
    for number, args in (
        (signal.SIGTERM, ("inspect", dense, dense)),
        (signal.SIGINT, ("bundle", dense, dense, "-o", out / "new.pdf")),
        (signal.SIGTERM, ("bundle", dense, "-o", out / "old.pdf")),
    ):
        running = bare.start(*args)
        wait_for_child(running, "digitizer.pages.whole")
        done = running.end(number, within=SOON)
        assert (done.code, done.out) == (4, "")
        clean(bare, running)
    assert [file.name for file in out.iterdir()] == ["old.pdf"]
    assert (out / "old.pdf").read_bytes() == b"old"


def test_bundle_while_the_pdf_is_written(bare: CommandLine, paper: Path) -> None:
    out = bare.temporary.parent / "out"
    out.mkdir()
    running = bare.start("bundle", *sorted(paper.iterdir()), "-o", out / "new.pdf")
    wait_for_child(running, "digitizer.bundle")
    done = running.end(signal.SIGTERM, within=SOON)
    assert done.code in (0, 4)
    assert [file.name for file in out.iterdir()] == (["new.pdf"] if done.code == 0 else [])
    clean(bare, running)


def test_verify(worked: CommandLine) -> None:
    running = worked.start("verify")
    wait_for_child(running, "digitizer.bundle.check")
    done = running.end(signal.SIGTERM, within=SOON)
    assert done.code in (0, 4)
    assert done.value["problems"] == []
    clean(worked, running)


@BOTH
def test_sync_with_a_server_that_never_answers(worked: CommandLine, number: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        args = ("--kind", "opencps", "--url", url, "--group", "1", "--user", "u")
        worked.ok("server", "set", *args, said="p\n")
        running = worked.start("sync", "--once")
        listening.settimeout(30)
        connection, _ = listening.accept()
        with connection:
            connection.recv(100)
            done = running.end(number, within=SOON)
    assert done.code == 4
    clean(worked, running)
    worked.sound()


@BOTH
@pytest.mark.parametrize("what", ["sandbox", "virtual-scanner"])
def test_servers(bare: CommandLine, paper: Path, what: str, number: signal.Signals) -> None:
    running = bare.start(what, *([] if what == "sandbox" else [paper]))
    assert running.event()["url"].startswith("http://127.0.0.1:")
    done = running.end(number, within=SOON)
    assert done.code == 0
    assert list(bare.temporary.iterdir()) == []
    assert running.left() == []


def test_watch_in_the_middle_of_a_file(command: CommandLine, paper: Path, tmp_path: Path) -> None:
    hot = tmp_path / "hot"
    hot.mkdir()
    for number in range(1, 5):
        shutil.copy(paper / f"{number}.jpg", hot)
    watch = command.start("watch", hot, "--dossier", CODE)
    watch.event()
    watch.event()
    done = watch.end(signal.SIGINT, within=SOON)
    assert (done.code, done.lines[-1]["reason"]) == (4, "cancelled")
    assert "scan" not in done.trouble
    assert "run it again" in done.trouble
    assert done.lines[-1]["pages"] == len(done.pages)
    clean(command, watch)
    again = command.ok("watch", hot, "--dossier", CODE, "--once")
    assert len(done.pages) + len(again.pages) == 4
    assert len(set(command.hashes())) == 4
    command.sound()
