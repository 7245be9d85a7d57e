"""*Mã hóa kho* in *Cài đặt*, at the real window: switched on and off by keys, held up and gone on
with, its keys changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from digitizer import encrypting
from digitizer.app import App
from digitizer.config import Home
from digitizer.errors import RecoveryKeyWrong
from digitizer.homekeys import TAIL, Custody, Mode
from digitizer.policy import FREE
from digitizer.policyfile import VARIABLE
from digitizer.storage import cipher
from digitizer.unlocking import by_recovery
from tests.sealedhome import PASSPHRASE, begin
from tests.ui.conftest import Sealed
from tests.ui.encrypted import (
    OPENS,
    OTHER,
    desk_of,
    keep_files,
    locked,
    opened,
    section_of,
    type_in,
)
from tests.ui.filled import fill
from tests.ui.stage import CODE, Stage, draw_page
from ui.homes import opens


def test_it_is_switched_on_by_keys_and_off_again(stage: Stage, begun: OPENS) -> None:
    stage.prepare(server=False)
    with App(stage.home, "test", policy=FREE) as app:
        app.dossiers.open_new(code=CODE)
    page = stage.home.parent / "page.jpg"
    draw_page(page, ("Trang",), dpi=75)
    fill(stage, "TP99", [page])
    opener = opens(stage.home)
    again: list[bool] = []
    with begun(opener) as clerk:
        opened(clerk)
        clerk.window.reopens.connect(lambda: again.append(True))
        section = section_of(clerk)
        assert "Chưa mã hóa" in section.state.text()
        assert clerk.window.focusWidget() is section.custody
        clerk.press(Qt.Key.Key_Down)
        assert section.custody.value is Custody.PASSPHRASE
        section.first.field.setFocus()
        type_in(clerk, "ngắn")
        type_in(clerk, "ngắn")
        assert "ít nhất 10" in section.said.text()
        section.first.clear()
        section.second.clear()
        type_in(clerk, PASSPHRASE)
        type_in(clerk, PASSPHRASE)
        clerk.until(lambda: bool(section.recovery.key))
        key = section.recovery.key
        assert "".join(section.recovery.shown.text().split()) == key
        assert clerk.window.focusWidget() is section.recovery.tail
        type_in(clerk, "AAAAAA")
        assert not section.main.isEnabled() and section.main.accessibleDescription()
        assert not cipher.is_sealed(clerk.office.app.home.database)
        section.recovery.tail.clear()
        type_in(clerk, key[-TAIL:].lower())
        clerk.until(lambda: bool(again))
    with begun(opener) as clerk:
        opened(clerk)  # what was typed is known
        assert cipher.is_sealed(clerk.office.app.home.database)
        desk = desk_of(clerk)
        clerk.until(lambda: desk.state is not None and desk.state.mode is Mode.ON)
        clerk.until(lambda: "Kho đã mã hóa xong" in clerk.said)
        clerk.window.open_code(CODE)
        clerk.until(lambda: clerk.name == CODE and clerk.window.counter.view.shown is not None)
        clerk.window.reopens.connect(lambda: again.append(True))
        section = section_of(clerk)
        assert "✓ Đã mã hóa" in section.state.text()
        section.other.click()
        assert "lại đọc được" in section.asked.text()
        assert clerk.window.focusWidget() is section.other, "Enter takes it back"
        section.main.click()
        clerk.until(lambda: len(again) == 2)
    with begun(opener) as clerk:
        locked(clerk)
        type_in(clerk, PASSPHRASE)
        opened(clerk)
        desk = desk_of(clerk)
        clerk.until(lambda: desk.state is not None and desk.state.mode is Mode.OFF)
        assert not cipher.is_sealed(clerk.office.app.home.database)
        assert clerk.office.app.vault.sealed().files == 0


def test_the_switch_can_be_held_up_and_goes_on_by_itself_after_a_restart(
    stage: Stage, begun: OPENS, ring: Path
) -> None:
    keep_files(stage.home)
    begin(stage.home)
    opener = opens(stage.home)
    with begun(opener) as clerk:
        opened(clerk)
        desk = desk_of(clerk)
        desk.pause()
        clerk.until(lambda: not desk.going)
        section = section_of(clerk)
        if desk.state is not None and desk.state.mode is Mode.SWITCHING_ON:
            assert "Đang tạm dừng" in section.state.text()
            assert section.main.text() == "Làm tiếp"
    with begun(opener) as clerk:
        opened(clerk)
        desk = desk_of(clerk)
        clerk.until(lambda: desk.state is not None and desk.state.mode is Mode.ON)


def test_it_turns_round_while_it_is_on_its_way(stage: Stage, begun: OPENS, ring: Path) -> None:
    keep_files(stage.home)
    begin(stage.home)
    opener = opens(stage.home)
    again: list[bool] = []
    with begun(opener) as clerk:
        opened(clerk)
        clerk.window.reopens.connect(lambda: again.append(True))
        desk_of(clerk).switch_off(lambda error: pytest.fail(error.code))
        clerk.until(lambda: bool(again))
        assert encrypting.state(clerk.office.app.home).mode is Mode.SWITCHING_OFF
    with begun(opener) as clerk:
        opened(clerk)
        desk = desk_of(clerk)
        clerk.until(lambda: desk.state is not None and desk.state.mode is Mode.OFF)


def test_who_opens_it_is_changed_and_a_new_recovery_key_made(
    stage: Stage, sealed: Sealed, begun: OPENS
) -> None:
    old = sealed.key
    sealed.at(stage.home)
    opener = opens(stage.home)
    opener.give(PASSPHRASE)
    with begun(opener) as clerk:
        opened(clerk)
        section = section_of(clerk)
        section.main.click()
        assert section.custody.value is Custody.PASSPHRASE
        section.first.field.setFocus()
        type_in(clerk, OTHER)
        type_in(clerk, OTHER)
        clerk.until(lambda: "✓ Đã lưu" in section.said.text())
        section.main.click()
        section.custody.choose(Custody.KEYRING)
        section.custody.activated.emit(section.custody.currentIndex())
        section.main.click()
        clerk.until(lambda: "không giữ được khóa" in section.said.text())
        section.other.click()
        look, buttons = clerk.window._theme, (section.main, section.other, section.renew)
        look.dress(points=14, colours="light")
        clerk.until(lambda: all(one.width() >= one.sizeHint().width() for one in buttons))
        look.dress(points=11, colours="light")
        section.renew.click()
        assert "tờ cũ" in section.asked.text()
        section.main.click()
        clerk.until(lambda: bool(section.recovery.key))
        new = section.recovery.key
        assert new != old and not section.main.isEnabled()
        assert "vẫn mở được" in section.asked.text()
        section.other.click()
        assert not section.recovery.isVisible() and section.recovery.key == ""
        assert by_recovery(Home(stage.home), old)
        section.renew.click()
        section.main.click()
        clerk.until(lambda: bool(section.recovery.key))
        last = section.recovery.key
        assert by_recovery(Home(stage.home), old)
        type_in(clerk, last[-TAIL:])
        clerk.until(lambda: "hủy tờ cũ" in section.said.text())
        assert not section.recovery.isVisible() and section.recovery.key == ""
    for gone in (old, new):
        with pytest.raises(RecoveryKeyWrong):
            by_recovery(Home(stage.home), gone)
    assert by_recovery(Home(stage.home), last)
    App(stage.home, "test", passphrase=OTHER).close()


def test_what_the_administrator_wants_is_said_and_held(
    stage: Stage, begun: OPENS, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stage.home.parent / "digitizer.toml"
    monkeypatch.setenv(VARIABLE, str(file))
    file.write_text('by = "CNTT"\n[locked.encryption]\nhome = "on"\ncustody = "passphrase"\n')
    with begun(opens(stage.home)) as clerk:
        opened(clerk)
        section = section_of(clerk)
        assert section.asked.text() == "Do quản trị đặt (CNTT): kho này phải được mã hóa."
        assert section.custody.value is Custody.PASSPHRASE
        assert not section.custody.isEnabled() and "CNTT" in section.custody.toolTip()
        assert section.main.isEnabled()
    file.write_text('[locked.encryption]\nhome = "off"\n')
    with begun(opens(stage.home)) as clerk:
        opened(clerk)
        section = section_of(clerk)
        assert not section.main.isEnabled() and section.main.accessibleDescription()
