"""Get from a device's name to an open line: where it was last, where it may be, who it is.

Used by ``drivers.escl``. An address that was learnt is tried first; what answers there must be the
device that was there before. A device that once spoke HTTPS is never spoken to without.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from msgspec import Struct

from digitizer.errors import (
    ScannerBusy,
    ScannerDenied,
    ScannerError,
    ScannerLost,
    ScannerNotFound,
    ScannerStrange,
    ScannerUntrusted,
)
from drivers import escl_address, escl_search, escl_xml
from drivers.escl_address import Address
from drivers.escl_http import Line, Pin
from drivers.escl_memory import Known, Memory
from drivers.escl_xml import Abilities, NotEscl

_MOVED = (301, 302, 303, 307, 308)


class Found(Struct, frozen=True):
    """A device that answered: where, and what it can do."""

    address: Address
    pin: Pin
    abilities: Abilities


def find(device: str, memory: Memory) -> Found:
    """Find ``device`` and remember where it is and who.

    Raises:
        ScannerNotFound: nothing answers.
        ScannerUntrusted: it shows another certificate than before.
        ScannerBusy, ScannerDenied, ScannerStrange: what answers cannot be used.
    """
    known = memory.recall(device)
    trouble: ScannerError = ScannerNotFound(device)
    for address in _addresses(device, known):
        if known.sha256 and not address.private:
            continue
        try:
            found = ask(address, known.sha256)
        except ScannerLost:
            continue
        except ScannerUntrusted as error:
            raise ScannerUntrusted(f"{device}: {memory.place(device)}") from error
        except ScannerError as error:
            trouble = error
            continue
        if escl_address.discovered(device) and address.url == known.url and not same(found, known):
            continue  # somebody else has its old address
        seen = found.abilities
        url, sha256 = found.address.url, found.pin.sha256
        memory.remember(Known(device, url, seen.name, seen.identity, sha256))
        return found
    raise trouble


def same(found: Found, known: Known) -> bool:
    """Tell whether this is the device that is known: by its identity, or else by its name."""
    if known.identity or found.abilities.identity:
        return found.abilities.identity == known.identity
    return found.abilities.name == known.name


def ask(address: Address, sha256: str, hurry: float | None = None) -> Found:
    """Ask what answers at ``address`` for its abilities.

    A redirect is followed once, from HTTP to HTTPS on the same host.

    Args:
        address: Where.
        sha256: Of the certificate it must have, or empty.
        hurry: Seconds it may take to connect and to answer.

    Raises:
        ScannerLost: nothing there.
        ScannerUntrusted: another certificate.
        ScannerBusy, ScannerDenied, ScannerStrange: no abilities.
    """
    pin = Pin(sha256)
    path = f"{address.path}/ScannerCapabilities"
    with Line(address, pin, hurry) as line:
        answer = line.get(path)
    if answer.status in _MOVED and not address.private:
        moved = escl_address.parse(urljoin(address.url, answer.headers.get("location", "")))
        if moved is not None and moved.private and moved.host == address.host:
            secured = Address(moved.scheme, moved.host, moved.port, address.path)
            return ask(secured, sha256, hurry)
    if answer.status == 503:
        raise ScannerBusy(address.url)
    if answer.status in (401, 403):
        raise ScannerDenied(address.url)
    if answer.status != 200:
        raise ScannerLost(f"{address.url}: HTTP {answer.status}")
    try:
        return Found(address, pin, escl_xml.read_abilities(answer.content))
    except NotEscl as error:
        raise ScannerStrange(f"{address.url}: {error}") from error


def _addresses(device: str, known: Known) -> Iterator[Address]:
    """Yield where to look, the likeliest place first; searching is the last resort."""
    last = escl_address.parse(known.url) if known.url else None
    if last is not None:
        yield last
    if escl_address.discovered(device):
        for heard in escl_search.search(device):
            if heard.device == device:
                yield from heard.addresses
    else:
        for address in escl_address.candidates(device):
            if address != last:
                yield address
