"""*Cài đặt*, section *Nút Quét trên trang web*: on or off, who may scan, what was scanned."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.bridge.consents import ORIGINS, SCAN
from digitizer.policy import Policy
from ui import web_words
from ui.locks import lock
from ui.theme import Theme
from ui.webdesk import WebDesk
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside, section
from ui.widgets.lines import Lines


class WebPageSection(QWidget):
    """Shows and changes which web pages may scan."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk: WebDesk | None = None
        self._see: Callable[[str], None] = lambda _dossier: None
        self.switch = Choice(theme, {"Tắt": False, "Bật, cho những trang được phép": True})
        self.said = Words("soft")
        self.asking, self.answered, self.latest = Lines(), Lines(), Lines()
        self.origin = QLineEdit()
        self.origin.setPlaceholderText("https://motcua.example.vn")
        self.add = QPushButton(self.tr("Cho phép trang này"))
        self.typed = Words("soft")
        self._lay_out()
        self.switch.activated.connect(self._switch)
        self.asking.pressed.connect(self._answer)
        self.answered.pressed.connect(self._take_back)
        self.latest.pressed.connect(lambda key, _act: self._see(key.rpartition(" ")[2]))
        self.add.clicked.connect(self._allow_typed)
        self.origin.returnPressed.connect(self._allow_typed)

    def use(self, desk: WebDesk, policy: Policy, see: Callable[[str], None]) -> None:
        """Show how it stands at this desk; ``see`` opens a dossier (its id)."""
        self._desk, self._see = desk, see
        lock(policy, {SCAN: (self.switch,), ORIGINS: (self.origin, self.add)})
        desk.changed.connect(self._show)
        self._show()

    # --- what is shown ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        self._more = beside(self.origin, self.add)
        self._form = section(
            inside,
            self.tr("Nút Quét trên trang web"),
            (self.tr("Cho trang web quét"), self.switch),
            ("", self.said),
            (self.tr("Trang đang hỏi"), self.asking),
            (self.tr("Trang đã trả lời"), self.answered),
            (self.tr("Thêm trang"), self._more),
            ("", self.typed),
            (self.tr("Vừa quét"), self.latest),
        )
        self.origin.setAccessibleName(self.tr("Địa chỉ trang web được quét"))

    def _show(self) -> None:
        if self._desk is None:
            return
        kept = self._desk.kept
        self.switch.choose(kept.on)
        self.said.setText(web_words.standing(kept, self._desk.port))
        rows = (
            (self.asking, web_words.asking(self._desk.asking)),
            (self.answered, web_words.answered(kept)),
            (self.latest, web_words.latest(kept)),
        )
        for widget, lines in rows:
            widget.show_lines(lines)
            self._form.setRowVisible(widget, bool(lines))
        for row in (self.said, self.typed):
            self._form.setRowVisible(row, bool(row.text()))
        self._form.setRowVisible(self._more, kept.on or bool(kept.consents))

    # --- what the clerk does ----------------------------------------------------------------

    def _switch(self) -> None:
        if self._desk is not None:
            self._desk.switch(on=bool(self.switch.value))

    def _answer(self, origin: str, act: str) -> None:
        if self._desk is not None:
            (self._desk.allow if act == web_words.ALLOW else self._desk.refuse)(origin)

    def _take_back(self, key: str, act: str) -> None:
        if self._desk is None:
            return
        origin = key.rpartition(" ")[2]
        if key.startswith("list "):  # it stays on the administrator's list, and is refused here
            self._desk.refuse(origin)
        else:
            self._desk.withdraw(origin)

    def _allow_typed(self) -> None:
        if self._desk is None or not self.origin.text().strip():
            return
        if self._desk.allow_typed(self.origin.text()):
            self.origin.clear()
            self.typed.setText("")
        else:
            self.typed.setText(self.tr("✗ Gõ như trên thanh địa chỉ, chỉ tới tên: https://ten."))
        self._form.setRowVisible(self.typed, bool(self.typed.text()))
