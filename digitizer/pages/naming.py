"""What looks like a person's name or an abbreviation: never to be mended.

PURE. Called by the post-check and by the fields. A name begins with one of the family names that
nearly all Vietnamese bear, or follows a word that a name follows (``Ông``, ``Họ và tên``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digitizer.pages.syllables import bare, normal
from digitizer.pages.wordtable import Word

_COMMON_LIST = """
bui cao chau dam dang dao dinh do doan duong ha ho hoang huynh khuat kieu la lam le luong luu ly
mai nghiem ngo nguyen pham phan phung quach ta tang thai to tong tran trieu trinh truong vo vu
vuong
"""
_COMMON = frozenset(_COMMON_LIST.split())
"""Family names known whatever became of their marks."""
_OTHER_LIST = """
an âu bạch bành bế ca cái cát chử chung cung cầm điền điêu đổng đới đồng giang giáp hàn hàng hầu
hoa hứa kha khổng khúc khương lã lại liễu lò lỗ lộc lục lư lương lường lữ ma mã mạc mẫn mạch
nghị ngụy nhâm nhữ nông ninh ông phí phù phương quàng sầm sùng sử tạ tào thạch thân thẩm thiều
tiêu tòng tôn trà trưng từ uông vàng văn vi viên vòng vũ vừ yên
"""
_OTHERS = frozenset(_OTHER_LIST.split())
"""Rarer ones: known by their marks as well, which tell them from other words."""
_LEAD_LIST = "ông bà cháu chị anh em cụ ngài đồng chí tên cha mẹ vợ chồng con bé là bởi ký"
_LEADS = frozenset(_LEAD_LIST.split())
_STOPS = ".,;:()“”\"'-–"
_LONGEST = 6
_SHORTEST_CAPITALS = 3
_VOWEL = re.compile("[AEIOUY]")
_SHORTEST = 2


def names(words: Sequence[Word]) -> frozenset[int]:
    """Return the numbers of the words that look like parts of a person's name."""
    found: set[int] = set()
    start = 0
    while start < len(words):
        end = _run_end(words, start)
        if end == start:
            start += 1
            continue
        if _is_name(words, start, end):
            found.update(range(start, end))
        start = end
    return frozenset(found)


def _run_end(words: Sequence[Word], start: int) -> int:
    """Return where the run of capitalised words of one line that begins at ``start`` ends."""
    end = start
    while end < len(words) and words[end].line == words[start].line:
        core = words[end].text.strip(_STOPS)
        if not core or not core[0].isupper() or not core.isalpha():
            break
        end += 1
        if words[end - 1].text[-1] in ".,;:)":
            break
    return end


def _is_name(words: Sequence[Word], start: int, end: int) -> bool:
    if end - start > _LONGEST:
        return False
    first = normal(words[start].text.strip(_STOPS))
    led = start > 0 and normal(words[start - 1].text.lstrip("(").rstrip(":")) in _LEADS
    return led or (end - start >= _SHORTEST and (bare(first) in _COMMON or first in _OTHERS))


def is_acronym(words: Sequence[Word], index: int, core: str) -> bool:
    """Tell whether ``core`` of a word is an abbreviation: capitals that stand alone, that are too
    few or unlike a syllable; or capitals inside."""
    if not core.isupper():
        return any(letter.isupper() for letter in core[1:])
    if len(core) < _SHORTEST_CAPITALS or not _VOWEL.search(bare(core)):
        return True
    around = [words[at] for at in (index - 1, index + 1) if 0 <= at < len(words)]
    return not any(other.line == words[index].line and _in_capitals(other.text) for other in around)


def _in_capitals(text: str) -> bool:
    core = text.strip(_STOPS)
    return len(core) > 1 and core.isalpha() and core.isupper()
