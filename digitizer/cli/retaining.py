"""The group ``retention``: how long copies of what was sent stay here, and what is gone; and the
command ``space``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from digitizer import shelflife
from digitizer import space as spaces
from digitizer.app import App, Facts
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import LATER, USER, Shell, complain, day, minute, shell
from digitizer.counted import counted
from digitizer.errors import CopyRemoved, RemovalUnconfirmed, ServerNotSet, Stopped
from digitizer.identifiers import normal_code
from digitizer.retention import Obstacle, life_of, verdict_of
from digitizer.servers import server_of
from digitizer.shelflife import ShelfLife
from digitizer.space import Space
from digitizer.storage import removals
from digitizer.storage.removals import Removal
from digitizer.storage.store import Store

_Name = Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ or local number.")]
_MOST = 100_000
_REASON = 200

group = typer.Typer(help="How long copies of what was sent stay on this machine.")


def register(app: typer.Typer) -> None:
    """Add the group and the command to the root."""
    group.command("show")(show)
    group.command("set")(set_)
    group.command("off")(off)
    group.command("run")(run)
    group.command("log")(log)
    group.command("keep")(keep)
    group.command("remove")(remove)
    app.add_typer(group, name="retention")
    app.command()(space)


def show(context: typer.Context) -> None:
    """Tell what is set, what is about to go, and what is kept."""
    here = shell(context)
    with Facts(here.home) as facts:
        _show(here, facts.store)


def _show(here: Shell, store: Store) -> None:
    life = life_of(store)
    asked = removals.open_removals(store)
    gone, gone_bytes = removals.begun_in_all(store)
    kept = removals.kept(store)
    here.value(
        {
            "days": life.days,
            "since": life.since and life.since.isoformat(),
            "changed": life.changed and life.changed.isoformat(),
            "asked": [_removal(one) for one in asked],
            "removed": gone,
            "removed_bytes": gone_bytes,
            "kept": kept,
        },
        f"{_life(life, datetime.now(UTC))}; {counted(gone, 'dossier')} removed so far, "
        f"{len(kept)} kept whatever their age"
        + "".join(
            f"\n{one.code} goes at {minute(one.due_at)}: {one.reason}; "
            f"'digitizer retention keep {one.code}' takes that back"
            for one in asked
        ),
    )


def _life(life: ShelfLife, now: datetime) -> str:
    if life.days is None:
        return "copies stay here for good"
    text = f"copies go {counted(life.days, 'day')} after the last receipt"
    if not life.noticed:
        return f"{text}, none before a day after this is first seen at work"
    begins = life.holds_from
    return f"{text}, none before {minute(begins)}" if begins and begins > now else text


def set_(
    context: typer.Context,
    days: Annotated[
        int, typer.Argument(min=1, max=shelflife.MOST_DAYS, help="After the last receipt.")
    ],
) -> None:
    """Let copies go so many days after the procedure system proved to have them."""
    _set(context, days)


def off(context: typer.Context) -> None:
    """Keep copies here for good."""
    _set(context, None)


def _set(context: typer.Context, days: int | None) -> None:
    here = shell(context)
    with App(here.home, "retention set") as app:
        app.retention.set(days)
        _show(here, app.store)


def run(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would go; change nothing.")
    ] = False,
) -> None:
    """Remove the copies whose time is over, after the procedure system gave each file back."""
    here = shell(context)
    if dry_run:
        _would(here)
        return
    with interruptible(here.stop), App(here.home, "retention run") as app:
        life = app.retention.life()
        if life.days is not None and app.servers.get() is None:
            raise ServerNotSet
        swept = app.sweeper.once(here.stop)
        left = len(app.retention.due(app.work.server, datetime.now(UTC)))
    here.value(
        {
            "dossiers": swept.dossiers,
            "files": swept.files,
            "unproven": swept.unproven,
            "left": left,
            "error": swept.trouble.code if swept.trouble else None,
        },
        f"{counted(swept.dossiers, 'dossier')} removed, {counted(swept.files, 'file')}; "
        f"{left} left",
    )
    if swept.trouble is not None:
        raise swept.trouble
    if here.stop.is_set():
        complain(str(Stopped()))
        raise typer.Exit(LATER)
    if swept.unproven:
        complain(
            f"{counted(swept.unproven, 'dossier stays', 'dossiers stay')}: the procedure system "
            "did not give their files back as they were; 'digitizer sync' sends them again or says "
            "what is to be decided"
        )
        raise typer.Exit(USER)


def _would(here: Shell) -> None:
    now = datetime.now(UTC)
    rows = []
    with Facts(here.home) as facts:
        store = facts.store
        to = server_of(store)
        server = to.name if to else None
        found = removals.done_before(store, server, "~") if server else []
        for dossier_id in found:
            told = verdict_of(store, dossier_id, server, now)
            if told is None or told[1].obstacle is Obstacle.NOTHING:
                continue
            dossier, verdict = told
            rows.append(
                {
                    "dossier": dossier.name,
                    "goes": verdict.obstacle is None,
                    "why_not": verdict.obstacle and verdict.obstacle.value,
                    "due_at": verdict.due_at and verdict.due_at.isoformat(),
                }
            )
    going = [row for row in rows if row["goes"]]
    text = "\n".join(f"{row['dossier']}  {row['why_not'] or 'goes'}" for row in rows)
    here.value(
        {"dossiers": len(going), "of": rows},
        f"{text}\n{counted(len(going), 'dossier')} would go" if rows else "nothing would go",
    )


def log(
    context: typer.Context,
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="Mã hồ sơ or local number.")
    ] = None,
    files: Annotated[bool, typer.Option("--files", help="Every file with its hash.")] = False,
) -> None:
    """List what was removed, the last first; as JSON with the hash of every file."""
    here = shell(context)
    name = normal_code(code) if code else None
    with Facts(here.home) as facts:
        gone = [
            one for one in removals.begun(facts.store, _MOST) if name is None or one.code == name
        ]
        each = removals.log(facts.store, _MOST, name) if files or here.as_json else []
    lines = [
        f"{day(one.begun_at or one.asked_at)}  {one.code}  {one.why}  "
        f"{counted(one.files, 'file')}, {counted(one.bytes, 'byte')}"
        + (f"  {one.reason}" if one.reason else "")
        for one in gone
    ]
    if files:
        lines += [
            f"{one.sha256}  {one.kind}  {one.code}"
            + ("  shared, stayed here" if one.shared else "")
            for one in each
        ]
    here.value(
        {
            "removals": [_removal(one) for one in gone],
            "files": [
                {
                    "dossier": one.code or None,
                    "kind": one.kind,
                    "sha256": one.sha256,
                    "bytes": one.bytes,
                    "gone_at": one.gone_at and one.gone_at.isoformat(),
                    "shared": one.shared,
                }
                for one in each
            ],
        },
        "\n".join(lines) or "nothing was removed",
    )


def _removal(one: Removal) -> dict[str, Any]:
    return {
        "dossier": one.code,
        "why": one.why.value,
        "reason": one.reason,
        "by": one.clerk or None,
        "asked_at": one.asked_at.isoformat(),
        "due_at": one.due_at.isoformat(),
        "begun_at": one.begun_at and one.begun_at.isoformat(),
        "done_at": one.done_at and one.done_at.isoformat(),
        "files": one.files,
        "bytes": one.bytes,
    }


def keep(
    context: typer.Context,
    code: _Name,
    let_go: Annotated[bool, typer.Option("--off", help="Let it go in its time again.")] = False,
) -> None:
    """Keep a dossier's copies here whatever their age; takes a removal back that waits."""
    here = shell(context)
    with App(here.home, "retention keep") as app:
        dossier = app.dossiers.find(code)
        if let_go:
            app.retention.let_go(dossier.id)
        else:
            app.retention.keep(dossier.id)
    word = "goes in its time" if let_go else "stays"
    here.value({"dossier": dossier.name, "kept": not let_go}, f"{dossier.name} {word}")


