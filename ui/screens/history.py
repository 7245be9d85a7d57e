"""*Lịch sử*: what happened to the open dossier, to one of its pages, or on this machine; by whom,
and when. Read from the audit record a part at a time, the newest first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtWidgets import QFileDialog, QWidget

from digitizer import auditing
from digitizer.errors import DigitizerError
from digitizer.storage.auditlog import Head
from ui import history_words, reads_history
from ui.bridge import Latest, Pool
from ui.commands import Command
from ui.language import trouble
from ui.places import Parts
from ui.reads_history import History, Wanted
from ui.rows import Deed, Row
from ui.screens.listing import Listing
from ui.widgets.file_dialog import file_dialog

ALL = "*"
"""The section that shows what happened on this machine."""


class HistoryScreen(Listing):
    """A list of what happened. Space: only the page that was looked at, or all of the dossier."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parts, parent)
        self.view.setAccessibleName(self.tr("Lịch sử"))
        self._wanted = Wanted()
        self._page = ""
        self._newer: list[int] = []
        self._oldest = 0
        self._told: tuple[tuple[str, str, str], str] | None = None
        self.dialog: QFileDialog | None = None
        self._read = Latest(parts.bridge, self._look_up, self._show)

    # --- a page beside the places -------------------------------------------------------------

    def enter(self) -> None:
        """Show the history of the open dossier; without one, of this machine."""
        desk = self._parts.office.desk
        self._page, self._told = "", None
        self._see(Wanted(desk.dossier.id if desk else ""))
        self._take_focus()

    def show_section(self, section: str) -> None:
        """Show all of this machine (``ALL``), or let one page (its id) be chosen."""
        if section == ALL:
            self._see(Wanted())
        else:
            self._page = section
            self._allow()

    def do(self, command: Command) -> bool:
        """Do what a key asks for; Space changes between a page and its dossier."""
        if command is Command.LARGE and self._page and self._wanted.dossier_id:
            self.act()
            return True
        return super().do(command)

    # --- what the list does -------------------------------------------------------------------

    def look(self) -> None:
        """Read what is to be seen."""
        self._read()

    def act(self) -> None:
        """Change between the page that was looked at and all of the dossier; of all of this
        machine, ask where the record is to be written."""
        desk = self._parts.office.desk
        if not self._wanted.dossier_id:
            self._ask_where()
        elif self._page and desk is not None:
            page = "" if self._wanted.page_id else self._page
            self._see(Wanted(desk.dossier.id, page))

    def press(self, row: Row) -> None:
        """Go to what is older or newer."""
        if row.deed is Deed.OLDER:
            self._newer.append(self._wanted.below)
            self._go_to(self._oldest)
        elif row.deed is Deed.NEWER:
            self._go_to(self._newer.pop() if self._newer else 0)
        else:
            super().press(row)

    def export_to(self, folder: str) -> None:
        """Write the whole record into ``folder``, for inspectors."""
        store, closing = self._parts.office.app.store, self._parts.bridge.closing
        out = Path(folder) / f"nhat-ky-{datetime.now().astimezone():%Y%m%d-%H%M%S}.jsonl"
        self._tell("working", "ink_soft", self.tr("Đang xuất…"))

        def done(last: Head) -> None:
            said = self.tr("Đã xuất {0} dòng vào {1}").format(last.seq, out.name)
            note = self.tr("Dòng cuối, nên ghi lại ở nơi khác: {0}").format(last)
            self._tell("good", "good", said, note)

        def failed(error: DigitizerError) -> None:
            self._tell("warn", "warn", trouble(error))

        self._parts.bridge.ask(
            lambda: auditing.export(store, out, closing), done, failed, pool=Pool.LONG
        )

    def _ask_where(self) -> None:
        if self.dialog is not None:
            self.dialog.close()
        dialog = self.dialog = file_dialog(
            self,
            self.tr("Xuất lịch sử vào thư mục"),
            self.tr("Chọn"),
            QFileDialog.FileMode.Directory,
        )
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _tell(self, mark: str, tone: str, said: str, note: str = "") -> None:
        """Say something until the screen is gone to again."""
        self._told = ((mark, tone, said), note)
        self.say(*self._told)

    def _go_to(self, below: int) -> None:
        self._wanted = replace(self._wanted, below=below)
        self.look()
        self.view.go_to(0)

    def _see(self, wanted: Wanted) -> None:
        self._wanted, self._newer = wanted, []
        self._allow()
        self.look()

    def _allow(self) -> None:
        machine = not self._wanted.dossier_id
        self.button.setVisible(machine or bool(self._page))
        one, whole = self.tr("Chỉ trang đang xem"), self.tr("Cả hồ sơ")
        out = self.tr("Xuất ra tệp…")
        self.button.setText(out if machine else whole if self._wanted.page_id else one)

    def _look_up(self) -> History:
        return reads_history.read(self._parts.office.app, self._wanted)

    def _show(self, history: History) -> None:
        if history.wanted != self._wanted:
            return
        self._oldest = history.lines[-1].seq if history.lines else 0
        desk = self._parts.office.desk
        name = desk.dossier.name if desk else ""
        whose, note = history_words.summary(history, name)
        self.say(*(self._told or (("info", "ink_soft", whose), note)))
        empty = (
            self.tr("Chưa có gì được ghi"),
            self.tr("Việc làm từ phiên bản cũ, trước khi có nhật ký, không nằm ở đây."),
        )
        self.show_rows(
            history_words.rows(history, datetime.now().astimezone().date()), ("info", *empty)
        )
