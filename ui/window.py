"""The window: opens a home without blocking, then holds the places and passes keys to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from digitizer.app import App, Sends
from digitizer.errors import DigitizerError
from ui import wording
from ui.bridge import Bridge, Pool
from ui.folders import DeskFolders
from ui.icons import ICON, app_icon
from ui.keys import Command, Keys
from ui.office import Office
from ui.pictures import Pictures
from ui.scanning import Scanners, Scanning
from ui.screens.counter import Counter
from ui.screens.opening import Opening
from ui.screens.settings import SettingsScreen
from ui.theme import GRID, Theme
from ui.training import Launcher, Lesson
from ui.widgets.shortcuts import Shortcuts
from ui.widgets.training_mark import TrainingMark

if TYPE_CHECKING:
    from digitizer.training.course import Course

_RAIL_WIDTH = 16 * GRID
_SMALLEST = (120 * GRID, 75 * GRID)


class Window(QMainWindow):
    """The one window of the program.

    Signals:
        ready: The home is open and everything works.
    """

    ready = Signal()

    def __init__(
        self,
        open_app: Callable[[], App],
        scanners: Scanners,
        theme: Theme,
        course: Course | None = None,
    ) -> None:
        """``open_app`` opens the home and starts its lanes; it blocks and may raise. ``course``:
        the home is that of a training."""
        super().__init__()
        self._open_app = open_app
        self._scanners = scanners
        self._theme = theme
        self._course = course
        self.lesson: Lesson | None = None
        self.folders: DeskFolders | None = None
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
        self.opening = Opening(theme)
        self.counter = Counter(theme)
        self.settings = SettingsScreen(theme)
        self.places = QStackedWidget()
        self.places.addWidget(self.counter)
        self.places.addWidget(self.settings)
        self._rail = self._make_rail()
        inside = QWidget()
        line = QHBoxLayout(inside)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._rail)
        line.addWidget(self.places, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.opening)
        self._stack.addWidget(inside)
        self.setCentralWidget(self._stack if course is None else _marked(self._stack))
        self.shortcuts = Shortcuts(self._stack)
        self.keys = Keys(self)
        self.keys.pressed.connect(self._do)
        self.keys.digit.connect(self._digit)
        self.keys.barcode.connect(self.open_code)
        self.opening.again.connect(self.begin)
        self.counter.wants_settings.connect(lambda: self.go_to(1))
        self.counter.wants_profiles.connect(self._edit_profiles)
        self.counter.wants_folders.connect(self._look_at_folders)
        theme.changed.connect(self._dress)
        self._dress()

    def begin(self) -> None:
        """Open the home on a worker thread."""
        first = self.tr("Lần đầu, vẽ giấy tờ mẫu mất khoảng mười giây.")
        self.opening.show_opening("" if self._course is None else first)
        self.bridge.ask(self._open_app, self._opened, self._not_opened, pool=Pool.LONG)

    def go_to(self, place: int) -> None:
        """Show *Tại quầy* (0) or *Cài đặt* (1)."""
        self.places.setCurrentIndex(place)
        self._buttons.button(place).setChecked(True)
        if place == 1:
            self.settings.setFocus()
        elif self.office is not None and self.office.desk is None:
            self.counter.seek()
        else:
            self.counter.setFocus()

    def shut(self) -> None:
        """Stop what runs and let go of the home; every saved page stays. Blocks, briefly."""
        self.scanning.stop()
        self.bridge.close()
        if self.folders is not None:
            self.folders.close()
        if self.app is not None:
            self.app.close()
            self.app = None

    # --- the home ---------------------------------------------------------------------------

    def _opened(self, app: App) -> None:
        self.app = app
        office = Office(app, self.bridge, self)
        self.office = office
        pictures = Pictures(self.bridge, app.vault.path, self)
        office.settings_changed.connect(self._dress_as_chosen)
        self.counter.use(office, pictures, self.scanning)
        self.settings.use(office, self.bridge, self._scanners)
        self._stack.setCurrentIndex(1)
        office.begin()
        if self._scanners.watch is not None:
            self.folders = DeskFolders(office, self.bridge, self._scanners.watch, self)
            self.settings.use_folders(self.folders, office)
            self.folders.begin()
        notice = wording.recovered(app.recovered)
        if notice is not None:
            self.counter.banner.say(notice)
        self.counter.seek()
        if self._course is None:
            self._launcher = Launcher(app.home.root, office, self.bridge, self)
        else:
            self.lesson = Lesson(self._course, office, self.scanning, self.bridge, self)
        self.ready.emit()

    def _not_opened(self, error: DigitizerError) -> None:
        self.opening.show_trouble(error)

    def _dress_as_chosen(self) -> None:
        if self.office is not None:
            wishes = self.office.settings.wishes
            self._theme.dress(points=wishes.text, colours=wishes.colours)

    # --- keys -------------------------------------------------------------------------------

    def _do(self, command: Command) -> None:
        if self.office is None:
            return
        if command is Command.HELP:
            self.shortcuts.toggle()
        elif self.shortcuts.isVisible():
            self.shortcuts.hide()
            if command is not Command.STOP:
                self._do(command)
        elif self.places.currentIndex() == 0:
            self.counter.do(command)
        elif command is Command.PROFILE:
            self._edit_profiles()
        elif command in (Command.SCAN, Command.SCAN_GLASS, Command.FIND, Command.STOP):
            self.go_to(0)
            if command is not Command.STOP:
                self.counter.do(command)

    def _edit_profiles(self) -> None:
        self.go_to(1)
        self.settings.show_profiles()

    def _look_at_folders(self) -> None:
        self.go_to(1)
        self.settings.show_folders()

    def _digit(self, number: int) -> None:
        if self.office is not None and self.places.currentIndex() == 0:
            self.counter.choose(number)

    def open_code(self, typed: str) -> None:
        """Open the dossier whose mã hồ sơ a reader typed, or the start was asked for."""
        if self.office is not None:
            self.go_to(0)
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

    def _make_rail(self) -> QWidget:
        rail = QWidget(objectName="rail")
        rail.setMinimumWidth(_RAIL_WIDTH)
        column = QVBoxLayout(rail)
        column.setContentsMargins(0, GRID, 1, GRID)
        column.setSpacing(0)
        self._buttons = QButtonGroup(self)
        for place, text in enumerate((self.tr("Tại quầy"), self.tr("Cài đặt"))):
            button = QPushButton(text, checkable=True)
            button.setProperty("role", "place")
            button.setIconSize(ICON)
            self._buttons.addButton(button, place)
            column.addWidget(button)
        column.addStretch(1)
        self._practise = QPushButton(
            self.tr("Tập huấn") if self._course is None else self.tr("Kết thúc\ntập huấn")
        )
        self._practise.setProperty("role", "place")
        self._practise.setIconSize(ICON)
        self._practise.clicked.connect(self._start_or_end_training)
        column.addWidget(self._practise)
        self._help = QPushButton(self.tr("Phím tắt"))
        self._help.setProperty("role", "place")
        self._help.setIconSize(ICON)
        self._help.clicked.connect(lambda: self.shortcuts.toggle())
        column.addWidget(self._help)
        self._buttons.button(0).setChecked(True)
        self._buttons.idClicked.connect(self.go_to)
        return rail

    def _start_or_end_training(self) -> None:
        if self._course is not None:
            self.close()
        elif self._launcher is not None:
            self.go_to(0)
            self._launcher.start()

    def _dress(self) -> None:
        colour = self._theme.colour("ink_soft")
        names = ("desk", "settings")
        for place, name in enumerate(names):
            self._buttons.button(place).setIcon(self._theme.icons.icon(name, colour))
        self._practise.setIcon(self._theme.icons.icon("training", colour))
        self._help.setIcon(self._theme.icons.icon("keyboard", colour))


def opens(root: Path) -> Callable[[], App]:
    """Return the call that opens ``root`` for the window and starts its lanes."""
    return starts(lambda: App(root, "window", sends=Sends.FINISHED))


def starts(open_app: Callable[[], App]) -> Callable[[], App]:
    """Return the call that opens a home and starts its lanes."""

    def call() -> App:
        app = open_app()
        app.local.start()
        app.sync.start()
        return app

    return call


def _marked(content: QWidget) -> QWidget:
    """Return ``content`` under the strip that says what window this is."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(TrainingMark())
    column.addWidget(content, 1)
    return whole
