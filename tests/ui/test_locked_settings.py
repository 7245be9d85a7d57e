"""What an administrator has locked is seen, said by whom, and not changed; a bad file is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from digitizer.policyfile import VARIABLE
from tests.ui.conftest import Clerk
from tests.ui.stage import Stage
from ui.asides import Aside
from ui.places import Place
from ui.screens.first_run import FirstRun

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
REASON = "Do quản trị đặt (Văn phòng xã)"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "digitizer.toml"
    monkeypatch.setenv(VARIABLE, str(file))
    return file


def locked(stage: Stage) -> str:
    return f"""
by = "Văn phòng xã"
[locked]
profiles = true
[locked.server]
kind = "{stage.server.kind}"
url = "{stage.server.url}"
group = "{stage.server.group}"
[locked.window]
text = 11
[[profile]]
name = "Cả xã"
both_sides = true
"""


def test_locked_fields_say_by_whom(stage: Stage, at_window: AtWindow, file: Path) -> None:
    file.write_text(locked(stage), encoding="utf-8")
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        screen = clerk.window.settings
        form = screen.server
        clerk.until(lambda: form.url.text() == stage.server.url)
        fields = screen.profiles.fields
        for one in (form.kind, form.url, form.group, screen.look.text, fields.dpi, fields.name):
            assert not one.isEnabled()
            assert one.toolTip() == REASON
            assert one.accessibleDescription() == REASON
        for one in (screen.profiles.add, screen.profiles.save, screen.profiles.remove):
            assert not one.isEnabled()
            assert one.toolTip() == REASON
        assert REASON in screen.profiles.said.text()
        names = {one.buddy(): one.text() for one in screen.findChildren(QLabel) if one.buddy()}
        assert names[screen.look.text] == "Cỡ chữ\nDo quản trị đặt"
        assert names[screen.look.colours] == "Nền"
        assert form.user.isEnabled()
        assert screen.look.colours.isEnabled()
        assert screen.profiles.which.isEnabled()
        assert not screen.policy_said.isVisibleTo(screen)
        form.user.setText(stage.server.user)
        form.password.setText(stage.password)
        form.password.setFocus()
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: "Kết nối được" in form.said.text())


def test_the_first_run_asks_only_for_what_is_left(
    stage: Stage, at_window: AtWindow, file: Path
) -> None:
    file.write_text(locked(stage), encoding="utf-8")
    with at_window(stage) as clerk:
        clerk.until(lambda: clerk.window.aside is Aside.FIRST_RUN)
        screen = clerk.window.findChild(FirstRun)
        assert isinstance(screen, FirstRun)
        clerk.until(screen.scan.isEnabled)
        assert REASON in screen.device_said.text()
        assert "Chỉ cần nhập mật khẩu" in screen.server.said.text()
        screen.skip.click()
        app = clerk.window.app
        assert app is not None
        assert [one.profile.device for one in app.profiles.all()] == [""]


@pytest.mark.parametrize(
    ("text", "said"),
    [("[locked", "không dùng được"), ("[locked.window]\ntekst = 14", "locked.window.tekst")],
)
def test_a_bad_file_is_told_and_stops_nothing(
    stage: Stage, at_window: AtWindow, file: Path, text: str, said: str
) -> None:
    file.write_text(text, encoding="utf-8")
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        screen = clerk.window.settings
        assert screen.policy_said.isVisible()
        assert said in screen.policy_said.text()
        assert screen.look.text.isEnabled()
