"""*Cài đặt*: how it scans, where dossiers go, which folders are watched, how the window looks, how
much of the machine the work takes.

The look holds at once; a profile is saved as a whole, the procedure system is tried then.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from digitizer.errors import DigitizerError
from digitizer.pace import Pace
from digitizer.procedure.connect import KINDS
from digitizer.servers import Server
from ui.commands import Command
from ui.language import trouble
from ui.places import Parts
from ui.screens.folders import FolderSection
from ui.screens.profiles import ProfileSection
from ui.theme import GRID
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside, section

_WIDTH = 90 * GRID
_KINDS = {"opencps": "OpenCPS", "folder": "Thư mục trên máy hoặc mạng nội bộ"}


class SettingsScreen(QWidget):
    """A form of four parts."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = parts.theme
        self._office = parts.office
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.profiles = ProfileSection(theme)
        self.kind = Choice(theme, {_KINDS[kind]: kind for kind in KINDS})
        self.url, self.group, self.user = QLineEdit(), QLineEdit(), QLineEdit()
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.check = QPushButton(self.tr("Lưu và kiểm tra"))
        self.check.setProperty("role", "main")
        self.server_said = Words("soft")
        self.text = Choice(theme, {self.tr("Vừa"): 11, self.tr("To"): 14})
        self.colours = Choice(
            theme, {self.tr("Theo máy"): "auto", self.tr("Sáng"): "light", self.tr("Tối"): "dark"}
        )
        self.pace = Choice(
            theme,
            {
                self.tr("Dùng cả máy để đọc và ghép trang"): Pace.WORK,
                self.tr("Ưu tiên máy đang dùng (chừa một nhân)"): Pace.DESK,
            },
        )
        self.folders = FolderSection(theme)
        self.folders.hide()
        self._lay_out()
        for box in (self.text, self.colours, self.pace):
            box.activated.connect(self._choose)
        self.kind.currentIndexChanged.connect(self._dress_server)
        self.check.clicked.connect(self._check)
        self.profiles.use(self._office.profiles, parts.bridge, parts.scanners)
        self._office.settings_changed.connect(self._show)
        self._show()
        if parts.folders is not None:
            self.folders.use(parts.folders, self._office)
            self.folders.show()

    def enter(self) -> None:
        """Take the focus."""
        self.setFocus()

    def do(self, command: Command) -> bool:
        """Choose how it scans; nothing else is a key's here."""
        if command is Command.PROFILE:
            self.show_profiles()
        return command is Command.PROFILE

    def digit(self, number: int) -> None:
        """Means nothing here."""

    def show_folders(self) -> None:
        """Bring *Thư mục theo dõi* into view."""
        self._scroll.ensureWidgetVisible(self.folders.said, 0, 8 * GRID)
        self._scroll.ensureWidgetVisible(self.folders.watched, 0, 8 * GRID)

    def show_profiles(self) -> None:
        """Bring *Mẫu quét* into view, ready for the keyboard."""
        self._scroll.ensureWidgetVisible(self.profiles.which, 0, 16 * GRID)
        self.profiles.which.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what is shown ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QWidget(objectName="ground")
        column.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 4 * GRID, 0, 4 * GRID)
        inside.setSpacing(GRID)
        title = QLabel(self.tr("Cài đặt"))
        title.setProperty("role", "title")
        inside.addWidget(title)
        inside.addWidget(self.profiles)
        self.form = section(
            inside,
            self.tr("Hệ thống giải quyết thủ tục"),
            (self.tr("Loại"), self.kind),
            (self.tr("Địa chỉ"), self.url),
            (self.tr("Mã đơn vị (groupId)"), self.group),
            (self.tr("Tên đăng nhập"), self.user),
            (self.tr("Mật khẩu"), self.password),
            ("", beside(self.check, self.server_said)),
        )
        inside.addWidget(self.folders)
        section(
            inside,
            self.tr("Hiển thị"),
            (self.tr("Cỡ chữ"), self.text),
            (self.tr("Nền"), self.colours),
        )
        section(inside, self.tr("Sức máy"), (self.tr("Khi đọc trang"), self.pace))
        inside.addStretch(1)
        middle = QWidget(objectName="ground")
        line = QHBoxLayout(middle)
        line.setContentsMargins(3 * GRID, 0, 3 * GRID, 0)
        line.addStretch(1)
        line.addWidget(column, 8)
        line.addStretch(1)
        scroll = self._scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(middle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _show(self) -> None:
        """Show what is chosen; a field the clerk is in is left alone."""
        wishes, server = self._office.settings.wishes, self._office.settings.server
        self.text.choose(wishes.text)
        self.colours.choose(wishes.colours)
        self.pace.choose(wishes.pace)
        if server is not None and not any(
            field.hasFocus() for field in (self.url, self.group, self.user)
        ):
            self.kind.choose(server.kind)
            self.url.setText(server.url)
            self.group.setText(server.group)
            self.user.setText(server.user)
        self._dress_server()

    def _dress_server(self) -> None:
        """A folder needs no account."""
        folder = self.kind.value == "folder"
        for field in (self.group, self.user, self.password):
            self.form.setRowVisible(field, not folder)
        hint = "/duong/dan/thu-muc" if folder else "https://motcua.example.vn/o/rest/v2"
        self.url.setPlaceholderText(hint)
        kept = self._office.settings.server is not None
        self.password.setPlaceholderText(self.tr("Để trống nếu không đổi") if kept else "")

    # --- what the clerk does ----------------------------------------------------------------

    def _choose(self) -> None:
        wishes = replace(
            self._office.settings.wishes,
            text=self.text.value,
            colours=self.colours.value,
            pace=self.pace.value,
        )
        self._office.keep_wishes(wishes)

    def _check(self) -> None:
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
        self.server_said.setText(self.tr("Đang kiểm tra…"))
        self._office.check_server(None if same else typed, self.password.text(), self._checked)

    def _checked(self, error: DigitizerError | None) -> None:
        self.check.setEnabled(True)
        self.check.setToolTip("")
        if error is None:
            self.password.clear()
            self.server_said.setText(self.tr("✓ Kết nối được. Đã lưu."))
        else:
            self.server_said.setText(f"✗ {trouble(error)}")
