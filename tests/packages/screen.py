"""A display without a screen, on this machine: what a program in a root shows on it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageGrab

_SECONDS = 90.0
_COLOURS = 200
"""So many different colours has a window with text on it, at least; an empty one has a few."""


@contextlib.contextmanager
def display() -> Iterator[str]:
    """Run Xvfb; gives the display's name. Programs in a root reach it by its abstract socket."""
    hears, tells = os.pipe()
    size = ("-screen", "0", "1366x768x24")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tells), *size, "-nolisten", "tcp", "-ac"],
        pass_fds=(tells,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(tells)
    try:
        with os.fdopen(hears) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def shown(name: str, title: str, picture: Path) -> Image.Image:
    """Wait for a window of that title, and until it is drawn; returns and keeps its picture.

    Raises:
        AssertionError: it does not come, or stays empty.
    """
    until = time.monotonic() + _SECONDS
    seen: Image.Image | None = None
    while time.monotonic() < until:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", title],
            env={**os.environ, "DISPLAY": name}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if found.stdout.split():
            seen = ImageGrab.grab(xdisplay=name)
            if len(seen.getcolors(1 << 24) or ()) >= _COLOURS:
                time.sleep(2)  # what it still loads
                seen = ImageGrab.grab(xdisplay=name)
                seen.save(picture)
                return seen
        time.sleep(0.5)
    if seen is not None:
        seen.save(picture)
    raise AssertionError(f"no window '{title}'" if seen is None else "the window stays empty")
