"""The papers of a dossier as a checklist in the order of the procedure; one is current.

Where there is a result, it stands apart: what is handed in, and what is given back, are two sides
of one dossier.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitizer.model import PaperKind
from ui.paper_words import PaperLine, paper_line
from ui.reads import Desk
from ui.theme import GRID, Theme
from ui.widgets.dressed import dressed
from ui.widgets.few_lines import in_few_lines
from ui.wording import Mark

_TONES = {
    Mark.EMPTY: "ink_soft",
    Mark.OPTIONAL: "ink_soft",
    Mark.WORKING: "accent",
    Mark.READY: "accent",
    Mark.SENT: "good",
    Mark.TROUBLE: "bad",
}
_SIGN = 20
_MOST = 3
"""Lines of a name, and of a state."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Papers(QWidget):
    """The checklist.

    Signals:
        chosen: Id of the paper the clerk pressed.
        retried: The clerk wants failed work tried again.
        compared: The clerk wants to decide a conflict (its number).
    """

    chosen = Signal(str)
    retried = Signal()
    compared = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: dict[str, _Row] = {}
        self._current: str | None = None
        self._in_sight, self._by_hand = True, False
        self.setObjectName("paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = dressed("paper", QWidget())
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setWidget(inside)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar = self._scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._keep_in_sight)
        bar.actionTriggered.connect(self._scrolled)
        bar.valueChanged.connect(self._look)
        self._laid_out = QTimer(self, singleShot=True, interval=0)
        self._laid_out.timeout.connect(self._keep_in_sight)
        self._heading = _heading("")
        self._back = _heading(self.tr("Khi trả kết quả"))
        self._back.hide()
        self._list.insertWidget(0, self._back)
        self._none = QLabel(
            self.tr(
                "Chưa có danh sách giấy tờ của thủ tục này.\n\n"
                "Cứ quét: các trang được để vào Giấy tờ khác. Danh sách sẽ tự hiện khi cập nhật "
                "được từ hệ thống thủ tục."
            ),
            wordWrap=True,
        )
        self._none.setProperty("role", "soft")
        self._none.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading)
        column.addWidget(self._none)
        column.addWidget(self._scroll, 1)

    def show_desk(self, desk: Desk, current: str | None, scanning: str | None) -> None:
        """Show the papers; rows that stay are not made anew.

        Args:
            desk: The dossier.
            current: Id of the current paper.
            scanning: Id of the paper that pages are being scanned into, or None.
        """
        papers = desk.dossier.listed
        moved, self._current = current != self._current, current
        self._none.setVisible(not papers)
        if list(self._rows) != [paper.id for paper in papers]:
            self._rebuild(desk)
            moved = True
        for number, paper in enumerate(papers, start=1):
            self._rows[paper.id].show_line(
                number,
                paper_line(desk, paper),
                current=paper.id == current,
                scanning=paper.id == scanning,
            )
        if moved:
            self._in_sight = True
            self._keep_in_sight()
            self._laid_out.start()  # rows that are new have no place yet

    def _keep_in_sight(self) -> None:
        """Show the whole current paper where the list has less room now, or its rows take more;
        what the clerk scrolled away from stays away."""
        row = self._rows.get(self._current or "")
        if row is not None and self._in_sight:
            self._scroll.ensureWidgetVisible(row, 0, GRID)

    def _scrolled(self) -> None:
        self._by_hand = True

    def _look(self) -> None:
        """Know whether the clerk scrolled away from the current paper, or back to it."""
        by_hand, self._by_hand = self._by_hand, False
        row = self._rows.get(self._current or "")
        if row is not None and by_hand:
            top = row.mapTo(self._scroll.viewport(), QPoint(0, 0)).y()
            room = self._scroll.viewport().height()
            self._in_sight = top >= 0 and top + row.height() <= room

    def paper_under(self, at: QPoint) -> str | None:
        """Return the id of the paper at a place of the screen, or None."""
        for paper_id, row in self._rows.items():
            if row.isVisible() and row.rect().contains(row.mapFromGlobal(at)):
                return paper_id
        return None

    def aim(self, paper_id: str | None) -> None:
        """Show that pages would go to this paper, or to none."""
        for one, row in self._rows.items():
            row.aim(aimed=one == paper_id)
        if paper_id in self._rows:
            self._scroll.ensureWidgetVisible(self._rows[paper_id], 0, GRID)

    def _rebuild(self, desk: Desk) -> None:
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = {}
        self._list.removeWidget(self._back)
        results = [paper.kind is PaperKind.RESULT for paper in desk.dossier.listed]
        parted = any(results) and not all(results)
        self._heading.setText(self.tr("Khi tiếp nhận") if parted else self.tr("Giấy tờ"))
        self._back.setVisible(parted)
        for index, paper in enumerate(desk.dossier.listed):
            row = _Row(self._theme, paper.id)
            row.pressed.connect(lambda paper_id=paper.id: self.chosen.emit(paper_id))
            row.acted.connect(self._act)
            self._list.insertWidget(index, row)
            self._rows[paper.id] = row
        if parted:
            self._list.insertWidget(results.index(True), self._back)

    def _act(self, conflict: int) -> None:
        if conflict:
            self.compared.emit(conflict)
        else:
            self.retried.emit()


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "section")
    label.setContentsMargins(2 * GRID, GRID + 4, GRID, GRID)
    return label


