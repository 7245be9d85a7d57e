"""What a row of SANE's oddity table can say: whose habit, what is odd, what to do about it.

PURE. The rows are in ``drivers.sane_oddities``; ``drivers.sane_options`` and
``drivers.sane_setup`` do what they say.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from digitizer.scanning import Source

LARGEST = "largest"
"""In place of a value: the highest number that the device allows."""


class When(StrEnum):
    """For which scans an option is put."""

    ALWAYS = "always"
    FEEDER = "feeder"
    COUNTED = "counted"  # a number of pages was asked for
    WAITING = "waiting"  # the scan waits for paper


class Named(Struct, frozen=True):
    """A source whose name holds one of ``parts`` is ``source``; None: no paper of ours."""

    source: Source | None
    parts: tuple[str, ...]


class BothSides(Struct, frozen=True):
    """One option decides about one side or both; its words hold ``one`` or ``two``."""

    options: tuple[str, ...]
    one: tuple[str, ...]
    two: tuple[str, ...]


class Put(Struct, frozen=True):
    """Before the scan set each of ``options`` to the first of ``values`` the device allows."""

    options: tuple[str, ...]
    values: tuple[str, ...]
    when: When = When.ALWAYS


class DoubleFeedSwitch(Struct, frozen=True):
    """Sheets that stick together are noticed with ``on``; not looked for with ``off``."""

    options: tuple[str, ...]
    on: tuple[str, ...]
    off: tuple[str, ...]


class DoubleFeedSensor(Struct, frozen=True):
    """After a jam, one of ``options`` tells whether it was two sheets at once."""

    options: tuple[str, ...]


class PaperSensor(Struct, frozen=True):
    """One of ``options`` tells whether paper lies in the feeder, without moving it."""

    options: tuple[str, ...]


class Sheet(Struct, frozen=True):
    """The sheet has a size of its own: set before the area, which it limits."""

    width: tuple[str, ...]
    height: tuple[str, ...]


class Centred(Struct, frozen=True):
    """Sheets run through the middle of a source whose name holds one of ``parts``."""

    parts: tuple[str, ...]


class PageLimit(Struct, frozen=True):
    """From ``sources`` come ``pages`` at most, unless more are asked for from a feeder."""

    sources: tuple[Source, ...]
    pages: int


class StackEnd(Struct, frozen=True):
    """``sane_start`` after a page answers one of ``statuses`` where NO_DOCS is meant."""

    statuses: tuple[str, ...]


class AskAgain(Struct, frozen=True):
    """NO_DOCS from ``source`` is not meant: the scan is tried so many times more."""

    source: Source
    times: int


class Padding(Struct, frozen=True):
    """What never came of a side is filled up with rows of this one ``level``."""

    level: int


Act = (
    Named
    | BothSides
    | Put
    | DoubleFeedSwitch
    | DoubleFeedSensor
    | PaperSensor
    | Sheet
    | Centred
    | PageLimit
    | StackEnd
    | AskAgain
    | Padding
)


class Oddity(Struct, frozen=True):
    """A row. ``devices``: patterns of SANE's device names, the back end before the colon."""

    name: str
    odd: str
    do: Act
    devices: tuple[str, ...] = ("*",)
