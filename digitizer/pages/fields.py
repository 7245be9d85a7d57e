"""Key fields of a paper from its words: number, date, agency, subject, signer, persons.

PURE. Called by OCR. Issued papers are laid out by NĐ 30/2020/NĐ-CP, appendix I: agency at the top
left beside the nation's name, number below it, place and date to the right, type and subject in the
middle, the signer's name below the seal. Forms name what they hold before a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from digitizer.pages import naming, patterns, wordtable
from digitizer.pages.syllables import bare
from digitizer.pages.wordtable import Box, Word
from digitizer.pagetext import Check, FieldName

_NUMBER = re.compile(
    r"\bS[ốôóoồổỐÔÓO]\s?[:;.]?\s*(?P<digits>[0-9][0-9 ]{0,6}|[^\s/]{0,6})[ .]*"
    r"(?P<rest>(?:/\s?[0-9]{4})?/\s?[A-ZĐ][\w/Đ]*(?:-\w+)*)"
)
_DATE = re.compile(
    r"ng[aà]y\s*([0-9]{1,2})\s*th[aá]ng\s*([0-9]{1,2})\s*n[aă]m\s*([0-9]{4})", re.IGNORECASE
)
_PLACE = re.compile(r"[A-ZĐÀ-Ỵ][^,;0-9]{1,40},\s*$")
_NATION = ("cong", "hoa", "xa", "hoi")
_TYPE_LIST = """quyet dinh,thong tu,thong bao,nghi quyet,nghi dinh,chi thi,ke hoach,bao cao,
to trinh,quy dinh,quy che,huong dan,chuong trinh,phuong an,de an,bien ban,cong dien,
thong tri,ket luan"""
_TYPES = frozenset(name.strip() for name in _TYPE_LIST.split(","))
_ABOUT = re.compile(r"^(?:v\s?/\s?v|ve viec)\b[:.]?\s*", re.IGNORECASE)
_ENDS_SUBJECT = re.compile(r"^(?:can cu|kinh gui|xet de nghi|theo de nghi|thuc hien|dieu \d|so:)")
_LABEL = re.compile(
    r"(?:ho(?:,| va)?(?: chu dem,| ten dem,)?(?: va)? ten|toi ten|ho ten)[^:]{0,40}?(?::|\bla\b)"
)
_LONGEST_SUBJECT = 6
_TOP = 0.45
_STEP, _GAP, _READ = 1.9, 3.0, 30.0
_DOUBTFUL = 50.0
_CAPITALS_HEAD_LINES = 3.5
_SIDE = ".,;:()_-–—~“”\"'` "


class Found(Struct, frozen=True):
    """A field: which, its value, its words' mean confidence, what its pattern says, and where."""

    name: FieldName
    value: str
    confidence: float
    check: Check
    box: Box


class _Line(Struct, frozen=True):
    """A line: its words, their text and the same without marks, letter for letter."""

    words: list[Word]
    text: str
    bare: str

    def part(self, start: int, end: int) -> list[Word]:
        """Return the words that letters ``start`` to ``end`` of the text belong to."""
        found, at = [], 0
        for word in self.words:
            if at < end and at + len(word.text) > start:
                found.append(word)
            at += len(word.text) + 1
        return found


def find(words: Sequence[Word], height: int, today: date) -> list[Found]:
    """Return the key fields of a page.

    Args:
        words: As mended, in reading order.
        height: Of the page, in the pixels of the words' boxes.
        today: Nobody was born later.
    """
    lines = list(_columns(words))
    found = [
        *_number(lines, height),
        *_date(lines),
        *_agency(words, height),
        *_subject(lines),
        *_signer(lines, height),
        *_person_numbers(words, today),
        *_persons(lines),
    ]
    return list({(one.name, one.value): one for one in found}.values())


def _columns(words: Sequence[Word]) -> Iterator[_Line]:
    """Yield the lines, cut where a gap parts two columns that Tesseract read as one line."""
    for line in wordtable.lines(words):
        start = 0
        for at, (one, other) in enumerate(pairwise(line), 1):
            gap = other.box.left - one.box.left - one.box.width
            if gap > _GAP * max(one.box.height, other.box.height):
                yield _line(line[start:at])
                start = at
        yield _line(line[start:])


def _line(words: list[Word]) -> _Line:
    text = " ".join(word.text for word in words)
    return _Line(words, text, bare(text).lower())


def _made(name: FieldName, value: str, words: Sequence[Word], check: Check = Check.NONE) -> Found:
    left = min(word.box.left for word in words)
    top = min(word.box.top for word in words)
    right = max(word.box.left + word.box.width for word in words)
    bottom = max(word.box.top + word.box.height for word in words)
    sure = round(sum(word.confidence for word in words) / len(words), 1)
    if check is Check.DOUBTFUL:
        sure = min(sure, _DOUBTFUL)  # well read, and yet not what its pattern wants
    return Found(name, value, sure, check, Box(left, top, right - left, bottom - top))


