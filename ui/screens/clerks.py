"""*Cài đặt*, section *Người làm ở bàn này*: a name, an account and a password for each.

An office with one account for all sees two lines of it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.errors import ClerkBad, ClerkNameTaken, DigitizerError
from digitizer.identifiers import one_line
from ui.clerks import DeskClerks
from ui.language import trouble
from ui.office import Office
from ui.reads_clerks import Draft
from ui.screens.server import TYPE_IT
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside, section

NEW = ""
"""The value of *Thêm người*."""


class ClerkSection(QWidget):
    """Chooses, adds, changes and removes clerks."""

    def __init__(
        self, theme: Theme, office: Office, clerks: DeskClerks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._office = office
        self._clerks = clerks
        self._open = self._adding = False
        self._editing, self._added = NEW, ""
        self.intro = Words("soft")
        self.intro.setText(
            self.tr(
                "Mỗi người một tài khoản thì thêm từng người ở đây: hồ sơ đi dưới tên người làm. "
                "Cả cơ quan dùng một tài khoản thì để trống."
            )
        )
        self.add = QPushButton(self.tr("Thêm người…"))
        self.which = Choice(theme)
        self.name, self.account = QLineEdit(), QLineEdit()
        self.account.setPlaceholderText(self.tr("Để trống: dùng tài khoản chung ở trên"))
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.save = QPushButton(self.tr("Lưu"))
        self.save.setProperty("role", "main")
        self.remove = QPushButton(self.tr("Bỏ khỏi danh sách"))
        self.said = Words("soft")
        self._add_line, self._save_line = (
            beside(self.add),
            beside(self.save, self.remove, self.said),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = section(
            column,
            self.tr("Người làm ở bàn này"),
            ("", self.intro),
            ("", self._add_line),
            (self.tr("Người"), self.which),
            (self.tr("Họ tên"), self.name),
            (self.tr("Tên đăng nhập"), self.account),
            (self.tr("Mật khẩu"), self.password),
            ("", self._save_line),
        )
        self.add.clicked.connect(self.begin)
        self.which.activated.connect(lambda: self._edit(self.which.value))
        self.save.clicked.connect(self._save)
        self.remove.clicked.connect(self._remove)
        for field in (self.name, self.account, self.password):
            field.returnPressed.connect(self._save)
        clerks.changed.connect(self._show)
        office.settings_changed.connect(self._dress)
        self._show()

    @property
    def first(self) -> QWidget:
        """Where somebody who comes here begins."""
        return self.which if self._clerks.all else self.name

    def begin(self) -> None:
        """Let somebody be added, or the list be changed."""
        self._open = True
        self._adding = not self._clerks.all
        self._dress()
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_password(self, clerk_id: str) -> None:
        """Have the password of somebody on the list typed."""
        self._edit(clerk_id)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)
        self.password.selectAll()
        self.said.setText(self.tr(TYPE_IT))

    # --- what is shown ----------------------------------------------------------------------

    def _show(self) -> None:
        """Show who is on the list: who was just added, else who is at the desk; what is being
        typed stays."""
        ids = [one.id for one in self._clerks.all]
        added = [one.id for one in self._clerks.all if one.name == self._added]
        if added:
            self._added, self._adding = "", False
            self._fill(added[0])
        elif self._editing not in ids and not self._adding:
            at_desk = self._clerks.at_desk
            self._fill(at_desk.id if at_desk else next(iter(ids), NEW))
        self._offer()
        self._dress()

    def _edit(self, clerk_id: str) -> None:
        self._adding = clerk_id == NEW
        self._fill(clerk_id)
        self._offer()
        self._dress()
        self.said.setText("")

    def _fill(self, clerk_id: str) -> None:
        self._editing = clerk_id
        one = next((one for one in self._clerks.all if one.id == clerk_id), None)
        self.name.setText(one.name if one else "")
        self.account.setText(one.account if one else "")
        self.password.clear()

    def _offer(self) -> None:
        options: dict[str, object] = {one.name: one.id for one in self._clerks.all}
        options[self.tr("Thêm người mới")] = NEW
        self.which.offer(options)
        self.which.choose(self._editing)

    def _dress(self) -> None:
        listed, new = bool(self._clerks.all), self._editing == NEW
        server = self._office.settings.server
        accounts = server is None or server.has_accounts
        open_ = listed or self._open
        for field, seen in (
            (self.intro, not listed),
            (self._add_line, not open_),
            (self.which, listed),
            (self.name, open_),
            (self.account, open_ and accounts),
            (self.password, open_ and accounts),
            (self._save_line, open_),
        ):
            self.form.setRowVisible(field, seen)
        self.remove.setVisible(not new)
        self.password.setPlaceholderText("" if new else self.tr("Để trống nếu không đổi"))

    # --- what the clerk does ----------------------------------------------------------------

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        draft = Draft(self.name.text(), self.account.text(), self.password.text(), self._editing)
        _let(self.save, self.tr("Đang lưu"))
        self.said.setText(self.tr("Đang lưu…"))
        self._clerks.keep(draft, lambda error: self._saved(draft, error))

    def _saved(self, draft: Draft, error: DigitizerError | None) -> None:
        _let(self.save, "")
        if isinstance(error, ClerkBad | ClerkNameTaken):
            self.said.setText(f"✗ {trouble(error)}")
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not draft.clerk:
            self._added = one_line(draft.name)
            self._show()  # the list may have come before the answer
        if error is not None:
            self.said.setText(self.tr("Đã lưu. ✗ {0}").format(trouble(error)))
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            self.password.selectAll()
            return
        self.password.clear()
        saved = self.tr("✓ Đã lưu {0}.") if draft.clerk else self.tr("✓ Đã thêm {0}.")
        self.said.setText(saved.format(one_line(draft.name)))

    def _remove(self) -> None:
        name, clerk_id = self.name.text(), self._editing

        def removed(error: DigitizerError | None) -> None:
            said = self.tr("Đã bỏ {0}. Việc người này đã làm vẫn mang tên họ.").format(name)
            self.said.setText(said if error is None else f"✗ {trouble(error)}")

        self._clerks.remove(clerk_id, removed)


def _let(button: QPushButton, why_not: str) -> None:
    """Let a button be pressed, or say why it cannot be."""
    button.setEnabled(not why_not)
    button.setToolTip(why_not)
    button.setAccessibleDescription(why_not)
