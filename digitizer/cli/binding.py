"""Commands on local dossiers and what the desk knows offline: ``dossier bind``, ``unbind``,
``create``, ``describe``; ``procedures list``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from digitizer import binding, catalogue
from digitizer.app import App, Facts
from digitizer.cli.dossier import as_json, group
from digitizer.cli.shell import Shell, shell
from digitizer.counted import counted
from digitizer.errors import DigitizerError
from digitizer.model import Dossier
from digitizer.storage import conflicts
from digitizer.storage.creations import Creation

_Local = Annotated[str, typer.Argument(metavar="LOCAL", help="Local number, such as L-000001.")]


def register(app: typer.Typer) -> None:
    """Add the group to the root, and to the group ``dossier`` what is of it."""
    known = typer.Typer(help="What procedures are known here, with their papers.")
    known.callback()(_procedures)
    known.command("list")(procedures)
    app.add_typer(known, name="procedures")
    group.command("bind")(bind)
    group.command("unbind")(unbind)
    group.command("create")(create)
    group.command("describe")(describe)


def _procedures() -> None:
    """Tell what procedures are known here."""


def procedures(context: typer.Context) -> None:
    """List the procedures that are known here, and when each was last found true."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = catalogue.procedures(facts.store)
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "fetched_at": one.fetched_at.isoformat(),
            "papers": [
                {
                    "part": paper.part,
                    "title": paper.title,
                    "kind": paper.kind.value,
                    "required": paper.required,
                    "multiple": paper.multiple,
                }
                for paper in one.papers
            ],
        }
        for one in found
    ]
    text = "\n".join(
        f"{one.code}  {one.name}: {counted(len(one.papers), 'paper')}, "
        f"as of {one.fetched_at.astimezone():%Y-%m-%d %H:%M}"
        for one in found
    )
    here.value(rows, text or "none yet; 'digitizer sync' brings those of the dossiers that wait")


def bind(
    context: typer.Context,
    local: _Local,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ.")],
    merge: Annotated[
        bool, typer.Option("--merge", help="Put pages behind those that the dossier has.")
    ] = False,
) -> None:
    """Give a local dossier its mã hồ sơ; where that is here already, the pages go there."""
    here = shell(context)
    with App(here.home, "dossier bind") as app:
        bound = app.binding.bind(app.dossiers.find(local).id, code, merge=merge)
        found = _seen(here, app, bound.dossier)
        others = _others(app, found)
        value = as_json(found, app.work.server)
    for other in others:
        here.note(f"another desk has put there: {other['part']}  {other['title']}")
    here.value(
        {**value, "merged": bound.merged, "elsewhere": others},
        f"dossier {local.strip()} is {found.name} now"
        + (", with the pages it had" if bound.merged else ""),
    )


def unbind(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ.")],
) -> None:
    """Take 'bind' back, while nothing was sent under the code."""
    here = shell(context)
    with App(here.home, "dossier unbind") as app:
        found = app.binding.unbind(app.dossiers.find(code).id)
    here.value(as_json(found, None), f"dossier {found.name} is local again")


def describe(
    context: typer.Context,
    local: _Local,
    procedure: Annotated[str, typer.Option(help="Mã TTHC; its papers come along.")] = "",
    holder: Annotated[str, typer.Option(help="The citizen's name.")] = "",
) -> None:
    """Say of a local dossier what its procedure is and whose it is."""
    here = shell(context)
    with App(here.home, "dossier describe") as app:
        local_id = app.dossiers.find(local).id
        found = app.binding.describe(local_id, procedure=procedure, holder=holder)
    here.value(as_json(found, None), f"dossier {found.name}")


def create(
    context: typer.Context,
    local: _Local,
    holder_id: Annotated[
        str, typer.Option(help="Number of the citizen's card; '-' reads it from standard input.")
    ] = "",
    business: Annotated[bool, typer.Option("--business", help="The holder is a business.")] = False,
) -> None:
    """Ask the server to begin a local dossier and to give it its code.

    Without a line it is asked on the next way down. A citizen's card among the pages tells
    number and address.
    """
    here = shell(context)
    with App(here.home, "dossier create") as app:
        found = app.dossiers.find(local)
        told = binding.wish_from_pages(found)
        number = (
            typer.get_text_stream("stdin").readline().strip() if holder_id == "-" else holder_id
        )
        kind = "business" if business else told.holder_kind
        wish = Creation(kind, number or told.holder_id, told.address, told.phone)
        app.binding.ask(found.id, wish)
        with app.senders.at_desk() as to:
            found = app.binding.create(found.id, to)
        value = as_json(found, app.work.server)
    here.value(
        {**value, "asked": True},
        f"dossier {local.strip()} is {found.name} now"
        if found.code
        else f"the server has begun {found.name} and gives its code later",
    )


def _seen(here: Shell, app: App, dossier: Dossier) -> Dossier:
    """See at the server, if there is a line, what is in a dossier that was just bound."""
    if app.work.server is None:
        return dossier
    try:
        with app.senders.at_desk() as to:
            return app.syncing.there.bind(to, dossier)
    except DigitizerError as error:
        here.note(f"bound here; not yet seen at the server: {error}")
        return dossier


def _others(app: App, dossier: Dossier) -> list[dict[str, Any]]:
    there = conflicts.elsewhere(app.store, dossier.id, app.work.server or "")
    return [{"part": file.part, "title": file.title} for file in there]