def _number(lines: Sequence[_Line], height: int) -> Iterator[Found]:
    for line in lines:
        hit = _NUMBER.search(line.text)
        if hit and line.words[0].box.top < _TOP * height:
            digits = hit["digits"].replace(" ", "")
            value = (digits if digits.isdecimal() else "") + hit["rest"].replace(" ", "")
            check = patterns.check_document(value)
            yield _made(FieldName.NUMBER, value, line.part(*hit.span()), check)
            return


def _date(lines: Sequence[_Line]) -> Iterator[Found]:
    for line in lines:
        for hit in _DATE.finditer(line.text):
            day = patterns.dated(hit[1], hit[2], hit[3])
            if day and _PLACE.search(line.text[: hit.start()]):
                words = line.part(*hit.span())
                yield _made(FieldName.DATE, day.isoformat(), words, Check.CHECKED)
                return


def _agency(words: Sequence[Word], height: int) -> Iterator[Found]:
    """The capitals to the left of the nation's name."""
    keys = [bare(word.text).lower() for word in words]
    for index in range(len(words) - len(_NATION)):
        if tuple(keys[index : index + len(_NATION)]) != _NATION:
            continue
        nation = words[index].box
        if nation.top > _TOP * height:
            return
        low, high = nation.top - nation.height, nation.top + _CAPITALS_HEAD_LINES * nation.height
        beside = [
            word
            for word in words
            if word.box.left + word.box.width < nation.left
            and low <= word.box.top <= high
            and word.text.strip(_SIDE).isupper()
            and word.text.strip(_SIDE).isalpha()
        ]
        if len(beside) > 1:
            beside = [word for line in wordtable.lines(beside) for word in line]
            value = " ".join(word.text.strip(_SIDE) for word in beside)
            yield _made(FieldName.AGENCY, value, beside)
        return


def _subject(lines: Sequence[_Line]) -> Iterator[Found]:
    for at, line in enumerate(lines):
        about = _ABOUT.match(line.bare)
        heading = line.text.strip(_SIDE).isupper() and line.bare.strip(_SIDE) in _TYPES
        if not about and not heading:
            continue
        taken = [line] if about else []
        for other in lines[at + 1 :]:
            if not any(_over(one, other) for one in (line, *taken[-1:])):
                continue  # of another column
            if len(taken) >= _LONGEST_SUBJECT:
                break
            if _ENDS_SUBJECT.match(other.bare) or other.text.strip(_SIDE).isupper():
                break
            if (taken and not _below(taken[-1], other)) or _DATE.search(other.text):
                break
            taken.append(other)
        if taken:
            words = [word for one in taken for word in one.words if word.confidence >= _READ]
            value = " ".join(word.text for word in words)
            about = _ABOUT.match(bare(value))
            value = value[about.end() :] if about else value
            yield _made(FieldName.SUBJECT, value.strip(_SIDE), words)
            return


def _over(one: _Line, other: _Line) -> bool:
    """Tell whether the two stand in one column."""
    left = max(one.words[0].box.left, other.words[0].box.left)
    first, second = one.words[-1].box, other.words[-1].box
    return left < min(first.left + first.width, second.left + second.width)


def _below(one: _Line, other: _Line) -> bool:
    """Tell whether ``other`` is the next line of the same paragraph, by its distance."""
    step = other.words[0].box.top - one.words[0].box.top
    return 0 < step <= _STEP * max(word.box.height for word in one.words)


def _signer(lines: Sequence[_Line], height: int) -> Iterator[Found]:
    """The lowest name in the right half that nothing stands beside."""
    right = max((line.words[-1].box.left + line.words[-1].box.width for line in lines), default=0)
    for line in reversed(lines):
        first, last = line.words[0].box, line.words[-1].box
        if (
            2 <= len(line.words) <= 5
            and len(naming.names(line.words)) == len(line.words)
            and not line.text.isupper()
            and first.left + last.left + last.width > right
            and first.top > 0.3 * height
        ):
            yield _made(FieldName.SIGNER, line.text.strip(_SIDE), line.words)
            return


def _person_numbers(words: Sequence[Word], today: date) -> Iterator[Found]:
    for word in words:
        core = word.text.strip(_SIDE)
        if len(core) == 12 and core.isdecimal():
            check = patterns.check_person(core, today)
            yield _made(FieldName.PERSON_NUMBER, core, [word], check)


def _persons(lines: Sequence[_Line]) -> Iterator[Found]:
    for line in lines:
        hit = _LABEL.search(line.bare)
        if not hit:
            continue
        named: list[Word] = []
        for word in line.part(hit.end() + 1, len(line.text)):
            core = word.text.strip(_SIDE)
            if core and core.isalpha() and core[0].isupper():
                named.append(word)
            elif named or core:
                break
            if named and word.text[-1] in ",;.":
                break
        if len(named) > 1:
            value = " ".join(word.text.strip(_SIDE) for word in named)
            yield _made(FieldName.PERSON, value, named)
