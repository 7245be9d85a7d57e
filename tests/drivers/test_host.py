"""The host against workers that lie, hang, chatter or lose their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from digitizer.errors import DigitizerError, DiskFull, ScannerCrashed, ScannerLost
from digitizer.scanning import Profile, ScannedPage
from drivers import virtual
from drivers.host import HostedScanner

PAGE = '{"page": 1, "file": "0001.jpg", "origin": null, "last": true}'


def lying(program: str, **options: float) -> HostedScanner:
    """A scanner whose worker is ``program``; it finds the folder of the pages in ``into``."""
    head = "import json, os, sys, time\ninto = json.loads(sys.stdin.readline())['into']\n"
    return HostedScanner("sane", command=[sys.executable, "-c", head + program], **options)


def scan(scanner: HostedScanner, into: Path) -> tuple[list[ScannedPage], DigitizerError | None]:
    pages = []
    try:
        for page in scanner.scan(Profile("liar"), into, threading.Event()):
            pages.append(page)
    except DigitizerError as trouble:
        return pages, trouble
    return pages, None


@pytest.mark.parametrize(
    "says",
    [
        "no JSON at all",
        "[1, 2]",
        "{}",
        '{"page": 1}',
        PAGE,  # no such file
        PAGE.replace("0001.jpg", "../other.jpg"),
        PAGE.replace("0001.jpg", "0002.jpg"),
        PAGE.replace("0001.jpg", "0001.part"),
        PAGE.replace('"page": 1', '"page": 2').replace("0001", "whole"),
        '{"devices": []}',
        '{"capabilities": {"device": 1}}',
        "x" * 200_000,
    ],
)
def test_a_worker_that_talks_nonsense_has_crashed(into: Path, says: str) -> None:
    (into.parent / "other.jpg").write_bytes(b"not ours")
    (into / "0002.jpg").write_bytes(b"of the next page")
    pages, trouble = scan(lying(f"print({says!r}, flush=True)\ntime.sleep(60)"), into)
    assert type(trouble) is ScannerCrashed
    assert pages == []


def test_a_page_out_of_turn_has_crashed(into: Path) -> None:
    (into / "0003.jpg").write_bytes(b"page 3 before page 1")
    says = PAGE.replace('"page": 1', '"page": 3').replace("0001", "0003")
    pages, trouble = scan(lying(f"print({says!r}, flush=True)\ntime.sleep(60)"), into)
    assert type(trouble) is ScannerCrashed
    assert pages == []


def test_a_link_is_no_page(into: Path) -> None:
    (into.parent / "other.jpg").write_bytes(b"not ours")
    (into / "0001.jpg").symlink_to(into.parent / "other.jpg")
    pages, trouble = scan(lying(f"print({PAGE!r}, flush=True)\ntime.sleep(60)"), into)
    assert type(trouble) is ScannerCrashed
    assert pages == []


def test_a_flood_is_cut_off(into: Path) -> None:
    flood = "line = b'{\"alive\": true}\\n' * 4096\nwhile True: os.write(1, line)"
    began = time.monotonic()
    _, trouble = scan(lying(flood), into)
    assert type(trouble) is ScannerCrashed
    assert time.monotonic() - began < 30


def test_a_flood_on_standard_error_does_no_harm(into: Path) -> None:
    program = "sys.stderr.write('noise\\n' * 200_000)\nprint('{\"done\": true}', flush=True)"
    assert scan(lying(program), into) == ([], None)


def test_a_silent_worker_is_lost(into: Path) -> None:
    began = time.monotonic()
    _, trouble = scan(lying("time.sleep(60)", silence_seconds=0.5), into)
    assert type(trouble) is ScannerLost
    assert time.monotonic() - began < 2.5


def test_a_page_that_landed_unreported_is_not_lost(into: Path) -> None:
    program = (
        "open(into + '/0001.jpg', 'wb').write(b'whole')\n"
        "open(into + '/0002.part', 'wb').write(b'half')\n"
        "os.kill(os.getpid(), 11)"
    )
    pages, trouble = scan(lying(program), into)
    assert [page.file.name for page in pages] == ["0001.jpg"]
    assert type(trouble) is ScannerCrashed
    assert "SIGSEGV" in trouble.detail


def test_an_error_from_the_table_arrives_as_itself(into: Path) -> None:
    says = '{"error": "disk-full", "detail": "0001.part"}'
    _, trouble = scan(lying(f"print({says!r}, flush=True)"), into)
    assert type(trouble) is DiskFull
    assert trouble.detail == "0001.part"


def test_a_program_that_cannot_start_is_told(into: Path) -> None:
    _, trouble = scan(HostedScanner("sane", command=["/nonexistent/worker"]), into)
    assert type(trouble) is ScannerCrashed


def test_a_back_end_may_print_to_standard_output(
    stack: Path, into: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with virtual.running(stack) as url:
        monkeypatch.setenv("SANE_CONFIG_DIR", str(virtual.sane_config(url, tmp_path / "sane.d")))
        monkeypatch.setenv("SANE_DEBUG_AIRSCAN", "255")  # it traces to standard output
        scanner = HostedScanner("sane")
        profile = Profile("airscan:e0:Virtual", dpi=100)
        pages = list(scanner.scan(profile, into, threading.Event()))
    assert len(pages) == 4


@pytest.mark.usefixtures("sane_home")
def test_a_stopped_worker_is_lost_and_its_pages_are_kept(into: Path) -> None:
    slow = (("read-delay", "yes"), ("read-delay-duration", "20000"))
    scanner = HostedScanner("sane", silence_seconds=3.0)
    pages = []
    with pytest.raises(ScannerLost):
        for page in scanner.scan(Profile("test:0", dpi=75, options=slow), into, threading.Event()):
            pages.append(page)
            os.kill(only_worker(os.getpid()), signal.SIGSTOP)
    assert pages
    for page in pages:
        with Image.open(page.file) as image:
            image.load()


@pytest.mark.usefixtures("sane_home")
@pytest.mark.parametrize("place", ["main", "thread"])
def test_a_worker_dies_with_its_parent(into: Path, place: str) -> None:
    program = f"""
