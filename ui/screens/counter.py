"""*Tại quầy*: the open dossier with its papers, pages and the big button; or the finder."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError
from digitizer.model import Page
from ui import scan_words, traffic_words, wording
from ui.commands import Command
from ui.office import Office
from ui.page_work import PageWork
from ui.paper_words import gone
from ui.pictures import Pictures
from ui.scanning import Scanning
from ui.screens.banner_acts import BannerActs
from ui.screens.finder import Finder
from ui.screens.page_desk import PageDesk
from ui.screens.scanning_on import ScanningOn
from ui.target import Target
from ui.theme import Theme
from ui.widgets.banner import Banner
from ui.widgets.bar import Bar
from ui.widgets.columns import Columns
from ui.widgets.header import Header

_SCANS = (Command.SCAN, Command.SCAN_GLASS, Command.SCAN_INSERT, Command.SCAN_REPLACE)


class Counter(QWidget):
    """The place where papers become pages.

    Signals:
        wants_settings: A banner's button leads there, to this ``wording.Part``.
        wants_profiles: The clerk wants to change how it scans.
        wants_folders: The clerk wants to see what waits in watched folders.
    """

    wants_settings = Signal(object)
    wants_profiles = Signal()
    wants_folders = Signal()

    def __init__(
        self, theme: Theme, header: Header, banner: Banner, parent: QWidget | None = None
    ) -> None:
        """``header`` and ``banner`` are the window's, above every place."""
        super().__init__(parent)
        self._theme = theme
        self._office: Office | None = None
        self._scanning: Scanning | None = None
        self._work: PageWork | None = None
        self.pages: PageDesk | None = None
        self._on: ScanningOn | None = None
        self._acts: BannerActs | None = None
        self._shown: tuple[str, str | None] | None = None
        self._wanted = ("", "")
        self.header, self.banner = header, banner
        self.finder = Finder(theme)
        self._columns = Columns(theme)
        self.papers, self.strip = self._columns.papers, self._columns.strip
        self.view = self._columns.view
        self.bar = Bar(theme)
        dossier = QWidget()
        column = QVBoxLayout(dossier)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._columns, 1)
        column.addWidget(self.bar)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.finder)
        self.stack.addWidget(dossier)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.stack, 1)
        self.strip.chosen.connect(self._look_at)

    def use(self, office: Office, pictures: Pictures, scanning: Scanning) -> None:
        """Show what this office does."""
        self._office, self._scanning = office, scanning
        self._work = PageWork(office, self)
        self.pages = PageDesk(office, self._columns, self.bar, pictures, self._theme, self)
        self.pages.seeking.connect(self._seek_for_pages)
        strip, show = self.strip, self._show_dossier
        self._on = ScanningOn(office, scanning, self.banner, strip, self._finding, show)
        self.finder.use(office, scanning)
        self.finder.scan.went.connect(self._on.bring_up)
        self.strip.use(pictures)
        self.view.use(pictures)
        office.desk_changed.connect(self._show_desk)
        office.paper_changed.connect(self._show_desk)
        office.traffic_changed.connect(self._show_traffic)
        office.profiles.changed.connect(self._show_profile)
        office.said.connect(self.banner.say)
        office.noted.connect(self.banner.note)
        office.revised.connect(self.banner.revise)
        office.settled.connect(self.banner.forget)
        office.offered.connect(self._offer)
        self.finder.opened.connect(self.pages.open)
        self.finder.typed_code.connect(self.pages.open_code)
        self.finder.made.connect(lambda code: office.make(code or None))
        self.papers.chosen.connect(office.choose_paper)
        self.papers.retried.connect(office.retry)
        self.bar.scan.connect(lambda: self._scan_as(Command.SCAN))
        self.bar.stop.connect(scanning.stop)
        self.bar.finish.connect(self._finish)
        self.bar.profile.chosen.connect(office.profiles.use)
        self.bar.profile.edit.connect(self.wants_profiles)
        scanning.changed.connect(self._show_scanning)
        scanning.saved.connect(office.expect)
        scanning.ended.connect(self._on.say)
        ways = self.wants_settings.emit, self.wants_folders.emit
        self._acts = BannerActs(office, self._work, self._on, *ways)
        self.banner.acted.connect(self._acts.do)
        self._show_profile()
        self._show_desk()

    @property
    def looked_at(self) -> str:
        """The id of the page that is looked at, or nothing."""
        return page.id if (page := self.strip.page) is not None else ""

    # --- what the clerk does ----------------------------------------------------------------

    def enter(self) -> None:
        """Look for a dossier, or work on at the open one."""
        if self._office is not None and self._office.desk is None:
            self.seek()
        else:
            self.setFocus()

    def do(self, command: Command) -> bool:
        """Do what a key asks for."""
        self._do(command)
        return True

    def digit(self, number: int) -> None:
        """Make the paper with this number current."""
        if self._office is None or self.pages is None or self._finding():
            return
        if not self.pages.digit(number):
            self._office.nth_paper(number)

    def pan(self, dx: int, dy: int) -> bool:
        """Move over the page; False where an arrow means something else."""
        return self.pages is not None and not self._finding() and self.pages.pan(dx, dy)

    def typing(self) -> QLineEdit | None:
        """Return the finder's field, while it can be seen: no letter can mean anything else."""
        return self.finder.field if self.finder.isVisible() else None

    def look_for(self, page_id: str | None, words: str = "") -> None:
        """Show this page once its dossier is open, with the words marked that it was found by;
        None: where work goes on."""
        self._wanted = (page_id or "", words)

    def _do(self, command: Command) -> None:
        office, scanning, pages = self._office, self._scanning, self.pages
        if office is None or scanning is None or pages is None:
            return
        shown = office.desk is not None and not self._finding()
        if command is Command.UNDO:
            self.banner.pass_by()
        if command is Command.STOP:
            self._stop()
        elif shown and pages.do(command):
            return
        elif command in _SCANS:
            self._scan_as(command)
        elif command is Command.FIND:
            self.seek()
        elif command is Command.PROFILE:
            self.bar.profile.open_menu(self if self._finding() else self.bar.profile)
        elif not shown:
            return
        elif command is Command.FINISH:
            office.finish()
        elif command in (Command.NEXT_PAPER, Command.PREVIOUS_PAPER):
            office.step_paper(1 if command is Command.NEXT_PAPER else -1)
        elif command is Command.WEAVE and self._work is not None:
            self._work.interleave()
        elif command is Command.FILE:
            self.banner.press_for(wording.Act.FILE)

    def _scan_as(self, command: Command) -> None:
        picks = self.pages.picks if self.pages is not None else ()
        if self._scanning is not None and self._scanning.turning:
            self._scanning.next_page()
        elif self._on is not None and (onward := self._on.meant(command)) is not None:
            self.banner.clear()
            self._on.go_on(onward)
        elif command is Command.SCAN_GLASS:
            self.scan(glass=True)
        elif command is Command.SCAN or not picks or self._finding():
            self.scan()
        elif command is Command.SCAN_INSERT:
            self.scan(after=picks[-1].id)
        else:
            self.scan(replaces=self.strip.choose_one().id)

    def scan(
        self, *, after: str | None = None, replaces: str | None = None, glass: bool = False
    ) -> None:
        """Scan into the paper that is current now, whatever is opened afterwards: behind the page
        ``after`` (None: the last one) or in the place of ``replaces``; ``glass``: page by page."""
        office, scanning = self._office, self._scanning
        if office is None or scanning is None:
            return
        if (busy := scanning.target) is not None:
            here = office.paper.id if office.desk and office.paper else None
            if not scanning.next_page() and busy.paper_id != here:
                self.banner.say(scan_words.busy(busy))
            return
        told = self.banner.notice
        jammed = told is not None and told.act is wording.Act.SCAN_ON and not told.for_stack
        if office.desk is None and jammed:
            self.banner.press_for(wording.Act.SCAN_ON)  # F5 is that button's key
            return
        if office.desk is None:
            self.banner.say(scan_words.open_first(self.banner.noted))
            if self._finding():  # what was typed stays
                self.finder.field.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.seek()
            return
        paper, dossier = office.paper, office.desk.dossier
        self.banner.clear()
        self._show_dossier()
        title = paper.name if paper else self.tr("Giấy tờ khác")
        name, here = dossier.holder or dossier.name, paper.id if paper else None
        target = Target(dossier.id, name, here, title, after, replaces, glass)
        scanning.start(office.app, target, office.profiles.current.profile)
        if self._on is not None:
            self._on.follow()

    def seek(self) -> None:
        """Look for a dossier; Esc goes back to the open one."""
        self.stack.setCurrentIndex(0)
        self.finder.begin()
        self._retell()

    def _seek_for_pages(self, asked: str) -> None:
        """Look for the dossier that pages go to, or no more."""
        if asked:
            self.stack.setCurrentIndex(0)
            self.finder.begin(asked)
        else:
            self._show_dossier()

    def _stop(self) -> None:
        if self._office is None or self.pages is None or self._scanning is None:
            return
        scans = self._scanning.target is not None
        if self._office.desk is not None and self._finding():
            self.pages.moving.cancel()
            self._show_dossier()
        elif self.pages.stop(scans=scans):
            return
        elif scans:
            self._scanning.stop()
        elif self._finding() and self.finder.field.text():
            self.finder.begin()
        elif self._columns.large:
            self._columns.enlarge(False)
        else:
            self.banner.clear()

    def _finish(self) -> None:
        if self._office is not None and self._office.desk is not None:
            done = self._office.desk.dossier.finished_at is not None
            (self._office.reopen if done else self._office.finish)()

    # --- what is shown ----------------------------------------------------------------------

    def _finding(self) -> bool:
        return self.stack.currentIndex() == 0

    def _show_desk(self) -> None:
        office = self._office
        if office is None:
            return
        desk = office.desk
        if desk is None:
            self._show_nothing(office)
            return
        paper = office.paper
        here = (desk.dossier.id, paper.id if paper else None)
        other = self._shown is None or self._shown[0] != here[0]
        anew, self._shown = here != self._shown, here
        self.header.show_dossier(desk.dossier, bindable=desk.bindable or desk.mistaken)
        self.bar.show_desk(desk)
        self._show_papers()
        self._columns.paper_name.say(paper.name if paper else "")
        here_still = paper is not None and paper.removed_at is None
        out = [page for page in paper.pages if page.deleted] if paper and here_still else []
        self.strip.show_pages(paper.live_pages if paper and here_still else (), out, anew=anew)
        if anew and self._on is not None:
            self._on.follow()
            self._look_at_wanted()
        self.strip.list.mark(frozenset(twin.page.id for twin in desk.twins))
        if other and self._scanning is not None and self._on is not None:
            target = self._scanning.target
            if target is not None and target.dossier_id == desk.dossier.id:
                self._on.look_for(target)
            elif self._scanning.turning:
                self._scanning.stop()  # nobody turns pages for the dossier before
            self._on.leave_dossier()
            self._show_dossier()
        self._retell()

    def _look_at_wanted(self) -> None:
        (page_id, words), self._wanted = self._wanted, ("", "")
        if page_id:
            self.strip.look_for(page_id)
        if words and self.pages is not None:
            self.pages.reading.mark(words)

    def _retell(self) -> None:
        if self._on is not None:
            self._on.retell()

    def _show_dossier(self) -> None:
        self.stack.setCurrentIndex(1)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._retell()

    def _show_nothing(self, office: Office) -> None:
        self.header.show_dossier(None)
        if office.opening:
            self.banner.pass_by()
            self.header.name.say(self.tr("Đang mở hồ sơ {0}").format(office.opening))
        self.strip.show_pages((), anew=True)
        if self._shown is not None or not self._finding():
            if self._shown is not None and self._on is not None:
                self._on.leave_dossier()
            self._shown = None
            self.seek()

    def _show_profile(self) -> None:
        if self._office is not None:
            self.bar.profile.show_profiles(self._office.profiles.all, self._office.profiles.current)

    def _show_papers(self) -> None:
        office, scanning = self._office, self._scanning
        if office is None or office.desk is None or scanning is None:
            return
        target = scanning.target
        into = target.paper_id if target is not None and not scanning.searching else None
        self.papers.show_desk(office.desk, office.paper_id, into)

    def _look_at(self, page: Page | None) -> None:
        beside = self.pages.beside if self.pages is not None else None
        self.view.show_page(page, self._hint() if page is None else "", beside)
        self._retell()

    def _hint(self) -> str:
        """Return what is said in the place of a page."""
        office, scanning = self._office, self._scanning
        if office is None or office.desk is None:
            return ""
        if self.strip.at_bin:
            return str(self.strip.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole))
        if office.paper is not None and office.paper.removed_at is not None:
            return gone(office.paper)
        target = scanning.target if scanning is not None else None
        if target is not None and target.paper_id == office.paper_id:
            return self.tr("Trang đầu tiên sẽ hiện ở đây.")
        if target is not None:
            return scan_words.busy_here(target)
        return self.tr("Chưa có trang nào.\nĐặt giấy vào máy quét rồi bấm F5.")

    def _show_traffic(self) -> None:
        office = self._office
        if office is None or office.traffic is None:
            return
        text = traffic_words.traffic(
            office.traffic, office.troubled_since, office.fetched_at, office.sent_in_round
        )
        stuck = office.traffic.outbox.stuck > 0 or office.traffic.local.paused is not None
        troubled = stuck or office.troubled_since is not None
        self.header.show_traffic(text, traffic_words.hint(office.traffic), troubled=troubled)

    def _show_scanning(self) -> None:
        if self._scanning is None or self._office is None:
            return
        desk, turning = self._office.desk, self._scanning.turning
        doing = self._scanning.doing(desk.dossier.id if desk is not None else "")
        self.bar.show_scanning(doing.text, doing.name, turning=bool(turning))
        self._show_papers()
        if self.strip.page is None:
            self._look_at(None)

    def _offer(self, code: str, why: DigitizerError) -> None:
        self.stack.setCurrentIndex(0)
        self.finder.offer(code, why)
