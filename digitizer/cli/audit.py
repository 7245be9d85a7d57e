"""Commands about the audit record: ``audit list``, ``head``, ``export``, ``check``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from digitizer import auditing
from digitizer.app import Facts
from digitizer.chain import Line, canonical
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import USER, Shell, complain, shell
from digitizer.errors import DossierUnknown
from digitizer.identifiers import normal_code
from digitizer.storage import auditlog, queries
from digitizer.storage.auditlog import Head
from digitizer.storage.store import stamp

_MOST = 100


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="The record of who did what to which page.")
    group.command("list")(list_)
    group.command("head")(head)
    group.command("export")(export)
    group.command("check")(check)
    app.add_typer(group, name="audit")


def list_(
    context: typer.Context,
    dossier: Annotated[str | None, typer.Option(metavar="CODE", help="Of one dossier.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="As 2026-11-25 or 2026-11-25T14:00.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="How many lines at most.")] = _MOST,
) -> None:
    """Tell the newest lines, the newest last."""
    here = shell(context)
    moment = "" if since is None else stamp(_moment(since))
    with Facts(here.home) as facts:
        wanted = ""
        if dossier is not None:
            wanted = queries.dossier_id_of(facts.store, normal_code(dossier)) or ""
            if not wanted:
                raise DossierUnknown(dossier.strip()[:60])
        found = auditlog.newest(facts.store, most, dossier_id=wanted, since=moment)[::-1]
        names = auditlog.clerks_in(facts.store, found)
    here.value([_json(one, names) for one in found], "\n".join(_text(one, names) for one in found))


def head(context: typer.Context) -> None:
    """Tell the newest line's number and hash, to be noted where nobody here can change it."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = auditlog.head(facts.store)
    here.value({"seq": found.seq, "hash": found.hash}, str(found))


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to.")],
) -> None:
    """Write the whole record, one JSON object a line."""
    here = shell(context)
    with interruptible(here.stop), Facts(here.home) as facts:
        found = auditing.export(facts.store, file.absolute(), here.stop)
    here.value(
        {"lines": found.seq, "head": str(found)}, f"{found.seq} lines written; the head is {found}"
    )


def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As 'audit export' wrote it.")],
    wanted: Annotated[
        str | None,
        typer.Option("--head", metavar="N:HASH", help="A head noted before: is it in there?"),
    ] = None,
    against: Annotated[
        bool, typer.Option("--here", help="Does this home's own record go on from the file?")
    ] = False,
) -> None:
    """Check an exported record by itself; needs no home."""
    here = shell(context)
    noted = None if wanted is None else _head(wanted)
    found = auditing.check(file.absolute(), noted)
    goes_on = _goes_on(here, found.head) if against else None
    troubles = [f"line {one.seq}: {one.what}" for one in found.breaks]
    troubles += ["it does not hold the head that was noted"] if found.goes_through is False else []
    troubles += ["this home's record does not go on from it"] if goes_on is False else []
    here.value(
        {
            "lines": found.lines,
            "head": str(found.head),
            "problems": troubles,
        },
        f"{found.lines} lines, {len(troubles)} problems; the head is {found.head}",
    )
    if troubles:
        complain(f"{len(troubles)} problems, the first: {troubles[0]}")
        raise typer.Exit(USER)


def _goes_on(here: Shell, last: Head) -> bool:
    with Facts(here.home) as facts:
        return auditlog.holds(facts.store, last)


def _head(text: str) -> Head:
    found = auditlog.head_in(text)
    if found is None:
        raise typer.BadParameter("it is not of the form N:HASH", param_hint="--head")
    return found


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter("it is no date or time", param_hint="--since") from error


def _json(line: Line, names: dict[str, str]) -> dict[str, Any]:
    return {**line.to_json(), "name": names.get(line.who.partition(" ")[2], "")}


def _text(line: Line, names: dict[str, str]) -> str:
    by = names.get(line.who.partition(" ")[2], line.who)
    detail = "" if not line.detail else canonical(dict(line.detail))
    about = " ".join(part for part in (line.act, line.subject, detail) if part)
    return f"{line.seq}  {_clock(line.at)}  {by}  [{line.door}]  {about}"


def _clock(at: str) -> str:
    """Return a moment as this place counts; one that somebody wrote into the record as it is."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return at
