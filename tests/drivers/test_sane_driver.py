"""The SANE driver against SANE's own test back ends: every status, every shape of page."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from digitizer.errors import (
    CoverOpen,
    DigitizerError,
    FeederEmpty,
    FeederJam,
    FeederStopped,
    HomeReadOnly,
    ProfileUnsupported,
    ScanCancelled,
    ScannerBusy,
    ScannerDenied,
    ScannerLost,
    ScannerNotFound,
)
from digitizer.scanning import A4, Mode, Profile, Progress, ScannedPage, Size, Source
from drivers import virtual
from drivers.host import HostedScanner, all_devices, scanner_for, trouble

pytestmark = pytest.mark.usefixtures("sane_home")


def scan(into: Path, profile: Profile) -> list[ScannedPage]:
    return list(HostedScanner("sane").scan(profile, into, threading.Event()))


@pytest.mark.parametrize(
    ("status", "row"),
    [
        ("SANE_STATUS_JAMMED", FeederJam),
        ("SANE_STATUS_COVER_OPEN", CoverOpen),
        ("SANE_STATUS_NO_DOCS", FeederEmpty),
        ("SANE_STATUS_IO_ERROR", ScannerLost),
        ("SANE_STATUS_NO_MEM", ScannerLost),
        ("SANE_STATUS_EOF", ScannerLost),
        ("SANE_STATUS_DEVICE_BUSY", FeederStopped),  # it had begun
        ("SANE_STATUS_ACCESS_DENIED", ScannerDenied),
        ("SANE_STATUS_CANCELLED", ScanCancelled),
        ("SANE_STATUS_INVAL", ProfileUnsupported),
        ("SANE_STATUS_UNSUPPORTED", ProfileUnsupported),
    ],
)
def test_every_status_has_its_row(into: Path, status: str, row: type[DigitizerError]) -> None:
    profile = Profile("test:0", dpi=75, options=(("read-return-value", status),))
    with pytest.raises(DigitizerError) as told:
        scan(into, profile)
    assert type(told.value) is row
    assert list(into.iterdir()) == []


def test_a_glass_that_is_busy_is_somebody_elses(into: Path) -> None:
    busy = (("read-return-value", "SANE_STATUS_DEVICE_BUSY"),)
    with pytest.raises(ScannerBusy):
        scan(into, Profile("test:0", Source.FLATBED, dpi=75, options=busy))


@pytest.mark.parametrize("sheets", [0, 2])
def test_sheets_that_stick_together_are_not_other_software(
    into: Path, stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sheets: int
) -> None:
    with virtual.running(stack, virtual.Faults(double=sheets)) as url:
        monkeypatch.setenv("SANE_CONFIG_DIR", str(virtual.sane_config(url, tmp_path / "sane.d")))
        profile = Profile(f"airscan:e0:{virtual.NAME}", Source.ADF, dpi=100)
        with pytest.raises(FeederStopped):
            scan(into, profile)
    assert len(list(into.iterdir())) == sheets


def test_a_page_that_came_short_is_no_page(
    into: Path, stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sorted(stack.iterdir())[1]
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with virtual.running(stack) as url:
        monkeypatch.setenv("SANE_CONFIG_DIR", str(virtual.sane_config(url, tmp_path / "sane.d")))
        with pytest.raises(ScannerLost):
            scan(into, Profile(f"airscan:e0:{virtual.NAME}", Source.ADF, dpi=100))
    assert [file.name for file in into.iterdir()] == ["0001.jpg"]


@pytest.mark.parametrize(("status", "row"), [("jammed", FeederJam), ("coveropen", CoverOpen)])
def test_another_back_ends_faults_are_the_same_rows(
    into: Path, tmp_path: Path, status: str, row: type[DigitizerError]
) -> None:
    image = tmp_path / "page.ppm"
    Image.new("RGB", (400, 500), "white").save(image)
    # the back end keeps the last fault it was given only while "status" is switched off
    options = (("filename", str(image)), ("status", "no"), (f"status-{status}", "yes"))
    with pytest.raises(row):
        scan(into, Profile("pnm:0", dpi=100, options=options))


def test_the_whole_area_is_scanned_and_the_resolution_is_in_the_file(into: Path) -> None:
    (page,) = scan(into, Profile("test:0", Source.FLATBED, dpi=100))
    assert page.file.name == "0001.jpg"
    with Image.open(page.file) as image:
        assert (image.format, image.mode, image.info["dpi"]) == ("JPEG", "RGB", (100, 100))
        assert image.size == pytest.approx((787, 787), abs=2)  # 200 mm, the back end's glass


@pytest.mark.parametrize(("size", "expected"), [(Size(100.0, 150.0), (394, 591)), (A4, (787, 787))])
def test_a_sheet_smaller_or_larger_than_the_glass(
    into: Path, size: Size, expected: tuple[int, int]
) -> None:
    (page,) = scan(into, Profile("test:0", Source.FLATBED, dpi=100, size=size))
    with Image.open(page.file) as image:
        assert image.size == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("pages", [1, 7])
def test_a_number_is_exact_and_the_glass_gives_one(into: Path, pages: int) -> None:
    assert len(scan(into, Profile("test:0", Source.ADF, dpi=75, pages=pages, first=3))) == pages
    assert min(page.name for page in into.iterdir()) == "0003.jpg"
    glass = into / "glass"
    glass.mkdir()
    assert len(scan(glass, Profile("test:0", Source.FLATBED, dpi=75, pages=pages))) == 1


def test_tells_how_a_page_comes_along(into: Path) -> None:
    told: list[Progress] = []
    slow = (("read-delay", "yes"), ("read-delay-duration", "30000"))
    profile = Profile("test:0", Source.ADF, dpi=75, pages=2, options=slow)
    scanner = HostedScanner("sane")
    assert len(list(scanner.scan(profile, into, threading.Event(), told.append))) == 2
    assert {progress.seq for progress in told} == {1, 2}
    first = [progress.fraction for progress in told if progress.seq == 1 and progress.fraction]
    assert len(first) > 1
    assert first == sorted(first)
    assert not any(progress.waiting for progress in told)


def test_what_cannot_be_made_safe_stops_the_scan(into: Path) -> None:
    (into / "0003.jpg").mkdir()  # no page can take that name
    scan = HostedScanner("sane").scan(
        Profile("test:0", Source.ADF, dpi=75), into, threading.Event()
    )
    pages = []
    with pytest.raises(HomeReadOnly):
        for page in scan:
            pages.append(page.seq)
            began = time.monotonic()
    assert pages == [1, 2]
    assert time.monotonic() - began < 2.0


def test_grey_stays_grey(into: Path) -> None:
    (page,) = scan(into, Profile("test:0", dpi=75, mode=Mode.GRAY, pages=1))
    with Image.open(page.file) as image:
        assert (image.format, image.mode) == ("JPEG", "L")


def test_black_and_white_is_group_4(into: Path) -> None:
    options = (("test-picture", "Grid"),)
    (page,) = scan(into, Profile("test:0", dpi=75, mode=Mode.LINEART, pages=1, options=options))
    assert page.file.name == "0001.tif"
    with Image.open(page.file) as image:
        assert (image.format, image.mode) == ("TIFF", "1")
        assert (image.info["compression"], image.info["dpi"]) == ("group4", (75.0, 75.0))
        black = image.convert("L").histogram()[0] / (image.width * image.height)
        assert 0.4 < black < 0.6  # a chequered picture, the right way round


def test_a_height_that_nobody_knows_beforehand(into: Path) -> None:
    options = (("hand-scanner", "yes"),)
    (page,) = scan(into, Profile("test:0", dpi=75, pages=1, options=options))
    with Image.open(page.file) as image:
        image.load()
        assert image.height > 100


@pytest.mark.parametrize(
    "profile",
    [
        Profile("test:0", Source.ADF_DUPLEX, dpi=75),
        Profile("test:0", dpi=5000),
        Profile("test:0", dpi=75, options=(("no-such-option", "1"),)),
        Profile("test:0", dpi=75, options=(("ppl-loss", "many"),)),
        Profile("test:0", dpi=75, options=(("red-gamma-table", "1"),)),
        Profile("pnm:0", dpi=100, options=(("default-enhancements", "1"),)),
        Profile("pnm:0", dpi=123),
        Profile("test:0", dpi=75, pages=0),
    ],
)
def test_what_the_device_cannot_do_is_refused(into: Path, profile: Profile) -> None:
    with pytest.raises(ProfileUnsupported):
        scan(into, profile)


def test_lists_what_is_connected_and_what_it_can_do() -> None:
    found = {capabilities.device.id: capabilities for capabilities in all_devices()}
    assert set(found) == {"test:0", "test:1", "pnm:0", "pnm:1"}
    assert found["test:0"].sources == (Source.FLATBED, Source.ADF)
    assert found["test:0"].resolutions == (75, 100, 150, 200, 300, 400, 600)
    assert found["test:0"].modes == tuple(Mode)
    assert found["pnm:0"].sources == (Source.FLATBED,)
    assert found["pnm:0"].resolutions[0] == 75
    assert found["test:0"].device.driver == "sane"
    assert found["test:0"].sizes == (Size(200.0, 200.0), Size(200.0, 200.0))  # 8 inches, as played
    assert found["test:0"].can_wait
    assert not found["pnm:0"].can_wait
    assert not found["test:0"].double_feed


def test_an_unknown_device_is_not_found() -> None:
    with pytest.raises(ScannerNotFound):
        HostedScanner("sane").capabilities("nobody:0")


def test_ids_find_their_driver(into: Path) -> None:
    scanner, name = scanner_for("sane:test:0")
    assert name == "test:0"
    assert len(list(scanner.scan(Profile(name, dpi=75, pages=1), into, threading.Event()))) == 1
    assert scanner_for("airscan:e0:Office")[1] == "airscan:e0:Office"
    assert scanner_for("folder:")[1] == ""


def test_tells_which_driver_can_run_here() -> None:
    assert trouble("sane") is None
    assert trouble("folder") is None
    missing = trouble("pigeon")
    assert missing is not None
    assert missing.code == "not-found"
