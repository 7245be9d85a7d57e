"""Draws a line of the three lists: shape and name, state and sentence, a date, a button.

A sentence that is longer than its line goes on below: what needs a hand is said to its end.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.models.rows import ROW_ROLE
from ui.rows import Deed, Row
from ui.theme import GRID, Theme
from ui.widgets.row_ground import paint_ground
from ui.widgets.row_words import RowWords

_SIGN = 20
_BAR = 4
_INDENT = _SIGN + GRID + GRID // 2
_REMEMBERED = 2000
WIDEST = 160 * GRID
"""A line that is longer is hard to follow: its button stands no further right."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SHORT = Qt.TextElideMode.ElideRight


class RowPaint(QStyledItemDelegate):
    """Draws a row of ``RowList``; the same measures tell where its button is."""

    def __init__(self, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view
        self._lines: dict[tuple[str, int], int] = {}
        theme.changed.connect(self._lines.clear)

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of its lines, two or more, or of a heading."""
        row: Row | None = index.data(ROW_ROLE)
        line: int = option.fontMetrics.height()
        if row is None or row.heading:
            return QSize(40 * GRID, line + 4 * GRID)
        inner = self._inner(QRect(0, 0, self._view.viewport().width(), 2 * line + 4 * GRID))
        lines = self._counted(row, inner.width() - _INDENT)
        return QSize(40 * GRID, (1 + lines) * line + 4 * GRID)

    def _counted(self, row: Row, width: int) -> int:
        """Return how many lines its words take; a list is laid out anew whenever one changes."""
        words = self._words(row)
        key = (words.state + words.rest, width)
        if key not in self._lines:
            if len(self._lines) > _REMEMBERED:
                self._lines.clear()
            self._lines[key] = words.lines(width)
        return self._lines[key]

    def _inner(self, place: QRect) -> QRect:
        """Return where the words of a row and its sign are."""
        inner = place.adjusted(3 * GRID, GRID + 4, 0, -GRID - 4)
        column = self._column()
        inner.setRight(_end(place) - 2 * GRID - (column + 2 * GRID if column else 0))
        return inner

    def _column(self) -> int:
        """Return the width of the column of buttons: of the widest there is, so that what stands
        left of it ends at one line in every row; 0: there are none."""
        buttons = self._view.model().buttons  # type: ignore[attr-defined] # a ``RowList``
        metrics = QFontMetrics(self._theme.font())
        return max((metrics.horizontalAdvance(one) + 4 * GRID for one in buttons), default=0)

    def _words(self, row: Row) -> RowWords:
        """Return the word for its state, behind it the sentence."""
        between = " · " if row.state and row.sentence else ""
        return RowWords(self._theme.font(), row.state, f"{between}{row.sentence}")

    def button(self, place: QRect, row: Row) -> QRect:
        """Return where the button of a row is that has the rectangle ``place``; empty: it has
        none."""
        if row.deed is Deed.NONE:
            return QRect()
        metrics = QFontMetrics(self._theme.font())
        width = self._column()
        height = metrics.height() + GRID + GRID // 2
        top = place.top() + (place.height() - height) // 2
        return QRect(_end(place) - 2 * GRID - width, top, width, height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw it; the chosen one has a bar at its left as well as a ground."""
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            return
        place: QRect = option.rect
        painter.save()
        if row.heading:
            self._heading(painter, place, row)
        else:
            self._row(painter, place, row, option.state)
        painter.fillRect(place.left(), place.bottom(), place.width(), 1, self._theme.colour("line"))
        painter.restore()

    def _heading(self, painter: QPainter, place: QRect, row: Row) -> None:
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(self._theme.colour("ink_soft"))
        inner = place.adjusted(3 * GRID, 2 * GRID, -2 * GRID, 0)
        painter.drawText(inner, _LEFT, row.title)

    def _row(self, painter: QPainter, place: QRect, row: Row, state: QStyle.StateFlag) -> None:
        colour = self._theme.colour
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        paint_ground(painter, place, state, self._theme)
        inner, button = self._inner(place), self.button(place, row)
        if not button.isEmpty() and (chosen or hovered or not row.quiet):
            self._button(painter, button, row, enters=chosen and self._has_enter())
        half = QFontMetrics(self._theme.font()).height() + 4
        top = QRect(inner.left(), inner.top(), inner.width(), half)
        below = inner.adjusted(_INDENT, half, 0, 0)
        sign = self._theme.icons.pixmap(
            row.mark, colour(row.tone), _SIGN, painter.device().devicePixelRatio()
        )
        painter.drawPixmap(top.left(), top.top() + (half - _SIGN) // 2, sign)
        self._first(painter, top.adjusted(_INDENT, 0, 0, 0), row)
        self._words(row).paint(painter, below, colour(row.tone), colour("ink_soft"))
        if row.share is not None:
            self._progress(painter, place, below.left(), inner.right(), row.share)

    def _has_enter(self) -> bool:
        """Tell whether Enter is the chosen line's: where a button has the focus, it is that's."""
        return not isinstance(self._view.window().focusWidget(), QAbstractButton)

    def _first(self, painter: QPainter, place: QRect, row: Row) -> None:
        """Draw the name, behind it the code, the date at the right."""
        colour = self._theme.colour
        painter.setFont(self._theme.font())
        metrics = painter.fontMetrics()
        if row.side:
            painter.setPen(colour(row.side_tone))
            painter.drawText(place, _RIGHT, row.side)
            place = place.adjusted(0, 0, -metrics.horizontalAdvance(row.side) - 2 * GRID, 0)
        taken = metrics.horizontalAdvance(row.code) + 2 * GRID if row.code else 0
        painter.setFont(self._theme.font(bold=True))
        bold = painter.fontMetrics()
        name = bold.elidedText(row.title, _SHORT, max(place.width() - taken, 8 * GRID))
        painter.setPen(colour("ink"))
        painter.drawText(place, _LEFT, name)
        painter.setFont(self._theme.font())
        painter.setPen(colour("accent"))
        rest = place.adjusted(bold.horizontalAdvance(name) + 2 * GRID, 0, 0, 0)
        painter.drawText(rest, _LEFT, metrics.elidedText(row.code, _SHORT, max(rest.width(), 0)))

    def _button(self, painter: QPainter, place: QRect, row: Row, *, enters: bool) -> None:
        colour = self._theme.colour
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colour("paper"))
        painter.setPen(QPen(colour("accent" if enters else "line"), 2 if enters else 1))
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._theme.font())
        painter.setPen(colour("ink"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, row.button)

    def _progress(
        self, painter: QPainter, place: QRect, left: int, right: int, share: float
    ) -> None:
        width = right - left
        top = place.bottom() - _BAR - 2
        painter.fillRect(QRect(left, top, width, _BAR), self._theme.colour("line"))
        painter.fillRect(QRect(left, top, round(width * share), _BAR), self._theme.colour("accent"))


def _end(place: QRect) -> int:
    """Return where a row ends that has the rectangle ``place``."""
    return min(place.right(), place.left() + WIDEST)
