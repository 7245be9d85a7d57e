"""Replays lists of options as ``scanimage -A`` prints them; a table of options, no device.

Dumps are written by hand in ``dumps/``. After the list, ``## --source=ADF`` begins the lines that
change once that option is set so; ``*`` is any value, and ``{}`` stands for it.
"""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from digitizer.errors import ProfileUnsupported
from drivers.sane_options import Kind, Offer, Unit, Value

DUMPS = Path(__file__).with_name("dumps")

_OPTION = re.compile(
    r"    (?:--(?P<long>[\w-]+)|-(?P<short>[ltxy]))(?P<bool>\[=\([a-z|]+\)\])?"
    r"(?: (?P<values>[^[].*?))?(?P<step> \(in steps of [0-9.]+\))?(?P<notes>(?: \[[^]]*\])*)$"
)
_AREA = {"l": "tl-x", "t": "tl-y", "x": "br-x", "y": "br-y"}
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_UNITS = {"mm": Unit.MM, "pel": Unit.PIXEL, "dpi": Unit.DPI}


def parse(text: str) -> tuple[Offer, Value | None] | None:
    """Return the option that a line describes, and its value where it is active."""
    found = _OPTION.match(text)
    if found is None:
        return None
    name = found["long"] or _AREA[found["short"]]
    notes = re.findall(r"\[([^]]*)\]", found["notes"])
    values, step = found["values"] or "", found["step"] or ""
    offer = Offer(
        name,
        active="inactive" not in notes,
        settable=not {"hardware", "read-only"} & set(notes),
    )
    span = re.fullmatch(rf"({_NUMBER})\.\.({_NUMBER})([a-z%]*)", values)
    listed = re.fullmatch(rf"(?:auto\|+)?({_NUMBER}(?:\|{_NUMBER})*)([a-z%]*)", values)
    if found["bool"]:
        offer = replace(offer, kind=Kind.BOOL)
    elif span:
        inside = (float(span[1]), float(span[2]), float(re.sub("[^0-9.]", "", step) or 0))
        offer = replace(offer, kind=_numeric(values + step), range=inside, unit=_unit(span[3]))
    elif listed:
        numbers = tuple(float(number) for number in listed[1].split("|"))
        offer = replace(offer, kind=_numeric(values), numbers=numbers, unit=_unit(listed[2]))
    elif values == "<string>":
        pass
    elif not values or ",..." in values or "<" in values:
        offer = replace(offer, kind=Kind.OTHER)
    else:
        offer = replace(offer, words=tuple(values.split("|")))
    return offer, _value(offer, notes[0]) if offer.active and notes else None


def _numeric(text: str) -> Kind:
    return Kind.FIXED if "." in text.replace("..", " ") else Kind.INT


def _unit(text: str) -> Unit:
    return _UNITS.get(text, Unit.NONE)


def _value(offer: Offer, text: str) -> Value:
    match offer.kind:
        case Kind.BOOL:
            return text == "yes"
        case Kind.INT | Kind.FIXED:
            return float(text)
    return text


class Replayed:
    """A table of options read from a dump. Refuses what a back end would refuse."""

    def __init__(self, name: str) -> None:
        text = (DUMPS / f"{name}.txt").read_text(encoding="utf-8")
        head, *changes = text.split("\n## --")
        self._device = re.search("device `(.*)':", head)[1]  # type: ignore[index]
        self._changes = [change.split("\n", 1) for change in changes]
        self._offers: dict[str, Offer] = {}
        self.values: dict[str, Value | None] = {}
        self.order: list[str] = []
        self._read(head)

    @property
    def device(self) -> str:
        return self._device

    def offers(self) -> dict[str, Offer]:
        return dict(self._offers)

    def value(self, name: str) -> Value:
        value = self.values[name]
        assert value is not None, f"{name} is inactive"
        return value

    def put(self, name: str, value: Value) -> None:
        offer = self._offers.get(name)
        if offer is None or not offer.active:
            raise ProfileUnsupported(f"option {name}")
        if not offer.settable:
            return
        self.values[name] = self._taken(offer, value)
        self.order.append(name)
        for head, lines in self._changes:
            option, _, wanted = head.partition("=")
            if option == name and wanted in ("*", str(value)):
                self._read(lines.replace("{}", str(self.values[name])))

    def _taken(self, offer: Offer, value: Value) -> Value:
        """Return ``value`` as the device rounds it, or refuse it."""
        match offer.kind:
            case Kind.BOOL:
                fits = isinstance(value, bool)
            case Kind.TEXT:
                fits = value in offer.words
            case Kind.INT | Kind.FIXED if not isinstance(value, str):
                fits = not offer.numbers or value in offer.numbers
                if offer.range is not None:
                    low, high, step = offer.range
                    fits = low <= value <= high
                    value = low + round((value - low) / step) * step if step else value
            case _:
                fits = False
        if not fits:
            raise ProfileUnsupported(f"option {offer.name}: {value}")
        return value

    def _read(self, lines: str) -> None:
        for line in lines.splitlines():
            parsed = parse(line)
            if parsed is not None:
                self._offers[parsed[0].name], self.values[parsed[0].name] = parsed
