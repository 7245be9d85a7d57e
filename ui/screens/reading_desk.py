"""What was read, over the page: its words on request (*W*), and a text found in the paper
(*Ctrl+G*). Words are read off Qt's thread, of a page when it is looked at, of a paper when it is
searched."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtWidgets import QLabel

from digitizer.model import Page
from ui import work_words
from ui.office import Office
from ui.pictures import Pictures
from ui.seen_words import PageWords, find, page_words
from ui.theme import GRID, Theme
from ui.widgets.columns import Columns
from ui.widgets.find_bar import FindBar
from ui.widgets.word_layer import WordLayer


class ReadingDesk(QObject):
    """Keeps the words of the pages of one paper, and what is looked for in them."""

    def __init__(
        self,
        office: Office,
        columns: Columns,
        pictures: Pictures,
        theme: Theme,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._office, self._pictures = office, pictures
        self._strip, self._view = columns.strip, columns.view
        self.layer = WordLayer(theme)
        self._view.layer = self.layer
        self.bar = FindBar(self._view)
        self.legend = QLabel(self._view, objectName="chip")
        self.legend.hide()
        self.bar.typed.connect(lambda _: self._look())
        self.bar.stepped.connect(self._step)
        self._matches: tuple[tuple[str, int], ...] = ()
        self._asked: set[str] = set()
        self._paper = ""
        self._strip.chosen.connect(lambda _: self._come())
        self._view.installEventFilter(self)

    # --- what the clerk does ----------------------------------------------------------------

    def turn_over_words(self) -> None:
        """Show the words over the page, or no more."""
        self.layer.shows = not self.layer.shows
        self._come()

    def search(self) -> None:
        """Take a text to find in the paper."""
        self.bar.lie_over(self._view)
        self.bar.begin()
        self._look()

    def close(self) -> bool:
        """Look for nothing any more; False where nothing was looked for."""
        if self.bar.isHidden():
            return False
        self.bar.hide()
        self.layer.found, self.layer.current, self._matches = {}, None, ()
        self._view.update()
        return True

    def _step(self, by: int) -> None:
        """Go to the next place, or the one before, round the paper."""
        if not self._matches:
            return
        current = self.layer.current
        if current in self._matches:
            at = (self._matches.index(current) + by) % len(self._matches)
        else:
            at = self._nearest(by)
        self._go_to(at)

    def _nearest(self, by: int) -> int:
        """Return the first place on the page looked at or behind it (the last before it)."""
        ids = [page.id for page in self._strip.list.pages]
        here = self._strip.page.id if self._strip.page else ""
        row = ids.index(here) if here in ids else 0
        rows = [ids.index(page_id) for page_id, _ in self._matches if page_id in ids]
        if by > 0:
            return next((n for n, one in enumerate(rows) if one >= row), 0)
        return next((n for n in range(len(rows) - 1, -1, -1) if rows[n] <= row), len(rows) - 1)

    def _go_to(self, at: int) -> None:
        page_id, number = self._matches[at]
        self.layer.current = (page_id, number)
        row = self._strip.list.row_of(page_id)
        if row is not None and (self._strip.page is None or self._strip.page.id != page_id):
            self._strip.go_to(row)
        self._view.reveal(self.layer.found[page_id][number])
        self.bar.say(f"{at + 1}/{len(self._matches)}")
        self._view.update()

    # --- words come -------------------------------------------------------------------------

    def _come(self) -> None:
        """Another page is looked at, or it was read meanwhile."""
        paper = self._office.paper.id if self._office.paper else ""
        if paper != self._paper:
            self._paper = paper
            self.layer.words.clear()
            self._asked.clear()
        if not self.bar.isHidden():
            self._look()
        page, pages = self._strip.page, self._strip.list.pages
        if self.layer.shows and page is not None:
            at = pages.index(page) if page in pages else len(pages)
            self._ask((page, *pages[at + 1 : at + 2]))
        self._tell()
        self._view.update()

    def _ask(self, pages: Sequence[Page]) -> None:
        """Read the words of pages that are not here yet."""
        app = self._office.app
        wanted = [p for p in pages if self.layer.of(p) is None and _key(p) not in self._asked]
        if not wanted:
            return
        self._asked |= {_key(page) for page in wanted}

        def read() -> list[PageWords]:
            return [
                page_words(app.store, app.vault.path(p.words.tsv if p.words else ""), p)
                for p in wanted
            ]

        self._pictures.look(read, self._take)

    def _take(self, found: list[PageWords]) -> None:
        self.layer.words |= {words.page_id: words for words in found}
        if not self.bar.isHidden():
            self._match()
        self._tell()
        self._view.update()

    def _tell(self) -> None:
        """Say how many words there are, below the page."""
        page = self._strip.page
        words = self.layer.of(page) if page is not None else None
        self.legend.setVisible(self.layer.shows and page is not None)
        if page is None or not self.layer.shows:
            return
        seen = words.words if words else ()
        doubtful = sum(word.doubtful for word in seen)
        mended = sum(bool(word.raw) and not word.doubtful for word in seen)
        self.legend.setText(work_words.legend(len(seen), doubtful, mended, read=page.read))
        self._lay_out()

    def _look(self) -> None:
        """Find the text in every page of the paper."""
        self._ask(self._strip.list.pages)
        self._match()

    def _match(self) -> None:
        typed = self.bar.field.text()
        found: dict[str, tuple[QRectF, ...]] = {}
        unread = 0
        for page in self._strip.list.pages:
            words = self.layer.of(page)
            unread += words is None or not words.read
            places = find(words, typed) if words else []
            if words and places:
                found[page.id] = tuple(
                    _around([QRectF(*word.part) for word in words.words[start:end]])
                    for start, end in places
                )
        self.layer.found = found
        self._matches = tuple(
            (page.id, number)
            for page in self._strip.list.pages
            for number in range(len(found.get(page.id, ())))
        )
        if self.layer.current not in self._matches:
            self.layer.current = None
        self.bar.say(work_words.found(typed, len(self._matches), unread))
        self._view.update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Lie over the view wherever its edges go."""
        if event.type() == QEvent.Type.Resize:
            self.bar.lie_over(self._view)
            self._lay_out()
        return False

    def _lay_out(self) -> None:
        self.legend.adjustSize()
        self.legend.move(GRID, self._view.height() - self.legend.height() - GRID)
        self.legend.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def _key(page: Page) -> str:
    return f"{page.id}:{page.words.tsv if page.words else ''}:{page.read}"


def _around(parts: Sequence[QRectF]) -> QRectF:
    whole = QRectF(parts[0])
    for part in parts[1:]:
        whole = whole.united(part)
    return whole
