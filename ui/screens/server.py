"""The section *Hệ thống giải quyết thủ tục*: where dossiers go; saved as a whole, tried then.

Part of *Cài đặt* and of the first run.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError
from digitizer.procedure.connect import KINDS
from digitizer.servers import Server
from ui.language import trouble
from ui.locks import lock, reason
from ui.office import Office
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside, section

_KINDS = {"opencps": "OpenCPS", "folder": "Thư mục trên máy hoặc mạng nội bộ"}


class ServerSection(QWidget):
    """Kind, address, account; one button saves and tries them.

    Signals:
        checked: How it went (``DigitizerError`` or None).
    """

    checked = Signal(object)

    def __init__(self, theme: Theme, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self.kind = Choice(theme, {_KINDS[kind]: kind for kind in KINDS})
        self.url, self.group, self.user = QLineEdit(), QLineEdit(), QLineEdit()
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.check = QPushButton(self.tr("Lưu và kiểm tra"))
        self.check.setProperty("role", "main")
        self.said = Words("soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = section(
            column,
            self.tr("Hệ thống giải quyết thủ tục"),
            (self.tr("Loại"), self.kind),
            (self.tr("Địa chỉ"), self.url),
            (self.tr("Mã đơn vị (groupId)"), self.group),
            (self.tr("Tên đăng nhập"), self.user),
            (self.tr("Mật khẩu"), self.password),
            ("", beside(self.check, self.said)),
        )
        self._lock()
        self.kind.currentIndexChanged.connect(self._dress)
        self.check.clicked.connect(self._check)
        for field in (self.url, self.group, self.user, self.password):
            field.returnPressed.connect(self._check)
        office.settings_changed.connect(self._show)
        self._show()

    def _lock(self) -> None:
        policy = self._office.app.policy
        fields: dict[str, tuple[QWidget, ...]] = {
            "server.kind": (self.kind,),
            "server.url": (self.url,),
            "server.group": (self.group,),
            "server.user": (self.user,),
        }
        if lock(policy, fields):
            self.said.setText(self.tr("{0}. Chỉ cần nhập mật khẩu.").format(reason(policy)))

    def _show(self) -> None:
        """Show what is chosen; a field the clerk is in is left alone."""
        server = self._office.settings.server
        if server is not None and not any(
            field.hasFocus() for field in (self.url, self.group, self.user)
        ):
            self.kind.choose(server.kind)
            self.url.setText(server.url)
            self.group.setText(server.group)
            self.user.setText(server.user)
            for field in (self.url, self.group, self.user):
                field.setCursorPosition(0)
        ask = self.tr("Chưa có thì hỏi người quản trị: địa chỉ, mã đơn vị, tài khoản.")
        if server is None and not self.said.text():
            self.said.setText(ask)
        elif server is not None and self.said.text() == ask:
            self.said.setText("")
        self._dress()

    def _dress(self) -> None:
        """A folder needs no account."""
        folder = self.kind.value == "folder"
        for field in (self.group, self.user, self.password):
            self.form.setRowVisible(field, not folder)
        hint = "/duong/dan/thu-muc" if folder else "https://motcua.example.vn/o/rest/v2"
        self.url.setPlaceholderText(hint)
        kept = self._office.settings.server is not None
        self.password.setPlaceholderText(self.tr("Để trống nếu không đổi") if kept else "")

    def _check(self) -> None:
        if not self.check.isEnabled():
            return
        typed = Server(
            self.kind.value,
            self.url.text().strip(),
            self.group.text().strip(),
            self.user.text().strip(),
        )
        if typed.kind == "folder":
            typed = Server(typed.kind, typed.url, "", "")
        same = typed == self._office.settings.server and not self.password.text()
        self.check.setEnabled(False)
        self.check.setToolTip(self.tr("Đang kiểm tra"))
        self.check.setAccessibleDescription(self.tr("Đang kiểm tra"))
        self.said.setText(self.tr("Đang kiểm tra…"))
        self._office.check_server(None if same else typed, self.password.text(), self._checked)

    def _checked(self, error: DigitizerError | None) -> None:
        self.check.setEnabled(True)
        self.check.setToolTip("")
        self.check.setAccessibleDescription("")
        if error is None:
            self.password.clear()
            self.said.setText(self.tr("✓ Kết nối được. Đã lưu."))
        else:
            self.said.setText(f"✗ {trouble(error)}")
        self.checked.emit(error)