def remove(
    context: typer.Context,
    code: _Name,
    reason: Annotated[str, typer.Option(help="Why; it is recorded.")] = "",
    confirm: Annotated[
        str, typer.Option(metavar="CODE", help="The dossier once more, as a seal.")
    ] = "",
    at_once: Annotated[
        bool, typer.Option("--now", help="Without the day in which it can be taken back.")
    ] = False,
) -> None:
    """Remove a dossier's copies before their time, sent or not. It goes after a day, until which
    'retention keep' takes that back."""
    here = shell(context)
    with App(here.home, "retention remove") as app:
        dossier = app.dossiers.find(code)
        open_papers = [p for p in dossier.papers if p.live_pages and p.removed_at is None]
        if not open_papers and not any(p.pages and not p.removed_at for p in dossier.papers):
            raise CopyRemoved(dossier.name)
        unsent = [p for p in open_papers if dossier.receipt(p, app.work.server) is None]
        why = " ".join(reason.split())[:_REASON]
        if not why or normal_code(confirm) != dossier.name:
            pages = sum(len(paper.live_pages) for paper in open_papers)
            raise RemovalUnconfirmed(
                f"{dossier.name}: {counted(len(open_papers), 'paper')}, {counted(pages, 'page')}, "
                f"{counted(len(unsent), 'paper')} of them never confirmed by the procedure system"
            )
        asked = app.retention.discard(dossier.id, why, grace=not at_once)
        if at_once:
            app.sweeper.once(here.stop, network=False)
    gone = asked.begun_at is not None
    here.value(
        _removal(asked),
        f"{asked.code} is removed, {counted(asked.files, 'file')}"
        if gone
        else f"{asked.code} goes at {minute(asked.due_at)}; "
        f"'digitizer retention keep {asked.code}' takes that back",
    )


