"""Stacks are accepted, or nothing of them is sent: facts in the store, without a picture."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from facts import READING, WORDS
from msgspec.structs import replace

from digitizer import finding, worklist
from digitizer.app import App
from digitizer.errors import BadIdentifier
from digitizer.model import OTHER_PART, Bundle, Code, PaperKind
from digitizer.plan import WorkKind, plan
from digitizer.procedure.port import RequiredPaper, ServerDossier
from digitizer.separators import Parts, Separator, payload
from digitizer.stacking import Reason, Stack, Why
from digitizer.stacks import Into
from digitizer.storage import bundles, changes, stacks

A, B, NEW = (f"000.00.20.H02-261122-000{number}" for number in (1, 2, 9))
PAPERS = (
    RequiredPaper("TP01", "Tờ khai", PaperKind.COMPONENT, required=True, multiple=False),
    RequiredPaper("TP03", "Giấy tờ tùy thân", PaperKind.COMPONENT, required=True, multiple=True),
)
SHEET_A, SHEET_B = Separator(Parts.DOSSIER, A), Separator(Parts.DOSSIER, B)
FORM = Separator(Parts.PAPER, "", "1.001193", "TP01", "Tờ khai")
STACK = "stack-1"


class Desk:
    """A home with two dossiers of the procedure system's; feeds stacks."""

    def __init__(self, app: App) -> None:
        self.app = app
        for code in (A, B):
            there = ServerDossier("7", code, "1.001193", "Khai sinh", "", "receiving", "T1")
            app.dossiers.take_from_server(there, PAPERS)
        self._batches = 0

    def feed(
        self, *sides: str | Separator, stack: str | None = STACK, continues: str | None = None
    ) -> str:
        """Scan into Chưa phân loại: a separator sheet, or a page with that text; read all."""
        self._batches += 1
        batch = f"batch-{self._batches}"
        home = self.app.dossiers.paper_for(self.app.dossiers.unsorted(), None)
        with self.app.store.transaction() as tx:
            changes.start_batch(tx, batch, home, "test", "{}", continues=continues)
            if stack is not None:
                stacks.begin(tx, stack, batch)
            for seq in range(1, len(sides) + 1):
                sha256 = f"{self._batches}{seq:063x}"
                changes.add_page(tx, batch, seq, sha256=sha256, size=1, suffix=".jpg")
            changes.end_batch(tx, batch, "empty")
        for seq, side in enumerate(sides, start=1):
            text = payload(side) if isinstance(side, Separator) else side
            codes = (Code("QRCode", text),) if isinstance(side, Separator) or "H02" in text else ()
            reading = replace(READING, codes=codes)
            self.app.dossiers.note_reading(f"{self._batches}{seq:063x}", reading, WORDS)
        return batch

    def stack(self, stack_id: str = STACK) -> Stack:
        found = self.app.stacks.get(stack_id)
        assert found is not None
        return found

    def ids(self, stack_id: str = STACK) -> list[str]:
        return [page.id for page in self.stack(stack_id).pages]

    def where(self, stack_id: str = STACK) -> list[tuple[str, list[int]]]:
        """Return the runs: dossier's last digit and paper, and the numbers of its pages."""
        shown = self.stack(stack_id)
        number = {page.id: at for at, page in enumerate(shown.pages, start=1)}
        return [
            (
                f"{(run.dossier.code or '?')[-1]}-{run.paper.part}#{run.paper.copy}",
                [number[page.id] for page in run.pages],
            )
            for run in shown.runs
        ]

    def paper(self, code: str, part: str) -> str:
        found = self.app.dossiers.find(code).paper(part)
        assert found is not None
        return found.id

    def bundle(self, code: str, part: str) -> None:
        """Make the bundle of a paper, as a fact."""
        dossier = self.app.dossiers.find(code)
        paper = dossier.paper(part)
        assert paper is not None
        fingerprint = dossier.fingerprint(paper)
        assert fingerprint is not None
        made = Bundle(fingerprint, "b" * 64, len(paper.live_pages), 9, datetime.now(UTC))
        with self.app.store.transaction() as tx:
            bundles.put_bundle(tx, paper.id, made)

    def uploads(self, code: str) -> int:
        work = plan(self.app.dossiers.find(code), "server")
        return sum(one.kind is WorkKind.UPLOAD for one in work)

    def done(self, code: str) -> bool:
        return self.app.dossiers.find(code).finished_at is not None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with App(tmp_path / "home", "test") as app:
        yield Desk(app)


