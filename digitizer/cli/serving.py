"""Commands about servers and what goes there: ``server set``, ``server show``, ``server marks``,
``style``, ``sandbox``, ``virtual-scanner``."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from digitizer.app import App, Facts
from digitizer.authority import authority_of, read_authority
from digitizer.cli import asking
from digitizer.cli.shell import Shell, shell
from digitizer.errors import DigitizerError, PasswordMissing, PortTaken, ToolMissing, from_os
from digitizer.model import Style
from digitizer.procedure.connect import KINDS, Want
from digitizer.servers import Server, Servers
from digitizer.storage import queries
from digitizer.work import marking
from digitizer.work.marking import Telling


def register(app: typer.Typer) -> None:
    """Add the commands to the root."""
    group = typer.Typer(help="Where dossiers go.")
    group.command("set")(set_)
    group.command("show")(show)
    group.command("marks")(marks)
    app.add_typer(group, name="server")
    app.command()(style)
    app.command()(sandbox)
    app.command("virtual-scanner")(virtual_scanner)


def set_(
    context: typer.Context,
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(KINDS)}.")],
    url: Annotated[str, typer.Option(help="Address, or the folder's path.")],
    group: Annotated[str, typer.Option(help="Site number (groupId).")] = "",
    user: Annotated[str, typer.Option(help="Account.")] = "",
    auth: Annotated[str, typer.Option(help="opencps: basic (usual) or session.")] = "",
    sso: Annotated[
        str, typer.Option(metavar="URL", help="igate: its sign-in, where it has a host of its own.")
    ] = "",
    ca: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The office's own CA: PEM or DER.")
    ] = None,
    ca_sha256: Annotated[
        str | None, typer.Option(metavar="HEX", help="Its fingerprint, as you were told it.")
    ] = None,
    no_ca: Annotated[
        bool, typer.Option("--no-ca", help="Trust the one set before no more.")
    ] = False,
) -> None:
    """Set the procedure system; the password is read from standard input."""
    here = shell(context)
    if no_ca and ca is not None:
        raise typer.BadParameter("give either --ca FILE or --no-ca")
    if kind not in KINDS:
        raise typer.BadParameter(f"it is one of {', '.join(KINDS)}", param_hint="--kind")
    known = KINDS[kind]
    if auth and auth not in known.auth:
        words = f"one of {', '.join(known.auth)}" if known.auth else f"nothing {kind} knows"
        raise typer.BadParameter(f"it is {words}", param_hint="--auth")
    for option, text, wanted in (("--sso", sso, Want.SSO), ("--ca", ca, Want.CA)):
        if text and wanted not in known.takes:
            raise typer.BadParameter(f"it is nothing {kind} knows", param_hint=option)
    authority = read_authority(ca) if ca is not None else None
    if authority is not None:
        asking.confirm(authority, ca_sha256)
    password = asking.password() if user else ""
    if user and not password:
        raise PasswordMissing(user)
    server = Server(kind, url, group, user, auth, sso)
    with App(here.home, "server set") as app:
        before = app.servers.get()
        if authority is not None:
            server = replace(server, ca=authority.pem)
        elif not no_ca and before is not None and before.is_at(server):
            server = replace(server, ca=before.ca)
        app.servers.set(server, password)
        app.server_changed()
    _tell(here, server)


def show(context: typer.Context) -> None:
    """Show which procedure system is set."""
    here = shell(context)
    with Facts(here.home) as facts:
        server = Servers(facts.home, facts.store).get()
    if server is None:
        here.value(None, "no procedure system is set; use 'digitizer server set'")
    else:
        _tell(here, server)


def _tell(here: Shell, server: Server) -> None:
    ca = authority_of(server.ca) if server.ca else None
    shown = ca and {"subject": ca.subject, "sha256": ca.sha256, "ends": ca.ends.isoformat()}
    told = {"kind": server.kind, "url": server.url, "group": server.group, "user": server.user}
    more = {name: text for name in ("auth", "sso") if (text := getattr(server, name))}
    account = f"group {server.group or '-'}  user {server.user or '-'}"
    rest = "".join(f"  {name} {text}" for name, text in more.items())
    rest += f"  CA {ca.subject}, SHA-256 {ca.fingerprint}" if ca else ""
    here.value({**told, **more, "ca": shown}, f"{server.kind}  {server.url}  {account}{rest}")


def marks(
    context: typer.Context,
    choice: Annotated[Telling | None, typer.Argument(metavar="[on|off]")] = None,
) -> None:
    """Show, or choose, whether the system is told how many papers of a component it received."""
    here = shell(context)
    if choice is not None:
        with App(here.home, "server marks") as app:
            app.keep_settings({marking.SETTING: choice.value})
    with Facts(here.home) as facts:
        found = marking.get(facts.store)
    here.value({"marks": found.value}, found.value)


def style(
    context: typer.Context,
    name: Annotated[Style | None, typer.Argument(metavar="[faithful|compact]")] = None,
) -> None:
    """Show, or choose, the style that this home's bundles are made in."""
    here = shell(context)
    if name is not None:
        with App(here.home, "style") as app:
            app.use_style(name)
    with Facts(here.home) as facts:
        chosen = queries.bundle_style(facts.store)
    here.value({"style": chosen.value}, chosen.value)


def sandbox(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 0,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Where it keeps things.")] = None,
    fault: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Repeatable.")] = None,
) -> None:
    """Run a procedure system on this machine, for trying out and for tests."""
    here = shell(context)
    try:
        from digitizer.sandbox.server import Address, serve
    except ImportError as error:
        raise ToolMissing(f"python package {error.name}") from error

    def announce(address: Address) -> None:
        line = {
            "url": address.url,
            "group": address.group,
            "user": address.user,
            "password": address.password,
        }
        Shell(here.home, as_json=True).value(line, "")

    try:
        serve(port, data, fault or (), announce)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    except OSError as error:
        raise _unserved(error, port) from error


def _unserved(error: OSError, port: int) -> DigitizerError:
    return PortTaken(str(port)) if error.errno == errno.EADDRINUSE else from_os(error)


def virtual_scanner(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Its images feed.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 0,
    fault: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Repeatable.")] = None,
) -> None:
    """Be an eSCL scanner on this machine whose feeder holds the images of DIR."""
    from drivers.virtual import serve

    here = shell(context)
    try:
        serve(directory, port, fault or (), lambda url: here.value({"url": url}, url))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    except OSError as error:
        raise _unserved(error, port) from error
