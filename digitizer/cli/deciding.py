"""Commands on other versions at the server: ``conflict list``, ``show``, ``resolve``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from digitizer.app import App, Facts
from digitizer.cli.shell import shell
from digitizer.conflicts import Met, met, waiting
from digitizer.servers import server_of
from digitizer.storage.vault import Vault
from digitizer.versions import Choice

_Number = Annotated[int, typer.Argument(metavar="ID", help="As 'conflict list' tells it.")]


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Papers that met another version at the server: compare, decide.")
    group.command("list")(list_)
    group.command("show")(show)
    group.command("resolve")(resolve)
    app.add_typer(group, name="conflict")


def list_(context: typer.Context) -> None:
    """List what waits to be decided, the oldest first."""
    here = shell(context)
    with Facts(here.home) as facts:
        to = server_of(facts.store)
        found = waiting(facts.store, to.name if to else None)
        rows = [as_json(one, facts.vault) for one in found]
    here.value(rows, "\n".join(_line(one) for one in found) or "nothing to decide")


def show(context: typer.Context, number: _Number) -> None:
    """Show one: where both versions lie, and what can be decided."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = met(facts.store, number)
        value = as_json(found, facts.vault)
    text = f"{_line(found)}\n  ours:   {value['ours']['file']}\n  theirs: "
    text += value["theirs"]["file"] if value["theirs"] else "none"
    if value["choice"]:
        text += f"\n  decided: {value['choice']}"
    if value["choices"]:
        text += f"\n  digitizer conflict resolve {number} --keep {'|'.join(value['choices'])}"
    here.value(value, text)


def resolve(
    context: typer.Context,
    number: _Number,
    keep: Annotated[
        Choice,
        typer.Option(help="Which version the server is to have; both stay here whatever it is."),
    ],
) -> None:
    """Decide one; of a dossier that was closed, all its papers' at once."""
    here = shell(context)
    with App(here.home, "conflict resolve") as app:
        found = app.conflicts.resolve(number, keep)
        value = as_json(found, app.vault)
    here.value(value, f"{_line(found)}: keep {keep}")


def as_json(found: Met, vault: Vault) -> dict[str, Any]:
    """Return a conflict as these commands print it."""
    one = found.conflict
    return {
        "id": one.id,
        "kind": one.kind.value,
        "dossier": found.dossier.name,
        "paper": found.paper.part,
        "copy": found.paper.copy,
        "title": found.paper.name,
        "server": one.server,
        "word": one.word,
        "found_at": one.found_at.isoformat(),
        "ours": {"sha256": one.ours, "file": str(vault.path(one.ours))},
        "theirs": {"sha256": one.theirs, "file": str(vault.path(one.theirs)), "key": one.ref}
        if one.theirs
        else None,
        "choices": [choice.value for choice in found.choices],
        "choice": one.choice.value if one.choice else None,
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
    }


def _line(found: Met) -> str:
    said = found.error.says
    word = f" ({found.conflict.word})" if found.conflict.word else ""
    paper = f"{found.dossier.name}  {found.paper.part}  {found.paper.name}"
    return f"{found.conflict.id}  {paper}: {said}{word}"
