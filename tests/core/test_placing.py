"""Stacks fall apart into dossiers and papers: facts in the store, without a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from facts import READING, WORDS
from msgspec.structs import replace

from digitizer.app import App
from digitizer.model import OTHER_PART, Code, Dossier, Page, PaperKind, PlacedBy
from digitizer.procedure.port import RequiredPaper, ServerDossier
from digitizer.separators import NEXT_DOSSIER, NEXT_PAPER, Parts, Separator, payload
from digitizer.storage import astray, changes

A, B, NEW = (f"000.00.20.H02-261122-000{number}" for number in (1, 2, 9))
PAPERS = (
    RequiredPaper("TP01", "Tờ khai", PaperKind.COMPONENT, required=True, multiple=False),
    RequiredPaper("TP02", "Giấy chứng sinh", PaperKind.COMPONENT, required=True, multiple=False),
    RequiredPaper("TP03", "Giấy tờ tùy thân", PaperKind.COMPONENT, required=True, multiple=True),
)
ALL_A, ALL_B = Separator(Parts.DOSSIER, A), Separator(Parts.DOSSIER, B)
BIRTH = Separator(Parts.PAPER, "", "1.001193", "TP02", "Giấy chứng sinh")
CARD = Separator(Parts.PAPER, "", "1.001193", "TP03", "Giấy tờ tùy thân")


class Counter:
    """A home with two dossiers; feeds stacks of pages that are told by what they bear."""

    def __init__(self, app: App) -> None:
        self.app = app
        for code in (A, B):
            there = ServerDossier("7", code, "1.001193", "Khai sinh", "", "receiving", "T1")
            app.dossiers.take_from_server(there, PAPERS)
        self._batches = 0

    def feed(
        self,
        *stack: str | Separator,
        into: str = A,
        part: str = OTHER_PART,
        profile: str = "{}",
        continues: str | None = None,
    ) -> str:
        """Scan a stack: a separator sheet, ``""`` a blank side, else a page with that text, which
        is a code's where it is a mã hồ sơ."""
        batch = self.land(len(stack), into, part, profile, continues)
        for seq, what in enumerate(stack, start=1):
            self.read(self.image(batch, seq), what)
        return batch

    def land(
        self,
        count: int,
        into: str = A,
        part: str = OTHER_PART,
        profile: str = "{}",
        continues: str | None = None,
    ) -> str:
        """Save pages that nothing has read yet."""
        self._batches += 1
        batch = f"batch-{self._batches}"
        paper = self.app.dossiers.paper_for(self.app.dossiers.find(into), part)
        with self.app.store.transaction() as tx:
            changes.start_batch(tx, batch, paper, "test", profile, continues=continues)
            for seq in range(1, count + 1):
                sha256 = self.image(batch, seq)
                changes.add_page(tx, batch, seq, sha256=sha256, size=1, suffix=".jpg")
            changes.end_batch(tx, batch, "empty")
        return batch

    def read(self, sha256: str, what: str | Separator) -> None:
        text = payload(what) if isinstance(what, Separator) else what
        codes = (Code("QRCode", text),) if isinstance(what, Separator) or "H02" in text else ()
        reading = replace(READING, codes=codes, blank=not text)
        self.app.dossiers.note_reading(sha256, reading)

    @staticmethod
    def image(batch: str, seq: int) -> str:
        return f"{batch.removeprefix('batch-')}{seq:063x}"

    def dossier(self, name: str) -> Dossier:
        return self.app.dossiers.find(name)

    def papers(self, name: str, *, out: bool = False) -> dict[str, list[int]]:
        """Return the feeding numbers of each paper's pages (``out``: of those taken out)."""
        return {
            f"{paper.part}#{paper.copy}": [
                page.batch_seq for page in paper.pages if page.deleted is out
            ]
            for paper in self.dossier(name).papers
            if any(page.deleted is out for page in paper.pages)
        }

    def page(self, batch: str, seq: int) -> Page:
        found = [
            page
            for head in self.app.dossiers.heads()
            for paper in self.app.dossiers.get(head.id).papers
            for page in paper.pages
            if (page.batch_id, page.batch_seq) == (batch, seq)
        ]
        return found[0]


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with App(tmp_path / "home", "test") as app:
        yield Counter(app)


