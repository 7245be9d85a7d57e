"""What every command shares: options, output, exit codes, interruption.

Standard output carries results (with ``--json`` JSON alone), standard error one line of trouble.
Whoever started the command may close either at any time: pages are saved all the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import typer
from rich.console import Console

from digitizer.errors import BadIdentifier, Bug, DigitizerError, Remedy

DONE, USAGE, USER, LATER, NEVER, BUG = 0, 2, 3, 4, 5, 70
_EXITS = {Remedy.USER: USER, Remedy.LATER: LATER, Remedy.NEVER: NEVER}
SIGNALS = (signal.SIGINT, signal.SIGTERM)
_TURNING = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HARMLESS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), *_TURNING), "\ufffd")
"""Names come from outside: none may steer a terminal, or be read in another order than it has."""


@dataclass(slots=True)
class Shell:
    """One invocation.

    Attributes:
        home: The home folder.
        as_json: Whether results are printed as JSON.
        stop: Set by Ctrl-C and SIGTERM.
        unwritable: True where standard output took no more, other than because its reader left.
    """

    home: Path
    as_json: bool
    stop: threading.Event = field(default_factory=threading.Event)
    unwritable: bool = False

    def value(self, value: Any, text: str) -> None:
        """Print a result: ``value`` as JSON, or ``text`` for a person."""
        self.line(
            json.dumps(value, ensure_ascii=False) if self.as_json else text.translate(_HARMLESS)
        )

    def event(self, value: dict[str, Any], text: str) -> None:
        """Print one line of a stream of results, at once."""
        self.value(value, text)

    def line(self, text: str) -> None:
        """Print ``text`` to standard output at once."""
        try:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        except BrokenPipeError:  # whoever read has gone
            self._mute()
        except OSError:
            self.unwritable = True
            self._mute()

    def _mute(self) -> None:
        """Let what is printed from now on go nowhere: what is being done must not end with it."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)

    def note(self, text: str) -> None:
        """Tell a person on standard error; nothing depends on it."""
        if not self.as_json:
            Console(stderr=True, highlight=False, soft_wrap=True, markup=False).print(text)


def shell(context: typer.Context) -> Shell:
    """Return the invocation that ``context`` belongs to.

    Raises:
        typer.BadParameter: a word that is no path is no text either (bytes that are not of the
            locale's encoding): nothing could keep it.
    """
    given = context.params if context.parent is not None else {}  # the root takes paths alone
    for name, value in given.items():
        words = value if isinstance(value, (list, tuple)) else (value,)
        if not all(_is_text(word) for word in words if isinstance(word, str)):
            raise typer.BadParameter("it is not text in UTF-8", param_hint=name)
    found = context.find_object(Shell)
    assert found is not None  # noqa: S101 - the root callback made it
    return found


def _is_text(word: str) -> bool:
    """Tell whether the system's words came as text; else they hold lone surrogates."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def exit_code(error: DigitizerError) -> int:
    """Return the exit code of the contract: 3 needs the user, 4 temporary, 5 refused for good."""
    if isinstance(error, Bug):
        return BUG
    return USAGE if isinstance(error, BadIdentifier) else _EXITS[error.remedy]


def day(moment: datetime) -> str:
    """Return the date of a moment here, where the machine stands: the clerk's day, not UTC's."""
    return moment.astimezone().date().isoformat()


def minute(moment: datetime) -> str:
    """Return a moment as the clerk's clock shows it, with its zone."""
    return moment.astimezone().isoformat(timespec="minutes")


def complain(text: str) -> None:
    """Print the one line of trouble."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"digitizer: {' '.join(text.split())}\n")
        sys.stderr.flush()


class Interrupted(BaseException):
    """Ctrl-C or SIGTERM, where no command waits for it. Not an error; never caught by one."""


def unwind_when_interrupted() -> None:
    """Let Ctrl-C and SIGTERM alike unwind the program, so that nothing is left lying about."""

    def unwind(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted

    for number in SIGNALS:
        signal.signal(number, unwind)


def leave_in_peace() -> None:
    """Let Ctrl-C and SIGTERM change nothing any more: all is done, and the result is told."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
