"""What can end the demonstration before its good end."""

from __future__ import annotations


class DemoFailed(Exception):
    """A step did not give what it must; the message is for the person who watches."""


class CommandFailed(DemoFailed):
    """A command ended with an exit code that is not 0. ``code`` is that."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Interrupted(Exception):
    """Somebody asked the demonstration to end. ``signal`` is how."""

    def __init__(self, number: int) -> None:
        super().__init__(f"signal {number}")
        self.signal = number
