"""Finding eSCL scanners: real mDNS on loopback, addresses that change, devices used before."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from zeroconf import ServiceInfo, Zeroconf

from digitizer.errors import ScannerNotFound
from digitizer.scanning import Profile
from drivers import escl, escl_search, virtual
from drivers.escl_address import candidates
from drivers.escl_memory import Memory
from drivers.host import HostedScanner, all_devices
from drivers.virtual import Quirks

UUID = "4509A320-00a0-008f-00b6-002507510eca"
DEVICE = f"uuid:{UUID.lower()}"
LOOPBACK = socket.inet_aton("127.0.0.1")


def service(
    url: str = "http://127.0.0.1:8080/eSCL",
    name: str = "Văn thư",
    kind: str = "_uscan._tcp.local.",
    addresses: list[bytes] | None = None,
    **texts: str,
) -> ServiceInfo:
    (address,) = candidates(url)
    return ServiceInfo(
        kind,
        f"{name}.{kind}",
        addresses=[LOOPBACK] if addresses is None else addresses,
        port=address.port,
        properties={"rs": address.path.strip("/"), **texts},
        server="scanner.local.",
    )


@contextmanager
def announced(*services: ServiceInfo) -> Iterator[None]:
    line = Zeroconf(interfaces=["127.0.0.1"])
    try:
        for one in services:
            line.registry.async_add(one)  # no probing for other owners of the name: it is fast
        yield
    finally:
        line.close()


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITIZER_DISCOVERY", "127.0.0.1")
    monkeypatch.setattr(escl_search, "_QUIET_SECONDS", 0.6)


@pytest.mark.usefixtures("loopback")
def test_found_by_its_uuid_and_again_where_it_moved(
    stack: Path, into: Path, tmp_path: Path
) -> None:
    scanner = escl.scanner(tmp_path / "state")
    with virtual.running(stack, quirks=Quirks(uuid=UUID)) as url:
        with announced(service(url, ty="Máy quét A3", UUID=UUID)):
            (device,) = scanner.devices()
            assert (device.id, device.name) == (f"escl:{DEVICE}", "Máy quét A3")
            assert scanner.capabilities(device.id).device.id == device.id
        assert scanner.capabilities(DEVICE).device.id == device.id  # from memory: nobody announces
        assert scanner.devices() == [type(device)(device.id, "escl", "Digitizer Virtual")]
    port = candidates(url)[0].port
    with (
        virtual.running(stack, port=port, quirks=Quirks(uuid="somebody-else")) as old,
        virtual.running(stack, quirks=Quirks(uuid=UUID)) as new,
    ):
        assert scanner.devices() == []  # another device has its address
        with announced(service(new, UUID=UUID)):
            scan = scanner.scan(Profile(device.id, dpi=100), into, threading.Event())
            assert len(list(scan)) == 4
        assert old != new
        assert Memory(tmp_path / "state").recall(DEVICE).url == new


@pytest.mark.usefixtures("loopback")
def test_an_unknown_uuid_is_not_found_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(ScannerNotFound):
        escl.scanner(None).capabilities("uuid:nobody")
    assert time.monotonic() - began < escl_search.SEARCH_SECONDS + 0.5


def test_devices_that_were_used_are_listed_while_they_answer(
    stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITIZER_DISCOVERY", "off")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(tmp_path))
    scanner = escl.scanner(tmp_path / "state")
    assert scanner.devices() == []
    with virtual.running(stack) as url:
        scanner.capabilities(url)
        assert [device.id for device in scanner.devices()] == [f"escl:{url}"]
        (found,) = [one for one in all_devices(tmp_path / "state") if one.device.driver == "escl"]
        assert (found.device.id, found.resolutions[0]) == (f"escl:{url}", 100)
    assert scanner.devices() == []


def test_where_there_is_no_network_there_is_no_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITIZER_DISCOVERY", "192.0.2.123")  # no interface has it
    began = time.monotonic()
    assert HostedScanner("escl").devices() == []  # in its child: zeroconf leaves a socket open
    assert time.monotonic() - began < 5.0


def test_what_is_announced_is_checked() -> None:
    heard = escl_search.read(
        service(
            "https://127.0.0.1:9443/scan/eSCL",
            "Phòng  1",
            "_uscans._tcp.local.",
            [LOOPBACK, socket.inet_pton(socket.AF_INET6, "fe80::1"), bytes(15) + b"\2"],
        )
    )
    assert heard is not None
    assert (heard.device, heard.name) == ("name:Phòng 1", "Phòng 1")
    assert [address.url for address in heard.addresses] == [
        "https://127.0.0.1:9443/scan/eSCL",
        "https://[::2]:9443/scan/eSCL",
    ]
    assert escl_search.read(service(addresses=[])) is None
    assert escl_search.read(service(addresses=[socket.inet_pton(10, "fe80::1")])) is None
    odd = service(ty="x" * 250, rs="../../admin")
    assert escl_search.read(odd) is None
    long = escl_search.read(service(ty="A\x1b[31m" + "x" * 240))
    assert long is not None
    assert len(long.name) <= 200
    assert long.name.isprintable()


@pytest.mark.usefixtures("loopback")
def test_one_device_on_two_services_is_one_and_https_goes_first() -> None:
    plain = service("http://127.0.0.1:8080/eSCL", UUID=UUID)
    secured = service("https://127.0.0.1:9443/eSCL", kind="_uscans._tcp.local.", UUID=UUID)
    with announced(plain, secured):
        (heard,) = escl_search.search()
    assert [address.scheme for address in heard.addresses] == ["https", "http"]
