"""A row of what was found everywhere: a dossier on two lines, or a page with the words around."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from digitizer.finding import Place
from digitizer.sought import Excerpt
from ui.models.places import PLACE_ROLE, where
from ui.theme import GRID
from ui.widgets.found import Found
from ui.widgets.row_ground import paint_ground

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_INDENT = 4 * GRID
_WHERE = 0.28
"""The part of a row that names the page."""
_BEFORE = 0.25
"""The part of the words that what stands before the first mark may take."""
_CUT = "… "


class PlaceRow(Found):
    """Draws a row of ``PlaceList``. What was found is bold and underlined, not only coloured."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of one line for a page."""
        if index.data(PLACE_ROLE) is None:
            return super().sizeHint(option, index)
        return QSize(40 * GRID, option.fontMetrics.height() + 2 * GRID)

    def hairline(self, row: QRect) -> int:
        """Part a dossier from what stands before it, not from its own pages."""
        return row.top()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw it."""
        place: Place | None = index.data(PLACE_ROLE)
        if place is None:
            super().paint(painter, option, index)
            return
        row: QRect = option.rect
        colour = self.theme.colour
        painter.save()
        paint_ground(painter, row, option.state, self.theme)
        inner = row.adjusted(_INDENT, 0, -2 * GRID, 0)
        name = QRect(inner)
        name.setWidth(int(inner.width() * _WHERE))
        painter.setFont(self.theme.font())
        painter.setPen(colour("ink_soft"))
        short = painter.fontMetrics().elidedText(
            where(place), Qt.TextElideMode.ElideRight, name.width() - 2 * GRID
        )
        painter.drawText(name, _LEFT, short)
        inner.setLeft(name.right() + 1)
        self._said(painter, inner, place.excerpt)
        painter.restore()

    def _said(self, painter: QPainter, room: QRect, said: Excerpt) -> None:
        """Draw the words, as far as there is room, in pieces: marked and not. What stands before
        the first mark gives way to it."""
        colour, at = self.theme.colour, 0
        pieces: list[tuple[str, bool]] = []
        for start, end in said.marks:
            pieces += [(said.text[at:start], False), (said.text[start:end], True)]
            at = end
        before = int(room.width() * _BEFORE)
        for number, (text, marked) in enumerate([*pieces, (said.text[at:], False)]):
            font = self.theme.font(bold=marked)
            font.setUnderline(marked)
            painter.setFont(font)
            painter.setPen(colour("accent" if marked else "ink"))
            metrics = painter.fontMetrics()
            if number == 0:
                text = begun_later(text, before, metrics.horizontalAdvance)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _LEFT, shown)
            room.setLeft(room.left() + metrics.horizontalAdvance(text))
            if shown != text or room.width() <= 0:
                return


def begun_later(text: str, room: int, width: Callable[[str], int]) -> str:
    """PURE: return a beginning without as many of its first words as there is no room for.

    Args:
        text: What stands before a mark.
        room: How wide it may be,
        width: and how wide some text is.
    """
    if width(text) <= room:
        return text
    words = text.removeprefix(_CUT).split(" ")
    while len(words) > 1 and width(_CUT + " ".join(words)) > room:
        del words[0]
    return _CUT + " ".join(words)
