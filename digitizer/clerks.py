"""The verbs of a desk's list of clerks: add, change, choose who is there, take off the list.

An office without a list works as if there were no such thing. Called by the command line and the
window. Passwords are ``digitizer.servers``'; knows no screen and no network.
"""

from __future__ import annotations

from digitizer.errors import ClerkBad, ClerkNameTaken, ClerkUnknown
from digitizer.identifiers import one_line
from digitizer.storage import clerks
from digitizer.storage.clerks import Clerk
from digitizer.storage.store import Store

_LONGEST = 80


class Clerks:
    """Who works at the desk of one home."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Clerk]:
        """Return who is on the list, in the order they were added."""
        return clerks.on_list(self._store)

    def at_desk(self) -> Clerk | None:
        """Return who is at the desk now; None where nobody is named."""
        return clerks.at_desk(self._store)

    def find(self, name: str) -> Clerk:
        """Return who has this name, whatever its case. Raises ``ClerkUnknown``."""
        wanted = one_line(name).casefold()
        for one in self.all():
            if one.name.casefold() == wanted:
                return one
        raise ClerkUnknown

    def put(self, name: str, account: str, clerk_id: str = "") -> Clerk:
        """Add somebody, or change who is on the list under ``clerk_id``.

        The first of a list is at the desk from now on.

        Args:
            name: As the office tells people apart.
            account: Their user name at the procedure system; empty: they use the office's own.
            clerk_id: Who is changed; empty: somebody new.

        Raises:
            ClerkBad, ClerkNameTaken, ClerkUnknown: nothing was changed.
        """
        name, account = one_line(name), account.strip()
        if not name or not all(len(one) <= _LONGEST for one in (name, account)):
            raise ClerkBad
        if not all(one.isprintable() for one in (name, account)):
            raise ClerkBad
        before = self.all()
        if clerk_id and all(one.id != clerk_id for one in before):
            raise ClerkUnknown
        taken = {one.name.casefold() for one in before if one.id != clerk_id}
        if name.casefold() in taken:
            raise ClerkNameTaken
        with self._store.transaction() as tx:
            made = clerks.put(tx, name, account, clerk_id)
            if not before:
                clerks.seat(tx, made)
        return Clerk(made, name, account)

    def use(self, clerk_id: str) -> None:
        """Say who is at the desk from now on; empty: nobody that is named.

        What has begun stays under who began it.

        Raises:
            ClerkUnknown: nobody on the list has this id.
        """
        if clerk_id and all(one.id != clerk_id for one in self.all()):
            raise ClerkUnknown
        with self._store.transaction() as tx:
            clerks.seat(tx, clerk_id)

    def remove(self, clerk_id: str) -> None:
        """Take somebody off the list. What they did goes on naming them; what they have not sent
        yet goes under the office's own account."""
        with self._store.transaction() as tx:
            clerks.remove(tx, clerk_id)
