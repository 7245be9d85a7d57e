"""*Cài đặt*: how it scans, where dossiers go, how papers are signed, which folders are watched,
which web pages may scan, how the window looks, how much of the machine the work takes.

The look holds at once; a profile is saved as a whole, the procedure system is tried then. What the
administrator's file holds can be seen, and not changed. The form is long: it is there section by
section, in turns of the event loop (``widgets.sections``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractSlider, QScrollArea, QVBoxLayout, QWidget

from digitizer.policy import PROFILES, Policy
from ui.commands import Command
from ui.locks import reason
from ui.places import Parts
from ui.screens.profiles import ProfileSection
from ui.theme import GRID
from ui.widgets.dressed import dressed
from ui.widgets.form import Words
from ui.widgets.middle import put_in_the_middle
from ui.widgets.sections import Section, Sections

if TYPE_CHECKING:
    from ui.encryption import DeskEncryption
    from ui.screens.carrying import CarryingSection
    from ui.screens.clerks import ClerkSection
    from ui.screens.encryption import EncryptionSection
    from ui.screens.folders import FolderSection
    from ui.screens.line import LineSection
    from ui.screens.looks import LookSection, MachineSection
    from ui.screens.server import ServerSection
    from ui.screens.signing_section import SigningSection
    from ui.screens.storage import StorageSection
    from ui.screens.webpages import WebPageSection

_WIDTH = 90 * GRID
_STEPS = {
    Command.NEXT_PAGE: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Command.PREVIOUS_PAGE: QAbstractSlider.SliderAction.SliderPageStepSub,
    Command.FIRST_PAGE: QAbstractSlider.SliderAction.SliderToMinimum,
    Command.LAST_PAGE: QAbstractSlider.SliderAction.SliderToMaximum,
}
"""How far the form moves; it is several screens long."""


class SettingsScreen(QWidget):
    """A form of several sections; one that is asked for is made then."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._office = parts.office
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.policy_said = Words("wrong")
        self.form = Sections()
        self._lay_out()
        self._tell(self._office.app.policy)
        later = self.form.later
        self._profiles = later(self._make_profiles)
        self._server = later(self._make_server)
        self._clerks = later(self._make_clerks)
        self._signing = later(self._make_signing)
        self._line = later(self._make_line)
        self._storage = later(self._make_storage)
        self._encryption: Section[EncryptionSection] | None = None
        if (desk := parts.encryption) is not None:
            self._encryption = later(lambda: self._make_encryption(desk))
        self._folders = later(self._make_folders)
        self._carrying = later(self._make_carrying)
        self._web = later(self._make_web)
        self._look = later(self._make_look)
        self._machine = later(self._make_machine)
        self._brought: tuple[QWidget, QWidget] | None = None
        self._left_at = 0
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._bring_again)
        self.form.grown.connect(self._bring_again)
        self.form.whole.connect(self._settle.start)
        self.form.resized.connect(self._settle.start)
        self.form.begin()

    def enter(self) -> None:
        """Take the focus."""
        self.form.settle()
        self.setFocus()
        if self._storage.widget is not None:
            self._storage.widget.look()

    def do(self, command: Command) -> bool:
        """Choose how it scans, or look further down or up; nothing else is a key's here."""
        if command is Command.PROFILE:
            self.show_profiles()
        step = _STEPS.get(command)
        if step is not None:
            self._scroll.verticalScrollBar().triggerAction(step)
        return command is Command.PROFILE or step is not None

    def digit(self, number: int) -> None:
        """Means nothing here."""

    def show_folders(self) -> None:
        """Bring *Thư mục theo dõi* into view."""
        self._bring(self.folders.watched, self.folders)

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
        self._bring(self.line.when, self.line)
        self.line.when.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_disk(self) -> None:
        """Bring *Bản lưu và ổ đĩa* into view, ready for the keyboard, with figures of now."""
        self.storage.look()
        self._bring(self.storage.days, self.storage)
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

    def show_profiles(self) -> None:
        """Bring *Mẫu quét* into view, ready for the keyboard."""
        self._bring(self.profiles.which, self.profiles)
        self.profiles.which.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _bring(self, field: QWidget, part: QWidget) -> None:
        """Bring a part into view from its top, and a field of it with what stands around that;
        once more when rows that have just appeared in it have their places, and while the form
        grows: what comes above the part does not move it in the window."""
        self._brought = (field, part)
        self._left_at = self._scroll.verticalScrollBar().value()
        self.form.settle()
        self._bring_again()
        self._settle.start()

    def _bring_again(self) -> None:
        bar = self._scroll.verticalScrollBar()
        if self._brought is None or bar.value() != self._left_at:
            return  # the clerk has gone elsewhere since
        field, part = self._brought
        bar.setValue(part.mapTo(self._middle, part.rect().topLeft()).y() - GRID)
        self._scroll.ensureWidgetVisible(field, 0, 16 * GRID)
        self._left_at = bar.value()

    # --- what is shown ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        # From the outside to the inside, before there is anything in it.
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        scroll = self._scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Its room is kept while the form is still short: nothing moves when the bar comes.
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        whole.addWidget(scroll)
        middle = self._middle = dressed("ground", QWidget())
        scroll.setWidget(middle)
        column = dressed("ground", QWidget())
        column.setMaximumWidth(_WIDTH)
        put_in_the_middle(middle, column, 8)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 2 * GRID, 0, 4 * GRID)
        inside.setSpacing(GRID)
        inside.addWidget(self.policy_said)
        inside.addWidget(self.form, 1)

    def _tell(self, policy: Policy) -> None:
        """Say what is wrong with the administrator's file."""
        said = ""
        if policy.problem:
            said = self.tr("Tệp đặt chung của quản trị không dùng được: {0}").format(policy.problem)
        elif policy.unknown:
            said = self.tr("Tệp đặt chung của quản trị có mục không dùng được: {0}").format(
                ", ".join(policy.unknown)
            )
        self.policy_said.setText(f"✗ {said}" if said else "")
        self.policy_said.setVisible(bool(said))

    # --- the sections -----------------------------------------------------------------------

    @property
    def profiles(self) -> ProfileSection:
        """*Mẫu quét*."""
        return self._profiles()

    @property
    def server(self) -> ServerSection:
        """*Hệ thống giải quyết thủ tục*."""
        return self._server()

    @property
    def clerks(self) -> ClerkSection:
        """*Người làm ở bàn này*."""
        return self._clerks()

    @property
    def signing(self) -> SigningSection:
        """*Ký số*."""
        return self._signing()

    @property
    def line(self) -> LineSection:
        """*Đường truyền*."""
        return self._line()

    @property
    def storage(self) -> StorageSection:
        """*Bản lưu và ổ đĩa*."""
        return self._storage()

    @property
    def encryption(self) -> EncryptionSection | None:
        """*Mã hóa kho*, where the home may be encrypted."""
        return self._encryption() if self._encryption is not None else None

    @property
    def folders(self) -> FolderSection:
        """*Thư mục theo dõi*."""
        return self._folders()

    @property
    def carrying(self) -> CarryingSection:
        """*Chuyển hồ sơ bằng thư mục*."""
        return self._carrying()

    @property
    def web(self) -> WebPageSection:
        """*Nút Quét trên trang web*."""
        return self._web()

    @property
    def look(self) -> LookSection:
        """*Hiển thị*."""
        return self._look()

    @property
    def machine(self) -> MachineSection:
        """*Sức máy* and *Kiểm tra máy này*."""
        return self._machine()

    def _make_profiles(self) -> ProfileSection:
        section, policy = ProfileSection(self._parts.theme, self.form), self._office.app.policy
        section.use(self._office.profiles, self._parts.bridge, self._parts.scanners)
        if policy.locks(PROFILES):
            section.lock(reason(policy))
        return section

    def _make_server(self) -> ServerSection:
        from ui.screens.server import ServerSection

        return ServerSection(self._parts.theme, self._office, self.form)

    def _make_clerks(self) -> ClerkSection:
        from ui.screens.clerks import ClerkSection

        return ClerkSection(self._parts.theme, self._office, self._parts.clerks, self.form)

    def _make_signing(self) -> SigningSection:
        from ui.screens.signing_section import SigningSection

        return SigningSection(self._parts.theme, self._office, self.form)

    def _make_line(self) -> LineSection:
        from ui.screens.line import LineSection

        return LineSection(self._parts.theme, self._office, self.form)

    def _make_storage(self) -> StorageSection:
        from ui.screens.storage import StorageSection

        section = StorageSection(self._parts.theme, self._office, self.form)
        section.look()
        return section

    def _make_encryption(self, desk: DeskEncryption) -> EncryptionSection:
        from ui.screens.encryption import EncryptionSection

        theme, scanning = self._parts.theme, self._parts.scanning
        return EncryptionSection(theme, self._office, desk, scanning, self.form)

    def _make_folders(self) -> FolderSection:
        from ui.screens.folders import FolderSection

        section = FolderSection(self._parts.theme, self.form)
        if self._parts.folders is not None:
            section.use(self._parts.folders, self._office)
        else:
            section.hide()
        return section

    def _make_carrying(self) -> CarryingSection:
        from ui.screens.carrying import CarryingSection

        return CarryingSection(self._parts, self.form)

    def _make_web(self) -> WebPageSection:
        from ui.screens.webpages import WebPageSection

        parts, section = self._parts, WebPageSection(self._parts.theme, self.form)
        if parts.web is not None:
            section.use(
                parts.web,
                self._office.app.policy,
                lambda dossier: parts.show_page(dossier, None, None),
            )
        else:
            section.hide()
        return section

    def _make_look(self) -> LookSection:
        from ui.screens.looks import LookSection

        return LookSection(self._parts.theme, self._office, self.form)

    def _make_machine(self) -> MachineSection:
        from ui.screens.looks import MachineSection

        return MachineSection(self._parts, self.form)
