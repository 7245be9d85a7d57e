"""PURE: how an office signs: with which key, how the signature looks, and what must bear one.

The values of some settings. Read by the administrator's file, the command line, the window and
``digitizer.model``; kept by ``digitizer.app``. Knows no store, no key and no PIN.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from msgspec import Struct

from digitizer.wholenumbers import within

BEFORE, LOOK, COPY = "sign.before_sending", "sign.look", "sign.copy"
KEY, WHERE, LABEL, SERIAL = "sign.key", "sign.path", "sign.label", "sign.serial"
TIMESTAMPS, AGENCY, IDLE = "sign.timestamps", "sign.agency", "sign.idle"
"""The names of the settings."""
NONE = "none"
"""The value of ``BEFORE`` that asks for no signature."""
MOST_IDLE = 480
_TEXT = 400
_HERE = ("127.0.0.1", "localhost", "::1")


class Look(StrEnum):
    """Which signature it is, and so where it stands on page 1 (domain facts §3)."""

    PERSONAL = "personal"  # the officer's: top-left, name and time (TT 01/2023, art. 8)
    COPY = "copy"  # the agency's certified copy: top-right, no seal image (NĐ 30/2020)


class CopyKind(StrEnum):
    """The form of a certified copy (NĐ 30/2020, art. 25)."""

    SAO_Y = "sao-y"
    SAO_LUC = "sao-luc"
    TRICH_SAO = "trich-sao"


class KeyKind(StrEnum):
    """Where a key is kept."""

    FILE = "file"  # PKCS#12
    TOKEN = "token"  # noqa: S105 - PKCS#11
    SERVICE = "service"  # VGCA


class Rules(Struct, frozen=True):
    """What is set.

    Attributes:
        before: The signature a paper must bear before it is sent; None: none is asked for.
        look: Which signature is made where nothing else is said.
        copy: The form of certified copies.
        key: Where the key is kept; None: nobody said yet.
        path: The PKCS#12 file, the PKCS#11 module, or the address of the signing service.
        label: The token's label; empty: whichever is plugged in.
        serial: The token's serial number, which no other of the same label has; empty: any.
        timestamps: The address of an RFC 3161 server; empty: no time stamps.
        agency: The agency's name, as certified copies bear it.
        idle: Minutes without a signature after which the PIN is asked for again.
    """

    before: Look | None = None
    look: Look = Look.PERSONAL
    copy: CopyKind = CopyKind.SAO_Y
    key: KeyKind | None = None
    path: str = ""
    label: str = ""
    serial: str = ""
    timestamps: str = ""
    agency: str = ""
    idle: int = 15

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Return what settings say; one that says nothing this program knows is as if not set."""
        good = {name: values[name] for name in NAMES if name in values and fits(name, values[name])}
        before = good.get(BEFORE, NONE)
        wanted = Look(before) if before != NONE else None
        return cls(
            wanted,
            wanted or Look(good.get(LOOK, Look.PERSONAL)),
            CopyKind(good.get(COPY, CopyKind.SAO_Y)),
            KeyKind(good[KEY]) if good.get(KEY) else None,
            good.get(WHERE, ""),
            good.get(LABEL, ""),
            good.get(SERIAL, ""),
            good.get(TIMESTAMPS, ""),
            good.get(AGENCY, ""),
            int(good.get(IDLE, 15)),
        )

    def settings(self) -> dict[str, str]:
        """Return the settings that ``of`` reads."""
        return {
            BEFORE: self.before.value if self.before else NONE,
            LOOK: self.look.value,
            COPY: self.copy.value,
            KEY: self.key.value if self.key else "",
            WHERE: self.path,
            LABEL: self.label,
            SERIAL: self.serial,
            TIMESTAMPS: self.timestamps,
            AGENCY: self.agency,
            IDLE: str(self.idle),
        }

    @property
    def stamped(self) -> bool:
        """Whether signatures are to bear time stamps; a service sees to its own."""
        return bool(self.timestamps) and self.key is not KeyKind.SERVICE

    @property
    def used(self) -> bool:
        """Whether this office signs at all."""
        return self.before is not None or self.key is not None


NAMES = (BEFORE, LOOK, COPY, KEY, WHERE, LABEL, SERIAL, TIMESTAMPS, AGENCY, IDLE)
OPENED_BY = frozenset({KEY, WHERE, LABEL, SERIAL, TIMESTAMPS})
"""After a change of one of these the key is opened anew."""
UNSIGNED = Rules()
"""Where nothing is set."""


def fits(name: str, value: object) -> bool:
    """Tell whether a setting may have a value, as text or as the administrator's file has it."""
    if name == IDLE:
        return within(value, 1, MOST_IDLE) is not None
    if not isinstance(value, str) or len(value) > _TEXT or not (value.isprintable() or not value):
        return False
    if name == BEFORE:
        return value in (NONE, *Look)
    if name == KEY:
        return value in ("", *KeyKind)
    if name in (LOOK, COPY):
        return value in (list(Look) if name == LOOK else list(CopyKind))
    return not value or name != TIMESTAMPS or _is_address(value)


def is_service(value: str) -> bool:
    """Tell whether a text is the address of a signing service, which is on this machine."""
    try:
        found = urlsplit(value)
        here = found.scheme == "wss" and found.hostname in _HERE and found.username is None
        return here and found.port != 0
    except ValueError:
        return False


def _is_address(value: str) -> bool:
    """Tell whether a text is the address of a server, with no account in it."""
    try:
        found = urlsplit(value)
        return found.scheme in ("http", "https") and bool(found.hostname) and "@" not in value
    except ValueError:
        return False
