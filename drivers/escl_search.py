"""Look around for eSCL scanners: mDNS, service types ``_uscan._tcp`` and ``_uscans._tcp``.

Used by ``drivers.escl``; the only one that knows zeroconf. What devices tell here is text from
strangers and is checked. IPv4 asks; link-local IPv6 addresses are left out on purpose: they mean
something on one network interface only, and every scanner that has one has another.
"""

from __future__ import annotations

import os
import queue
import time
from ipaddress import ip_address

import zeroconf
from msgspec import Struct
from zeroconf import InterfaceChoice, ServiceBrowser, ServiceInfo, Zeroconf

from drivers import escl_address
from drivers.escl_address import Address
from drivers.escl_xml import plain_uuid

SEARCH_SECONDS = 3.0
_QUIET_SECONDS = 1.5
"""Nothing new for so long: everybody who listens has answered twice."""
_RESOLVE_SECONDS = 1.0
_SCHEMES = {"_uscan._tcp.local.": "http", "_uscans._tcp.local.": "https"}
_MAX_DEVICES = 200
_MAX_TEXT = 200
_VARIABLE = "DIGITIZER_DISCOVERY"


class Heard(Struct, frozen=True):
    """A scanner that answered. ``addresses``: private ones first."""

    device: str
    name: str
    addresses: tuple[Address, ...]


def search(wanted: str = "", seconds: float = SEARCH_SECONDS) -> list[Heard]:
    """Return the scanners that answer, by name; no network is no scanner, not an error.

    The environment variable ``DIGITIZER_DISCOVERY`` may be ``off``, or name by their addresses the
    network interfaces to look at (``192.168.1.5,127.0.0.1``).

    Args:
        wanted: End as soon as this device is found.
        seconds: At most.
    """
    told = os.environ.get(_VARIABLE, "")
    if told == "off":
        return []
    interfaces = [part.strip() for part in told.split(",") if part.strip()]
    try:
        line = Zeroconf(interfaces=interfaces or InterfaceChoice.All)
    except (OSError, RuntimeError, zeroconf.Error):  # no network, no interface with an address
        return []
    try:
        return _listen(line, wanted, time.monotonic() + seconds)
    except (OSError, zeroconf.Error):
        return []
    finally:
        line.close()


def _listen(line: Zeroconf, wanted: str, until: float) -> list[Heard]:
    names: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()

    def note(service_type: str, name: str, **_: object) -> None:
        names.put((service_type, name))

    found: dict[str, Heard] = {}
    browser = ServiceBrowser(line, list(_SCHEMES), handlers=[note])
    try:
        quiet_from = time.monotonic()
        while len(found) < _MAX_DEVICES:
            now = time.monotonic()
            left = (until if wanted else min(until, quiet_from + _QUIET_SECONDS)) - now
            if left <= 0:
                break
            try:
                service_type, name = names.get(timeout=left)
            except queue.Empty:
                continue
            patience = min(_RESOLVE_SECONDS, max(until - time.monotonic(), 0.1))
            try:
                info = line.get_service_info(service_type, name, round(patience * 1000))
            except zeroconf.Error:  # a name that is none: somebody else's trouble
                continue
            heard = None if info is None else read(info)
            if heard is None:
                continue
            quiet_from = time.monotonic()
            before = found.get(heard.device)
            found[heard.device] = heard if before is None else _merged(before, heard)
            if heard.device == wanted:
                break
    finally:
        browser.cancel()
    return sorted(found.values(), key=lambda heard: (heard.name, heard.device))


def read(info: ServiceInfo) -> Heard | None:
    """Return who announced this, or None where it makes no sense or cannot be reached."""
    texts = {_clean(key).lower(): _clean(value) for key, value in info.properties.items()}
    instance = _clean(info.name.removesuffix(f".{info.type}").encode())
    path = texts.get("rs", "").strip("/") or "eSCL"
    scheme = _SCHEMES.get(info.type)
    if scheme is None or not info.port:
        return None
    addresses = []
    for text in info.parsed_scoped_addresses():
        host = f"[{text}]" if ":" in text else text
        address = escl_address.parse(f"{scheme}://{host}:{info.port}/{path}")
        if address is not None and "%" not in text:
            addresses.append(address)
    if not addresses:
        return None
    device = escl_address.key(plain_uuid(texts.get("uuid", "")), instance)
    return Heard(device, texts.get("ty") or instance, _ordered(addresses))


def _merged(one: Heard, other: Heard) -> Heard:
    return Heard(one.device, one.name, _ordered([*one.addresses, *other.addresses]))


def _ordered(addresses: list[Address]) -> tuple[Address, ...]:
    def preference(address: Address) -> tuple[bool, bool]:
        return not address.private, ip_address(address.host).version == 6

    return tuple(sorted(dict.fromkeys(addresses), key=preference))


def _clean(text: bytes | None) -> str:
    shown = (text or b"")[:_MAX_TEXT].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in shown).split())
