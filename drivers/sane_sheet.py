"""Ask a SANE device for a sheet's size: the paper it expects, then the area it scans.

Used by ``drivers.sane_setup`` and for a device's capabilities. Knows options only by their plain
descriptions; lengths are millimetres, whatever unit the back end counts in.
"""

from __future__ import annotations

from msgspec import Struct

from digitizer.scanning import Size, Source
from drivers import sane_options
from drivers.sane_acts import Oddity, Sheet
from drivers.sane_options import Offer, Table, Unit

FEEDER_MAX_MM = 355.6
"""Longest sheet asked of a feeder (14 inches): some take metres, and reserve memory for them."""

_MM_PER_INCH = 25.4
_SLACK_MM = 0.5


class Asked(Struct, frozen=True):
    """What is wanted of the sheet.

    Attributes:
        source: Where it lies.
        size: Of the sheet; None for the largest.
        dpi: For back ends that count in pixels.
        given: Options the profile sets itself: they are left alone.
        central: Sheets run through the middle of the area.
    """

    source: Source
    size: Size | None
    dpi: int
    given: frozenset[str] = frozenset()
    central: bool = False


def put_sheet(table: Table, rows: tuple[Oddity, ...], asked: Asked) -> None:
    """Set the sheet's size and the area, clipped to what the device allows.

    Feeders with a paper size of their own limit the area to it, by default to Letter, which is
    shorter than A4: the size comes first. Where sheets run through the middle, so does the area.
    """
    size = asked.size or largest(table, rows, asked.source, asked.dpi)
    width, height = _sheet_options(table, rows)
    if size is not None:
        _put(table, width, size.width, asked)
        _put(table, height, size.height, asked)
    for name in ("tl-x", "tl-y"):
        _put(table, name, 0.0, asked)
    if size is not None:
        left = _left(table, size, asked) if width or asked.central else 0.0
        _put(table, "br-y", size.height, asked)
        _put(table, "br-x", left + size.width, asked)
        if left:
            _put(table, "tl-x", left, asked)


def largest(table: Table, rows: tuple[Oddity, ...], source: Source, dpi: int) -> Size | None:
    """Return the largest sheet the current source takes; None where the device tells none."""
    offers = table.offers()
    width, height = _sheet_options(table, rows)
    across = _most(offers.get(width), dpi) or _most(offers.get("br-x"), dpi)
    along = _most(offers.get(height), dpi) or _most(offers.get("br-y"), dpi)
    if not across or not along:
        return None
    return Size(across, along if source is Source.FLATBED else min(along, FEEDER_MAX_MM))


def _sheet_options(table: Table, rows: tuple[Oddity, ...]) -> tuple[str, str]:
    """Return the names of the options for the sheet's width and height, or empty ones."""
    offers = table.offers()
    for row in rows:
        if isinstance(row.do, Sheet):
            found = [sane_options.find(offers, names) for names in (row.do.width, row.do.height)]
            width, height = (offer.name if offer and offer.open else "" for offer in found)
            if width or height:
                return width, height
    return "", ""


def _left(table: Table, size: Size, asked: Asked) -> float:
    """Return how far right the sheet begins, where the area still spans the whole path."""
    across = _most(table.offers().get("br-x"), asked.dpi)
    if not across or across - size.width < _SLACK_MM:
        return 0.0
    return (across - size.width) / 2


def _most(offer: Offer | None, dpi: int) -> float | None:
    """Return the greatest length an option takes now, in millimetres."""
    if offer is None or not offer.open:
        return None
    most = offer.range[1] if offer.range is not None else max(offer.numbers, default=None)
    return None if most is None else most * _mm(offer, dpi)


def _put(table: Table, name: str, length: float, asked: Asked) -> None:
    """Set an option to ``length``, or as near as it goes."""
    offer = table.offers().get(name)
    if offer is None or not offer.open or name in asked.given:
        return
    value = length / _mm(offer, asked.dpi)
    if offer.range is not None:
        table.put(name, min(max(value, offer.range[0]), offer.range[1]))
    elif offer.numbers:
        enough = [number for number in offer.numbers if number >= value - _SLACK_MM]
        table.put(name, min(enough, default=max(offer.numbers)))


def _mm(offer: Offer, dpi: int) -> float:
    """Return the millimetres in one of the option's units; one without a unit counts them."""
    return _MM_PER_INCH / dpi if offer.unit is Unit.PIXEL else 1.0
