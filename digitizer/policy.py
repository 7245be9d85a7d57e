"""PURE: what an administrator's file says: settings that are set once, or set and locked.

Read by ``policyfile``; carried out when a home is opened (``governing``); asked by every verb that
changes a setting. A key is the name of the setting that it sets. Knows no store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from digitizer import signingrules, tomltext
from digitizer.errors import ByAdministrator, ProfileFileBad
from digitizer.homekeys import Custody
from digitizer.limits import COMPACT, HOURS, KBITS, MINUTES, fits
from digitizer.origins import typed_origin
from digitizer.procedure.connect import KINDS
from digitizer.profilefile import NamedProfile, parsed
from digitizer.shelflife import DAYS
from digitizer.shelflife import fits as keeps

ENCRYPTION, CUSTODY = "encryption.home", "encryption.custody"
"""Whether homes are to be encrypted, and who is to hold their keys. Nobody's settings: a home's own
keys say how it is."""
PROFILES = "profiles"
"""The key of the profiles, as ``Policy.locks`` knows it."""
_TEXT = 400


def _one_line(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _TEXT and (value.isprintable() or not value)


def _origins(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, str) and typed_origin(one) is not None for one in value
    )


_MAY: Mapping[str, Callable[[Any], bool]] = {
    "server.kind": lambda v: v in KINDS,
    "server.url": _one_line,
    "server.group": _one_line,
    "server.user": _one_line,
    "server.auth": lambda v: v in ("basic", "session"),
    "server.sso": _one_line,
    "sync.marks": lambda v: v in ("on", "off"),
    "server.ca": _one_line,
    "window.text": lambda v: type(v) is int and v in (11, 14),
    "window.colours": lambda v: v in ("auto", "light", "dark"),
    "window.language": lambda v: v in ("vi", "en"),
    "local.pace": lambda v: v in ("work", "desk"),
    "bridge.scan": lambda v: v in ("on", "off"),
    "bridge.origins": _origins,
    ENCRYPTION: lambda v: v in ("on", "off"),
    CUSTODY: lambda v: v in [one.value for one in Custody],
    DAYS: keeps,
    **{name: partial(fits, name) for name in (KBITS, HOURS, COMPACT, MINUTES)},
    **{name: partial(signingrules.fits, name) for name in signingrules.NAMES},
}
"""The settings that a file may set, and the values that they take."""


class Policy(Struct, frozen=True):
    """What the file says.

    Attributes:
        file: Where it lies, or would lie.
        by: Whom to ask, as the file says it; may be empty.
        default: Setting → value, for homes where nothing was chosen yet.
        locked: Setting → value, whatever was chosen; nobody changes these here.
        profiles: Profiles that it hands out.
        profiles_locked: They are the only ones.
        problem: Why the file cannot be used, in English; nothing is set or locked by it then.
        unknown: Keys that mean nothing, or whose value does not fit; the rest of it holds.
    """

    file: Path | None = None
    by: str = ""
    default: Mapping[str, str] = field(default_factory=dict)
    locked: Mapping[str, str] = field(default_factory=dict)
    profiles: tuple[NamedProfile, ...] = ()
    profiles_locked: bool = False
    problem: str = ""
    unknown: tuple[str, ...] = ()

    def locks(self, setting: str) -> bool:
        """Tell whether nobody may change a setting (or ``PROFILES``) here."""
        return self.profiles_locked if setting == PROFILES else setting in self.locked

    def check(self, setting: str, value: str | None = None) -> None:
        """Raise ``ByAdministrator`` where a setting is locked to another value than ``value``."""
        if self.locks(setting) and (value is None or self.locked.get(setting) != value):
            raise ByAdministrator(setting)

    def wanted(self, value_of: Callable[[str], str | None]) -> dict[str, str]:
        """Return the settings, but for the server's, that are to be set: locked to something else
        than they are, or handed out and not chosen yet. ``value_of``: what is set now."""
        return {
            name: value
            for name, value in {**self.default, **self.locked}.items()
            if not name.startswith(("server.", "encryption."))
            and (was := value_of(name)) != value
            and (self.locks(name) or was is None)
        }


FREE = Policy()
"""Where there is no such file."""


def read(text: str, file: Path) -> Policy:
    """Return what a file's text says; a mistake in it never raises, it is part of the answer."""
    try:
        value = tomltext.parse(text)
    except ValueError as error:
        return Policy(file, problem=str(error))
    unknown = [key for key in value if key not in ("by", "default", "locked", "profile")]
    by = value.get("by", "")
    if not _one_line(by):
        unknown, by = [*unknown, "by"], ""
    default, strange = _settings(value.get("default", {}), "default")
    unknown += strange
    locked_table = value.get("locked", {})
    profiles_locked = False
    if isinstance(locked_table, dict) and PROFILES in locked_table:
        locked_table = dict(locked_table)
        wish = locked_table.pop(PROFILES)
        profiles_locked = wish is True
        unknown += [] if isinstance(wish, bool) else [f"locked.{PROFILES}"]
    locked, strange = _settings(locked_table, "locked")
    unknown += strange
    profiles: tuple[NamedProfile, ...] = ()
    if "profile" in value:
        try:
            profiles = tuple(parsed({"profile": value["profile"]}))
        except ProfileFileBad as error:
            return Policy(file, problem=f"[[profile]]: {error.detail}")
        for one in profiles:
            if not one.profile.legal and not one.profile.below_floor:
                problem = f"[[profile]] {one.name}: below the legal floor without below_floor"
                return Policy(file, problem=problem)
    for chosen in (locked, default):
        if any(name.startswith("server.") for name in chosen) and not _whole_server(chosen):
            return Policy(file, problem="a server needs both kind and url")
    if profiles_locked and not profiles:
        return Policy(file, problem="locked.profiles without any [[profile]]")
    return Policy(
        file, by.strip(), default, locked, profiles, profiles_locked, unknown=tuple(unknown)
    )


def _settings(table: Any, where: str) -> tuple[dict[str, str], list[str]]:
    """Return the settings of ``[default]`` or ``[locked]``, and the keys that are none."""
    if not isinstance(table, dict):
        return {}, [where]
    found: dict[str, str] = {}
    strange: list[str] = []
    for group, values in table.items():
        if not isinstance(values, dict):
            strange.append(f"{where}.{group}")
            continue
        for key, value in values.items():
            name = f"{group}.{key}"
            if name in _MAY and _MAY[name](value):
                found[name] = _text(value)
            else:
                strange.append(f"{where}.{name}")
    return found, [key[:_TEXT] for key in strange]


def _text(value: Any) -> str:
    """Return a value as the store keeps it."""
    return " ".join(value) if isinstance(value, list) else str(value).strip()


def _whole_server(chosen: Mapping[str, str]) -> bool:
    return bool(chosen.get("server.kind")) and bool(chosen.get("server.url"))
