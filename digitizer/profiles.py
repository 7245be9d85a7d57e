"""Named wishes to scan (*mẫu quét*): kept in the home, handed out as one TOML file.

Less than the legal floor (200 dpi, colour) is kept only with a reason, which every batch records.
Called by the window and the command line, off the UI thread. Knows no scanner.
"""

from __future__ import annotations

import sqlite3

from digitizer.errors import BelowFloor, ProfileBad, ProfileNameTaken, ProfileUnknown
from digitizer.policy import FREE, PROFILES, Policy
from digitizer.profilefile import (
    FILE_BYTES,
    FITS,
    MOST,
    NamedProfile,
    as_toml,
    parsed_text,
    text_of,
    values_of,
)
from digitizer.scanning import Mode, Profile, Size, Source
from digitizer.storage import changes, queries
from digitizer.storage.store import Store

__all__ = ["FILE_BYTES", "OFFICE", "NamedProfile", "Profiles", "check_floor", "text_of"]

_LAST = "profile.last."
_TEXT = 120

OFFICE = NamedProfile("A4 màu 300 hai mặt", Profile("", both_sides=True))
"""What an office starts with."""


class Profiles:
    """The profiles of one home. There is always one."""

    def __init__(self, store: Store, policy: Policy = FREE) -> None:
        """``policy``: what an administrator's file says; it may lock them."""
        self._store = store
        self._policy = policy

    def govern(self) -> None:
        """Take over the profiles that the administrator hands out: where they are locked, they
        are the only ones; else they are what a home without any starts with."""
        given = self._policy.profiles
        locked = self._policy.profiles_locked
        if not given or (locked and tuple(self.all()) == given):
            return
        with self._store.transaction() as tx:
            if locked:
                tx.execute("DELETE FROM profile")
            elif tx.execute("SELECT 1 FROM profile").fetchone() is not None:
                return
            for named in given:
                _insert(tx, named)

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
            ByAdministrator: they are locked.
        """
        self._policy.check(PROFILES)
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
        """Forget a profile. Raises ``ProfileUnknown``, ``ByAdministrator``."""
        self._policy.check(PROFILES)
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
        return "\n".join(as_toml(one) for one in self.all())

    def take(self, text: str) -> list[NamedProfile]:
        """Keep every profile of a TOML file, all or none; others stay. Returns them.

        Raises:
            ProfileFileBad: it is no such file; the detail says where.
            ProfileBad: there would be too many of them with those there are.
            BelowFloor: one of them asks for less than the legal floor without a reason.
            ByAdministrator: they are locked.
        """
        self._policy.check(PROFILES)
        found = parsed_text(text)
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


def _check(named: NamedProfile) -> None:
    """Raise ``ProfileBad`` where a profile is none that ``parsed`` would read back."""
    for key, value in values_of(named).items():
        if not FITS[key](value):
            raise ProfileBad(key)


def _check_number(tx: sqlite3.Connection) -> None:
    """Raise ``ProfileBad`` where there are more than one file holds; the transaction is undone."""
    if tx.execute("SELECT count(*) FROM profile").fetchone()[0] > MOST:
        raise ProfileBad(f"more than {MOST}")


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
