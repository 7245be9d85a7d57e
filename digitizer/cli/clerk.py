"""Commands about who works at this desk: ``clerk add``, ``list``, ``use``, ``password``,
``remove``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from digitizer.app import App, Facts
from digitizer.clerks import Clerks
from digitizer.cli import asking
from digitizer.cli.shell import shell
from digitizer.errors import PasswordMissing, ServerNotSet
from digitizer.storage.clerks import Clerk

_Name = Annotated[str, typer.Argument(metavar="NAME", help="As the office tells people apart.")]


def register(app: typer.Typer) -> None:
    """Add the group to the root."""
    group = typer.Typer(help="Who works at this desk, each under their own name.")
    group.command("add")(add)
    group.command("list")(list_)
    group.command("use")(use)
    group.command("password")(password)
    group.command("remove")(remove)
    app.add_typer(group, name="clerk")


def add(
    context: typer.Context,
    name: _Name,
    account: Annotated[
        str, typer.Option(help="Their own at the procedure system; else the office's is used.")
    ] = "",
) -> None:
    """Put somebody on the list; the password of their account is read from standard input."""
    here = shell(context)
    word = asking.password() if account else ""
    with App(here.home, "clerk add") as app:
        server = app.servers.get()
        if account and server is None:
            raise ServerNotSet
        made = app.clerks.put(name, account)
        if word and server is not None:
            app.servers.keep_password(server, made.account, word)
        app.account_mended()
        seated = app.clerks.at_desk()
    here.value(_json(made, seated), f"{made.name} works here")


def list_(context: typer.Context) -> None:
    """Tell who works here, and who is at the desk now."""
    here = shell(context)
    with Facts(here.home) as facts:
        known = Clerks(facts.store)
        listed, seated = known.all(), known.at_desk()
    lines = [
        f"{'*' if one == seated else ' '} {one.name}  {one.account or '(the office’s account)'}"
        for one in listed
    ]
    text = "\n".join(lines) or "no list: everything goes under the office's one account"
    here.value([_json(one, seated) for one in listed], text)


def use(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Who.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Nobody that is named.")] = False,
) -> None:
    """Say who is at the desk from now on."""
    if (name is None) == (not nobody):
        raise typer.BadParameter("give either NAME or --nobody")
    here = shell(context)
    with App(here.home, "clerk use") as app:
        app.clerks.use(app.clerks.find(name).id if name is not None else "")
        seated = app.clerks.at_desk()
    here.value(seated and _json(seated, seated), f"at the desk: {seated.name if seated else '-'}")


def password(context: typer.Context, name: _Name) -> None:
    """Keep the password of somebody's account anew; it is read from standard input."""
    here = shell(context)
    word = asking.password()
    if not word:
        raise PasswordMissing
    with App(here.home, "clerk password") as app:
        found, server = app.clerks.find(name), app.servers.get()
        if server is None:
            raise ServerNotSet
        if not found.account:
            raise typer.BadParameter("they use the office's account: see 'digitizer server set'")
        app.servers.keep_password(server, found.account, word)
        app.account_mended()
        seated = app.clerks.at_desk()
    here.value(_json(found, seated), f"the password of {found.name} is kept")


def remove(context: typer.Context, name: _Name) -> None:
    """Take somebody off the list. What they did goes on naming them."""
    here = shell(context)
    with App(here.home, "clerk remove") as app:
        found = app.clerks.find(name)
        app.remove_clerk(found)
        seated = app.clerks.at_desk()
    here.value(_json(found, seated), f"{found.name} is off the list")


def _json(one: Clerk, seated: Clerk | None) -> dict[str, Any]:
    at_desk = seated is not None and one.id == seated.id
    return {"name": one.name, "account": one.account, "at_desk": at_desk}
