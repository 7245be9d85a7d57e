"""PURE: addresses of procedure systems over HTTP: which of them a password may be sent to.

Called by ``opencps_http`` and ``igate``.
"""

from __future__ import annotations

import ipaddress

import httpx

from digitizer.errors import AddressUnusable


def origin_of(address: str) -> str:
    """Return scheme and host of an address."""
    return str(httpx.URL(address).copy_with(raw_path=b"")).rstrip("/")


def checked(url: str) -> str:
    """Return an address that a password may be sent to. Raises ``AddressUnusable``."""
    return base_of(url, "")[0].rstrip("/")


def base_of(url: str, base_path: str) -> tuple[str, bool]:
    """Return the base address, and whether it is on this machine; an address that is the host
    alone stands for ``base_path`` there. Raises ``AddressUnusable``."""
    try:
        parts = httpx.URL(url.strip())
    except (httpx.InvalidURL, TypeError):
        raise AddressUnusable("it is not a URL") from None
    if parts.scheme not in ("http", "https") or not parts.host:
        raise AddressUnusable("it must begin with https:// (http:// only inside the office)")
    if parts.userinfo or parts.query or parts.fragment:
        raise AddressUnusable("it must hold no user name, '?' or '#'")
    loopback, private = _nearness(parts.host)
    if parts.scheme == "http" and not private:
        raise AddressUnusable("the password would cross the network in clear")
    path = parts.path.rstrip("/") or base_path or "/"
    return str(parts.copy_with(path=path)).rstrip("/"), loopback


def _nearness(host: str) -> tuple[bool, bool]:
    """Tell whether ``host`` is this machine, and whether it is at least in the office."""
    if host == "localhost":
        return True, True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False, False
    return address.is_loopback, address.is_private
