"""How a page beside the places is laid out where two things stand side by side: a head, the two,
a bar. Used by the screens that compare versions, look at a marking, and sign."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.theme import GRID


def lay_out(
    page: QWidget,
    head: QLayout,
    sides: Sequence[tuple[QWidget | QLayout, int]],
    bar: QLayout,
) -> None:
    """Fill a page: the head, what stands side by side with its share of the width, the bar."""
    page.setObjectName("ground")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    beside = QHBoxLayout()
    beside.setSpacing(2 * GRID)
    for side, share in sides:
        if isinstance(side, QWidget):
            beside.addWidget(side, share)
        else:
            beside.addLayout(side, share)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
    whole.setSpacing(GRID + GRID // 2)
    whole.addLayout(head)
    whole.addLayout(beside, 1)
    whole.addLayout(bar)


def bar(left: Sequence[QWidget], right: Sequence[QWidget] = ()) -> QHBoxLayout:
    """Return a bar with widgets at either end."""
    found = QHBoxLayout()
    found.setSpacing(GRID)
    for widget in left:
        found.addWidget(widget)
    found.addStretch(1)
    for widget in right:
        found.addWidget(widget)
    return found
