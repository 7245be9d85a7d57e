"""The one contract every scanner keeps, whatever driver is behind it.

Runs against SANE's own ``test`` and ``pnm`` back ends, the real sane-airscan and our own eSCL
driver in front of the virtual eSCL scanner, and the folder driver; each in its child process, as
the product runs them.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw

from digitizer.errors import FileMissing, ScanCancelled, ScannerCrashed, ScannerError
from digitizer.scanning import Profile, ScannedPage, Scanner
from drivers import virtual
from drivers.host import HostedScanner

A4_AT_100 = (827, 1169)
CANCEL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Subject:
    """A scanner with paper in it. ``slow``: the same, so slow that it can be interrupted."""

    scanner: Scanner
    profile: Profile
    slow: Profile
    pages: int
    absent: Profile
    absence: type[Exception]


def draw_page(file: Path, number: int) -> None:
    page = Image.new("RGB", A4_AT_100, (255, 255, 250))
    ImageDraw.Draw(page).text((150, 150), f"Trang {number}", fill=(20, 20, 90), font_size=60)
    page.save(file, dpi=(100, 100))


def workers(parent: int) -> list[int]:
    """The scanner workers that ``parent`` has now."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes()
                status = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if b"drivers.worker" in command and int(status[1]) == parent and status[0] != "Z":
                found.append(int(folder.name))
    return found


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    folder = tmp_path / "stack"
    folder.mkdir()
    for number in range(1, 5):
        draw_page(folder / f"{number}.jpg", number)
    return folder


@pytest.fixture(params=["sane-test", "sane-pnm", "sane-airscan", "escl", "folder"])
def subject(
    request: pytest.FixtureRequest, tmp_path: Path, stack: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Subject]:
    config = tmp_path / "sane.d"
    monkeypatch.setenv("SANE_CONFIG_DIR", str(config))
    with ExitStack() as on:
        match request.param:
            case "sane-test":
                config.mkdir()
                (config / "dll.conf").write_text("test\n")
                profile = Profile("test:0", dpi=75)
                slow = (("read-delay", "yes"), ("read-delay-duration", "20000"))
                lost = replace(profile, device="test:7")
                subject = Subject(
                    HostedScanner("sane"),
                    profile,
                    replace(profile, options=slow),
                    10,
                    lost,
                    ScannerError,
                )
            case "sane-pnm":
                config.mkdir()
                (config / "dll.conf").write_text("pnm\n")
                image = tmp_path / "page.ppm"
                Image.open(stack / "1.jpg").save(image)
                profile = Profile("pnm:0", dpi=100, options=(("filename", str(image)),))
                lost = replace(profile, options=(("filename", str(tmp_path / "no.ppm")),))
                subject = Subject(HostedScanner("sane"), profile, profile, 1, lost, ScannerError)
            case "sane-airscan":
                url = on.enter_context(virtual.running(stack, virtual.Faults(slow=0.25)))
                virtual.sane_config(url, config)
                profile = Profile("airscan:e0:Virtual", dpi=100)
                lost = replace(profile, device="airscan:e9:Nobody")
                subject = Subject(HostedScanner("sane"), profile, profile, 4, lost, ScannerError)
            case "escl":
                url = on.enter_context(virtual.running(stack, virtual.Faults(slow=0.25)))
                profile = Profile(url, dpi=100)
                lost = replace(profile, device="http://127.0.0.1:9/eSCL")
                scanner = HostedScanner("escl", state=tmp_path / "scanners")
                subject = Subject(scanner, profile, profile, 4, lost, ScannerError)
            case _:
                profile = Profile("folder", files=(stack,))
                lost = replace(profile, files=(tmp_path / "none.jpg",))
                long = tmp_path / "long.bmp"  # takes most of a second to make a page of
                Image.effect_noise((4000, 5600), 64).save(long, dpi=(300, 300))
                slow = replace(profile, files=(stack / "1.jpg", long, long, long))
                subject = Subject(HostedScanner("folder"), profile, slow, 4, lost, FileMissing)
        yield subject
    assert workers(os.getpid()) == []


