"""Draws the rows of a stack's filmstrip: thumbnails, and lines that name what begins."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import stack_words
from ui.language import say
from ui.models.film import ROW_ROLE, CutRow, Film, PageRow
from ui.pictures import Pictures, wanted
from ui.theme import GRID, Theme
from ui.widgets.few_lines import below_picture
from ui.widgets.shortened import shorten

PICTURE = QSize(84, 112)
"""The box a thumbnail is fitted into, in device-independent pixels."""
_SIGN = 18
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

_Index = QModelIndex | QPersistentModelIndex


class Frames(QStyledItemDelegate):
    """Asks only for the thumbnails that are painted, hence visible.

    Attributes:
        across: How wide the strip is, in pixels.
        page_size: The size of a page's cell.
    """

    def __init__(self, theme: Theme, film: Film, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._film = film
        self.pictures: Pictures | None = None
        self.across = 400
        self.page_size = QSize()
        self._line = 0
        self.measure()

    def measure(self) -> None:
        """Take the sizes from the type anew."""
        self._line = QFontMetrics(self._theme.font(0.92)).height()
        self.page_size = QSize(
            PICTURE.width() + 2 * GRID, PICTURE.height() + 2 * GRID + 2 * self._line
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """Return the size of a row; asked for all of them at once, so not through the index."""
        row = self._film.rows[index.row()]
        if isinstance(row, CutRow):
            lines = 2 if row.dossier else 1
            return QSize(
                self.across, lines * (self._line + 2) + (3 * GRID if row.dossier else GRID)
            )
        return self.page_size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a row."""
        row: CutRow | PageRow | None = index.data(ROW_ROLE)
        place: QRect = option.rect
        painter.save()
        if isinstance(row, CutRow):
            self._cut(painter, place, row)
        elif row is not None:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            self._page(painter, place, row, chosen=chosen)
        painter.restore()

    def _cut(self, painter: QPainter, place: QRect, row: CutRow) -> None:
        colour = self._theme.colour
        left, width = place.left() + GRID, self.across - 2 * GRID
        top = place.top()
        if row.dossier:
            painter.fillRect(QRect(left, top + GRID, width, 2), colour("ink_soft"))
            top += GRID + 4
            painter.setFont(self._theme.font(bold=True))
            painter.setPen(colour("ink"))
            top = self._words(painter, QRect(left, top, width, self._line + 2), row.dossier)
        painter.setFont(self._theme.font(0.92))
        line = QRect(left, top, width, self._line + 2)
        if row.unsure:
            sign = self._theme.icons.pixmap(
                "trouble", colour("warn"), _SIGN, painter.device().devicePixelRatio()
            )
            painter.drawPixmap(left, line.center().y() - _SIGN // 2, sign)
            line.setLeft(left + _SIGN + GRID // 2)
        painter.setPen(colour("warn" if row.unsure else "ink_soft"))
        bottom = self._words(painter, line, row.paper, row.paper.rpartition(" · ")[0])
        if not row.dossier:
            shown = line.left() - left + painter.fontMetrics().horizontalAdvance(row.paper) + GRID
            if shown < width - 2 * GRID:
                middle = line.center().y() + 1
                painter.fillRect(QRect(left + shown, middle, width - shown, 1), colour("line"))
        else:
            painter.fillRect(QRect(left, bottom + 2, width, 1), colour("line"))

    def _words(self, painter: QPainter, place: QRect, text: str, name: str = "") -> int:
        """Write a line that is shortened where it must be, the ``name`` in it first; return where
        the next begins."""
        metrics = painter.fontMetrics()
        said = shorten(text, name, metrics, place.width())
        short = metrics.elidedText(said, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, _LEFT, short)
        return place.bottom() + 1

    def _page(self, painter: QPainter, place: QRect, row: PageRow, *, chosen: bool) -> None:
        if self.pictures is None:
            return
        colour, page = self._theme.colour, row.page
        box = QRect(place.left() + GRID, place.top() + GRID, PICTURE.width(), PICTURE.height())
        ratio = painter.device().devicePixelRatio()
        picture = self.pictures.thumbnail(wanted(page, PICTURE * ratio))
        frame = box
        if picture is not None and not picture.isNull():
            size = picture.size() / ratio
            frame = QRect(0, 0, size.width(), size.height())
            frame.moveCenter(box.center())
            frame.moveBottom(box.bottom())
            painter.setOpacity(0.45 if page.reading and page.reading.blank else 1.0)
            painter.drawPixmap(frame, picture)
            painter.setOpacity(1.0)
        else:
            painter.fillRect(frame, colour("table"))
        if chosen:
            pen = QPen(colour("accent"), 3)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(frame.adjusted(-2, -2, 1, 1))
        else:
            painter.setPen(QPen(colour("line"), 1))
            painter.drawRect(frame.adjusted(-1, -1, 0, 0))
        if row.doubt is not None:
            self._sign(painter, frame, ratio)
        painter.setFont(self._theme.font(0.92, bold=chosen))
        tone = "warn" if row.doubt else "ink" if chosen else "ink_soft"
        painter.setPen(colour(tone))
        line = QRect(place.left() + 2, box.bottom() + 4, self.page_size.width() - 4, self._line)
        label = stack_words.page_label(row.number, page, row.doubt)
        if not page.read and label == str(row.number):
            label = f"{label} · {say('đang đọc')}"
        for text in below_picture(label, painter.fontMetrics(), line.width()):
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
            line.translate(0, self._line)

    def _sign(self, painter: QPainter, frame: QRect, ratio: float) -> None:
        """Mark a page that wants a look, in its corner."""
        spot = QRect(frame.right() - _SIGN - 5, frame.top() + 3, _SIGN + 4, _SIGN + 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("warn_soft"))
        painter.drawRoundedRect(spot, 4, 4)
        sign = self._theme.icons.pixmap("trouble", self._theme.colour("warn"), _SIGN, ratio)
        painter.drawPixmap(spot.left() + 2, spot.top() + 2, sign)
