"""Which procedure system dossiers go to: its settings in the store, its password in the keyring.

Where the system has no keyring the password lies in a file of the home that only the user may
read. Never in the database, the log or an argument.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from digitizer.config import Home
from digitizer.durable import write_durably
from digitizer.errors import ServerNotSet, from_os
from digitizer.policy import FREE, Policy
from digitizer.procedure.connect import connect
from digitizer.procedure.port import ProcedureSystem
from digitizer.storage import changes
from digitizer.storage.store import Store

log = logging.getLogger(__name__)

_SERVICE = "digitizer"
_NAMES = ("kind", "url", "group", "user", "auth", "sso")
_SETTINGS = "SELECT name, value FROM setting WHERE name LIKE 'server.%'"


@dataclass(frozen=True, slots=True)
class Server:
    """Where dossiers go. ``name`` tells one system from another in receipts; the rest is as in
    ``connect.Account``."""

    kind: str
    url: str
    group: str
    user: str
    auth: str = ""
    sso: str = ""

    @property
    def name(self) -> str:
        """Return what identifies it: kind, address and group."""
        return f"{self.kind} {self.url} {self.group}".strip()


@dataclass(frozen=True, slots=True)
class Connection:
    """A procedure system to speak to, and its name; both of one look at the settings."""

    server: str
    system: ProcedureSystem


def server_of(store: Store) -> Server | None:
    """Return the system that is set, or None."""
    return _server(store.rows(_SETTINGS))


def server_in(tx: sqlite3.Connection) -> Server | None:
    """Return the system that is set as a transaction sees it, or None."""
    return _server(tx.execute(_SETTINGS))


def _server(rows: Iterable[sqlite3.Row]) -> Server | None:
    found = {row["name"]: row["value"] for row in rows}
    values = [found.get(f"server.{name}", "") for name in _NAMES]
    return Server(*values) if values[0] else None


def _same_account(one: Server, other: Server) -> bool:
    """Tell whether two settings name one user on one host, so that a password is good for both."""
    return (one.kind, one.user, _host(one.url), _host(one.sso)) == (
        other.kind,
        other.user,
        _host(other.url),
        _host(other.sso),
    )


def _host(url: str) -> tuple[str, str]:
    """Return scheme and host with its port; an address may be written as the host alone."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
    except ValueError:
        return "", url
    return parts.scheme.lower(), parts.netloc.lower()


class Servers:
    """The one procedure system of a home."""

    def __init__(self, home: Home, store: Store, policy: Policy = FREE) -> None:
        """``policy``: what an administrator's file says; it may lock the system."""
        self._home = home
        self._store = store
        self._policy = policy
        self._made: tuple[Server, str, ProcedureSystem] | None = None

    def govern(self) -> None:
        """Use the system that the administrator set: at once where it is locked, else where
        none is set. Its password, if one is kept here, goes on being used."""
        before = self.get()
        chosen = dict(self._policy.locked)
        if before is None:
            chosen = {**self._policy.default, **chosen}
        now = {name: getattr(before, name, "") for name in _NAMES}
        now |= {name: chosen[key] for name in _NAMES if (key := f"server.{name}") in chosen}
        server = Server(**now)
        if not server.kind or server == before:
            return
        with self._store.transaction() as tx:
            _keep(tx, server)

    def get(self) -> Server | None:
        """Return the system that is set, or None."""
        return server_of(self._store)

    def set(self, server: Server, password: str) -> None:
        """Use ``server`` from now on.

        Args:
            server: The system.
            password: Empty: the one that is kept, where host and user stay the same.

        Raises:
            AddressUnusable: no such kind, or an address that cannot be one.
            AccountIncomplete: the kind needs more to be signed in to.
            ByAdministrator: a part of it is locked to something else.
        """
        for name in _NAMES:
            self._policy.check(f"server.{name}", getattr(server, name))
        before = self.get()
        if not password and before is not None and _same_account(before, server):
            password = self._password(before)
        _adapter(server, password)
        try:
            self._keep_password(server, password)
        except OSError as error:
            raise from_os(error) from error
        with self._store.transaction() as tx:
            _keep(tx, server)

    def connect(self) -> Connection:
        """Return the adapter for the system that is set, with its name: the same one as long as
        the settings stay, for it may be signed in.

        Raises:
            ServerNotSet: none is set.
            AddressUnusable, AccountIncomplete: what is set cannot be connected to.
        """
        server = self.get()
        if server is None:
            raise ServerNotSet
        password = self._password(server)
        made = self._made
        if made is None or made[:2] != (server, password):
            self._made = made = (server, password, _adapter(server, password))
        return Connection(server.name, made[2])

    def _account(self, server: Server) -> str:
        return f"{_place(server)}#{self._home.root}"

    def _keep_password(self, server: Server, password: str) -> None:
        if not password:
            self._home.password.unlink(missing_ok=True)
            return
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(_SERVICE, self._account(server), password)
        except (KeyringError, RuntimeError) as error:
            log.info("no keyring here (%s): the password goes into a private file", type(error))
            kept = {"for": _place(server), "password": password}
            text = json.dumps(kept, ensure_ascii=False)
            write_durably(self._home.password, text.encode("utf-8", "surrogatepass"))
        else:
            self._home.password.unlink(missing_ok=True)

    def _password(self, server: Server) -> str:
        kept = _from_file(self._home.password, server)
        if kept is not None:
            return kept
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(_SERVICE, self._account(server)) or ""
        except (KeyringError, RuntimeError):
            return ""


def _adapter(server: Server, password: str) -> ProcedureSystem:
    """Make the adapter. Raises as ``connect`` does."""
    return connect(
        server.kind,
        server.url,
        server.group,
        server.user,
        password,
        auth=server.auth,
        sso=server.sso,
    )


def _keep(tx: sqlite3.Connection, server: Server) -> None:
    before = server_in(tx)
    if before is not None and before.name != server.name:
        tx.execute("UPDATE dossier SET server_ref = ''")  # another's keys mean nothing here
        tx.execute("UPDATE dossier SET status = '', ended = 0 WHERE status <> '' OR ended <> 0")
        tx.execute("DELETE FROM elsewhere")
    for name in _NAMES:
        changes.set_setting(tx, f"server.{name}", getattr(server, name))


def _place(server: Server) -> str:
    return f"{server.user}@{server.url}"


def _from_file(file: Path, server: Server) -> str | None:
    """Read the private file; None where there is none, or it is for another server."""
    try:
        text = file.read_bytes().decode("utf-8", "surrogatepass")
    except FileNotFoundError:
        return None
    try:
        kept = json.loads(text)
    except ValueError:
        return text  # an older version wrote the password alone
    if not isinstance(kept, dict):
        return text
    return str(kept["password"]) if kept.get("for") == _place(server) else None
