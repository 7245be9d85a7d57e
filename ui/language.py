"""The language of the window: Vietnamese as it is written in the code, or English from a catalogue.

A text is its own key. Widgets say ``self.tr("…")``; modules without a widget say ``say("… {0} …",
value)``. Texts that stand in tables (``places.NAMES``, the values of ``Command``, the titles of
``errors``) go through ``say`` where they are shown, or on a thread that reads for a screen.
``python -m tests.ui.untranslated`` lists what the catalogue lacks. Knows no screen.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTranslator

from digitizer.config import Home
from digitizer.durable import write_durably
from digitizer.errors import DigitizerError
from digitizer.policy import Policy
from digitizer.storage import queries
from digitizer.storage.store import Store

_SETTING = "window.language"
_NOTE = "language"
"""The file of a home that says which, where it is not Vietnamese."""
CATALOGUE = Path(__file__).parent / "assets" / "en.json"
"""Vietnamese → English, sorted."""
_said: dict[str, str] = {}
"""What ``say`` goes by. Not through Qt: it asks a translator under a lock, and a thread that waits
there for Python's own lock stops whoever holds that one and waits for Qt's."""


class Language(StrEnum):
    """What the window speaks."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


def say(text: str, *values: object) -> str:
    """Return a Vietnamese text in the language of the window, ``{0}``, ``{1}`` … filled in.

    A text that the catalogue does not know, such as one that is translated already, stays.
    Its English may have ``{0:page|pages}``: the word for one of them, and for several.
    """
    said = _said.get(text, text)
    return said.format(*map(_Value, values)) if values else said


class _Value:
    """A value to be filled in, or the word that goes with it: Vietnamese has the same for one thing
    and for several."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        one, both, several = spec.partition("|")
        if not both:
            return format(self._value, spec)
        return one if str(self._value) == "1" else several


def spoken() -> Language:
    """Return the language that texts are said in now."""
    return Language(say(Language.VIETNAMESE.value))  # the catalogue names itself


def numeral(written: str) -> str:
    """Return a number that Python wrote (``1,234.5``) as the language writes it: ``1.234,5``."""
    if spoken() is Language.ENGLISH:
        return written
    return written.translate(str.maketrans(",.", ".,"))


def trouble(error: DigitizerError) -> str:
    """Return a trouble's title and what to do about it, as one text."""
    return f"{say(error.title)}. {say(error.hint)}"


class Catalogue(QTranslator):
    """Looks the texts of widgets up by themselves, whatever class asks."""

    def translate(
        self, _context: str, source: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str:
        """Return the text in the other language; the text itself where there is none."""
        return _said.get(source, source)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """Tell whether there is nothing to look up."""
        return not _said


def speak(program: QCoreApplication, language: Language) -> Callable[[], None]:
    """Let every text from now on be said in ``language``; before the window is made.

    Returns how to go back to Vietnamese.
    """
    if language is Language.VIETNAMESE:
        return _said.clear
    _said.update(texts())
    catalogue = Catalogue(program)
    program.installTranslator(catalogue)

    def back() -> None:
        _said.clear()
        program.removeTranslator(catalogue)

    return back


def chosen(home: Path, policy: Policy) -> Language:
    """Return what a home's window speaks: as locked, chosen, or given by the administrator.

    Asked before the window is made, so it blocks for a millisecond or two; a home that cannot be
    read (new, or of another version) has chosen nothing.
    """
    said = policy.locked.get(_SETTING) or _kept(home) or policy.default.get(_SETTING)
    return Language(said) if said in set(Language) else Language.VIETNAMESE


def keep(home: Home, language: str) -> None:
    """Have the window speak a language before its home can be read: an encrypted one is not open
    then. Raises ``OSError``."""
    note = home.root / _NOTE
    if language == Language.VIETNAMESE:
        note.unlink(missing_ok=True)
    elif not note.exists() or note.read_text("utf-8") != language:
        write_durably(note, language.encode())


def _kept(home: Path) -> str:
    note, database = home / _NOTE, Home(home).database
    with contextlib.suppress(OSError, ValueError):
        return note.read_text("utf-8")
    if not database.exists():
        return ""
    log = database.with_name(database.name + "-wal")  # what a program that was killed left
    try:
        store = Store.open_for_reading(database, at_rest=not log.exists())
    except (DigitizerError, OSError):
        return ""
    try:
        return queries.setting(store, _SETTING) or ""
    except DigitizerError:
        return ""
    finally:
        store.close()


def texts() -> dict[str, str]:
    """Read the catalogue."""
    found: dict[str, str] = json.loads(CATALOGUE.read_text("utf-8"))
    return found
