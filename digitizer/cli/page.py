"""Commands on the pages of a paper: ``page turn``, ``crop``, ``delete``, ``restore``, ``keep``,
``move``, ``interleave``, ``read``, ``undo``, ``redo``.

Pages are named as ``dossier show`` numbers them: 1, 2, 3 … within their paper, deleted ones too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from digitizer.app import App
from digitizer.boxes import Box, Cropping
from digitizer.cli.dossier import as_json
from digitizer.cli.shell import shell
from digitizer.counted import counted
from digitizer.errors import CropUnusable, PageUnknown, PageUnread, PaperUnknown
from digitizer.model import OTHER_PART, Dossier, Page, Paper
from digitizer.rereading import read_again

_Code = Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ or local number.")]
_Pages = Annotated[str, typer.Argument(metavar="PAGES", help="As 3 or 1,4-6.")]
_Part = Annotated[str, typer.Option("--paper", metavar="PART", help="TP01, or TP99#2: its second.")]


class _How(StrEnum):
    """What ``crop`` does without a box."""

    WHOLE = "whole"
    FOUND = "found"
    AUTO = "auto"


_NUMBERS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Turn, order, take out and bring back pages. All can be undone.")
    for name, command in (
        ("turn", turn),
        ("crop", crop),
        ("delete", delete),
        ("restore", restore),
        ("keep", keep),
        ("move", move),
        ("interleave", interleave),
        ("read", read),
        ("undo", undo),
        ("redo", redo),
    ):
        group.command(name)(command)
    app.add_typer(group, name="page")


def turn(
    context: typer.Context,
    code: _Code,
    pages: _Pages,
    by: Annotated[int, typer.Option("--by", help="Degrees clockwise: 90, 180 or 270.")],
    part: _Part = OTHER_PART,
) -> None:
    """Turn pages clockwise."""
    if by % 90:
        raise typer.BadParameter("a multiple of 90", param_hint="--by")
    _do_to(context, code, part, pages, lambda app, *found: app.dossiers.turn(*found, by))


def crop(
    context: typer.Context,
    code: _Code,
    pages: _Pages,
    box: Annotated[
        str | None,
        typer.Option(
            metavar="LEFT,TOP,WIDTH,HEIGHT",
            help="Millimetres of the whole, level page.",
        ),
    ] = None,
    how: Annotated[
        _How | None,
        typer.Option(
            "--to",
            help="whole: all of the image; found: the paper found in it, sure or "
            "not; auto: as it was read.",
        ),
    ] = None,
    part: _Part = OTHER_PART,
) -> None:
    """Say which part of its image a page is. The image stays as it is."""
    if (box is None) == (how is None):
        raise typer.BadParameter("give either --box or --to")
    sides = _sides(box) if box is not None else None

    def cropped(app: App, dossier: Dossier) -> None:
        chosen = find_pages(paper_in(dossier, part), pages)
        alike: dict[Box | Cropping, list[str]] = {}
        for page in chosen:
            alike.setdefault(_wanted(page, how, sides), []).append(page.id)
        for wanted, ids in alike.items():
            app.dossiers.crop(dossier.id, ids, wanted)

    _do(context, code, cropped)


def delete(context: typer.Context, code: _Code, pages: _Pages, part: _Part = OTHER_PART) -> None:
    """Take pages out of their paper; they stay in the store."""
    _do_to(context, code, part, pages, lambda app, *found: app.dossiers.delete(*found))


def restore(context: typer.Context, code: _Code, pages: _Pages, part: _Part = OTHER_PART) -> None:
    """Bring pages back that were taken out."""
    _do_to(context, code, part, pages, lambda app, *found: app.dossiers.restore(*found))


def keep(context: typer.Context, code: _Code, pages: _Pages, part: _Part = OTHER_PART) -> None:
    """Keep pages that look like the ones before them: no 'twin' is told of them any more."""
    _do_to(context, code, part, pages, lambda app, *found: app.dossiers.keep(*found))


def move(
    context: typer.Context,
    code: _Code,
    pages: _Pages,
    part: _Part = OTHER_PART,
    to: Annotated[str | None, typer.Option("--to", metavar="PART", help="Another paper.")] = None,
    dossier: Annotated[
        str | None, typer.Option("--to-dossier", metavar="CODE", help="Another dossier.")
    ] = None,
    after: Annotated[
        int | None, typer.Option(min=0, help="Behind this page there; 0: first. Default: last.")
    ] = None,
) -> None:
    """Move pages within their paper, to another paper, or to another dossier."""

    def moved(app: App, found: Dossier) -> None:
        paper = paper_in(found, part)
        goal_dossier = app.dossiers.find(dossier) if dossier else found
        goal = paper
        if to is not None or dossier is not None:
            name, copy = _named(to or OTHER_PART)
            known = goal_dossier.paper(name, copy)
            if known is None and copy == 1:
                app.dossiers.paper_for(goal_dossier, name)
                known = app.dossiers.get(goal_dossier.id).paper(name)
            goal = known or paper_in(goal_dossier, to or OTHER_PART)
        behind = page_before(goal, after)
        app.dossiers.move(found.id, _ids(find_pages(paper, pages)), goal.id, behind)

    _do(context, code, moved)


def interleave(
    context: typer.Context,
    code: _Code,
    part: _Part = OTHER_PART,
    backs: Annotated[
        str, typer.Option("--backs", metavar="PAGES", help="Default: the second half.")
    ] = "",
    forwards: Annotated[
        bool, typer.Option("--forwards", help="The backs were fed from the first sheet on.")
    ] = False,
) -> None:
    """Put backs between fronts that were scanned before them, sheet by sheet."""

    def woven(app: App, dossier: Dossier) -> None:
        paper = paper_in(dossier, part)
        live = paper.live_pages
        chosen = find_pages(paper, backs) if backs else live[(len(live) + 1) // 2 :]
        fronts = [page for page in live if page not in chosen]
        app.dossiers.interleave(dossier.id, _ids(fronts), _ids(chosen), backwards=not forwards)

    _do(context, code, woven)


def read(context: typer.Context, code: _Code) -> None:
    """Have the words of pages read again that could not be read."""
    here = shell(context)
    with App(here.home, "page") as app:
        dossier = app.dossiers.find(code)
        count = read_again(app.store, app.events, dossier)
    here.value(
        {"code": dossier.name, "pages": count},
        f"{counted(count, 'page is', 'pages are')} read again",
    )


def undo(context: typer.Context, code: _Code) -> None:
    """Take the newest edit of a dossier back."""
    _do(context, code, lambda app, dossier: app.dossiers.undo(dossier.id))


def redo(context: typer.Context, code: _Code) -> None:
    """Do the last undone edit of a dossier again."""
    _do(context, code, lambda app, dossier: app.dossiers.redo(dossier.id))


def _do(context: typer.Context, code: str, verb: Callable[[App, Dossier], object]) -> None:
    """Run a verb on a dossier and print the dossier as it is then."""
    here = shell(context)
    with App(here.home, "page") as app:
        dossier = app.dossiers.find(code)
        verb(app, dossier)
        after = app.dossiers.get(dossier.id)
        server = app.work.server
    lines = [
        f"{paper.part}  {paper.name}: {counted(len(paper.live_pages), 'page')}"
        for paper in after.papers
        if paper.pages
    ]
    here.value(as_json(after, server), "\n".join(lines))


def _do_to(
    context: typer.Context,
    code: str,
    part: str,
    pages: str,
    verb: Callable[[App, str, list[str]], object],
) -> None:
    """Run a verb on some pages of a paper; it gets the dossier's id and theirs."""

    def done(app: App, dossier: Dossier) -> None:
        verb(app, dossier.id, _ids(find_pages(paper_in(dossier, part), pages)))

    _do(context, code, done)


