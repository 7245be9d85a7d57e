"""A small list in place: where pages go. A digit, Enter or a press chooses; Esc leaves it.

Typing anything else looks for another dossier: by name, or by a code that a reader types. It
stands in the place of another list, covers nothing and blocks nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.stack_choices import Choice
from ui.theme import GRID, Theme
from ui.widgets.few_lines import in_few_lines

_DIGITS = 9
_BESIDE = 6 * GRID
"""What the digit and the margins of a line take of its width."""
_CHOICE = Qt.ItemDataRole.UserRole + 1
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

_Index = QModelIndex | QPersistentModelIndex


class Choices(QWidget):
    """Shows places for pages.

    Signals:
        chosen: What the core is told (``Into``).
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._near: tuple[Choice, ...] = ()
        self._shown: tuple[Choice, ...] = ()
        self._seek: Callable[[str], None] | None = None
        self._waits = self._taking = False
        self.setObjectName("paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.heading = QLabel(wordWrap=True)
        self.heading.setProperty("role", "section")
        self.heading.setContentsMargins(2 * GRID, GRID + 4, GRID, 0)
        self.field = _Field()
        self.field.setPlaceholderText(self.tr("Tên, mã hồ sơ khác"))
        self.field.setAccessibleName(self.tr("Tìm hồ sơ để chuyển tới"))
        self.field.textEdited.connect(self._typed)
        self.field.returnPressed.connect(self.take)
        self.field.moved.connect(self.step)
        self.field.numbered.connect(self.digit)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Nơi chuyển tới"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setItemDelegate(_Drawn(theme, self.list))
        self.list.itemClicked.connect(lambda item: self._pick(self.list.row(item)))
        hint = QLabel(self.tr("Bấm số, hoặc Enter cho dòng đang chọn. Esc để thôi."), wordWrap=True)
        hint.setProperty("role", "soft")
        hint.setContentsMargins(2 * GRID, 0, GRID, GRID)
        searched = QVBoxLayout()
        searched.setContentsMargins(GRID, 0, GRID, 0)
        searched.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.heading)
        column.addLayout(searched)
        column.addWidget(self.list, 1)
        column.addWidget(hint)

    def offer(self, heading: str, near: tuple[Choice, ...], seek: Callable[[str], None]) -> None:
        """Offer ``near``; ``seek`` looks for what is typed and answers through ``show_found``."""
        self._near, self._seek = near, seek
        self.heading.setText(heading)
        self.field.clear()
        self._show(near)
        self._waits = self._taking = False
        if not near:
            self._ask("")
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_found(self, typed: str, choices: tuple[Choice, ...]) -> None:
        """Show what was found for ``typed``, if that is what stands there still. Enter may have
        come before: a reader is faster than any search."""
        if not self._waits or typed != self.field.text():
            return
        taking, self._waits, self._taking = self._taking, False, False
        self._show(choices)
        if taking:
            self.take()

    def step(self, by: int) -> None:
        """Mark the next (1) or the place before (-1)."""
        at = self.list.currentRow() + by
        self.list.setCurrentRow(max(0, min(at, self.list.count() - 1)))

    def take(self) -> None:
        """Choose what is marked, or what will be once it is found."""
        if self._waits:
            self._taking = True
        else:
            self._pick(self.list.currentRow())

    def digit(self, number: int) -> None:
        """Choose the place with this number."""
        if number <= min(_DIGITS, len(self._shown)):
            self._pick(number - 1)

    def _pick(self, at: int) -> None:
        if 0 <= at < len(self._shown):
            self.chosen.emit(self._shown[at].into)

    def _typed(self, text: str) -> None:
        if text.strip():
            self._ask(text)
        else:
            self._waits = self._taking = False
            self._show(self._near)

    def _ask(self, text: str) -> None:
        if self._seek is not None:
            self._waits, self._taking = True, False
            self._seek(text)

    def _show(self, choices: tuple[Choice, ...]) -> None:
        self._shown = choices
        self.list.clear()
        for number, choice in enumerate(choices, start=1):
            item = QListWidgetItem(
                f"{choice.title}, {choice.note}" if choice.note else choice.title
            )
            item.setData(_CHOICE, (number if number <= _DIGITS else 0, choice))
            item.setToolTip(choice.title)
            self.list.addItem(item)
        self.list.setCurrentRow(0)


class _Drawn(QStyledItemDelegate):
    """A digit, a title in two lines at most, a note below."""

    def __init__(self, theme: Theme, view: QListWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        _, choice = index.data(_CHOICE)
        metrics = QFontMetrics(self._theme.font())
        room = self._view.viewport().width() - _BESIDE
        lines = len(in_few_lines(choice.title, metrics, room)) + bool(choice.note)
        return QSize(20 * GRID, lines * metrics.height() + 2 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        number, choice = index.data(_CHOICE)
        colour, place = self._theme.colour, QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, colour("accent_soft"))
            painter.fillRect(QRect(place.left(), place.top(), 4, place.height()), colour("accent"))
        painter.fillRect(place.left(), place.bottom(), place.width(), 1, colour("line"))
        height = QFontMetrics(self._theme.font()).height()
        row = QRect(place.left() + 2 * GRID, place.top() + GRID, place.width() - 3 * GRID, height)
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(colour("accent"))
        painter.drawText(row, _LEFT, str(number) if number else "")
        row.setLeft(row.left() + 3 * GRID)
        painter.setFont(self._theme.font())
        painter.setPen(colour("ink"))
        metrics = painter.fontMetrics()
        for text in in_few_lines(choice.title, metrics, place.width() - _BESIDE):
            painter.drawText(row, _LEFT, text)
            row.translate(0, height)
        painter.setPen(colour("ink_soft"))
        note = metrics.elidedText(choice.note, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, _LEFT, note)
        painter.restore()


class _Field(QLineEdit):
    """Up and down go to the list; so does a first digit, for no mã hồ sơ begins with 1 to 9.

    Signals:
        moved: By how many lines.
        numbered: A digit, 1 to 9.
    """

    moved = Signal(int)
    numbered = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Pass on what is the list's."""
        digit = event.text()
        if not self.text() and len(digit) == 1 and digit in "123456789":
            self.numbered.emit(int(digit))
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)
