"""The row *Chứng thư gốc (CA)* of the server's form: a CA of the office's own, from a file.

Nothing of a file is trusted before somebody has compared its fingerprint and said so; what is
trusted here is used once the form is saved.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from digitizer.authority import Authority, authority_of, read_authority
from digitizer.errors import DigitizerError
from ui import wording
from ui.bridge import Bridge
from ui.language import say, trouble
from ui.widgets.file_dialog import file_dialog
from ui.widgets.form import Words, beside


class AuthorityRow(QWidget):
    """Shows the CA that is trusted, or lets one be added.

    Attributes:
        pem: What is to be trusted from the next save on; empty: nothing more than the machine.
        fresh: Somebody has just said so.

    Signals:
        decided: Somebody has confirmed a CA, or dropped one.
    """

    decided = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._found: Authority | None = None
        self.pem, self.fresh = "", False
        self.dialog: QFileDialog | None = None
        self.said = Words("soft")
        self.choose = QPushButton(self.tr("Thêm từ tệp…"))
        self.trust = QPushButton(self.tr("Đúng, tin chứng thư này"))
        self.leave = QPushButton(self.tr("Không"))
        self.remove = QPushButton(self.tr("Bỏ chứng thư này"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.said)
        column.addWidget(beside(self.choose, self.trust, self.leave, self.remove))
        self.choose.clicked.connect(self._ask_for_file)
        self.trust.clicked.connect(self._trust)
        self.leave.clicked.connect(self._leave)
        self.remove.clicked.connect(self._remove)
        self._dress()

    def show_kept(self, pem: str) -> None:
        """Show what is kept, unless something else was just decided here."""
        if pem == self.pem:
            self.fresh = False
        if not self.fresh and self._found is None:
            self.pem = pem
            self._dress()

    def read(self, file: Path) -> None:
        """Look at a file; what it holds is shown, to be confirmed."""
        self._bridge.ask(lambda: read_authority(file), self._show_found, self._refused)

    def _ask_for_file(self) -> None:
        if self.dialog is not None:
            self.dialog.close()
        title, mode = self.tr("Chọn tệp chứng thư gốc"), QFileDialog.FileMode.ExistingFile
        dialog = file_dialog(self, title, self.tr("Xem"), mode)
        dialog.setNameFilter(self.tr("Chứng thư (*.pem *.crt *.cer *.der)"))
        dialog.fileSelected.connect(lambda file: self.read(Path(file)))
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.show()

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _show_found(self, found: Authority) -> None:
        self._found = found
        self._dress()
        self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self, error: DigitizerError) -> None:
        self._found = None
        self._dress()
        self.said.setText(f"✗ {trouble(error)}")

    def _trust(self) -> None:
        if self._found is not None:
            self._decide(self._found.pem)

    def _remove(self) -> None:
        self._decide("")

    def _decide(self, pem: str) -> None:
        self.pem, self.fresh, self._found = pem, True, None
        self._dress()
        self.decided.emit()

    def _leave(self) -> None:
        self._found = None
        self._dress()

    def _dress(self) -> None:
        asking, kept = self._found is not None, bool(self.pem)
        self.choose.setVisible(not asking and not kept)
        self.remove.setVisible(not asking and kept)
        self.trust.setVisible(asking)
        self.leave.setVisible(asking)
        self.said.setText(self._words())

    def _words(self) -> str:
        if self._found is not None:
            question = self.tr("Đúng là số người quản trị đã cho? Sai một ký tự cũng không được.")
            return f"{described(self._found)}\n{question}"
        later = self.tr("Có hiệu lực khi bấm Lưu và kiểm tra.") if self.fresh else ""
        if self.pem:
            return f"{described(authority_of(self.pem))}\n{later}".strip()
        return later or self.tr("Tệp do người quản trị đưa (.pem, .crt, .cer, .der).")


def described(found: Authority) -> str:
    """Return a CA in words: how it names itself, until when, its fingerprint on two lines."""
    half = len(found.fingerprint) // 2
    ends = say("{0} · đến ngày {1}", found.subject, wording.day(found.ends))
    return f"{ends}\nSHA-256 {found.fingerprint[:half]}\n{found.fingerprint[half + 1 :]}"
