"""The section *Đường truyền* of *Cài đặt*: when uploads run, how fast, how long one file may take,
and what is done about papers that take longer. What is chosen holds at once."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError
from digitizer.limits import COMPACT, HOURS, KBITS, MINUTES, Compacting, Hours, Limits
from digitizer.storage import ways
from ui import wording
from ui.language import numeral, say
from ui.locks import lock
from ui.office import Office
from ui.theme import GRID, Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, section

_KBITS = (0, 128, 256, 512, 1000, 2000, 5000)
_MINUTES = (2, 5, 10, 20, 30, 60)
_EVENING = Hours(17 * 60, 7 * 60)


class LineSection(QWidget):
    """Four choices."""

    def __init__(self, theme: Theme, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._wanted: Limits | None = None
        self._keeping = False
        self.when = Choice(theme, {"Lúc nào cũng gửi": False, "Chỉ gửi trong giờ": True})
        halves = {_clock(minutes): minutes for minutes in range(0, 24 * 60, 30)}
        self.start, self.end = Choice(theme, halves), Choice(theme, halves)
        self.start.setAccessibleName(self.tr("Bắt đầu gửi lúc"))
        self.end.setAccessibleName(self.tr("Thôi gửi lúc"))
        self.hours = QWidget()
        row = QHBoxLayout(self.hours)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID + 4)
        for choice in (self.start, self.end):
            choice.setMinimumWidth(14 * GRID)
        for widget in (self.start, QLabel(self.tr("đến")), self.end):
            row.addWidget(widget)
        row.addStretch(1)
        self.speed = Choice(theme, {_speed(kbits): kbits for kbits in _KBITS})
        self.longest = Choice(theme, {_longest(minutes): minutes for minutes in _MINUTES})
        self.compact = Choice(
            theme,
            {
                "Vẫn gửi như thường": Compacting.NEVER,
                "Hỏi có gửi bản gọn không": Compacting.OFFER,
                "Tự gửi bản gọn": Compacting.AUTO,
            },
        )
        self.measured = Words("soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = section(
            column,
            self.tr("Đường truyền"),
            (self.tr("Khi nào gửi"), self.when),
            (self.tr("Từ"), self.hours),
            (self.tr("Tốc độ gửi"), self.speed),
            (self.tr("Gửi một tệp lâu nhất"), self.longest),
            (self.tr("Tệp quá lớn"), self.compact),
            ("", self.measured),
        )
        policy = office.app.policy
        lock(
            policy,
            {
                HOURS: (self.when, self.start, self.end),
                KBITS: (self.speed,),
                MINUTES: (self.longest,),
                COMPACT: (self.compact,),
            },
        )
        for choice in (self.when, self.start, self.end, self.speed, self.longest, self.compact):
            choice.activated.connect(self._keep)
        office.settings_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        """Show what is set."""
        limits = self._wanted or self._office.app.limits
        hours = limits.hours or _EVENING
        self.when.choose(limits.hours is not None)
        self.start.choose(hours.start, _clock(hours.start))
        self.end.choose(hours.end, _clock(hours.end))
        self.speed.choose(limits.kbits, _speed(limits.kbits))
        self.longest.choose(limits.minutes, _longest(limits.minutes))
        self.compact.choose(limits.compact)
        self.form.setRowVisible(self.hours, bool(self.when.value))
        app = self._office.app
        self._office.bridge.ask(lambda: ways.speed(app.store, app.work.server), self._tell)

    def _tell(self, speed: float | None) -> None:
        """Say what the line did lately."""
        kbits = round(speed / 125) if speed else 0
        self.measured.setText(
            say("Những lần gửi gần đây: khoảng {0} kbit/s", numeral(f"{kbits:,}")) if kbits else ""
        )
        self.form.setRowVisible(self.measured, bool(kbits))

    def _keep(self) -> None:
        hours = None
        if self.when.value:
            start, end = self.start.value, self.end.value
            hours = Hours(start, end) if start != end else _EVENING
        self.form.setRowVisible(self.hours, hours is not None)
        self._wanted = replace(
            self._wanted or self._office.app.limits,
            kbits=self.speed.value,
            hours=hours,
            compact=self.compact.value,
            minutes=self.longest.value,
        )
        if not self._keeping:
            self._write()

    def _write(self) -> None:
        """Keep what is wanted; what is chosen meanwhile after that, never before."""
        app, limits = self._office.app, self._wanted
        if limits is None or limits == app.limits:
            self._wanted = None
            self._show()
            return
        self._keeping = True
        self._office.bridge.ask(lambda: app.keep_limits(limits), self._kept, self._refused)

    def _kept(self, _nothing: None) -> None:
        self._keeping = False
        self._write()

    def _refused(self, error: DigitizerError) -> None:
        self._keeping, self._wanted = False, None
        self._office.said.emit(wording.failed(error))
        self._show()


def _speed(kbits: int) -> str:
    return say("Tối đa {0} kbit/s", kbits) if kbits else say("Không giới hạn")


def _longest(minutes: int) -> str:
    return say("{0} phút; tệp cần lâu hơn là quá lớn", minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