def test_a_stack_falls_apart_into_dossiers_and_papers(counter: Counter) -> None:
    counter.feed(ALL_A, "receipt", BIRTH, "p", "p", ALL_B, ALL_B, "r", CARD, "", "id", into=B)
    assert counter.papers(A) == {"TP99#1": [2], "TP02#1": [4, 5]}
    assert counter.papers(B) == {"TP99#1": [8], "TP03#1": [11]}
    assert counter.papers(A, out=True) == {"TP99#1": [1], "TP02#1": [3]}
    assert counter.papers(B, out=True) == {"TP99#1": [6, 7], "TP03#1": [9, 10]}


def test_what_a_code_said_leads_on_after_a_jam(counter: Counter) -> None:
    first = counter.feed(ALL_B, "receipt", into=A)
    second = counter.feed("p", "q", into=A, continues=first)
    third = counter.feed("r", ALL_A, "s", into=A, continues=second)
    counter.feed("alone", into=A)
    at_b = counter.dossier(B).paper(OTHER_PART)
    assert at_b is not None
    assert [(page.batch_id, page.batch_seq) for page in at_b.live_pages] == [
        (first, 2), (second, 1), (second, 2), (third, 1),
    ]  # fmt: skip
    assert counter.papers(A) == {"TP99#1": [3, 1]}


def test_pages_after_a_jam_wait_for_those_before_it(counter: Counter) -> None:
    first = counter.land(2)
    second = counter.feed("p", into=A, continues=first)
    assert not counter.page(second, 1).batch_read, "it may move once the first batch is read"
    counter.read(counter.image(first, 1), ALL_B)
    counter.read(counter.image(first, 2), "receipt")
    assert counter.papers(B) == {"TP99#1": [2, 1]}
    assert counter.page(second, 1).batch_read


def test_a_sheet_s_two_sides_are_of_one_batch(counter: Counter) -> None:
    both = '{"source": "adf-duplex"}'
    first = counter.feed("p", "", ALL_B, profile=both)  # jammed before its back came
    counter.feed("front", "", profile=both, continues=first)
    assert counter.papers(B) == {"TP99#1": [1, 2]}


def test_separators_are_marked_and_in_no_bundle(counter: Counter) -> None:
    batch = counter.feed(ALL_B, "page")
    front = counter.page(batch, 1)
    assert (front.separator, front.deleted, front.placed_by) == (True, True, PlacedBy.CODE)
    other = counter.dossier(B).paper(OTHER_PART)
    assert other is not None
    assert [page.batch_seq for page in other.live_pages] == [2]


def test_a_separator_is_brought_back_and_stays(counter: Counter) -> None:
    batch = counter.feed(ALL_B, "page")
    dossier = counter.dossier(B)
    page = counter.page(batch, 1)
    counter.app.dossiers.restore(dossier.id, [page.id])
    counter.app.dossiers.route_batch(batch)
    assert counter.papers(B) == {"TP99#1": [1, 2]}
    assert not counter.page(batch, 1).separator
    assert counter.app.dossiers.undo(dossier.id)
    assert counter.papers(B) == {"TP99#1": [2]}
    assert counter.page(batch, 1).separator


def test_generic_sheets_begin_one_paper_each(counter: Counter) -> None:
    counter.feed("a", NEXT_PAPER, "b", "b", "PATCHT", NEXT_PAPER, "c")
    assert counter.papers(A) == {"TP99#1": [1], "TP99#2": [3, 4, 5], "TP99#3": [7]}


def test_generic_sheets_in_a_paper_that_may_be_several_begin_another_of_it(
    counter: Counter,
) -> None:
    counter.feed("card", NEXT_PAPER, "card", part="TP03")
    assert counter.papers(A) == {"TP03#1": [1], "TP03#2": [3]}
    counter.feed("form", NEXT_PAPER, "?", part="TP01")
    assert counter.papers(A) == {"TP01#1": [1], "TP03#1": [1], "TP03#2": [3], "TP99#1": [3]}


def test_a_paper_that_there_is_once_takes_what_comes_for_it(counter: Counter) -> None:
    counter.feed(BIRTH, "a", CARD, "b", BIRTH, "c", CARD, "d")
    assert counter.papers(A) == {"TP02#1": [2, 6], "TP03#1": [4], "TP03#2": [8]}


def test_a_part_of_another_procedure_is_told_by_its_title_or_not_at_all(counter: Counter) -> None:
    same = Separator(Parts.PAPER, "", "2.000815", "TP01", "giấy chứng sinh")
    other = Separator(Parts.PAPER, "", "2.000815", "TP01", "Bản chính")
    counter.feed(same, "a", other, "b")
    assert counter.papers(A) == {"TP02#1": [2], "TP99#1": [4]}


