"""Which web pages may scan here: what people said about them, and the administrator's list.

Facts: each answer stays, with its time and the account that gave it; the newest counts. Called by
the service for every visit, by the window and the command line. Any thread; blocks briefly.
"""

from __future__ import annotations

import getpass
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from digitizer.errors import ByAdministrator
from digitizer.origins import origins_in
from digitizer.policy import FREE, Policy
from digitizer.storage import queries, webpages
from digitizer.storage.store import Store
from digitizer.storage.webpages import Said

SCAN = "bridge.scan"
"""The setting: ``on`` or ``off``; off where nothing was chosen."""
ORIGINS = "bridge.origins"
"""The setting that lists origins which may scan, parted by spaces; an administrator's file sets
it. Where it is locked, no other may, whatever anybody says."""


class Standing(StrEnum):
    """Whether an origin may scan."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Consent(Struct, frozen=True):
    """How an origin stands. ``by`` and ``at`` say who said so and when; None: the list does."""

    origin: str
    standing: Standing
    by: str = ""
    at: datetime | None = None


class Consents:
    """The consents of one home."""

    def __init__(self, store: Store, policy: Policy = FREE) -> None:
        self._store = store
        self._policy = policy

    @property
    def locked(self) -> bool:
        """Whether the administrator's list alone counts."""
        return self._policy.locks(ORIGINS)

    def standing(self, origin: str) -> Standing:
        """Return whether an origin (``origins.origin_of``) may scan."""
        if self.locked:
            return Standing.ALLOWED if origin in self._listed() else Standing.REFUSED
        said = webpages.said_of(self._store, origin)
        if said is not None:
            return _standing(said)
        return Standing.ALLOWED if origin in self._listed() else Standing.UNKNOWN

    def all(self) -> tuple[Consent, ...]:
        """Return every origin that is allowed or refused, what was said last first."""
        listed = self._listed()
        if self.locked:
            return tuple(Consent(origin, Standing.ALLOWED) for origin in listed)
        said = webpages.all_said(self._store)
        known = {one.origin for one in said}
        told = [
            Consent(one.origin, _standing(one), one.by, datetime.fromisoformat(one.at))
            for one in said
            if _standing(one) is not Standing.UNKNOWN
        ]
        from_list = [Consent(o, Standing.ALLOWED) for o in listed if o not in known]
        return (*told, *from_list)

    def allow(self, origin: str) -> None:
        """Let an origin scan. Raises ``ByAdministrator``."""
        self._say(origin, "allowed")

    def refuse(self, origin: str) -> None:
        """Let an origin not scan, nor ask again. Raises ``ByAdministrator``."""
        self._say(origin, "refused")

    def withdraw(self, origin: str) -> None:
        """Take back what was said: it asks anew. Raises ``ByAdministrator``."""
        self._say(origin, "withdrawn")

    def _say(self, origin: str, answer: str) -> None:
        if self.locked:
            raise ByAdministrator(ORIGINS)
        with self._store.transaction() as tx:
            webpages.say(tx, origin, answer, account())

    def _listed(self) -> tuple[str, ...]:
        return origins_in(queries.setting(self._store, ORIGINS) or "")


def _standing(said: Said) -> Standing:
    return Standing.UNKNOWN if said.answer == "withdrawn" else Standing(said.answer)


def account() -> str:
    """Return the name of the account that works here; empty where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
