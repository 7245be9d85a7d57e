"""*Quét lô*: a stack is fed, falls apart by itself, is looked through and accepted.

Nothing of it is sent before. What is on the screen is ``ui.stacks``'s; what a key means to a page
of it is said here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from digitizer.model import Page
from digitizer.stacking import Stack
from digitizer.stacks import Into
from ui import stack_choices, stack_words, wording
from ui.commands import Command
from ui.finding import AsTyped, Named, named
from ui.places import Parts, Place
from ui.screens.stack_feeding import StackFeeding
from ui.widgets.stack_bar import StackBar
from ui.widgets.stack_chooser import StackChooser
from ui.widgets.stack_columns import StackColumns
from ui.widgets.stack_empty import StackEmpty


class StackScreen(QWidget):
    """The place where a stack becomes dossiers."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._stacks = parts.stacks
        self._shown = ""
        self._moving: tuple[str, ...] = ()
        self.chooser = StackChooser(parts.theme)
        self.columns = StackColumns(parts.theme)
        self.strip, self.view = self.columns.strip, self.columns.view
        self.choices = self.columns.choices
        self._sought = AsTyped(
            parts.bridge, lambda typed: named(parts.office.app, typed), self._show_found, self
        )
        self.bar = StackBar(parts.theme)
        self._pages = QStackedWidget()
        self._pages.addWidget(StackEmpty(parts.theme))
        self._pages.addWidget(self.columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.chooser)
        column.addWidget(self._pages, 1)
        column.addWidget(self.bar)
        self.feeding = StackFeeding(parts, self.strip, self)
        self.strip.use(parts.pictures)
        self.view.use(parts.pictures)
        self.chooser.chosen.connect(self._choose_stack)
        self.strip.chosen.connect(self._look_at)
        self.strip.dropped.connect(self._drop_on_paper)
        self.columns.groups.wanted.connect(self._go_to_dossier)
        self.columns.groups.dropped.connect(self._drop_on_dossier)
        self.choices.chosen.connect(self._place)
        self.bar.scan.connect(self.feeding.scan)
        self.bar.stop.connect(parts.scanning.stop)
        self.bar.following.connect(lambda: self._next_doubt(1))
        self.bar.accept.connect(self._accept)
        self.bar.profile.chosen.connect(parts.office.profiles.use)
        self.bar.profile.edit.connect(lambda: parts.go(Place.SETTINGS))
        parts.office.profiles.changed.connect(self._show_profile)
        parts.scanning.changed.connect(self._show_feeding)
        self.feeding.changed.connect(self._show_feeding)
        self._stacks.changed.connect(self._show)
        self._show_profile()
        self._show()

    # --- what the clerk does ----------------------------------------------------------------

    def enter(self) -> None:
        """Take the focus."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def digit(self, number: int) -> None:
        """Choose the place with this number, where it is asked for."""
        if self.columns.choosing:
            self.choices.digit(number)

    def act(self, notice: wording.Notice) -> None:
        """Do what the button of a banner says about a stack."""
        if notice.act is wording.Act.TAKE_BACK:
            self._stacks.take_back()
        elif notice.ended is not None:
            self.feeding.start(notice.ended.onward)

    def do(self, command: Command) -> bool:
        """Do what a key asks for."""
        if command is Command.STOP:
            return self._stop()
        if command is Command.SCAN:
            self.feeding.scan()
        elif command is Command.SCAN_INSERT:
            self.feeding.scan_on()
        elif command is Command.PROFILE:
            self.bar.profile.open_menu(self.bar.profile)
        elif command is Command.FINISH:
            self._accept()
        elif command is Command.UNDO:
            self._stacks.undo()
        elif command is Command.REDO:
            self._stacks.redo()
        elif self.columns.choosing:
            return self._choose(command)
        else:
            return self._look(command) or self._edit(command)
        return True

    def _choose(self, command: Command) -> bool:
        """Do what a key asks for while it is asked where pages go."""
        if command in (Command.NEXT_PAGE, Command.PREVIOUS_PAGE):
            self.choices.step(1 if command is Command.NEXT_PAGE else -1)
        elif command is Command.NEXT_PAPER:
            self.choices.take()
        else:
            return False
        return True

    def _look(self, command: Command) -> bool:
        strip, columns = self.strip, self.columns
        if command in (Command.NEXT_PAPER, Command.PREVIOUS_PAPER):
            self._next_doubt(1 if command is Command.NEXT_PAPER else -1)
        elif command in (Command.NEXT_PAGE, Command.PREVIOUS_PAGE):
            by = 1 if command is Command.NEXT_PAGE else -1
            if not (columns.large and self.view.step(by)):
                strip.step(by)
        elif command in (Command.FIRST_PAGE, Command.LAST_PAGE):
            strip.to_end(first=command is Command.FIRST_PAGE)
        elif command in (Command.CHOOSE_NEXT, Command.CHOOSE_PREVIOUS):
            strip.choose_more(1 if command is Command.CHOOSE_NEXT else -1)
        elif command is Command.CHOOSE_ALL:
            strip.selectAll()
        elif command is Command.LARGE:
            columns.enlarge(strip.page is not None and not columns.large)
        else:
            return False
        return True

    def _edit(self, command: Command) -> bool:
        """Do what a key asks to be done to the page looked at, or to all that are chosen."""
        stack, page = self._stacks.stack, self.strip.page
        if stack is None or page is None:
            return False
        chosen = self.strip.chosen_pages or [page.id]
        if command is Command.CUT:
            self._ask(stack, page, [one.id for one in stack.from_here(page.id)])
        elif command is Command.MOVE:
            self._ask(stack, page, chosen)
        elif command is Command.JOIN:
            self._join(stack, page)
        elif command is Command.FILE:
            self._file(stack, page)
        elif command is Command.KEEP:
            self._find_right(stack, chosen)
        elif command is Command.DELETE:
            self._stacks.delete(chosen)
        elif command in (Command.TURN_RIGHT, Command.TURN_LEFT):
            self._stacks.turn(chosen, 90 if command is Command.TURN_RIGHT else 270)
        else:
            return False
        return True

    def _ask(self, stack: Stack, page: Page, pages: list[str]) -> None:
        """Ask where pages go, in the place of the list of dossiers."""
        self._moving = tuple(pages)
        number = next(at for at, one in enumerate(stack.pages, start=1) if one.id == pages[0])
        which = self.tr("Trang {0}").format(number)
        if len(pages) > 1:
            which = self.tr("{0} trang từ trang {1}").format(len(pages), number)
        self.columns.enlarge(False)
        self.columns.show_choices(True)
        self.choices.offer(
            self.tr("Chuyển {0} vào").format(wording.lower(which)),
            stack_choices.near(stack, page.id),
            self._sought.ask,
        )

    def _show_found(self, typed: str, found: Named) -> None:
        stack = self._stacks.stack
        unsorted = stack.unsorted if stack is not None else ""
        self.choices.show_found(typed, stack_choices.sought(found, unsorted))

    def _place(self, into: Into) -> None:
        pages, self._moving = self._moving, ()
        self._leave_choices()
        if pages:
            self._stacks.place(pages, into)

    def _leave_choices(self) -> None:
        self.columns.show_choices(False)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _join(self, stack: Stack, page: Page) -> None:
        """Take the cut before the page away: its run goes on with the paper before it."""
        run = stack.run_of(page.id)
        before = stack.before(run) if run is not None else None
        if run is not None and before is not None:
            into = Into(paper=before.paper.id, part=before.paper.part)
            self._stacks.place([one.id for one in run.pages], into)
        else:
            self._parts.office.said.emit(stack_words.NOTHING_BEFORE)

    def _file(self, stack: Stack, page: Page) -> None:
        """Put the page, and what belongs to it, where its title says."""
        doubt, run = stack.doubt(page.id), stack.run_of(page.id)
        if doubt is not None and doubt.proposal is not None and run is not None:
            into = Into(dossier=run.dossier.id, part=doubt.proposal.part)
            self._stacks.place([one.id for one in stack.titled_from(page.id)], into)

    def _find_right(self, stack: Stack, chosen: list[str]) -> None:
        """Find the pages right as they are, and go on to the next that is not."""
        right = [doubt for doubt in stack.doubts if doubt.page.id in chosen]
        if right:
            self._next_doubt(1)
            self._stacks.find_right(right)

    def _next_doubt(self, by: int) -> None:
        stack, page = self._stacks.stack, self.strip.page
        if stack is None or not stack.doubts:
            return
        ids = [doubt.page.id for doubt in stack.doubts]
        at = ids.index(page.id) + by if page is not None and page.id in ids else min(by, 0)
        self.strip.go_to_page(ids[at % len(ids)])

    def _accept(self) -> None:
        stack = self._stacks.stack
        if stack is None or self.columns.choosing:
            return
        if stack.ready:
            self._stacks.accept()
        else:
            self._parts.office.said.emit(stack_words.cannot_accept(stack))

    def _stop(self) -> bool:
        if self.columns.choosing:
            self._leave_choices()
        elif self._parts.scanning.target is not None:
            self._parts.scanning.stop()
        elif self.columns.large:
            self.columns.enlarge(False)
        else:
            return False
        return True

    def _choose_stack(self, stack_id: str) -> None:
        self._stacks.choose(stack_id)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to_dossier(self, dossier_id: str) -> None:
        """Look at what a dossier has to be looked at for, else at its first page."""
        stack = self._stacks.stack
        if stack is None:
            return
        mine = [page for one in stack.groups if one.dossier.id == dossier_id for page in one.pages]
        doubtful = [one.page.id for one in stack.doubts if one.page in mine]
        if mine:
            self.strip.go_to_page(doubtful[0] if doubtful else mine[0].id)

    def _drop_on_paper(self, pages: list[str], paper_id: str) -> None:
        self._stacks.place(pages, Into(paper=paper_id))

    def _drop_on_dossier(self, pages: list[str], dossier_id: str) -> None:
        self._stacks.place(pages, Into(dossier=dossier_id))

    # --- what is shown ----------------------------------------------------------------------

    def _show(self) -> None:
        stacks, stack = self._stacks, self._stacks.stack
        anew = stacks.current != self._shown
        self._shown = stacks.current
        if anew and self.columns.choosing:
            self._leave_choices()
        self._pages.setCurrentIndex(1 if stacks.current else 0)
        self.chooser.setVisible(bool(stacks.waiting or stacks.current))
        self.chooser.show_stacks(stacks.waiting, stacks.current, stack)
        if anew or stack is None:
            self.strip.begin(follow=stack is None or stack.running)
        elif not self.strip.film.rows and not stack.running:
            self.strip.begin(follow=stack.broke_off)  # its last page says where to go on
        self.strip.show_rows(stacks.shown.rows if stacks.shown is not None else ())
        self.bar.show_stack(stack)
        self._show_feeding()

    def _look_at(self, page: Page | None) -> None:
        stack = self._stacks.stack
        hint = self.tr("Trang đầu tiên sẽ hiện ở đây.") if self.feeding.fed else ""
        self.view.show_page(page, hint)
        doubt = stack.doubt(page.id) if stack is not None and page is not None else None
        words = ""
        if stack is not None and page is not None:
            where = stack_words.where(stack, page.id)
            words = stack_words.reason(stack, doubt) if doubt else where
        self.columns.reason.say(words, doubtful=doubt is not None)
        run = stack.run_of(page.id) if stack is not None and page is not None else None
        shown = self._stacks.shown
        self.columns.groups.show_lines(shown.lines if shown else (), run.dossier.id if run else "")

    def _show_feeding(self) -> None:
        doing = self.feeding.doing
        self.bar.show_scanning(doing.text, doing.name, on=self.feeding.on)

    def _show_profile(self) -> None:
        profiles = self._parts.office.profiles
        self.bar.profile.show_profiles(profiles.all, profiles.current)

    # --- Qt ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Follow what happens to the stack that is reviewed."""
        super().showEvent(event)
        self._stacks.watch(seen=True)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Leave it alone."""
        super().hideEvent(event)
        self._stacks.watch(seen=False)
