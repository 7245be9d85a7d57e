"""Named wishes to scan (*mẫu quét*): kept in the home, handed out as one TOML file.

Less than the legal floor (200 dpi, colour) is kept only with a reason, which every batch records.
Called by the window and the command line, off the UI thread. Knows no scanner.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from digitizer.errors import (
    BelowFloor,
    ProfileBad,
    ProfileFileBad,
    ProfileNameTaken,
    ProfileUnknown,
)
from digitizer.scanning import Mode, Profile, Size, Source
from digitizer.storage import changes, queries
from digitizer.storage.store import Store

_LAST = "profile.last."
_MOST = 200
_DPI = range(50, 1201)
_MILLIMETRES = (20.0, 2000.0)
_TEXT = 120
FILE_BYTES = 1 << 20
"""A file of profiles is never larger."""


@dataclass(frozen=True, slots=True)
class NamedProfile:
    """A profile under its name. ``profile.device`` is empty where any scanner will do."""

    name: str
    profile: Profile


OFFICE = NamedProfile("A4 màu 300 hai mặt", Profile("", both_sides=True))
"""What an office starts with."""


class Profiles:
    """The profiles of one home. There is always one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[NamedProfile]:
        """Return every profile in the order they were made."""
        rows = self._store.rows("SELECT * FROM profile ORDER BY position, name")
        return [_named(row) for row in rows] or [OFFICE]

    def get(self, name: str) -> NamedProfile:
        """Return the profile of this name. Raises ``ProfileUnknown``."""
        found = next((one for one in self.all() if one.name == name.strip()), None)
        if found is None:
            raise ProfileUnknown(name.strip()[:_TEXT])
        return found

    def put(self, named: NamedProfile, *, instead_of: str = "") -> None:
        """Keep a profile, in the place of the one that has its name.

        ``instead_of`` names one that is renamed by it, for everybody who uses it.

        Raises:
            ProfileBad: another desk could not take it from a file; the detail says why.
            BelowFloor: it asks for less than the legal floor and does not say why.
            ProfileUnknown, ProfileNameTaken: ``instead_of`` is not there, or the name is another's.
        """
        _check(named)
        check_floor(named.profile)
        if instead_of:
            self.get(instead_of)
        with self._store.transaction() as tx:
            if tx.execute("SELECT 1 FROM profile").fetchone() is None:
                _insert(tx, OFFICE)  # what there was until now stays
            if instead_of:
                _rename(tx, instead_of.strip(), named.name.strip())
            _insert(tx, named)
            _check_number(tx)

    def remove(self, name: str) -> None:
        """Forget a profile. Raises ``ProfileUnknown``."""
        self.get(name)
        with self._store.transaction() as tx:
            tx.execute("DELETE FROM profile WHERE name = ?", (name.strip(),))

    def last(self, who: str) -> NamedProfile:
        """Return the profile that ``who`` (the account's name) used last, else the first."""
        found = self.all()
        name = queries.setting(self._store, _LAST + who)
        return next((one for one in found if one.name == name), found[0])

    def use(self, who: str, name: str) -> NamedProfile:
        """Remember that ``who`` uses a profile. Raises ``ProfileUnknown``."""
        found = self.get(name)
        with self._store.transaction() as tx:
            changes.set_setting(tx, _LAST + who, found.name)
        return found

    def exported(self) -> str:
        """Return every profile as TOML, as ``take`` reads it."""
        return "\n".join(_as_toml(one) for one in self.all())

    def take(self, text: str) -> list[NamedProfile]:
        """Keep every profile of a TOML file, all or none; others stay. Returns them.

        Raises:
            ProfileFileBad: it is no such file; the detail says where.
            ProfileBad: there would be too many of them with those there are.
            BelowFloor: one of them asks for less than the legal floor without a reason.
        """
        found = parsed(text)
        for named in found:
            check_floor(named.profile)
        with self._store.transaction() as tx:
            for named in found:
                _insert(tx, named)
            _check_number(tx)
        return found


def check_floor(profile: Profile) -> None:
    """Raise ``BelowFloor`` where a profile asks for less than is legal and does not say why."""
    if not profile.legal and not profile.below_floor.strip():
        raise BelowFloor(f"{profile.dpi} dpi, {profile.mode}")


