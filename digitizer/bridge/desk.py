"""PORT Desk: who scans for web pages, and hears of them.

Implemented by the window (``ui.webdesk``) and the command line (``digitizer.cli.bridging``); called
by ``digitizer.bridge.service`` on its own threads.
"""

from __future__ import annotations

import threading
from enum import Enum
from typing import Protocol

from msgspec import Struct

from digitizer.bridge.orders import Order
from digitizer.errors import DigitizerError
from digitizer.profilefile import NamedProfile


class Scanned(Struct, frozen=True):
    """How the scan of an order ended: pages that are safe; the trouble, None after a good end."""

    pages: int
    error: DigitizerError | None = None


class Happened(Enum):
    """What a desk is told."""

    REFUSED = "refused"  # an origin that may not scan wanted to
    BEGUN = "begun"  # the scan of an order
    SCANNED = "scanned"  # it ended, well or not
    GIVEN = "given"  # the page has got its file
    LEFT = "left"  # the page went away before that; what was scanned is kept
    FAILED = "failed"  # the page got nothing


class News(Struct, frozen=True):
    """What happened to what an origin asked for.

    Attributes:
        order: Where the pages go; None before there are any.
        pages: How many are safe.
        error: The trouble, if there is one.
        sha256, size: The file that was given, in bytes.
    """

    what: Happened
    origin: str
    order: Order | None = None
    pages: int = 0
    error: DigitizerError | None = None
    sha256: str = ""
    size: int = 0


class Desk(Protocol):
    """A desk with a scanner."""

    def wish(self) -> NamedProfile:
        """Return how it scans now. May block."""
        ...

    def scan(self, order: Order, wish: NamedProfile, stop: threading.Event) -> Scanned:
        """Scan into an order's paper, and return how that ended; soon once ``stop`` is set.

        Every page is safe the moment it lands. Blocks; raises ``ScannerBusy`` where something
        else is being scanned, and other rows of the error table.
        """
        ...

    def ask(self, origin: str) -> None:
        """An origin nobody has said anything about wants to scan: ask, at most once at a time.
        Returns at once."""
        ...

    def answered(self, origin: str) -> None:
        """Somebody has said whether an origin that was asked about may scan: ask no more. Returns
        at once."""
        ...

    def tell(self, news: News) -> None:
        """Hear what happened. Returns at once."""
        ...
