"""The counter's page work: keys and mouse on the strip and the page, led to the verbs.

Knows the three columns and the bar; what is scanned and which dossier is open is the counter's.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier, Page
from ui import work_words
from ui.commands import Command
from ui.cropping import HandCrop
from ui.moving import Moving
from ui.office import Office
from ui.page_verbs import PageVerbs
from ui.pictures import Pictures
from ui.reusing import Reusing
from ui.screens.reading_desk import ReadingDesk
from ui.theme import Theme
from ui.widgets.bar import Bar
from ui.widgets.columns import Columns
from ui.widgets.page_drag import PageDrag


class PageDesk(QObject):
    """Does what keys ask of the pages that are shown.

    Signals:
        seeking: A dossier for the chosen pages is to be found: what to ask; empty: no more.
    """

    seeking = Signal(str)

    def __init__(
        self,
        office: Office,
        columns: Columns,
        bar: Bar,
        pictures: Pictures,
        theme: Theme,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._office = office
        self._columns, self._bar = columns, bar
        self._strip, self._view = columns.strip, columns.view
        self.verbs = PageVerbs(office, self)
        self.moving = Moving(office, self.verbs, self)
        self.reusing = Reusing(office, bar, self)
        self.reusing.ended.connect(self._strip.setFocus)
        self.reading = ReadingDesk(office, columns, pictures, theme, self)
        self.cropping = HandCrop(self._view, self.verbs, self)
        self.cropping.asked.connect(bar.ask)
        self.cropping.ended.connect(lambda: self._strip.chosen.emit(self._strip.page))
        self._strip.chosen.connect(self.cropping.see)
        self.drag = PageDrag(self._strip, columns.papers)
        self.verbs.told.connect(bar.tell)
        self.verbs.leaving.connect(self._strip.let_go)
        self.verbs.settled.connect(self._strip.let_come)
        self.verbs.look.connect(self._strip.look_for)
        self.moving.asked.connect(bar.ask)
        self.moving.aimed.connect(columns.papers.aim)
        self.moving.seeking.connect(self.seeking)
        self.drag.dropped.connect(self._drop)
        self.drag.handed.connect(self._hand)
        self._strip.restored.connect(self._restore)
        self._strip.picked.connect(self._count_picks)
        self._whose = ""
        office.desk_changed.connect(self._see_to_dossier)
        self._two = False
        self._plain: dict[Command, Callable[[], None]] = {
            Command.UNDO: self.verbs.undo,
            Command.REDO: self.verbs.redo,
            Command.LARGE: self._enlarge,
            Command.FIRST_PAGE: lambda: self._strip.go_to(0),
            Command.LAST_PAGE: lambda: self._strip.go_to(len(self._strip.list.pages)),
            Command.CHOOSE_NEXT: lambda: self._strip.extend(1),
            Command.CHOOSE_PREVIOUS: lambda: self._strip.extend(-1),
            Command.CHOOSE_ALL: self._strip.choose_all,
            Command.LARGER: lambda: self._view.nearer(1),
            Command.SMALLER: lambda: self._view.nearer(-1),
            Command.WHOLE: self._view.whole,
            Command.BESIDE: self._turn_over_beside,
            Command.WORDS: self.reading.turn_over_words,
            Command.FIND_WORDS: self.reading.search,
            Command.NEXT_FOUND: lambda: self.reading.step(1),
            Command.PREVIOUS_FOUND: lambda: self.reading.step(-1),
            Command.REUSE: self.reusing.begin,
        }

    @property
    def picks(self) -> tuple[Page, ...]:
        """The chosen pages that count, in order."""
        return tuple(page for page in self._strip.picks if not page.deleted)

    @property
    def beside(self) -> Page | None:
        """The page that is shown beside the one looked at, where two are."""
        pages, page = self._strip.list.pages, self._strip.page
        if not self._two or page not in pages[:-1]:
            return None
        return pages[pages.index(page) + 1]

    def pan(self, dx: int, dy: int) -> bool:
        """Move over a page that is looked at nearer, or a corner of the frame it is cropped to."""
        if self.cropping.pan(dx, dy):
            return True
        return not self.moving.waits and self._view.pan(dx, dy)

    def open(self, dossier: Dossier) -> None:
        """Open the dossier that was found, or move pages there if it was looked for them."""
        if self.moving.seeks:
            self.moving.to_dossier(dossier)
        else:
            self._office.open(dossier.id)

    def open_code(self, code: str) -> None:
        """Do the same with the dossier that has this mã hồ sơ."""
        if self.moving.seeks:
            self.moving.to_code(code)
        else:
            self._office.open_code(code)

    def hand_code(self, typed: str) -> bool:
        """Move pages to the dossier whose code a reader typed, where that is what is looked for."""
        codes = dossier_codes(typed)
        if not self.moving.seeks or len(codes) != 1:
            return False
        self.moving.to_code(codes[0])
        return True

    def _see_to_dossier(self) -> None:
        """What was done in one dossier is not told in another: Ctrl+Z means another step there."""
        desk = self._office.desk
        whose = desk.dossier.id if desk is not None else ""
        if whose != self._whose:
            self._whose = whose
            self._bar.tell("")

    # --- keys -------------------------------------------------------------------------------

    def do(self, command: Command) -> bool:
        """Do what a key asks of pages; False where it asks for something else."""
        if self.moving.do(command) or self.cropping.do(command) or self.reusing.do(command):
            return True
        self._bar.tell("")
        page = self._strip.page
        if command is Command.NEXT_PAPER and (self._strip.at_bin or (page and page.deleted)):
            self._open_bin(page)
        elif command in (Command.NEXT_PAGE, Command.PREVIOUS_PAGE):
            self._step(1 if command is Command.NEXT_PAGE else -1)
        elif command in self._plain:
            self._plain[command]()
        else:
            return self._edit(command)
        return True

    def digit(self, number: int) -> bool:
        """Take a digit that says where pages go; False where none was asked for."""
        for asks in (self.moving, self.reusing):
            if asks.waits:
                asks.digit(number)
                return True
        return False

    def stop(self, *, scans: bool) -> bool:
        """Leave what is under way; False where nothing is, or a scan that is to be stopped
        before the choice of pages is (``scans``)."""
        if self.drag.going:
            self.drag.cancel()
        elif self.moving.waits:
            self.moving.cancel()
        elif self.reusing.waits:
            self.reusing.cancel()
        elif self.cropping.going:
            self.cropping.cancel()
        elif self.reading.close():
            self._strip.setFocus()
        elif len(self._strip.picks) > 1 and not scans:
            self._strip.go_to(self._strip.currentIndex().row())
        else:
            return False
        return True

    def _edit(self, command: Command) -> bool:
        """Do a verb on the chosen pages."""
        verbs = self.verbs
        live = self.picks
        acts: dict[Command, Callable[[], None]] = {
            Command.TURN_RIGHT: lambda: verbs.turn(live, 90),
            Command.TURN_LEFT: lambda: verbs.turn(live, 270),
            Command.DELETE: lambda: verbs.delete(live),
            Command.CROP: lambda: verbs.crop(live),
            Command.CROP_BY_HAND: lambda: self.cropping.begin(live[-1]),
            Command.KEEP: lambda: verbs.keep(live),
            Command.EARLIER: lambda: verbs.shift(live, -1),
            Command.LATER: lambda: verbs.shift(live, 1),
            Command.MOVE: lambda: self.moving.begin(live),
            Command.CUT: lambda: verbs.split(live),
            Command.JOIN: lambda: verbs.join(live[-1]),
        }
        if command not in acts:
            return False
        if live:
            acts[command]()
        elif self._strip.page is not None:
            self._bar.tell(work_words.IS_TAKEN_OUT)
        return True

    def _step(self, by: int) -> None:
        if not (self._columns.large and self._view.step(by)):
            self._strip.step(by)

    def _turn_over_beside(self) -> None:
        """Show the next page beside this one, or no more."""
        self._two = not self._two
        self._strip.chosen.emit(self._strip.page)

    def _enlarge(self) -> None:
        self._columns.enlarge(self._strip.page is not None and not self._columns.large)

    # --- the mouse, and what was taken out --------------------------------------------------

    def _drop(self, row: int) -> None:
        """Put the chosen pages before the page in this row."""
        pages, chosen = self._strip.list.pages, self.picks
        ids = {page.id for page in chosen}
        before = [page for page in pages[:row] if page.id not in ids]
        behind = [page for page in pages[row:] if page.id not in ids]
        if chosen and (*before, *chosen, *behind) != pages:
            after = before[-1].id if before else ""
            self.verbs.put_behind(chosen, chosen[0].paper_id, after)

    def _hand(self, paper_id: str) -> None:
        self.moving.begin(self.picks)
        self.moving.hand_to(paper_id)

    def _open_bin(self, page: Page | None) -> None:
        if page is None:
            self._strip.turn_over_bin()
        else:
            self._restore(page)

    def _restore(self, page: Page) -> None:
        """Bring a page back and look at the next one in the bin, else at this one."""
        if self._strip.page is not None and self._strip.page.id == page.id:
            self._strip.step_in_bin()
        self.verbs.restore([page])

    def _count_picks(self) -> None:
        picks = len(self._strip.selectionModel().selectedIndexes())
        self._bar.tell(work_words.picked(picks) if picks > 1 else "", standing=True)
