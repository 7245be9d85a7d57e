"""How the bridge stands, looked at from outside the process that serves it. For the doctor.

Reads the home, and says one word to whoever listens at the bridge's port; changes nothing.
"""

from __future__ import annotations

import os
import socket
from enum import Enum

from msgspec import Struct

from digitizer.bridge import talk
from digitizer.bridge.consents import SCAN, Consents, Standing
from digitizer.config import Home
from digitizer.policy import Policy
from digitizer.storage import queries
from digitizer.storage.homelock import last_process
from digitizer.storage.store import Store

_PATIENCE_SECONDS = 2.0
_CARD_BYTES = 4096
_AGAIN = "then switch 'web pages may scan' off and on in the window"


class Ear(Enum):
    """Who listens at the bridge's port."""

    NOBODY = "nobody"
    OURS = "ours"  # the process that has this home open
    OTHER_HOME = "other-home"  # a digitizer of another home or another account
    STRANGER = "stranger"


class Seen(Struct, frozen=True):
    """How the bridge stands.

    Attributes:
        on: Whether somebody switched it on.
        ear, port: Who listens at which port.
        allowed: How many origins may scan.
        locked: Whether the administrator's list alone says which.
        open_here: Whether this very process has the home open.
    """

    on: bool
    ear: Ear
    port: int
    allowed: int
    locked: bool
    open_here: bool

    @property
    def detail(self) -> str:
        """What there is to say, its parts parted by semicolons. Names no page."""
        told = {
            Ear.OURS: f"listening at port {self.port}",
            Ear.OTHER_HOME: f"a digitizer of another home or account has port {self.port}",
            Ear.STRANGER: f"another program has port {self.port}",
        }
        quiet = "listens while the window is open" if self.on and not self.open_here else ""
        silent = f"nobody listens at port {self.port}" if self.on and self.open_here else quiet
        served = (
            self.on or self.ear is Ear.OURS
        )  # by the command line's bridge, which needs no switch
        parts = ["on" if served else "off", told.get(self.ear, silent)]
        return "; ".join([*filter(None, parts), f"origins allowed: {self.allowed}"])

    @property
    def fix(self) -> str:
        """What to do; empty where nothing is wrong."""
        if not self.on:
            return ""
        if self.ear in (Ear.OTHER_HOME, Ear.STRANGER):
            return f"close the program that has the port, {_AGAIN}"
        if self.ear is Ear.NOBODY and self.open_here:
            return _AGAIN.removeprefix("then ")
        if self.locked and not self.allowed:
            return "the administrator's file has to name the pages that may scan"
        return ""


def look(home: Home, store: Store, policy: Policy, port: int = talk.PORT) -> Seen:
    """Look how the bridge of a home stands. Blocks, two seconds and a little at most."""
    holder = last_process(home.lock)
    consents = Consents(store, policy)
    return Seen(
        queries.setting(store, SCAN) == "on",
        _ear(port, holder),
        port,
        sum(one.standing is Standing.ALLOWED for one in consents.all()),
        consents.locked,
        holder == os.getpid(),
    )


def _ear(port: int, holder: int | None) -> Ear:
    try:
        line = socket.create_connection(("127.0.0.1", port), _PATIENCE_SECONDS)
    except OSError:
        return Ear.NOBODY
    try:
        with line:
            hello = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
            line.sendall(hello.encode("ascii"))
            said = line.recv(_CARD_BYTES)  # all of a card comes at once
    except OSError:
        said = b""
    process = talk.process_on(said.partition(b"\r\n\r\n")[2])
    if process is None:
        return Ear.STRANGER
    return Ear.OURS if process == holder else Ear.OTHER_HOME
