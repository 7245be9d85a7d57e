"""A choice among a few values: chosen by hand only, never by a pointer that passes over it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.widgets.choice import Choice


def test_the_wheel_over_a_choice_does_not_give_it_the_focus(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    field, choice = QLineEdit(), Choice(theme, {"Vừa": 1, "To": 2})
    column.addWidget(field)
    column.addWidget(choice)
    qtbot.addWidget(window)
    window.show()
    field.setFocus()
    at = QPointF(choice.mapTo(window, choice.rect().center()))
    QTest.wheelEvent(window.windowHandle(), at, QPoint(0, -120))
    assert window.focusWidget() is field
    assert choice.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert choice.value == 1
