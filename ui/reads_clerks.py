"""What the window reads and changes of the desk's list of clerks. Every function blocks: run by
the bridge. Knows no Qt.
"""

from __future__ import annotations

from msgspec import Struct

from digitizer import hanging
from digitizer.app import App
from digitizer.errors import ClerkError, DigitizerError
from digitizer.hanging import Held
from digitizer.storage.clerks import Clerk


class Seats(Struct, frozen=True):
    """Who works here, who is at the desk now, and whose account cannot sign in."""

    all: tuple[Clerk, ...] = ()
    at_desk: Clerk | None = None
    held: tuple[Held, ...] = ()


class Draft(Struct, frozen=True):
    """Somebody as they were typed. ``clerk``: the id of who is changed; empty: somebody new."""

    name: str
    account: str
    password: str
    clerk: str = ""


def seats(app: App) -> Seats:
    """Read who works here."""
    listed = tuple(app.clerks.all())
    return Seats(listed, app.clerks.at_desk(), hanging.held(app.store) if listed else ())


def use(app: App, clerk_id: str) -> Seats:
    """Say who is at the desk from now on. Raises ``ClerkUnknown``."""
    app.clerks.use(clerk_id)
    return seats(app)


def keep(app: App, draft: Draft) -> DigitizerError | None:
    """Keep somebody and their password, sign in with it, and say how that went; what waited for
    it goes on unless it was refused. Asks the network.

    Raises:
        ClerkBad, ClerkNameTaken, ClerkUnknown: nothing was kept.
    """
    made = app.clerks.put(draft.name, draft.account, draft.clerk)
    server = app.servers.get()
    if server is None or not server.has_accounts or not made.account:
        app.account_mended()
        return None
    if draft.password:
        app.servers.keep_password(server, made.account, draft.password)
        app.senders.forget(made.account)
    try:
        with app.senders.clerk(made.id) as to:
            to.system.check()
    except ClerkError as error:
        return error
    except DigitizerError as error:
        app.account_mended()
        return error
    app.account_mended()
    return None


def remove(app: App, clerk_id: str) -> None:
    """Take somebody off the list, if they are on it. May wait for a keyring."""
    for one in app.clerks.all():
        if one.id == clerk_id:
            app.remove_clerk(one)
