"""Certificates that are kept from the first time on: the same again, another one, none."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from digitizer.errors import ScanCancelled, ScannerNotFound, ScannerUntrusted
from digitizer.scanning import Profile
from drivers import escl, virtual
from drivers.escl_address import candidates
from drivers.escl_http import Line, Pin
from drivers.escl_memory import Memory
from drivers.host import HostedScanner
from drivers.virtual import Faults, Quirks


def certificate() -> ssl.SSLContext:
    """A certificate that nobody vouches for, as every scanner has its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return context


@contextmanager
def secured(stack: Path, port: int = 0, faults: Faults = virtual.SOUND) -> Iterator[Secured]:
    heard: list[str] = []
    quirks = Quirks(tls=certificate(), heard=heard.append)
    with virtual.running(stack, faults, port, quirks) as url:
        yield Secured(url, heard)


class Secured:
    def __init__(self, url: str, heard: list[str]) -> None:
        self.url = url
        self.heard = heard
        self.port = candidates(url)[0].port


def scan(state: Path | None, device: str, into: Path) -> int:
    for file in into.iterdir():
        file.unlink()
    return len(list(escl.scanner(state).scan(Profile(device, dpi=100), into, threading.Event())))


def test_the_first_certificate_is_kept_and_asked_for_ever_after(
    stack: Path, into: Path, tmp_path: Path
) -> None:
    state = tmp_path / "scanners"
    with secured(stack) as device:
        assert device.url.startswith("https://")
        assert scan(state, device.url, into) == 4
        pinned = Memory(state).recall(device.url).sha256
        assert len(pinned) == 64
        assert scan(state, device.url, into) == 4  # the same again
        assert Memory(state).recall(device.url).sha256 == pinned
    with secured(stack, device.port) as impostor:
        assert impostor.url == device.url
        for _ in range(2):
            with pytest.raises(ScannerUntrusted) as told:
                scan(state, device.url, into)
        assert "scanners/escl-" in told.value.detail
        with pytest.raises(ScannerUntrusted):
            HostedScanner("escl", state=state).capabilities(device.url)
        assert impostor.heard == []  # not one request reached it
        assert Memory(state).recall(device.url).sha256 == pinned
        (file,) = state.iterdir()
        file.unlink()  # what the message says
        assert scan(state, device.url, into) == 4


def test_within_one_scan_the_certificate_may_not_change_either(stack: Path) -> None:
    pin = Pin()
    with secured(stack) as device, Line(candidates(device.url)[0], pin) as line:
        assert line.get("/eSCL/ScannerStatus").status == 200
        assert len(pin.sha256) == 64
    with secured(stack, device.port) as impostor, Line(candidates(device.url)[0], pin) as line:
        with pytest.raises(ScannerUntrusted):
            line.delete("/eSCL/ScanJobs/1")
        assert impostor.heard == []


def test_without_a_folder_nothing_is_remembered(stack: Path, into: Path) -> None:
    with secured(stack) as device:
        assert scan(None, device.url, into) == 4
    with secured(stack, device.port) as other:
        assert scan(None, other.url, into) == 4


def test_a_device_that_spoke_https_is_never_spoken_to_without(
    stack: Path, into: Path, tmp_path: Path
) -> None:
    with secured(stack) as device:
        name = f"127.0.0.1:{device.port}"
        assert scan(tmp_path / "state", name, into) == 4
    heard: list[str] = []
    with virtual.running(stack, port=device.port, quirks=Quirks(heard=heard.append)):
        with pytest.raises(ScannerNotFound):
            scan(tmp_path / "state", name, into)
        assert heard == []


def test_a_redirect_to_https_on_the_same_host_alone_is_followed(
    stack: Path, into: Path, tmp_path: Path
) -> None:
    with secured(stack) as device:
        for target, count in ((device.url, 4), ("https://localhost:1/eSCL", 0)):
            moved = Quirks(moved=f"{target}/ScannerCapabilities")
            with virtual.running(stack, quirks=moved) as url:
                if count:
                    assert scan(tmp_path, url, into) == count
                    assert Memory(tmp_path).recall(url).url == device.url
                else:
                    with pytest.raises(ScannerNotFound):
                        scan(tmp_path, url, into)


def test_proxies_do_not_come_between(
    stack: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with secured(stack) as device:
        assert scan(None, device.url, into) == 4


def test_a_stop_ends_a_secured_scan_at_once(stack: Path, into: Path) -> None:
    stop = threading.Event()
    with secured(stack, faults=Faults(slow=30.0)) as device:
        timer = threading.Timer(0.3, stop.set)
        timer.start()
        with pytest.raises(ScanCancelled):
            list(escl.scanner(None).scan(Profile(device.url, dpi=100), into, stop))
        timer.join()
        assert device.heard[-1] == "DELETE /eSCL/ScanJobs/1"
