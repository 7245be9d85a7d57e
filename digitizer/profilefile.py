"""PURE: wishes to scan as a TOML file: written, read, every value checked.

Used by ``profiles`` and by an administrator's file (``policy``). Knows no store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from digitizer import tomltext
from digitizer.errors import ProfileFileBad
from digitizer.scanning import Mode, Profile, Size, Source

MOST = 200
"""So many profiles a file, and a home, holds at most."""
FILE_BYTES = 1 << 20
"""A file of profiles is never larger."""
_DPI = range(50, 1201)
_MILLIMETRES = (20.0, 2000.0)
_TEXT = 120


class NamedProfile(Struct, frozen=True):
    """A profile under its name. ``profile.device`` is empty where any scanner will do."""

    name: str
    profile: Profile


def text_of(data: bytes) -> str:
    """Return the text of a file of which at most ``FILE_BYTES + 1`` bytes were read.

    Raises:
        ProfileFileBad: it is too large, or no UTF-8.
    """
    if len(data) > FILE_BYTES:
        raise ProfileFileBad("larger than 1 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileFileBad("not UTF-8 text") from error


def parsed_text(text: str) -> list[NamedProfile]:
    """Read a TOML file of ``[[profile]]`` tables. Raises ``ProfileFileBad``."""
    try:
        value = tomltext.parse(text)
    except ValueError as error:
        raise ProfileFileBad(str(error)) from error
    return parsed(value)


def parsed(value: Mapping[str, Any]) -> list[NamedProfile]:
    """Read the ``[[profile]]`` tables of a TOML document that has nothing else. Raises
    ``ProfileFileBad``."""
    tables = value.get("profile")
    if set(value) != {"profile"} or not isinstance(tables, list) or len(tables) > MOST:
        raise ProfileFileBad("only [[profile]] tables belong into it")
    found = [_from_table(table, number) for number, table in enumerate(tables, start=1)]
    if len({one.name for one in found}) < len(found):
        raise ProfileFileBad("two profiles have the same name")
    return found


FITS: Mapping[str, Callable[[Any], bool]] = {
    "name": lambda v: isinstance(v, str) and bool(v.strip()) and _short(v),
    "device": lambda v: isinstance(v, str) and _short(v),
    "source": lambda v: v in ("auto", *Source),
    "both_sides": lambda v: isinstance(v, bool),
    "dpi": lambda v: type(v) is int and v in _DPI,
    "mode": lambda v: v in tuple(Mode),
    "size_mm": lambda v: (
        isinstance(v, list)
        and len(v) == 2
        and all(
            type(side) in (int, float) and _MILLIMETRES[0] <= side <= _MILLIMETRES[1] for side in v
        )
    ),
    "double_feed": lambda v: isinstance(v, bool),
    "wait": lambda v: isinstance(v, bool),
    "below_floor": lambda v: isinstance(v, str) and _short(v),
}


def _short(text: str) -> bool:
    return len(text) <= _TEXT and (text.isprintable() or not text)


def _from_table(table: Any, number: int) -> NamedProfile:
    if not isinstance(table, dict) or "name" not in table:
        raise ProfileFileBad(f"profile {number} has no name")
    for key, value in table.items():
        if key not in FITS or not FITS[key](value):
            raise ProfileFileBad(f"profile {number}: {str(key)[:40]}")
    size = table.get("size_mm")
    source = table.get("source", "auto")
    profile = Profile(
        device=table.get("device", ""),
        source=None if source == "auto" else Source(source),
        both_sides=table.get("both_sides", False),
        dpi=table.get("dpi", 300),
        mode=Mode(table.get("mode", Mode.COLOR)),
        size=None if size is None else Size(float(size[0]), float(size[1])),
        double_feed=table.get("double_feed", True),
        wait=table.get("wait", False),
        below_floor=table.get("below_floor", "").strip(),
    )
    return NamedProfile(table["name"].strip(), profile)


def values_of(named: NamedProfile) -> dict[str, Any]:
    """Return a profile as the keys and values of its table in a file."""
    profile = named.profile
    values: dict[str, Any] = {
        "name": named.name.strip(),
        "device": profile.device,
        "source": profile.source or "auto",
        "both_sides": profile.both_sides,
        "dpi": profile.dpi,
        "mode": profile.mode,
        "double_feed": profile.double_feed,
        "wait": profile.wait,
    }
    if profile.size is not None:
        values["size_mm"] = [profile.size.width, profile.size.height]
    if profile.below_floor.strip():
        values["below_floor"] = profile.below_floor.strip()
    return values


def as_toml(named: NamedProfile) -> str:
    """Return a profile as ``parsed_text`` reads it."""
    # every value here is written alike in JSON and in TOML
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in values_of(named).items()
    ]
    return "\n".join(["[[profile]]", *lines, ""])
