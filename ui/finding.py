"""Looks things up as one types: off the UI thread, one question at a time, the newest wins.

Used by the screens that have a search field. Knows no widget.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer

from digitizer.app import App
from digitizer.errors import DigitizerError
from digitizer.finding import Found, dossiers_named, find
from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier
from digitizer.storage import queries, wordindex
from ui.bridge import Bridge

log = logging.getLogger(__name__)

T = TypeVar("T")

NAMED_AT_MOST = 50


class Named(Struct, frozen=True):
    """What the counter's field finds.

    Attributes:
        dossiers: Heads, best first; all, the newest first, where nothing was typed.
        new_code: The one well-formed mã hồ sơ that was typed, where no dossier has it; or empty.
    """

    dossiers: tuple[Dossier, ...] = ()
    new_code: str = ""


class Everywhere(Struct, frozen=True):
    """What a search of everything finds. ``behind``: dossiers and pages not indexed yet."""

    found: tuple[Found, ...] = ()
    behind: int = 0


def named(app: App, typed: str) -> Named:
    """Find dossiers by code, holder or procedure. Blocks."""
    codes = dossier_codes(typed)
    known = len(codes) != 1 or queries.dossier_id_of(app.store, codes[0]) is not None
    dossiers = dossiers_named(app.store, typed, NAMED_AT_MOST)
    return Named(tuple(dossiers), "" if known else codes[0])


def everywhere(app: App, typed: str) -> Everywhere:
    """Find dossiers and places in their pages. Blocks."""
    return Everywhere(find(app.store, typed), wordindex.waiting(app.store))


class AsTyped(Generic[T]):
    """Asks ``look`` about what is typed and lets ``show`` have the answer to the newest question,
    with that question."""

    def __init__(
        self,
        bridge: Bridge,
        look: Callable[[str], T],
        show: Callable[[str, T], None],
        owner: QObject,
        *,
        wait_ms: int = 0,
    ) -> None:
        """``wait_ms``: how long after the last key; ``owner`` outlives nothing of it."""
        self._bridge = bridge
        self._look = look
        self._show = show
        self._wanted = ""
        self._running = self._again = False
        self._timer = QTimer(owner, singleShot=True, interval=wait_ms)
        self._timer.timeout.connect(self._begin)

    @property
    def busy(self) -> bool:
        """Whether an answer is to come."""
        return self._running or self._timer.isActive()

    def ask(self, typed: str) -> None:
        """Look for this, soon; what was asked before does not matter any more."""
        self._wanted = typed
        if self._running:
            self._again = True
        elif self._timer.interval():
            self._timer.start()
        else:
            self._begin()

    def ask_now(self) -> None:
        """Do not wait for further keys."""
        if self._timer.isActive():
            self._timer.stop()
            self._begin()

    def _begin(self) -> None:
        if self._running:
            self._again = True
            return
        self._running, self._again = True, False
        typed = self._wanted
        self._bridge.ask(
            lambda: self._look(typed), lambda found: self._done(typed, found), self._failed
        )

    def _done(self, typed: str, found: T) -> None:
        self._running = False
        if self._again:
            self._begin()
        else:
            self._show(typed, found)

    def _failed(self, error: DigitizerError) -> None:
        log.warning("a search failed: %s", error.code)
        self._running = False
        if self._again:
            self._begin()
