"""The window: opens a home without blocking, then holds the places and passes keys to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from digitizer.app import App
from ui import key_sheets, wording
from ui.asides import Aside
from ui.asides import make as make_aside
from ui.binding import binding_at
from ui.bridge import Bridge, Pool
from ui.clerks import DeskClerks
from ui.commands import PLACES, Command
from ui.desks import stacks_of
from ui.diskwatch import DiskWatch
from ui.encryption import encryption_at
from ui.explaining import explained
from ui.folders import DeskFolders
from ui.icons import app_icon
from ui.keys import Keys
from ui.language import say
from ui.newcomers import is_new
from ui.office import Office
from ui.pictures import Pictures
from ui.places import NAMES, TAKEN_BACK, Parts, Place, Screen, make
from ui.scanning import Scanners, Scanning
from ui.screens.counter import Counter
from ui.screens.opening import Opening
from ui.signing import DeskSigning
from ui.signposts import Signposts
from ui.theme import GRID, Theme
from ui.waits import Waits
from ui.webdesk import WebDesk
from ui.widgets.banner import Banner
from ui.widgets.explanation import Explanation
from ui.widgets.header import Header
from ui.widgets.rail import Rail
from ui.widgets.shortcuts import Shortcuts
from ui.widgets.training_mark import marked

if TYPE_CHECKING:
    from digitizer.training.course import Course
    from ui.screens.settings import SettingsScreen
    from ui.screens.stack import StackScreen
    from ui.training import Launcher, Lesson

_AT_COUNTER = (Command.SCAN, Command.SCAN_GLASS, Command.FIND, Command.PROFILE)
"""What is done at the counter where the place one is at has no use for it."""
_SMALLEST = (120 * GRID, 75 * GRID)


class Window(QMainWindow):
    """The one window of the program.

    Signals:
        ready: The home is open and everything works.
        reopens: The home has to be opened anew, by another window in the place of this one.
    """

    ready = Signal()
    reopens = Signal()

    def __init__(
        self,
        open_app: Callable[[], App],
        scanners: Scanners,
        theme: Theme,
        course: Course | None = None,
    ) -> None:
        """``open_app`` opens the home; it blocks and may raise. ``course``: of a training."""
        super().__init__()
        self._open_app = open_app
        self._scanners = scanners
        self._theme = theme
        self._course = course
        self.lesson: Lesson | None = None
        self.folders: DeskFolders | None = None
        self.web: WebDesk | None = None
        self._launcher: Launcher | None = None
        self.bridge = Bridge(self)
        self.app: App | None = None
        self.office: Office | None = None
        self.scanning = Scanning(self.bridge, scanners, self)
        name = self.tr("Số hóa hồ sơ")
        self.setWindowTitle(name if course is None else self.tr("TẬP HUẤN – {0}").format(name))
        self.setWindowIcon(app_icon())
        self.setMinimumSize(*_SMALLEST)
        self.resize(1366, 768)
        self.opening = Opening(theme, open_app)
        self.header, self.banner = Header(theme), Banner(theme)
        self.counter = Counter(theme, self.header, self.banner)
        self.place = Place.COUNTER
        self._screens: dict[Place, QWidget] = {Place.COUNTER: self.counter}
        self._parts: Parts | None = None
        self.clerks: DeskClerks | None = None
        self._signposts = Signposts(self._go_to_settings)
        self.aside: Aside | None = None
        self._asides: dict[Aside, QWidget] = {}
        self._places = QStackedWidget()
        self._places.addWidget(self.counter)
        self.rail = Rail(theme, training=course is not None)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self._places, 1)
        inside = QWidget()
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        line.addLayout(column, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.opening)
        self._stack.addWidget(inside)
        self.setCentralWidget(self._stack if course is None else marked(self._stack))
        self.shortcuts, self.explanation = Shortcuts(self._stack), Explanation(self._stack)
        self.explanation.asked.connect(lambda section: self.show_aside(Aside.GUIDE, section))
        self.keys = Keys(self)
        self.keys.pan, self.keys.typing = self._pan, self.counter.typing
        self.keys.pressed.connect(self._do)
        self.keys.digit.connect(lambda n: self._shown.digit(n) if self.office else None)
        self.keys.barcode.connect(self.open_code)
        self.opening.again.connect(self.begin)
        self.header.searched.connect(self._seek)
        self.header.asked.connect(self._show_outbox)
        self.header.clerk.edit.connect(self._signposts.clerks)
        self.banner.acted.connect(self._come_for)
        self.rail.chosen.connect(self.go_to)
        self.rail.practised.connect(self._start_or_end_training)
        self.rail.helped.connect(lambda: self.show_aside(Aside.GUIDE))
        self.counter.wants_settings.connect(self._signposts.part)
        self.counter.wants_profiles.connect(self._signposts.profiles)
        self.counter.wants_folders.connect(self._signposts.folders)
        self.counter.finder.scan.to_stack.connect(lambda: self.go_to(Place.STACK))

    def begin(self) -> None:
        """Open the home on a worker thread."""
        first = self.tr("Lần đầu, vẽ giấy tờ mẫu mất khoảng mười giây.")
        self.opening.show_opening("" if self._course is None else first)
        self.bridge.ask(self._open_app, self._opened, self.opening.show_trouble, pool=Pool.LONG)

    def go_to(self, place: Place) -> None:
        """Show a place; it is made the first time."""
        self.place, self.aside = place, None
        screen = self._screen(place)
        self._places.setCurrentWidget(screen)
        self.rail.show_place(place)
        self.banner.stand_at(TAKEN_BACK.get(place, wording.Act.NONE))
        if place is Place.COUNTER:
            self.header.show_counter()
        else:
            self.header.show_place(say(NAMES[place]), "")
        self.screen(place).enter()

    def show_aside(self, aside: Aside, section: str = "") -> None:
        """Show a page beside the places, at a section of it; it is made the first time."""
        if self._parts is None:
            return
        if aside not in self._asides:
            self._asides[aside] = make_aside(aside, self._parts)
            self._places.addWidget(self._asides[aside])
        self.aside = aside
        self._places.setCurrentWidget(self._asides[aside])
        self.rail.show_aside(aside)
        self.banner.stand_at(wording.Act.NONE)
        self.header.show_place(say(aside.value), "")
        self._shown.enter()
        if section:
            self._asides[aside].show_section(section)  # type: ignore[attr-defined]

    @property
    def _shown(self) -> Screen:
        """What takes keys now."""
        if self.aside is None:
            return self.screen(self.place)
        found: Screen = self._asides[self.aside]  # type: ignore[assignment]
        return found

    def screen(self, place: Place) -> Screen:  # type: ignore[override] # Qt's is of no use here
        """Return a place as what takes keys."""
        found: Screen = self._screen(place)  # type: ignore[assignment]
        return found

    @property
    def settings(self) -> SettingsScreen:
        """*Cài đặt*."""
        found: SettingsScreen = self._screen(Place.SETTINGS)  # type: ignore[assignment]
        return found

    @property
    def stack(self) -> StackScreen:
        """*Quét lô*."""
        found: StackScreen = self._screen(Place.STACK)  # type: ignore[assignment]
        return found

    def _screen(self, place: Place) -> QWidget:
        if place not in self._screens and self._parts is not None:
            self._screens[place] = make(place, self._parts)
            self._places.addWidget(self._screens[place])
        return self._screens[place]

    def shut(self) -> None:
        """Stop what runs and let go of the home; every saved page stays. Blocks, briefly."""
        self.scanning.stop()
        self.bridge.close()
        if self.folders is not None:
            self.folders.close()
        if self.web is not None:
            self.web.close()
        if self.app is not None:
            self.app.close()
            self.app = None

    # --- the home ---------------------------------------------------------------------------

    def _opened(self, app: App) -> None:
        self.app = app
        self.office = office = Office(app, self.bridge, self)
        pictures = Pictures(self.bridge, app.vault.shown, self)
        office.settings_changed.connect(self._dress_as_chosen)
        self.counter.use(office, pictures, self.scanning)
        self._stack.setCurrentIndex(1)
        office.begin()
        if self._scanners.watch is not None:
            self.folders = DeskFolders(office, self.bridge, self._scanners.watch, self)
            self.folders.begin()
        if (port := self._scanners.web_port) is not None:
            self.web = WebDesk(office, self.scanning, self.banner, port, self)
            self.keys.pressed.connect(self.web.do)
            self.web.begin()
        waits = Waits(office, self.bridge, self.folders, self)
        waits.changed.connect(lambda: self._show_counts(waits))
        self.clerks = DeskClerks(office, self.bridge, self)
        self.clerks.said.connect(self.banner.say)
        self.header.seat(self.clerks)
        DiskWatch(office, self.banner, self._signposts.disk, self)
        self._parts = Parts(
            theme=self._theme,
            bridge=self.bridge,
            office=office,
            pictures=pictures,
            scanning=self.scanning,
            scanners=self._scanners,
            folders=self.folders,
            web=self.web,
            stacks=stacks_of(self, app),
            go=self.go_to,
            show_page=self._show_page,
            waits=waits,
            look_at_folders=self._signposts.folders,
            clerks=self.clerks,
            mend_password=self._signposts.password,
            mend=self._signposts.part,
            receive=self._signposts.receive,
            owner=self,
            aside=self.show_aside,
            practise=self._start_or_end_training,
            spare=self.banner.spare,
            binding=binding_at(self, office),
            encryption=encryption_at(self, self._open_app, office),
            signing=DeskSigning(office, self.bridge, self.clerks, self),
            set_up_signing=self._signposts.signing,
        )
        self.scanning.changed.connect(lambda: self.banner.settle(self.scanning.target))
        if (notice := wording.recovered(app.recovered)) is not None:
            self.banner.say(notice)
        self.counter.seek()
        if self._course is None:
            self.bridge.ask(lambda: is_new(app), self._welcome)
        else:
            from ui.training import Lesson

            self.lesson = Lesson(self._course, office, self.scanning, self.bridge, self)
        self.ready.emit()

    def _welcome(self, new: bool) -> None:
        """Offer to set up what a home needs that was neither set up nor used."""
        office, there = self.office, self.place is Place.COUNTER and self.aside is None
        if new and there and office is not None and office.desk is None and not office.opening:
            self.show_aside(Aside.FIRST_RUN)

    def _show_counts(self, waits: Waits) -> None:
        self.rail.show_count(Place.TODAY, waits.tasks)
        self.rail.show_count(Place.TROUBLE, len(waits.troubles), urgent=True)
        self.rail.show_count(Place.OUTBOX, waits.leaving)
        self.banner.hang([row.key for row in waits.troubles])

    def _dress_as_chosen(self) -> None:
        if self.office is not None:
            wishes = self.office.settings.wishes
            self._theme.dress(points=wishes.text, colours=wishes.colours)

    # --- keys -------------------------------------------------------------------------------

    def _do(self, command: Command) -> None:
        if self.office is None:
            self.opening.do(command)
        elif command is Command.HELP:
            self.shortcuts.toggle(key_sheets.at(self.place))
        elif command is Command.EXPLAIN:
            name = NAMES[self.place] if self.aside is None else self.aside.value
            self.explanation.explain(say(name), explained(self.aside or self.place))
        elif command is Command.CLERK:
            self.header.change_clerk()
        elif command is Command.SIGN:
            self.show_aside(Aside.SIGN)
        elif command in PLACES:
            self.go_to(Place[PLACES[command]])
        elif command is Command.HISTORY:
            self.show_aside(Aside.HISTORY, self.counter.looked_at)
        elif command is Command.BIND and self._parts is not None:
            self._parts.binding.press()
        elif not self._shown.do(command):
            if command in _AT_COUNTER:
                self.go_to(Place.COUNTER)
                self.counter.do(command)
            elif command is Command.STOP:
                self.go_to(Place.COUNTER if self.aside is None else self.place)

    def _pan(self, dx: int, dy: int) -> bool:
        """Move over the page that is looked at nearer, at the counter."""
        free = self.place is Place.COUNTER and not self.shortcuts.isVisible()
        return free and self.counter.pan(dx, dy)

    def _seek(self) -> None:
        self.go_to(Place.COUNTER)
        self.counter.seek()

    def _show_outbox(self) -> None:
        """Show what waits to be sent; without a place to send to, lead to where it is set."""
        traffic = self.office.traffic if self.office else None
        there = traffic is None or traffic.server
        self.go_to(Place.OUTBOX) if there else self._signposts.server()

    def _come_for(self, notice: wording.Notice) -> None:
        """Go where what a banner's button does can be seen."""
        if notice.for_stack:
            self.go_to(Place.STACK)
            self.stack.act(notice)
        elif notice.act is wording.Act.PASSWORD:
            self._signposts.password(notice.clerk)
        elif notice.act is wording.Act.SEE_MARKED:
            self.show_aside(Aside.MARKED, notice.pages[0])
        elif notice.act not in wording.STAYING:
            self.go_to(Place.COUNTER)

    def _go_to_settings(self) -> SettingsScreen:
        self.go_to(Place.SETTINGS)
        return self.settings

    def _show_page(
        self, dossier_id: str, paper_id: str | None, page_id: str | None, words: str = "", /
    ) -> None:
        if self.office is not None:
            self.go_to(Place.COUNTER)
            self.counter.look_for(page_id, words)
            self.office.open(dossier_id, paper_id)

    def open_code(self, typed: str) -> None:
        """Open the dossier whose mã hồ sơ a reader typed, or the start was asked for."""
        if self.office is not None:
            here, pages = self.place is Place.COUNTER, self.counter.pages
            asked = here and pages is not None and pages.hand_code(typed)
            self.go_to(Place.COUNTER)
            if not asked and (self._parts is None or not self._parts.binding.asks(typed)):
                self.office.open_code(typed)

    # --- Qt ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Listen to keys in front of every widget, as soon as there is a native window."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.removeEventFilter(self.keys)
            handle.installEventFilter(self.keys)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop a running scan; its pages are safe, so nothing is asked."""
        self.scanning.stop()
        super().closeEvent(event)

    def _start_or_end_training(self) -> None:
        if self._course is not None:
            self.close()
        elif self.app is not None and self.office is not None:
            from ui.training import Launcher

            if self._launcher is None:
                self._launcher = Launcher(self.app.home.root, self.office, self.bridge, self)
            self.go_to(Place.COUNTER)
            self._launcher.start()
