"""PURE: finds dossiers by what a clerk types: code or name, with or without diacritics."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier

SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One dossier as the search knows it: its words as written, and folded."""

    dossier: Dossier
    name: str
    text: str
    folded: str


def fold(text: str) -> str:
    """Return ``text`` in lower case without diacritics (``Đặng Quốc`` is ``dang quoc``)."""
    apart = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def index(dossiers: list[Dossier]) -> tuple[Entry, ...]:
    """Prepare dossiers for ``find``; costs time, so off the UI thread."""
    return tuple(_entry(one) for one in dossiers)


def find(entries: tuple[Entry, ...], typed: str) -> list[Dossier]:
    """Return the dossiers that hold every typed word, best first, ``SHOWN_AT_MOST`` at most.

    A word typed with diacritics is found with just these, one without is found with any. A
    dossier whose code is exactly what was typed, or is inside it (a bar code's text), is first.
    """
    codes = dossier_codes(typed)
    words = _plain(typed).split()
    whole = " ".join(words)
    exact: list[Dossier] = []
    rest: list[Dossier] = []
    if not words:
        return [entry.dossier for entry in entries[:SHOWN_AT_MOST]]
    for entry in entries:
        if entry.name == whole or entry.dossier.code in codes:
            exact.append(entry.dossier)
        elif len(rest) < SHOWN_AT_MOST and all(_holds(entry, word) for word in words):
            rest.append(entry.dossier)
    return (exact + rest)[:SHOWN_AT_MOST]


def brought_up_to_date(entries: tuple[Entry, ...], fresh: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return ``entries`` with ``fresh`` ones in their places, and new ones first."""
    by_id = {entry.dossier.id: entry for entry in fresh}
    old = tuple(by_id.pop(entry.dossier.id, entry) for entry in entries)
    return (*by_id.values(), *old)


def _entry(dossier: Dossier) -> Entry:
    text = _plain(f"{dossier.name} {dossier.holder} {dossier.procedure_name}")
    return Entry(dossier, _plain(dossier.name), text, fold(text))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _holds(entry: Entry, word: str) -> bool:
    return word in (entry.folded if fold(word) == word else entry.text)


def new_code(entries: tuple[Entry, ...], typed: str) -> str | None:
    """Return the one well-formed mã hồ sơ in ``typed`` that no dossier here has, or None."""
    codes = dossier_codes(typed)
    if len(codes) != 1 or any(entry.dossier.name == codes[0] for entry in entries):
        return None
    return codes[0]
