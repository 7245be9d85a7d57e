"""The one banner: a sign, a title, what to do, one button; a second where it asks. Never takes the
focus."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from ui.icons import ICON
from ui.language import say
from ui.target import Target
from ui.theme import GRID, Theme
from ui.wording import TAKING_BACK, Act, Notice

_SIGN = 24


class Banner(QFrame):
    """Shows one ``Notice``, or hides.

    Signals:
        acted: The clerk pressed the button of this ``Notice``; its ``act`` is what the button does.
    """

    acted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("banner")
        self.notice: Notice | None = None
        self._noted: dict[Act, Notice] = {}
        self._spared: frozenset[str] = frozenset()
        self._hanging: frozenset[str] = frozenset()
        self._here = Act.REOPEN
        self._sign = QLabel()
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.title.setProperty("role", "said")
        self.hint = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self._press)
        self.other = QPushButton()
        self.other.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.other.clicked.connect(self._press_other)
        self.away = QPushButton()
        self.away.setProperty("role", "flat")
        self.away.setIconSize(ICON)
        self.away.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.away.setAccessibleName(self.tr("Đóng thông báo"))
        self.away.setToolTip(self.tr("Đóng thông báo (Esc)"))
        self.away.clicked.connect(self.clear)
        line = QHBoxLayout(self)
        line.setContentsMargins(3 * GRID, GRID, 2 * GRID, GRID)
        line.setSpacing(GRID + 4)
        for part in (self._sign, self.title):
            line.addWidget(part)
        line.addWidget(self.hint, 1)
        line.addWidget(self.button)
        line.addWidget(self.other)
        line.addWidget(self.away)
        theme.changed.connect(self._dress)
        self.hide()

    def say(self, notice: Notice) -> None:
        """Show ``notice`` in place of what was said before."""
        self.notice = notice
        title, hint = say(notice.title), say(notice.hint)
        self.title.setText(title)
        self.hint.setText(hint)
        self.button.setVisible(notice.act is not Act.NONE)
        self.button.setText(say(notice.act.value))
        self.other.setVisible(notice.other is not Act.NONE)
        self.other.setText(say(notice.other.value))
        self.setProperty("tone", notice.tone.value)
        self.setAccessibleName(f"{title}. {hint}")
        self._dress()
        self._appear()

    def spare(self, rows: Collection[str]) -> None:
        """Hold back what these lines of *Cần xử lý* (their keys) say, while they can be seen."""
        self._spared = frozenset(rows)
        self._appear()

    def hang(self, rows: Collection[str]) -> None:
        """Know which lines of *Cần xử lý* (their keys) there are: what was said of one that is
        gone is settled."""
        gone, self._hanging = self._hanging.difference(rows), frozenset(rows)
        if self.notice is not None and self.notice.row in gone:
            self.clear()

    def stand_at(self, taken_back: Act) -> None:
        """Know where the clerk is, by the button that takes back what is done there (or none):
        that something was done is said where it was, and nowhere else."""
        self._here = taken_back
        self.pass_by()
        self._appear()

    def _appear(self) -> None:
        self.setVisible(self.notice is not None and self._fits(self.notice))

    def _fits(self, notice: Notice) -> bool:
        elsewhere = notice.act in TAKING_BACK and notice.act is not self._here
        return not elsewhere and notice.row not in self._spared

    @property
    def noted(self) -> Notice | None:
        """The newest note that nobody has cleared."""
        return next(reversed(self._noted.values()), None)

    def held(self, act: Act) -> Notice | None:
        """Return the note with this button that nobody has cleared, shown now or later."""
        return self._noted.get(act)

    def note(self, notice: Notice) -> None:
        """Say ``notice`` now, or after what is said now where that is urgent.

        It takes the place of an older note with the same button.
        """
        older = self._noted.pop(notice.act, None)
        self._noted[notice.act] = notice
        said = self.notice
        if said is None or said is older or not said.urgent or not self._fits(said):
            self.say(notice)

    def revise(self, notice: Notice) -> None:
        """Say otherwise what was noted with this button, unless somebody has cleared it."""
        older = self._noted.get(notice.act)
        if older is not None:
            self._noted[notice.act] = notice
            if self.notice is older:
                self.say(notice)

    def forget(self, act: Act) -> None:
        """Take back the note with this button: what it was about is settled."""
        note = self._noted.pop(act, None)
        if note is not None and note is self.notice:
            self.clear()

    def clear(self) -> None:
        """Take the notice away; what was noted and not yet cleared comes to the front."""
        if self.notice is not None and self._noted.get(self.notice.act) is self.notice:
            del self._noted[self.notice.act]
        self.notice = None
        self._next()

    def pass_by(self) -> None:
        """The clerk goes on: what was said of what was done or tried just now has been read."""
        if self.notice is not None and self.notice.passing:
            self.clear()

    def settle(self, target: Target | None) -> None:
        """A scan goes on or ended; where a stack is fed (``target``), how one ended before is told
        no more, whichever key began it."""
        told = self.notice.ended if self.notice is not None else None
        if target is None:
            self.pass_by()
        if target is not None and target.stack and told is not None and told.target.stack:
            self.clear()

    def _next(self) -> None:
        if self.noted is not None:
            self.say(self.noted)
        else:
            self._appear()

    def reset(self) -> None:
        """Say nothing any more of the dossier: it is closed."""
        self._noted = {act: note for act, note in self._noted.items() if note.lasting}
        self.notice = None
        self._next()

    def press_for(self, act: Act) -> None:
        """Press the button if that is what it does now."""
        if self.notice is not None and self.notice.act is act:
            self._press()

    def _press(self) -> None:
        if self.notice is not None:
            notice = self.notice
            self.clear()
            self.acted.emit(notice)

    def _press_other(self) -> None:
        if self.notice is not None:
            notice = self.notice
            self.clear()
            self.acted.emit(replace(notice, act=notice.other))

    def _dress(self) -> None:
        if self.notice is None:
            return
        tone = self.notice.tone.value
        colour = self._theme.colour("accent" if tone == "info" else tone)
        ratio = self.devicePixelRatio()
        self._sign.setPixmap(self._theme.icons.pixmap(tone, colour, _SIGN, ratio))
        self.away.setIcon(self._theme.icons.icon("close", self._theme.colour("ink_soft")))
        self.style().unpolish(self)
        self.style().polish(self)
