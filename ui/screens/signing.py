"""*Ký số*: the papers that wait for a signature, each looked at beside the list; one key signs all.

What is signed is what stands in the list when the key is pressed. The PIN is typed here, once, and
is kept by the signing session alone. Signing runs in the background.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from digitizer.batchsigning import Listed
from digitizer.errors import DigitizerError, SeveralTokens, WrongPin
from ui import reads_signing, signing_words
from ui.commands import Command
from ui.language import say
from ui.places import Parts
from ui.reads_signing import ToSign
from ui.screens.version_side import VersionSide
from ui.signing_words import Said
from ui.theme import GRID
from ui.widgets import two_sides
from ui.widgets.row_view import RowView
from ui.widgets.shortened import Shortened, heading

_SIGN = 20
_GATHER_MS = 200
_PIN_WIDTH = 26 * GRID
_END = 1_000_000


class SigningScreen(QWidget):
    """The list, a page of the chosen paper, the bar that signs."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._desk = parts.signing
        self._found = ToSign()
        self._left_out: set[str] = set()
        self._said: Said = ("working", "ink_soft", "")
        self._trouble: DigitizerError | None = None
        self._seen = ("", "")
        self.page = 1
        self._sign = QLabel()
        self._sign.setFixedSize(_SIGN, _SIGN)
        self.status, self.note = Shortened("strong"), Shortened("soft")
        self.view = RowView(parts.theme)
        self.view.setAccessibleName(self.tr("Giấy tờ chờ ký"))
        self.view.opened.connect(lambda _row: self._open())
        self.view.selectionModel().currentChanged.connect(lambda *_: self._look_at_chosen())
        self.file = VersionSide(parts, "")
        self.number = QLabel()
        self.number.setProperty("role", "soft")
        self.pin = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.pin.setFixedWidth(_PIN_WIDTH)
        self.pin.setAccessibleName(self.tr("Mã PIN"))
        self.pin.setPlaceholderText(self.tr("Mã PIN"))
        self.pin.returnPressed.connect(self.sign)
        self.main = QPushButton()
        self.main.setProperty("role", "main")
        self.main.clicked.connect(self._press_main)
        self.locks = QPushButton(self.tr("Xóa mã PIN đã nhập"))
        self.locks.clicked.connect(self._desk.lock)
        self.settings = QPushButton(self.tr("Mở Cài đặt"))
        self.settings.clicked.connect(parts.set_up_signing)
        self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._timer.timeout.connect(self._read)
        self._desk.changed.connect(self._hear)
        parts.theme.changed.connect(self._dress)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID + GRID // 2)
        head.addWidget(self._sign)
        head.addLayout(heading(self.status, self.note), 1)
        head.addWidget(self.locks)
        head.addWidget(self.settings)
        bar = two_sides.bar((self.main, self.pin), (self.number,))
        two_sides.lay_out(self, head, ((self.view, 5), (self.file, 4)), bar)

    # --- a page beside the places -----------------------------------------------------------------

    def enter(self) -> None:
        """Read the list anew and take the keys."""
        self._desk.forget()
        self._left_out.clear()
        self._trouble = None
        self.view.begin()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._read()

    def do(self, command: Command) -> bool:
        """Go through the pages of all papers, leave one out, sign."""
        if command in (Command.NEXT_PAGE, Command.PREVIOUS_PAGE):
            self._turn(1 if command is Command.NEXT_PAGE else -1)
        elif command in (Command.NEXT_PAPER, Command.PREVIOUS_PAPER):
            self.view.step(1 if command is Command.NEXT_PAPER else -1)
        elif command in (Command.FIRST_PAGE, Command.LAST_PAGE):
            self.view.go_to(0 if command is Command.FIRST_PAGE else _END)
        elif command is Command.DELETE:
            self._leave_out()
        elif command is Command.FINISH:
            self.sign()
        elif command is Command.LARGE:
            self._open()
        elif command is Command.STOP and self._desk.busy:
            self._desk.stop()
        else:
            return False
        return True

    def digit(self, number: int) -> None:
        """Means nothing here."""

    # --- signing ----------------------------------------------------------------------------------

    @property
    def lines(self) -> tuple[Listed, ...]:
        """What is listed: what waits, or the list that is being signed or was signed last."""
        signed = {one.paper_id for one in self._desk.batch}
        return (*self._desk.batch, *(x for x in self._found.listed if x.paper_id not in signed))

    @property
    def chosen(self) -> tuple[Listed, ...]:
        """What would be signed now: what is listed, without what was left out or is signed."""
        gone = {key for key, one in self._desk.results.items() if one.version is not None}
        gone |= self._left_out
        return tuple(x for x in self._found.listed if x.paper_id not in gone)

    def sign(self) -> None:
        """Sign all that is listed; the PIN has to be there where the key is locked."""
        rules = self._found.rules
        if self._desk.busy or not self.chosen:
            return
        if rules.key is None or not rules.path:
            self._parts.set_up_signing()
            return
        pin = self.pin.text()
        if not pin and not self._desk.open and reads_signing.asks_pin(rules):
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
            self.note.say(self.tr("Gõ mã PIN rồi bấm Enter để ký"))
            return
        self.pin.setText("")  # and nothing to be undone is left of it
        self._trouble = None
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._desk.sign(self.chosen, pin, self._read, self._failed)

    def _failed(self, error: DigitizerError) -> None:
        self._trouble = error
        self._draw()
        if isinstance(error, WrongPin) and self.isVisible():
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _press_main(self) -> None:
        if self._desk.busy:
            self._desk.stop()
        else:
            self.sign()

    def _leave_out(self) -> None:
        """Leave the chosen paper out this time, or take it in again."""
        row = self.view.row
        if row is not None and not self._desk.busy:
            self._left_out ^= {row.paper_id}
            self._draw()

    def _open(self) -> None:
        row = self.view.row
        if row is not None:
            self._parts.show_page(row.dossier_id, row.paper_id, None)

    # --- what is shown ----------------------------------------------------------------------------

    def _hear(self) -> None:
        if self.isVisible():
            self._draw()
            if not self._desk.busy and not self._timer.isActive():
                self._timer.start()

    def _read(self) -> None:
        if self.isVisible():
            self._desk.list(self._show)

    def _show(self, found: ToSign) -> None:
        if found != self._found:
            self._found = found
            self._left_out &= {one.paper_id for one in found.listed}
        self._draw()

    def _draw(self) -> None:
        desk, rules = self._desk, self._found.rules
        lines = self.lines
        self.view.show_rows(
            signing_words.rows(lines, self._left_out, desk.results, desk.busy, rules.stamped)
        )
        self.view.setVisible(bool(lines))
        self.file.setVisible(bool(lines))
        self._say(lines)
        count = len(self.chosen)
        if desk.busy:
            self.main.setText(self.tr("Dừng  Esc"))
        else:
            self.main.setText(say("Ký {0} giấy tờ  Ctrl+Enter", count))
        self.main.setVisible(desk.busy or bool(count))
        set_up = rules.key is not None and bool(rules.path)
        asks = set_up and not desk.open and reads_signing.asks_pin(rules)
        self.pin.setVisible(asks and bool(count) and not desk.busy)
        self.locks.setVisible(desk.open and not desk.busy)
        unclear = isinstance(self._trouble, SeveralTokens)
        self.settings.setVisible(not desk.busy and (signing_words.lacks(rules) or unclear))
        self._look_at_chosen()

    def _say(self, lines: tuple[Listed, ...]) -> None:
        desk, rules = self._desk, self._found.rules
        chosen = self.chosen
        note = signing_words.key(rules, desk.signer, self._trouble)
        if self._trouble is not None:
            said: Said = ("warn", "warn", signing_words.trouble(self._trouble))
        elif desk.busy:
            said = signing_words.going(desk.results, len(desk.batch))
        elif desk.results:
            said, note = signing_words.ended(desk.results), signing_words.why(desk.results) or note
        else:
            dossiers = len({one.dossier_id for one in chosen})
            said = signing_words.standing(rules, len(chosen), dossiers)
            if not lines and rules.before is None:
                note = self.tr("Mở một hồ sơ tại quầy rồi bấm F4 để ký giấy tờ của hồ sơ đó.")
        self.status.say(said[2])
        self.note.say(note)
        if said != self._said:
            self._said = said
            self._dress()

    def _look_at_chosen(self) -> None:
        """Show the file of the chosen line, from its first page on; the signed one once it is."""
        row = self.view.row
        line = next((x for x in self.lines if row and x.paper_id == row.paper_id), None)
        if line is None:
            self._seen = ("", "")
            self.number.setText("")
            return
        result = self._desk.results.get(line.paper_id)
        signed = result.version if result is not None else None
        seen = (line.paper_id, signed.sha256 if signed is not None else line.sha256)
        if seen != self._seen:
            self.page = self.page if line.paper_id == self._seen[0] else 1
            self._seen = seen
            self.file.use(seen[1], "", line.title)
            self._show_page()

    def _turn(self, by: int) -> None:
        """Go to the next page; behind the last of a paper to the next paper."""
        page = self.page + by
        if 1 <= page <= self.file.pages:
            self.page = page
            self._show_page()
        else:
            self.view.step(by)

    def _show_page(self) -> None:
        self.file.show_page(self.page, self._count)
        self._count()

    def _count(self) -> None:
        pages = self.file.pages
        said = self.tr("Trang {0} trong {1}").format(self.page, pages) if pages else ""
        self.number.setText(said)

    def _dress(self) -> None:
        theme, ratio = self._parts.theme, self.devicePixelRatio()
        mark, tone, _ = self._said
        self._sign.setPixmap(theme.icons.pixmap(mark, theme.colour(tone), _SIGN, ratio))
