"""What is told of pages is told where it holds, and which paper a number means is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from PySide6.QtCore import Qt

from digitizer import splitting
from digitizer.app import App
from digitizer.model import Dossier, Paper, PaperState
from tests.ui.conftest import Clerk
from tests.ui.filled import fill, take_in
from tests.ui.stage import CODE, Stage, draw_stack
from ui import work_words

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
CTRL = Qt.KeyboardModifier.ControlModifier
OTHER_CODE = "000.00.20.H02-261122-0005"
PAPERS = 12


def told(clerk: Clerk) -> str:
    return clerk.window.counter.bar.quiet.text()


def facts(clerk: Clerk, code: str = CODE) -> Dossier:
    app = clerk.window.app
    assert app is not None
    return app.dossiers.find(code)


def open_at_first_page(clerk: Clerk, pages: int) -> None:
    clerk.open(CODE)
    clerk.press("1")
    strip = clerk.window.counter.strip
    clerk.until(lambda: len(strip.list.pages) == pages)
    clerk.press(Qt.Key.Key_Home)


def test_a_move_is_not_told_in_the_dossier_that_is_opened_next(
    stage: Stage, at_window: AtWindow
) -> None:
    """*Ctrl+Z để lấy lại* would take back another step there."""
    stage.prepare()
    fill(stage, "TP01", sorted(draw_stack(stage.home.parent / "pages", 2).iterdir()))
    with at_window(stage) as clerk:
        open_at_first_page(clerk, 2)
        pages = clerk.window.counter.pages
        assert pages is not None
        pages.verbs.to_dossier(pages.picks, facts(clerk, OTHER_CODE))
        clerk.until(lambda: "Ctrl+Z để lấy lại" in told(clerk))
        clerk.open(OTHER_CODE)
        assert told(clerk) == ""


def test_that_a_sent_paper_goes_again_is_told(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    files = sorted(draw_stack(stage.home.parent / "pages", 2).iterdir())
    take_in(stage, "TP01", files, finished=True)
    with at_window(stage) as clerk:
        open_at_first_page(clerk, 2)
        paper = facts(clerk).papers[0].id

        def sent() -> bool:
            desk = clerk.office.desk
            assert desk is not None
            one = desk.dossier.paper_by_id(paper)
            return one is not None and desk.dossier.state(one) is PaperState.SENT

        clerk.until(sent)
        clerk.press(Qt.Key.Key_Delete)
        clerk.until(lambda: told(clerk) == work_words.GOES_AGAIN)
        clerk.press("Z", CTRL)
        clerk.until(lambda: told(clerk).startswith("Đã hoàn tác"))


def papers(clerk: Clerk) -> tuple[Paper, ...]:
    """The papers as they are numbered."""
    assert clerk.office.desk is not None
    return clerk.office.desk.dossier.listed


@pytest.fixture
def at_twelve(stage: Stage, at_window: AtWindow) -> Iterator[Clerk]:
    """A clerk at a dossier of twelve papers and more, with a page in each of the first twelve."""
    stage.prepare()
    files = sorted(draw_stack(stage.home.parent / "pages", PAPERS).iterdir())
    pages = fill(stage, "TP01", files)
    with App(stage.home, "test") as app:
        dossier = app.dossiers.find(CODE)
        for page in reversed(pages[1:]):
            splitting.split_from(app.store, app.events, dossier.id, page)
        assert len(app.dossiers.find(CODE).listed) > PAPERS
    with at_window(stage) as clerk:
        open_at_first_page(clerk, 1)
        yield clerk


def test_of_twelve_papers_the_twelfth_is_named_by_two_digits(at_twelve: Clerk) -> None:
    clerk, before = at_twelve, papers(at_twelve)
    page = before[0].live_pages[0].id
    clerk.press("m")
    clerk.press("1")
    clerk.until(lambda: "Enter" in told(clerk))
    assert papers(clerk)[0].live_pages[0].id == page, "another digit may follow"
    clerk.press("2")
    clerk.until(lambda: page in [one.id for one in papers(clerk)[11].live_pages])
    clerk.press("Z", CTRL)
    clerk.until(lambda: [one.id for one in papers(clerk)[0].live_pages] == [page])


def test_of_twelve_papers_the_tenth_is_named_by_one_and_nought(at_twelve: Clerk) -> None:
    clerk, before = at_twelve, papers(at_twelve)
    page = before[0].live_pages[0].id
    clerk.press("m")
    clerk.press("1")
    clerk.press("0")
    clerk.until(lambda: page in [one.id for one in papers(clerk)[9].live_pages])


def test_of_twelve_papers_the_first_is_named_by_a_digit_and_enter(at_twelve: Clerk) -> None:
    clerk, before = at_twelve, papers(at_twelve)
    clerk.press("8")
    clerk.until(lambda: clerk.office.paper_id == before[7].id)
    page = before[7].live_pages[0].id
    clerk.until(lambda: [one.id for one in clerk.window.counter.strip.list.pages] == [page])
    clerk.press("m")
    clerk.press("1")
    clerk.until(lambda: "Enter" in told(clerk))
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: page in [one.id for one in papers(clerk)[0].live_pages])
