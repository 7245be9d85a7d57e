"""Sends what the clerks have finished while nobody has the home open, as a desk's machine stands.

Run by ``digitizer sync --background``, which the installed program starts at sign-in. It gives the
home up the moment anybody else wants it, such as the window, and takes it again later. Knows no
screen and no driver.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

from digitizer import homekeys, installed
from digitizer.app import App, Sends
from digitizer.config import Home
from digitizer.errors import DigitizerError, HomeLocked, HomeSealed
from digitizer.storage.homelock import BACKGROUND

log = logging.getLogger(__name__)

AGAIN_SECONDS = 15.0
"""So long after somebody else was seen to have the home, it is asked for anew."""
_LOOK_SECONDS = 0.1
_ROUND_SECONDS = 120.0


def attend(root: Path, stop: threading.Event, *, again: float = AGAIN_SECONDS) -> None:
    """Read, bundle and send what is finished in ``root``, whenever it is free, until ``stop``.

    A home behind a passphrase that nobody gave is waited for, with next to no work. Returns too
    where another version of the program was installed in its place: whoever started
    this one starts that one.

    Args:
        root: The home folder.
        stop: Set from another thread, or by a signal, to end it.
        again: Seconds between two looks whether the home is free.

    Raises:
        HomeTooNew, HomeReadOnly, HomeDamaged, DiskFull: of the home; of an encrypted one the rows
        of ``unlocking.unlock`` but ``HomeSealed``.
    """
    program = installed.identity()
    while not stop.is_set() and installed.identity() == program:
        with contextlib.suppress(HomeLocked):
            try:
                _attend_once(root, stop, program)
            except HomeSealed:
                _wait_for_keys(Home(root), stop, again)
        stop.wait(again)


def _attend_once(root: Path, stop: threading.Event, program: tuple[int, int]) -> None:
    """Work until somebody wants the home, ``stop``, or another ``program`` stands in the place of
    this one. Raises ``HomeLocked`` and as above."""
    with App(root, BACKGROUND, sends=Sends.FINISHED) as app, _leaving(app, stop) as leave:
        app.local.start()
        app.sync.start()
        app.encryption.start()
        while not leave.is_set() and installed.identity() == program:
            if app.servers.get() is not None:
                _down(app, leave)
            leave.wait(_ROUND_SECONDS)


def _wait_for_keys(home: Home, stop: threading.Event, again: float) -> None:
    """Wait until another custody opens a home that wants a passphrase, which nobody here can type:
    whoever started this would only start it over and over. Takes no lock, opens nothing."""
    log.info("the home is behind a passphrase: nothing is sent in the background")
    program, sealed = installed.identity(), homekeys.read(home)
    while installed.identity() == program and homekeys.read(home) == sealed:
        if stop.wait(again):
            return


@contextlib.contextmanager
def _leaving(app: App, stop: threading.Event) -> Iterator[threading.Event]:
    """Give an event that is set when the home is to be let go of; what waits for the network then
    is broken off."""
    leave = threading.Event()

    def look() -> None:
        while not (leave.wait(_LOOK_SECONDS) or stop.is_set() or app.lock.wanted()):
            pass  # whoever wants the home can only leave a file
        leave.set()
        app.syncing.break_off()

    looking = threading.Thread(target=look, name="giving-way", daemon=True)
    looking.start()
    try:
        yield leave
    finally:
        leave.set()
        looking.join()


def _down(app: App, leave: threading.Event) -> None:
    """Bring dossiers down; what goes wrong is for the log, and for the window when it is open."""
    troubles: list[DigitizerError] = []
    try:
        app.syncing.down(leave, troubles.append)
    except DigitizerError as error:
        troubles.append(error)
    for met in troubles:
        log.info("down: %s", met.code)
