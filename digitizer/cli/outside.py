"""Commands that need no home: ``inspect``, ``bundle``, ``doctor``.

What they need is loaded by them alone: every other command starts in two thirds of the time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from digitizer.bundle.request import Style
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import complain, shell
from digitizer.config import Home
from digitizer.counted import counted
from digitizer.errors import from_os


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(inspect)
    app.command()(bundle)
    app.command()(doctor)


def inspect(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", readable=False)],
) -> None:
    """Read pages without a store: size, blank, turn, skew, codes, text."""
    from digitizer.pages.inspection import inspect as inspect_files

    here = shell(context)
    try:
        with interruptible(here.stop):
            found = list(inspect_files(files, stop=here.stop, trusted=Home(here.home).trust))
    except OSError as error:  # the temporary folder takes nothing
        raise from_os(error) from error
    for one in found:
        if one.failed:
            complain(_unread(one.file, one.page, one.failed))
    text = "\n".join(
        f"{one.file} page {one.page}: {one.width}x{one.height} at {one.dpi:g} dpi, "
        f"{'blank' if one.blank else 'not blank'}, turn {one.turn}, skew {one.skew:.2f}, "
        f"{len(one.codes)} codes, {one.confidence:.0f} % sure of its text"
        + "".join(f", signed by {s.signer}: {s.standing}" for s in one.signatures)
        for one in found
    )
    here.value([one.to_json() for one in found], text)


def bundle(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", readable=False)],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT.pdf")],
    style: Annotated[Style, typer.Option()] = Style.FAITHFUL,
    jobs: Annotated[int | None, typer.Option(min=1, help="Default: one a core.")] = None,
) -> None:
    """Turn images and PDFs into one searchable PDF/A-2b, without a store."""
    from digitizer.bundle.files import bundle_files

    here = shell(context)
    with (
        interruptible(here.stop),
        Progress(console=Console(stderr=True), disable=here.as_json, transient=True) as bar,
    ):
        task = bar.add_task("bundling", total=None)
        made = bundle_files(
            files,
            out,
            style=style,
            jobs=jobs,
            stop=here.stop,
            progress=lambda done: bar.update(task, completed=done),
        )
    for page in made.unread:
        complain(_unread(page.file, page.page, page.error))
    here.value(
        made.to_json(),
        f"{made.out}: {counted(made.pages, 'page')}, {counted(made.bytes, 'byte')}, "
        f"PDF/A-2b, {made.seconds:.1f} s",
    )


def _unread(file: Path, page: int, code: str) -> str:
    return f"{file.name} page {page}: its words could not be read ({code}); run it again to try"


def doctor(
    context: typer.Context,
    report: Annotated[
        bool, typer.Option("--report", help="A text for support, without personal data.")
    ] = False,
) -> None:
    """Tell what works on this machine, what is missing and how to get it."""
    from digitizer import diagnosis
    from digitizer.doctor import examine
    from drivers.host import troubles

    here = shell(context)
    found = examine(here.home, troubles())
    if report:
        text = diagnosis.made(here.home, found)
        here.value({"report": text}, text.rstrip("\n"))
        return
    text = "\n".join(
        f"{'ok     ' if one.ok else 'MISSING'}  {one.check}: {one.detail}"
        + (f"  ->  {one.fix}" if one.fix else "")
        for one in found
    )
    rows = [
        {"check": one.check, "ok": one.ok, "detail": one.detail, "fix": one.fix} for one in found
    ]
    here.value(rows, text)
