"""Commands that sign: ``sign CODE…``, ``sign list``, ``keys``, ``rules``, ``withdraw``."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import replace
from rich.console import Console
from rich.progress import Progress
from typer.core import TyperGroup

from digitizer import batchsigning
from digitizer.app import App, Facts
from digitizer.batchsigning import Listed, Outcome, Result
from digitizer.cli import asking
from digitizer.cli.interruption import interruptible
from digitizer.cli.page import paper_in
from digitizer.cli.shell import (
    LATER,
    NEVER,
    USER,
    Shell,
    complain,
    exit_code,
    shell,
)
from digitizer.cli.signing_options import Given, Key, Label, Serial, Token, with_given
from digitizer.counted import counted
from digitizer.errors import AgencyMissing, KeyNotSet
from digitizer.model import Dossier, Paper
from digitizer.signing import keyplace
from digitizer.signing.model import Certificate, Plugged
from digitizer.signing.session import tokens
from digitizer.signingrules import MOST_IDLE, NONE, KeyKind, Look, Rules
from digitizer.storage import signings

_DEFAULT = "papers"
_Parts = Annotated[
    list[str] | None,
    typer.Option("--paper", metavar="PART", help="TP01, or TP99#2: its second. Several may be."),
]


class _Group(TyperGroup):
    """A group whose words are codes of dossiers unless the first of them is a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command that is meant before the words."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(
        cls=_Group,
        no_args_is_help=True,
        help="Sign papers: digitizer sign CODE… [--paper PART]… or --all-waiting.",
    )
    group.command(_DEFAULT, help="What 'digitizer sign CODE…' does.")(papers)
    group.command("list")(list_)
    group.command("keys")(keys)
    group.command("rules")(rules)
    group.command("withdraw")(withdraw)
    app.add_typer(group, name="sign")


@with_given
def papers(
    context: typer.Context,
    codes: Annotated[
        list[str] | None, typer.Argument(metavar="[CODE]...", help="Mã hồ sơ.")
    ] = None,
    part: _Parts = None,
    all_waiting: Annotated[
        bool, typer.Option("--all-waiting", help="Every paper that waits for a signature.")
    ] = False,
    *,
    given: Given,
) -> None:
    """Sign papers; the PIN is one line of standard input, or is asked for on a terminal."""
    if bool(codes) == all_waiting:
        raise typer.BadParameter("give either codes of dossiers or --all-waiting")
    if part and (all_waiting or len(codes or ()) != 1):
        raise typer.BadParameter("it needs the code of one dossier", param_hint="--paper")
    here = shell(context)
    with interruptible(here.stop), App(here.home, "sign") as app:
        app.settle()
        ruled = signings.rules(app.store)
        found = given.over(ruled)
        _check_locks(app, ruled, found)
        listed = _listed(app, codes or [], part or [], found.look)
        if all_waiting and given.look is not None:
            listed = tuple(one for one in listed if one.look is given.look)
        results: tuple[Result, ...] = ()
        if listed:
            _show(here, listed)
            if found.key is None or not found.path:
                raise KeyNotSet  # before a PIN is asked for
            if not found.agency and any(one.look is Look.COPY for one in listed):
                raise AgencyMissing
            app.key.unlock(found, "" if found.key is KeyKind.SERVICE else asking.pin())
            results = _sign(here, app, listed, found)
            app.settle()
        left = signings.count(app.store, finished_only=False)[0]
    _tell(here, results, left, stamps=found.stamped)


def _check_locks(app: App, ruled: Rules, found: Rules) -> None:
    """Raise ``ByAdministrator`` where what was said for this once differs from what is locked."""
    was = ruled.settings()
    for name, value in found.settings().items():
        if value != was[name]:
            app.policy.check(name, value)


