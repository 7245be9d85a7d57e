"""A clerk's day from end to end, by keys alone: what is in the store and at the server after."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from PySide6.QtCore import Qt

from digitizer.app import App
from digitizer.model import PaperKind, PaperState
from digitizer.sandbox.faults import Fault
from digitizer.sandbox.records import Records
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, FORM, Stage

CTRL = Qt.KeyboardModifier.ControlModifier
PAGES = (1, 1, 2, 1, 1)
"""Of the five papers of a birth registration: four that come in, and the result."""
EVENING = ("000.00.20.H02-261122-0003", "000.00.20.H02-261122-0004", "000.00.20.H02-261122-0006")


class Server:
    """What lies at the procedure system."""

    def __init__(self, stage: Stage) -> None:
        self._records = Records(stage.home.parent / "server")

    def pages(self, code: str) -> dict[str, int]:
        """Return the pages of each received file of a dossier, by its part."""
        found = self._records.files(self._records.dossier(code)["id"])
        return {row["part"]: _pages(self._records.blob(row)) for row in found}


def _pages(file: Path | None) -> int:
    assert file is not None
    with pikepdf.open(file) as pdf:
        return len(pdf.pages)


def _received(app: App, code: str) -> bool:
    dossier = app.dossiers.find(code)
    scanned = [paper for paper in dossier.papers if paper.live_pages]
    return bool(scanned) and all(dossier.state(one) is PaperState.SENT for one in scanned)


def _bundled(app: App) -> bool:
    return not app.store.rows("SELECT 1 FROM work WHERE kind <> 'upload'")


def test_five_papers_by_keyboard_alone(stage: Stage, clerk: Clerk) -> None:
    app = clerk.window.app
    assert app is not None
    clerk.open(CODE)
    desk = clerk.office.desk
    assert desk is not None
    papers = [paper for paper in desk.dossier.papers if paper.kind is not PaperKind.OTHER]
    assert papers[4].kind is PaperKind.RESULT
    wanted = {paper.part: pages for paper, pages in zip(papers, PAGES, strict=True)}
    before = clerk.pressed
    for paper, pages in zip(papers, PAGES, strict=True):
        if paper.kind is PaperKind.RESULT:  # behind *giấy tờ khác*, by its number
            clerk.press(str(desk.dossier.papers.index(paper) + 1))
            clerk.until(lambda: clerk.office.paper_id == paper.id)  # noqa: B023 - read at once
        elif paper is not papers[0]:
            clerk.press(Qt.Key.Key_Return)
        stage.refill(pages, FORM[: 4 + pages])
        clerk.scan()
    clerk.until(lambda: clerk.counted == "Đã lưu 6 trang")
    clerk.press(Qt.Key.Key_Return, CTRL)
    assert clerk.pressed - before == 10
    clerk.until(lambda: clerk.office.desk is None)
    clerk.open("000.00.20.H02-261122-0005")
    clerk.until(lambda: _received(app, CODE))
    assert Server(stage).pages(CODE) == wanted
    kept = app.dossiers.find(CODE)
    assert {p.part: len(p.live_pages) for p in kept.papers if p.live_pages} == wanted
    assert clerk.name == "000.00.20.H02-261122-0005"


def test_an_offline_day_is_sent_in_the_evening(stage: Stage, clerk: Clerk) -> None:
    app = clerk.window.app
    assert app is not None
    stage.faults.set(Fault.UNAVAILABLE)
    stage.refill(2, FORM[:4])
    for code in EVENING:
        clerk.open(code)
        clerk.scan()
        clerk.until(lambda: clerk.counted == "Đã lưu 2 trang")
        clerk.press(Qt.Key.Key_Return, CTRL)
        clerk.until(lambda: clerk.office.desk is None)
    clerk.until(lambda: _bundled(app))
    assert not any(Server(stage).pages(code) for code in EVENING)
    assert not any(_received(app, code) for code in EVENING)
    stage.faults.set(Fault.UNAVAILABLE, times=0)
    clerk.office.retry()
    clerk.until(lambda: all(_received(app, code) for code in EVENING))
    for code in EVENING:
        assert list(Server(stage).pages(code).values()) == [2]
