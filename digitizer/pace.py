"""How much of this machine the local work may take: *ưu tiên máy đang dùng*.

Called by the app, the command line and the settings screen. An old PC with two cores that OCRs on
both answers its clerk slowly; one core kept free is the price of half the speed.
"""

from __future__ import annotations

import os
from enum import StrEnum

from digitizer.storage import changes, queries
from digitizer.storage.store import Store

SETTING = "local.pace"
"""Its name among the settings."""


class Pace(StrEnum):
    """Who goes first on this machine."""

    WORK = "work"  # reading and OCR on every core
    DESK = "desk"  # one core is kept free for the person


def get(store: Store) -> Pace:
    """Return what is set; ``WORK`` where nothing is, or something this program does not know."""
    found = queries.setting(store, SETTING)
    return Pace(found) if found in set(Pace) else Pace.WORK


def put(store: Store, pace: Pace) -> None:
    """Remember ``pace``."""
    with store.transaction() as tx:
        changes.set_setting(tx, SETTING, pace.value)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def jobs(pace: Pace) -> int:
    """Return how many programs may work at once."""
    return max(1, cores() - 1) if pace is Pace.DESK else cores()
