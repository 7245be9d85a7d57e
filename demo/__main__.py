"""The program of `make demo`. Exit code 0 only if every page was received and verified.

Environment: ``DEMO_WINDOW=0`` never opens the window; ``DEMO_HOME`` is where things are kept;
``DEMO_SCANNER_FAULT=jam:1`` and ``DEMO_SERVER_FAULT=wrong-bytes`` show what trouble looks like.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from types import FrameType

from demo import paper, summary, window
from demo.commands import Commands
from demo.errors import CommandFailed, DemoFailed, Interrupted
from demo.paper import Paper
from demo.place import Place, default_root, taken
from demo.story import Story
from demo.telling import Telling
from digitizer.errors import DigitizerError
from drivers.virtual import sane_config

_FAILED = 1


def main() -> int:
    """Run the demonstration."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    telling = Telling()
    root = default_root()
    try:
        with taken(root) as place:
            return _run(place, telling)
    except (DemoFailed, DigitizerError, OSError) as error:
        telling.line()
        telling.line(f"The demonstration failed: {error}")
        if isinstance(error, CommandFailed):
            telling.line(f"What it did is kept in {root}, with logs in logs/ and home/log/.")
        return _FAILED
    except Interrupted as ended:
        telling.line()
        telling.line("The demonstration was ended before it was through.")
        return 128 + ended.signal


def _run(place: Place, telling: Telling) -> int:
    telling.line("From paper to a received PDF/A, on this machine alone.")
    telling.line(f"Everything is kept in {place.root} until the next run.")
    telling.line()
    drawn = _draw(place, telling)
    commands = Commands(place)
    with contextlib.ExitStack() as running:
        with telling.step("Procedure system and network scanner started on this machine"):
            server = running.enter_context(
                commands.server(
                    "sandbox", "--data", str(place.server), *_fault("DEMO_SERVER_FAULT")
                )
            )
            scanner = running.enter_context(
                commands.server("virtual-scanner", str(place.tray), *_fault("DEMO_SCANNER_FAULT"))
            )
            sane_config(scanner["url"], place.sane)
        outcome = Story(place, drawn, commands, telling).run(server)
        summary.tell(outcome, telling)
        return window.show(place, drawn, commands, telling)


def _draw(place: Place, telling: Telling) -> Paper:
    with telling.step("Draw Vietnamese papers to scan") as step:
        drawn = paper.draw(
            place.paper, lambda done, count: step.progress(f"{done} of {count} sides")
        )
        step.says = f"{drawn.fresh} sides of paper drawn" if drawn.fresh else "Paper drawn before"
    return drawn


def _fault(variable: str) -> list[str]:
    named = os.environ.get(variable)
    return ["--fault", named] if named else []


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)  # what follows is brief, and must not be cut short
    raise Interrupted(number)


if __name__ == "__main__":
    sys.exit(main())
