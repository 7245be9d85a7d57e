"""PURE: the origins of web pages (RFC 6454): what is one, and whom a page means to speak to.

Used by the bridge for web pages and by the administrator's file. Knows no network.
"""

from __future__ import annotations

import re

MOST_LETTERS = 200
_SHAPE = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
)
_DEFAULT = {"http": 80, "https": 443}
_OURS = ("127.0.0.1", "localhost", "[::1]")


def origin_of(text: str) -> str | None:
    """Return a web page's origin as it is compared and kept, such as ``https://a.gov.vn``.

    None where it is none: no scheme of the web, a path, letters beyond ASCII, or ``null``, which
    any page can have.
    """
    found = _SHAPE.fullmatch(text.lower()) if len(text) <= MOST_LETTERS else None
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else _DEFAULT[found["scheme"]]
    if not 0 < port < 1 << 16:
        return None
    shown = "" if port == _DEFAULT[found["scheme"]] else f":{port}"
    return f"{found['scheme']}://{found['host']}{shown}"


def typed_origin(text: str) -> str | None:
    """Return the origin that a person means, who may have left a slash behind it; or None."""
    return origin_of(text.strip().removesuffix("/"))


def origins_in(text: str) -> tuple[str, ...]:
    """Return the origins in a setting's text, which are parted by spaces."""
    return tuple(found for word in text.split() if (found := typed_origin(word)) is not None)


def site_of(origin: str) -> str:
    """Return what an origin is called on the screen: without its scheme."""
    return origin.partition("://")[2]


def is_plain(origin: str) -> bool:
    """Tell whether anybody on the way can pretend to be this origin: it is not encrypted."""
    return origin.startswith("http:")


def means_this_machine(host: str, port: int) -> bool:
    """Tell whether a ``Host`` header names this machine's own address. Another name that leads
    here is a page's trick (DNS rebinding)."""
    return host.lower() in {f"{name}:{port}" for name in _OURS}
