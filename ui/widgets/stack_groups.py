"""The dossiers that a stack falls apart into, those that want a look first."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.models.film import PAGES, dragged_pages
from ui.stack_words import GroupLine
from ui.theme import GRID, Theme

_LINE_ROLE = Qt.ItemDataRole.UserRole + 1
_SIGN = 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TONES = {"trouble": "warn", "ready": "accent", "working": "accent", "optional": "ink_soft"}

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class _Lines(QAbstractListModel):
    """Rows are ``GroupLine`` values; nothing is reset where only their words change."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: tuple[GroupLine, ...] = ()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == _LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{line.title}, {line.count}, {line.state}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.title
        return None

    def flags(self, _index: _Index) -> Qt.ItemFlag:
        return (
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled
        )

    def show_lines(self, new: tuple[GroupLine, ...]) -> None:
        if [one.dossier_id for one in new] != [one.dossier_id for one in self.lines]:
            self.beginResetModel()
            self.lines = new
            self.endResetModel()
            return
        changed = [at for at, line in enumerate(self.lines) if line != new[at]]
        self.lines = new
        for at in changed:
            self.dataChanged.emit(self.index(at), self.index(at))


class StackGroups(QListView):
    """The list.

    Signals:
        wanted: Id of the dossier the clerk pressed.
        dropped: Ids of pages that were dragged, and of the dossier they were dropped on.
    """

    wanted = Signal(str)
    dropped = Signal(list, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Các hồ sơ của lô"))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setDropIndicatorShown(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list = _Lines(self)
        self.setModel(self.list)
        self.setItemDelegate(_Drawn(theme, self))
        self.clicked.connect(self._pressed)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def show_lines(self, lines: tuple[GroupLine, ...], current: str) -> None:
        """Show the dossiers of a stack; ``current``: id of the one that is looked at."""
        self.list.show_lines(lines)
        at = next((at for at, line in enumerate(lines) if line.dossier_id == current), -1)
        if self.currentIndex().row() != at:
            self.setCurrentIndex(self.list.index(at) if at >= 0 else QModelIndex())

    def _pressed(self, index: QModelIndex) -> None:
        line: GroupLine | None = index.data(_LINE_ROLE)
        if line is not None:
            self.wanted.emit(line.dossier_id)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take pages."""
        if event.mimeData().hasFormat(PAGES):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Take them on a dossier."""
        there = self.indexAt(event.position().toPoint()).isValid()
        event.setAccepted(there and event.mimeData().hasFormat(PAGES))

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Say where pages were dropped."""
        line: GroupLine | None = self.indexAt(event.position().toPoint()).data(_LINE_ROLE)
        pages = dragged_pages(event.mimeData())
        if line is not None and pages:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.accept()
            self.dropped.emit(pages, line.dossier_id)


class _Drawn(QStyledItemDelegate):
    """Two lines: whose dossier, then its state and pages; a shape before them."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        line = QFontMetrics(self._theme.font()).height() + 2
        return QSize(20 * GRID, 2 * line + 2 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line: GroupLine | None = index.data(_LINE_ROLE)
        if line is None:
            return
        colour, place = self._theme.colour, QRect(option.rect)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        ground = "accent_soft" if current else "ground" if hovered else "paper"
        painter.fillRect(place, colour(ground))
        if current:
            painter.fillRect(QRect(place.left(), place.top(), 4, place.height()), colour("accent"))
        painter.fillRect(place.left(), place.bottom(), place.width(), 1, colour("line"))
        tone = colour(_TONES[line.mark])
        ratio = painter.device().devicePixelRatio()
        height = (place.height() - 2 * GRID) // 2
        sign = self._theme.icons.pixmap(line.mark, tone, _SIGN, ratio)
        painter.drawPixmap(
            place.left() + 2 * GRID, place.top() + GRID + (height - _SIGN) // 2, sign
        )
        left = place.left() + 3 * GRID + _SIGN
        row = QRect(left, place.top() + GRID, place.right() - 2 * GRID - left, height)
        painter.setFont(self._theme.font(bold=current))
        painter.setPen(colour("ink"))
        self._shortened(painter, row, line.title)
        row.translate(0, height)
        painter.setFont(self._theme.font(0.92))
        painter.drawText(row, _RIGHT, line.count)
        row.setRight(row.right() - painter.fontMetrics().horizontalAdvance(line.count) - GRID)
        painter.setPen(tone)
        self._shortened(painter, row, line.state)
        painter.restore()

    def _shortened(self, painter: QPainter, place: QRect, text: str) -> None:
        metrics = painter.fontMetrics()
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, _LEFT, short)
