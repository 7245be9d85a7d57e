"""The section *Mã hóa kho* of *Cài đặt*: whether what lies on this machine can be read by whoever
takes it away; switching that on and off, and who opens it.

Nothing is encrypted, and no recovery key takes another's place, before its end was typed from
paper. What takes long goes on behind all other work and can be held up.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from digitizer.encrypting import State
from digitizer.errors import DigitizerError
from digitizer.homekeys import TAIL, Custody, Mode
from digitizer.policy import CUSTODY, ENCRYPTION
from ui import encryption_words, recovery_sheet
from ui.bridge import Pool
from ui.encryption import DeskEncryption
from ui.language import trouble
from ui.locks import lock, reason
from ui.office import Office
from ui.scanning import Scanning
from ui.theme import GRID, Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside, section
from ui.widgets.passphrase import PassphraseField, lacking
from ui.widgets.recovery_key import RecoveryKey

_ON = (Mode.ON, Mode.SWITCHING_ON)


class Step(Enum):
    """What the section asks for."""

    REST = "rest"
    KEY = "key"  # the recovery key is shown, its end is asked for
    RENEW = "renew"  # whether another recovery key shall be made
    NEW_KEY = "new-key"  # another recovery key is shown, its end is asked for
    CHANGE = "change"  # another passphrase, or somebody else to hold the key
    LEAVE = "leave"  # whether it shall be switched off


_SHOWN = (Step.KEY, Step.NEW_KEY)
_WAY_ON = (*_SHOWN, Step.CHANGE)
"""Where what is asked for has one way on, which stands out."""


class EncryptionSection(QWidget):
    """A sentence, what can be chosen, and one or two buttons."""

    def __init__(
        self,
        theme: Theme,
        office: Office,
        encryption: DeskEncryption,
        scanning: Scanning,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._office = office
        self._desk = encryption
        self._scanning = scanning
        self._step = Step.REST
        self._busy = False
        self.state = Words("soft")
        self.progress = QProgressBar(textVisible=False)
        self.progress.setAccessibleName(self.tr("Phần đã làm"))
        self.custody = Choice(theme, encryption_words.CUSTODIES)
        self.first = PassphraseField(self.tr("Mật khẩu kho mới"))
        self.second = PassphraseField(self.tr("Gõ lại mật khẩu kho mới"))
        self.recovery = RecoveryKey(theme)
        self.asked = Words("strong")
        self.main, self.renew, self.other = QPushButton(), QPushButton(), QPushButton()
        self.renew.setText(self.tr("Khóa khôi phục mới…"))
        self.said = Words("soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        buttons = QWidget()
        lines = QVBoxLayout(buttons)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GRID)
        lines.addWidget(beside(self.main, self.other))
        lines.addWidget(self.renew, 0, Qt.AlignmentFlag.AlignLeft)
        self.form = section(
            column,
            self.tr("Mã hóa kho"),
            (self.tr("Hồ sơ trên máy"), self.state),
            ("", self.progress),
            (self.tr("Mở kho"), self.custody),
            (self.tr("Mật khẩu kho mới"), self.first),
            (self.tr("Gõ lại"), self.second),
            ("", self.recovery),
            ("", self.asked),
            ("", buttons),
            ("", self.said),
        )
        self._rows: tuple[QWidget, ...] = (
            *(self.progress, self.custody, self.first, self.second),
            *(self.recovery, self.asked, buttons, self.said),
        )
        self.main.clicked.connect(self._press_main)
        self.renew.clicked.connect(lambda: self._ask(Step.RENEW))
        self.other.clicked.connect(self._press_other)
        self.custody.activated.connect(self._dress)
        self.first.entered.connect(self.second.again)
        self.second.entered.connect(self.main.click)
        self.recovery.typed.connect(self._dress)
        self.recovery.entered.connect(self.main.click)
        self.recovery.printed.connect(self._print)
        encryption.changed.connect(self._dress)
        self._policy = office.app.policy
        lock(self._policy, {CUSTODY: (self.custody,)})
        if (held := self._policy.locked.get(CUSTODY)) is not None:
            self.custody.choose(Custody(held))
        self._dress()

    def begin(self) -> None:
        """Take the keys."""
        there = self.custody if self.custody.isVisibleTo(self) else self.main
        there.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what the clerk does --------------------------------------------------------------------

    def _press_main(self) -> None:
        state, desk = self._desk.state, self._desk
        if state is None or self._busy or not self.main.isEnabled():
            return
        if self._step is Step.KEY:
            self._confirm()
        elif self._step is Step.RENEW:
            self._renew()
        elif self._step is Step.NEW_KEY:
            self._take()
        elif self._step is Step.CHANGE:
            self._change()
        elif self._step is Step.LEAVE:
            self._switch_off()
        elif state.mode in (Mode.OFF, Mode.PREPARED):
            self._prepare()
        elif state.mode is Mode.ON:
            self._go(Step.CHANGE)
            if not self._policy.locks(CUSTODY):
                self.custody.choose(state.custody)
            self._dress()
            self.custody.setFocus(Qt.FocusReason.OtherFocusReason)
        elif desk.going:
            desk.pause()
        elif desk.ready:
            desk.go_on()
        elif self._free():
            desk.reopen()

    def _press_other(self) -> None:
        if self._step is Step.REST:
            self._ask(Step.LEAVE)
        elif not self._busy:
            self._desk.forget()
            self._go(Step.REST)
            self.main.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, step: Step) -> None:
        """Ask before it is done; the way back is what Enter presses."""
        if not self._busy:
            self._go(step)
            self.other.setFocus(Qt.FocusReason.OtherFocusReason)

    def _prepare(self) -> None:
        custody, passphrase = self._chosen()
        if custody is None:
            return

        self._wait(self.tr("Đang tạo khóa…"))
        self._desk.prepare(
            custody, passphrase, lambda key: self._show_key(Step.KEY, key), self._refused
        )

    def _renew(self) -> None:
        self._wait(self.tr("Đang tạo khóa…"))
        self._desk.renew(lambda key: self._show_key(Step.NEW_KEY, key), self._refused)

    def _take(self) -> None:
        def taken() -> None:
            self._go(Step.REST)
            self._tell(
                self.tr("✓ Đã đổi khóa khôi phục. Khóa cũ không mở được kho nữa: hủy tờ cũ.")
            )

        self._wait(self.tr("Đang lưu…"))
        self._desk.take(self.recovery.end, taken, self._refused)

    def _show_key(self, step: Step, key: str) -> None:
        self._go(step)
        self.recovery.show_key(key)
        self._dress()
        self.recovery.tail.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirm(self) -> None:
        if self._free():
            self._wait(self.tr("Đang mở lại cửa sổ…"))
            self._desk.confirm(self.recovery.end, self._refused)

    def _change(self) -> None:
        custody, passphrase = self._chosen()
        if custody is None:
            return

        def changed() -> None:
            self._go(Step.REST)
            self._tell(self.tr("✓ Đã lưu. Khóa khôi phục vẫn như cũ."))

        self._wait(self.tr("Đang lưu…"))
        self._desk.change(custody, passphrase, changed, self._refused)

    def _switch_off(self) -> None:
        if self._free():
            self._wait(self.tr("Đang mở lại cửa sổ…"))
            self._desk.switch_off(self._refused)

    def _chosen(self) -> tuple[Custody | None, str | None]:
        """Return who shall hold the key, and the passphrase; None where one lacks something."""
        custody: Custody = self.custody.value
        if custody is Custody.KEYRING:
            return custody, None
        lacks = lacking(self.first.text, self.second.text)
        if lacks:
            self._tell(f"✗ {lacks}")
            self.first.again()
            return None, None
        return custody, self.first.text

    def _free(self) -> bool:
        """Tell whether the window may be opened anew now; say so where it may not."""
        if self._scanning.target is None:
            return True
        self._tell(self.tr("✗ Máy quét đang quét. Quét xong rồi bấm lại."))
        return False

    def _print(self, file: Path) -> None:
        key, home = self.recovery.key, self._office.app.home.root
        if not key:
            return

        def done(_: None) -> None:
            self.recovery.said.setText(
                self.tr("✓ Đã ghi {0}. In xong thì xóa tệp đó.").format(file.name)
            )

        def failed(error: DigitizerError) -> None:
            self.recovery.said.setText(f"✗ {trouble(error)}")

        self._office.bridge.ask(
            lambda: recovery_sheet.write(file, key, home), done, failed, pool=Pool.LONG
        )

    def _refused(self, error: DigitizerError) -> None:
        self._busy = False
        self._tell(f"✗ {trouble(error)}")

    def _wait(self, words: str) -> None:
        self._busy = True
        self._tell(words)

    def _tell(self, words: str) -> None:
        self.said.setText(words)
        self._dress()

    def _go(self, step: Step) -> None:
        self._step, self._busy = step, False
        self.said.setText("")
        self.recovery.forget()
        for one in (self.first, self.second):
            one.clear()
        self._dress()

    # --- what is shown --------------------------------------------------------------------------

    def _dress(self) -> None:
        desk, step = self._desk, self._step
        state = desk.state
        if state is None:
            met = desk.met
            self.state.setText(self.tr("Đang xem…") if met is None else f"✗ {trouble(met)}")
            for row in self._rows:
                self.form.setRowVisible(row, False)
            return
        off = state.mode in (Mode.OFF, Mode.PREPARED)
        self.state.setText(
            encryption_words.standing(state, desk.progress, paused=desk.paused, met=desk.met)
        )
        chooses = (off and step is Step.REST and state.able) or step is Step.CHANGE
        typed = chooses and self.custody.value is Custody.PASSPHRASE
        self.asked.setText(self._question(off=off))
        seen = (
            desk.progress is not None and not off,
            chooses,
            typed,
            typed,
            step in _SHOWN,
            bool(self.asked.text()),
            state.able or not off,
            bool(self.said.text()),
        )
        for row, visible in zip(self._rows, seen, strict=True):
            self.form.setRowVisible(row, visible)
        if desk.progress is not None:
            self.progress.setValue(desk.progress.share)
        self._dress_buttons(state)

    def _question(self, *, off: bool) -> str:
        if off and self._step is Step.REST and self._policy.locked.get(ENCRYPTION) == "on":
            return self.tr("{0}: kho này phải được mã hóa.").format(reason(self._policy))
        if self._step is Step.RENEW:
            return self.tr("Có khóa khôi phục mới rồi thì khóa trên tờ cũ không mở được kho nữa.")
        if self._step is Step.NEW_KEY:
            return self.tr("Trước khi bấm Dùng khóa mới, khóa trên tờ cũ vẫn mở được kho.")
        if self._step is not Step.LEAVE:
            return ""
        return self.tr(
            "Tắt mã hóa: ai lấy được máy này hay ổ đĩa của nó lại đọc được mọi hồ sơ trên đó. "
            "Cửa sổ mở lại rồi giải mã dần phía sau, vẫn làm việc như thường."
        )

    def _dress_buttons(self, state: State) -> None:
        step, rests = self._step, self._step is Step.REST
        texts = {
            Step.REST: self._way_on(state),
            Step.KEY: self.tr("Bắt đầu mã hóa"),
            Step.RENEW: self.tr("Tạo khóa mới"),
            Step.NEW_KEY: self.tr("Dùng khóa mới"),
            Step.CHANGE: self.tr("Lưu"),
            Step.LEAVE: self.tr("Tắt mã hóa"),
        }
        self.main.setText(texts[step])
        self.main.setProperty("role", "main" if step in _WAY_ON else None)
        self.main.style().polish(self.main)
        self.renew.setVisible(rests and state.mode is Mode.ON)
        self.other.setText(self.tr("Tắt mã hóa…") if rests else self.tr("Thôi"))
        self.other.setVisible(state.mode in _ON or not rests)
        why = barred = ""
        if self._policy.locks(ENCRYPTION):
            on = self._policy.locked[ENCRYPTION] == "on"
            why = "" if on or state.mode in _ON else reason(self._policy)
            barred = reason(self._policy) if on and rests else ""
        if step in _SHOWN and not self.recovery.confirmed:
            why = self.tr("Gõ {0} ký tự cuối của khóa khôi phục trước").format(TAIL)
        for button, lacks in ((self.main, why), (self.other, barred)):
            button.setEnabled(not lacks)
            button.setToolTip(lacks)
            button.setAccessibleDescription(lacks)

    def _way_on(self, state: State) -> str:
        """Return what can be done first, where nothing is asked."""
        desk = self._desk
        if state.mode is Mode.ON:
            return self.tr("Đổi cách mở kho…")
        if state.mode in (Mode.OFF, Mode.PREPARED):
            return self.tr("Bật mã hóa…")
        if desk.going:
            return self.tr("Tạm dừng")
        return self.tr("Làm tiếp") if desk.ready else self.tr("Mở lại cửa sổ")
