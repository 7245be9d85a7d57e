"""The bottom bar: the one big button, how it scans, how many pages are safe, what is missing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from digitizer.digitized import digitized
from ui import light_words, wording
from ui.reads import Desk
from ui.theme import GRID, Theme
from ui.widgets.bar_words import BarWords
from ui.widgets.profile_button import ProfileButton
from ui.widgets.scan_button import BETWEEN, SIDES, ScanButton, lay_out


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
        self._words = words = BarWords(theme)
        self.count, self.light = words.count, words.light
        self.doing, self.quiet, self.code = words.doing, words.quiet, words.code
        self.finish_button = QPushButton()
        self.finish_button.clicked.connect(self.finish)
        for button in (self.scan_button, self.profile, self.finish_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        lay_out(self, self.scan_button, self.profile, (words,), (self.finish_button,))
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
        self._fit()

    def show_scanning(self, doing: str, name: str = "", *, turning: bool = False) -> None:
        """Say what a scan is doing, or ("") that nothing is scanned.

        Args:
            doing: What it is doing.
            name: Where it scans to; this part of it gives way where room is short.
            turning: The big button takes the next page from the glass.
        """
        before = (self._scanning, self._turning)
        self._scanning, self._turning = bool(doing), turning
        self._words.show_doing(doing, name)
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
        self._words.ask_code(shown=shown)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """See how much room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The name of how it scans gives way to what the light says."""
        taken = 2 * SIDES + 5 * BETWEEN + GRID
        taken += self.scan_button.sizeHint().width() + self.finish_button.sizeHint().width()
        self.profile.give_way(self.width() - taken - self.light.widest)

    def _press(self) -> None:
        (self.stop if self._scanning and not self._turning else self.scan).emit()

    def _dress(self) -> None:
        stops = self._scanning and not self._turning
        name = "stop" if stops else "scan"
        text = self.tr("Dừng  Esc") if stops else self.tr("Quét  F5")
        if self._turning:
            text = self.tr("Trang tiếp  F6")
        self.scan_button.show_as(name, text)
        self._fit()
