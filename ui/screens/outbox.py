"""*Chờ gửi*: what leaves in the order it goes, how the line stands, what was sent today."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ui import outbox_words, reads_lists
from ui.bridge import Latest
from ui.places import Parts, Place
from ui.reads_lists import Outgoing
from ui.screens.listing import Listing

_MOVING_MS = 250
"""How often the progress of what is being sent is looked at."""


class OutboxScreen(Listing):
    """The outbox."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parts, parent)
        self.view.setAccessibleName(self.tr("Hồ sơ chờ gửi"))
        self.button.setText(self.tr("Gửi ngay"))
        app = parts.office.app
        self._outgoing = Outgoing()
        self._read = Latest(parts.bridge, lambda: reads_lists.outgoing(app), self._show)
        self._moving = QTimer(self, interval=_MOVING_MS)
        self._moving.timeout.connect(self._move)

    def look(self) -> None:
        """Read the outbox."""
        self._read()

    def act(self) -> None:
        """Send now; without a place to send to, lead to where it is set."""
        traffic = self._parts.office.traffic
        if traffic is None or traffic.server:
            super().act()
        else:
            self._parts.go(Place.SETTINGS)

    def _show(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._draw()
        if outgoing.leaving and self.isVisible():
            self._moving.start()

    def _move(self) -> None:
        """Draw the progress anew while there is any to see."""
        if self.isVisible() and self._outgoing.leaving:
            self._draw()
        else:
            self._moving.stop()

    def _draw(self) -> None:
        office = self._parts.office
        if office.traffic is None:
            return
        leaving, left = self._outgoing.leaving, self._outgoing.left
        going = reads_lists.going(office.app)
        self.say(
            outbox_words.line(office.traffic, leaving, office.troubled_since),
            outbox_words.news(office.traffic, self._outgoing.fetched_at),
        )
        sends, settings = self.tr("Gửi ngay"), self.tr("Mở Cài đặt")
        self.button.setText(sends if office.traffic.server else settings)
        empty = (
            self.tr("Không có gì chờ gửi"),
            self.tr(
                "Hồ sơ đã bấm Xong (Ctrl+Enter) nằm ở đây cho tới khi nơi nhận xác nhận. "
                "Mất mạng thì chờ ở đây và tự gửi khi có mạng lại."
            ),
        )
        self.show_rows(outbox_words.rows(leaving, left, going), ("outbox", *empty))
