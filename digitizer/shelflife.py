"""PURE: how long copies of what was sent stay on this machine: the values of a few settings.

Read by the administrator's file, the command line and the window; kept by ``digitizer.retention``.
Knows no store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Self

from msgspec import Struct

from digitizer.wholenumbers import within

DAYS = "retention.days"
"""The name of the setting: a number of days, or ``OFF``."""
SINCE, CHANGED, SEEN = "retention.since", "retention.changed", "retention.seen"
"""What the program notes beside it: from when days count at the earliest; when the number of days
was first seen to be another; and which it was then."""
OFF = "off"
DEFAULT_DAYS = 30
MOST_DAYS = 3650
GRACE = timedelta(days=1)
"""What was asked for by hand, or by another number of days, can be taken back for so long."""
BACKUP_DAYS, RESCUED_DAYS, LOG_DAYS = 30, 180, 90
"""How long old backups, what a crash left over, and old logs stay at least."""


class ShelfLife(Struct, frozen=True):
    """What is set.

    Attributes:
        days: How long copies stay after the last receipt; None: for good.
        since: Days count from here at the earliest: when this rule came into force.
        changed: When ``days`` was last changed, or None: nothing goes within ``GRACE`` of that.
        seen: The value that ``changed`` is about.
    """

    days: int | None = DEFAULT_DAYS
    since: datetime | None = None
    changed: datetime | None = None
    seen: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Return what settings say; one that says nothing this program knows is as if not set."""
        said = values.get(DAYS, str(DEFAULT_DAYS))
        try:
            days = parse(said)
        except ValueError:
            days = None  # nothing is removed by a setting that nobody understands
        return cls(
            days, _moment(values.get(SINCE)), _moment(values.get(CHANGED)), values.get(SEEN, "")
        )

    @property
    def text(self) -> str:
        """The value of the setting ``DAYS``."""
        return OFF if self.days is None else str(self.days)

    @property
    def noticed(self) -> bool:
        """Whether ``changed`` is about the number of days that is set now."""
        return self.seen == self.text

    @property
    def holds_from(self) -> datetime | None:
        """When what is set takes effect, or took; None: ``changed`` is not known."""
        return self.changed + GRACE if self.changed else None

    def due(self, done: datetime) -> datetime | None:
        """Return when what was done with at ``done`` may go; None: never."""
        if self.days is None:
            return None
        begin = max(done, self.since) if self.since else done
        due = begin + timedelta(days=self.days)
        return max(due, self.holds_from) if self.holds_from else due


def parse(text: str) -> int | None:
    """Return the days that a text says; ``off`` is None.

    Raises:
        ValueError: it is neither that nor 1 to ``MOST_DAYS``.
    """
    wanted = text.strip().lower()
    if wanted == OFF:
        return None
    days = within(wanted, 1, MOST_DAYS)
    if days is not None:
        return days
    raise ValueError(f"a number of days from 1 to {MOST_DAYS}, or '{OFF}'")


def fits(value: object) -> bool:
    """Tell whether the setting may have a value, as the administrator's file has it."""
    if not isinstance(value, str):
        return within(value, 1, MOST_DAYS) is not None
    try:
        parse(value)
    except ValueError:
        return False
    return True


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