def _sides(text: str) -> tuple[float, float, float, float]:
    try:
        left, top, width, height = (float(side) for side in text.split(","))
    except ValueError:
        raise typer.BadParameter("four numbers of millimetres", param_hint="--box") from None
    if not all(math.isfinite(side) for side in (left, top, width, height)):
        raise typer.BadParameter("four numbers of millimetres", param_hint="--box")
    return left, top, width, height


def _wanted(
    page: Page, how: _How | None, sides: tuple[float, float, float, float] | None
) -> Box | Cropping:
    """Return what ``crop`` was asked for, for one page.

    Raises:
        PageUnread: where it lies is not known yet.
        CropUnusable: no box, or none that leaves anything.
    """
    if sides is None and how is not _How.FOUND:
        return Cropping.WHOLE if how is _How.WHOLE else Cropping.AUTO
    if page.reading is None:
        raise PageUnread
    box = page.reading.crop
    if sides is not None:
        box = page.reading.canvas.box(*sides, page.full_turn or 0)
    if box is None:
        raise CropUnusable
    return box


def _named(part: str) -> tuple[str, int]:
    name, mark, copy = part.partition("#")
    if not mark:
        return name, 1
    if not copy.isdecimal():
        raise PaperUnknown(part[:60])
    return name, int(copy)


def paper_in(dossier: Dossier, part: str) -> Paper:
    """Return a paper by its component code, or ``CODE#2`` for its second. Raises
    ``PaperUnknown``."""
    found = dossier.paper(*_named(part))
    if found is None:
        raise PaperUnknown(part[:60])
    return found


def find_pages(paper: Paper, text: str) -> tuple[Page, ...]:
    """Return the pages that ``1,4-6`` names, in that order. Raises ``PageUnknown``."""
    found: list[Page] = []
    for piece in text.split(","):
        numbers = _NUMBERS.fullmatch(piece.strip())
        if numbers is None:
            raise typer.BadParameter("write it as 3 or 1,4-6", param_hint="PAGES")
        first, last = int(numbers[1]), int(numbers[2] or numbers[1])
        if not 1 <= first <= last <= len(paper.pages):
            raise PageUnknown(f"{paper.part}, {piece.strip()}")
        found.extend(page for page in paper.pages[first - 1 : last] if page not in found)
    return tuple(found)


def page_before(paper: Paper, number: int | None) -> str | None:
    """Return what ``Dossiers.move`` takes as ``after``. Raises ``PageUnknown``."""
    if number is None:
        return None
    if number == 0:
        return ""
    if number > len(paper.pages):
        raise PageUnknown(f"{paper.part}, {number}")
    return paper.pages[number - 1].id


def _ids(pages: tuple[Page, ...] | list[Page]) -> list[str]:
    return [page.id for page in pages]