def test_what_comes_behind_sent_pages_is_told_until_it_is_accepted(desk: Desk) -> None:
    desk.feed(SHEET_A, FORM, "first", stack="old")
    desk.app.stacks.accept("old")
    desk.bundle(A, "TP01")
    desk.feed(SHEET_A, FORM, "second")
    assert desk.stack().doubts == (), "the other pages are not sent yet"
    there = desk.app.dossiers.find(A).paper("TP01")
    assert there is not None
    with desk.app.store.transaction() as tx:
        bundles.put_receipt(tx, there.id, there.bundles[0], "server", "1")
    (doubt,) = desk.stack().doubts
    assert (doubt.reasons, doubt.behind) == ((Reason.BEHIND,), 1)
    assert desk.stack("old").doubts == (), "its own pages were there first"
    desk.app.stacks.find_right(STACK, [doubt.page.id], doubt.reasons)
    assert desk.stack().doubts == ()


def test_nothing_of_a_stack_is_planned_to_be_sent_before_it_is_accepted(desk: Desk) -> None:
    desk.app.dossiers.finish(desk.app.dossiers.find(A).id)
    desk.feed(SHEET_A, FORM, "p", SHEET_B, FORM, "q")
    desk.bundle(A, "TP01")
    assert desk.uploads(A) == 0, "finished before, and still nothing of the stack goes"
    assert desk.app.stacks.accept(STACK) == (desk.app.dossiers.find(B).id,)
    assert desk.uploads(A) == 1
    assert desk.done(B)
    assert desk.app.dossiers.unsorted().finished_at is None
    assert desk.app.stacks.waiting() == []


def test_what_was_not_scanned_as_a_stack_is_not_held(desk: Desk) -> None:
    desk.feed(SHEET_A, FORM, "p", stack=None)
    desk.bundle(A, "TP01")
    assert desk.uploads(A) == 1
    assert desk.app.stacks.waiting() == []


def test_accepting_waits_for_what_is_still_read(desk: Desk) -> None:
    desk.feed(SHEET_A, "p")
    with desk.app.store.transaction() as tx:
        tx.execute("DELETE FROM words")
    assert desk.app.stacks.accept(STACK) is None
    assert not desk.done(A)


def test_dossiers_are_done_in_the_order_of_the_paper(desk: Desk) -> None:
    desk.feed(SHEET_B, "q", SHEET_A, "p")
    a, b = desk.app.dossiers.find(A).id, desk.app.dossiers.find(B).id
    assert desk.app.stacks.accept(STACK) == (b, a)
    first, second = desk.app.dossiers.get(b), desk.app.dossiers.get(a)
    assert first.finished_at is not None
    assert second.finished_at is not None
    assert first.finished_at < second.finished_at


def test_a_dossier_that_is_being_worked_on_at_the_counter_stays_so(desk: Desk) -> None:
    desk.feed(SHEET_A, FORM, "p", stack=None)
    desk.feed(SHEET_A, "q", SHEET_B, "r")
    assert desk.app.stacks.accept(STACK) == (desk.app.dossiers.find(B).id,)
    assert not desk.done(A), "nobody has said that it is all there"


def test_accepting_is_taken_back_until_something_is_on_its_way(desk: Desk) -> None:
    desk.app.dossiers.finish(desk.app.dossiers.find(B).id)
    desk.feed(SHEET_A, FORM, "p", SHEET_B, "q")
    desk.bundle(A, "TP01")
    desk.app.stacks.accept(STACK)
    assert desk.app.stacks.take_back(STACK)
    assert not desk.done(A)
    assert desk.done(B), "that was the clerk's own doing, before"
    assert desk.uploads(A) == 0
    desk.app.stacks.accept(STACK)
    with desk.app.store.transaction() as tx:
        bundles.put_sending(tx, desk.paper(A, "TP01"), "b" * 64, "server")
    assert not desk.app.stacks.take_back(STACK)
    assert desk.done(A)


def test_a_stack_that_goes_on_after_it_was_accepted_waits_again(desk: Desk) -> None:
    first = desk.feed(SHEET_A, FORM, "p")
    desk.app.stacks.accept(STACK)
    desk.feed("q", continues=first)
    assert [head.pages for head in desk.app.stacks.waiting()] == [2]
    assert desk.where() == [("1-TP01#1", [1, 2])]
    desk.bundle(A, "TP01")
    assert desk.uploads(A) == 0


