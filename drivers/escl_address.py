"""Where an eSCL scanner may be found: what a person typed, made into addresses to try.

PURE. Used by ``drivers.escl`` and its modules. A device is named by an address
(``http://192.168.1.9/eSCL``, ``https://…``, or a bare host: HTTPS is tried first then), or, once
discovered, by what stays when its address changes: ``uuid:…`` or ``name:…``.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

PREFIX = "escl:"
_UUID, _NAME = "uuid:", "name:"
_DEFAULT_PATH = "/eSCL"
_PORTS = {"http": 80, "https": 443}
_TRIED = (("https", 443), ("http", 80), ("http", 8080))
"""Where scanners listen when nobody says where."""


class Address(Struct, frozen=True, order=True):
    """The root of one eSCL service. ``path`` begins with a slash and ends without."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """As a URL; it names the port always, so that equal addresses are equal texts."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def private(self) -> bool:
        """True where nobody on the line reads along."""
        return self.scheme == "https"


def bare(device: str) -> str:
    """Return a device's name without the driver's prefix."""
    return device.removeprefix(PREFIX)


def discovered(device: str) -> bool:
    """Tell whether ``device`` is found by searching, not by its address."""
    return device.startswith((_UUID, _NAME))


def key(uuid: str, name: str) -> str:
    """Return the name of a discovered device: by its UUID, or by the name it goes by."""
    return f"{_UUID}{uuid}" if uuid else f"{_NAME}{name}"


def parse(url: str) -> Address | None:
    """Read a whole URL, or return None where it is none."""
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        return None
    if scheme not in _PORTS or not host or parts.username or parts.query or parts.fragment:
        return None
    if not _is_host(host) or not re.fullmatch(r"[\w./~%-]*", parts.path) or ".." in parts.path:
        return None
    path = parts.path.rstrip("/") or _DEFAULT_PATH
    return Address(scheme, host.lower(), port or _PORTS[scheme], path)


def candidates(device: str) -> tuple[Address, ...]:
    """Return the addresses that a person may mean, in the order to try them."""
    if "://" in device:
        whole = parse(device)
        return () if whole is None else (whole,)
    text = f"[{device}]" if device.count(":") > 1 and not device.startswith("[") else device
    told = parse(f"http://{text}")
    if told is None:
        return ()
    if re.search(r":[0-9]+(/|$)", text.rpartition("]")[2]):
        tried: tuple[tuple[str, int], ...] = (("https", told.port), ("http", told.port))
    else:
        tried = _TRIED
    return tuple(Address(scheme, told.host, port, told.path) for scheme, port in tried)


def _is_host(host: str) -> bool:
    if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})", host):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.version == 4 or not address.is_link_local
