"""What the person who watches sees: one line a step with a tick and its seconds.

On a terminal a running step shows how far it is; elsewhere only finished lines are printed.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_CLEAR = "\r\033[K"


class Step:
    """A step under way. ``says`` is its line; it may be made more telling until it ends."""

    def __init__(self, says: str, *, live: bool) -> None:
        self.says = says
        self._live = live
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.monotonic() - self._began

    def progress(self, text: str = "") -> None:
        """Show how far it is."""
        if self._live:
            line = f" …  {self.seconds:5.1f} s  {self.says}{f' – {text}' if text else ''}"
            width = shutil.get_terminal_size().columns - 1
            sys.stdout.write(_CLEAR + line[:width])
            sys.stdout.flush()


class Telling:
    """Prints the run."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._began = time.monotonic()

    @property
    def live(self) -> bool:
        """Whether progress is shown."""
        return self._live

    @property
    def seconds(self) -> float:
        """How long the run has taken."""
        return time.monotonic() - self._began

    def line(self, text: str = "") -> None:
        """Print a line."""
        print(text, flush=True)

    @contextmanager
    def step(self, says: str) -> Iterator[Step]:
        """Print the step's line when the block ends, with a cross where it fails."""
        step = Step(says, live=self._live)
        step.progress()
        sign = "✗"
        try:
            yield step
            sign = "✓"
        finally:
            clear = _CLEAR if self._live else ""
            print(f"{clear} {sign}  {step.seconds:5.1f} s  {step.says}", flush=True)
