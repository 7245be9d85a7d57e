"""Our eSCL driver against the virtual scanner: every fault, and what odd devices do."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from digitizer.errors import (
    CoverOpen,
    DigitizerError,
    DoubleFeed,
    FeederEmpty,
    FeederJam,
    ProfileUnsupported,
    ScanCancelled,
    ScannerBusy,
    ScannerLost,
    ScannerNotFound,
    ScannerStrange,
)
from digitizer.scanning import A4, Mode, Profile, Progress, ScannedPage, Size, Source, unheard
from drivers import escl, escl_job, escl_pages, images, virtual
from drivers.escl_xml import Abilities, Input
from drivers.host import HostedScanner, scanner_for
from drivers.virtual import Faults, Quirks

NOBODY = "http://127.0.0.1:9/eSCL"


def scan_all(
    profile: Profile,
    into: Path,
    told: Callable[[Progress], None] = unheard,
    stop: threading.Event | None = None,
) -> tuple[list[ScannedPage], DigitizerError | None]:
    pages = []
    try:
        scanner = escl.scanner(None)
        for page in scanner.scan(profile, into, stop or threading.Event(), told):
            pages.append(page)
    except DigitizerError as trouble:
        return pages, trouble
    return pages, None


def bytes_of(pages: list[ScannedPage]) -> list[bytes]:
    return [page.file.read_bytes() for page in pages]


def papers(stack: Path) -> list[bytes]:
    return [file.read_bytes() for file in sorted(stack.iterdir())]


def assert_job_deleted(heard: list[str]) -> None:
    """Every job that was begun was let go of, and nothing was asked of it after that."""
    jobs = sum(line == "POST /eSCL/ScanJobs" for line in heard)
    for number in range(1, jobs + 1):
        about = [line for line in heard if f"/ScanJobs/{number}" in line]
        assert about == [] or about[-1] == f"DELETE /eSCL/ScanJobs/{number}"


@pytest.mark.parametrize(
    ("faults", "count", "row"),
    [
        ("jam:2", 2, FeederJam),
        ("jam:0", 0, FeederJam),
        ("cover:1", 1, CoverOpen),
        ("double:3", 3, DoubleFeed),
        ("empty", 0, FeederEmpty),
        ("cut:1", 0, ScannerLost),
        ("cut:3", 2, ScannerLost),
        ("busy:4", 4, None),
        ("slow:0.05", 4, None),
    ],
)
def test_pages_come_first_and_then_the_fault(
    stack: Path, into: Path, faults: str, count: int, row: type[DigitizerError] | None
) -> None:
    heard: list[str] = []
    quirks = Quirks(heard=heard.append)
    with virtual.running(stack, virtual.parse_faults([faults]), quirks=quirks) as url:
        pages, trouble = scan_all(Profile(url, dpi=100), into)
    assert type(trouble) is (row or type(None))
    assert bytes_of(pages) == papers(stack)[:count]  # the device's own bytes
    assert sorted(into.iterdir()) == [page.file for page in pages]
    assert_job_deleted(heard)


@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(adf_state="ScannerAdfEmpty"),  # a lie
        Quirks(adf_state="Nonsense"),
        Quirks(refusals=3),
        Quirks(location="http://192.0.2.77:1"),
        Quirks(sides=3),
        Quirks(chunked=True),
        Quirks(prefix="oddly"),
    ],
    ids=lambda quirks: str(quirks).partition("(")[2][:60],
)
def test_an_odd_device_gives_its_pages_like_any_other(
    stack: Path, into: Path, quirks: Quirks
) -> None:
    heard: list[str] = []
    with virtual.running(stack, quirks=replace(quirks, heard=heard.append)) as url:
        pages, trouble = scan_all(Profile(url, dpi=100), into)
    assert trouble is None
    assert [page.seq for page in pages] == [1, 2, 3, 4]
    assert bytes_of(pages) == papers(stack)
    assert sorted(into.iterdir()) == [page.file for page in pages]
    assert_job_deleted(heard)


def test_a_feeder_that_is_called_loaded_and_gives_nothing_is_empty(stack: Path, into: Path) -> None:
    for file in stack.iterdir():
        file.unlink()
    with virtual.running(stack, quirks=Quirks(adf_state="ScannerAdfLoaded")) as url:
        pages, trouble = scan_all(Profile(url, dpi=100), into)
    assert (pages, type(trouble)) == ([], FeederEmpty)


@pytest.mark.parametrize(
    ("state", "row"),
    [("Canceled", ScanCancelled), ("Aborted", ScannerLost), ("Completed", type(None))],
)
def test_a_job_that_was_ended_at_the_device_is_no_good_end(
    stack: Path, into: Path, state: str, row: type[DigitizerError]
) -> None:
    with virtual.running(stack, quirks=Quirks(job_state=state)) as url:
        pages, trouble = scan_all(Profile(url, dpi=100), into)
    assert (len(pages), type(trouble)) == (4, row)


def test_cut_in_a_page_of_unknown_length(stack: Path, into: Path) -> None:
    with virtual.running(stack, Faults(cut=2), quirks=Quirks(chunked=True)) as url:
        pages, trouble = scan_all(Profile(url, dpi=100), into)
    assert (len(pages), type(trouble)) == (1, ScannerLost)
    assert sorted(into.iterdir()) == [page.file for page in pages]


def small(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (50, 50)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "mode", "row", "says"),
    [
        (b"%PDF-1.7\n%%EOF\n", Mode.COLOR, ScannerStrange, "PDF"),
        (small("PNG"), Mode.COLOR, ScannerStrange, "PNG"),
        (b"<html>", Mode.COLOR, ScannerStrange, "no image"),
        (small("JPEG")[:-2], Mode.COLOR, ScannerLost, "cut short"),
        (small("JPEG")[:300] + b"\xff\xd9", Mode.LINEART, ScannerLost, "damaged"),
        (b"\xff\xd8\xff\xd9", Mode.COLOR, ScannerStrange, "frame"),
    ],
)
@pytest.mark.parametrize("sides", [0, 2])
def test_what_is_no_page_never_lands(
    stack: Path,
    into: Path,
    content: bytes,
    mode: Mode,
    row: type[DigitizerError],
    says: str,
    sides: int,
) -> None:
    with virtual.running(stack, quirks=Quirks(content=content, sides=sides)) as url:
        pages, trouble = scan_all(Profile(url, dpi=100, mode=mode), into)
    assert (pages, type(trouble)) == ([], row)
    assert says in str(trouble)
    assert list(into.iterdir()) == []


def test_a_page_without_end_is_given_up(
    stack: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escl_pages, "MAX_BODY_BYTES", 1000)
    with virtual.running(stack) as url:
        pages, trouble = scan_all(Profile(url, dpi=100), into)
    assert (pages, type(trouble)) == ([], ScannerStrange)
    assert list(into.iterdir()) == []


def test_a_device_that_stays_busy_is_busy(
    stack: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escl_job, "_LONGEST_WAIT_SECONDS", 0.01)
    with virtual.running(stack, quirks=Quirks(refusals=99)) as url:
        assert type(scan_all(Profile(url, dpi=100), into)[1]) is ScannerBusy
    with virtual.running(stack, Faults(busy=99)) as url:
        assert type(scan_all(Profile(url, dpi=100), into)[1]) is ScannerBusy
    with virtual.running(stack, Faults(busy=29)) as url:
        assert len(scan_all(Profile(url, dpi=100), into)[0]) == 4


def test_stops_after_the_asked_number_counts_on_and_lets_the_rest_lie(
    stack: Path, into: Path
) -> None:
    heard: list[str] = []
    for sides in (0, 3):
        with virtual.running(stack, quirks=Quirks(sides=sides, heard=heard.append)) as url:
            pages, trouble = scan_all(Profile(url, dpi=100, pages=2, first=7), into)
        assert trouble is None
        assert [page.file.name for page in pages] == ["0007.jpg", "0008.jpg"]
        assert sorted(into.iterdir()) == [page.file for page in pages]
        assert heard[-1] == "DELETE /eSCL/ScanJobs/1"


def test_grey_and_black_are_made_here_and_the_glass_gives_one(stack: Path, tmp_path: Path) -> None:
    given = {}
    with virtual.running(stack) as url:
        for source, mode in (
            (Source.ADF_DUPLEX, Mode.GRAY),
            (Source.FLATBED, Mode.COLOR),
            (Source.ADF, Mode.LINEART),
        ):
            into = tmp_path / f"{source}-{mode}"
            into.mkdir()
            pages, trouble = scan_all(Profile(url, source, 100, mode), into)
            assert trouble is None
            with Image.open(pages[0].file) as image:
                image.load()
                given[source] = (len(pages), image.format, image.mode, image.info["dpi"])
    assert given == {
        Source.ADF_DUPLEX: (4, "JPEG", "L", (100, 100)),
        Source.FLATBED: (1, "JPEG", "RGB", (100, 100)),
        Source.ADF: (4, "TIFF", "1", (100, 100)),
    }


def test_a_wrong_resolution_in_the_file_is_put_right(stack: Path, into: Path) -> None:
    out = io.BytesIO()
    with Image.open(stack / "1.jpg") as image:
        image.save(out, "JPEG", dpi=(72, 72))
    with virtual.running(stack, quirks=Quirks(content=out.getvalue())) as url:
        pages, _ = scan_all(Profile(url, dpi=100, pages=1), into)
    with Image.open(pages[0].file) as image:
        assert image.info["dpi"] == (100, 100)
    assert pages[0].file.stat().st_size == len(out.getvalue())


def test_tells_how_a_page_comes_along_and_that_it_waits(stack: Path, into: Path) -> None:
    told: list[Progress] = []
    with virtual.running(stack, Faults(busy=2)) as url:
        scan_all(Profile(url, dpi=100), into, told.append)
    assert {one.seq for one in told} == {1, 2, 3, 4, 5}
    assert max(one.fraction or 0.0 for one in told) == 1.0
    assert len([one for one in told if one.seq == 1 and one.fraction is None]) >= 3


@pytest.mark.parametrize("faults", [Faults(empty=True), Faults(slow=30.0), Faults(busy=30)])
def test_a_stop_ends_any_wait_at_once_and_deletes_the_job(
    stack: Path, into: Path, faults: Faults
) -> None:
    stop = threading.Event()
    heard: list[str] = []
    with virtual.running(stack, faults, quirks=Quirks(heard=heard.append)) as url:
        timer = threading.Timer(0.4, stop.set)
        timer.start()
        began = time.monotonic()
        _, trouble = scan_all(Profile(url, dpi=100, wait=True), into, stop=stop)
        took = time.monotonic() - began
        timer.join()
    assert type(trouble) is ScanCancelled
    assert took < 1.4
    assert list(into.iterdir()) == []
    assert_job_deleted(heard)
    assert "POST /eSCL/ScanJobs" in heard


def test_a_scanner_that_falls_silent_is_lost_and_stops_when_told(stack: Path, into: Path) -> None:
    scanner = HostedScanner("escl", silence_seconds=4.0)
    with virtual.running(stack, Faults(gone=1)) as url:
        pages = []
        with pytest.raises(ScannerLost):
            for page in scanner.scan(Profile(url, dpi=100), into, threading.Event()):
                pages.append(page)
    assert bytes_of(pages) == papers(stack)[:1]


@pytest.mark.parametrize("device", [NOBODY, "127.0.0.1:9", "two words", "ftp://x", ""])
def test_what_is_not_there_is_not_found(device: str, into: Path) -> None:
    scanner = escl.scanner(None)
    with pytest.raises(ScannerNotFound):
        scanner.capabilities(device)
    assert type(scan_all(Profile(device), into)[1]) is ScannerNotFound


def test_a_host_alone_will_do_and_the_prefix_as_well(stack: Path) -> None:
    with virtual.running(stack) as url:
        port = url.removesuffix("/eSCL").rpartition(":")[2]
        found = escl.scanner(None).capabilities(f"escl:127.0.0.1:{port}")
        assert found.device.id == f"escl:127.0.0.1:{port}"
        assert found.sources == tuple(Source)
        assert found.resolutions == (100, 150, 200, 300, 600)
        assert found.modes == tuple(Mode)
        hosted, name = scanner_for(f"escl:{url}")
        assert name == url
        assert hosted.capabilities(name).device.name == "Digitizer Virtual"


def abilities() -> Abilities:
    feeder = Input((200, 300), None, ("RGB24", "Grayscale8"), 2550, 9000)
    glass = Input((300,), None, ("Grayscale8",), 2480, 3508)
    return Abilities("Office", "", "2.6", {Source.FLATBED: glass, Source.ADF: feeder})


def test_the_plan_for_a_profile() -> None:
    wish = escl.plan(Profile("x"), abilities())
    assert (wish.source, wish.color, wish.width, wish.height) == (Source.ADF, "RGB24", 2550, 4200)
    wish = escl.plan(Profile("x", size=A4, mode=Mode.LINEART), abilities())
    assert (wish.color, wish.width, wish.height) == ("Grayscale8", 2480, 3508)
    wish = escl.plan(Profile("x", size=Size(210, 700)), abilities())
    assert wish.height == 8268
    wish = escl.plan(Profile("x", Source.FLATBED, mode=Mode.GRAY, size=Size(211, 298)), abilities())
    assert (wish.width, wish.height) == (2480, 3508)  # 1 mm more than it has


@pytest.mark.parametrize(
    "profile",
    [
        Profile("x", Source.ADF_DUPLEX),
        Profile("x", dpi=150),
        Profile("x", Source.FLATBED),
        Profile("x", size=Size(297, 420)),
    ],
)
def test_what_the_device_has_not_got_is_refused(profile: Profile) -> None:
    with pytest.raises(ProfileUnsupported):
        escl.plan(profile, abilities())


def test_gives_the_same_pages_as_sane_airscan(
    stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {}
    with virtual.running(stack) as url:
        monkeypatch.setenv("SANE_CONFIG_DIR", str(virtual.sane_config(url, tmp_path / "sane.d")))
        for driver, device in (("escl", url), ("sane", "airscan:e0:Virtual")):
            into = tmp_path / driver
            into.mkdir()
            scan = HostedScanner(driver).scan(Profile(device, dpi=100), into, threading.Event())
            given[driver] = list(scan)
    assert [page.file.name for page in given["escl"]] == [page.file.name for page in given["sane"]]
    assert len(given["escl"]) == 4
    for ours, theirs in zip(given["escl"], given["sane"], strict=True):
        with Image.open(ours.file) as image:  # SANE hands over pixels, which are encoded once more
            assert images.encode(image, Mode.COLOR, 100)[1] == theirs.file.read_bytes()
