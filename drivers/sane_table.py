"""An open SANE device as a table of options, and SANE's words for trouble as rows of ours.

Used by ``drivers.sane`` and what it feeds with, inside the worker. python-sane is handed in:
this module never loads it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from digitizer.errors import (
    CoverOpen,
    FeederEmpty,
    FeederJam,
    ProfileUnsupported,
    ScanCancelled,
    ScannerBusy,
    ScannerDenied,
    ScannerError,
    ScannerLost,
)
from drivers.sane_options import Kind, Offer, Unit, Value

_KINDS = (Kind.BOOL, Kind.INT, Kind.FIXED, Kind.TEXT)  # SANE standard 1.06, §4.2.9
_UNITS = {1: Unit.PIXEL, 3: Unit.MM, 4: Unit.DPI}
_WORD_BYTES = 4

STATUS: dict[str, type[ScannerError]] = {
    "Operation not supported": ProfileUnsupported,
    "Operation was canceled": ScanCancelled,
    "Operation was cancelled": ScanCancelled,
    "Device busy": ScannerBusy,
    "Invalid argument": ProfileUnsupported,
    "End of file reached": ScannerLost,
    "Document feeder jammed": FeederJam,
    "Document feeder out of documents": FeederEmpty,
    "Scanner cover is open": CoverOpen,
    "Error during device I/O": ScannerLost,
    "Out of memory": ScannerLost,
    "Access to resource has been denied": ScannerDenied,
}
"""``sane_strstatus`` texts (SANE standard 1.06, §4.2.7); python-sane gives nothing better."""

_NAMES = {"Invalid argument": "INVAL", "Error during device I/O": "IO_ERROR"}


@contextlib.contextmanager
def converted(sane: Any, device: str, ends: Sequence[str] = ()) -> Iterator[None]:
    """Turn SANE's trouble into a ``ScannerError``.

    Args:
        sane: The binding.
        device: For the words of the error.
        ends: Names of statuses (``INVAL`` …) that mean no more than an empty feeder here.
    """
    try:
        yield
    except sane._sane.error as error:
        row = STATUS.get(str(error), ScannerLost)
        if _NAMES.get(str(error)) in ends:
            row = FeederEmpty
        told = row in (ScannerLost, ProfileUnsupported)
        raise row(f"{device}: {error}" if told else device) from error


class OpenTable:
    """The options of a device that python-sane has opened; see ``sane_options.Table``."""

    def __init__(self, sane: Any, opened: Any) -> None:
        self._sane = sane
        self._opened = opened

    @property
    def device(self) -> str:
        """SANE's name for the device."""
        return str(self._opened.devname)

    def offers(self) -> dict[str, Offer]:
        """Return the options as they are now."""
        return {str(option.name): _offer(option) for option in self._options()}

    def value(self, name: str) -> Value:
        """Return what an active option holds. Raises a ``ScannerError`` where it tells nothing."""
        option = self._option(name)
        if not option.is_active():
            raise ProfileUnsupported(f"option {name}")
        with converted(self._sane, self.device):
            value: Value = getattr(self._opened, option.py_name)
        return bool(value) if _kind(option) is Kind.BOOL else value

    def put(self, name: str, value: Value) -> None:
        """Set an option. Raises ``ProfileUnsupported`` where the device refuses it."""
        option = self._option(name)
        if not option.is_active():
            raise ProfileUnsupported(f"option {name}")
        if not option.is_settable():
            return
        match _kind(option):
            case Kind.INT:
                value = round(float(value))
            case Kind.FIXED:
                value = float(value)
        try:
            with converted(self._sane, self.device):
                setattr(self._opened, option.py_name, value)
        except ProfileUnsupported as error:
            raise ProfileUnsupported(f"{self.device}: option {name}={value}") from error

    def _options(self) -> list[Any]:
        return [option for option in self._opened.opt.values() if option.name]

    def _option(self, name: str) -> Any:
        option = next((option for option in self._options() if option.name == name), None)
        if option is None:
            raise ProfileUnsupported(f"option {name}")
        return option


def _offer(option: Any) -> Offer:
    limits = option.constraint
    span = None
    if isinstance(limits, tuple) and len(limits) == 3:
        span = (float(limits[0]), float(limits[1]), float(limits[2]))
    listed: Sequence[Any] = limits if isinstance(limits, list) else ()
    return Offer(
        name=str(option.name),
        words=tuple(value for value in listed if isinstance(value, str)),
        numbers=tuple(float(value) for value in listed if isinstance(value, int | float)),
        range=span,
        kind=_kind(option),
        unit=_UNITS.get(option.unit, Unit.NONE),
        active=bool(option.is_active()),
        settable=bool(option.is_settable()),
    )


def _kind(option: Any) -> Kind:
    """Leave out buttons and groups, which hold nothing, and tables of numbers."""
    kind = _KINDS[option.type] if option.type < len(_KINDS) else Kind.OTHER
    return Kind.OTHER if kind is not Kind.TEXT and option.size > _WORD_BYTES else kind
