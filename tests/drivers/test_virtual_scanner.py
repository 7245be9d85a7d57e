"""The virtual eSCL scanner, seen through the real sane-airscan, and its faults."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib import error, request

import pytest
from PIL import Image

from digitizer.errors import (
    CoverOpen,
    DigitizerError,
    FeederEmpty,
    FeederJam,
    FolderUnreadable,
    ScanCancelled,
    ScannerBusy,
    ScannerLost,
)
from digitizer.scanning import Mode, Profile, ScannedPage, Source
from drivers import virtual
from drivers.host import HostedScanner, all_devices
from drivers.virtual import Faults

DEVICE = "airscan:e0:Virtual"


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    return Use(tmp_path / "sane.d", monkeypatch)


class Use:
    """Makes SANE see one virtual scanner alone."""

    def __init__(self, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._config = config
        self._monkeypatch = monkeypatch

    def __call__(self, url: str) -> None:
        folder = virtual.sane_config(url, self._config)
        self._monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))


def scan_all(
    into: Path, profile: Profile, silence: float = 30.0
) -> tuple[list[ScannedPage], DigitizerError | None]:
    pages = []
    try:
        for page in HostedScanner("sane", silence_seconds=silence).scan(
            profile, into, threading.Event()
        ):
            pages.append(page)
    except DigitizerError as trouble:
        return pages, trouble
    return pages, None


@pytest.mark.parametrize(
    ("faults", "pages", "row"),
    [
        ("jam:2", 2, FeederJam),
        ("jam:0", 0, FeederJam),
        ("cover:1", 1, CoverOpen),
        ("empty", 0, FeederEmpty),
        ("cut:3", 2, ScannerLost),
        ("gone:1", 1, ScannerLost),
        ("busy:1", 4, None),
    ],
)
def test_pages_come_first_and_then_the_fault(
    use: Use, stack: Path, into: Path, faults: str, pages: int, row: type[DigitizerError] | None
) -> None:
    # not at once: airscan tells an error that comes before anybody asked for the first page
    with virtual.running(stack, virtual.parse_faults([faults, "slow:0.3"])) as url:
        use(url)
        silence = 5.0 if "gone" in faults else 30.0
        landed, trouble = scan_all(into, Profile(DEVICE, dpi=100), silence=silence)
    assert len(landed) == pages, trouble
    assert type(trouble) is (row or type(None))
    for page in landed:
        with Image.open(page.file) as image:
            image.load()


def test_a_slow_feeder_gives_pages_one_by_one(use: Use, stack: Path, into: Path) -> None:
    with virtual.running(stack, Faults(slow=0.4)) as url:
        use(url)
        came = []
        for page in HostedScanner("sane").scan(Profile(DEVICE, dpi=100), into, threading.Event()):
            came.append(time.monotonic())
            assert not (into / f"{page.seq + 1:04d}.jpg").exists()
    assert len(came) == 4
    assert came[-1] - came[0] > 0.8


def test_a_stop_while_the_scanner_is_silent(use: Use, stack: Path, into: Path) -> None:
    stop = threading.Event()
    with virtual.running(stack, Faults(gone=1)) as url:
        use(url)
        with pytest.raises(ScanCancelled):
            for _ in HostedScanner("sane").scan(Profile(DEVICE, dpi=100), into, stop):
                timer = threading.Timer(0.5, stop.set)
                timer.start()
                began = time.monotonic()
        took = time.monotonic() - began
        timer.join()
    assert took < 2.5


@pytest.mark.parametrize("dpi", [200, 300])
def test_a4_is_a4_at_any_resolution(use: Use, stack: Path, into: Path, dpi: int) -> None:
    with virtual.running(stack) as url:
        use(url)
        pages, trouble = scan_all(into, Profile(DEVICE, dpi=dpi, pages=1))
    assert trouble is None
    with Image.open(pages[0].file) as image:
        inches = (image.width / dpi, image.height / dpi)
        assert image.info["dpi"] == (dpi, dpi)
        assert inches == pytest.approx((8.27, 11.69), abs=0.03)


def test_has_a_feeder_for_both_sides_and_a_glass(use: Use, stack: Path, tmp_path: Path) -> None:
    with virtual.running(stack) as url:
        use(url)
        (found,) = all_devices()
        assert found.device.id == DEVICE
        assert found.sources == tuple(Source)
        assert found.modes == tuple(Mode)
        assert found.resolutions == (100, 150, 200, 300, 600)
        given = {}
        for source, mode in (
            (Source.ADF_DUPLEX, Mode.GRAY),
            (Source.FLATBED, Mode.COLOR),
            (Source.FLATBED, Mode.LINEART),
        ):
            into = tmp_path / f"{source}-{mode}"
            into.mkdir()
            pages, trouble = scan_all(into, Profile(DEVICE, source, 100, mode))
            assert trouble is None
            given[source, mode] = [page.file.suffix for page in pages]
    assert given == {
        (Source.ADF_DUPLEX, Mode.GRAY): [".jpg"] * 4,
        (Source.FLATBED, Mode.COLOR): [".jpg"],
        (Source.FLATBED, Mode.LINEART): [".tif"],
    }


def fetch(url: str, data: bytes | None = None, method: str | None = None) -> tuple[int, bytes, str]:
    ask = request.Request(url, data=data, method=method)  # noqa: S310 - loopback
    try:
        with request.urlopen(ask, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read(), answer.headers.get("Location") or ""
    except error.HTTPError as refused:
        with refused:
            return refused.code, refused.read(), ""


def settings(source: str, dpi: int) -> bytes:
    return (
        '<scan:ScanSettings xmlns:scan="s" xmlns:pwg="p">'
        f"<pwg:InputSource>{source}</pwg:InputSource><scan:ColorMode>RGB24</scan:ColorMode>"
        f"<scan:XResolution>{dpi}</scan:XResolution></scan:ScanSettings>"
    ).encode()


def test_a_fitting_jpeg_is_passed_as_it_is_and_the_glass_turns_over(stack: Path) -> None:
    with virtual.running(stack) as url:
        given = []
        for _ in range(5):
            code, _, location = fetch(f"{url}/ScanJobs", settings("Platen", 100))
            assert code == 201
            job = url.removesuffix("/eSCL") + location
            given.append(fetch(f"{job}/NextDocument")[1])
            assert fetch(f"{job}/NextDocument")[0] == 404
            assert fetch(job, method="DELETE")[0] == 200
    files = [(stack / f"{number}.jpg").read_bytes() for number in (1, 2, 3, 4, 1)]
    assert given == files


@pytest.mark.parametrize("body", [b"<a/>", b"\xff\xfe", settings("Feeder", 0), b"x" * 70000])
def test_nonsense_is_refused(stack: Path, body: bytes) -> None:
    with virtual.running(stack) as url:
        assert fetch(f"{url}/ScanJobs", body)[0] == 400
        assert fetch(f"{url}/../../etc/passwd")[0] == 404
        assert fetch(f"{url}/ScanJobs/99/NextDocument")[0] == 404


def test_never_reads_outside_its_folder(stack: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes((stack / "1.jpg").read_bytes())
    (stack / "0.jpg").symlink_to(tmp_path / "secret.jpg")
    (stack / "5.txt").write_text("no image")
    (stack / ".6.jpg").write_bytes(b"")
    assert [file.name for file in virtual.virtual_stack.images(stack)] == [
        "1.jpg", "2.jpg", "3.jpg", "4.jpg",
    ]  # fmt: skip
    with pytest.raises(FolderUnreadable):
        virtual.virtual_stack.images(tmp_path / "nothing")


def test_loads_what_lies_in_the_folder_when_a_scan_begins(
    use: Use, stack: Path, into: Path
) -> None:
    again = into.with_name("again")
    again.mkdir()
    with virtual.running(stack, Faults()) as url:
        use(url)
        for name in ("2.jpg", "3.jpg", "4.jpg"):
            (stack / name).unlink()
        pages, trouble = scan_all(into, Profile(DEVICE, dpi=100))
        assert (len(pages), trouble) == (1, None)
        (stack / "1.jpg").unlink()
        pages, trouble = scan_all(again, Profile(DEVICE, dpi=100))
        assert (pages, type(trouble)) == ([], FeederEmpty)


@pytest.mark.parametrize("name", ["jam", "jam:x", "empty:1", "fire:1", "slow:-1", ""])
def test_an_unknown_fault_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(ValueError, match="jam:N"):
        virtual.parse_faults([name])


def test_a_taken_port_is_told(stack: Path) -> None:
    with virtual.running(stack) as url:
        port = int(url.rpartition(":")[2].removesuffix("/eSCL"))
        with pytest.raises(ScannerBusy), virtual.running(stack, port=port):
            pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serves_until_it_is_told_to_end(stack: Path, number: signal.Signals) -> None:
    program = (
        "import sys; from pathlib import Path; from drivers import virtual\n"
        "virtual.serve(Path(sys.argv[1]), 0, ['jam:1'], lambda url: print(url, flush=True))\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(stack)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        assert fetch(f"{url}/ScannerCapabilities")[0] == 200
        began = time.monotonic()
        os.kill(child.pid, number)
        assert child.wait(timeout=5) == 0
        assert time.monotonic() - began < 2.0
    finally:
        child.kill()
        child.communicate()
