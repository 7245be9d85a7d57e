"""What was read, over the page: its words on request (*W*), and a text found in the paper
(*Ctrl+G*) or that *Tìm* found a page by. Words are read off Qt's thread, of a page when it is
looked at, of a paper when it is searched."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtWidgets import QLabel

from digitizer.model import Page
from digitizer.sought import Sought
from ui import marking, work_words
from ui.office import Office
from ui.pictures import Pictures
from ui.seen_words import PageWords, find, page_words, table_of
from ui.theme import GRID, Theme
from ui.widgets.columns import Columns
from ui.widgets.dressed import dressed
from ui.widgets.find_bar import FindBar
from ui.widgets.word_layer import Place, WordLayer
from ui.zoom import on_view


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
        self.legend = dressed("chip", QLabel(self._view))
        self.legend.hide()
        self.bar.typed.connect(self._type)
        self.bar.stepped.connect(self.step)
        self._matches: tuple[tuple[str, int], ...] = ()
        self._asked: set[str] = set()
        self._paper = self._dossier = ""
        self._sought: Sought | None = None
        self._led_to = ""
        self._spans: dict[str, tuple[PageWords, list[marking.Span]]] = {}
        self._strip.chosen.connect(lambda _: self._come())
        self._view.installEventFilter(self)

    # --- what the clerk does ----------------------------------------------------------------

    def turn_over_words(self) -> None:
        """Show the words over the page, or no more."""
        self.layer.shows = not self.layer.shows
        self._come()

    def search(self) -> None:
        """Take a text to find in the paper."""
        self._lie_over()
        self.bar.begin()
        self._look()

    def mark(self, typed: str) -> None:
        """Mark what a search of everything found this page by, here and in the other pages of the
        paper, and look at the place on it that says most. The keys stay the page's."""
        page = self._strip.page
        if page is None:
            return
        self._sought, self._led_to = Sought.parse(typed), page.id
        self._spans.clear()
        self.layer.current = None
        self._lie_over()
        self.bar.show_text(typed)
        self._ask([page])
        self._look()

    def close(self) -> bool:
        """Look for nothing any more; False where nothing was looked for."""
        if self.bar.isHidden():
            return False
        self.bar.hide()
        self.layer.found, self.layer.current, self._matches = {}, None, ()
        self._sought, self._led_to = None, ""
        self._spans.clear()
        self._view.update()
        return True

    def _type(self, _typed: str) -> None:
        """Another text is looked for than was found."""
        self._sought, self._led_to, self.layer.current = None, "", None
        self._spans.clear()
        self._look()

    def step(self, by: int) -> None:
        """Go to the next place (1), or the one before (-1), round the paper."""
        if self.bar.isHidden():
            self.search()
        if not self._matches:
            return
        self._led_to = ""
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
        self._view.reveal(self.layer.found[page_id][number][0], page_id)
        self._lie_over()
        self._count()
        self._view.update()

    # --- words come -------------------------------------------------------------------------

    def _come(self) -> None:
        """Another page is looked at, or it was read meanwhile."""
        dossier = self._office.desk.dossier.id if self._office.desk else ""
        if dossier != self._dossier:
            self._dossier = dossier
            self.close()
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
        keys = {_key(page) for page in wanted}
        self._asked |= keys

        def read() -> list[PageWords]:
            return [page_words(app.store, app.vault, page) for page in wanted]

        def take(found: list[PageWords]) -> None:
            self._asked -= keys  # a turn that is taken back makes a page what it was
            self.layer.words |= {words.page_id: words for words in found}
            self._come()  # what was asked about meanwhile may be another page by now

        self._pictures.look(read, take)

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
        read = words is not None and words.read
        self.legend.setText(work_words.legend(len(seen), doubtful, mended, read=read))
        self._lay_out()

    def _look(self) -> None:
        """Find the text in every page of the paper."""
        self._ask(self._strip.list.pages)
        self._match()

    def _match(self) -> None:
        """Find the text in every page whose words are here."""
        pages = self._strip.list.pages
        there = {page.id: words for page in pages if (words := self.layer.of(page)) is not None}
        self._spans = {page_id: self._spans_of(words) for page_id, words in there.items()}
        self.layer.found = {
            page_id: tuple(_place(words, span) for span in spans)
            for page_id, (words, spans) in self._spans.items()
            if spans
        }
        self._matches = tuple(
            (page.id, number)
            for page in pages
            for number in range(len(self.layer.found.get(page.id, ())))
        )
        if self.layer.current not in self._matches:
            self.layer.current = None
        self._go_to_fullest()
        unread = self._count()
        if self._sought is not None and not self._matches and not unread:
            self.close()  # it was found by a bar code, or by what was made of its words
        self._view.update()

    def _spans_of(self, words: PageWords) -> tuple[PageWords, list[marking.Span]]:
        known = self._spans.get(words.page_id)
        if known is not None and known[0] is words:
            return known
        if self._sought is not None:
            return words, marking.mark(words, self._sought)
        return words, find(words, self.bar.field.text())

    def _go_to_fullest(self) -> None:
        """Look at the place that says most on the page that a search led to, once."""
        here = self._strip.page.id if self._strip.page is not None else ""
        _, spans = self._spans.get(here, (None, []))
        if here == self._led_to and spans:
            self._led_to = ""
            self._go_to(self._matches.index((here, marking.fullest(spans))))

    def _count(self) -> int:
        """Say how many places there are, and which of them is looked at; return how many pages
        are not read yet."""
        pages = [self.layer.of(page) for page in self._strip.list.pages]
        unread = sum(words is None or not words.read for words in pages)
        said = work_words.found(self.bar.field.text(), len(self._matches), unread)
        if self.layer.current is not None:
            at = self._matches.index(self.layer.current) + 1
            said = work_words.place_of(at, len(self._matches))
        self.bar.say(said)
        return unread

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Lie over the view wherever its edges go."""
        if event.type() == QEvent.Type.Resize:
            self._lie_over()
            self._lay_out()
        return False

    def _lie_over(self) -> None:
        """Let the bar not hide what is looked at."""
        found, at = self.layer.found, self.layer.current
        seen = on_view(found[at[0]][at[1]][0], self._view.place) if at is not None else None
        self.bar.lie_over(self._view, seen)

    def _lay_out(self) -> None:
        self.legend.adjustSize()
        self.legend.move(GRID, self._view.height() - self.legend.height() - GRID)
        self.legend.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def _key(page: Page) -> str:
    return f"{page.id}:{table_of(page)}:{page.read}"


def _place(words: PageWords, span: marking.Span) -> Place:
    """Return where some words stand."""
    lines = marking.lines_of(words.words[slice(*span)])
    return tuple(_around([QRectF(*word.part) for word in line]) for line in lines)


def _around(parts: Sequence[QRectF]) -> QRectF:
    whole = QRectF(parts[0])
    for part in parts[1:]:
        whole = whole.united(part)
    return whole
