"""Commands about folders that other programs fill: ``watch``, ``watch-questions``,
``watch-answer``."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from digitizer.app import App, Facts
from digitizer.arrivals import Held, Why
from digitizer.cli.capturing import ending_told, tell_page
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import Shell, complain, exit_code, shell
from digitizer.counted import counted
from digitizer.delivering import Deliveries
from digitizer.errors import DigitizerError, ScanCancelled, Stopped
from digitizer.rules import Rule, Same, checked, read_rules
from digitizer.scanning import EndReason
from digitizer.storage import deliveries
from digitizer.watching import WatchEnd, Watcher

_NAMED_AT_MOST = 5
_WORDS = {
    Why.EMPTY: "is empty; it is waited for",
    Why.PARTIAL: "has no end yet; it is waited for",
    Why.LOCKED: "cannot be opened, another program may hold it; it is tried again",
    Why.REFUSED: "cannot be taken; it is tried again when it changes",
    Why.TAKEN_BEFORE: "was taken before; 'digitizer watch-answer FILE take' or '… skip'",
    Why.UNMOVABLE: "is safe, but cannot be moved away; it is tried again",
    Why.NOT_PLAIN: "is no plain file (a link that leads out of the folder or nowhere, a pipe, a "
    "device) and is left there; put the file itself there",
    Why.FOLDER_GONE: "cannot be read; it is waited for",
}


class Answer(StrEnum):
    """What to do with a file that was taken before."""

    TAKE = "take"
    SKIP = "skip"


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(watch)
    app.command("watch-questions")(watch_questions)
    app.command("watch-answer")(watch_answer)


def watch(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]")] = None,
    code: Annotated[str | None, typer.Option("--dossier", metavar="CODE")] = None,
    once: Annotated[bool, typer.Option("--once", help="End when drained and quiet.")] = False,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE", help="Several folders: a TOML file.")
    ] = None,
    patience: Annotated[
        float, typer.Option(min=0.0, help="Seconds until a file that is not whole is told of.")
    ] = 20.0,
) -> None:
    """Take what appears in folders; a file moves to 'done' once its pages are safe."""
    from drivers.host import HostedScanner
    from drivers.watching import FolderLookout

    if (folder is None) == (rules is None):
        raise typer.BadParameter("name either a folder or --rules FILE", param_hint="DIR")
    if rules is not None and code is not None:
        raise typer.BadParameter("the rules say it for each folder", param_hint="--dossier")
    here = shell(context)
    wanted = read_rules(rules) if rules else checked([Rule((folder or Path()).absolute(), code)])
    with ending_told(here), interruptible(here.stop), App(here.home, "watch") as app:
        watcher = Watcher(
            app,
            wanted,
            HostedScanner("folder"),
            partial(FolderLookout, patience_seconds=patience),
            saved=lambda page: tell_page(here, page),
            held=lambda held: _tell_held(here, held),
        )
        app.local.start()
        end = watcher.run(here.stop, once=once)
    _end(here, end)


def watch_questions(context: typer.Context) -> None:
    """List files that were taken before, about which nobody has said what to do."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = [one for one in deliveries.questions(facts.store) if one.answer is None]
    rows = [{"file": one.path, "sha256": one.sha256, "asked_at": one.asked_at} for one in found]
    here.value(rows, "\n".join(one.path for one in found) or "no questions")


def watch_answer(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    answer: Annotated[Answer, typer.Argument(metavar="take|skip")],
) -> None:
    """Say whether a file that was taken before is to be taken again; the next watch does so."""
    here = shell(context)
    with App(here.home, "watch-answer") as app:
        Deliveries(app.home, app.store, app.vault, app.capture).answer(file, Same(answer))
    here.value({"file": str(file.absolute()), "answer": answer.value}, f"{file.name}: {answer}")


def _tell_held(here: Shell, held: Held) -> None:
    """Print that a file begins to wait for something."""
    if here.as_json:
        here.event({"event": "waiting", "file": str(held.path), "why": held.why.value}, "")
    else:
        here.note(f"{held.path} {_WORDS[held.why]}")


def _end(here: Shell, end: WatchEnd) -> None:
    """Print the last line, and leave with the exit code of the first trouble."""
    trouble, more = end.trouble, ""
    reason = EndReason.EMPTY
    if isinstance(trouble, ScanCancelled):
        trouble, reason = Stopped(), EndReason.CANCELLED  # a watch, not a scan
    elif trouble is not None:
        reason = EndReason.DISK_FULL if trouble.code == "disk-full" else EndReason.FAILED
    elif end.left:
        reason = EndReason.REFUSED
        trouble, more = _worst(end)
    here.event(
        {"event": "end", "pages": end.pages, "reason": reason.value},
        f"{counted(end.pages, 'page')} saved ({reason.value})",
    )
    if trouble is not None:
        complain(f"{trouble}{more}")
        raise typer.Exit(exit_code(trouble))


def _worst(end: WatchEnd) -> tuple[DigitizerError, str]:
    """Return the trouble to leave with, and words that name the other files."""
    first = max(end.left, key=lambda one: exit_code(one[1]))
    others = [path.name for path, _ in end.left if path != first[0]]
    if not others:
        return first[1], ""
    shown = ", ".join(others[:_NAMED_AT_MOST])
    beyond = len(others) - _NAMED_AT_MOST
    return first[1], f" (and {len(others)} more: {shown}{' …' if beyond > 0 else ''})"
