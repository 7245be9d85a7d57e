"""Commands that bring pages in: ``devices``, ``scan``, ``import``."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from digitizer import space
from digitizer.app import App
from digitizer.capture import BatchEnd, SavedPage
from digitizer.choosing import best
from digitizer.cli.interruption import interruptible
from digitizer.cli.page import find_pages, page_before
from digitizer.cli.shell import DONE, Shell, complain, exit_code, shell
from digitizer.config import Home
from digitizer.counted import counted
from digitizer.errors import DiskFull, NoSuchThing
from digitizer.flatbed import PageByPage
from digitizer.scanning import EndReason, Mode, Profile, Source
from digitizer.storage import queries

_LOOK_SECONDS = 0.1

_Code = Annotated[str, typer.Option("--dossier", metavar="CODE", help="Mã hồ sơ or local number.")]
_Part = Annotated[
    str | None, typer.Option("--paper", metavar="PART", help="The paper; default: other papers.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(devices)
    app.command()(scan)
    app.command("import")(import_)


def devices(context: typer.Context) -> None:
    """List the scanners that every driver finds."""
    from drivers.host import all_devices

    here = shell(context)
    with interruptible(here.stop):
        found = all_devices(Home(here.home).scanners, here.stop)
    rows = [
        {
            "id": one.device.id,
            "driver": one.device.driver,
            "name": one.device.name,
            "sources": [source.value for source in one.sources],
            "resolutions": list(one.resolutions),
            "modes": [mode.value for mode in one.modes],
        }
        for one in found
    ]
    text = "\n".join(
        f"{one.device.id}  {one.device.name}  ({', '.join(one.sources)})" for one in found
    )
    here.value(rows, text or "no scanner found; 'digitizer doctor' says what is missing")


def scan(
    context: typer.Context,
    code: _Code,
    device: Annotated[str | None, typer.Option(metavar="ID", help="As 'devices' lists it.")] = None,
    named: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="As 'profile list' names it.")
    ] = None,
    part: _Part = None,
    source: Annotated[Source | None, typer.Option(help="Default: the feeder, if any.")] = None,
    dpi: Annotated[int | None, typer.Option(min=50, max=1200, help="Default: 300.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="Default: color.")] = None,
    pages: Annotated[int | None, typer.Option(min=1, help="Stop after so many.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A back-end option; repeatable.")
    ] = None,
    wait: Annotated[
        bool | None, typer.Option("--wait/--no-wait", help="With an empty feeder, wait for paper.")
    ] = None,
    page_by_page: Annotated[
        bool, typer.Option("--page-by-page", help="From the glass: Enter for each further page.")
    ] = False,
    after: Annotated[
        int | None, typer.Option(min=0, help="Put the pages behind this one; 0: first.")
    ] = None,
    replace_page: Annotated[
        int | None, typer.Option("--replace", min=1, help="Put them in the place of this one.")
    ] = None,
    continues: Annotated[
        str | None,
        typer.Option("--continue", metavar="BATCH", help="The rest of this batch's stack."),
    ] = None,
) -> None:
    """Scan into a dossier; every page is saved the moment it lands."""
    from drivers.host import scanner_for

    if device is None and named is None:
        raise typer.BadParameter("say which scanner", param_hint="--device or --profile")
    if after is not None and replace_page is not None:
        raise typer.BadParameter("not with --after", param_hint="--replace")
    here = shell(context)
    with ending_told(here), interruptible(here.stop), App(here.home, "scan") as app:
        wish = app.profiles.get(named).profile if named is not None else Profile("")
        wish = replace(
            wish,
            source=source or (Source.FLATBED if page_by_page else wish.source),
            dpi=dpi or wish.dpi,
            mode=mode or wish.mode,
            pages=pages,
            options=tuple(_options(option or ())),
            wait=wish.wait if wait is None else wait,
        )
        known = device or wish.device
        scanner, name = scanner_for(known or _found_for(here, wish), app.home.scanners)
        wish = replace(wish, device=name)
        if not wish.legal and not wish.below_floor:
            wish = replace(wish, below_floor="asked for on the command line")
        dossier = app.dossiers.find(code)
        paper_id = app.dossiers.paper_for(dossier, part)
        paper = app.dossiers.get(dossier.id).paper_by_id(paper_id)
        behind = page_before(paper, after) if paper else None
        old = find_pages(paper, str(replace_page))[0].id if paper and replace_page else None
        if continues is not None and not queries.whole_stack(app.store, continues):
            raise NoSuchThing(f"batch {continues[:60]}")
        fit = space.too_little(app.home, app.store, wish.device, pages)
        if fit is not None:
            _tell_room(here, fit)
        app.local.start()
        end = app.capture.run(
            PageByPage(scanner, lambda seq: _asked(here, seq)) if page_by_page else scanner,
            wish,
            paper_id,
            here.stop,
            lambda page: tell_page(here, page),
            after=behind,
            replaces=old,
            continues=continues,
        )
    _end(here, end)


def _tell_room(here: Shell, pages: int) -> None:
    """Say, before the first page, that the disk has room for so many alone."""
    if here.as_json:
        here.event({"event": "room", "pages": pages}, "")
    else:
        here.note(
            f"the disk has room for about {counted(pages, 'page')}; 'digitizer space' tells more"
        )


def _options(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise typer.BadParameter("write it as NAME=VALUE", param_hint="--option")
        yield name, value


def _found_for(here: Shell, wish: Profile) -> str:
    """Return the scanner that suits a profile best which takes any."""
    from drivers.host import all_devices

    device = best(all_devices(Home(here.home).scanners, here.stop), wish).device
    here.note(f"scanning from {device.id}")
    return device.id


def _asked(here: Shell, seq: int) -> bool:
    """Ask for one more page; Enter means yes, the end of the input or a stop no."""
    here.note(f"turn the page, then press Enter for page {seq} (Ctrl-D ends)")
    answered: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=lambda: answered.put(sys.stdin.readline()), daemon=True).start()
    while not here.stop.is_set():
        with contextlib.suppress(queue.Empty):
            return bool(answered.get(timeout=_LOOK_SECONDS))
    return False


def import_(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", readable=False)],
    code: _Code,
    part: _Part = None,
) -> None:
    """Take image and PDF files (or folders of them) into a dossier."""
    from drivers.host import HostedScanner

    here = shell(context)
    profile = Profile("folder", files=tuple(path.absolute() for path in paths))
    with ending_told(here), interruptible(here.stop), App(here.home, "import") as app:
        paper = app.dossiers.paper_for(app.dossiers.find(code), part)
        app.local.start()
        end = app.capture.run(
            HostedScanner("folder"),
            profile,
            paper,
            here.stop,
            lambda page: tell_page(here, page),
        )
    _end(here, end)


@contextlib.contextmanager
def ending_told(here: Shell) -> Iterator[None]:
    """Print an ``end`` line where the disk is too full for pages to begin."""
    try:
        yield
    except DiskFull:
        reason = EndReason.DISK_FULL.value
        here.event({"event": "end", "pages": 0, "reason": reason}, f"0 pages saved ({reason})")
        raise


def tell_page(here: Shell, page: SavedPage) -> None:
    """Print the line of a page that is safe."""
    here.event(
        {
            "event": "page",
            "batch": page.batch,
            "seq": page.seq,
            "sha256": page.sha256,
            "file": str(page.file),
        },
        f"page {page.seq} saved  {page.sha256[:12]}",
    )


def _end(here: Shell, end: BatchEnd) -> None:
    here.event(
        {
            "event": "end",
            "batch": end.batch,
            "pages": end.pages,
            "reason": end.reason.value,
            **({"source": end.source.value} if end.source is not None else {}),
        },
        f"{counted(end.pages, 'page')} saved ({end.reason.value})",
    )
    if end.fronts_only:
        complain("only the fronts were scanned: the feeder does not scan both sides")
    if end.error is None:
        raise typer.Exit(DONE)
    complain(str(end.error))
    raise typer.Exit(DONE if end.reason is EndReason.EMPTY else exit_code(end.error))
