"""PURE: a whole number as a setting has it: typed, or from a file that anybody may have written.

Called by what reads settings: ``limits``, ``shelflife``, ``signingrules``.
"""

from __future__ import annotations

_MOST_DIGITS = 9


def within(value: object, least: int, most: int) -> int | None:
    """Return the number that ``value`` is, or says as a text in plain digits; None where it is
    none, or none from ``least`` to ``most``."""
    if isinstance(value, str):
        plain = value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS
        value = int(value) if plain else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if least <= value <= most else None
