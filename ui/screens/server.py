"""The section *Hệ thống giải quyết thủ tục*: where dossiers go; saved as a whole, tried then.

Part of *Cài đặt* and of the first run.
"""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.errors import (
    AccountIncomplete,
    AddressUnusable,
    AnswerUnexpected,
    DigitizerError,
    Offline,
    ServerMisnamed,
    ServerUntrusted,
    SignInRefused,
)
from digitizer.procedure.connect import KINDS, Want
from digitizer.servers import Server
from digitizer.work.marking import SETTING as MARKS
from digitizer.work.marking import Telling
from ui.language import say, trouble
from ui.locks import lock, reason
from ui.office import Office
from ui.screens.authority import AuthorityRow
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside, section
from ui.wording import PASSWORD_ERRORS

CONNECTED = "✓ Kết nối được. Đã lưu."
IN_FILE = (
    "Máy này không có kho mật khẩu: mật khẩu nằm trong một tệp riêng, chỉ tài khoản này đọc được."
)
TYPE_IT = "Gõ mật khẩu rồi bấm Enter: những gì đang chờ sẽ tự gửi tiếp."
"""What is said beside a password that is asked for."""
_AUTH = {
    "Gửi tài khoản theo từng lần gọi": "basic",
    "Đăng nhập một phiên như trên trang web": "session",
}
_OF_ADDRESS = (AddressUnusable, Offline, AnswerUnexpected, ServerMisnamed)
"""What a wrong address comes to; a host that nobody vouches for besides (``ServerUntrusted``)."""
_MARKS = {"Có, sau mỗi giấy tờ": Telling.ON, "Không": Telling.OFF}


