"""Copies that were removed, and a disk that fills up, at the real window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer

from digitizer.app import App
from digitizer.model import PaperState
from digitizer.policy import FREE
from digitizer.policyfile import VARIABLE
from digitizer.sandbox.meddling import Meddling
from digitizer.space import Freed, Level, Space
from digitizer.storage import queries
from tests.readymade import add_ready_paper
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, Stage
from ui import disk_words, paper_words
from ui.diskwatch import DiskWatch
from ui.places import Place
from ui.wording import Act, Mark, Tone

ALT = Qt.KeyboardModifier.AltModifier
AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
GB = 1_000_000_000
SPACE = Space(
    120 * GB,
    12 * GB,
    3 * GB,
    3 * GB,
    200_000_000,
    300_000_000,
    0,
    1_500_000,
    200.0,
    8000,
    40,
    (Freed(NOW + timedelta(days=2), 20, GB), Freed(NOW + timedelta(days=60), 5, GB)),
    Level.FINE,
)


def removed(stage: Stage) -> None:
    """Have a dossier sent, done with here and there, and its copies removed."""
    stage.prepare()
    with App(stage.home, "test", policy=FREE) as app:
        dossier = app.dossiers.find(CODE)
        add_ready_paper(app, dossier)
        app.sync.start()
        app.sync.until_idle(threading.Event(), one_round=True)
        app.settle()
        app.dossiers.finish(dossier.id)
        Meddling(stage.home.parent / "server").stand(CODE, "done")
        app.syncing.down(threading.Event())
        app.retention.notice()
    with App(stage.home, "test", policy=FREE) as app:
        app.settle()
        later = datetime.now(UTC) + timedelta(days=40)
        swept = app.sweeper.once(threading.Event(), moment=later)
        assert (swept.dossiers, swept.trouble) == (1, None)


def test_a_removed_dossier_says_so_wherever_it_is_met_and_takes_new_pages(
    stage: Stage, at_window: AtWindow
) -> None:
    removed(stage)
    day = datetime.now().strftime("%d/%m/%Y")
    with at_window(stage) as clerk:
        clerk.open(CODE)
        counter = clerk.window.counter
        clerk.until(lambda: f"đã xóa ngày {day}" in counter.header.about.text())
        desk = clerk.office.desk
        assert desk is not None
        paper = desk.dossier.paper("TP01")
        assert paper is not None
        assert desk.dossier.state(paper, desk.server) is PaperState.SENT
        clerk.office.choose_paper(paper.id)
        line = paper_words.paper_line(desk, paper)
        assert (line.mark, line.state) == (Mark.SENT, "Đã gửi, đã xóa khỏi máy")
        clerk.until(lambda: clerk.office.paper_id == paper.id and counter.strip.page is None)
        assert counter.view.shown is None
        assert clerk.counted == "Đã lưu 0 trang", "what is not here is not counted as saved"
        assert "Hệ thống một cửa đang giữ 1 trang." in paper_words.gone(paper)
        clerk.scan()
        clerk.until(lambda: clerk.office.desk is not None and _further(clerk) > 0)
        clerk.press(Qt.Key.Key_3, ALT)
        today = clerk.window.screen(Place.TODAY)
        clerk.until(lambda: any(f"đã xóa ngày {day}" in r.sentence for r in today.view.list.rows))  # type: ignore[attr-defined]


def _further(clerk: Clerk) -> int:
    desk = clerk.office.desk
    paper = desk.dossier.paper("TP01", 2) if desk else None
    return len(paper.live_pages) if paper else 0


def test_how_long_copies_stay_is_chosen_in_the_settings(clerk: Clerk) -> None:
    clerk.window.go_to(Place.SETTINGS)
    section = clerk.window.settings.storage
    clerk.until(lambda: bool(section.disk.text()))
    assert section.days.value == 30
    section.days.choose(90)
    section.days.activated.emit(section.days.currentIndex())
    clerk.until(lambda: queries.setting(clerk.office.app.store, "retention.days") == "90")
    assert "GB" in section.disk.text() and "trang" in section.disk.text()
    assert section.taken.text().startswith("Ảnh trang")


def test_what_the_administrator_locked_can_be_seen_and_not_changed(
    stage: Stage, at_window: AtWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "digitizer.toml"
    file.write_text('by = "CNTT"\n[locked.retention]\ndays = 180\n', encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(file))
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        section = clerk.window.settings.storage
        clerk.until(lambda: bool(section.disk.text()))
        assert (section.days.value, section.days.isEnabled()) == (180, False)
        assert "CNTT" in section.days.toolTip()


def test_a_disk_that_fills_up_is_announced_once_each_time_it_gets_worse(clerk: Clerk) -> None:
    watch = clerk.window.findChild(DiskWatch)
    assert watch is not None
    for timer in watch.findChildren(QTimer):
        timer.stop()  # it looks when the test says so
    banner = clerk.window.banner
    watch.hear(SPACE)
    assert banner.held(Act.DISK) is None
    watch.hear(replace(SPACE, level=Level.SOON, days_left=9))
    assert "9 ngày làm việc" in clerk.said
    banner.clear()
    watch.hear(replace(SPACE, level=Level.SOON, days_left=8))
    assert banner.held(Act.DISK) is None, "said once"
    watch.hear(replace(SPACE, level=Level.LOW, pages_left=120))
    assert "120 trang" in clerk.said and "27/11/2026" in clerk.said
    clerk.window.banner.button.click()
    assert clerk.window.place is Place.SETTINGS
    assert clerk.window.focusWidget() is clerk.window.settings.storage.days
    watch.hear(replace(SPACE, level=Level.FULL))
    assert "vẫn gửi được" in clerk.said
    watch.hear(SPACE)
    assert banner.held(Act.DISK) is None


@pytest.mark.parametrize(
    ("level", "tone"), [(Level.SOON, Tone.INFO), (Level.LOW, Tone.WARN), (Level.FULL, Tone.BAD)]
)
def test_each_level_has_its_tone_and_one_way_out(level: Level, tone: Tone) -> None:
    said = disk_words.notice(replace(SPACE, level=level))
    assert said is not None and (said.tone, said.act) == (tone, Act.DISK)
    none = disk_words.notice(replace(SPACE, level=level, frees=()))
    assert none is not None and "đặt thời hạn" in none.hint


def test_the_words_add_up() -> None:
    assert disk_words.disk(SPACE) == (
        "Còn 12,0 GB trong 120,0 GB: chỗ cho khoảng 8.000 trang, "
        "40 ngày làm việc như gần đây (200 trang mỗi ngày)"
    )
    assert disk_words.frees(SPACE.frees, NOW) == "Sớm nhất ngày 27/11/2026: 20 hồ sơ, 1,0 GB"
    more = (*SPACE.frees[:1], Freed(NOW + timedelta(days=9), 30, 2 * GB))
    assert disk_words.frees(more, NOW).endswith("trong 30 ngày: 50 hồ sơ, 3,0 GB")
    assert disk_words.frees((), NOW) == "" and disk_words.removed(0, 0) == ""
    assert (disk_words.size(0), disk_words.size(10), disk_words.size(5_000_000)) == (
        "0 MB",
        "1 MB",
        "5 MB",
    )