def test_a_dossier_we_do_not_know_is_begun_by_our_sheet_alone(counter: Counter) -> None:
    counter.feed(Separator(Parts.DOSSIER, NEW), BIRTH, "a", Separator(Parts.DOSSIER, NEW), "b")
    assert counter.papers(NEW) == {"TP02#1": [3], "TP99#1": [5]}
    assert counter.dossier(NEW).papers[0].title == "Giấy chứng sinh"
    assert counter.papers(A) == {}


def test_behind_an_unknown_dossier_pages_wait_unsorted(counter: Counter) -> None:
    counter.feed(ALL_B, "a", NEXT_DOSSIER, "b", "b", NEXT_DOSSIER, "c", A, "d", into=B)
    unsorted = counter.app.dossiers.unsorted()
    assert counter.papers(unsorted.name) == {"TP99#1": [4, 5], "TP99#2": [7]}
    assert counter.papers(A) == {"TP99#1": [8, 9]}
    assert counter.papers(B) == {"TP99#1": [2]}


def test_what_the_clerk_placed_is_never_overruled(counter: Counter) -> None:
    batch = counter.feed("a", "b")
    card = counter.app.dossiers.paper_for(counter.dossier(A), "TP03")
    counter.app.dossiers.move(counter.dossier(A).id, [counter.page(batch, 2).id], card)
    counter.read(counter.image(batch, 1), ALL_B)
    assert counter.papers(A) == {"TP03#1": [2]}


def test_pages_read_out_of_order_end_where_they_belong(counter: Counter) -> None:
    stack: list[str | Separator] = [ALL_A, "", "a", BIRTH, "b", ALL_B, "c", NEXT_PAPER, "d"]
    whole = ({"TP99#1": [3], "TP02#1": [5]}, {"TP99#1": [7], "TP99#2": [9]})
    counter.feed(*stack, into=B)
    assert (counter.papers(A), counter.papers(B)) == whole
    batch = "batch-2"
    paper = counter.app.dossiers.paper_for(counter.dossier(A), None)
    with counter.app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, "test", "{}")
        for seq in range(1, len(stack) + 1):
            sha256 = counter.image(batch, seq)
            changes.add_page(tx, batch, seq, sha256=sha256, size=1, suffix=".jpg")
    for seq in (9, 2, 5, 1, 4, 3, 8, 6, 7):
        counter.read(counter.image(batch, seq), stack[seq - 1])
    assert counter.papers(A) == {"TP99#1": [3, 3], "TP02#1": [5, 5]}
    assert counter.papers(B) == {"TP99#1": [7, 7], "TP99#2": [9], "TP99#3": [9]}


def test_words_that_come_late_part_papers_too(counter: Counter) -> None:
    batch = counter.feed(ALL_B, "a", "a sheet whose codes are lost", "b")
    assert counter.papers(B) == {"TP99#1": [2, 3, 4]}
    lines = ("TỜ PHÂN CÁCH GIẤY TỜ",)
    counter.app.dossiers.note_words(counter.image(batch, 3), 0, None, WORDS, lines)
    assert counter.papers(B) == {"TP99#1": [2], "TP99#2": [4]}
    assert counter.page(batch, 3).separator


def test_sides_are_known_of_a_duplex_scan(counter: Counter) -> None:
    duplex = '{"source": "adf-duplex"}'
    counter.feed("a", "", "", ALL_B, "b", "", profile=duplex)
    assert counter.papers(A) == {"TP99#1": [1, 2]}
    assert counter.papers(B) == {"TP99#1": [5, 6]}
    assert counter.papers(B, out=True) == {"TP99#1": [3, 4]}


def test_a_code_of_the_dossier_that_was_scanned_into_moves_nothing(counter: Counter) -> None:
    counter.feed(A, "a", part="TP01")
    assert counter.papers(A) == {"TP01#1": [1, 2]}


# --- strangers --------------------------------------------------------------------------------

STRANGER = "000.00.20.H02-261122-0008"


