"""*Cài đặt lần đầu*: the scanner, the procedure system, a page of trial. Each can be left out.

Shown by itself where a home was neither set up nor used, and from *Cài đặt*. The page of trial is
seen here and nowhere else: it is in no dossier and is sent nowhere.
"""

from __future__ import annotations

import threading

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from digitizer.errors import DigitizerError, FeederEmpty, ScanCancelled
from digitizer.policy import PROFILES
from digitizer.scanning import Capabilities
from ui import newcomers
from ui.bridge import Pool
from ui.commands import Command
from ui.language import say, trouble
from ui.locks import reason
from ui.newcomers import Trial
from ui.places import Parts, Place
from ui.screens.server import ServerSection
from ui.theme import GRID
from ui.widgets.choice import Choice
from ui.widgets.dressed import dressed
from ui.widgets.form import Words, beside, section
from ui.widgets.trial_page import TrialPage

_SCANS = (Command.SCAN, Command.SCAN_GLASS, Command.SCAN_INSERT, Command.SCAN_REPLACE)
_SIGN = 18
_NAME = 16
_AS_LONG = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class FirstRun(QWidget):
    """Three lines that fill themselves, and a way on."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._office = parts.office
        self._found: list[Capabilities] = []
        self._searching = False
        self._stop = threading.Event()
        self._scanning = self._answered = False
        self._done = {"scanner": False, "server": False, "trial": False}
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme = parts.theme
        self.device = Choice(theme)
        self.device.setMinimumContentsLength(_NAME)
        self.device.setSizeAdjustPolicy(_AS_LONG)
        self.look = QPushButton(self.tr("Tìm lại"))
        self.device_said = Words("soft")
        self.server = ServerSection(theme, parts.office)
        self.scan = QPushButton(self.tr("Quét trang thử  F5"))
        self.scan.setProperty("role", "main")
        self.trial_said = Words("soft")
        self.page = TrialPage(theme)
        self.page.say(self.tr("Trang thử hiện ở đây.\nTrang này chỉ để xem, không được lưu."))
        self.skip = QPushButton(self.tr("Bỏ qua"))
        self.practise = QPushButton(self.tr("Tập huấn"))
        self.start = QPushButton(self.tr("Bắt đầu  Ctrl+Enter"))
        self.start.setProperty("role", "main")
        self._signs = {name: QLabel() for name in self._done}
        self._steps = {name: QLabel() for name in self._done}
        self._lay_out()
        self.device.activated.connect(self._choose)
        self.look.clicked.connect(self.look_for_scanners)
        self.server.checked.connect(self._server_checked)
        self._settled = QTimer(self, singleShot=True, interval=0)
        self._settled.timeout.connect(self._show_answer)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_answer_shown)
        self.scan.clicked.connect(self._scan_or_stop)
        self.skip.clicked.connect(self._leave)
        self.start.clicked.connect(self._leave)
        self.practise.clicked.connect(self._leave_to_practise)
        theme.changed.connect(self._dress)
        self._dress()

    def enter(self) -> None:
        """Look for scanners, the first time by itself."""
        self.setFocus()
        if not self._found:
            self.look_for_scanners()

    def do(self, command: Command) -> bool:
        """Scan the page of trial (nothing is scanned into a dossier from here), or begin."""
        if command in _SCANS:
            if self.scan.isEnabled() and not self._scanning:
                self._scan_or_stop()
            return True
        if command is Command.FINISH and self.start.isVisible():
            self._leave()
            return True
        if command is Command.STOP and self._scanning:
            self._stop.set()
            return True
        return False

    def digit(self, number: int) -> None:
        """Means nothing here."""

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Nobody sees the page any more: end its scan."""
        self._stop.set()
        super().hideEvent(event)

    # --- what is shown ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = self._column = dressed("ground", QWidget())
        inside = QVBoxLayout(column)
        inside.setContentsMargins(3 * GRID, 0, 3 * GRID, 2 * GRID)
        inside.setSpacing(GRID // 2)
        hello = Words("soft")
        hello.setText(
            self.tr(
                "Ba việc để làm được ngay. Việc nào chưa tiện thì bỏ qua, làm sau trong Cài đặt."
            )
        )
        section(
            inside,
            self.tr("Máy quét"),
            (self.tr("Máy quét dùng ở đây"), beside(self.device, self.look)),
            ("", self.device_said),
        )
        inside.addWidget(self.server)
        inside.addStretch(1)
        scroll = self._scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(column)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(scroll, 3)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 3 * GRID, 2 * GRID)
        right.setSpacing(GRID)
        right.addWidget(self.page, 1)
        right.addWidget(self.trial_said)
        right.addWidget(self.scan)
        both.addLayout(right, 2)
        bar = dressed("bar", QWidget())
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        below = QHBoxLayout(bar)
        below.setContentsMargins(3 * GRID, GRID, 3 * GRID, GRID)
        below.setSpacing(GRID)
        below.addWidget(self.skip)
        below.addStretch(1)
        below.addWidget(self.practise)
        below.addWidget(self.start)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        above = QVBoxLayout()
        above.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, GRID)
        above.setSpacing(GRID)
        above.addWidget(hello)
        above.addWidget(self._step_line())
        whole.addLayout(above)
        whole.addLayout(both, 1)
        whole.addWidget(bar)

    def _step_line(self) -> QWidget:
        """Return the line that tells how far one is: a shape and words for each of the three."""
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        for name in self._done:
            line.addWidget(self._signs[name])
            line.addWidget(self._steps[name])
            line.addSpacing(3 * GRID)
        line.addStretch(1)
        return row

    def _dress(self) -> None:
        """Show what is done, and which ways on there are."""
        titles = {
            "scanner": (self.tr("Máy quét: chưa có"), self.tr("Máy quét: đã tìm thấy")),
            "server": (self.tr("Hệ thống: chưa kết nối"), self.tr("Hệ thống: kết nối được")),
            "trial": (self.tr("Trang thử: chưa quét"), self.tr("Trang thử: được")),
        }
        theme = self._parts.theme
        for name, done in self._done.items():
            shape, tone = ("sent", "good") if done else ("empty", "ink_soft")
            ratio = self.devicePixelRatio()
            self._signs[name].setPixmap(theme.icons.pixmap(shape, theme.colour(tone), _SIGN, ratio))
            self._steps[name].setText(titles[name][done])
        ready = all(self._done.values())
        self.skip.setVisible(not ready)
        self.practise.setVisible(ready)
        self.start.setVisible(ready)
        for button in (self.scan, self.server.check):  # one stands out: what to do next
            button.setProperty("role", "main" if button is self._following() else None)
            button.style().polish(button)
        self._let_scan()
        self._scroll.setMinimumWidth(self._column.minimumSizeHint().width())  # no field is cut

    def _following(self) -> QPushButton | None:
        """Return the button of what can be done next: a page of trial needs nothing typed, so it
        goes first once there is a scanner. None: the ways on stand out."""
        if self._done["scanner"] and not self._done["trial"]:
            return self.scan
        return None if self._done["server"] else self.server.check

    def _let_scan(self) -> None:
        usable = any(one.sources for one in self._found)
        why_not = ""
        if not usable:
            why_not = (
                self.tr("Đang tìm máy quét") if self._searching else self.tr("Chưa có máy quét")
            )
        self.scan.setEnabled(not why_not)
        self.scan.setToolTip(why_not)
        self.scan.setAccessibleDescription(why_not)
        self.scan.setText(self.tr("Dừng  Esc") if self._scanning else self.tr("Quét trang thử  F5"))

    # --- the scanner ------------------------------------------------------------------------

    def look_for_scanners(self) -> None:
        """Ask every driver what is connected; takes seconds, meanwhile everything works."""
        if self._searching:
            return
        self._searching = True
        self.look.setEnabled(False)
        self.look.setToolTip(self.tr("Đang tìm máy quét"))
        self.look.setAccessibleDescription(self.tr("Đang tìm máy quét"))
        self.device.explain(self.tr("Đang tìm máy quét…"))
        self.device_said.setText(self.tr("Có thể mất nửa phút. Làm việc khác trước cũng được."))
        self._let_scan()
        self._parts.bridge.ask(
            self._parts.scanners.devices, self._devices_found, self._not_found, pool=Pool.LONG
        )

    def _devices_found(self, found: list[Capabilities]) -> None:
        self._found = found
        self._office.profiles.know(found)
        usable = [one for one in found if one.sources]
        options: dict[str, object] = {}
        for one in found:
            name = one.device.name or one.device.id
            name = name if name not in options else f"{name} · {one.device.id}"
            options[name if one.sources else self.tr("{0} (đang bận)").format(name)] = one.device.id
        self.device.offer(options)
        current = self._office.profiles.current.profile.device
        ids = [one.device.id for one in usable]
        if ids:
            self.device.choose(current if current in ids else ids[0])
        if not found:
            said = self.tr(
                "Không tìm thấy máy quét. Xem: máy đã bật chưa, cáp đã cắm chặt chưa, máy quét qua "
                "mạng có cùng mạng với máy tính này không. Rồi bấm Tìm lại."
            )
        elif not usable:
            said = self.tr("Máy quét đang bận: đóng phần mềm quét khác rồi bấm Tìm lại.")
        else:
            said = self.tr("Tìm thấy {0} máy quét.").format(len(found))
        self._ended_search(said, done=bool(usable))

    def _not_found(self, error: DigitizerError) -> None:
        self._ended_search(f"✗ {trouble(error)}", done=False)

    def _ended_search(self, said: str, *, done: bool) -> None:
        self._searching = False
        self.device.explain(self.tr("Chưa thấy máy quét nào"))
        self.look.setEnabled(True)
        self.look.setToolTip("")
        self.look.setAccessibleDescription("")
        policy = self._office.app.policy
        if policy.locks(PROFILES):
            said = f"{said} {reason(policy)}."
        self.device_said.setText(said)
        self._done["scanner"] = done
        self._dress()

    def _choose(self) -> None:
        """Let the profile in use take this scanner."""
        current = self._office.profiles.current
        device = self.device.value
        if self._office.app.policy.locks(PROFILES) or not device:
            return
        if current.profile.device != device:
            named = replace(current, profile=replace(current.profile, device=device))
            self._office.profiles.keep(named, current.name, self._chosen)

    def _chosen(self, error: DigitizerError | None) -> None:
        if error is not None:
            self.device_said.setText(f"✗ {trouble(error)}")

    # --- the server, the page of trial ------------------------------------------------------

    def _server_checked(self, error: DigitizerError | None) -> None:
        self._done["server"], self._answered = error is None, True
        self._dress()
        self._settled.start()

    def _keep_answer_shown(self) -> None:
        """The form got longer: with the lines of the answer, which get their place bit by bit."""
        if self._answered:
            self._settled.start()

    def _show_answer(self) -> None:
        """Bring what the server answered into view, now that its lines have their place."""
        self._scroll.ensureWidgetVisible(self.server.said, 0, 2 * GRID)

    def _scan_or_stop(self) -> None:
        if self._scanning:
            self._stop.set()
            return
        self._choose()
        self._stop = stop = threading.Event()
        self._scanning = True
        self.trial_said.setText(self.tr("Đang quét một trang…"))
        self._let_scan()
        wish = replace(self._office.profiles.current.profile, device=self.device.value or "")
        app, scanners, found = self._office.app, self._parts.scanners, list(self._found)
        self._parts.bridge.ask(
            lambda: newcomers.scan_trial(app, scanners, found, wish, stop),
            self._scanned,
            self._not_scanned,
            pool=Pool.LONG,
        )

    def _scanned(self, trial: Trial) -> None:
        self._scanning = False
        dpi = self.tr("{0} dpi").format(trial.dpi) if trial.dpi else self.tr("không rõ dpi")
        colour = self.tr("màu") if trial.colour else self.tr("không màu")
        said = self.tr("✓ {0} × {1} điểm ảnh · {2} · {3}. Không được lưu.").format(
            trial.width, trial.height, dpi, colour
        )
        self.trial_said.setText(said)
        self.page.show_picture(trial.picture, said)
        self._done["trial"] = True
        self._dress()

    def _not_scanned(self, error: DigitizerError) -> None:
        self._scanning = False
        said = f"✗ {trouble(error)}"
        if isinstance(error, FeederEmpty):
            said = self.tr("Đặt một tờ giấy vào khay hoặc lên mặt kính rồi bấm Quét trang thử.")
        elif isinstance(error, ScanCancelled):
            said = say(error.title) + "."
        self.trial_said.setText(said)
        self._let_scan()

    # --- the way on -------------------------------------------------------------------------

    def _leave(self) -> None:
        self._choose()
        app = self._office.app
        self._parts.bridge.ask(lambda: newcomers.welcomed(app))
        self._parts.go(Place.COUNTER)

    def _leave_to_practise(self) -> None:
        self._leave()
        self._parts.practise()