class ServerSection(QWidget):
    """Kind, address, account; one button saves and tries them. What a kind needs is shown, the rest
    is not (``connect.KINDS``).

    Signals:
        checked: How it went (``DigitizerError`` or None).
    """

    checked = Signal(object)

    def __init__(self, theme: Theme, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self.kind = Choice(theme, {known.title: kind for kind, known in KINDS.items()})
        self.url, self.group, self.user = QLineEdit(), QLineEdit(), QLineEdit()
        self.sso, self.auth = QLineEdit(), Choice(theme, _AUTH)
        self.sso.setPlaceholderText(self.tr("Để trống nếu cùng máy chủ"))
        self.marks = Choice(theme, _MARKS)
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.authority = AuthorityRow(office.bridge)
        self._unknown_issuer = False
        self._left_at: QWidget | None = None
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
            (self.tr("Nơi đăng nhập (SSO)"), self.sso),
            (self.tr("Cách đăng nhập"), self.auth),
            (self.tr("Tên đăng nhập"), self.user),
            (self.tr("Mật khẩu"), self.password),
            (self.tr("Chứng thư gốc (CA)"), self.authority),
            ("", beside(self.check)),
            ("", self.said),
            (self.tr("Báo số giấy tờ đã nhận"), self.marks),
        )
        self._lock()
        self.kind.currentIndexChanged.connect(self._dress)
        self.check.clicked.connect(self._check)
        self.marks.activated.connect(self._keep_marks)
        for field in (self.url, self.group, self.sso, self.user, self.password):
            field.returnPressed.connect(self._check)
        self.authority.decided.connect(self._decided)
        office.settings_changed.connect(self._show)
        office.traffic_changed.connect(self._dress)
        self._show()

    def ask_password(self) -> None:
        """Have the password typed."""
        self._focus_password()
        self.said.setText(self.tr(TYPE_IT))

    def _focus_password(self) -> None:
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)
        self.password.selectAll()

    def _lead_to(self, error: DigitizerError) -> None:
        """Put the cursor where the fault is, unless the clerk went on to something else."""
        if self.window().focusWidget() is not self._left_at or not self.isVisible():
            return
        if isinstance(error, PASSWORD_ERRORS):
            if self.password.isVisible():
                self._focus_password()
        elif isinstance(error, AccountIncomplete):
            fields = (self.group, self.user, self.password)
            empty = [one for one in fields if one.isVisible() and not one.text().strip()]
            if empty:
                empty[0].setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(error, _OF_ADDRESS) or type(error) is ServerUntrusted:
            self.url.setFocus(Qt.FocusReason.OtherFocusReason)
            self.url.end(False)

    def _lock(self) -> None:
        policy = self._office.app.policy
        fields: dict[str, tuple[QWidget, ...]] = {
            "server.kind": (self.kind,),
            "server.url": (self.url,),
            "server.group": (self.group,),
            "server.user": (self.user,),
            "server.auth": (self.auth,),
            "server.sso": (self.sso,),
            "server.ca": (self.authority,),
        }
        lock(policy, {MARKS: (self.marks,)})
        if lock(policy, fields, each_says_so=False):
            self.said.setText(self.tr("{0}. Chỉ cần nhập mật khẩu.").format(reason(policy)))

    def _show(self) -> None:
        """Show what is chosen; a field the clerk is in is left alone, and so is what was typed
        while it is tried: where it cannot be used, it is to be mended."""
        server = self._office.settings.server
        self.authority.show_kept(server.ca if server else "")
        typing = any(field.hasFocus() for field in (self.url, self.group, self.user, self.sso))
        if server is not None and not typing and self.check.isEnabled():
            self.kind.choose(server.kind)
            self.url.setText(server.url)
            self.group.setText(server.group)
            self.user.setText(server.user)
            self.sso.setText(server.sso)
            self.auth.choose(server.auth or next(iter(_AUTH.values())))
            for field in (self.url, self.group, self.user, self.sso):
                field.setCursorPosition(0)
        self.marks.choose(self._office.settings.wishes.marks)
        ask = self.tr("Chưa có thì hỏi người quản trị: địa chỉ, mã đơn vị, tài khoản.")
        if server is None and not self.said.text():
            self.said.setText(ask)
        elif server is not None and self.said.text() == ask:
            self.said.setText("")
        self._dress()

    def _dress(self) -> None:
        """Show what the kind needs or takes; a CA where nobody vouches for the server."""
        known = KINDS[self.kind.value]
        asked = known.needs | known.takes
        traffic = self._office.traffic
        met = (self._office.unfetched, traffic.sync.paused if traffic else None)
        doubted = self._unknown_issuer or any(type(error) is ServerUntrusted for error in met)
        own = bool(self.authority.pem) or self.authority.fresh
        shown: dict[QWidget, bool] = {
            self.group: Want.GROUP in asked,
            self.sso: Want.SSO in asked,
            self.auth: Want.AUTH in asked,
            self.user: Want.USER in asked,
            self.password: Want.USER in asked,
            self.authority: Want.CA in asked and (doubted or own),
            self.marks: Want.MARKS in asked,
        }
        for field, wanted in shown.items():
            self.form.setRowVisible(field, wanted)
        self.url.setPlaceholderText(known.address)
        kept = self._office.settings.server is not None
        self.password.setPlaceholderText(self.tr("Để trống nếu không đổi") if kept else "")

    def _check(self) -> None:
        if not self.check.isEnabled():
            return
        typed = self._typed()
        same = typed == self._office.settings.server and not self.password.text()
        self.check.setEnabled(False)
        self.check.setToolTip(self.tr("Đang kiểm tra"))
        self.check.setAccessibleDescription(self.tr("Đang kiểm tra"))
        self.said.setText(self.tr("Đang kiểm tra…"))
        self._left_at = self.window().focusWidget()  # where Qt leads from a button that is off
        self._office.check_server(None if same else typed, self.password.text(), self._checked)

    def _typed(self) -> Server:
        """Return what the form says, without what the kind does not ask for."""
        known = KINDS[self.kind.value]
        asked = known.needs | known.takes
        auth = "" if (self.auth.value,) == known.auth[:1] else self.auth.value  # the usual one
        typed = Server(
            self.kind.value,
            self.url.text().strip(),
            self.group.text().strip() if Want.GROUP in asked else "",
            self.user.text().strip() if Want.USER in asked else "",
            auth if Want.AUTH in asked else "",
            self.sso.text().strip() if Want.SSO in asked else "",
            self.authority.pem if Want.CA in asked else "",
        )
        before = self._office.settings.server
        if before is not None and not typed.is_at(before) and not self.authority.fresh:
            return replace(typed, ca="")  # it was confirmed for another host
        return typed

    def _keep_marks(self) -> None:
        wishes = replace(self._office.settings.wishes, marks=self.marks.value)
        self._office.keep_wishes(wishes)

    def _checked(self, error: DigitizerError | None) -> None:
        self.check.setEnabled(True)
        self.check.setToolTip("")
        self.check.setAccessibleDescription("")
        self._unknown_issuer = type(error) is ServerUntrusted
        if error is None:
            if self.password.text():
                self._tell_where_it_is_kept()
            self.password.clear()
            self.said.setText(self.tr(CONNECTED))
        else:
            self.said.setText(f"✗ {self._told(error)}")
        self._dress()
        if error is not None:
            self._lead_to(error)
        self.checked.emit(error)

    def _told(self, error: DigitizerError) -> str:
        """Say what is wrong; who is in this form need not be sent to it."""
        if isinstance(error, SignInRefused):
            return self.tr("{0}. Sửa lại rồi bấm Enter.").format(say(error.title))
        if isinstance(error, AddressUnusable):
            like = KINDS[self.kind.value].address
            return self.tr("{0}. Viết như {1} rồi bấm Enter.").format(say(error.title), like)
        return trouble(error)

    def _decided(self) -> None:
        self._dress()
        self.check.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_where_it_is_kept(self) -> None:
        """Say so, when a password was given, where the system had no place for it."""
        passwords = self._office.app.servers.passwords

        def tell(in_file: bool) -> None:
            if in_file and self.said.text() == self.tr(CONNECTED):  # nothing was said since
                kept = self.tr("✓ Kết nối được. Đã lưu. {0}").format(self.tr(IN_FILE))
                self.said.setText(kept)

        self._office.bridge.ask(lambda: passwords.in_file, tell)
