"""Set a SANE device up for a profile: source, mode, resolution, area, and what it asks besides.

Used by ``drivers.sane`` inside the worker. Works on a ``Table`` of options, so that it can be
replayed on any scanner's list; what back ends do differently is in ``drivers.sane_oddities``.
"""

from __future__ import annotations

import contextlib

from msgspec import Struct
from msgspec.structs import replace

from digitizer.errors import DoubleFeed, FeederJam, ProfileUnsupported, ScannerError
from digitizer.scanning import Capabilities, Device, Mode, Profile, Size, Source
from drivers import sane_oddities, sane_options, sane_sheet
from drivers.sane_acts import (
    AskAgain,
    Centred,
    DoubleFeedSensor,
    DoubleFeedSwitch,
    Oddity,
    Padding,
    PageLimit,
    PaperSensor,
    Put,
    StackEnd,
    When,
)
from drivers.sane_options import Kind, Offer, Setting, Table, Value
from drivers.sane_sheet import Asked

_FEEDERS = (Source.ADF, Source.ADF_DUPLEX)
_UNKNOWN_DPI = 300
"""Where a device has no say in it, or none in numbers."""


class Ready(Struct, frozen=True):
    """A device that is set up.

    Attributes:
        source: Where it scans from.
        dpi: What it made of the asked resolution.
        pages: How many pages to take; None is all that come.
        ends: Statuses of ``sane_start`` that mean an empty feeder, besides NO_DOCS.
        again: How often NO_DOCS is answered by trying again.
        padding: The grey level that rows are filled up with which never came, or None.
    """

    source: Source
    dpi: int
    pages: int | None
    ends: tuple[str, ...] = ()
    again: int = 0
    padding: int | None = None

    @property
    def feeds(self) -> bool:
        """True where sheets come from a feeder."""
        return self.source in _FEEDERS


def prepare(table: Table, profile: Profile) -> Ready:
    """Set the device up.

    Raises:
        ProfileUnsupported: the device has no such source, mode, resolution or option.
    """
    rows = sane_oddities.of(table.device)
    source = _choose_source(table, rows, profile)
    words = _mode_words(table.offers())
    if words:
        table.put("mode", _mode_word(words, profile.mode))
    depth = table.offers().get("depth")
    if depth is not None and depth.open and 8 in depth.numbers:
        table.put("depth", 8)
    given = frozenset(name for name, _ in profile.options)
    _put_oddities(table, rows, profile, source, given)
    for name, text in profile.options:
        _put_text(table, name, text)
    dpi = _put_resolution(table, profile.dpi)
    asked = Asked(source, profile.size, dpi, given, _central(table, rows))
    sane_sheet.put_sheet(table, rows, asked)
    return _ready(rows, source, dpi, profile.pages)


def capabilities(table: Table) -> Capabilities:
    """Return what a device can do; its current settings change. It is named by its id."""
    rows = sane_oddities.of(table.device)
    offers = table.offers()
    sizes: dict[Source, Size] = {}
    listed = sane_options.sources(offers, rows, _only_source(table, offers))
    for source, settings in listed.items():
        with contextlib.suppress(ProfileUnsupported):  # listed, and yet not there
            _put_source(table, settings)
            largest = sane_sheet.largest(table, rows, source, _current_dpi(table))
            sizes[source] = largest or Size(0.0, 0.0)
    offers |= table.offers()
    switches = _options(rows, DoubleFeedSwitch)
    return Capabilities(
        Device(table.device, "sane", table.device),
        tuple(sizes),
        sane_options.resolutions(_resolution(offers) or Offer("resolution")),
        modes(offers),
        sizes=tuple(sizes.values()),
        double_feed=sane_options.find(offers, switches) is not None,
        can_wait=any(source in sizes for source in _FEEDERS),
    )


def paper_there(table: Table) -> bool | None:
    """Tell whether paper lies in the feeder; None where the device has no sensor for it."""
    names = _options(sane_oddities.of(table.device), PaperSensor)
    sensor = sane_options.find(table.offers(), names)
    if sensor is None or not sensor.active or sensor.kind is not Kind.BOOL:
        return None
    return bool(table.value(sensor.name))


def jam_or_double(table: Table, jam: FeederJam) -> ScannerError:
    """Tell a double feed from a jam: SANE has one status, some back ends a sensor besides."""
    names = _options(sane_oddities.of(table.device), DoubleFeedSensor)
    for name in names:
        sensor = sane_options.find(table.offers(), (name,))
        if sensor is None or not sensor.active or sensor.kind is not Kind.BOOL:
            continue
        with contextlib.suppress(ScannerError):  # the jam is worth telling without it
            if table.value(sensor.name):
                return DoubleFeed(jam.detail)
    return jam


def _options(
    rows: tuple[Oddity, ...],
    kind: type[PaperSensor] | type[DoubleFeedSensor] | type[DoubleFeedSwitch],
) -> tuple[str, ...]:
    """Return the names of the options that the rows of one kind are about."""
    return tuple(name for row in rows if isinstance(row.do, kind) for name in row.do.options)


def _ready(rows: tuple[Oddity, ...], source: Source, dpi: int, pages: int | None) -> Ready:
    ready = Ready(source, dpi, pages)
    for row in rows:
        match row.do:
            case PageLimit(sources, most) if source in sources:
                if ready.pages is None or source is Source.FLATBED:
                    ready = replace(ready, pages=min(most, ready.pages or most))
            case StackEnd(statuses) if ready.feeds:
                ready = replace(ready, ends=(*ready.ends, *statuses))
            case AskAgain(of, times) if of is source:
                ready = replace(ready, again=times)
            case Padding(level):
                ready = replace(ready, padding=level)
    return ready


