"""Commands on one paper: ``paper hold``, ``release``, ``style``, ``reuse``."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from digitizer import reusing, sending
from digitizer.app import App
from digitizer.cli.dossier import as_json
from digitizer.cli.page import paper_in
from digitizer.cli.shell import shell
from digitizer.model import Dossier, Paper, Style

_Code = Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ or local number.")]
_Part = Annotated[str, typer.Option("--paper", metavar="PART", help="TP01, or TP99#2: its second.")]


class _Style(StrEnum):
    """What a paper's bundle may be made in."""

    FAITHFUL = "faithful"
    COMPACT = "compact"
    HOME = "home"


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Leave a paper here, send it after all, reuse one.")
    group.command("hold")(hold)
    group.command("release")(release)
    group.command("style")(style)
    group.command("reuse")(reuse)
    app.add_typer(group, name="paper")


def hold(context: typer.Context, code: _Code, part: _Part) -> None:
    """Leave a paper here: it is not sent before 'paper release'."""
    _do(context, code, part, lambda app, _dossier, paper: app.withhold([paper.id]))


def release(context: typer.Context, code: _Code, part: _Part) -> None:
    """Send a paper after all."""
    _do(
        context,
        code,
        part,
        lambda app, _dossier, paper: sending.let_go(app.store, app.events, [paper.id]),
    )


def style(
    context: typer.Context,
    code: _Code,
    part: _Part,
    name: Annotated[_Style, typer.Argument(metavar="faithful|compact|home")],
) -> None:
    """Choose the style of one paper's bundle; home: that of all others."""
    wanted = None if name is _Style.HOME else Style(name.value)
    _do(
        context,
        code,
        part,
        lambda app, _dossier, paper: sending.restyle(app.store, app.events, [paper.id], wanted),
    )


def reuse(
    context: typer.Context,
    code: _Code,
    part: _Part,
    source: Annotated[
        str | None, typer.Option("--from", metavar="CODE", help="The dossier it is taken from.")
    ] = None,
    source_part: Annotated[
        str | None,
        typer.Option("--from-paper", metavar="PART", help="The paper there; else the same part."),
    ] = None,
    result: Annotated[
        str | None, typer.Option("--result", metavar="CODE", help="The code of an earlier result.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="It is not reused after all.")] = False,
) -> None:
    """Say that a paper is one kept here for another dossier, or an earlier result by its code."""
    if none and (source or result):
        raise typer.BadParameter("--none takes neither --from nor --result")
    if not (none or source or result):
        raise typer.BadParameter("give --from, --result or --none")
    if source_part and not source:
        raise typer.BadParameter("it needs --from", param_hint="--from-paper")

    def said(app: App, dossier: Dossier, paper: Paper) -> None:
        at = (app.store, app.events, dossier.id, paper.id)
        if none:
            reusing.no_reuse(*at)
        elif source:
            there = app.dossiers.find(source)
            taken = paper_in(there, source_part or part.partition("#")[0])
            reusing.reuse_paper(*at, taken.id, result or "")
        else:
            reusing.reuse_result(*at, result or "")

    _do(context, code, part, said)


def _do(
    context: typer.Context,
    code: str,
    part: str,
    verb: Callable[[App, Dossier, Paper], None],
) -> None:
    here = shell(context)
    with App(here.home, "paper") as app:
        dossier = app.dossiers.find(code)
        paper = paper_in(dossier, part)
        verb(app, dossier, paper)
        done, server = app.dossiers.get(dossier.id), app.work.server
    said = done.paper_by_id(paper.id) or paper
    text = f"{done.name} {said.part}: {done.state(said, server)}"
    text += ", left here" if said.way.withheld else ""
    here.value(as_json(done, server), text)
