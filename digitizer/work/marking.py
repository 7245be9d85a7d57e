"""Tells the procedure system how many papers of a component were received, where the office wants.

Called by the sync lane's work: right after a receipt, and on the way down for what did not get
through then. A mark is no fact about a paper: whatever goes wrong with it, the receipt stands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from digitizer.errors import DigitizerError
from digitizer.procedure.port import Ability, Mark
from digitizer.servers import Connection
from digitizer.storage import marks, queries, secrecy
from digitizer.storage.marks import Untold
from digitizer.storage.store import Store

log = logging.getLogger(__name__)

_JUST_NOW, _PATIENCE = timedelta(minutes=10), timedelta(days=31)

SETTING = "sync.marks"
"""Its name among the settings: ``Telling``."""


class Telling(StrEnum):
    """Whether the office wants its procedure system to be told."""

    ON = "on"
    OFF = "off"


def get(store: Store) -> Telling:
    """Return what is set; ``ON`` where nothing is."""
    return Telling.OFF if queries.setting(store, SETTING) == Telling.OFF else Telling.ON


def tell(
    store: Store,
    to: Connection,
    dossier_id: str = "",
    *,
    stopped: Callable[[], bool] = lambda: False,
    met: Callable[[DigitizerError], None] = lambda _error: None,
) -> None:
    """Tell ``to`` what it was not told yet, of one dossier or of all.

    Where the office does not want that, it counts as told: nothing is told later of what came
    meanwhile. What did not get through for a month is let go.

    Args:
        store: Where the facts are.
        to: The system.
        dossier_id: Of this dossier alone; empty: of all.
        stopped: Asked before each of them.
        met: Hears of trouble; what raises from it ends the telling.
    """
    if Ability.MARKS not in to.system.abilities:
        return
    since = datetime.now(UTC) - (_JUST_NOW if dossier_id else _PATIENCE)
    ordered = sorted(marks.untold(store, to.server, since, dossier_id), key=_dossier)
    for _, group in groupby(ordered, key=_dossier):
        left = list(group)
        while left and not stopped():
            if secrecy.barred(store, left[0].dossier_id):
                break  # nothing about it leaves (any more)
            _tell(store, to, left, stopped, met)


def _tell(
    store: Store,
    to: Connection,
    left: list[Untold],
    stopped: Callable[[], bool],
    met: Callable[[DigitizerError], None],
) -> None:
    """Tell what is left of one dossier, and take it from ``left``; after trouble with one, that
    is taken from it too, and the rest stays for another call."""

    def told(_mark: Mark | None = None) -> None:
        with store.transaction() as tx:
            marks.put_mark(tx, left[0], to.server)
        del left[0]

    def wanted() -> Iterator[Mark]:
        for one in tuple(left):
            if stopped() or secrecy.barred(store, one.dossier_id):
                return
            yield Mark(one.server_ref, one.code, one.part, one.count)

    try:
        if get(store) is Telling.ON:
            to.system.mark(wanted(), told)
        else:
            told()
    except DigitizerError as error:
        log.warning("telling what was received: %s", error.code)
        del left[:1]
        met(error)


def _dossier(one: Untold) -> str:
    return one.dossier_id
