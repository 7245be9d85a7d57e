"""*Cần xử lý*: everything that needs a hand or a decision, one button each."""

from __future__ import annotations

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ui.places import Parts
from ui.rows import Deed, Row
from ui.screens.listing import Listing


class TroubleScreen(Listing):
    """What hangs; empty is how it should be."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parts, parent)
        self.view.setAccessibleName(self.tr("Việc cần xử lý"))
        self.button.setText(self.tr("Thử lại tất cả"))
        parts.waits.changed.connect(self._show)

    def look(self) -> None:
        """Read what hangs."""
        self._parts.waits.look()
        self._show()

    def press(self, row: Row) -> None:
        """Do what the button of a line does."""
        if row.deed is Deed.SEEN:
            self._parts.waits.forget(row.key)
        else:
            super().press(row)

    def _show(self) -> None:
        rows = self._parts.waits.troubles
        if self.isVisible():
            self._parts.spare([row.key for row in rows])
        if rows:
            count = self.tr("{0} việc cần xử lý").format(len(rows))
            note = self.tr("Enter: bấm nút của dòng · Dấu cách: mở hồ sơ")
            self.say(("warn", "warn", count), note)
        else:
            self.say(("sent", "good", self.tr("Không có gì cần xử lý")))
        self.button.setVisible(any(row.deed is Deed.RETRY for row in rows))
        empty = (
            self.tr("Mọi việc đều ổn"),
            self.tr(
                "Khi có giấy tờ không gửi được, trang không đọc được hay việc chờ quyết định, "
                "việc đó hiện ở đây với một nút để xử lý."
            ),
        )
        self.show_rows(rows, ("good", *empty))

    # --- Qt -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Have nothing said twice: what a line tells, the banner need not."""
        super().showEvent(event)
        self._parts.spare([row.key for row in self._parts.waits.troubles])

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Have the banner say it."""
        super().hideEvent(event)
        self._parts.spare(())
