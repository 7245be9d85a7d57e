"""PURE: how uploads may use the line: how fast, at which hours, and what is too big for it.

The values of four settings. Read by the administrator's file, the command line, the window and
the sync lane; kept by ``digitizer.sending``. Knows no store and no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Self

from msgspec import Struct

from digitizer.wholenumbers import within

VIETNAM = timezone(timedelta(hours=7))
"""Office hours are Vietnam's, whatever zone this machine is set to."""

KBITS, HOURS, COMPACT, MINUTES = "sync.kbits", "sync.hours", "sync.compact", "sync.minutes"
"""The names of the settings."""
ANY = "any"
"""The hours that are no limit."""
MOST_KBITS = 1_000_000
MOST_MINUTES = 600

_DAY = 24 * 60
_HOURS = re.compile(r"(?:(not) )?([0-9]{1,2}):([0-9]{2}) ?- ?([0-9]{1,2}):([0-9]{2})")


class Compacting(StrEnum):
    """What is done about a paper that is too big for the line."""

    NEVER = "never"  # it goes as it is
    OFFER = "offer"  # it goes as it is, and somebody is asked whether it should be compact
    AUTO = "auto"  # it is made compact before it is sent


class Hours(Struct, frozen=True):
    """From one time of day to another, in minutes after midnight; over midnight where the end is
    the earlier one."""

    start: int
    end: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read ``17:00-07:00``, or ``not 07:00-17:00``, which is the same; ``any`` is None.

        Raises:
            ValueError: it is none of these, or no time at all.
        """
        wanted = " ".join(text.split()).lower()
        if wanted == ANY:
            return None
        found = _HOURS.fullmatch(wanted)
        if found is None:
            raise ValueError("hours are like 17:00-07:00, 'not 07:00-17:00' or 'any'")
        start, end = (_minutes(found[at], found[at + 1]) for at in (2, 4))
        if start == end:
            raise ValueError("these hours have no length")
        return cls(end, start) if found[1] else cls(start, end)

    def text(self) -> str:
        """Return them as ``parse`` reads them."""
        return f"{_clock(self.start)}-{_clock(self.end)}"

    def has(self, moment: datetime) -> bool:
        """Tell whether a moment (with its zone) is in these hours."""
        return (_of_day(moment) - self.start) % _DAY < (self.end - self.start) % _DAY

    def opens(self, moment: datetime) -> datetime:
        """Return the next moment that is in these hours: ``moment`` itself, or their beginning."""
        if self.has(moment):
            return moment
        local = moment.astimezone(VIETNAM).replace(second=0, microsecond=0)
        return local + timedelta(minutes=(self.start - _of_day(moment)) % _DAY)


class Limits(Struct, frozen=True):
    """What is set.

    Attributes:
        kbits: Kilobits a second that uploads take at most; 0: as many as there are.
        hours: When uploads run; None: at any time.
        compact: What is done about a paper that is too big for the line.
        minutes: How long sending one file may take, as servers and what stands before them have
            it: one that takes longer is too big.
    """

    kbits: int = 0
    hours: Hours | None = None
    compact: Compacting = Compacting.OFFER
    minutes: int = 10

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Return what settings say; one that says nothing this program knows is as if not set."""
        good = {name: values[name] for name in _GOOD if name in values and fits(name, values[name])}
        return cls(
            int(good.get(KBITS, 0)),
            Hours.parse(good.get(HOURS, ANY)),
            Compacting(good.get(COMPACT, Compacting.OFFER)),
            int(good.get(MINUTES, 10)),
        )

    def settings(self) -> dict[str, str]:
        """Return the settings that ``of`` reads."""
        return {
            KBITS: str(self.kbits),
            HOURS: self.hours.text() if self.hours else ANY,
            COMPACT: self.compact.value,
            MINUTES: str(self.minutes),
        }

    @property
    def rate(self) -> float:
        """Bytes a second that uploads take at most; 0: as many as there are."""
        return self.kbits * 1000 / 8


_GOOD = (KBITS, HOURS, COMPACT, MINUTES)


def fits(name: str, value: object) -> bool:
    """Tell whether a setting may have a value, as text or as the administrator's file has it."""
    if name in (KBITS, MINUTES):
        least, most = (0, MOST_KBITS) if name == KBITS else (1, MOST_MINUTES)
        return within(value, least, most) is not None
    if not isinstance(value, str):
        return False
    if name == COMPACT:
        return value in list(Compacting)
    try:
        Hours.parse(value)
    except ValueError:
        return False
    return True


def seconds_for(size: int, speed: float | None, rate: float) -> float | None:
    """Return the seconds that sending ``size`` bytes probably takes, or None where nobody knows.

    Args:
        size: Bytes.
        speed: Bytes a second that the line did lately, or None.
        rate: Bytes a second that are allowed; 0: no limit.
    """
    known = [one for one in (speed, rate or None) if one]
    return size / min(known) if known else None


def _minutes(hour: str, minute: str) -> int:
    if int(hour) > 24 or int(minute) > 59 or (int(hour) == 24 and int(minute)):
        raise ValueError("there is no such time of day")
    return (int(hour) * 60 + int(minute)) % _DAY


def _of_day(moment: datetime) -> int:
    local = moment.astimezone(VIETNAM)
    return local.hour * 60 + local.minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
