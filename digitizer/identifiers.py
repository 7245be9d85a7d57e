"""Identifiers of Vietnamese administrative procedures: find and check them in any text.

PURE. Used by routing, the command line and the window. Shapes after §4 of the domain facts:
vendors lay out their codes differently, so identifiers are found by pattern, never by position.
"""

from __future__ import annotations

import re

_DOSSIER = (
    r"(?:[0-9]{3}(?:\.[0-9]{2,3}){1,3}\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(?:\.[0-9]{2,3}){0,4})"
    r"-[0-9]{6}(?:[0-9]{2})?-[0-9]{4,7}"
)
_DOSSIER_ANYWHERE = re.compile(rf"(?<![0-9A-Z.\-]){_DOSSIER}(?![0-9A-Z\-])")
_DOSSIER_WHOLE = re.compile(_DOSSIER)
_LOCAL = re.compile(r"L-[0-9]{6}")
_PROCEDURE = re.compile(
    r"(?<![0-9.])([0-9])\.([0-9]{6})(?:\.[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})?"
)


def one_line(text: str) -> str:
    """Return a name as it is kept: one line, single spaces, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def normal_code(text: str) -> str:
    """Return ``text`` as a dossier code is written: trimmed, upper case."""
    return text.strip().upper()


def is_dossier_code(text: str) -> bool:
    """Tell whether the whole of ``text`` has the shape of a mã hồ sơ."""
    return _DOSSIER_WHOLE.fullmatch(text) is not None


def is_local_code(text: str) -> bool:
    """Tell whether ``text`` is a local number, given to a dossier begun offline."""
    return _LOCAL.fullmatch(text) is not None


def local_code(number: int) -> str:
    """Return the local number's written form, ``L-000001``; never to be taken for a real one."""
    return f"L-{number:06d}"


def dossier_codes(text: str) -> tuple[str, ...]:
    """Return every mã hồ sơ inside ``text`` (a decoded code, a line), in order, each once."""
    return tuple(dict.fromkeys(_DOSSIER_ANYWHERE.findall(text.upper())))


def same_procedure(one: str, other: str) -> bool:
    """Compare two mã TTHC by their national part: ``1.001776.000.00.00.H56`` is ``1.001776``."""
    first, second = _PROCEDURE.search(one), _PROCEDURE.search(other)
    if first is None or second is None:
        return one.strip() == other.strip()
    return first.groups() == second.groups()