def _listed(app: App, codes: list[str], parts: list[str], look: Look) -> tuple[Listed, ...]:
    if not codes:
        return batchsigning.waiting(app.store, finished_only=False)
    found: list[Listed] = []
    for code in codes:
        dossier = app.dossiers.find(code)
        wanted: Sequence[Paper] = [paper_in(dossier, part) for part in parts]
        if not parts:  # what came signed is passed on as it is
            wanted = [p for p in dossier.papers if p.live_pages and not p.signatures]
        found += batchsigning.of_dossier(dossier, wanted, look)
    return tuple(found)


def _show(here: Shell, listed: Sequence[Listed]) -> None:
    """Show the list before the PIN is asked for: what is signed is what stands there."""
    here.note(f"{counted(len(listed), 'paper')} to be signed:")
    for one in listed:
        here.note(
            f"  {one.code}  {_part(one)}  {one.title}  {counted(one.pages, 'page')}  "
            f"{one.look.value}  {one.sha256[:12]}"
        )


def _sign(here: Shell, app: App, listed: Sequence[Listed], found: Rules) -> tuple[Result, ...]:
    with Progress(console=Console(stderr=True), disable=here.as_json, transient=True) as bar:
        task = bar.add_task("signing", total=len(listed))
        return app.signing.sign(listed, found, here.stop, lambda _one: bar.update(task, advance=1))


def _lacks(one: Result, stamps: bool) -> str:
    """Say what a signature lacks of what was asked for."""
    return (
        ", without a time stamp" if stamps and one.version and not one.version.timestamped else ""
    )


def _tell(here: Shell, results: Sequence[Result], left: int, *, stamps: bool) -> None:
    signed = sum(one.outcome is Outcome.SIGNED for one in results)
    lines = [
        f"{one.listed.code}  {_part(one.listed)}  {one.outcome}{_lacks(one, stamps)}"
        + (f": {one.error}" if one.error else "")
        for one in results
    ]
    here.value(
        {"signed": signed, "left": left, "papers": [_result(one) for one in results]},
        "\n".join(
            [
                *lines,
                f"{counted(signed, 'paper')} signed, "
                f"{counted(left, 'waits', 'wait')} for a signature",
            ]
        ),
    )
    errors = [one.error for one in results if one.error is not None]
    if errors:
        more = f" ({counted(signed, 'paper')} signed, {len(errors)} not)"
        complain(f"{errors[0]}{more}")
        codes = {exit_code(error) for error in errors}
        raise typer.Exit(next(code for code in (USER, NEVER, LATER, *codes) if code in codes))


def _result(one: Result) -> dict[str, Any]:
    made = one.version
    return {
        "dossier": one.listed.code,
        "paper": one.listed.part,
        "copy": one.listed.copy,
        "title": one.listed.title,
        "look": one.listed.look.value,
        "listed": one.listed.sha256,
        "outcome": one.outcome.value,
        "sha256": made.sha256 if made else None,
        "signer": made.signer if made else None,
        "timestamped": made.timestamped if made else None,
        "long_term": made.long_term if made else None,
        "error": one.error.code if one.error else None,
        "detail": one.error.detail if one.error else None,
        "remedy": one.error.remedy.value if one.error else None,
    }


def list_(context: typer.Context) -> None:
    """List the papers that wait for a signature, as the rules have it."""
    here = shell(context)
    with Facts(here.home) as facts:
        listed = batchsigning.waiting(facts.store, finished_only=False)
    rows = [
        {
            "dossier": one.code,
            "paper": one.part,
            "copy": one.copy,
            "title": one.title,
            "pages": one.pages,
            "bytes": one.bytes,
            "sha256": one.sha256,
            "look": one.look.value,
            "closed": one.finished,
        }
        for one in listed
    ]
    text = "\n".join(
        f"{one.code}  {_part(one)}  {one.title}  {counted(one.pages, 'page')}  {one.look.value}"
        for one in listed
    )
    here.value(rows, text or "no paper waits for a signature")


