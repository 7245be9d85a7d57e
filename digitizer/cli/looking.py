"""Commands that look at a home and change nothing: ``status``, ``verify``."""

from __future__ import annotations

import shutil
from typing import Any

import typer
from rich.console import Console
from rich.progress import Progress

from digitizer import sending, space, worklist
from digitizer.app import Facts
from digitizer.cli import limiting, marked, retaining
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import USER, complain, exit_code, shell
from digitizer.conflicts import waiting
from digitizer.counted import counted
from digitizer.errors import DigitizerError, Stopped
from digitizer.servers import server_of
from digitizer.space import Level
from digitizer.storage import astray, queries, secrecy, signings, ways
from digitizer.verifying import verify as verify_home
from digitizer.work.queue import troubles


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(status)
    app.command()(verify)


def status(context: typer.Context) -> None:
    """Count pages, work, outbox and errors; tell the free disk."""
    here = shell(context)
    with Facts(here.home) as facts:
        store = facts.store
        to = server_of(store)
        fetched = worklist.fetched_at(store, to.name if to else None)

        def count(sql: str) -> int:
            return int(store.rows(sql)[0][0])

        found: dict[str, Any] = {
            "dossiers": count("SELECT count(*) FROM dossier"),
            "pages": count("SELECT count(*) FROM page WHERE deleted_at IS NULL"),
            "work": count(
                "SELECT count(*) FROM work WHERE kind NOT IN ('upload', 'sign') AND parked = 0"
            ),
            "outbox": count("SELECT count(*) FROM work WHERE kind = 'upload'"),
            "errors": len(troubles(store)),
            "unreadable": queries.unreadable(store),
            "conflicts": len(waiting(store, to.name if to else None)),
            "unclaimed": sum(lot.pages for lot in astray.lots(store)),
            "secret": len(secrecy.dossiers(store)),
            "procedures": count("SELECT count(*) FROM procedure"),
            "free_disk": shutil.disk_usage(facts.home.root).free,
        }
        name = to.name if to else None
        room = space.look(facts.home, store, name)
        load = sending.load(store, name, finished_only=False)
        limits = sending.limits_of(store)
        found |= {
            "outbox_bytes": load.bytes,
            "outbox_seconds": load.seconds and round(load.seconds),
            "too_big": load.too_big,
            "withheld": count("SELECT count(*) FROM way WHERE withheld_at IS NOT NULL"),
            "unsigned": signings.count(store, finished_only=False)[0],
            "limits": limiting.as_json(limits, ways.speed(store, name)),
            "removed": count("SELECT count(*) FROM dossier WHERE removed_at IS NOT NULL"),
            "disk": retaining.as_json(room),
        }
    age = f"{fetched.astimezone():%Y-%m-%d %H:%M}" if fetched else "never"
    here.value(
        {**found, "fetched_at": fetched and fetched.isoformat()},
        f"{counted(found['dossiers'], 'dossier')}, {counted(found['pages'], 'page')}, "
        f"{counted(found['work'], 'piece')} of work, {found['outbox']} in the outbox, "
        f"{counted(found['errors'], 'error')}, {found['conflicts']} to decide, "
        f"{counted(found['unreadable'], 'page')} without words, "
        f"{counted(found['procedures'], 'procedure')} known, list of dossiers as of {age}, "
        f"{found['free_disk'] / 1e9:.1f} GB free"
        + marked.stopped(found["secret"])
        + (
            f"; {counted(found['unclaimed'], 'page')} of dossiers unknown here"
            if found["unclaimed"]
            else ""
        )
        + (
            f"; {counted(found['unsigned'], 'paper waits', 'papers wait')} for a signature"
            if found["unsigned"]
            else ""
        )
        + (
            f"; {counted(load.too_big, 'paper takes', 'papers take')} the line longer than "
            f"{counted(limits.minutes, 'minute')} each: "
            "'digitizer paper style' makes one compact"
            if load.too_big
            else ""
        )
        + (
            f"; the disk is {room.level}: about "
            f"{counted(room.pages_left, 'page fits', 'pages fit')}, 'digitizer space'"
            if room.level is not Level.FINE
            else ""
        ),
    )


def verify(context: typer.Context) -> None:
    """Check every blob, row, bundle and incoming file."""
    here = shell(context)
    with (
        interruptible(here.stop),
        Facts(here.home) as facts,
        Progress(console=Console(stderr=True), disable=here.as_json, transient=True) as bar,
    ):
        task = bar.add_task("verifying", total=None)
        found = verify_home(
            facts.home,
            facts.store,
            facts.vault,
            here.stop,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    here.value(
        {
            "pages": found.pages,
            "blobs": found.blobs,
            "problems": [{"kind": one.kind, "subject": one.subject} for one in found.problems],
        },
        f"{counted(found.pages, 'page')}, {counted(found.blobs, 'blob')}, "
        f"{counted(len(found.problems), 'problem')}",
    )
    if here.stop.is_set():
        error: DigitizerError = Stopped()
        complain(str(error))
        raise typer.Exit(exit_code(error))
    if found.problems:
        first = found.problems[0]
        complain(
            f"{len(found.problems)} problems, the first: {first.kind} {first.subject}; "
            "delete nothing and ask support"
        )
        raise typer.Exit(USER)
