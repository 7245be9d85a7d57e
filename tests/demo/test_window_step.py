"""When the demonstration opens its window, and when it must not."""

from __future__ import annotations

import pytest

from demo.window import why_not


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DEMO_WINDOW", "CI", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


def test_not_without_a_display() -> None:
    assert why_not() == "there is no display"


def test_not_where_it_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("DEMO_WINDOW", "0")
    assert "DEMO_WINDOW=0" in why_not()


def test_not_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("CI", "true")
    assert "CI" in why_not()


def test_not_on_a_display_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert why_not() == "the display cannot be used"
