"""*Hồ sơ tạm*: what the open local dossier is, by procedures known offline, and its real code."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from digitizer.catalogue import Procedure
from digitizer.errors import DigitizerError
from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier
from digitizer.sought import fold
from ui import reads_versions, wording
from ui.binding import DeskBinding
from ui.commands import Command
from ui.finding import AsTyped, Named, named
from ui.models.heads import DOSSIER_ROLE, DossierList
from ui.models.procedures import PROCEDURE_ROLE, ProcedureList
from ui.places import Parts, Place
from ui.reads_versions import Known
from ui.theme import GRID
from ui.widgets.dressed import dressed
from ui.widgets.form import Words, beside, section
from ui.widgets.found import Found
from ui.widgets.list_keys import ListKeys
from ui.widgets.middle import put_in_the_middle
from ui.widgets.procedure_row import ProcedureRow

_WIDTH = 110 * GRID
_ROWS = 8
_FOUND_HEIGHT = 24 * GRID


class LocalScreen(QWidget):
    """Describes, binds, or has begun what was begun offline."""

    def __init__(self, parts: Parts, binding: DeskBinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._binding = binding
        self._known = Known((), None)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.said = Words("soft")
        self.age = Words("soft")
        self.code = QLineEdit()
        self.code.setPlaceholderText(self.tr("Mã trên giấy tiếp nhận, hoặc tìm theo họ tên"))
        self.found = DossierList(self)
        self.found_view = dressed("rows", QListView())
        self.found_view.setModel(self.found)
        self.found_view.setItemDelegate(Found(parts.theme, self.found_view))
        self.found_view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found_view.setMaximumHeight(_FOUND_HEIGHT)
        self.found_view.setAccessibleName(self.tr("Hồ sơ có mã tìm thấy"))
        self.found_view.hide()
        self.bind = QPushButton(self.tr("Gắn mã"))
        self.bind.setProperty("role", "main")
        self.holder = QLineEdit()
        self.field = QLineEdit(clearButtonEnabled=True)
        self.field.setPlaceholderText(self.tr("Gõ vài chữ trong tên thủ tục"))
        self.list = ProcedureList(self)
        self.view = QListView()
        self.view.setObjectName("rows")
        self.view.setModel(self.list)
        self.view.setItemDelegate(ProcedureRow(parts.theme, self.view))
        self.view.setMouseTracking(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setAccessibleName(self.tr("Thủ tục đã biết trên máy này"))
        self.save = QPushButton(self.tr("Lưu"))
        self.begin = QPushButton(self.tr("Tạo trên hệ thống thủ tục"))
        self.begin_said = Words("soft")
        ListKeys(self.field, self.view, self.keep, page=_ROWS)
        self._chosen = ListKeys(self.code, self.found_view, self._bind, page=_ROWS)
        self._lay_out()
        app = parts.office.app
        self._look: AsTyped[Named] = AsTyped(
            parts.bridge, lambda typed: named(app, typed), self._show_found, self
        )
        self.code.textChanged.connect(self._search)
        self.found_view.clicked.connect(lambda _index: self._bind())
        self.bind.clicked.connect(self._bind)
        self.holder.returnPressed.connect(self.keep)
        self.holder.textChanged.connect(self._allow)
        self.save.clicked.connect(self.keep)
        self.begin.clicked.connect(self._create)
        self.field.textChanged.connect(self._filter)
        self.view.clicked.connect(lambda _index: self.keep())
        parts.office.desk_changed.connect(self._show)

    def _lay_out(self) -> None:
        column = QWidget()
        column.setObjectName("ground")
        column.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 2 * GRID, 0, 2 * GRID)
        inside.setSpacing(GRID)
        inside.addWidget(self.said)
        section(
            inside,
            self.tr("Đã có mã hồ sơ"),
            (self.tr("Mã hồ sơ"), beside(self.code, self.bind)),
        )
        inside.addWidget(self.found_view)
        section(
            inside,
            self.tr("Chưa có mã"),
            (self.tr("Họ tên người nộp"), beside(self.holder, self.save)),
            (self.tr("Thủ tục"), self.field),
            ("", self.age),
        )
        inside.addWidget(self.view, 1)
        inside.addWidget(beside(self.begin, self.begin_said))
        put_in_the_middle(self, column, 12)

    # --- a page beside the places ---------------------------------------------------------------

    def enter(self) -> None:
        """Read what procedures are known; the code is what is asked for first."""
        local = self._binding.local
        self.code.clear()
        self.field.clear()
        self.holder.setText(local.holder if local else "")
        app = self._parts.office.app
        self._parts.bridge.ask(lambda: reads_versions.procedures(app), self._show_known)
        self._show()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def do(self, _command: Command) -> bool:
        """Nothing here is a key's: fields have the focus."""
        return False

    def digit(self, number: int) -> None:
        """Means nothing here: digits are typed into fields."""

    # --- what it does ---------------------------------------------------------------------------

    def keep(self) -> None:
        """Say what the dossier is: the holder's name, and the procedure that is chosen."""
        local, office = self._binding.local, self._parts.office
        if local is None:
            return
        chosen: Procedure | None = self.view.currentIndex().data(PROCEDURE_ROLE)
        procedure, holder = chosen.code if chosen else "", self.holder.text()
        office.bridge.ask(
            lambda: office.app.binding.describe(local.id, procedure=procedure, holder=holder),
            lambda _: office.said.emit(wording.KEPT),
            self._refused,
        )

    def _bind(self) -> None:
        local, codes = self._binding.local, dossier_codes(self.code.text())
        chosen: Dossier | None = self.found_view.currentIndex().data(DOSSIER_ROLE)
        if not codes and chosen is not None and chosen.code is not None and not self._look.busy:
            codes = (chosen.code,)
        if local is None:
            return
        if len(codes) != 1:
            self._parts.office.said.emit(wording.NO_CODE)
            return
        self._parts.go(Place.COUNTER)
        self._binding.bind(local.id, codes[0])

    def _create(self) -> None:
        local = self._binding.local
        if local is not None:
            self._parts.go(Place.COUNTER)
            self._binding.create(local.id)

    def _refused(self, error: DigitizerError) -> None:
        self._parts.office.said.emit(wording.failed(error))

    # --- what is shown --------------------------------------------------------------------------

    def _show_known(self, known: Known) -> None:
        self._known = known
        if known.as_of is None:
            self.age.setText(
                self.tr("Chưa biết thủ tục nào. Danh sách tự về khi kết nối được hệ thống.")
            )
        else:
            self.age.setText(
                self.tr("Danh sách {0} thủ tục, lấy lúc {1} ngày {2}. Enter để chọn.").format(
                    len(known.procedures), wording.clock(known.as_of), wording.day(known.as_of)
                )
            )
        self._filter()

    def _search(self) -> None:
        """Look for the dossier that is meant, unless its whole code was typed."""
        typed = self.code.text()
        if typed.strip() and not dossier_codes(typed):
            self._look.ask(typed)
        else:
            self._show_found(typed, Named())

    def _show_found(self, typed: str, found: Named) -> None:
        if typed == self.code.text():
            self.found.show_dossiers([one for one in found.dossiers if one.code is not None])
            self.found_view.setVisible(bool(self.found.rowCount()))
            self._chosen.choose(0)

    def _filter(self) -> None:
        words = fold(self.field.text()).split()
        found = [
            one
            for one in self._known.procedures
            if all(word in fold(f"{one.name} {one.code}") for word in words)
        ]
        self.list.show_procedures(found)
        if words and found:
            self.view.setCurrentIndex(self.list.index(0))

    def _show(self) -> None:
        local = self._binding.local
        if local is None:
            if self.isVisible():
                self._parts.go(Place.COUNTER)
            return
        procedure = local.procedure_name or self.tr("chưa rõ thủ tục")
        self.said.setText(
            self.tr("Hồ sơ {0} · {1}. Các trang giữ ở máy này cho đến khi có mã.").format(
                local.name, procedure
            )
        )
        self._allow()

    def _allow(self) -> None:
        local = self._binding.local
        why = self._lacks(local) if local else ""
        if not why and local and local.server_ref:
            why = self.tr("Hệ thống đã nhận, đang chờ cấp mã.")
        self.begin.setEnabled(not why)
        self.begin.setToolTip(why)
        self.begin_said.setText(why)

    def _lacks(self, local: Dossier) -> str:
        if not self._parts.office.app.work.server:
            return self.tr("Chưa khai báo hệ thống thủ tục.")
        if not local.template:
            return self.tr("Chọn thủ tục trước.")
        if not local.holder:
            return self.tr("Ghi họ tên rồi bấm Lưu trước.")
        return ""
