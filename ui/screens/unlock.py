"""What is typed before an encrypted home is open: its passphrase, or its recovery key with what
shall open it from then on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError, PassphraseWrong, RecoveryKeyWrong
from digitizer.homekeys import Custody
from ui import encryption_words
from ui.homes import ASKED, RESCUING, Rescue
from ui.language import trouble
from ui.theme import GRID, Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside
from ui.widgets.passphrase import PassphraseField, lacking


class Unlock(QWidget):
    """Two pages: the passphrase; the recovery key.

    Signals:
        given: A passphrase was typed (str).
        rescued: A recovery key was typed (``Rescue``).
        turned: The other page is shown.
    """

    given = Signal(str)
    rescued = Signal(object)
    turned = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.passphrase = PassphraseField(self.tr("Mật khẩu kho"))
        self.open = QPushButton(self.tr("Mở khóa"))
        self.open.setProperty("role", "main")
        self.said, self.rescue_said = Words("wrong"), Words("wrong")
        self.lost = QPushButton(self.tr("Dùng khóa khôi phục"))
        self.key = QLineEdit()
        self.key.setAccessibleName(self.tr("Khóa khôi phục"))
        self.key.setPlaceholderText("AGE-SECRET-KEY-1…")
        self.custody = Choice(theme, encryption_words.CUSTODIES)
        self.custody.setAccessibleName(self.tr("Từ nay mở kho bằng"))
        self.first = PassphraseField(self.tr("Mật khẩu kho mới"))
        self.second = PassphraseField(self.tr("Gõ lại mật khẩu kho mới"))
        self.rescue = QPushButton(self.tr("Mở kho"))
        self.rescue.setProperty("role", "main")
        self.back = QPushButton(self.tr("Quay lại  Esc"))
        self._names: list[tuple[QLabel, QWidget]] = []
        self._pages = QStackedWidget()
        self._pages.addWidget(self._passphrase_page())
        self._pages.addWidget(self._rescue_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.passphrase.entered.connect(self._give)
        self.open.clicked.connect(self._give)
        self.lost.clicked.connect(lambda: self._turn(rescuing=True))
        self.back.clicked.connect(self.leave)
        self.rescue.clicked.connect(self._rescue)
        self.key.returnPressed.connect(self._from_key)
        self.first.entered.connect(self.second.again)
        self.second.entered.connect(self._rescue)
        self.custody.activated.connect(self._dress)
        self._dress()

    @property
    def rescuing(self) -> bool:
        """Whether the recovery key is asked for."""
        return self._pages.currentIndex() == 1

    def meet(self, error: DigitizerError) -> None:
        """Say what keeps the home shut, and have typed what opens it."""
        if isinstance(error, RESCUING):
            self._turn(rescuing=True)
            self.rescue_said.setText(f"✗ {trouble(error)}")
            if isinstance(error, RecoveryKeyWrong):
                self.key.selectAll()
            return
        self._turn(rescuing=False)
        asked = isinstance(error, ASKED)
        self.passphrase.setVisible(asked)
        self.open.setVisible(asked)
        self.said.setText(f"✗ {trouble(error)}" if isinstance(error, PassphraseWrong) else "")
        if asked:
            self.passphrase.again()

    def leave(self) -> None:
        """Go back from the recovery key to the passphrase."""
        if self.rescuing:
            self._turn(rescuing=False)
            there = self.lost if self.passphrase.isHidden() else self.passphrase
            there.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Empty all fields: the home is open."""
        for one in (self.passphrase, self.first, self.second):
            one.clear()
        self.key.setText("")

    # --- what is typed --------------------------------------------------------------------------

    def _give(self) -> None:
        if self.passphrase.text:
            self.said.setText("")
            self.given.emit(self.passphrase.text)
        else:
            self.passphrase.again()

    def _from_key(self) -> None:
        """A reader of codes ends the key with Enter: go on to what is asked next."""
        if self.custody.value is Custody.KEYRING:
            self._rescue()
        else:
            self.first.again()

    def _rescue(self) -> None:
        if not self.key.text().strip():
            self.rescue_said.setText(self.tr("✗ Chưa gõ khóa khôi phục."))
            self.key.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        custody = self.custody.value
        lacks = ""
        if custody is Custody.PASSPHRASE:
            lacks = lacking(self.first.text, self.second.text)
        self.rescue_said.setText(f"✗ {lacks}" if lacks else "")
        if lacks:
            self.first.again()
            return
        passphrase = self.first.text if custody is Custody.PASSPHRASE else None
        self.rescued.emit(Rescue(self.key.text(), custody, passphrase))

    # --- what is shown --------------------------------------------------------------------------

    def _turn(self, *, rescuing: bool) -> None:
        self._pages.setCurrentIndex(1 if rescuing else 0)
        self.rescue_said.setText("")
        self.turned.emit()
        if rescuing:
            self.key.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self) -> None:
        """Ask for a new passphrase only where one shall open the home."""
        typed = self.custody.value is Custody.PASSPHRASE
        for name, widget in self._names[2:]:
            name.setVisible(typed)
            widget.setVisible(typed)

    def _passphrase_page(self) -> QWidget:
        page = QWidget()
        column = _column(page)
        column.addWidget(beside(self.passphrase, self.open))
        column.addWidget(self.said)
        column.addWidget(self.lost, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _rescue_page(self) -> QWidget:
        page = QWidget()
        column = _column(page)
        for words, widget in (
            (self.tr("Khóa khôi phục, trên tờ giấy cơ quan đã cất"), self.key),
            (self.tr("Từ nay mở kho bằng"), self.custody),
            (self.tr("Mật khẩu kho mới"), self.first),
            (self.tr("Gõ lại mật khẩu kho mới"), self.second),
        ):
            name = QLabel(words)
            name.setBuddy(widget)
            self._names.append((name, widget))
            column.addWidget(name)
            column.addWidget(widget)
        column.addWidget(self.rescue_said)
        column.addWidget(beside(self.rescue, self.back))
        column.addStretch(1)
        return page


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID)
    return column
