"""The command ``limits``: how uploads may use the line."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from msgspec.structs import replace

from digitizer import sending
from digitizer.app import App, Facts
from digitizer.cli.shell import shell
from digitizer.limits import ANY, MOST_KBITS, MOST_MINUTES, Compacting, Hours, Limits
from digitizer.servers import server_of
from digitizer.storage import ways


def register(app: typer.Typer) -> None:
    """Add the command to the root."""
    app.command()(limits)


def limits(
    context: typer.Context,
    kbits: Annotated[
        int | None,
        typer.Option(min=0, max=MOST_KBITS, help="Kilobits a second at most; 0: no limit."),
    ] = None,
    hours: Annotated[
        str | None,
        typer.Option(metavar="HOURS", help="17:00-07:00, 'not 07:00-17:00', or any."),
    ] = None,
    compact: Annotated[
        Compacting | None, typer.Option(help="What to do about a paper too big for the line.")
    ] = None,
    minutes: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_MINUTES, help="How long sending one file may take."),
    ] = None,
) -> None:
    """Tell or set how fast and when uploads run, and what is done about papers too big for it."""
    here = shell(context)
    given = {"kbits": kbits, "compact": compact, "minutes": minutes}
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if hours is not None:
        try:
            chosen["hours"] = Hours.parse(hours)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--hours") from error
    if chosen:
        with App(here.home, "limits") as app:
            app.keep_limits(replace(app.limits, **chosen))
    with Facts(here.home) as facts:
        found = sending.limits_of(facts.store)
        server = server_of(facts.store)
        speed = ways.speed(facts.store, server.name if server else None)
    fast = f"{found.kbits} kbit/s at most" if found.kbits else "as fast as it goes"
    when = f"at {found.hours.text()}" if found.hours else "at any time"
    line = f"; the line did {speed / 125:.0f} kbit/s" if speed else ""
    here.value(
        as_json(found, speed),
        f"{fast}, {when}; one file {found.minutes} minutes at most, else compact: "
        f"{found.compact.value}{line}",
    )


def as_json(limits: Limits, speed: float | None) -> dict[str, Any]:
    """Return what is set as ``limits`` and ``status`` print it."""
    return {
        "kbits": limits.kbits,
        "hours": limits.hours.text() if limits.hours else ANY,
        "compact": limits.compact.value,
        "minutes": limits.minutes,
        "speed_kbits": round(speed / 125, 1) if speed else None,
    }
