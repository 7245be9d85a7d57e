"""*Hôm nay*: what the procedure system says waits here, and what was begun here today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from ui import reads_lists, today_words
from ui.bridge import Latest
from ui.places import Parts
from ui.reads_lists import Today
from ui.rows import Part
from ui.screens.listing import Listing


class TodayScreen(Listing):
    """The day's dossiers, what is due first."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parts, parent)
        self.view.setAccessibleName(self.tr("Hồ sơ hôm nay"))
        self.button.setText(self.tr("Lấy lại ngay"))
        app = parts.office.app
        self._read = Latest(parts.bridge, lambda: reads_lists.today(app), self._show)
        self.setAcceptDrops(True)

    def look(self) -> None:
        """Read the day."""
        self._read()

    def act(self) -> None:
        """Fetch the list now; without a place to fetch it from, lead to where it is set."""
        if self._server:
            super().act()
        else:
            self._parts.mend(Part.SERVER)

    @property
    def _server(self) -> bool:
        return self._parts.office.app.work.server is not None

    def _show(self, today: Today) -> None:
        office, day = self._parts.office, today.day
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
        self.show_rows(today_words.rows(today, datetime.now(UTC)), ("today", *empty))

    # --- a folder from another desk, dropped here ---------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take a folder, and say what becomes of it."""
        folder = _folder_in(event.mimeData())
        if folder is None:
            return
        event.acceptProposedAction()
        said = self.tr("Thả vào đây để nhận hồ sơ từ thư mục {0}").format(folder.name)
        self.say(("today", "accent", said))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        """Say again how the day stands."""
        super().dragLeaveEvent(event)
        self.look()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Take in what the folder holds, where it is told what became of every file."""
        folder = _folder_in(event.mimeData())
        if folder is not None:
            event.acceptProposedAction()
            self._parts.receive(str(folder))


def _folder_in(dragged: QMimeData) -> Path | None:
    """Return the one folder of this machine that is dragged."""
    urls = dragged.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    folder = Path(urls[0].toLocalFile())
    return folder if folder.is_dir() else None
