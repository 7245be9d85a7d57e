"""Which procedure system dossiers go to: its settings in the store, its password in the keyring
(``digitizer.passwords``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from digitizer.config import Home
from digitizer.errors import PasswordMissing, ServerNotSet
from digitizer.passwords import Passwords
from digitizer.policy import FREE, Policy
from digitizer.procedure.connect import connect
from digitizer.procedure.port import ProcedureSystem
from digitizer.storage import changes
from digitizer.storage.clerks import NOBODY, Sender
from digitizer.storage.store import Store

_NAMES = ("kind", "url", "group", "user", "ca")
_SETTINGS = "SELECT name, value FROM setting WHERE name LIKE 'server.%'"


@dataclass(frozen=True, slots=True)
class Server:
    """Where dossiers go. ``name`` tells one system from another in receipts.

    ``ca``: the office's own CA (PEM), trusted for this system beside those the machine trusts;
    empty: none.
    """

    kind: str
    url: str
    group: str
    user: str
    ca: str = ""

    @property
    def name(self) -> str:
        """Return what identifies it: kind, address and group."""
        return f"{self.kind} {self.url} {self.group}".strip()

    @property
    def has_accounts(self) -> bool:
        """Whether one signs in to it; a folder knows nobody."""
        return self.kind != "folder"

    def is_at(self, other: Server) -> bool:
        """Tell whether both are the same host, so that what is trusted there may stay so."""
        return (self.kind, _host(self.url)) == (other.kind, _host(other.url))


@dataclass(frozen=True, slots=True)
class Connection:
    """A procedure system to speak to, and its name; both of one look at the settings. ``by``: in
    whose name."""

    server: str
    system: ProcedureSystem
    by: Sender = NOBODY


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


def _host(url: str) -> tuple[str, str]:
    """Return scheme and host with its port; an address may be written as the host alone."""
    try:
        parts = urlsplit(url.strip() if "://" in url else f"https://{url.strip()}")
    except ValueError:
        return "", url
    return parts.scheme.lower(), parts.netloc.lower()


class Servers:
    """The one procedure system of a home, and the passwords of the accounts there."""

    def __init__(
        self, home: Home, store: Store, policy: Policy = FREE, passwords: Passwords | None = None
    ) -> None:
        """``policy``: what an administrator's file says; it may lock the system."""
        self._store = store
        self._policy = policy
        self.passwords = passwords or Passwords(home)

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
        if before is not None and "server.ca" not in chosen and not server.is_at(before):
            server = replace(server, ca="")
        with self._store.transaction() as tx:
            _keep(tx, server)

    def get(self) -> Server | None:
        """Return the system that is set, or None."""
        return server_of(self._store)

    def set(self, server: Server, password: str) -> None:
        """Use ``server`` from now on.

        Args:
            server: The system.
            password: Of its user. Empty: the one that is kept, where host and user stay the same.

        Raises:
            AddressUnusable: no such kind, or an address that cannot be one.
            CertificateUnreadable, CertificateNotCa: its ``ca`` is none.
            ByAdministrator: a part of it is locked to something else.
        """
        for name in _NAMES:
            self._policy.check(f"server.{name}", getattr(server, name))
        connect(server.kind, server.url, server.group, server.user, password, ca=server.ca)
        if password:
            self.keep_password(server, server.user, password)
        with self._store.transaction() as tx:
            _keep(tx, server)

    def keep_password(self, server: Server, account: str, password: str) -> None:
        """Keep the password of an account at ``server``. Raises ``DiskFull``, ``HomeReadOnly``."""
        self.passwords.put(_place(server, account), password)

    def forget_password(self, server: Server, account: str) -> None:
        """Keep the password of an account no more."""
        self.passwords.forget(_place(server, account))

    def connect(self, by: Sender = NOBODY) -> Connection:
        """Return the adapter for the system that is set, with its name, in the name of ``by``.

        Raises:
            ServerNotSet.
            PasswordMissing: none is known of the account; nothing was asked of the system.
            KeyringLocked: the keyring does not tell it now.
        """
        server = self.get()
        if server is None:
            raise ServerNotSet
        account = (by.account or server.user) if server.has_accounts else ""
        password = self._password(replace(server, user=account)) if account else ""
        if account and not password:
            raise PasswordMissing
        system = connect(server.kind, server.url, server.group, account, password, ca=server.ca)
        return Connection(server.name, system, replace(by, account=account))

    def _password(self, server: Server) -> str:
        """Return the password of a system's user; older versions kept it by the whole address."""
        known = self.passwords.get(_place(server, server.user))
        return known or self.passwords.get(f"{server.user}@{server.url}")


def _keep(tx: sqlite3.Connection, server: Server) -> None:
    before = server_in(tx)
    if before is not None and before.name != server.name:
        tx.execute("UPDATE dossier SET server_ref = ''")  # another's keys mean nothing here
    for name in _NAMES:
        changes.set_setting(tx, f"server.{name}", getattr(server, name))


def _place(server: Server, account: str) -> str:
    """Return what a password is for: one user on one host."""
    scheme, host = _host(server.url)
    return f"{account}@{scheme}://{host}"
