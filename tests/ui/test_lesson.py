"""PURE: the training's lesson, from facts to the step before which the clerk stands."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from digitizer.model import Dossier
from digitizer.training.place import LESSON
from digitizer.training.stacks import Stack
from tests.core import facts
from ui.lesson import END, STEPS, Seen, at_step, in_tray, says


def lesson(*pages: int, **changes: Any) -> Dossier:
    """The lesson's dossier with so many pages in its papers."""
    papers = [
        facts.paper(
            *(facts.page(10 * number + seq) for seq in range(count)),
            id=f"paper-{number}",
            part=f"TP{number:02d}",
        )
        for number, count in enumerate(pages, start=1)
    ]
    return facts.dossier(*papers, **changes)


def shown(dossier: Dossier, at: int = 0) -> int:
    return at_step(at, Seen(dossier, open=True))


def out(dossier: Dossier) -> Dossier:
    """The same with the last page of its first paper taken out."""
    first = dossier.papers[0]
    pages = (*first.pages[:-1], replace(first.pages[-1], deleted=True))
    return replace(dossier, papers=(replace(first, pages=pages), *dossier.papers[1:]))


def test_the_lesson_is_about_a_dossier_that_waits_at_the_sandbox() -> None:
    assert LESSON.no == facts.CODE


def test_each_fact_leads_to_the_next_step() -> None:
    assert at_step(0, None) == 0
    assert at_step(0, Seen(lesson(0, 0, 0), open=False)) == 0
    assert shown(lesson(0, 0, 0)) == 1
    scanned = lesson(2, 0, 0)
    assert shown(scanned, 1) == 2
    assert shown(out(scanned), 2) == 3
    assert shown(scanned, 3) == 4
    assert shown(lesson(2, 2, 0), 4) == 5
    assert shown(lesson(2, 2, 2), 5) == 6
    assert shown(lesson(2, 2, 4), 6) == 7
    assert shown(lesson(2, 2, 4, finished_at=facts.MOMENT), 7) == 8


def test_a_lesson_broken_off_goes_on_where_its_facts_are() -> None:
    assert shown(lesson(2, 2, 0)) == 5
    assert shown(lesson(2, 2, 2)) == 6


def test_a_clerk_who_finishes_early_is_told_so_only_once_all_is_sent() -> None:
    finished = lesson(1, finished_at=facts.MOMENT)
    assert shown(finished, 2) == len(STEPS) - 1
    sent = facts.received(facts.bundled(finished), "sandbox")
    assert shown(sent, 2) == len(STEPS)
    assert shown(lesson(0, finished_at=facts.MOMENT), 2) == len(STEPS) - 1, "nothing was sent"


def test_the_tray_holds_what_the_coming_step_needs() -> None:
    assert [in_tray(at) for at in range(len(STEPS) + 1)] == [
        Stack.FORM,
        Stack.FORM,
        Stack.BIRTH,
        Stack.BIRTH,
        Stack.BIRTH,
        Stack.CARDS,
        Stack.LAST_CARD,
        None,
        None,
        None,
    ]


def test_every_step_but_the_wait_for_the_sending_says_what_to_do() -> None:
    said = [says(at) for at in range(len(STEPS))]
    assert said[-1] is None
    for number, notice in enumerate(said[:-1], start=1):
        assert notice is not None
        assert notice.title.startswith(f"Bước {number}/{len(STEPS) - 1} · ")
        assert notice.hint
        assert not notice.urgent
    assert says(len(STEPS)) == END


def test_a_clerk_who_opens_another_dossier_is_led_back() -> None:
    notice = says(1, astray=True)
    assert notice is not None
    assert "Ctrl+F" in notice.hint
