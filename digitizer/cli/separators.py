"""``separators``: prints the sheets that part a stack into dossiers and papers, as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from digitizer.app import Facts
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import shell
from digitizer.counted import counted
from digitizer.separators import NEXT_DOSSIER, NEXT_PAPER, Parts, Separator, payload

_MOST = 500


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(separators)


def separators(
    context: typer.Context,
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="[CODE]...", help="Mã hồ sơ: a sheet for each.")
    ] = None,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT.pdf")] = Path("to-phan-cach.pdf"),
    waiting: Annotated[
        bool, typer.Option("--waiting", help="For every open dossier without a page.")
    ] = False,
    papers: Annotated[
        str | None, typer.Option("--papers", metavar="PROCEDURE", help="For each of its papers.")
    ] = None,
    part: Annotated[
        str | None, typer.Option("--part", metavar="PART", help="For one component, as TP01.")
    ] = None,
    title: Annotated[str, typer.Option(help="The title of that component.")] = "",
    next_papers: Annotated[
        int, typer.Option("--next-paper", min=0, max=_MOST, help="Sheets that begin any paper.")
    ] = 0,
    next_dossiers: Annotated[
        int, typer.Option("--next-dossier", min=0, max=_MOST, help="That begin any dossier.")
    ] = 0,
) -> None:
    """Make a PDF of separator sheets to print on both sides.

    Nothing asked for: one sheet that begins the next paper.
    """
    # Drawing needs PDF and picture libraries, on which no other command shall wait.
    from digitizer.separating import Wanted, for_dossiers, for_papers, for_waiting, write

    here = shell(context)
    if title and part is None:
        raise typer.BadParameter("it goes with --part", param_hint="--title")
    wanted: list[Wanted] = []
    with Facts(here.home) as facts:
        wanted += for_dossiers(facts.store, codes or [])
        wanted += for_waiting(facts.store) if waiting else []
        wanted += for_papers(facts.store, papers) if papers is not None else []
    if part is not None:
        wanted.append(Wanted(Separator(Parts.PAPER, part=part.strip(), title=title.strip())))
    wanted += [Wanted(NEXT_PAPER)] * next_papers + [Wanted(NEXT_DOSSIER)] * next_dossiers
    asked = codes or waiting or papers is not None or part is not None
    if not wanted and not asked:
        wanted = [Wanted(NEXT_PAPER)]
    if not wanted:
        here.value({"out": None, "pages": 0, "sheets": []}, "no dossier waits for its pages")
        return
    with interruptible(here.stop):
        made = write(wanted, out, here.stop)
    here.value(
        {
            "out": str(out),
            "pages": made.pages,
            "bytes": made.bytes,
            "pdfa": made.pdfa,
            "sheets": [_sheet(one.says) for one in wanted],
        },
        f"{out}: {counted(len(wanted), 'sheet')}, {counted(made.pages, 'page')}; "
        "print them on both sides",
    )


def _sheet(says: Separator) -> dict[str, Any]:
    return {
        "begins": says.parts.value,
        "code": says.code or None,
        "procedure": says.procedure or None,
        "part": says.part or None,
        "title": says.title or None,
        "payload": payload(says),
    }
