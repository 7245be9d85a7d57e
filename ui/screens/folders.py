"""*Cài đặt*, section *Thư mục theo dõi*: folders that other programs fill, and what waits there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError
from digitizer.model import OTHER_PART, OTHER_TITLE
from digitizer.rules import Rule, Same
from ui import folder_words
from ui.folders import DeskFolders
from ui.language import trouble
from ui.office import Office
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.file_dialog import file_dialog
from ui.widgets.form import Words, beside, section
from ui.widgets.lines import Lines

_UNSORTED = "Chưa phân loại"

Into = tuple[str, str] | None
"""Name of a dossier and part of its paper; None: *Chưa phân loại*."""


class FolderSection(QWidget):
    """Adds and removes folders with the simplest rule; rules that say more come from a file."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folders: DeskFolders | None = None
        self._office: Office | None = None
        self._offered: dict[str, Into] = {}
        self.watched = Lines()
        self.waiting = Lines()
        self.again = QPushButton(self.tr("Theo dõi lại"))
        self.trouble = Words("soft")
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Thư mục theo dõi"))
        self.folder.setPlaceholderText(self.tr("/duong/dan/thu-muc"))
        self.choose = QPushButton(self.tr("Chọn…"))
        self.into = Choice(theme)
        self.add = QPushButton(self.tr("Theo dõi thư mục này"))
        self.take = QPushButton(self.tr("Lấy từ tệp quy tắc…"))
        self.said = Words("soft")
        self.dialog: QFileDialog | None = None
        self._lay_out()
        self.choose.clicked.connect(self._ask_for_folder)
        self.take.clicked.connect(self._ask_for_rules)
        self.add.clicked.connect(self._add)
        self.folder.returnPressed.connect(self._add)
        self.watched.pressed.connect(self._leave)
        self.waiting.pressed.connect(self._answer)
        self.again.clicked.connect(lambda: self._folders and self._folders.begin())

    def use(self, folders: DeskFolders, office: Office) -> None:
        """Show and change the watched folders of this desk."""
        self._folders, self._office = folders, office
        folders.changed.connect(self._show)
        office.desk_changed.connect(self._offer)
        self._offer()
        self._show()

    # --- what is shown ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        self._stopped = beside(self.trouble, self.again)
        self._form = section(
            inside,
            self.tr("Thư mục theo dõi"),
            (self.tr("Đang theo dõi"), self.watched),
            (self.tr("Đã dừng"), self._stopped),
            (self.tr("Tệp đang chờ"), self.waiting),
            (self.tr("Thêm thư mục"), beside(self.folder, self.choose)),
            (self.tr("Trang vào"), self.into),
            ("", beside(self.add, self.take)),
            ("", self.said),
        )
        self._say("")

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self._form.setRowVisible(self.said, bool(words))

    def _show(self) -> None:
        if self._folders is None:
            return
        kept = self._folders.kept
        self.watched.show_lines(folder_words.folders(kept))
        self.waiting.show_lines(folder_words.waiting(kept))
        if kept.trouble is not None:
            self.trouble.setText(trouble(kept.trouble))
        self._form.setRowVisible(self.watched, bool(kept.folders))
        self._form.setRowVisible(self._stopped, kept.trouble is not None)
        self._form.setRowVisible(self.waiting, bool(folder_words.waiting(kept)))

    def _offer(self) -> None:
        """Offer *Chưa phân loại* and the papers of the open dossier; what is chosen stays."""
        desk = self._office.desk if self._office is not None else None
        offered: dict[str, Into] = {self.tr(_UNSORTED): None}
        if desk is not None:
            whose = desk.dossier.holder or desk.dossier.name
            parts = {paper.part: paper.title for paper in desk.dossier.papers}
            for part, title in (parts | {OTHER_PART: OTHER_TITLE}).items():
                offered[f"{whose} · {title}"] = (desk.dossier.name, part)
        if offered == self._offered:
            return
        chosen, words = self.into.value, self.into.currentText()
        self._offered = offered
        self.into.offer(offered)
        self.into.choose(chosen, words)

    # --- what the clerk does ----------------------------------------------------------------

    def _add(self) -> None:
        typed = self.folder.text().strip()
        if self._folders is None:
            return
        if not typed or not Path(typed).is_absolute():
            self._say(self.tr("✗ Chọn thư mục, hoặc gõ đường dẫn đầy đủ."))
            return
        dossier, part = self.into.value or (None, None)
        self._say(self.tr("Đang mở thư mục…"))
        self._folders.add(Rule(Path(typed), dossier, part), self._added)

    def _added(self, result: DigitizerError | int) -> None:
        if isinstance(result, int):
            self.folder.clear()
            self._say(self.tr("✓ Đang theo dõi thêm {0} thư mục.").format(result))
        else:
            self._say(f"✗ {trouble(result)}")

    def _leave(self, folder: str, _act: str) -> None:
        if self._folders is not None:
            self._folders.remove(Path(folder))
            self._say(self.tr("Đã thôi theo dõi {0}. Tệp ở đó vẫn còn.").format(folder))

    def _answer(self, key: str, act: str) -> None:
        if self._folders is None:
            return
        asked = self._folders.kept.questions
        if key != folder_words.ALL:
            asked = tuple(one for one in asked if folder_words.key_of(one) == key)
        self._folders.answer(asked, Same.TAKE if act == folder_words.AGAIN else Same.SKIP)

    def _ask_for_folder(self) -> None:
        dialog = self._ask(self.tr("Chọn thư mục theo dõi"), QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.show()

    def _ask_for_rules(self) -> None:
        dialog = self._ask(self.tr("Chọn tệp quy tắc"), QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Tệp quy tắc (*.toml)"))
        dialog.fileSelected.connect(self._take)
        dialog.show()

    def _ask(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        if self.dialog is not None:
            self.dialog.close()
        self.dialog = file_dialog(self, title, self.tr("Chọn"), mode)
        self.dialog.finished.connect(self._dialog_closed)
        return self.dialog

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _take(self, file: str) -> None:
        if self._folders is not None:
            self._say(self.tr("Đang đọc tệp quy tắc…"))
            self._folders.take(Path(file), self._added)
