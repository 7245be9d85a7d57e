"""PURE: the title lines of a page → which paper of the dossier's list it seems to be.

OCR loses marks and letters, so titles are compared without marks, letter by letter, and a title
counts only if each of its words is there: «khai tử» is not «khai sinh», however much of the rest
agrees. Used by placing (behind a separator sheet, where it is sure), the command line and the
window, which asks the clerk.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from msgspec import Struct

from digitizer.identifiers import citizen_card, dossier_codes
from digitizer.model import OTHER_PART, Code, Dossier, Page, Paper, PlacedBy

SURE = 0.94
"""From here on a page is moved by itself, where a separator sheet began its paper."""
SHOWN = 0.65
"""Below this nothing is said."""

_WORD_THERE, _PAIRS_THERE = 0.6, 0.35
_INCOMPLETE, _SHORTENED, _ALIKE = 0.6, 0.98, 0.95
_EXTRA_WORDS = {1: 1.0, 2: 0.96}
_EXTRA_WORD = 0.9
"""A word too many, by its letters: a single one is dirt, three may be another paper."""
_TOO_CLOSE = 0.025
_BY_CARD = 0.97

_KINDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (  # an identity paper, whichever
        (
            "CAN CUOC CONG DAN",
            "CAN CUOC",
            "THE CAN CUOC",
            "THE CAN CUOC CONG DAN",
            "CITIZEN IDENTITY CARD",
            "IDENTITY CARD",
            "CHUNG MINH NHAN DAN",
            "GIAY CHUNG MINH NHAN DAN",
            "GIAY CHUNG NHAN CAN CUOC",
            "HO CHIEU",
            "HO CHIEU PASSPORT",
        ),
        ("TUY THAN", "CAN CUOC", "CCCD", "CMND", "CHUNG MINH NHAN DAN", "HO CHIEU"),
    ),
    (
        ("GIAY KHAI SINH", "TRICH LUC KHAI SINH", "GIAY KHAI SINH BAN SAO"),
        ("GIAY KHAI SINH", "TRICH LUC KHAI SINH"),
    ),
    (
        ("GIAY BAO TU", "GIAY CHUNG TU", "TRICH LUC KHAI TU"),
        ("GIAY BAO TU", "GIAY CHUNG TU", "TRICH LUC KHAI TU"),
    ),
    (
        ("GIAY CHUNG NHAN KET HON", "TRICH LUC KET HON", "TRICH LUC GHI CHU KET HON"),
        ("GIAY CHUNG NHAN KET HON", "GIAY DANG KY KET HON", "TRICH LUC KET HON"),
    ),
    (
        ("SO HO KHAU", "GIAY XAC NHAN THONG TIN VE CU TRU", "THONG BAO SO DINH DANH CA NHAN"),
        ("NOI CU TRU", "NOI THUONG TRU", "SO HO KHAU"),
    ),
    (
        ("GIAY CHUNG NHAN QUYEN SU DUNG DAT",),
        ("GIAY CHUNG NHAN QUYEN SU DUNG DAT", "SO DO"),
    ),
)
"""Titles that papers bear, and words of a list's entry that they satisfy."""

_DOCUMENT = re.compile(
    r"(GIAY|TO KHAI|TO TRINH|DON|QUYET DINH|HOP DONG|BIEN BAN|TRICH LUC|THONG BAO|VAN BAN|"
    r"PHIEU|BAN |SO HO|CAN CUOC|CHUNG MINH|HO CHIEU|BANG|DE NGHI|LY LICH|UY QUYEN|CAM KET)"
)
_GENERAL = re.compile(
    r"(?:(?:GIAY|TO|KHAI|DON|VAN|BAN|QUYET|DINH|HOP|DONG|CHUNG|NHAN|XAC|THONG|BAO|DE|NGHI|BIEN|"
    r"PHIEU|SAO|CHINH|CAC|KHAC|MINH|TRICH|LUC) ?)+"
)
"""Words that many papers' titles begin with: by themselves they tell no paper."""
_TAILS = re.compile(r"\s(?:CUA|DE|DOI VOI|THEO|KEM|DO|VE VIEC|TRONG|TAI|BAN CHINH|BAN SAO)\s")
_CHOICES = re.compile(r"\s(?:HOAC|VA/HOAC)\s|[,;/]")


class Proposal(Struct, frozen=True):
    """What a page seems to be: component code, title, and how surely, 0 to 1."""

    part: str
    title: str
    confidence: float


class Suggestion(Struct, frozen=True):
    """Pages in a row that seem to be one paper; the first bears its title."""

    pages: tuple[Page, ...]
    proposal: Proposal


class Listed(Struct, frozen=True):
    """A paper of a list: its component code and title."""

    part: str
    title: str


def propose(
    headings: Iterable[str], codes: Iterable[Code], papers: Iterable[Listed]
) -> Proposal | None:
    """Return which of ``papers`` a page seems to be, or None.

    Args:
        headings: Its likely title lines (``pages.headings``).
        codes: Its codes; a citizen card tells itself.
        papers: The list; *giấy tờ khác* is nothing to propose.
    """
    lines = [line for heading in headings if (line := plain(heading))]
    card = any(citizen_card(code.text) for code in codes)
    best: dict[str, Proposal] = {}
    for paper in papers:
        if paper.part == OTHER_PART:
            continue
        score = max((_alike(line, paper.title) for line in lines), default=0.0)
        if card and _is_kind(plain(paper.title), _KINDS[0][1]):
            score = max(score, _BY_CARD)
        if score > best.get(paper.part, Proposal("", "", 0.0)).confidence:
            best[paper.part] = Proposal(paper.part, paper.title, round(score, 2))
    ranked = sorted(best.values(), key=lambda one: -one.confidence)
    if not ranked or ranked[0].confidence < SHOWN:
        return None
    if len(ranked) > 1 and ranked[0].confidence - ranked[1].confidence < _TOO_CLOSE:
        return None  # it may be either
    return ranked[0]


