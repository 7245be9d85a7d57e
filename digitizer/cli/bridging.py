"""Commands about web pages that scan: ``bridge``, ``bridge allow``, ``refuse``, ``forget``,
``list``."""

from __future__ import annotations

import threading
from typing import Annotated, Any

import typer
from msgspec import Struct
from msgspec.structs import replace

from digitizer.app import App, Facts
from digitizer.bridge import talk
from digitizer.bridge.consents import SCAN, Consents, account
from digitizer.bridge.desk import Happened, News, Scanned
from digitizer.bridge.orders import Order, Orders
from digitizer.choosing import best
from digitizer.cli.capturing import tell_page
from digitizer.cli.interruption import interruptible
from digitizer.cli.shell import Shell, complain, exit_code, shell
from digitizer.counted import counted
from digitizer.errors import Stopped
from digitizer.origins import typed_origin
from digitizer.policyfile import read_policy
from digitizer.profilefile import NamedProfile

_SAID = {
    Happened.REFUSED: "wants to scan and may not",
    Happened.BEGUN: "scanning for it",
    Happened.SCANNED: "safe so far: {}",
    Happened.GIVEN: "has got its file of {}",
    Happened.LEFT: "left before it got its file; what was scanned is kept",
    Happened.FAILED: "got no file",
}
_Origin = Annotated[str, typer.Argument(metavar="ORIGIN", help="Such as https://motcua.gov.vn")]


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Let the Scan button of web pages use this scanner.")
    group.callback(invoke_without_command=True)(bridge)
    group.command("allow")(allow)
    group.command("refuse")(refuse)
    group.command("forget")(forget)
    group.command("list")(list_)
    app.add_typer(group, name="bridge")


def bridge(
    context: typer.Context,
    named: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="As 'profile list' names it.")
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="ID", help="As 'devices' lists it.")] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Pages know this one alone; 0: a free one.")
    ] = talk.PORT,
) -> None:
    """Serve web pages that were allowed, on this machine alone, until it is stopped."""
    if context.invoked_subcommand is not None:
        return
    from digitizer.bridge.service import ScanService

    here = shell(context)
    with interruptible(here.stop), App(here.home, "bridge") as app:
        app.policy.check(SCAN, "on")
        kept = app.profiles
        wish = kept.get(named) if named is not None else kept.last(account())
        if device is not None:
            wish = replace(wish, profile=replace(wish.profile, device=device))
        consents = Consents(app.store, app.policy)
        service = ScanService(consents, Orders(app), Headless(here, app, wish), asks=False)
        try:
            app.local.start()
            there = service.start(port)
            here.event(
                {"event": "listening", "port": there},
                f"listening on ws://127.0.0.1:{there} for web pages that were allowed",
            )
            here.stop.wait()
        finally:
            service.stop()
    complain(str(Stopped()))
    raise typer.Exit(exit_code(Stopped()))


def allow(context: typer.Context, origin: _Origin) -> None:
    """Let the web pages of an origin scan here."""
    found = _origin(origin)
    here = shell(context)
    with App(here.home, "bridge allow") as app:
        Consents(app.store, app.policy).allow(found)
    here.value({"origin": found, "standing": "allowed"}, f"{found}: allowed")


def refuse(context: typer.Context, origin: _Origin) -> None:
    """Let the web pages of an origin neither scan nor ask."""
    found = _origin(origin)
    here = shell(context)
    with App(here.home, "bridge refuse") as app:
        Consents(app.store, app.policy).refuse(found)
    here.value({"origin": found, "standing": "refused"}, f"{found}: refused")


def forget(context: typer.Context, origin: _Origin) -> None:
    """Take back what was said of an origin: the window asks anew."""
    found = _origin(origin)
    here = shell(context)
    with App(here.home, "bridge forget") as app:
        Consents(app.store, app.policy).withdraw(found)
    here.value({"origin": found, "standing": "unknown"}, f"{found}: will be asked about")


def list_(context: typer.Context) -> None:
    """List the origins that may scan, or may not."""
    here = shell(context)
    with Facts(here.home) as facts:
        found = Consents(facts.store, read_policy()).all()
    rows = [
        {
            "origin": one.origin,
            "standing": one.standing.value,
            "by": one.by or None,
            "at": one.at.isoformat() if one.at else None,
        }
        for one in found
    ]
    text = "\n".join(f"{one.standing}  {one.origin}" for one in found)
    here.value(rows, text or "no web page was allowed; 'digitizer bridge allow ORIGIN'")


def _origin(typed: str) -> str:
    found = typed_origin(typed)
    if found is None:
        raise typer.BadParameter(
            "write it as https://name or http://name:port", param_hint="ORIGIN"
        )
    return found


class Headless(Struct, frozen=True):
    """A desk without a window: nobody can be asked; a ``digitizer.bridge.desk.Desk``."""

    here: Shell
    app: App
    named: NamedProfile

    def wish(self) -> NamedProfile:
        """Return what was said on the command line."""
        return self.named

    def scan(self, order: Order, wish: NamedProfile, stop: threading.Event) -> Scanned:
        """Scan into an order's paper; every page is told as ``scan`` tells it."""
        from drivers.host import all_devices, scanner_for

        state = self.app.home.scanners
        profile = wish.profile
        device = profile.device or best(all_devices(state, stop), profile).device.id
        scanner, name = scanner_for(device, state)
        end = self.app.capture.run(
            scanner,
            replace(profile, device=name),
            order.paper_id,
            stop,
            lambda page: tell_page(self.here, page),
        )
        return Scanned(end.pages, end.error)

    def ask(self, origin: str) -> None:
        """Nobody is there; the service does not ask."""

    def answered(self, origin: str) -> None:
        """Nothing was asked."""

    def tell(self, news: News) -> None:
        """Print what happened."""
        order, error = news.order, news.error
        line: dict[str, Any] = {"event": news.what.value, "origin": news.origin}
        if order is not None:
            line |= {"dossier": order.dossier_name, "paper": order.paper_title}
        if news.what in (Happened.SCANNED, Happened.GIVEN):
            line["pages"] = news.pages
        if news.sha256:
            line |= {"sha256": news.sha256, "bytes": news.size}
        if error is not None:
            line["error"] = error.code
        self.here.event(
            line, f"{news.origin}: {_SAID[news.what]}".format(counted(news.pages, "page"))
        )
        if error is not None:
            self.here.note(str(error))
