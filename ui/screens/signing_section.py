"""The section *Ký số* of *Cài đặt*: what must be signed, with which key, what signatures say.

Saved as a whole. The PIN is not set here, nor anywhere: it is asked for when something is signed.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError
from digitizer.signing.model import Plugged
from digitizer.signingrules import (
    AGENCY,
    BEFORE,
    COPY,
    IDLE,
    KEY,
    LABEL,
    LOOK,
    SERIAL,
    TIMESTAMPS,
    UNSIGNED,
    WHERE,
    KeyKind,
    Look,
    Rules,
    fits,
    is_service,
)
from digitizer.storage import signings
from ui import reads_signing, signing_words
from ui.bridge import Pool
from ui.language import say, trouble
from ui.locks import lock
from ui.office import Office
from ui.theme import GRID, Theme
from ui.widgets.choice import Choice
from ui.widgets.file_dialog import file_dialog
from ui.widgets.form import Words, beside, section

SAVED = "✓ Đã lưu."
ANY = Plugged("", "")
"""Whichever token is plugged in, where it is the only one."""
_TOKEN_WIDTH = 64 * GRID
_MINUTES = (5, 15, 30, 60, 120)


class SigningSection(QWidget):
    """Fields and one button that saves them."""

    def __init__(self, theme: Theme, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._rules = UNSIGNED
        self.before = Choice(
            theme,
            {"Không cần ký": None, "Chữ ký cá nhân": Look.PERSONAL, "Sao y của cơ quan": Look.COPY},
        )
        self.look = Choice(theme, {words: one for one, words in signing_words.LOOKS.items()})
        self.copy = Choice(theme, {words: one for one, words in signing_words.COPIES.items()})
        self.key = Choice(
            theme, {"Chưa chọn": None} | {words: one for one, words in signing_words.KEYS.items()}
        )
        self.path = QLineEdit()
        self.token = Choice(theme)
        self.token.setMaximumWidth(_TOKEN_WIDTH)  # a label and a serial number, neither cut
        self._offer_tokens((), ANY)
        self.choose = QPushButton(self.tr("Chọn tệp…"))
        self.plugged = QPushButton(self.tr("Tìm USB đang cắm"))
        self.agency, self.timestamps = QLineEdit(), QLineEdit()
        self.timestamps.setPlaceholderText(self.tr("Để trống nếu không dùng dấu thời gian"))
        self.idle = Choice(theme, {_minutes(one): one for one in _MINUTES})
        self.save = QPushButton(self.tr("Lưu"))
        self.save.setProperty("role", "main")
        self.said, self.found = Words("soft"), Words("soft")
        self._file = beside(self.path, self.choose)
        self._search = beside(self.plugged, self.found)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = section(
            column,
            self.tr("Ký số"),
            (self.tr("Ký trước khi gửi"), self.before),
            (self.tr("Chữ ký"), self.look),
            (self.tr("Hình thức sao"), self.copy),
            (self.tr("Tên cơ quan"), self.agency),
            (self.tr("Khóa ký"), self.key),
            (self.tr("Tệp khóa"), self._file),
            (self.tr("USB ký"), self.token),
            ("", self._search),
            (self.tr("Máy chủ dấu thời gian"), self.timestamps),
            (self.tr("Hỏi lại mã PIN sau"), self.idle),
            ("", beside(self.save, self.said)),
        )
        self.path.setAccessibleName(self.tr("Nơi giữ khóa"))
        lock(
            office.app.policy,
            {
                BEFORE: (self.before,),
                LOOK: (self.look,),
                COPY: (self.copy,),
                AGENCY: (self.agency,),
                KEY: (self.key,),
                WHERE: (self.path, self.choose),
                LABEL: (self.token, self.plugged),
                SERIAL: (self.token, self.plugged),
                TIMESTAMPS: (self.timestamps,),
                IDLE: (self.idle,),
            },
        )
        for choice in (self.before, self.look, self.key):
            choice.activated.connect(self._dress)
        self.token.activated.connect(self.found.clear)
        self.choose.clicked.connect(self._choose_file)
        self.plugged.clicked.connect(self._find_tokens)
        self.save.clicked.connect(self._save)
        for field in (self.path, self.agency, self.timestamps):
            field.returnPressed.connect(self._save)
        self.read()

    def read(self) -> None:
        """Read what is set and show it."""
        app = self._office.app
        self._office.bridge.ask(lambda: signings.rules(app.store), self._show)

    def begin(self) -> None:
        """Take the keys at what lacks first."""
        missing = self.key if self._rules.key is None else self.path
        missing.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def wanted(self) -> Rules:
        """What the fields say."""
        before, key = self.before.value, self.key.value
        token = self.token.value if key is KeyKind.TOKEN else ANY
        return Rules(
            before,
            before or self.look.value,
            self.copy.value,
            key,
            self.path.text().strip() if key else "",
            token.label,
            token.serial,
            self.timestamps.text().strip(),
            " ".join(self.agency.text().split()),
            self.idle.value,
        )

    def _show(self, rules: Rules) -> None:
        self._rules = rules
        self.before.choose(rules.before)
        self.look.choose(rules.look)
        self.copy.choose(rules.copy)
        self.key.choose(rules.key)
        self.path.setText(rules.path)
        self._offer_tokens((), Plugged(rules.label, rules.serial))
        self.timestamps.setText(rules.timestamps)
        self.agency.setText(rules.agency)
        self.idle.choose(rules.idle, _minutes(rules.idle))
        for field in (self.path, self.timestamps, self.agency):
            field.setCursorPosition(0)
        self._dress()

    def _dress(self) -> None:
        """Show what is needed for what is chosen."""
        key, before = self.key.value, self.before.value
        copies = (before or self.look.value) is Look.COPY
        shown = (
            (self.look, before is None),
            (self.copy, copies),
            (self.agency, copies),
            (self._file, key is not None),
            (self.token, key is KeyKind.TOKEN),
            (self._search, key is KeyKind.TOKEN),
            (self.timestamps, key in (KeyKind.FILE, KeyKind.TOKEN)),
            (self.idle, key in (KeyKind.FILE, KeyKind.TOKEN)),
        )
        for row, visible in shown:
            self.form.setRowVisible(row, visible)
        self.choose.setVisible(key is not KeyKind.SERVICE)
        names = {
            KeyKind.FILE: self.tr("Tệp khóa"),
            KeyKind.TOKEN: self.tr("Thư viện của USB ký"),
            KeyKind.SERVICE: self.tr("Địa chỉ dịch vụ ký"),
        }
        label = self.form.labelForField(self._file)
        if key is not None and label is not None:
            label.setText(names[key])  # type: ignore[attr-defined] # a form's names are labels
            self.path.setAccessibleName(names[key])

    def _save(self) -> None:
        wanted, app = self.wanted, self._office.app
        if not fits(TIMESTAMPS, wanted.timestamps):
            self.said.setText(self.tr("✗ Địa chỉ máy chủ dấu thời gian phải là http hoặc https."))
            return
        if wanted.key is not None and not wanted.path:
            self.said.setText(self.tr("✗ Chưa chọn nơi giữ khóa."))
            return
        if wanted.key is KeyKind.SERVICE and not is_service(wanted.path):
            self.said.setText(self.tr("✗ Dịch vụ ký phải ở máy này, như wss://127.0.0.1:8987."))
            return
        if not wanted.agency and (wanted.before or wanted.look) is Look.COPY:
            self.said.setText(self.tr("✗ Ký sao y cần có tên cơ quan."))
            return
        self._office.bridge.ask(
            lambda: reads_signing.keep(app, wanted), self._kept, self._refused, pool=Pool.LONG
        )

    def _offer_tokens(self, found: tuple[Plugged, ...], chosen: Plugged) -> None:
        """Let the clerk choose among these tokens, and the one that is set; show ``chosen``."""
        self.token.offer({signing_words.token(one): one for one in (ANY, *found)})
        self.token.choose(chosen, signing_words.token(chosen))

    def _kept(self, rules: Rules) -> None:
        self._show(rules)
        self.said.setText(self.tr(SAVED))

    def _refused(self, error: DigitizerError) -> None:
        self.said.setText(f"✗ {trouble(error)}")

    def _choose_file(self) -> None:
        token = self.key.value is KeyKind.TOKEN
        title = self.tr("Thư viện của USB ký") if token else self.tr("Tệp khóa")
        dialog = file_dialog(self, title, self.tr("Chọn"), mode=QFileDialog.FileMode.ExistingFile)
        if not token:
            dialog.setNameFilter(self.tr("Tệp khóa") + " (*.p12 *.pfx)")
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()

    def _find_tokens(self) -> None:
        app, module = self._office.app, self.path.text().strip()
        self.found.setText(self.tr("Đang tìm…"))

        def found(tokens: tuple[Plugged, ...]) -> None:
            named = self.token.value
            self._offer_tokens(tokens, tokens[0] if len(tokens) == 1 else named)
            if not tokens:
                self.found.setText(self.tr("Không thấy USB ký nào đang cắm."))
            elif len(tokens) == 1:
                self.found.setText(self.tr("Đã thấy: {0}").format(signing_words.token(tokens[0])))
            else:
                self.found.setText(
                    self.tr("Đang cắm {0} USB ký: chọn một chiếc.").format(len(tokens))
                )
                self.token.setFocus(Qt.FocusReason.OtherFocusReason)

        def refused(error: DigitizerError) -> None:
            self.found.setText(f"✗ {trouble(error)}")

        self._office.bridge.ask(
            lambda: reads_signing.plugged_in(app, module), found, refused, pool=Pool.LONG
        )


def _minutes(count: int) -> str:
    return say("{0} phút không ký", count)
