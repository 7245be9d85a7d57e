"""The entry point ``digitizer``: global options, the groups of commands, errors to exit codes."""

from __future__ import annotations

import contextlib
import functools
import itertools
import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from digitizer import __version__, unlocking
from digitizer.cli import (
    asking,
    audit,
    binding,
    bridging,
    capturing,
    carrying,
    clerk,
    deciding,
    dossier,
    encryption,
    limiting,
    looking,
    outside,
    page,
    paper,
    profile,
    retaining,
    searching,
    secrets,
    separators,
    serving,
    signing,
    training,
    watching,
    working,
)
from digitizer.cli.shell import (
    BUG,
    LATER,
    Interrupted,
    Shell,
    complain,
    exit_code,
    leave_in_peace,
    shell,
    unwind_when_interrupted,
)
from digitizer.config import Home, default_home
from digitizer.errors import DigitizerError, OutputUnwritable, Stopped
from digitizer.log import log_to, stop_logging
from digitizer.streams import open_streams

log = logging.getLogger(__name__)

app = typer.Typer(
    help="Số hóa hồ sơ: scan, auto-save, read, bundle and upload dossiers. "
    "Without a command it opens the window.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for group in (
    audit,
    bridging,
    capturing,
    carrying,
    clerk,
    dossier,
    encryption,
    binding,
    deciding,
    limiting,
    looking,
    outside,
    page,
    paper,
    profile,
    retaining,
    searching,
    secrets,
    separators,
    serving,
    signing,
    training,
    watching,
    working,
):
    group.register(app)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    home: Annotated[str | None, typer.Option(metavar="DIR", help="The home folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    opened: Annotated[
        str | None, typer.Option("--open", metavar="CODE", help="Open the window on this dossier.")
    ] = None,
) -> None:
    """Take the global options; open the window where no command is given."""
    here = shell(context)
    if home is not None:
        if not home:  # --home "$UNSET" must not mean the folder we are in
            raise typer.BadParameter("it is empty", param_hint="--home")
        here.home = Path(home)
    here.as_json = as_json
    if opened is not None and context.invoked_subcommand is not None:
        raise typer.BadParameter("it is for the window alone", param_hint="--open")
    if version:
        here.value({"version": __version__}, f"digitizer {__version__}")
    elif context.invoked_subcommand is None:
        window = import_module("ui.__main__")
        raise typer.Exit(window.run(here.home, opened or ""))


@functools.cache
def command() -> TyperGroup:
    """Return all commands, made once a process: that takes longer than most of them do."""
    return typer.main.get_group(app)


def main() -> None:
    """Run the command line and leave with the contract's exit code; never a traceback."""
    unwind_when_interrupted()
    os.umask(0o077)
    open_streams()
    logging.getLogger().addHandler(logging.NullHandler())
    here = Shell(default_home(), as_json=False)
    code = _run(here)
    leave_in_peace()
    if here.unwritable and code == 0:
        lost = OutputUnwritable("standard output")
        complain(str(lost))
        code = exit_code(lost)
    sys.exit(code)


def _run(here: Shell) -> int:
    try:
        with unlocking.asking(asking.home_passphrase):
            result = command()(globals_first(sys.argv[1:]), standalone_mode=False, obj=here)
    except TyperException as error:  # wrong usage
        complain(f"{error.format_message()} (try: digitizer --help)")
        return int(error.exit_code)
    except typer.Exit as leave:
        return int(leave.exit_code)
    except (typer.Abort, KeyboardInterrupt, Interrupted):
        complain(str(Stopped()))
        return LATER
    except DigitizerError as error:
        complain(str(error))
        return exit_code(error)
    except Exception:
        _note_bug(here.home)
        complain("a bug in digitizer; the log in the home folder has the details")
        return BUG
    return result if isinstance(result, int) else 0


def globals_first(words: list[str]) -> list[str]:
    """Move ``--json`` and ``--home DIR`` to the front, wherever they were typed before ``--``."""
    end = words.index("--") if "--" in words else len(words)
    front: list[str] = []
    rest: list[str] = []
    coming = iter(words[:end])
    for word in coming:
        if word == "--json" or word.startswith("--home="):
            front.append(word)
        elif word == "--home":
            front += [word, *itertools.islice(coming, 1)]
        else:
            rest.append(word)
    return [*front, *rest, *words[end:]]


def _note_bug(home: Path) -> None:
    """Write the traceback to the home's log, which no command has open any more."""
    path = Home(home.absolute()).log
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    handler = log_to(path)
    log.exception("a bug")
    stop_logging(handler)