def assert_whole(pages: list[ScannedPage], into: Path) -> None:
    """Every page is in its place, complete, and there is nothing else."""
    assert [page.seq for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        assert page.file.parent == into
        assert page.file.stem == f"{page.seq:04d}"
        with Image.open(page.file) as image:
            image.load()
            assert image.width > 100
            assert image.info["dpi"][0] > 70
    assert sorted(into.iterdir()) == [page.file for page in pages]


def test_gives_every_page_in_order_and_ends_quietly(subject: Subject, into: Path) -> None:
    pages = []
    for page in subject.scanner.scan(subject.profile, into, threading.Event()):
        assert page.file.is_file()
        pages.append(page)
    assert len(pages) == subject.pages
    assert_whole(pages, into)


def test_stops_after_the_asked_number(subject: Subject, into: Path) -> None:
    asked = min(2, subject.pages)
    profile = replace(subject.profile, pages=asked)
    pages = list(subject.scanner.scan(profile, into, threading.Event()))
    assert len(pages) == asked
    assert_whole(pages, into)


def test_what_is_not_there_is_said_and_leaves_nothing(subject: Subject, into: Path) -> None:
    with pytest.raises(subject.absence) as told:
        list(subject.scanner.scan(subject.absent, into, threading.Event()))
    assert told.value.code in ("scanner-not-found", "file-missing", "profile-unsupported")
    assert list(into.iterdir()) == []


def test_a_stop_before_the_start_scans_nothing(subject: Subject, into: Path) -> None:
    stop = threading.Event()
    stop.set()
    began = time.monotonic()
    with pytest.raises(ScanCancelled):
        list(subject.scanner.scan(subject.slow, into, stop))
    assert time.monotonic() - began < CANCEL_SECONDS
    assert_whole([], into)


def test_a_stop_keeps_what_came_before(
    subject: Subject, into: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if subject.pages == 1:
        pytest.skip("one page has no middle")
    stop = threading.Event()
    pages = []
    began = 0.0
    with pytest.raises(ScanCancelled):
        for page in subject.scanner.scan(subject.slow, into, stop):
            pages.append(page)
            if page.seq == 1:
                stop.set()
                began = time.monotonic()
    assert time.monotonic() - began < CANCEL_SECONDS
    assert 1 <= len(pages) < subject.pages
    assert [page.file.is_file() for page in pages] == [True] * len(pages)
    assert caplog.records == []  # the driver ended by itself: not crashed, not killed


def test_a_scan_nobody_listens_to_any_more_ends(subject: Subject, into: Path) -> None:
    scan = subject.scanner.scan(subject.slow, into, threading.Event())
    first = next(scan)
    began = time.monotonic()
    scan.close()  # what abandoning the loop does
    assert time.monotonic() - began < CANCEL_SECONDS
    assert workers(os.getpid()) == []
    assert first.file.is_file()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_crash_comes_after_the_pages_before_it(
    subject: Subject, into: Path, number: signal.Signals
) -> None:
    if subject.pages == 1:
        pytest.skip("one page has no middle")
    pages = []
    with pytest.raises(ScannerCrashed) as told:
        for page in subject.scanner.scan(subject.slow, into, threading.Event()):
            pages.append(page)
            if page.seq == 1:
                for worker in workers(os.getpid()):
                    os.kill(worker, number)
    assert number.name in told.value.detail
    assert 1 <= len(pages) < subject.pages
    for page in pages:
        with Image.open(page.file) as image:
            image.load()


def test_the_same_scanner_scans_again(subject: Subject, tmp_path: Path) -> None:
    for batch in ("one", "two"):
        into = tmp_path / batch
        into.mkdir()
        profile = replace(subject.profile, pages=1)
        assert_whole(list(subject.scanner.scan(profile, into, threading.Event())), into)
