"""PURE: what is said on the wire between a web page's *Scan* button and this machine.

As the Tân Dân systems' web client speaks: we send ``"1"``, it tells what it is (JSON), we send how
it will be scanned (JSON), it says that back, we send one binary message, the PDF; an empty one
says that there is none. Used by ``digitizer.bridge.service``.
"""

from __future__ import annotations

import json
import re

from digitizer.errors import WebPageStrange
from digitizer.profilefile import NamedProfile

PORT = 58201
SUBPROTOCOL = "scan"
GREETING = "1"
NOTHING = b""
MOST_BYTES = 64 * 1024
"""No message of an honest page is nearly as long."""


_CARD = re.compile(rb"digitizer ([0-9]{1,10})")


def card(process: int) -> str:
    """Return what whoever comes without an origin is told: that this is a digitizer, and which.

    Programs on this machine, the doctor first of all; a browser shows it to nobody but its user.
    """
    return f"digitizer {process}\n"


def process_on(said: bytes) -> int | None:
    """Return the process that a card names; None where it is no card of ours."""
    found = _CARD.fullmatch(said.strip())
    return int(found[1]) if found is not None else None


def check(message: str | bytes) -> None:
    """Check that a page's message is a JSON object; what it holds is not gone by.

    The page may neither choose the scanner nor ask for less than the office scans with: what it
    says back as settings is taken for *begin*, and nothing else.

    Raises:
        WebPageStrange: it is not.
    """
    if not isinstance(message, str):
        raise WebPageStrange("bytes where JSON belongs")
    try:
        value = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise WebPageStrange("no JSON") from error
    if not isinstance(value, dict):
        raise WebPageStrange("no JSON object")


def settings(named: NamedProfile) -> str:
    """Return what a page is told of how it will be scanned. Names no device: that is none of its
    business."""
    profile = named.profile
    return json.dumps(
        {
            "profile": named.name,
            "format": "pdf",
            "source": profile.source or "auto",
            "duplex": profile.both_sides,
            "dpi": profile.dpi,
            "color": profile.mode.value,
        },
        ensure_ascii=False,
    )
