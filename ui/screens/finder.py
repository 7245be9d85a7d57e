"""Find or begin a dossier: one field, what matches, one button for a code nobody knows yet."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from digitizer.errors import DigitizerError
from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier
from ui import finder_words
from ui.finder_words import Unknown
from ui.finding import AsTyped, Named, named
from ui.keys import SEEKS
from ui.models.heads import DOSSIER_ROLE, DossierList
from ui.office import Office
from ui.scanning import Scanning
from ui.theme import GRID, Theme
from ui.widgets.dressed import dressed
from ui.widgets.found import Found
from ui.widgets.list_keys import ListKeys
from ui.widgets.middle import put_in_the_middle
from ui.widgets.scan_elsewhere import ScanElsewhere

_WIDTH = 90 * GRID


class Finder(QWidget):
    """What the counter shows while no dossier is open.

    Signals:
        opened: A dossier was chosen (a ``Dossier``).
        typed_code: A whole mã hồ sơ was typed and confirmed.
        made: A dossier is to be begun: its code, or "" for one without.
    """

    opened = Signal(object)
    typed_code = Signal(str)
    made = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._look: AsTyped[Named] | None = None
        self._code = self._asked = ""
        self._office: Office | None = None
        self._unknown: tuple[str, Unknown] | None = None
        self._confirming = self._offering = False
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = dressed("search", QLineEdit(clearButtonEnabled=True))
        self.field.setProperty(SEEKS, True)
        self.field.setPlaceholderText(self.tr("Quét mã vạch, hoặc gõ mã hồ sơ, họ tên"))
        self.field.setAccessibleName(self.tr("Tìm hồ sơ"))
        self.field.textChanged.connect(self._type)
        self._heading = QLabel()
        self._heading.setProperty("role", "section")
        self.list = DossierList(self)
        self.view = dressed("found", QListView())
        self.view.setModel(self.list)
        self.view.setItemDelegate(Found(theme, self.view))
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAccessibleName(self.tr("Hồ sơ tìm thấy"))
        self.view.clicked.connect(lambda index: self._open(index.data(DOSSIER_ROLE)))
        self._nothing = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignTop)
        self.make = QPushButton()
        self.make.setProperty("role", "main")
        self.make.clicked.connect(lambda: self.made.emit(self._code))
        self.make_local = QPushButton(self.tr("Hồ sơ mới (chưa có mã)"))
        self.make_local.setToolTip(self.tr("Quét khi chưa có mã hồ sơ: giữ ở máy này, chưa gửi đi"))
        self.make_local.clicked.connect(lambda: self.made.emit(""))
        self._keys = ListKeys(self.field, self.view, self.confirm, page=5)
        self.scan = ScanElsewhere(theme)
        self._lay_out()
        theme.changed.connect(self.view.viewport().update)
        self._title.setText(self.tr("Mở hồ sơ"))
        for unanswered in (self.make, self._heading, self._nothing, self.view):
            unanswered.hide()

    def _lay_out(self) -> None:
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 4 * GRID, 0, 3 * GRID)
        inside.setSpacing(2 * GRID)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.make)
        buttons.addWidget(self.make_local)
        buttons.addStretch(1)
        inside.addWidget(self._title)
        inside.addWidget(self.field)
        inside.addLayout(buttons)
        inside.addSpacing(GRID)
        inside.addWidget(self._heading)
        inside.addWidget(self._nothing, 1)
        inside.addWidget(self.view, 1)
        above = QWidget()
        put_in_the_middle(above, column, 8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(above, 1)
        whole.addWidget(self.scan)

    def use(self, office: Office, scanning: Scanning) -> None:
        """Find the dossiers of this home; tell of a scan that runs meanwhile."""
        self._office = office
        self.scan.stop.connect(scanning.stop)
        for changed in (scanning.changed, office.desk_changed):
            changed.connect(lambda: self._show_scan(office, scanning))
        self._look = AsTyped(
            office.bridge, lambda typed: named(office.app, typed), self._show, self
        )
        office.list_changed.connect(self._search)
        self._search()

    def begin(self, asked: str = "") -> None:
        """Start a new search; ``asked``: what a dossier that is here is chosen for."""
        self._asked = asked
        self._title.setText(asked or self.tr("Mở hồ sơ"))
        self.make_local.setHidden(bool(asked))
        self.field.setText("")  # not ``clear``: Ctrl+Z would bring the last one's code back
        self._search()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer(self, code: str, why: DigitizerError) -> None:
        """Offer to begin a dossier with a code nobody knows, and say ``why`` nobody does. Only a
        button does it: the Enter that ends a bar code must not."""
        self._offering = True
        self.field.setText(code)
        server = self._office is not None and self._office.app.work.server is not None
        self._unknown = code, finder_words.unknown(why, server=server)
        self._search()

    def confirm(self) -> None:
        """Open what is chosen (Enter in the field), once it is of what was typed: a reader's
        Enter comes before any answer, and what is chosen then is of its first letters."""
        codes = dossier_codes(self.field.text())
        answered = self._look is None or not self._look.busy
        chosen = self.view.currentIndex().data(DOSSIER_ROLE) if answered else None
        if len(codes) == 1 and (chosen is None or chosen.name == codes[0]):
            self.typed_code.emit(codes[0])
        elif not answered:
            self._confirming = True
        elif self.field.text().strip() or self.view.selectionModel().hasSelection():
            self._open(chosen)

    def _show_scan(self, office: Office, scanning: Scanning) -> None:
        """Say what is scanned behind this page; Esc leads back to an open dossier first."""
        none_open = office.desk is None
        self.scan.show_scan(scanning.target, scanning.doing(""), by_key=none_open)

    def _type(self) -> None:
        self._confirming, self._unknown = False, None
        self._search()

    def _search(self) -> None:
        if self._look is not None:
            self._look.ask(self.field.text())

    def _show(self, typed: str, found: Named) -> None:
        before = self.view.currentIndex().data(DOSSIER_ROLE)
        self.list.show_dossiers(found.dossiers)
        self._code = "" if self._asked else found.new_code
        self.make.setText(self.tr("Tạo hồ sơ {0}").format(self._code))
        self.make.setVisible(bool(self._code))
        if self._offering:
            self._offering = False
            self.make.setFocus(Qt.FocusReason.OtherFocusReason)
        if typed.strip():
            same = [before is not None and one.id == before.id for one in found.dossiers]
            self._keys.choose(same.index(True) if True in same else 0)
        else:
            self.view.clearSelection()
            self.view.setCurrentIndex(self.list.index(-1))
        self._say(found.dossiers, typed)
        if self._confirming:
            self._confirming = False
            self.confirm()

    def _say(self, found: tuple[Dossier, ...], typed: str) -> None:
        self.view.setVisible(bool(found))
        self._nothing.setVisible(not found)
        if typed.strip():
            heading = self.tr("Tìm thấy") if found else self.tr("Không tìm thấy")
            nothing = self.tr("Không có hồ sơ nào khớp. Kiểm tra lại mã hoặc họ tên.")
            if self._code:
                nothing = self.tr("Hồ sơ này chưa có trên máy. Enter để hỏi hệ thống thủ tục.")
            if self._unknown is not None and self._unknown[0] == self._code:
                heading, nothing = self._unknown[1].heading, self._unknown[1].sentence
            self.make.setAccessibleDescription(f"{heading}. {nothing}")
        else:
            heading = self.tr("Hồ sơ trên máy này")
            nothing = self.tr(
                "Máy này chưa có hồ sơ nào. Bắt đầu như sau:\n\n"
                "1.  Đưa mã vạch trên giấy tiếp nhận vào đầu đọc, hồ sơ sẽ tự mở.\n\n"
                "2.  Đặt giấy vào máy quét, bấm F5. Mỗi trang được lưu ngay khi quét xong.\n\n"
                "3.  Bấm Ctrl+Enter khi xong. Hồ sơ tự gửi đi."
            )
        self._heading.setText(heading)
        self._heading.setVisible(bool(found) or bool(typed.strip()))
        self._nothing.setText(nothing)

    def _open(self, dossier: Dossier | None) -> None:
        if dossier is not None:
            self.opened.emit(dossier)