def test_a_strangers_receipt_and_its_pages_wait_unsorted(counter: Counter) -> None:
    """Before, they stayed in the dossier that was scanned into, and were sent with it."""
    batch = counter.feed(
        B, "b", STRANGER, "theirs", "theirs", NEW, "another's", into=A, part="TP01"
    )
    assert counter.papers(A) == {}
    assert counter.papers(B) == {"TP99#1": [1, 2]}
    unsorted = counter.app.dossiers.unsorted()
    assert counter.papers(unsorted.name) == {"TP99#1": [3, 4, 5], "TP99#2": [6, 7]}
    counter.app.dossiers.route_batch(batch)
    assert counter.papers(unsorted.name) == {"TP99#1": [3, 4, 5], "TP99#2": [6, 7]}
    assert [(lot.paper, lot.codes, lot.pages) for lot in astray.lots(counter.app.store)] == [
        ("TP99", (STRANGER,), 3),
        ("TP99#2", (NEW,), 2),
    ]
    moved = [page.id for page in counter.dossier(unsorted.name).papers[0].live_pages]
    paper = counter.app.dossiers.paper_for(counter.dossier(A), "TP02")
    counter.app.dossiers.move(unsorted.id, moved, paper)
    counter.app.dossiers.route_batch(batch)
    assert counter.papers(A) == {"TP02#1": [3, 4, 5]}, "the clerk has said so"
    assert [lot.codes for lot in astray.lots(counter.app.store)] == [(NEW,)]


def test_what_waits_unsorted_goes_to_its_dossier_when_that_is_known(counter: Counter) -> None:
    counter.feed("a", STRANGER, "theirs", NEW, "another's", into=A)
    counter.app.dossiers.open_new(code=STRANGER)
    assert counter.papers(STRANGER) == {"TP99#1": [2, 3]}
    there = ServerDossier("8", NEW, "1.001193", "Khai sinh", "", "receiving", "T1")
    counter.app.dossiers.take_from_server(there, PAPERS)
    assert counter.papers(NEW) == {"TP99#1": [4, 5]}
    assert counter.papers(A) == {"TP99#1": [1]}
    assert astray.lots(counter.app.store) == []


def test_strangers_in_what_no_dossier_was_named_for_are_kept_apart(counter: Counter) -> None:
    name = counter.app.dossiers.unsorted().name
    counter.feed(STRANGER, "theirs", NEW, into=name)
    counter.feed(STRANGER, into=name)
    assert counter.papers(name) == {"TP99#1": [1, 2], "TP99#2": [3], "TP99#3": [1]}


def test_a_local_dossier_keeps_its_own_receipt(counter: Counter) -> None:
    local = counter.app.dossiers.open_new(code=None).name
    counter.feed(STRANGER, "a", into=local)
    counter.feed("b", STRANGER, NEW, "theirs", into=local)
    assert counter.papers(local) == {"TP99#1": [1, 2, 1, 2]}
    unsorted = counter.app.dossiers.unsorted()
    assert counter.papers(unsorted.name) == {"TP99#1": [3, 4]}


# --- titles -----------------------------------------------------------------------------------


def titled(counter: Counter, *stack: tuple[str | Separator, str]) -> None:
    """Feed pages with their title lines, words and all, as the reading program gives them."""
    batch = f"batch-{10 + len(stack)}"
    paper = counter.app.dossiers.paper_for(counter.dossier(A), None)
    with counter.app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, "test", "{}")
        for seq in range(1, len(stack) + 1):
            sha256 = counter.image(batch, seq)
            changes.add_page(tx, batch, seq, sha256=sha256, size=1, suffix=".jpg")
        changes.end_batch(tx, batch, "empty")
    for seq, (what, line) in enumerate(stack, start=1):
        codes = (Code("QRCode", payload(what)),) if isinstance(what, Separator) else ()
        reading = replace(READING, codes=codes)
        sha256 = counter.image(batch, seq)
        counter.app.dossiers.note_reading(sha256, reading, WORDS, (line,) if line else ())


def test_behind_a_generic_sheet_a_sure_title_tells_the_paper(counter: Counter) -> None:
    titled(
        counter,
        ("p", "GIẤY CHỨNG SINH"),  # no sheet before it: proposed, not moved
        (NEXT_PAPER, ""),
        ("p", "GIẤY CHỨNG SINH"),
        ("p", ""),
        (NEXT_PAPER, ""),
        ("p", "GIẤY CHỨNG SINH"),  # there is one already, and the list wants no second
        (NEXT_PAPER, ""),
        ("p", "HỢP ĐỒNG MUA BÁN"),
        (NEXT_PAPER, ""),
        ("p", "CĂN CƯỚC CÔNG DÂN"),
    )
    assert counter.papers(A) == {
        "TP99#1": [1],
        "TP02#1": [3, 4],
        "TP99#2": [6],
        "TP99#3": [8],
        "TP03#1": [10],
    }