class _Row(QAbstractButton):
    """One line: shape, name, pages, state in words; a bar at the left of the current one.

    Signals:
        acted: Its button was pressed: the number of the conflict it is about, or 0.
    """

    acted = Signal(int)

    def __init__(self, theme: Theme, paper_id: str) -> None:
        super().__init__()
        self._theme = theme
        self._line = PaperLine(Mark.EMPTY, "", "", "")
        self._number = 0
        self._current = self._scanning = self._hovered = self._aimed = False
        self.setObjectName(f"row-{paper_id}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.retry = QPushButton(self.tr("Thử lại"), self)
        self.retry.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.retry.hide()
        self.retry.clicked.connect(lambda: self.acted.emit(self._line.conflict))

    def show_line(self, number: int, line: PaperLine, *, current: bool, scanning: bool) -> None:
        """Say how the paper stands now."""
        new = (number, line, current, scanning)
        if new == (self._number, self._line, self._current, self._scanning):
            return
        self._number, self._line, self._current, self._scanning = new
        self.retry.setVisible(line.retry or bool(line.conflict))
        self.retry.setText(self.tr("So và chọn") if line.conflict else self.tr("Thử lại"))
        said = ", ".join(part for part in (line.title, line.pages, self._state) if part)
        self.setAccessibleName(f"{self.tr('Đang chọn: ') if current else ''}{said}")
        told = " · ".join(part for part in (line.pages, self._state) if part)
        self.setToolTip(f"{number}. {line.title}\n{told}")
        self.updateGeometry()
        self.update()

    @property
    def _state(self) -> str:
        return self.tr("Đang quét vào đây") if self._scanning else self._line.state

    def aim(self, *, aimed: bool) -> None:
        """Show whether pages would go here."""
        if aimed != self._aimed:
            self._aimed = aimed
            self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Long names take some lines."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height of the lines, and of the button where there is one."""
        lines = len(self._title_lines(width - self._left() - 2 * GRID))
        states = len(self._state_lines(width - self._left() - 2 * GRID))
        height = lines * self._title_height() + states * self._state_height()
        height += 2 * GRID + GRID // 2
        if self._line.retry or self._line.conflict:
            height += self.retry.sizeHint().height() + GRID // 2
        return height

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size at the column's width."""
        width = self.width() or 30 * GRID
        return QSize(20 * GRID, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same: a row is never squeezed."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the button under the state."""
        super().resizeEvent(event)
        hint = self.retry.sizeHint()
        self.retry.setGeometry(
            QRect(self._left(), self.height() - hint.height() - GRID, hint.width(), hint.height())
        )

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Light up under the pointer."""
        self._hovered = True
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """And no more."""
        self._hovered = False
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        theme, line = self._theme, self._line
        painter = QPainter(self)
        ground = "accent_soft" if self._current else "ground" if self._hovered else "paper"
        painter.fillRect(self.rect(), theme.colour(ground))
        if self._current:
            painter.fillRect(QRect(0, 0, 4, self.height()), theme.colour("accent"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
        if self._aimed:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(2, 2, -3, -3))
        tone = theme.colour(_TONES[line.mark])
        sign = theme.icons.pixmap(line.mark.value, tone, _SIGN, self.devicePixelRatio())
        title_height = self._title_height()
        painter.drawPixmap(2 * GRID, GRID + (title_height - _SIGN) // 2, sign)
        left, right = self._left(), self.width() - 2 * GRID
        painter.setFont(theme.font(bold=self._current))
        painter.setPen(theme.colour("ink"))
        top = GRID
        for text in self._title_lines(right - left):
            painter.drawText(QRect(left, top, right - left, title_height), _LEFT, text)
            top += title_height
        painter.setFont(theme.font(0.92))
        state = QRect(left, top, right - left, self._state_height())
        painter.setPen(theme.colour("ink"))
        painter.drawText(state, _RIGHT, line.pages)
        painter.setPen(tone)
        for text in self._state_lines(right - left):
            painter.drawText(state, _LEFT, text)
            state.translate(0, self._state_height())

    def _left(self) -> int:
        return 2 * GRID + _SIGN + GRID + 4

    def _title_height(self) -> int:
        return self.fontMetrics().height() + 2

    def _state_height(self) -> int:
        return self.fontMetrics().height() + 2

    def _state_lines(self, width: int) -> list[str]:
        """Break the state into few lines, the first one beside the count of pages: what needs a
        hand is said to its end. What comes and goes by itself keeps to one: rows below it would
        jump."""
        metrics = QFontMetrics(self._theme.font(0.92))
        pages, said = self._line.pages, self._state
        first = width - (metrics.horizontalAdvance(pages) + GRID if pages else 0)
        if self._scanning or self._line.mark is Mark.WORKING:
            return [metrics.elidedText(said, Qt.TextElideMode.ElideRight, first)]
        most = _MOST if self._line.mark is Mark.TROUBLE else _MOST - 1
        return in_few_lines(said, metrics, width, most=most, first=first)

    def _title_lines(self, width: int) -> list[str]:
        """Break ``1. Tên giấy tờ`` into three lines at most, the last one shortened."""
        metrics = QFontMetrics(self._theme.font(bold=self._current))
        return in_few_lines(f"{self._number}. {self._line.title}", metrics, width, most=_MOST)