def text_of(data: bytes) -> str:
    """PURE: return the text of a file of which at most ``FILE_BYTES + 1`` bytes were read.

    Raises:
        ProfileFileBad: it is too large, or no UTF-8.
    """
    if len(data) > FILE_BYTES:
        raise ProfileFileBad("larger than 1 MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileFileBad("not UTF-8 text") from error


def parsed(text: str) -> list[NamedProfile]:
    """PURE: read a TOML file of ``[[profile]]`` tables. Raises ``ProfileFileBad``."""
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileFileBad(str(error)) from error
    tables = value.get("profile")
    if set(value) != {"profile"} or not isinstance(tables, list) or len(tables) > _MOST:
        raise ProfileFileBad("only [[profile]] tables belong into it")
    found = [_from_table(table, number) for number, table in enumerate(tables, start=1)]
    if len({one.name for one in found}) < len(found):
        raise ProfileFileBad("two profiles have the same name")
    return found


_READ: Mapping[str, Callable[[Any], bool]] = {
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
        if key not in _READ or not _READ[key](value):
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


def _check(named: NamedProfile) -> None:
    """Raise ``ProfileBad`` where a profile is none that ``parsed`` would read back."""
    for key, value in _values(named).items():
        if not _READ[key](value):
            raise ProfileBad(key)


def _check_number(tx: sqlite3.Connection) -> None:
    """Raise ``ProfileBad`` where there are more than one file holds; the transaction is undone."""
    if tx.execute("SELECT count(*) FROM profile").fetchone()[0] > _MOST:
        raise ProfileBad(f"more than {_MOST}")


def _values(named: NamedProfile) -> dict[str, Any]:
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


def _as_toml(named: NamedProfile) -> str:
    # every value here is written alike in JSON and in TOML
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in _values(named).items()
    ]
    return "\n".join(["[[profile]]", *lines, ""])


def _rename(tx: sqlite3.Connection, old: str, new: str) -> None:
    if new == old:
        return
    if tx.execute("SELECT 1 FROM profile WHERE name = ?", (new,)).fetchone() is not None:
        raise ProfileNameTaken(new[:_TEXT])
    tx.execute("UPDATE profile SET name = ? WHERE name = ?", (new, old))
    tx.execute(
        "UPDATE setting SET value = ? WHERE value = ? AND substr(name, 1, ?) = ?",
        (new, old, len(_LAST), _LAST),
    )


def _insert(tx: sqlite3.Connection, named: NamedProfile) -> None:
    profile = named.profile
    size = profile.size or Size(0.0, 0.0)
    tx.execute(
        "INSERT INTO profile (name, device, source, both_sides, dpi, mode, width_mm, height_mm, "
        "double_feed, wait, below_floor, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "(SELECT coalesce(max(position), 0) + 1 FROM profile)) "
        "ON CONFLICT (name) DO UPDATE SET device = excluded.device, source = excluded.source, "
        "both_sides = excluded.both_sides, dpi = excluded.dpi, mode = excluded.mode, "
        "width_mm = excluded.width_mm, height_mm = excluded.height_mm, "
        "double_feed = excluded.double_feed, wait = excluded.wait, "
        "below_floor = excluded.below_floor",
        (
            named.name.strip(),
            profile.device,
            profile.source or "",
            profile.both_sides,
            profile.dpi,
            profile.mode,
            size.width,
            size.height,
            profile.double_feed,
            profile.wait,
            profile.below_floor.strip(),
        ),
    )


def _named(row: sqlite3.Row) -> NamedProfile:
    profile = Profile(
        device=row["device"],
        source=Source(row["source"]) if row["source"] else None,
        both_sides=bool(row["both_sides"]),
        dpi=row["dpi"],
        mode=Mode(row["mode"]),
        size=Size(row["width_mm"], row["height_mm"]) if row["width_mm"] else None,
        double_feed=bool(row["double_feed"]),
        wait=bool(row["wait"]),
        below_floor=row["below_floor"],
    )
    return NamedProfile(row["name"], profile)
