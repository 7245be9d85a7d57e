"""*Tìm*: one field over everything kept here; dossiers best first, the places in their pages."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from digitizer.finding import DOSSIERS, Found, Place
from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier
from ui import places
from ui.commands import Command
from ui.finding import AsTyped, Everywhere, everywhere
from ui.keys import SEEKS
from ui.language import numeral
from ui.models.heads import DOSSIER_ROLE
from ui.models.places import PLACE_ROLE, PlaceList
from ui.theme import GRID
from ui.widgets.dressed import dressed
from ui.widgets.list_keys import ListKeys
from ui.widgets.middle import put_in_the_middle
from ui.widgets.places import PlaceRow

_WIDTH = 130 * GRID
_AFTER_KEY_MS = 60
_BEHIND_MS = 1000


class FindScreen(QWidget):
    """The search of everything. What was typed and found stays when one comes back."""

    def __init__(self, parts: places.Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._confirming = False
        self._shown_for = ""
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = dressed("search", QLineEdit(clearButtonEnabled=True))
        self.field.setProperty(SEEKS, True)
        self.field.setPlaceholderText(self.tr("Mã hồ sơ, họ tên, số CCCD, hoặc chữ trong trang"))
        self.field.setAccessibleName(self.tr("Tìm trong mọi hồ sơ"))
        self.heading = QLabel()
        self.heading.setProperty("role", "section")
        self.hint = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop)
        self.list = PlaceList(self)
        self.view = dressed("rows", QListView())
        self.view.setModel(self.list)
        self.view.setItemDelegate(PlaceRow(parts.theme, self.view))
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAccessibleName(self.tr("Hồ sơ và trang tìm thấy"))
        self.view.clicked.connect(
            lambda index: self._open(index.data(DOSSIER_ROLE), index.data(PLACE_ROLE))
        )
        self._keys = ListKeys(self.field, self.view, self.confirm, page=8)
        self._lay_out()
        app = parts.office.app
        self._look: AsTyped[Everywhere] = AsTyped(
            parts.bridge,
            lambda typed: everywhere(app, typed),
            self._show,
            self,
            wait_ms=_AFTER_KEY_MS,
        )
        self._behind = QTimer(self, singleShot=True, interval=_BEHIND_MS)
        self._behind.timeout.connect(self._look_again)
        self.field.textChanged.connect(self._type)
        parts.theme.changed.connect(self.view.viewport().update)
        parts.bridge.changed.connect(self._look_again)
        self._teach()

    def _lay_out(self) -> None:
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 3 * GRID, 0, 2 * GRID)
        inside.setSpacing(2 * GRID)
        inside.addWidget(self.field)
        inside.addWidget(self.heading)
        inside.addWidget(self.hint, 1)
        inside.addWidget(self.view, 1)
        put_in_the_middle(self, column, 16)

    # --- a place of the window --------------------------------------------------------------

    def enter(self) -> None:
        """Go on with what was typed: all of it is chosen, so that one can type anew."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()
        if self.field.text():
            self._look.ask(self.field.text())

    def do(self, command: Command) -> bool:
        """Do what a key asks for."""
        if command is Command.FIND:
            self.enter()
            return True
        return False

    def digit(self, number: int) -> None:
        """Means nothing here: digits are typed into the field."""

    def confirm(self) -> None:
        """Open what is chosen, once the answer is there; a whole code opens its dossier."""
        codes = dossier_codes(self.field.text())
        if len(codes) == 1:
            self._parts.go(places.Place.COUNTER)
            self._parts.office.open_code(codes[0])
        elif self._look.busy:
            self._confirming = True
            self._look.ask_now()
        else:
            index = self.view.currentIndex()
            self._open(index.data(DOSSIER_ROLE), index.data(PLACE_ROLE))

    # --- what is shown ----------------------------------------------------------------------

    def _type(self, typed: str) -> None:
        self._confirming = False
        if typed.strip():
            self._look.ask(typed)
        else:
            self._teach()

    def _look_again(self) -> None:
        """Facts or the index changed while the results can be seen."""
        if self.isVisible() and self.field.text().strip():
            self._look.ask(self.field.text())

    def _show(self, typed: str, answer: Everywhere) -> None:
        if typed != self.field.text() or not typed.strip():
            return
        current = self.view.currentIndex()
        chosen = (current.data(DOSSIER_ROLE), current.data(PLACE_ROLE))
        self.list.show_found(answer.found)
        row = self.list.row_of(*chosen) if typed == self._shown_for else None
        self._shown_for = typed
        self._keys.choose(_first(answer.found) if row is None else row)
        self.view.setVisible(bool(answer.found))
        self.hint.setVisible(not answer.found)
        self.hint.setText(self._nothing())
        self.heading.show()
        self.heading.setText(self._summed_up(answer))
        if answer.behind:
            self._behind.start()
        if self._confirming:
            self._confirming = False
            self.confirm()

    def _summed_up(self, answer: Everywhere) -> str:
        count = len(answer.found)
        if not count:
            said = self.tr("Không tìm thấy")
        elif count >= DOSSIERS:
            said = self.tr("{0} hồ sơ khớp nhất – gõ thêm chữ để thu hẹp").format(count)
        else:
            said = self.tr("Tìm thấy {0} hồ sơ").format(count)
        if answer.behind:
            said += self.tr(" · còn {0} trang chưa tìm được, đang lập mục lục").format(
                numeral(f"{answer.behind:,}")
            )
        return said

    def _nothing(self) -> str:
        return self.tr(
            "Không có hồ sơ hay trang nào có đủ các chữ này.\n\n"
            "•  Gõ không dấu để tìm mọi cách viết: “nguyen” thấy cả “Nguyễn”, “nguyện”.\n\n"
            "•  Gõ ít chữ hơn, hoặc chỉ phần chắc chắn đúng.\n\n"
            "•  Trang vừa quét tìm được sau khi máy đọc chữ xong."
        )

    def _teach(self) -> None:
        self.list.show_found(())
        self.view.hide()
        self.heading.hide()
        self.hint.show()
        self.hint.setText(
            self.tr(
                "Tìm trong mọi hồ sơ giữ ở máy này, kể cả chữ bên trong trang đã quét.\n\n"
                "•  Gõ có dấu thì tìm đúng chữ đó; gõ không dấu thì dấu nào cũng được.\n\n"
                "•  Gõ vài số cuối của mã hồ sơ là đủ.\n\n"
                "•  ↓ ↑ để chọn, Enter để mở hồ sơ ngay tại trang đó, Esc để quay lại."
            )
        )

    def _open(self, dossier: Dossier | None, place: Place | None) -> None:
        if dossier is None:
            return
        if place is None:
            self._parts.show_page(dossier.id, None, None)
        else:
            typed = self.field.text()
            self._parts.show_page(dossier.id, place.paper_id, place.page_id, typed)


def _first(found: tuple[Found, ...]) -> int:
    """Return the row that Enter opens: the best dossier, or the page it was found by."""
    return 1 if found and found[0].places and not found[0].named else 0
