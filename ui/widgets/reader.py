"""A page of Markdown to read, with its pictures; nothing in it leads out of the program."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextFrame,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from digitizer.sought import fold
from ui.theme import GRID, Theme

_LINE_PERCENT = 135
_WIDEST = 130 * GRID
"""A line that is longer is hard to read."""
_PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"


class Reader(QTextBrowser):
    """Shows one text at a time."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: Mapping[str, QImage] = {}
        self._text = ""
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(3 * GRID)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        theme.changed.connect(self._write)

    def show_text(self, text: str, pictures: Mapping[str, QImage]) -> None:
        """Show a text in Markdown; ``pictures`` by the names that it gives them."""
        self._text, self._pictures = text, pictures
        self._write()

    def find_next(self, words: str) -> bool:
        """Select where these words come next, with or without diacritics; False where they do
        not come again."""
        wanted = fold(words.strip())
        # letter by letter, so that places in the text stay what they are
        text = "".join(fold(letter)[:1] or " " for letter in self.toPlainText())
        at = text.find(wanted, self.textCursor().selectionEnd()) if wanted else -1
        if at < 0:
            return False
        cursor = self.textCursor()
        cursor.setPosition(at)
        cursor.setPosition(at + len(wanted), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave a margin at the right where there is more room than lines may be long; first, for
        the text is laid out for the room that there is then."""
        margins = self.viewportMargins()
        bar = self.verticalScrollBar().sizeHint().width()
        spare = max(0, self.width() - bar - _WIDEST)
        if margins.right() != spare:
            margins.setRight(spare)
            self.setViewportMargins(margins)
        super().resizeEvent(event)

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802 - Qt's name
        """Give the pictures that were read before; the disk is not asked."""
        return self._pictures.get(QUrl(name).toString())

    def _write(self) -> None:
        at = self.verticalScrollBar().value()
        self.setMarkdown(self._text)
        spacing = QTextBlockFormat()
        spacing.setLineHeight(
            _LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # laid out once, at its end
        block = self.document().begin()
        while block.isValid():
            if _PICTURE not in block.text():  # a picture would get a third of its height more
                cursor.setPosition(block.position())
                cursor.mergeBlockFormat(spacing)
            block = block.next()
        self._dress_tables(self.document().rootFrame())
        cursor.endEditBlock()
        self.verticalScrollBar().setValue(at)

    def _dress_tables(self, frame: QTextFrame) -> None:
        for child in frame.childFrames():
            if isinstance(child, QTextTable):
                style = child.format()
                style.setBorder(1)
                style.setBorderCollapse(True)
                style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                style.setBorderBrush(self._theme.colour("line"))
                style.setCellPadding(GRID)
                style.setCellSpacing(0)
                style.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
                child.setFormat(style)