def for_page(dossier: Dossier, page: Page) -> Proposal | None:
    """Return what a page of a dossier seems to be, where nobody said: it lies among *giấy tờ
    khác* and no clerk placed it."""
    paper = dossier.paper_by_id(page.paper_id)
    nobody = paper is not None and paper.part == OTHER_PART
    if not nobody or page.placed_by is PlacedBy.CLERK or page.deleted or page.reading is None:
        return None
    listed = [Listed(one.part, one.title) for one in dossier.papers]
    return propose(page.headings, page.reading.codes, listed)


def suggestions(dossier: Dossier, paper: Paper) -> tuple[Suggestion, ...]:
    """Return which pages of *giấy tờ khác* seem to be papers of the list: from a page that bears
    a title up to the next that begins a document of any kind."""
    found: list[tuple[Proposal, list[Page]]] = []
    going_on = False
    before: Page | None = None
    for page in paper.live_pages:
        proposal = for_page(dossier, page)
        if proposal is not None:
            found.append((proposal, [page]))
            going_on = True
        elif going_on and before is not None and _follows(before, page):
            found[-1][1].append(page)
        else:
            going_on = False
        before = page
    return tuple(Suggestion(tuple(pages), proposal) for proposal, pages in found)


def _follows(before: Page, page: Page) -> bool:
    """Tell whether a page without a title of the list may belong to the document before it."""
    if page.placed_by is PlacedBy.CLERK or page.batch_id != before.batch_id:
        return False
    codes = page.reading.codes if page.reading is not None else ()
    if any(dossier_codes(code.text) for code in codes):
        return False
    return not any(_DOCUMENT.match(plain(line)) for line in page.headings)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return ``text`` in capitals without marks: letters, digits and what parts alternatives."""
    text = re.sub(r"\([^)]*\)?", " ", text)
    decomposed = unicodedata.normalize("NFD", text.upper().replace("Đ", "D"))
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^A-Z0-9,;/]+", " ", bare).split())


@lru_cache(maxsize=32768)
def _alike(line: str, title: str) -> float:
    """Return how surely a line is a title of a list's entry, 0 to 1."""
    return max((_same(line, name) * trust for name, trust in _names(title)), default=0.0)


def _is_kind(title: str, words: Sequence[str]) -> bool:
    """Tell whether a list's entry asks for papers of a kind, not for a form that mentions it."""
    if title.startswith(("TO KHAI", "DON", "PHIEU")):
        return False
    return any(f" {word} " in f" {re.sub('[,;/]', ' ', title)} " for word in words)


@lru_cache(maxsize=1024)
def _names(title: str) -> tuple[tuple[str, float], ...]:
    """Return what a list's entry may be called on the paper itself, and how far to trust each."""
    whole = plain(title)
    found = {re.sub(r"[,;/ ]+", " ", whole): 1.0}
    for choice in _CHOICES.split(whole):
        name = choice.strip()
        shorter = _TAILS.split(f"{name} ")[0].strip()
        for one in (name, shorter):
            if len(one.split()) > 1 and not _GENERAL.fullmatch(one):
                found.setdefault(one, _SHORTENED)
    for borne, satisfied in _KINDS:
        if _is_kind(whole, satisfied):
            for name in borne:
                found.setdefault(name, _ALIKE)
    return tuple(found.items())


def _same(line: str, name: str) -> float:
    """Return how much a line and a name are the same, letter by letter; a word of the name that
    is not there keeps it below what is shown."""
    words, others = name.split(), line.split()
    one, other = "".join(others), "".join(words)
    if not one or not other:
        return 0.0
    if 2.0 * min(len(one), len(other)) < SHOWN * (len(one) + len(other)):
        return 0.0
    pairs = _pairs(other)
    if len(pairs & _pairs(one)) < _PAIRS_THERE * len(pairs):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    in_line, in_name = [0] * len(one), [0] * len(other)
    for block in matcher.get_matching_blocks():
        in_line[block.a : block.a + block.size] = [1] * block.size
        in_name[block.b : block.b + block.size] = [1] * block.size
    share = 2.0 * sum(in_name) / (len(one) + len(other))
    if any(there < _WORD_THERE for there, _ in _by_word(words, in_name)):
        return min(share, _INCOMPLETE)
    for there, length in _by_word(others, in_line):
        if there < 1.0 - _WORD_THERE:
            share *= _EXTRA_WORDS.get(length, _EXTRA_WORD)
    return share


@lru_cache(maxsize=8192)
def _pairs(letters: str) -> frozenset[str]:
    """Return the pairs of letters that follow each other: a quick look at what may be alike."""
    return frozenset(one + other for one, other in itertools.pairwise(letters))


def _by_word(words: Sequence[str], letters: Sequence[int]) -> list[tuple[float, int]]:
    """Return for each word the share of its letters that was found, and its length."""
    found, at = [], 0
    for word in words:
        found.append((sum(letters[at : at + len(word)]) / len(word), len(word)))
        at += len(word)
    return found
