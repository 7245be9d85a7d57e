"""In whose name things go to the procedure system, and which accounts wait for a password.

Where an office has a list of clerks (``digitizer.clerks``), a paper goes under the account of who
answers for it, and what is fetched is fetched under that of who is at the desk. An account that
cannot sign in is asked no second time before somebody has mended it: only what goes under it
waits. Without a list there is one account, and its trouble is everybody's, as ever. Called by the
sync lane, the window and the command line.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from digitizer.errors import (
    ClerkPasswordMissing,
    ClerkRefused,
    PasswordMissing,
    ServerNotSet,
    SignInRefused,
)
from digitizer.servers import Connection, Server, Servers
from digitizer.storage import clerks
from digitizer.storage.clerks import Clerk, Sender
from digitizer.storage.store import Store


class Senders:
    """The accounts of one home. Thread-safe."""

    def __init__(self, store: Store, servers: Servers) -> None:
        self._store = store
        self._servers = servers
        self._refused: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def sending(self, dossier_id: str, paper_id: str) -> Iterator[Connection]:
        """Give the connection that a paper is sent over.

        Raises:
            ServerNotSet, KeyringLocked; SignInRefused, PasswordMissing where there is no list;
            ClerkRefused, ClerkPasswordMissing where there is, also for what the block raises.
        """
        with self._as(clerks.responsible(self._store, dossier_id, paper_id)) as to:
            yield to

    @contextmanager
    def at_desk(self) -> Iterator[Connection]:
        """Give the connection that things are fetched over. Raises as ``sending``."""
        with self._as(clerks.at_desk(self._store)) as to:
            yield to

    @contextmanager
    def clerk(self, clerk_id: str) -> Iterator[Connection]:
        """Give the connection of one clerk's account. Raises as ``sending``."""
        with self._as(clerks.clerk(self._store, clerk_id)) as to:
            yield to

    def forget(self, account: str = "") -> None:
        """Ask an account (empty: each) that was refused again: somebody says it is mended."""
        with self._lock:
            self._refused = {one for one in self._refused if account not in ("", one)}

    @contextmanager
    def _as(self, clerk: Clerk | None) -> Iterator[Connection]:
        server = self._servers.get()
        if server is None:
            raise ServerNotSet
        listed = clerks.on_list(self._store)
        by = self._sender(clerk, server)
        if not listed or not server.has_accounts:
            yield self._servers.connect(by)
            return
        owner = next((one.name for one in listed if one.id == by.owner), "")
        with self._lock:
            refused = by.account in self._refused
        if refused:
            raise ClerkRefused(by.owner, owner)
        if not by.account:
            raise ClerkPasswordMissing(by.owner, owner)
        try:
            yield self._servers.connect(by)
        except PasswordMissing as error:
            raise ClerkPasswordMissing(by.owner, owner) from error
        except SignInRefused as error:
            with self._lock:
                self._refused.add(by.account)
            raise ClerkRefused(by.owner, owner) from error

    def _sender(self, clerk: Clerk | None, server: Server) -> Sender:
        """Return whose name things go in: under their own account, else under the office's, else
        under that of who is at the desk."""
        known, name = (clerk.id, clerk.name) if clerk else (None, "")
        if clerk is not None and clerk.account and not clerk.gone:
            return Sender(known, name, clerk.account, clerk.id)
        if server.user:
            return Sender(known, name, server.user)
        there = clerks.at_desk(self._store)
        if there is not None and there.account:
            return Sender(known, name, there.account, there.id)
        return Sender(known, name, "", clerk.id if clerk is not None and not clerk.gone else "")
