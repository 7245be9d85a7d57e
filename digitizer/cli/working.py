"""Commands that do work: ``work``, ``sync``; and how much of the machine it takes: ``pace``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from digitizer import ballast, clearing, sending
from digitizer import pace as paces
from digitizer.app import App, Facts
from digitizer.cli import marked, unclaimed, unsent
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import LATER, NEVER, USER, Shell, complain, shell
from digitizer.conflicts import waiting
from digitizer.counted import counted
from digitizer.errors import (
    ClerkError,
    DigitizerError,
    PagesUnchecked,
    PaperUnsigned,
    Remedy,
    ScanLeftOff,
    ServerNotSet,
    StateSecret,
    StateSecretSuspected,
    Stopped,
    from_code,
    kind,
)
from digitizer.events import Changed
from digitizer.model import Dossier, Paper
from digitizer.pace import Pace
from digitizer.plan import LOCAL, SYNC, WorkKind
from digitizer.storage import astray, clerks, queries, secrecy, signings
from digitizer.storage.store import Store
from digitizer.work.queue import Parked, troubles

_ROUND_SECONDS = 120.0
_WORK = "'digitizer work --until-idle'"
_GRAVEST = (StateSecretSuspected.code, StateSecret.code)
"""What ``sync`` names before all else."""


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(work)
    app.command()(sync)
    app.command()(pace)


def work(
    context: typer.Context,
    until_idle: Annotated[bool, typer.Option("--until-idle", help="End when all is done.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Take parked work up again.")] = False,
) -> None:
    """Read, OCR and bundle what waits, without the window."""
    here = shell(context)
    with interruptible(here.stop), App(here.home, "work") as app:
        _tell_recovered(here, app)
        ballast.keep(app.home)
        if retry:
            app.work.retry(LOCAL, parked=tuple(Remedy))
        with Progress(console=Console(stderr=True), disable=here.as_json, transient=True) as bar:
            task = bar.add_task("reading, bundling", total=None)

            def moved_on(_change: Changed) -> None:
                done = app.local.state().done
                bar.update(task, completed=done, total=done + app.work.left(LOCAL, parked=False))

            silent = app.events.subscribe(moved_on)
            app.local.start()
            if until_idle:
                app.local.until_idle(here.stop)
            else:
                here.stop.wait()
            silent()
        app.local.stop()
        app.sweeper.once(here.stop, network=False)
        state = app.local.state()
        left = app.work.left(LOCAL, parked=False)
        parked = [found for found in troubles(app.store) if found.parked and found.kind in LOCAL]
        lots = astray.lots(app.store)
        stopped = len(secrecy.dossiers(app.store))
    here.value(
        {"done": state.done, "failed": len(parked), "left": left}
        | ({"secret": stopped} if stopped else {})
        | ({"unclaimed": unclaimed.as_json(lots)} if lots else {}),
        f"{state.done} done, {len(parked)} failed, {left} left" + marked.stopped(stopped),
    )
    if here.stop.is_set() and until_idle:
        complain(str(Stopped()))
        raise typer.Exit(LATER)
    if state.paused is not None:
        raise state.paused
    if parked:
        first = from_code(parked[0].error, parked[0].detail)
        complain(
            f"{counted(len(parked), 'piece of work needs', 'pieces of work need')} a hand, "
            f"the first: {first}"
        )
        raise typer.Exit(USER)
    unclaimed.tell(lots)


def sync(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Also what was refused for good.")] = False,
    at_once: Annotated[
        bool, typer.Option("--now", help="Whatever the hours that 'limits' has.")
    ] = False,
    background: Annotated[
        bool, typer.Option("--background", help="What is finished, while nobody works here.")
    ] = False,
) -> None:
    """Bring dossiers down and send papers up; without --once, until interrupted."""
    here = shell(context)
    if background:
        if once or retry or at_once:
            raise typer.BadParameter("it stands alone", param_hint="--background")
        _attend(here)
        return
    with (
        interruptible(here.stop),
        App(here.home, "sync") as app,
        Progress(console=Console(stderr=True), disable=here.as_json, transient=True) as bar,
    ):
        _tell_recovered(here, app)
        _show_progress(app, bar)
        if at_once:
            app.gate.open_once()
        if app.servers.get() is None:
            raise ServerNotSet
        received, trouble = _down(app, here)
        again = _Again(app, tuple(Remedy) if retry else (Remedy.LATER, Remedy.USER))
        again.once_reached(trouble)
        app.bundling.start()
        app.bundling.until_idle(here.stop, one_round=True)
        if not once:
            app.sync.start()
        elif not (trouble and trouble.pauses_lane):
            app.sync.start()
            app.sync.until_idle(here.stop, one_round=True)
            app.bundling.until_idle(here.stop, one_round=True)  # what is to go compact
            app.sync.until_idle(here.stop, one_round=True)
        while not once and not _hopeless(app, trouble) and not here.stop.wait(_ROUND_SECONDS):
            came, trouble = _down(app, here)
            received += came
            again.once_reached(trouble)
            ballast.keep(app.home)
            app.sweeper.once(here.stop, patient=True, network=trouble is None)
        app.sync.stop()
        if once:
            ballast.keep(app.home)
            app.sweeper.once(here.stop, network=trouble is None)
        app.settle()
        state = app.sync.state()
        sent, moved = app.syncing.sent, app.syncing.moved
        errors = _errors(app.store, trouble or state.paused, app.work.server)
        unsent_here = unsent.waiting(app)
        stuck = unsent.stuck(app, unsent_here)
        errors += [_error(one, it, from_code(it.error, it.detail)) for one, it in stuck]
        errors += [
            {**_error(one, None, ScanLeftOff(paper.part)), "paper": paper.part}
            for one, paper in unsent.half_scanned(unsent_here)
        ]
        unread = unsent.unchecked(unsent_here, {one.id for one, _ in stuck})
        errors += [_error(one, None, PagesUnchecked()) for one in unread]
        left = sum(count for _, count in unsent_here)
        waits = state.closed_until if _due(app) else None
        first_to_do = app.work.left(LOCAL, parked=False)
        lots = astray.lots(app.store)
    opens = waits and waits.isoformat(timespec="minutes")
    here.value(
        {
            "sent": sent,
            "received": received,
            "left": left,
            "errors": errors,
            "useful_bytes": moved.useful,
            "sent_bytes": moved.sent,
        }
        | ({"waits_until": opens} if opens else {})
        | ({"work": first_to_do} if first_to_do else {}),
        f"{counted(sent, 'paper')} sent and confirmed, {counted(received, 'dossier')} received, "
        f"{left} left; {moved.useful} useful bytes of {moved.sent} sent"
        + (
            f"; {counted(first_to_do, 'piece')} of local work first: {_WORK}" if first_to_do else ""
        ),
    )
    if here.stop.is_set() and once:
        complain(str(Stopped()))
        raise typer.Exit(LATER)
    if errors:
        gravest = next((row for row in errors if row["error"] in _GRAVEST), errors[0])
        first: object = from_code(gravest["error"], gravest["detail"])
        about = gravest.get("clerk") or _where(gravest)
        first = f"{about}: {first}" if about else first
        others = len({_trouble(row) for row in errors}) - 1
        complain(f"{first} (and {others} more)" if others else f"{first}")
        raise typer.Exit(_worst(errors))
    if opens:
        complain(
            f"{counted(left, 'paper waits', 'papers wait')} until {opens}, "
            "as 'digitizer limits' has it; --now sends them"
        )
        raise typer.Exit(LATER)
    unclaimed.tell(lots)


def _attend(here: Shell) -> None:
    """Send what is finished whenever the home is free; ends as any command without an end does."""
    from digitizer.background import attend

    with interruptible(here.stop):
        attend(here.home, here.stop)


def _due(app: App) -> bool:
    """Tell whether uploads wait for nothing but their turn."""
    return app.work.left(SYNC, parked=False) > app.work.put_off(SYNC)


def _show_progress(app: App, bar: Progress) -> None:
    """Show the bytes that went out, of all that there are to send."""
    task = bar.add_task("sending", total=None)

    def moved_on(_change: Changed) -> None:
        going, gone = app.syncing.going, app.syncing.moved.useful
        left = sending.load(app.store, app.work.server, finished_only=False).bytes
        bar.update(task, completed=gone + (going.sent if going else 0), total=gone + left)

    app.events.subscribe(moved_on)


@dataclass(slots=True)
class _Again:
    """Takes parked work up again, once, when the server was reached: before that, its trouble is
    all that is known of it, and stays to be seen."""

    app: App
    wanted: tuple[Remedy, ...]
    taken: bool = False

    def once_reached(self, trouble: DigitizerError | None) -> None:
        """Take it up unless ``trouble`` would meet all of it."""
        if not self.taken and not (trouble and trouble.pauses_lane):
            self.taken = True
            self.app.work.retry(SYNC, parked=self.wanted)


def _hopeless(app: App, trouble: DigitizerError | None) -> bool:
    """Tell whether nothing goes on until somebody does something, such as mend a password."""
    return any(
        error is not None and error.pauses_lane and error.until_woken
        for error in (trouble, app.sync.state().paused)
    )


def _down(app: App, here: Shell) -> tuple[int, DigitizerError | None]:
    """Bring dossiers down; returns how many came, and the first trouble."""
    troubles: list[DigitizerError] = []
    came = 0
    try:
        came = app.syncing.down(here.stop, troubles.append)
    except DigitizerError as error:
        troubles.append(error)
    return came, next(iter(troubles), None)


def _errors(store: Store, lane: DigitizerError | None, server: str | None) -> list[dict[str, Any]]:
    rows = []
    if lane is not None:
        rows.append(_error(None, None, lane) | _whose(store, lane))
    for found in troubles(store):
        if found.kind is WorkKind.UPLOAD:
            dossier = queries.dossier(store, found.dossier_id)
            error = from_code(found.error, found.detail)
            rows.append(_error(dossier, found, error) | _whose(store, error))
    for one in signings.awaiting(store, finished_only=False):
        dossier = queries.dossier(store, one.dossier_id)
        paper = dossier.paper_by_id(one.paper_id) if dossier else None
        if dossier and paper:
            rows.append({**_error(dossier, None, PaperUnsigned(paper.part)), "paper": paper.part})
    for suspect in clearing.waiting(store):
        rows.append(_error(suspect.dossier, None, suspect.error()) | {"paper": suspect.paper.part})
    for met in waiting(store, server):
        error = met.error(met.paper.part)
        rows.append({**_error(met.dossier, None, error), "paper": met.paper.part})
    return rows


def _whose(store: Store, error: DigitizerError) -> dict[str, str]:
    """Return the name of the clerk whose account it is about, where it is about one of several."""
    clerk = clerks.clerk(store, error.detail) if isinstance(error, ClerkError) else None
    return {"clerk": clerk.name} if clerk is not None else {}


def _error(dossier: Dossier | None, found: Parked | None, error: DigitizerError) -> dict[str, Any]:
    paper = _paper_of(dossier, found.subject) if dossier and found else None
    return {
        "dossier": dossier.name if dossier else None,
        "paper": paper.part if paper else None,
        "error": error.code,
        "detail": error.detail,
        "remedy": error.remedy.value,
    }


def _paper_of(dossier: Dossier, subject: str) -> Paper | None:
    """Return the paper that work is about, by its own id or by the image of one of its pages."""
    image = subject[:64]
    with_it = (p for p in dossier.papers if any(page.sha256 == image for page in p.live_pages))
    return dossier.paper_by_id(subject) or next(with_it, None)


def _trouble(row: dict[str, Any]) -> tuple[str, str]:
    """Return what tells one trouble from another: an account that cannot sign in is one, however
    many papers wait for it."""
    of_clerk = issubclass(kind(row["error"]), ClerkError)
    return row["error"], row["detail"] if of_clerk else _where(row)


def _where(row: dict[str, Any]) -> str:
    """Return which paper an error is about, empty where it is about all."""
    return " ".join(filter(None, (row["dossier"], row["paper"])))


def _worst(errors: list[dict[str, Any]]) -> int:
    remedies = {row["remedy"] for row in errors}
    if Remedy.USER in remedies:
        return USER
    return NEVER if Remedy.NEVER in remedies else LATER


def pace(
    context: typer.Context,
    choice: Annotated[Pace | None, typer.Argument(metavar="[work|desk]")] = None,
) -> None:
    """Tell or set who goes first on this machine: work, or desk, which keeps one core free."""
    here = shell(context)
    if choice is None:
        with Facts(here.home) as facts:
            found = paces.get(facts.store)
    else:
        with App(here.home, "pace") as app:
            app.keep_pace(choice)
        found = choice
    jobs = paces.jobs(found)
    here.value({"pace": found.value, "jobs": jobs}, f"{found}: {jobs} programs at once")


def _tell_recovered(here: Shell, app: App) -> None:
    if not app.recovered.nothing:
        here.note(
            f"recovered after a crash: {counted(app.recovered.pages, 'page')} adopted, "
            f"{counted(app.recovered.batches, 'batch', 'batches')} closed, "
            f"{counted(app.recovered.set_aside, 'file')} set aside"
        )