import sys, threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from digitizer.scanning import Profile
from drivers.host import HostedScanner
def scan():
    slow = (("read-delay", "yes"), ("read-delay-duration", "200000"))
    profile = Profile("test:0", dpi=75, options=slow)
    for page in HostedScanner("sane").scan(profile, Path({str(into)!r}), threading.Event()):
        print(page.seq, flush=True)
print("started", flush=True)
if {place!r} == "main":
    scan()
else:
    threading.Thread(target=scan).start()
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"started\n"
        worker = waited_for(lambda: worker_of(parent.pid))
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        assert waited_for(lambda: not alive(worker))
    finally:
        parent.kill()
        parent.communicate()


@pytest.mark.usefixtures("sane_home")
def test_a_scan_begun_on_a_thread_that_ended_goes_on(into: Path) -> None:
    scan = HostedScanner("sane").scan(Profile("test:0", dpi=75, pages=3), into, threading.Event())
    first: list[ScannedPage] = []
    thread = threading.Thread(target=lambda: first.append(next(scan)))
    thread.start()
    thread.join()
    assert [page.seq for page in [*first, *scan]] == [1, 2, 3]


def worker_of(parent: int) -> int | None:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if int(status[1]) == parent and b"drivers.worker" in command and status[0] != "Z":
                return int(folder.name)
    return None


def only_worker(parent: int) -> int:
    found = worker_of(parent)
    assert found is not None
    return found


def alive(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return status[0] != "Z"


def waited_for(look: Callable[[], Any]) -> Any:
    """Look until there is something, for five seconds at most."""
    until = time.monotonic() + 5.0
    while not (found := look()) and time.monotonic() < until:
        time.sleep(0.02)
    assert found
    return found
