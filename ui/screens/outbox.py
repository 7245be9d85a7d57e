"""*Chờ gửi*: what leaves in the order it goes, how the line stands, what was sent today."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ui import outbox_words, reads_lists
from ui.bridge import Latest
from ui.commands import Command
from ui.places import Parts
from ui.reads_lists import Outgoing
from ui.rows import Deed, Part, Row
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
            self._parts.mend(Part.SERVER)

    def press(self, row: Row) -> None:
        """Do what the button of a line does."""
        app = self._parts.office.app
        if row.deed is Deed.HOLD:
            self._leave_here(row)
        elif row.deed is Deed.LET_GO:
            self._change(lambda: reads_lists.let_go(app, row.paper_id))
        elif row.deed is Deed.COMPACT:
            papers = self._outgoing.heavy.get(row.dossier_id, ())
            self._change(lambda: reads_lists.make_compact(app, papers))
        elif row.deed is Deed.SEND:
            self._change(app.gate.open_once)
            super().press(row)
        else:
            super().press(row)

    def do(self, command: Command) -> bool:
        """Do what a key asks for; Delete leaves what is chosen here."""
        row = self.view.row
        if command is Command.DELETE and row is not None and row.deed is not Deed.LET_GO:
            self.view.act_on(row)
            self._leave_here(row)
            return True
        return super().do(command)

    def _leave_here(self, row: Row) -> None:
        """Send no more of a line: the paper that is on its way, or all of the dossier."""
        app = self._parts.office.app
        if row.dossier_id and not row.key.startswith("left "):
            self._change(lambda: reads_lists.withhold(app, row.dossier_id, row.paper_id))

    def _change(self, verb: Callable[[], None]) -> None:
        self._parts.bridge.ask(verb, lambda _: self.look())

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
        going = reads_lists.going(office.app)
        self.say(
            outbox_words.line(office.traffic, self._outgoing, office.troubled_since, going),
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
        self.show_rows(outbox_words.rows(self._outgoing, going), ("outbox", *empty))
