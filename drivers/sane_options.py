"""Find our few ideas (source, mode, resolution) among the many names SANE back ends give them.

PURE. Used by ``drivers.sane_setup`` and ``drivers.sane_sheet``. An option is known by a plain
description, an ``Offer``; what back ends do differently is data (``drivers.sane_oddities``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Protocol

from msgspec import Struct

from digitizer.scanning import Mode, Source
from drivers import sane_oddities
from drivers.sane_acts import LARGEST, BothSides, Oddity

SAMPLED_DPI = (75, 100, 150, 200, 300, 400, 600)
"""What is offered where a device takes any resolution in a range."""

_DEEP = ("48", "36", "16", "14", "12")
_NEAR = 0.01
"""SANE's fixed-point numbers are off by 1/65536; steps add to that."""

Value = str | float | bool


class Kind(Enum):
    """What an option holds. ``OTHER``: nothing that has one value."""

    BOOL = "bool"
    INT = "int"
    FIXED = "fixed"
    TEXT = "text"
    OTHER = "other"


class Unit(Enum):
    """What a number counts."""

    NONE = "none"
    PIXEL = "pixel"
    MM = "mm"
    DPI = "dpi"


class Offer(Struct, frozen=True):
    """One option as a back end offers it now.

    Attributes:
        name: SANE's name for it.
        words: The texts it allows.
        numbers: The numbers it allows, where they are a list.
        range: From, to, step of the numbers it allows; a step of 0 is none.
        active: It can be used now; another option may change that.
        settable: By software; else it is a sensor, or told by the device.
    """

    name: str
    words: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    range: tuple[float, float, float] | None = None
    kind: Kind = Kind.TEXT
    unit: Unit = Unit.NONE
    active: bool = True
    settable: bool = True

    @property
    def open(self) -> bool:
        """True where it can be set now."""
        return self.active and self.settable


class Table(Protocol):
    """A device as a list of options. Each one that is set may change all others."""

    @property
    def device(self) -> str:
        """SANE's name for it."""
        ...

    def offers(self) -> dict[str, Offer]:
        """Return the options by name, as they are now."""
        ...

    def value(self, name: str) -> Value:
        """Return what an active option holds. Raises a ``ScannerError``."""
        ...

    def put(self, name: str, value: Value) -> None:
        """Set an option. Raises ``ProfileUnsupported`` where the device refuses it."""
        ...


class Setting(Struct, frozen=True):
    """One option to be set.

    Attributes:
        name: SANE's name for it.
        value: A word or a number, or True for a switch.
        needed: False where the device is as wanted if the option cannot be set now.
    """

    name: str
    value: Value
    needed: bool = True


def find(offers: dict[str, Offer], names: Iterable[str]) -> Offer | None:
    """Return the first option that is called by one of ``names``, however it is spelt."""
    spelt = {sane_oddities.plain(offer.name): offer for offer in offers.values()}
    for name in names:
        offer = spelt.get(sane_oddities.plain(name))
        if offer is not None:
            return offer
    return None


def sources(
    offers: dict[str, Offer], rows: tuple[Oddity, ...], only: str = ""
) -> dict[Source, tuple[Setting, ...]]:
    """Return the sources a device has, each with the options to set for it, in that order.

    A device without any source option is a flatbed, unless something else tells of a feeder. One
    that lists sources and lets none be chosen now (plustek, snapscan and epson do so while no film
    unit is attached) scans from its glass, or from the one feeder it has.

    Args:
        offers: What the device offers.
        rows: The oddities of the device.
        only: What its source is, where it tells one but gives no choice.
    """
    found: dict[Source, tuple[Setting, ...]] = {}
    offer = offers.get("source")
    listed = offer.words if offer is not None else ()
    words = listed if offer is not None and offer.open else ()
    if not words:
        told = [sane_oddities.named(rows, word) for word in ((only,) if only else listed)]
        fixed = next((source for source in Source if source in told), None)
        if fixed is not None:
            found[fixed] = ()
    for word in words:
        source = sane_oddities.named(rows, word)
        if source is not None:
            found.setdefault(source, (Setting("source", word),))
    automatic = next((word for word in words if word.lower() == "auto"), None)
    if automatic is not None and Source.FLATBED not in found:
        found[Source.FLATBED] = (Setting("source", automatic),)
    both = _both_sides(offers, rows)
    if not listed and not found:
        found[Source.ADF if both else Source.FLATBED] = ()
    if both is not None and Source.ADF in found and Source.ADF_DUPLEX not in found:
        one_side, two_sides = both
        found[Source.ADF_DUPLEX] = (*found[Source.ADF], two_sides)
        found[Source.ADF] = (*found[Source.ADF], one_side)
    return {source: found[source] for source in Source if source in found}


