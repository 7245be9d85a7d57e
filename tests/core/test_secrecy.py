"""State secrets, the pure part: what a page's marking and a person's word make of its dossier."""

from __future__ import annotations

import pytest
from facts import MOMENT, READING, WORDS, bundled, dossier, page, paper, received
from msgspec.structs import replace

from digitizer import clearance
from digitizer.errors import PagesUnchecked, StateSecret, StateSecretSuspected
from digitizer.model import Dossier, Page
from digitizer.plan import Work, WorkKind, plan
from digitizer.readings import LOOKED
from digitizer.secrecy import UNREAD, Decision, How, Level, Mark, Secrecy

SERVER = "opencps http://127.0.0.1 1"
MAT = Mark(Level.MAT, How.STAMP, "MẬT", 0.95)
TUYET_MAT = Mark(Level.TUYET_MAT, How.LINE, "TUYỆT MẬT", 0.95)


def said(secret: bool, *levels: Level) -> Decision:
    return Decision(secret, frozenset(levels), "Lan", MOMENT)


def marked(seq: int = 1, *marks: Mark, decision: Decision | None = None, **more: object) -> Page:
    return page(seq, secrecy=Secrecy(marks, decision), **more)


def two_papers(second: Page) -> Dossier:
    """A dossier whose first paper is ready to go, with another one."""
    return bundled(dossier(paper(page()), paper(second, id="other", part="TP02")))


def uploads(one: Dossier) -> list[str]:
    return [work.subject for work in plan(one, SERVER) if work.kind is WorkKind.UPLOAD]


def test_a_marking_is_open_until_somebody_says_what_it_is() -> None:
    assert not Secrecy().stops
    assert Secrecy((MAT,)).undecided
    assert not Secrecy((MAT,), said(False, Level.MAT)).stops
    confirmed = Secrecy((MAT,), said(True, Level.MAT))
    assert confirmed.confirmed
    assert confirmed.stops
    assert not confirmed.undecided
    assert Secrecy((), said(True)).stops, "somebody saw what no program did"


def test_what_is_found_later_is_asked_about_anew() -> None:
    known = said(False, Level.MAT)
    assert Secrecy((TUYET_MAT, MAT), known).undecided
    assert not Secrecy((MAT,), known).undecided


@pytest.mark.parametrize(
    "second",
    [
        marked(2, MAT),
        marked(2, UNREAD),
        marked(2, MAT, decision=said(True, Level.MAT)),
        marked(2, MAT, deleted=True),
        page(2, reading=None, words=None),
        page(2, words=None),
        page(2, words=replace(WORDS, looked=LOOKED - 1)),
        page(2, reading=replace(READING, blank=True, looked=0), words=None),
        page(2, batch_open=True),
        page(2, batch_read=False),
    ],
    ids=[
        "marked", "unreadable", "secret", "taken out", "unread", "without words", "older look",
        "blank, older look", "still scanning", "batch unread",
    ],
)  # fmt: skip
def test_one_page_of_another_paper_holds_the_ready_one_back(second: Page) -> None:
    assert uploads(two_papers(page(2))) == ["paper"]
    assert uploads(two_papers(second)) == []


@pytest.mark.parametrize(
    "second",
    [
        marked(2, MAT, decision=said(False, Level.MAT)),
        page(2, reading=None, words=None, deleted=True),
        page(2, reading=replace(READING, blank=True), words=None),
    ],
    ids=["decided", "unread but taken out", "blank"],
)
def test_what_is_no_secret_holds_nothing_back(second: Page) -> None:
    assert uploads(two_papers(second)) == ["paper"]


def test_nothing_more_is_done_to_a_secret_but_what_its_batch_needs() -> None:
    secret = marked(2, MAT, decision=said(True, Level.MAT))
    one = dossier(paper(page(), secret), paper(page(3, reading=None, words=None), id="other"))
    assert plan(one, SERVER) == (Work(WorkKind.READ, f"{3:064x}"),)


def test_what_an_older_version_read_is_looked_at_and_not_read_again() -> None:
    older = page(words=replace(WORDS, looked=0))
    assert plan(dossier(paper(older)), SERVER) == (
        Work(WorkKind.LOOK, f"{1:064x}:0:", str(LOOKED)),
        Work(WorkKind.BUNDLE, "paper", dossier(paper(older)).fingerprint(paper(older)) or ""),
    )


def test_what_was_sent_before_there_were_looks_is_left_alone_until_something_is_to_leave() -> None:
    older = page(words=replace(WORDS, looked=0))
    sent = received(bundled(dossier(paper(older))), SERVER)
    assert plan(sent, SERVER) == ()
    assert clearance.of(sent).given
    more = replace(sent, papers=(*sent.papers, paper(page(2), id="other", part="TP02")))
    assert [work.kind for work in plan(more, SERVER)] == [WorkKind.LOOK, WorkKind.BUNDLE]


def test_the_refusal_says_the_worst() -> None:
    unread = page(3, reading=None, words=None)
    secret = marked(4, decision=said(True))
    for pages, error in (
        ((unread,), PagesUnchecked),
        ((unread, marked(2, MAT)), StateSecretSuspected),
        ((unread, marked(2, MAT), secret), StateSecret),
    ):
        with pytest.raises(error):
            clearance.of(dossier(paper(*pages))).check("H")
    clearance.of(dossier(paper(page()))).check("H")


def test_a_drawer_of_papers_is_judged_paper_by_paper() -> None:
    one = dossier(paper(page()), paper(marked(2, MAT), id="other"))
    assert clearance.of_paper(one.papers[0]).given
    assert not clearance.of_paper(one.papers[1]).given
    assert not clearance.of(one).given
