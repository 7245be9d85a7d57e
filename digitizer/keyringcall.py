"""One call to the system's keyring, on a thread of its own, waited for only so long.

A keyring is somebody else's program: it may be locked, ask a person something, or never answer.
Used by ``digitizer.passwords`` and ``digitizer.homekeys``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class Call:
    """A call that was begun. What came of it stands in ``answer`` or ``error`` once ``ended``."""

    def __init__(self, work: Callable[[], str | None]) -> None:
        self._work = work
        self.over = threading.Event()
        self.ended = False
        self.answer: str | None = None
        self.error: Exception | None = None

    @property
    def why(self) -> str:
        """What kept it from an answer, for the log: the kind of trouble, never its words."""
        return type(self.error).__name__ if self.ended else "no answer"

    @property
    def done(self) -> bool:
        """Whether the keyring did what it was asked."""
        return self.ended and self.error is None

    def begin(self) -> None:
        """Have it made, on a thread that nobody has to wait for."""
        threading.Thread(target=self._run, name="keyring", daemon=True).start()

    def _run(self) -> None:
        """Do it; back ends of keyrings raise what they like."""
        try:
            self.answer = self._work()
        except Exception as error:
            self.error = error
        self.ended = True
        self.over.set()


def call(work: Callable[[], str | None], patience: float) -> Call:
    """Make a call and wait for it so many seconds; it may not have ended then."""
    made = Call(work)
    made.begin()
    made.over.wait(patience)
    return made