def _both_sides(
    offers: dict[str, Offer], rows: tuple[Oddity, ...]
) -> tuple[Setting, Setting] | None:
    """Return the settings for one side and for both, where that is an option of its own."""
    for row in rows:
        if not isinstance(row.do, BothSides):
            continue
        offer = find(offers, row.do.options)
        if offer is None or not offer.settable:
            continue
        if offer.kind is Kind.BOOL:
            return Setting(offer.name, False, needed=False), Setting(offer.name, True)
        one = _holding(offer.words, row.do.one)
        two = _holding([word for word in offer.words if word != one], row.do.two)
        if one and two:
            return Setting(offer.name, one, needed=False), Setting(offer.name, two)
    return None


def _holding(words: Sequence[str], parts: Sequence[str]) -> str | None:
    return next((word for word in words if any(part in word.lower() for part in parts)), None)


def modes(words: Sequence[str]) -> dict[Mode, str]:
    """Return the back end's word for each mode it has; 8 bits a channel before any deeper."""
    found: dict[Mode, str] = {}
    for word in sorted(words, key=_deep):
        mode = _mode(word)
        if mode is not None:
            found.setdefault(mode, word)
    return {mode: found[mode] for mode in Mode if mode in found}


def _deep(word: str) -> bool:
    return any(bits in word for bits in _DEEP)


def _mode(word: str) -> Mode | None:
    lower = word.lower()
    if any(part in lower for part in ("halftone", "dither", "diffusion", "infrared")):
        return None
    if "colo" in lower or "rgb" in lower:
        return Mode.COLOR
    if "gray" in lower or "grey" in lower:
        return Mode.GRAY
    if any(part in lower for part in ("lineart", "line art", "binary", "black", "mono", "thresh")):
        return Mode.LINEART
    return None


def resolutions(offer: Offer) -> tuple[int, ...]:
    """Return the resolutions to offer, in dpi, ascending."""
    if offer.range is not None:
        return tuple(dpi for dpi in SAMPLED_DPI if allowed(offer, dpi) is not None)
    listed = {round(number) for number in offer.numbers if number >= 1}
    return tuple(sorted(listed | {_in_words(word) for word in offer.words} - {0}))


def allowed(offer: Offer, dpi: int) -> Value | None:
    """Return what to set for ``dpi``, or None where the device cannot scan at it."""
    if offer.range is not None:
        low, high, step = offer.range
        if not low - _NEAR <= dpi <= high + _NEAR:
            return None
        if step <= 0:
            return dpi
        off = (dpi - low) % step
        # a step that is a fraction of a dot is rounded by the back end
        return dpi if step < 1 or min(off, step - off) <= _NEAR else None
    if offer.words:
        return next((word for word in offer.words if _in_words(word) == dpi), None)
    if offer.numbers:
        return next((number for number in offer.numbers if abs(number - dpi) < 0.5), None)
    return dpi


def _in_words(word: str) -> int:
    """Return the dpi of a word such as ``300 dpi`` or ``300x300``; 0 where there is none."""
    digits = re.match(r"\s*([0-9]+)", word)
    return int(digits[1]) if digits else 0


def first_allowed(offer: Offer, values: Sequence[str]) -> Value | None:
    """Return the first of ``values`` that the option takes, as it takes it."""
    for value in values:
        if offer.kind is Kind.BOOL:
            if value in ("yes", "no"):
                return value == "yes"
        elif offer.kind is Kind.TEXT:
            word = next((word for word in offer.words if word.lower() == value.lower()), None)
            if word is not None:
                return word
        elif value == LARGEST:
            return _largest(offer)
        elif re.fullmatch(r"[0-9]+", value) and _within(offer, float(value)):
            return float(value)
    return None


def _largest(offer: Offer) -> float | None:
    if offer.range is not None:
        return offer.range[1]
    return max(offer.numbers, default=None)


def _within(offer: Offer, number: float) -> bool:
    if offer.range is not None:
        return offer.range[0] <= number <= offer.range[1]
    return not offer.numbers or number in offer.numbers
