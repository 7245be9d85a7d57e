"""Draws the cells of the strip: pages, the bin, pages in it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from digitizer.model import Page
from ui.models.pages import BIN_ROLE, DOUBT_ROLE, PAGE_ROLE, Bin
from ui.pictures import Pictures, wanted
from ui.theme import GRID, Theme
from ui.widgets.few_lines import below_picture

PICTURE = QSize(96, 128)
"""The box a thumbnail is fitted into, in device-independent pixels."""
_TICK = 20
_DIMMED = 0.45

_Index = QModelIndex | QPersistentModelIndex


class Thumbnails(QStyledItemDelegate):
    """Draws one page. Asks only for the thumbnails that are painted, hence visible."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self.pictures: Pictures | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a thumbnail with its label."""
        label = 2 * QFontMetrics(self._theme.font(0.92)).height() + GRID
        return QSize(PICTURE.width() + 2 * GRID, PICTURE.height() + GRID + 4 + label)

    def label_at(self, cell: QRect) -> QRect:
        """Return where in a cell the words are."""
        return cell.adjusted(0, GRID + PICTURE.height(), 0, 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the picture, a frame, the number and what is to be known of the page."""
        cell: QRect = option.rect
        box = QRect(cell.left() + GRID, cell.top() + GRID, PICTURE.width(), PICTURE.height())
        current = index.row() == self._view.currentIndex().row()
        painter.save()
        kept: Bin | None = index.data(BIN_ROLE)
        page: Page | None = index.data(PAGE_ROLE)
        if kept is not None:
            self._paint_bin(painter, box, str(index.data()), kept, current=current)
        elif page is not None and self.pictures is not None:
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            several = selected and len(self._view.selectionModel().selectedIndexes()) > 1
            if several:
                painter.fillRect(cell.adjusted(2, 2, -2, -2), self._theme.colour("accent_soft"))
            frame = self._paint_page(painter, box, page)
            self._paint_frame(painter, frame, current=current, chosen=selected)
            if several:
                tick = self._theme.icons.pixmap(
                    "sent", self._theme.colour("accent"), _TICK, painter.device().devicePixelRatio()
                )
                place = QRect(frame.left() + 4, frame.top() + 4, _TICK, _TICK)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.colour("paper"))
                painter.drawEllipse(place)
                painter.drawPixmap(place, tick)
            self._paint_label(painter, cell, page, index, bold=current or selected)
        painter.restore()

    def _paint_page(self, painter: QPainter, box: QRect, page: Page) -> QRect:
        """Draw the picture; return where it is."""
        if self.pictures is None:
            return box
        ratio = painter.device().devicePixelRatio()
        picture = self.pictures.thumbnail(wanted(page, PICTURE * ratio))
        if picture is None or picture.isNull():
            painter.fillRect(box, self._theme.colour("table"))
            return box
        size = picture.size() / ratio
        frame = QRect(0, 0, size.width(), size.height())
        frame.moveCenter(box.center())
        frame.moveBottom(box.bottom())
        blank = page.reading is not None and page.reading.blank
        painter.setOpacity(_DIMMED if blank or page.deleted else 1.0)
        painter.drawPixmap(frame, picture)
        painter.setOpacity(1.0)
        return frame

    def _paint_frame(self, painter: QPainter, frame: QRect, *, current: bool, chosen: bool) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if current or chosen:
            pen = QPen(self._theme.colour("accent"), 3 if current else 1)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(frame.adjusted(-2, -2, 1, 1) if current else frame)
        else:
            painter.setPen(QPen(self._theme.colour("line"), 1))
            painter.drawRect(frame.adjusted(-1, -1, 0, 0))

    def _paint_bin(
        self, painter: QPainter, box: QRect, text: str, kept: Bin, *, current: bool
    ) -> None:
        """Draw the last cell: a broken frame with how many pages were taken out."""
        colour = self._theme.colour("accent" if current else "ink_soft")
        pen = QPen(colour, 3 if current else 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(box.adjusted(1, 1, -2, -2), 6, 6)
        painter.setFont(self._theme.font(0.92, bold=current))
        painter.setPen(self._theme.colour("ink" if current else "ink_soft"))
        does = self.tr("Cất đi") if kept.opened else self.tr("Xem lại")
        text = text.replace(" trang ", " trang\n")
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        inner = box.adjusted(GRID, GRID, -GRID, -GRID)
        apart = f"{text}\n\n{does}"
        fits = inner.contains(painter.boundingRect(inner, flags, apart))
        painter.drawText(inner, flags, apart if fits else f"{text}\n{does}")

    def _paint_label(
        self, painter: QPainter, cell: QRect, page: Page, index: _Index, *, bold: bool
    ) -> None:
        doubtful = bool(index.data(DOUBT_ROLE))
        tone = "accent" if page.deleted else "warn" if doubtful else "ink" if bold else "ink_soft"
        font = self._theme.font(0.92, bold=bold)
        font.setUnderline(page.deleted)
        painter.setFont(font)
        painter.setPen(self._theme.colour(tone))
        metrics = painter.fontMetrics()
        top = self.label_at(cell).top() + 4
        place = QRect(cell.left(), top, cell.width(), metrics.height())
        for text in below_picture(str(index.data()), metrics, place.width()):
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
            place.translate(0, metrics.height())
