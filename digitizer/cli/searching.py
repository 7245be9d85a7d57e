"""``search``: finds dossiers by code, name, numbers and the text of their pages."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from digitizer.app import App, Facts
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import shell
from digitizer.errors import HomeLocked
from digitizer.finding import DOSSIERS, Found, find
from digitizer.indexing import index_all
from digitizer.storage import wordindex

_MOST = 1000


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(search)


def search(
    context: typer.Context,
    words: Annotated[
        list[str], typer.Argument(metavar="WORDS...", help="With diacritics: just that word.")
    ],
    limit: Annotated[
        int, typer.Option(min=1, max=_MOST, help="At most so many dossiers.")
    ] = DOSSIERS,
) -> None:
    """Find dossiers by code, name, numbers and the text of their pages, best first."""
    here = shell(context)
    with Facts(here.home) as facts:
        behind = wordindex.waiting(facts.store) > 0
    if behind:
        # Whoever has the home open brings the index up behind its own work.
        with (
            contextlib.suppress(HomeLocked),
            interruptible(here.stop),
            App(here.home, "search") as app,
        ):
            index_all(app.store, here.stop)
    with Facts(here.home) as facts:
        found = find(facts.store, " ".join(words), dossiers=limit)
    here.value([_json(one) for one in found], "\n".join(_lines(found)) or "nothing found")


def _json(found: Found) -> dict[str, object]:
    pages = [
        {"paper": place.part, "seq": place.seq, "snippet": place.excerpt.text}
        for place in found.places
    ]
    return {"code": found.dossier.name, "holder": found.dossier.holder, "pages": pages}


def _lines(found: tuple[Found, ...]) -> list[str]:
    lines = []
    for one in found:
        head = one.dossier
        lines.append(f"{head.name}  {head.holder}  {head.procedure_name}")
        lines += [f"  {at.part}  page {at.seq}: {at.excerpt.text}" for at in one.places]
    return lines