def space(context: typer.Context) -> None:
    """Tell how full the disk is, what takes it up, how long it lasts and what will be freed."""
    here = shell(context)
    with Facts(here.home) as facts:
        to = server_of(facts.store)
        found = spaces.look(facts.home, facts.store, to.name if to else None)
    days = (
        ""
        if found.days_left is None
        else f", {counted(found.days_left, 'working day')} at today's pace"
    )
    here.value(
        as_json(found),
        f"{found.free / 1e9:.1f} of {found.total / 1e9:.1f} GB free: about "
        f"{counted(found.pages_left, 'page')}{days}; images {found.images / 1e9:.2f} GB, "
        f"bundles {found.bundles / 1e9:.2f} GB, "
        f"words about {found.words / 1e9:.2f} GB, database {found.database / 1e9:.2f} GB, "
        f"others {found.others / 1e9:.2f} GB"
        + "".join(
            f"\n{one.at.date().isoformat()}: {counted(one.dossiers, 'dossier')}, "
            f"{one.bytes / 1e9:.2f} GB free"
            for one in found.frees[:10]
        ),
    )


def as_json(found: Space) -> dict[str, Any]:
    """Return how the disk stands as ``space`` and ``status`` print it."""
    return {
        "level": found.level.value,
        "total": found.total,
        "free": found.free,
        "images": found.images,
        "bundles": found.bundles,
        "words": found.words,
        "database": found.database,
        "others": found.others,
        "page_bytes": found.page_bytes,
        "pages_a_day": found.pages_a_day,
        "pages_left": found.pages_left,
        "days_left": found.days_left,
        "frees": [
            {"day": one.at.date().isoformat(), "dossiers": one.dossiers, "bytes": one.bytes}
            for one in found.frees
        ],
    }
