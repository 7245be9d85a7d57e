"""Numbers and codes against their patterns: checked, doubtful, or put right.

PURE. Called by OCR and by the fields. A letter read for a digit (``O`` for 0, ``l`` for 1) is put
right only where the pattern leaves one way to: a day, month or year beside its word, the digits of
a document's number, of a date or of a personal number. So is the dash before an item of a list that
was read as a tilde.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from digitizer.identifiers import is_dossier_code, normal_code
from digitizer.pages.postcheck import Change
from digitizer.pages.syllables import bare
from digitizer.pages.wordtable import Word
from digitizer.pagetext import Check

_PROVINCE_LIST = """
001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036
037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075
077 079 080 082 083 084 086 087 089 091 092 093 094 095 096
"""
PROVINCES = frozenset(_PROVINCE_LIST.split())
"""The first three digits of a personal number: the province where its birth was registered, as QĐ
124/2004/QĐ-TTg numbers them (used by NĐ 137/2015/NĐ-CP, art. 13). Those of 2025's larger provinces
are among them; people keep the number they have."""

_ABROAD = re.compile(r"[1-9][0-9]{2}")
_OLDEST = 120
_LIKE_DIGITS = str.maketrans({"O": "0", "o": "0", "Q": "0", "l": "1", "I": "1", "|": "1", "]": "1"})
_DIGITISH = r"[0-9OolI|]"
_DAY, _MONTH, _YEAR = "ngay", "thang", "nam"
_RANGES = {_DAY: (1, 31), _MONTH: (1, 12), _YEAR: (1900, 2100)}
_LOOSE_NUMBER = re.compile(r"[0-9OQolI|\]]{1,4}")
_LOOSE_DATE = re.compile(rf"({_DIGITISH}{{1,2}})([/.-])({_DIGITISH}{{1,2}})\2({_DIGITISH}{{4}})")
_LOOSE_PERSON = re.compile(rf"{_DIGITISH}{{12}}")
_LOOSE_DOCUMENT = re.compile(rf"({_DIGITISH}{{1,5}})((?:/{_DIGITISH}{{4}})?)(/[A-ZĐ].*)")
_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_DOCUMENT = re.compile(
    r"[0-9]{1,5}(?:/(?:19|20)[0-9]{2})?/[A-ZĐ][A-Za-zĐđ0-9]{0,9}(?:-[A-ZĐ][A-Za-zĐđ0-9]{0,9}){0,3}"
    r"(?:/(?:19|20)[0-9]{2})?"
)
_PERSON = re.compile(r"[0-9]{12}")
_MOST_REPAIRED = 3
_BULLET, _LIKE_BULLET = "-", "~"
_STOPS = ".,;:()"


def repairs(words: Sequence[Word]) -> list[Change]:
    """Return the words whose letters can only be digits, and tildes that can only be dashes, put
    right, in their order."""
    found = []
    for index, word in enumerate(words):
        if _misread_bullet(words, index):
            found.append(Change(index, _BULLET))
            continue
        core = word.text.strip(_STOPS)
        before = words[index - 1].text if index else ""
        mended = _repaired(core, bare(before).lower().strip(_STOPS)) if core else core
        if mended != core:
            found.append(Change(index, word.text.replace(core, mended, 1)))
    return found


def _misread_bullet(words: Sequence[Word], index: int) -> bool:
    """Tell whether a word is the dash before an item of a list, read as a tilde: it leads a line,
    and no number follows (``~ 5``: about five)."""
    if words[index].text != _LIKE_BULLET or index + 1 == len(words):
        return False
    after = words[index + 1]
    leads = index == 0 or words[index - 1].line != words[index].line
    return leads and after.line == words[index].line and after.text[0].isalpha()


def _repaired(core: str, before: str) -> str:
    digits = core.translate(_LIKE_DIGITS)
    if digits == core:
        return core
    if before in _RANGES and _LOOSE_NUMBER.fullmatch(core):
        low, high = _RANGES[before]
        good = any(letter.isdecimal() for letter in core) and low <= int(digits) <= high
        return digits if good else core
    changed = sum(a != b for a, b in zip(core, digits, strict=True))
    if changed > _MOST_REPAIRED:
        return core
    if _LOOSE_PERSON.fullmatch(core):
        return digits if check_person(digits, date.today()) is Check.CHECKED else core
    if _LOOSE_DATE.fullmatch(core):
        return digits if parse_date(digits) else core
    document = _LOOSE_DOCUMENT.fullmatch(core)
    if document and any(letter.isdecimal() for letter in document[1]):
        mended = (document[1] + document[2]).translate(_LIKE_DIGITS) + document[3]
        return mended if _DOCUMENT.fullmatch(mended) else core
    return core


def check(text: str, today: date) -> Check:
    """Return what the pattern of ``text`` says of it, whichever it has."""
    core = text.strip(_STOPS)
    if _PERSON.fullmatch(core):
        return check_person(core, today)
    if _DATE.fullmatch(core):
        return Check.CHECKED if parse_date(core) else Check.DOUBTFUL
    if _DOCUMENT.fullmatch(core) or is_dossier_code(normal_code(core)):
        return Check.CHECKED
    return Check.DOUBTFUL if any(letter.isdecimal() for letter in core) else Check.NONE


def check_person(number: str, today: date) -> Check:
    """Check a personal number (số định danh): province, then one digit for century and sex and two
    for the year of birth (NĐ 137/2015/NĐ-CP, art. 13)."""
    if not _PERSON.fullmatch(number):
        return Check.DOUBTFUL
    born = 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])
    if number[:3] not in PROVINCES and not _ABROAD.fullmatch(number[:3]):
        return Check.DOUBTFUL
    return Check.CHECKED if today.year - _OLDEST <= born <= today.year else Check.DOUBTFUL


def check_document(number: str) -> Check:
    """Check the number of a document: ``123/QĐ-UBND``, ``45/2026/NĐ-CP``."""
    return Check.CHECKED if _DOCUMENT.fullmatch(number) else Check.DOUBTFUL


def parse_date(text: str) -> date | None:
    """Return the date written as ``03/4/2026``, or None where there is no such day."""
    found = _DATE.fullmatch(text)
    return dated(found[1], found[2], found[3]) if found else None


def dated(day: str, month: str, year: str) -> date | None:
    """Return the date of these digits, or None where there is no such day."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
