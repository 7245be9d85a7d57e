"""Ctrl-C and SIGTERM while a command is at work: it is asked to stop, and ends soon in any case."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from digitizer.cli.shell import LATER, SIGNALS, complain
from digitizer.errors import Stopped

_PATIENCE_SECONDS = 1.8


@contextmanager
def interruptible(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM set ``stop`` while the block runs. Call it on the main thread.

    A second one ends the process, and so does patience with a block that hangs (on a server
    that does not answer): the home is made to take a sudden end at any moment.

    A thread hears of the signals through the wake-up file. What Python calls on the main thread
    would come too late where that begins to wait between the signal and the call, for as long
    as it waits, and would wait for itself where it holds the lock of ``stop``.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    watch = threading.Thread(target=_attend, args=(heard, stop), name="interruption", daemon=True)
    with heard, told:
        handlers = {number: signal.signal(number, _noted) for number in SIGNALS}
        before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
        watch.start()
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            told.close()
            watch.join()


def _noted(*_: object) -> None:
    """Take a signal: that there is a function is what makes it be told to the wake-up file."""


def _attend(heard: socket.socket, stop: threading.Event) -> None:
    """Set ``stop`` at the first signal; end the process at a second, or out of patience."""
    if _next(heard):
        stop.set()
        heard.settimeout(_PATIENCE_SECONDS)
        try:
            over = not _next(heard)
        except TimeoutError:
            over = False
        if not over:
            complain(str(Stopped()))
            os._exit(LATER)


def _next(heard: socket.socket) -> bool:
    """Wait for the next of our signals; False when the block is over."""
    while number := heard.recv(1):
        if number[0] in SIGNALS:
            return True
    return False