def _choose_source(table: Table, rows: tuple[Oddity, ...], profile: Profile) -> Source:
    """Set the best source that the device lets be set; one it lists may turn out not to be."""
    offers = table.offers()
    found = sane_options.sources(offers, rows, _only_source(table, offers))
    refused = ProfileUnsupported(f"source {profile.source or 'any'}")
    for source in profile.sources:
        if source in found:
            try:
                _put_source(table, found[source])
            except ProfileUnsupported as error:
                refused = error
            else:
                return source
    raise refused


def _put_source(table: Table, settings: tuple[Setting, ...]) -> None:
    for setting in settings:
        # a switch may be missing or asleep while its source is not the current one
        offer = table.offers().get(setting.name)
        if setting.needed or (offer is not None and offer.active):
            table.put(setting.name, setting.value)


def _only_source(table: Table, offers: dict[str, Offer]) -> str:
    """Return the one source of a device that tells it without a choice."""
    offer = offers.get("source")
    if offer is None or not offer.active or offer.kind is not Kind.TEXT:
        return ""
    if offer.words and offer.settable:
        return ""
    return str(table.value("source"))


def _central(table: Table, rows: tuple[Oddity, ...]) -> bool:
    offer = table.offers().get("source")
    if offer is None or not offer.active or offer.kind is not Kind.TEXT:
        return False
    word = str(table.value("source")).lower()
    return any(part in word for row in rows if isinstance(row.do, Centred) for part in row.do.parts)


def _mode_words(offers: dict[str, Offer]) -> dict[Mode, str]:
    offer = offers.get("mode")
    return sane_options.modes(offer.words) if offer is not None and offer.active else {}


def _mode_word(words: dict[Mode, str], asked: Mode) -> str:
    """Return the device's word for ``asked``, or for something richer we reduce ourselves."""
    order = {
        Mode.COLOR: (Mode.COLOR,),
        Mode.GRAY: (Mode.GRAY, Mode.COLOR),
        Mode.LINEART: (Mode.GRAY, Mode.COLOR, Mode.LINEART),
    }[asked]
    for mode in order:
        if mode in words:
            return words[mode]
    raise ProfileUnsupported(f"mode {asked}")


def modes(offers: dict[str, Offer]) -> tuple[Mode, ...]:
    """Return the modes a device can give us; a richer one is reduced in ``images``."""
    words = _mode_words(offers)
    if not words or Mode.COLOR in words:
        return tuple(Mode)
    if Mode.GRAY in words:
        return (Mode.GRAY, Mode.LINEART)
    return tuple(words)


def _put_oddities(
    table: Table,
    rows: tuple[Oddity, ...],
    profile: Profile,
    source: Source,
    given: frozenset[str],
) -> None:
    """Set what the rows say. A back end that refuses one of them scans without it."""
    feeds = source in _FEEDERS
    holds = {
        When.ALWAYS: True,
        When.FEEDER: feeds,
        When.COUNTED: feeds and profile.pages is not None,
        When.WAITING: feeds and profile.wait,
    }
    for row in rows:
        match row.do:
            case Put(options, values, when) if holds[when]:
                pass
            case DoubleFeedSwitch(options, on, off) if feeds:
                values = on if profile.double_feed else off
            case _:
                continue
        for option in options:
            offer = sane_options.find(table.offers(), (option,))
            if offer is None or not offer.open or offer.name in given:
                continue
            value = sane_options.first_allowed(offer, values)
            if value is not None:
                with contextlib.suppress(ProfileUnsupported):
                    table.put(offer.name, value)


def _resolution(offers: dict[str, Offer]) -> Offer | None:
    """Return the option that sets the resolution, if there is one."""
    found = [offers[name] for name in ("resolution", "x-resolution") if name in offers]
    return next((offer for offer in found if offer.open), found[0] if found else None)


def _put_resolution(table: Table, dpi: int) -> int:
    """Set ``dpi`` and return what the device made of it; devices without a say keep theirs."""
    offers = table.offers()
    offer = _resolution(offers)
    if offer is None:
        return dpi
    value = sane_options.allowed(offer, dpi)
    if value is None:
        raise ProfileUnsupported(f"{dpi} dpi")
    table.put(offer.name, value)
    across = table.offers().get("y-resolution")
    if across is not None and across.open:
        down = sane_options.allowed(across, dpi)
        if down is not None:
            table.put(across.name, down)
    told = table.value(offer.name)
    return dpi if isinstance(told, str) else round(told) or dpi


def _current_dpi(table: Table) -> int:
    offer = _resolution(table.offers())
    told = table.value(offer.name) if offer is not None and offer.active else ""
    return _UNKNOWN_DPI if isinstance(told, str) else round(told) or _UNKNOWN_DPI


def _put_text(table: Table, name: str, text: str) -> None:
    """Set an option that the profile gives by name, as text."""
    offer = table.offers().get(name)
    if offer is None:
        raise ProfileUnsupported(f"option {name}")
    table.put(name, _typed(offer, text))


def _typed(offer: Offer, text: str) -> Value:
    try:
        match offer.kind:
            case Kind.BOOL:
                return text.lower() in ("1", "yes", "true", "on")
            case Kind.INT:
                return int(text)
            case Kind.FIXED:
                return float(text)
            case Kind.TEXT:
                return text
    except ValueError as error:
        raise ProfileUnsupported(f"option {offer.name}") from error
    raise ProfileUnsupported(f"option {offer.name}")
