"""Which procedure system dossiers go to: its settings in the store, its password in the keyring
(``digitizer.passwords``).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from digitizer.config import Home
from digitizer.errors import PasswordMissing, ServerNotSet
from digitizer.passwords import Passwords
from digitizer.policy import FREE, Policy
from digitizer.procedure.connect import KINDS, Want, connect
from digitizer.procedure.port import ProcedureSystem
from digitizer.storage import changes
from digitizer.storage.clerks import NOBODY, Sender
from digitizer.storage.store import Store

_NAMES = ("kind", "url", "group", "user", "auth", "sso", "ca")
_SOMEBODY = "-"
"""Stands for a clerk where the office has no account of its own."""
_SETTINGS = "SELECT name, value FROM setting WHERE name LIKE 'server.%'"


class Server(Struct, frozen=True):
    """Where dossiers go. ``name`` tells one system from another in receipts; the rest is as in
    ``connect.Account``. ``user``: the office's own account; empty where only its clerks have one.
    """

    kind: str
    url: str
    group: str
    user: str
    auth: str = ""
    sso: str = ""
    ca: str = ""

    @property
    def name(self) -> str:
        """Return what identifies it: kind, address and group."""
        return f"{self.kind} {self.url} {self.group}".strip()

    @property
    def has_accounts(self) -> bool:
        """Whether one signs in to it; a folder knows nobody."""
        return self.kind in KINDS and Want.USER in KINDS[self.kind].needs

    def is_at(self, other: Server) -> bool:
        """Tell whether both are the same host, and the sign-in too, so that what is trusted there
        may stay so."""
        return (self.kind, _hosts(self)) == (other.kind, _hosts(other))


class Connection(Struct, frozen=True):
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


def _hosts(server: Server) -> tuple[tuple[str, str], ...]:
    """Return the hosts that a password of a system is sent to: its own, or that and another's
    that signs in for it."""
    own, sso = _host(server.url), _host(server.sso) if server.sso else ("", "")
    return (own,) if sso in (own, ("", "")) else (own, sso)


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
        self._made: dict[str, tuple[Server, str, ProcedureSystem]] = {}
        self._lock = threading.Lock()

    def govern(self) -> None:
        """Use the system that the administrator set: at once where it is locked, else where
        none is set. Its password, if one is kept here, goes on being used."""
        before = self.get()
        if before is not None:
            self.passwords.settle(_place(before, before.user))
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
            AccountIncomplete: the kind needs more to be signed in to than a user.
            CertificateUnreadable, CertificateNotCa: its ``ca`` is none.
            ByAdministrator: a part of it is locked to something else.
        """
        for name in _NAMES:
            self._policy.check(f"server.{name}", getattr(server, name))
        _adapter(replace(server, user=server.user or _SOMEBODY), password)
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
        """Return the adapter for the system that is set, with its name, in the name of ``by``:
        the same one as long as settings and password stay, for it may be signed in.

        Raises:
            ServerNotSet: none is set.
            AddressUnusable, AccountIncomplete: what is set cannot be connected to.
            PasswordMissing: none is known of the account; nothing was asked of the system.
            KeyringLocked: the keyring does not tell it now.
        """
        server = self.get()
        if server is None:
            raise ServerNotSet
        account = (by.account or server.user) if server.has_accounts else ""
        server = replace(server, user=account)
        password = self._password(server) if account else ""
        if account and not password:
            raise PasswordMissing
        return Connection(
            server.name, self._made_for(server, password), replace(by, account=account)
        )

    def _made_for(self, server: Server, password: str) -> ProcedureSystem:
        """Return the adapter of an account, made anew where it would be another."""
        with self._lock:
            made = self._made.get(server.user)
            if made is None or made[:2] != (server, password):
                made = (server, password, _adapter(server, password))
                self._made[server.user] = made
            return made[2]

    def _password(self, server: Server) -> str:
        """Return the password of a system's user; older versions kept it by the whole address."""
        known = self.passwords.get(_place(server, server.user))
        if known or len(_hosts(server)) > 1:  # those versions knew no other host to sign in at
            return known
        return self.passwords.get(f"{server.user}@{server.url}")


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
        ca=server.ca,
    )


def _keep(tx: sqlite3.Connection, server: Server) -> None:
    before = server_in(tx)
    if before is not None and before.name != server.name:
        tx.execute("UPDATE dossier SET server_ref = ''")  # another's keys mean nothing here
        tx.execute("UPDATE dossier SET status = '', ended = 0 WHERE status <> '' OR ended <> 0")
        tx.execute("DELETE FROM elsewhere")
    for name in _NAMES:
        changes.set_setting(tx, f"server.{name}", getattr(server, name))


def _place(server: Server, account: str) -> str:
    """Return what a password is for: one user on one host, and on the one that signs in for it."""
    return f"{account}@" + " ".join(f"{scheme}://{host}" for scheme, host in _hosts(server))
