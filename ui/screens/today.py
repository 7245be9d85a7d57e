"""*Hôm nay*: what the procedure system says waits here, and what was begun here today."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from digitizer.worklist import Day
from ui import reads_lists, today_words
from ui.bridge import Latest
from ui.places import Parts, Place
from ui.screens.listing import Listing


class TodayScreen(Listing):
    """The day's dossiers, what is due first."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parts, parent)
        self.view.setAccessibleName(self.tr("Hồ sơ hôm nay"))
        self.button.setText(self.tr("Lấy lại ngay"))
        app = parts.office.app
        self._read = Latest(parts.bridge, lambda: reads_lists.today(app), self._show)

    def look(self) -> None:
        """Read the day."""
        self._read()

    def act(self) -> None:
        """Fetch the list now; without a place to fetch it from, lead to where it is set."""
        if self._server:
            super().act()
        else:
            self._parts.go(Place.SETTINGS)

    @property
    def _server(self) -> bool:
        return self._parts.office.app.work.server is not None

    def _show(self, day: Day) -> None:
        office = self._parts.office
        said = today_words.fetched(
            day, server=self._server, unfetched=office.unfetched, since=office.troubled_since
        )
        self.say(said, today_words.counted(day))
        fetches, settings = self.tr("Lấy lại ngay"), self.tr("Mở Cài đặt")
        self.button.setText(fetches if self._server else settings)
        empty = (
            self.tr("Hôm nay chưa có hồ sơ nào"),
            self.tr(
                "Hồ sơ mà hệ thống thủ tục giao cho bàn này sẽ tự hiện ở đây, cùng những hồ sơ "
                "bắt đầu quét hôm nay. Có giấy tiếp nhận thì đưa mã vạch vào đầu đọc để mở ngay."
            ),
        )
        self.show_rows(today_words.rows(day, datetime.now(UTC)), ("today", *empty))
