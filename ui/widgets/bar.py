"""The bottom bar: the one big button, how it scans, how many pages are safe, what is missing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from digitizer.digitized import digitized
from ui import light_words, wording
from ui.reads import Desk
from ui.theme import GRID, Theme
from ui.widgets.light import LightSign
from ui.widgets.profile_button import ProfileButton
from ui.widgets.quiet_line import QuietLine
from ui.widgets.scan_button import ScanButton, lay_out
from ui.widgets.shortened import Shortened


class Bar(QWidget):
    """Signals say what was pressed; keys do the same without it."""

    scan = Signal()
    stop = Signal()
    finish = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scanning = self._turning = False
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.scan_button = ScanButton(theme)
        self.scan_button.clicked.connect(self._press)
        self.profile = ProfileButton(theme)
        self.count = QLabel()
        self.count.setProperty("role", "count")
        self.doing = Shortened("soft")
        self.doing.hide()
        self.light = LightSign(theme)
        self.quiet = QuietLine()
        self.quiet.changed.connect(self._make_room)
        self.code = QLineEdit()
        self.code.setAccessibleName(self.tr("Mã kết quả"))
        self.code.setPlaceholderText(self.tr("Mã kết quả, ví dụ KQ.G07.000122 · Enter · Esc"))
        self.code.setMinimumWidth(44 * GRID)
        self.code.hide()
        self.finish_button = QPushButton()
        self.finish_button.clicked.connect(self.finish)
        for button in (self.scan_button, self.profile, self.finish_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        lay_out(
            self,
            self.scan_button,
            self.profile,
            (self.count, self.doing, self.quiet, self.code),
            (self.light, self.finish_button),
        )
        theme.changed.connect(self._dress)
        self._dress()

    def show_desk(self, desk: Desk) -> None:
        """Say how many pages are safe and what is missing."""
        here = [paper for paper in desk.dossier.papers if paper.removed_at is None]
        pages = sum(len(paper.live_pages) for paper in here)
        self.count.setText(wording.saved(pages))
        reached = digitized(desk.dossier, desk.server)
        self.light.say(light_words.light(desk.dossier, reached))
        done = desk.dossier.finished_at is not None
        label = self.tr("Mở lại hồ sơ") if done else self.tr("Xong  Ctrl+Enter")
        self.finish_button.setText(label)

    def show_scanning(self, doing: str, *, turning: bool = False) -> None:
        """Say what a scan is doing, or ("") that nothing is scanned.

        ``turning``: the big button takes the next page from the glass.
        """
        before = (self._scanning, self._turning)
        self._scanning, self._turning = bool(doing), turning
        self.doing.say(doing)
        self._make_room()
        if before != (self._scanning, self._turning):
            self._dress()

    def tell(self, text: str, *, standing: bool = False) -> None:
        """Say one quiet line: what was done to pages, or ``standing`` what is chosen."""
        self.quiet.tell(text, standing=standing)

    def ask(self, text: str) -> None:
        """Ask one quiet question until it is answered (empty: it is)."""
        self.quiet.ask(text)

    def ask_code(self, *, shown: bool) -> None:
        """Take the code of a result in a field, or no more."""
        self.count.setVisible(not shown)
        self.code.setVisible(shown)
        self.code.clear()
        if shown:
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_room(self) -> None:
        """The quiet line stands where a scan's line would, and needs the room of what is
        missing."""
        said = bool(self.quiet.text())
        self.doing.setVisible(self._scanning and not said)
        self.light.setVisible(not self._scanning and not said)

    def _press(self) -> None:
        (self.stop if self._scanning and not self._turning else self.scan).emit()

    def _dress(self) -> None:
        stops = self._scanning and not self._turning
        name = "stop" if stops else "scan"
        text = self.tr("Dừng  Esc") if stops else self.tr("Quét  F5")
        if self._turning:
            text = self.tr("Trang tiếp  F6")
        self.scan_button.show_as(name, text)
