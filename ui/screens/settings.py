"""*Cài đặt*: how it scans, where dossiers go, how papers are signed, which folders are watched,
which web pages may scan, how the window looks, how much of the machine the work takes.

The look holds at once; a profile is saved as a whole, the procedure system is tried then. What the
administrator's file holds can be seen, and not changed.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from digitizer.pace import Pace
from digitizer.policy import PROFILES, Policy
from ui.asides import Aside
from ui.commands import Command
from ui.language import Language, spoken
from ui.locks import lock, reason
from ui.places import Parts
from ui.screens.carrying import CarryingSection
from ui.screens.clerks import ClerkSection
from ui.screens.encryption import EncryptionSection
from ui.screens.folders import FolderSection
from ui.screens.line import LineSection
from ui.screens.profiles import ProfileSection
from ui.screens.server import ServerSection
from ui.screens.signing_section import SigningSection
from ui.screens.storage import StorageSection
from ui.screens.webpages import WebPageSection
from ui.theme import GRID
from ui.widgets.choice import Choice
from ui.widgets.dressed import dressed
from ui.widgets.form import Words, beside, section
from ui.widgets.middle import put_in_the_middle

_WIDTH = 90 * GRID


class SettingsScreen(QWidget):
    """A form of several parts."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = parts.theme
        self._office = parts.office
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.policy_said = Words("wrong")
        self.profiles = ProfileSection(theme)
        self.server = ServerSection(theme, parts.office)
        self.line = LineSection(theme, parts.office)
        self.storage = StorageSection(theme, parts.office)
        self.encryption = None
        if parts.encryption is not None:
            self.encryption = EncryptionSection(
                theme, parts.office, parts.encryption, parts.scanning
            )
        self.clerks = ClerkSection(theme, parts.office, parts.clerks)
        self.signing = SigningSection(theme, parts.office)
        self.text = Choice(theme, {self.tr("Vừa"): 11, self.tr("To"): 14})
        self.colours = Choice(theme, {"Theo máy": "auto", "Sáng": "light", "Tối": "dark"})
        self.language = Choice(
            theme, {"Tiếng Việt": Language.VIETNAMESE.value, "English": Language.ENGLISH.value}
        )
        self.language_said = Words("soft")
        self.pace = Choice(
            theme,
            {
                "Dùng cả máy để đọc và ghép trang": Pace.WORK,
                "Ưu tiên máy đang dùng (chừa một nhân)": Pace.DESK,
            },
        )
        self.first_run = QPushButton(self.tr("Cài đặt lần đầu"))
        self.first_run.clicked.connect(lambda: parts.aside(Aside.FIRST_RUN, ""))
        self.doctor = QPushButton(self.tr("Chẩn đoán"))
        self.doctor.clicked.connect(lambda: parts.aside(Aside.DOCTOR, ""))
        self.folders = FolderSection(theme)
        self.folders.hide()
        self.carrying = CarryingSection(parts)
        self.web = WebPageSection(theme)
        self.web.hide()
        self._lay_out()
        self._brought: tuple[QWidget, QWidget] = (self.profiles, self.profiles)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._bring_again)
        for box in (self.text, self.colours, self.language, self.pace):
            box.activated.connect(self._choose)
        self.profiles.use(self._office.profiles, parts.bridge, parts.scanners)
        self._lock(self._office.app.policy)
        self._office.settings_changed.connect(self._show)
        self._show()
        if parts.folders is not None:
            self.folders.use(parts.folders, self._office)
            self.folders.show()
        if parts.web is not None:
            self.web.use(
                parts.web,
                self._office.app.policy,
                lambda dossier: parts.show_page(dossier, None, None),
            )
            self.web.show()

    def enter(self) -> None:
        """Take the focus."""
        self.setFocus()
        self.storage.look()

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

    def show_server(self) -> None:
        """Bring *Hệ thống giải quyết thủ tục* into view, ready for the keyboard."""
        self._bring(self.server.url, self.server)
        self.server.url.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_web(self) -> None:
        """Bring *Nút Quét trên trang web* into view."""
        self._bring(self.web, self.web)

    def show_carrying(self) -> None:
        """Bring *Chuyển hồ sơ bằng thư mục* into view, ready for the keyboard."""
        self._bring(self.carrying.out, self.carrying)
        self.carrying.out.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def receive_from(self, folder: str) -> None:
        """Bring *Chuyển hồ sơ bằng thư mục* into view and take in what a folder holds, unless one
        is being worked on."""
        self._bring(self.carrying, self.carrying)
        if self.carrying.take.isEnabled():
            self.carrying.take_from(folder)

    def show_line(self) -> None:
        """Bring *Đường truyền* into view, ready for the keyboard."""
        self._scroll.ensureWidgetVisible(self.line, 0, 8 * GRID)
        self.line.when.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_disk(self) -> None:
        """Bring *Bản lưu và ổ đĩa* into view, ready for the keyboard, with figures of now."""
        self.storage.look()
        self._scroll.ensureWidgetVisible(self.storage, 0, 8 * GRID)
        self.storage.days.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_clerks(self) -> None:
        """Bring *Người làm ở bàn này* into view, ready for the keyboard."""
        self.clerks.begin()
        self._bring(self.clerks.first, self.clerks)

    def show_encryption(self) -> None:
        """Bring *Mã hóa kho* into view, ready for the keyboard."""
        if self.encryption is not None:
            self.encryption.begin()
            self._bring(self.encryption.state, self.encryption)

    def show_signing(self) -> None:
        """Bring *Ký số* into view, ready for the keyboard."""
        self._bring(self.signing.key, self.signing)
        self.signing.begin()

    def ask_password(self, clerk_id: str) -> None:
        """Have the password of a clerk typed, or (empty) that of the office's account."""
        if clerk_id:
            self.clerks.ask_password(clerk_id)
            self._bring(self.clerks.password, self.clerks)
        else:
            self.server.ask_password()
            self._bring(self.server.password, self.server)

    def _bring(self, field: QWidget, part: QWidget) -> None:
        """Bring a part into view from its top, and a field of it with what stands around that;
        once more when rows that have just appeared in it have their places."""
        self._brought = (field, part)
        self._bring_again()
        self._settle.start()

    def _bring_again(self) -> None:
        field, part = self._brought
        top = part.mapTo(self._middle, part.rect().topLeft()).y()
        self._scroll.verticalScrollBar().setValue(top - GRID)
        self._scroll.ensureWidgetVisible(field, 0, 16 * GRID)

    def show_profiles(self) -> None:
        """Bring *Mẫu quét* into view, ready for the keyboard."""
        self._scroll.ensureWidgetVisible(self.profiles.which, 0, 16 * GRID)
        self.profiles.which.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what is shown ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = dressed("ground", QWidget())
        column.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 2 * GRID, 0, 4 * GRID)
        inside.setSpacing(GRID)
        inside.addWidget(self.policy_said)
        parts = (self.profiles, self.server, self.clerks, self.signing, self.line)
        for part in (*parts, self.storage, self.encryption, self.folders, self.carrying, self.web):
            if part is not None:
                inside.addWidget(part)
        look = section(
            inside,
            self.tr("Hiển thị"),
            (self.tr("Cỡ chữ"), self.text),
            (self.tr("Nền"), self.colours),
            (self.tr("Ngôn ngữ (Language)"), self.language),
            ("", self.language_said),
        )
        look.setRowVisible(self.language_said, False)
        self._look = look
        section(inside, self.tr("Sức máy"), (self.tr("Khi đọc trang"), self.pace))
        section(
            inside,
            self.tr("Kiểm tra máy này"),
            (self.tr("Từng bước"), beside(self.first_run)),
            (self.tr("Cái gì thiếu"), beside(self.doctor)),
        )
        inside.addStretch(1)
        middle = self._middle = dressed("ground", QWidget())
        put_in_the_middle(middle, column, 8)
        scroll = self._scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(middle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _lock(self, policy: Policy) -> None:
        lock(
            policy,
            {
                "window.text": (self.text,),
                "window.colours": (self.colours,),
                "window.language": (self.language,),
                "local.pace": (self.pace,),
            },
        )
        if policy.locks(PROFILES):
            self.profiles.lock(reason(policy))
        said = ""
        if policy.problem:
            said = self.tr("Tệp đặt chung của quản trị không dùng được: {0}").format(policy.problem)
        elif policy.unknown:
            said = self.tr("Tệp đặt chung của quản trị có mục không dùng được: {0}").format(
                ", ".join(policy.unknown)
            )
        self.policy_said.setText(f"✗ {said}" if said else "")
        self.policy_said.setVisible(bool(said))

    def _show(self) -> None:
        """Show what is chosen."""
        wishes = self._office.settings.wishes
        self.text.choose(wishes.text)
        self.colours.choose(wishes.colours)
        self.language.choose(wishes.language)
        self.pace.choose(wishes.pace)
        other = wishes.language != spoken()
        self.language_said.setText(
            self.tr(
                "Có hiệu lực khi mở lại phần mềm. Takes effect when the program is opened again."
            )
            if other
            else ""
        )
        self._look.setRowVisible(self.language_said, other)

    # --- what the clerk does ----------------------------------------------------------------

    def _choose(self) -> None:
        wishes = replace(
            self._office.settings.wishes,
            text=self.text.value,
            colours=self.colours.value,
            language=self.language.value,
            pace=self.pace.value,
        )
        self._office.keep_wishes(wishes)
