"""*Cài đặt*, section *Chuyển hồ sơ bằng thư mục*: dossiers out to a stick, and in from one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError
from digitizer.exporting import Exported, export, waiting
from digitizer.receiving import Received
from ui import carrying_words
from ui.bridge import Pool
from ui.folder_words import Line
from ui.language import say, trouble
from ui.places import Parts
from ui.widgets.file_dialog import file_dialog
from ui.widgets.form import Words, beside, section
from ui.widgets.lines import Lines

_FOLDER = "folder:"


class CarryingSection(QWidget):
    """Two buttons; each asks for a folder, works, and says what became of every file."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = parts.office.app
        self._bridge = parts.bridge
        self._scanners = parts.scanners
        self._stop = threading.Event()
        self.out = QPushButton(self.tr("Xuất ra thư mục…"))
        self.take = QPushButton(self.tr("Nhận từ thư mục…"))
        self.stop = QPushButton(self.tr("Dừng"))
        self.said = Words("soft")
        self.lines = Lines()
        self.dialog: QFileDialog | None = None
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        about = Words("soft")
        about.setText(
            self.tr(
                "Khi đường truyền hỏng hoặc hệ thống chưa nhận tệp: xuất hồ sơ đang chờ gửi ra USB "
                "hay thư mục chung, rồi nhận ở máy khác. Mỗi tệp được kiểm tra từng byte."
            )
        )
        self._progress = beside(self.said, self.stop)
        self._form = section(
            inside,
            self.tr("Chuyển hồ sơ bằng thư mục"),
            ("", about),
            (self.tr("Hồ sơ đang chờ gửi"), beside(self.out)),
            (self.tr("Hồ sơ từ máy khác"), beside(self.take)),
            ("", self._progress),
            (self.tr("Chưa xong"), self.lines),
        )
        self._show("", ())
        self.out.clicked.connect(lambda: self._ask(self.tr("Xuất vào thư mục"), self.send_to))
        self.take.clicked.connect(lambda: self._ask(self.tr("Nhận từ thư mục"), self.take_from))
        self.stop.clicked.connect(self._stop.set)

    def send_to(self, folder: str) -> None:
        """Write what waits to be sent into ``folder``."""
        app, stop = self._app, self._begin(self.tr("Đang xuất…"))

        def work() -> list[Exported]:
            return export(app.store, app.vault, Path(folder), waiting(app.store), stop, counting)

        counting = self._counting("Đang xuất… {0} hồ sơ")
        name = Path(folder).name or folder

        def done(over: Sequence[Exported]) -> None:
            self._show(carrying_words.exported(over, name), carrying_words.export_lines(over))

        self._bridge.ask(work, done, self._failed, pool=Pool.LONG)

    def take_from(self, folder: str) -> None:
        """Take in what ``folder`` holds."""
        app, stop = self._app, self._begin(self.tr("Đang nhận…"))
        counting = self._counting("Đang nhận… {0} tệp")

        def work() -> list[Received]:
            scanner, _ = self._scanners.scanner_for(_FOLDER)
            return app.receiving.take(Path(folder), scanner, stop, counting)

        def done(over: Sequence[Received]) -> None:
            self._show(carrying_words.received(over), carrying_words.receive_lines(over))

        self._bridge.ask(work, done, self._failed, pool=Pool.LONG)

    def _begin(self, words: str) -> threading.Event:
        self._show(words, ())
        self._stop.clear()
        for button in (self.out, self.take):
            button.setEnabled(False)
        self._form.setRowVisible(self._progress, True)
        self.stop.show()
        return self._stop

    def _counting(self, words: str) -> Callable[[object], None]:
        """Return what hears of each file on another thread, and counts on this one."""
        seen = [0]

        def tell() -> None:
            seen[0] += 1
            if self.stop.isVisibleTo(self):
                self.said.setText(say(words, seen[0]))

        def heard(_one: object) -> None:
            if self._bridge.closing.is_set():
                self._stop.set()
            self._bridge.post(tell)

        return heard

    def _failed(self, error: DigitizerError) -> None:
        self._show(f"✗ {trouble(error)}", ())

    def _show(self, said: str, lines: Sequence[Line]) -> None:
        self.said.setText(said)
        self.lines.show_lines(lines)
        self.stop.hide()
        for button in (self.out, self.take):
            button.setEnabled(True)
        self._form.setRowVisible(self._progress, bool(said))
        self._form.setRowVisible(self.lines, bool(lines))

    def _ask(self, title: str, chosen: Callable[[str], None]) -> None:
        if self.dialog is not None:
            self.dialog.close()
        dialog = self.dialog = file_dialog(
            self, title, self.tr("Chọn"), QFileDialog.FileMode.Directory
        )
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    def _dialog_closed(self) -> None:
        self.dialog = None
