"""Commands that carry dossiers as folders: ``export``, ``receive``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from digitizer.app import App, Facts
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import LATER, NEVER, USER, complain, shell
from digitizer.counted import counted
from digitizer.errors import DossierUnknown, PagesUnchecked, Remedy
from digitizer.exporting import Exported, waiting
from digitizer.exporting import export as export_dossiers
from digitizer.identifiers import normal_code
from digitizer.receiving import Outcome, Received
from digitizer.storage import audit, queries


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(export)
    app.command()(receive)


def export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to, such as a stick.")],
    codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CODE]...", help="Default: what no system has."),
    ] = None,
) -> None:
    """Write dossiers as folders, for another desk or to be uploaded by hand."""
    here = shell(context)
    with (
        interruptible(here.stop),
        audit.through(audit.door_of("export")),
        Facts(here.home) as facts,
    ):
        wanted = [_named(facts, code) for code in codes] if codes else waiting(facts.store)
        over = export_dossiers(
            facts.store,
            facts.vault,
            folder.absolute(),
            wanted,
            here.stop,
            lambda one: here.note(_said(one)),
        )
    here.value(
        [_exported(one) for one in over],
        f"{counted(sum(one.papers for one in over), 'paper')} "
        f"of {counted(len(over), 'dossier')} written"
        if over
        else "nothing is ready; 'digitizer work --until-idle' bundles what was scanned",
    )
    wrong = [one for one in over if one.error is not None]
    if wrong:
        first = wrong[0].error
        complain(
            f"{counted(len(wrong), 'dossier is', 'dossiers are')} not whole, "
            f"the first, {wrong[0].code}: {first}"
        )
        waits = all(isinstance(one.error, PagesUnchecked) for one in wrong)
        raise typer.Exit(LATER if waits else USER)


def receive(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="As 'export' wrote it.")],
) -> None:
    """Take in dossiers that another desk exported; what is here already stays as it is."""
    from drivers.host import HostedScanner

    here = shell(context)
    with interruptible(here.stop), App(here.home, "receive") as app:
        over = app.receiving.take(
            folder.absolute(), HostedScanner("folder"), here.stop, lambda one: here.note(_line(one))
        )
        app.settle()
    counted = {outcome.value: sum(one.outcome is outcome for one in over) for outcome in Outcome}
    here.value(
        {**counted, "files": [_received(one) for one in over]},
        ", ".join(f"{number} {word}" for word, number in counted.items()),
    )
    wrong = [one.error for one in over if one.error is not None]
    if wrong:
        complain(f"{len(wrong)} were not taken, the first: {wrong[0]}")
        raise typer.Exit(USER if any(one.remedy is not Remedy.NEVER for one in wrong) else NEVER)


def _named(facts: Facts, code: str) -> str:
    found = queries.dossier_id_of(facts.store, normal_code(code))
    if found is None:
        raise DossierUnknown(code.strip()[:60])
    return found


def _line(one: Received) -> str:
    why = "no manifest speaks of it" if one.stray else str(one.error or "")
    named = "/".join(part for part in (one.code, one.file) if part)
    return f"{one.outcome.value}: {named}" + (f" ({why})" if why else "")


def _said(one: Exported) -> str:
    if not one.unready:
        return f"{one.code}: {counted(one.papers, 'paper')}"
    return (
        f"{one.code}: {counted(one.papers, 'paper')}, {one.unready} left out: not bundled, "
        "accepted or signed yet, left here, or without a mã hồ sơ"
    )


def _exported(one: Exported) -> dict[str, Any]:
    error = one.error.code if one.error else None
    return {"dossier": one.code, "papers": one.papers, "unready": one.unready, "error": error}


def _received(one: Received) -> dict[str, Any]:
    return {
        "dossier": one.code,
        "file": one.file or None,
        "paper": one.part or None,
        "outcome": one.outcome.value,
        "error": one.error.code if one.error else ("stray" if one.stray else None),
    }