def test_cut_join_and_move_are_each_taken_back_in_one_step(desk: Desk) -> None:
    desk.feed(SHEET_A, FORM, "p", "q", "r", SHEET_B, "s", "t")
    before = desk.where()
    assert before == [("1-TP01#1", [1, 2, 3]), ("2-TP99#1", [4, 5])]
    a = desk.app.dossiers.find(A).id
    one, two, three, four, five = desk.ids()
    desk.app.stacks.place(STACK, [two, three], Into(dossier=a, part="TP03"))
    cut = desk.where()
    assert cut == [("1-TP01#1", [1]), ("1-TP03#1", [2, 3]), ("2-TP99#1", [4, 5])]
    assert desk.stack().runs[1].why is Why.HAND
    desk.app.stacks.place(STACK, [four, five], Into(paper=desk.paper(A, "TP01")))
    joined = desk.where()
    assert joined == [("1-TP01#1", [1]), ("1-TP03#1", [2, 3]), ("1-TP01#1", [4, 5])]
    desk.app.stacks.delete(STACK, [one])
    for expected in (joined, cut, before):
        assert desk.app.stacks.undo(STACK)
        assert desk.where() == expected
    assert not desk.app.stacks.undo(STACK)
    for expected in (cut, joined):
        assert desk.app.stacks.redo(STACK)
        assert desk.where() == expected
    assert not desk.app.dossiers.undo(a), "what the review did is taken back there alone"


def test_pages_come_into_a_paper_in_the_order_of_the_stack(desk: Desk) -> None:
    desk.feed(SHEET_A, FORM, "p", "q", "r", "s")
    one, two, three, four = desk.ids()
    other = Into(dossier=desk.app.dossiers.find(B).id)
    desk.app.stacks.place(STACK, [one, three], other)
    desk.app.stacks.place(STACK, [three, one], Into(paper=desk.paper(A, "TP01")))
    paper = desk.app.dossiers.find(A).paper("TP01")
    assert paper is not None
    assert [page.id for page in paper.live_pages] == [one, two, three, four]


def test_a_component_that_may_be_several_gets_one_more(desk: Desk) -> None:
    desk.feed(SHEET_A, FORM, "p", "q", "r")
    a = desk.app.dossiers.find(A).id
    one, two, three = desk.ids()
    desk.app.stacks.place(STACK, [two], Into(dossier=a, part="TP03"))
    desk.app.stacks.place(STACK, [three], Into(dossier=a, part="TP03"))
    desk.app.stacks.place(STACK, [one], Into(dossier=a, part="TP77"))
    assert desk.where() == [("1-TP99#1", [1]), ("1-TP03#1", [2]), ("1-TP03#2", [3])]


def test_pages_go_to_a_dossier_that_is_begun_for_them(desk: Desk) -> None:
    desk.feed("p", "q")
    one, two = desk.ids()
    with pytest.raises(BadIdentifier):
        desk.app.stacks.place(STACK, [one], Into(code="so-7"))
    desk.app.stacks.place(STACK, [one], Into(code=NEW))
    assert desk.app.dossiers.find(NEW).paper(OTHER_PART) is not None
    desk.app.stacks.place(STACK, [two], Into())
    local = desk.stack().runs[1].dossier
    assert local.code is None
    assert local.id != desk.app.dossiers.unsorted().id
    assert desk.stack().unclaimed == 0


def test_a_dossier_that_all_pages_have_left_again_is_nobodys_work(desk: Desk) -> None:
    store, stacks = desk.app.store, desk.app.stacks
    desk.feed("p", "q")
    one, two = desk.ids()

    def work() -> list[str]:
        today = worklist.day(store, None, datetime(2020, 1, 1, tzinfo=UTC), 99)
        assert worklist.open_tasks(store, None, datetime(2020, 1, 1, tzinfo=UTC)) == len(
            today.tasks
        )
        listed = [head.name for head in finding.dossiers_named(store, "", 99)]
        names = [task.dossier.name for task in today.tasks]
        assert set(names) <= set(listed)
        return names

    desk.app.dossiers.open_new(code=B.replace("0002", "0005"))  # begun by a person, empty so far
    before = work()
    assert before == [B.replace("0002", "0005")]
    stacks.place(STACK, [one], Into(code=NEW))
    stacks.place(STACK, [two], Into())
    assert len(work()) == 3
    for left in (2, 1):
        stacks.undo(STACK)
        assert len(work()) == left
    assert work() == before
    assert desk.app.dossiers.find(NEW).papers, "it stays a fact"
    assert [head.name for head in finding.dossiers_named(store, NEW, 9)] == [NEW]
    stacks.redo(STACK)
    assert set(work()) == {*before, NEW}
    desk.feed(Separator(Parts.DOSSIER, NEW.replace("0009", "0008")), "r")
    assert len(work()) == 3, "a code on a page began it"
    stacks.place(STACK, desk.ids(), Into(dossier=desk.app.dossiers.unsorted().id))
    assert work() == before