def keys(
    context: typer.Context,
    token: Token = None,
    label: Label = None,
    serial: Serial = None,
    key: Key = None,
) -> None:
    """Tell the tokens that are plugged in; with --key, --label or --serial, whose certificate it
    is."""
    here = shell(context)
    with tempfile.TemporaryDirectory(prefix="digitizer-") as folder:
        if key is None and label is None and serial is None:
            with Facts(here.home) as facts:
                found = Given(token=token).over(signings.rules(facts.store))
            if found.key is not KeyKind.TOKEN:
                raise KeyNotSet("--token names the PKCS#11 library")
            plugged = tokens(Path(found.path), Path(folder))
            here.value(
                [one.to_json() for one in plugged],
                "\n".join(map(str, plugged)) or "no token is plugged in",
            )
            return
    with App(here.home, "sign keys") as app:
        found = Given(key=key, token=token, label=label, serial=serial).over(
            signings.rules(app.store)
        )
        unlocked = app.key.unlock(found, asking.pin())
    certificate = unlocked.certificate
    here.value(
        certificate and _certificate(certificate),
        f"{certificate.name}  {certificate.organisation}  until {certificate.not_after:%Y-%m-%d}"
        if certificate
        else "the signing service chooses the certificate",
    )


def _certificate(one: Certificate) -> dict[str, Any]:
    return {
        "name": one.name,
        "organisation": one.organisation,
        "issuer": one.issuer,
        "serial": one.serial,
        "sha256": one.sha256,
        "begins": one.not_before.isoformat(),
        "ends": one.not_after.isoformat(),
    }


@with_given
def rules(
    context: typer.Context,
    before: Annotated[
        str | None,
        typer.Option(
            "--before-sending",
            metavar="none|personal|copy",
            help="The signature a paper must bear before it is sent.",
        ),
    ] = None,
    *,
    given: Given,
    idle: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_IDLE, help="Minutes unused until the PIN is asked for anew."),
    ] = None,
) -> None:
    """Tell or set how this office signs."""
    if before is not None and before not in (NONE, *Look):
        raise typer.BadParameter("none, personal or copy", param_hint="--before-sending")
    here = shell(context)
    if given != Given() or before is not None or idle is not None:
        with App(here.home, "sign rules") as app:
            wanted = given.over(signings.rules(app.store))
            if before is not None:
                wanted = replace(wanted, before=None if before == NONE else Look(before))
            if idle is not None:
                wanted = replace(wanted, idle=idle)
            if given.key is not None or given.token is not None:
                keyplace.check(wanted)
            app.keep_signing_rules(wanted)
            app.settle()
    with Facts(here.home) as facts:
        found = signings.rules(facts.store)
    here.value(
        as_json(found),
        f"before sending: {found.before or NONE}; look: {found.look}; key: "
        f"{found.key or 'not set'} {found.path} {Plugged(found.label, found.serial)}".rstrip()
        + f"; timestamps: {found.timestamps or 'none'}; agency: {found.agency or 'not set'}",
    )


def as_json(found: Rules) -> dict[str, Any]:
    """Return the rules as ``sign rules`` prints them."""
    return {
        "before_sending": found.before.value if found.before else NONE,
        "look": found.look.value,
        "copy": found.copy.value,
        "key": {
            "kind": found.key.value,
            "path": found.path,
            "label": found.label,
            "serial": found.serial,
        }
        if found.key
        else None,
        "timestamps": found.timestamps or None,
        "agency": found.agency or None,
        "idle": found.idle,
    }


def withdraw(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ.")],
    part: _Parts = None,
) -> None:
    """Take the signatures made here back from papers: they wait for another, or go unsigned."""
    here = shell(context)
    with App(here.home, "sign withdraw") as app:
        dossier: Dossier = app.dossiers.find(code)
        wanted = [paper_in(dossier, one) for one in part or []] or list(dossier.papers)
        taken = app.signing.withdraw(dossier.id, [paper.id for paper in wanted])
        app.settle()
    here.value({"withdrawn": taken}, f"{taken} signatures taken back")


def _part(one: Listed) -> str:
    return one.part if one.copy == 1 else f"{one.part}#{one.copy}"
