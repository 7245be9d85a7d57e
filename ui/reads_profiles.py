"""Reads and verbs of the named wishes to scan, as the window wants them; run by ``ui.bridge``."""

from __future__ import annotations

import getpass
from pathlib import Path

from msgspec import Struct

from digitizer.app import App
from digitizer.durable import write_durably
from digitizer.errors import FileMissing, OutputUnwritable
from digitizer.profiles import FILE_BYTES, NamedProfile, text_of


class Kept(Struct, frozen=True):
    """The profiles that are kept, and the one that this account scans with."""

    all: tuple[NamedProfile, ...]
    current: NamedProfile


def profiles(app: App) -> Kept:
    """Read the profiles."""
    return Kept(tuple(app.profiles.all()), app.profiles.last(_account()))


def use_profile(app: App, name: str) -> Kept:
    """Remember what this account scans with. Raises ``ProfileUnknown``."""
    app.profiles.use(_account(), name)
    return profiles(app)


def keep_profile(app: App, named: NamedProfile, instead_of: str) -> Kept:
    """Keep a profile and use it.

    Raises:
        BelowFloor, ProfileUnknown, ProfileNameTaken: as ``Profiles.put``.
    """
    app.profiles.put(named, instead_of=instead_of)
    return use_profile(app, named.name)


def remove_profile(app: App, name: str) -> Kept:
    """Forget a profile. Raises ``ProfileUnknown``."""
    app.profiles.remove(name)
    return profiles(app)


def take_profiles(app: App, file: Path) -> int:
    """Take over the profiles of a file; return how many.

    Raises:
        FileMissing, ProfileFileBad, BelowFloor: nothing was changed.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise FileMissing(file.name) from error
    return len(app.profiles.take(text_of(data)))


def hand_out_profiles(app: App, file: Path) -> str:
    """Write every profile into a file; what is there already stays, the new one gets a number.

    Returns the name of the file. Raises ``OutputUnwritable``.
    """
    free = file.with_suffix(".toml")
    number = 1
    while free.exists():
        number += 1
        free = file.with_name(f"{file.stem}-{number}.toml")
    try:
        write_durably(free, app.profiles.exported().encode())
    except OSError as error:
        raise OutputUnwritable(free.name) from error
    return free.name


def _account() -> str:
    """Return the name of the account that runs the window; empty where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