@pytest.mark.parametrize("seed", range(6))
def test_any_edits_are_taken_back_and_done_again_step_by_step(desk: Desk, seed: int) -> None:
    desk.feed(SHEET_A, FORM, "p", "q", "r", SHEET_B, "s", FORM, "t", "u", "v")
    chance = random.Random(seed)
    a, b = (desk.app.dossiers.find(code).id for code in (A, B))
    goals = [
        Into(paper=desk.paper(A, "TP01")),
        Into(paper=desk.paper(B, "TP01")),
        Into(dossier=a, part="TP03"),
        Into(dossier=b),
        Into(dossier=desk.app.dossiers.unsorted().id),
        Into(code=NEW),
    ]
    verbs = desk.app.stacks

    def facts() -> object:
        """Where each page stands in its paper, and what is known of it."""
        papers = desk.app.store.rows(
            "SELECT id, paper_id, turn, deleted_at IS NULL, seen FROM page ORDER BY paper_id, rank"
        )
        return [tuple(row) for row in papers]

    states = [facts()]
    for _ in range(12):
        live = desk.ids()
        if not live:
            break
        some = chance.sample(live, chance.randint(1, min(3, len(live))))
        act = chance.choice(("place", "place", "place", "turn", "delete", "right"))
        if act == "place":
            verbs.place(STACK, some, chance.choice(goals))
        elif act == "turn":
            verbs.turn(STACK, some, chance.choice((90, 270)))
        elif act == "delete":
            verbs.delete(STACK, some[:1])
        else:
            verbs.find_right(STACK, some, [Reason.TITLE])
        states.append(facts())
        shown = desk.stack()
        assert [page for run in shown.runs for page in run.pages] == list(shown.pages)
    for state in reversed(states[:-1]):
        assert verbs.undo(STACK)
        assert facts() == state
    assert not verbs.undo(STACK)
    for state in states[1:]:
        assert verbs.redo(STACK)
        assert facts() == state


def test_what_was_found_right_stays_so_and_is_taken_back(desk: Desk) -> None:
    desk.feed("p", "q")
    (doubt,) = desk.stack().doubts
    assert doubt.reasons == (Reason.UNCLAIMED,)
    desk.app.stacks.find_right(STACK, [doubt.page.id], doubt.reasons)
    assert desk.stack().doubts == ()
    desk.app.stacks.undo(STACK)
    assert desk.stack().doubts == (doubt,)
    desk.app.stacks.turn(STACK, [doubt.page.id], 90)
    assert desk.stack().pages[0].turn == 90


def test_stacks_do_not_mix(desk: Desk) -> None:
    desk.feed("p", stack="older")
    desk.feed("q", "r", stack="newer")
    assert [(head.id, head.pages) for head in desk.app.stacks.waiting()] == [
        ("newer", 2),
        ("older", 1),
    ]
    desk.app.stacks.turn("older", desk.ids("older"), 90)
    assert not desk.app.stacks.undo("newer")
    assert len(desk.ids("newer")) == 2


def test_stacks_of_one_minute_are_told_apart_and_stay_so(desk: Desk, tmp_path: Path) -> None:
    begun = {"first": "14:02:03", "empty": "14:02:04", "second": "14:02:59", "later": "14:03:00"}
    for stack, at in begun.items():
        desk.feed(*(() if stack == "empty" else ("p",)), stack=stack)
        with desk.app.store.transaction() as tx:
            moment = f"2026-11-22T{at}.000000+00:00"
            tx.execute("UPDATE stack SET opened_at = ? WHERE id = ?", (moment, stack))

    def numbers(app: App) -> dict[str, int]:
        return {head.id: head.nth for head in app.stacks.waiting()}

    assert numbers(desk.app) == {"later": 1, "second": 2, "first": 1}
    assert desk.stack("second").nth == 2
    desk.app.stacks.accept("first")
    assert numbers(desk.app) == {"later": 1, "second": 2}, "its neighbour went, not its name"
    desk.app.close()
    with App(tmp_path / "home", "test") as app:
        assert numbers(app) == {"later": 1, "second": 2}


def test_everything_is_as_it_was_after_a_restart(desk: Desk, tmp_path: Path) -> None:
    desk.feed(SHEET_A, FORM, "p", "q")
    desk.app.stacks.place(STACK, desk.ids()[1:], Into(dossier=desk.app.dossiers.find(B).id))
    shown = desk.stack()
    desk.app.close()
    with App(tmp_path / "home", "test") as app:
        assert app.stacks.get(STACK) == shown
        assert [head.id for head in app.stacks.waiting()] == [STACK]
        assert app.stacks.undo(STACK)
