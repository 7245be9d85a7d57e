"""*Cài đặt*, section *Mẫu quét*: one profile is chosen, changed, saved; files of them come and go.

The one that is chosen here is the one that this account scans with. Nothing is asked in a box:
what is wrong is said at its field, what was removed can be had back.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from digitizer.errors import BelowFloor, DigitizerError, ProfileNameTaken
from digitizer.profiles import OFFICE, NamedProfile
from digitizer.scanning import Capabilities
from ui import profile_words
from ui.bridge import Bridge, Pool
from ui.language import trouble
from ui.profiles import DeskProfiles
from ui.scanning import Scanners
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.file_dialog import file_dialog
from ui.widgets.form import Words, beside
from ui.widgets.profile_fields import ProfileFields

_FILE = "mau-quet.toml"


class ProfileSection(QWidget):
    """Chooses, changes and saves profiles."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profiles: DeskProfiles | None = None
        self._bridge: Bridge | None = None
        self._scanners: Scanners | None = None
        self._editing = OFFICE.name  # empty: one that is new
        self._before = OFFICE  # what the fields said before the clerk changed any
        self._removed: NamedProfile | None = None
        self._locked = ""
        self.which = Choice(theme)
        self.add = QPushButton(self.tr("Thêm mẫu"))
        self.remove = QPushButton(self.tr("Xóa"))
        self.fields = ProfileFields(theme, self)
        self.save = QPushButton(self.tr("Lưu"))
        self.save.setProperty("role", "main")
        self.drop = QPushButton(self.tr("Bỏ thay đổi"))
        self.restore = QPushButton(self.tr("Lấy lại"))
        self.said = Words("soft")
        self.take = QPushButton(self.tr("Nhập từ tệp…"))
        self.hand_out = QPushButton(self.tr("Xuất ra tệp…"))
        self.file_said = Words("soft")
        self.dialog: QFileDialog | None = None
        self._lay_out()
        self.which.activated.connect(self._choose)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.save.clicked.connect(self._save)
        self.drop.clicked.connect(self._load)
        self.restore.clicked.connect(self._restore)
        self.take.clicked.connect(self._ask_what_to_take)
        self.hand_out.clicked.connect(self._ask_where_to)
        self.fields.edited.connect(self._edited)
        self.fields.look.clicked.connect(self.look_for_scanners)
        for field in (self.fields.name, self.fields.reason):
            field.returnPressed.connect(self._save)

    @property
    def unsaved(self) -> bool:
        """Whether the fields say something that is not kept."""
        return not self._editing or self.fields.draft != self._before

    def use(self, profiles: DeskProfiles, bridge: Bridge, scanners: Scanners) -> None:
        """Show and change the profiles of this desk."""
        self._profiles, self._bridge, self._scanners = profiles, bridge, scanners
        self.fields.scanner = profiles.scanner
        profiles.changed.connect(self._show)
        self._load()

    def lock(self, why: str) -> None:
        """Let the profiles be seen and chosen among, and not changed: ``why`` says by whom."""
        self._locked = why
        for widget in (*self.fields.everything, self.add, self.remove, self.save, self.take):
            widget.setEnabled(False)
            widget.setToolTip(why)
            widget.setAccessibleDescription(why)
        self.said.setText(f"{why}.")

    def look_for_scanners(self) -> None:
        """Ask every driver what is connected; takes seconds, meanwhile everything works."""
        if self._bridge is None or self._scanners is None:
            return
        self.fields.searching()
        self._bridge.ask(
            self._scanners.devices, self._devices_found, self._not_found, pool=Pool.LONG
        )

    # --- what is shown ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.fields.lay_out(
            column,
            self.tr("Mẫu quét"),
            ((self.tr("Đang dùng"), beside(self.which, self.add, self.remove)),),
            (
                ("", beside(self.save, self.drop, self.restore, self.said)),
                (self.tr("Tất cả các mẫu"), beside(self.take, self.hand_out, self.file_said)),
            ),
        )
        self.which.setAccessibleName(self.tr("Mẫu quét đang dùng"))

    def _show(self) -> None:
        """Show what is kept; what the clerk is changing is left alone."""
        if self._profiles is None:
            return
        if self.unsaved:
            self._offer()
        else:
            self._load()

    def _load(self) -> None:
        """Show the profile in use, as it is kept."""
        if self._profiles is None:
            return
        current = self._profiles.current
        self._editing = current.name
        self._offer()
        self.fields.fill(current)
        self._before = self.fields.draft
        self._edited()

    def _offer(self) -> None:
        """List the profiles; the one that the fields show is chosen."""
        if self._profiles is None:
            return
        options: dict[str, object] = {name: name for name in self._profiles.names}
        if not self._editing:
            options[self.tr("Mẫu mới")] = ""
        self.which.offer(options)
        self.which.choose(self._editing)

    def _edited(self) -> None:
        """Say that there is something to save, and what cannot be done meanwhile."""
        self.drop.setVisible(self.unsaved)
        self.said.setText(self.tr("Chưa lưu.") if self.unsaved else "")
        self.restore.setVisible(False)
        reason = ""
        if self._profiles is not None and len(self._profiles.all) == 1:
            reason = self.tr("Luôn phải còn một mẫu quét")
        if not self._editing:
            reason = self.tr("Mẫu mới chưa lưu: bấm Bỏ thay đổi")
        _enable(self.remove, self._locked or reason)
        if self._locked:
            self.said.setText(f"{self._locked}.")

    # --- what the clerk does ----------------------------------------------------------------

    def _choose(self) -> None:
        if self._profiles is None or self.which.value == self._editing:
            return
        if self.unsaved:
            self._offer()
            self.said.setText(self.tr("Mẫu này chưa lưu. Bấm Lưu hoặc Bỏ thay đổi trước đã."))
            self.save.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._profiles.use(self.which.value)

    def _add(self) -> None:
        """Begin a new one as a copy of what the fields say, without a name."""
        self._editing = ""
        self._offer()
        self.fields.fill(NamedProfile("", self.fields.draft.profile))
        self._edited()
        self.fields.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        if self._profiles is None or not self.save.isEnabled():
            return
        draft = self.fields.draft
        others = set(self._profiles.names) - {self._editing}
        name = profile_words.name_wrong(draft.name, others)
        reason = profile_words.reason_wrong(draft.profile)
        self.fields.say_wrong(name, reason)
        if not name and not reason:
            _enable(self.save, self.tr("Đang lưu"))
            self._profiles.keep(draft, self._editing, self._saved)

    def _saved(self, error: DigitizerError | None) -> None:
        _enable(self.save, "")
        if error is None:
            self._load()
            self.said.setText(self.tr("✓ Đã lưu. Lần quét tới dùng mẫu này."))
        elif isinstance(error, ProfileNameTaken):
            self.fields.say_wrong(trouble(error), "")
        elif isinstance(error, BelowFloor):
            self.fields.say_wrong("", error.hint)
        else:
            self.said.setText(f"✗ {trouble(error)}")

    def _remove(self) -> None:
        if self._profiles is None:
            return
        kept = next((one for one in self._profiles.all if one.name == self._editing), None)
        if kept is None:
            return

        def removed(error: DigitizerError | None) -> None:
            if error is not None:
                self.said.setText(f"✗ {trouble(error)}")
                return
            self._load()
            self._removed = kept
            self.said.setText(profile_words.removed(kept.name))
            self.restore.setVisible(True)

        self._profiles.remove(kept.name, removed)

    def _restore(self) -> None:
        if self._profiles is not None and self._removed is not None:
            self._profiles.keep(self._removed, "", self._saved)

    def _devices_found(self, found: list[Capabilities]) -> None:
        if self._profiles is not None:
            self._profiles.know(found)
        self.fields.offer_scanners(
            found,
            self.tr("Tìm thấy {0} máy quét.").format(len(found))
            if found
            else self.tr("Không tìm thấy máy quét. Kiểm tra máy đã bật và cắm cáp, rồi tìm lại."),
        )

    def _not_found(self, error: DigitizerError) -> None:
        self.fields.offer_scanners([], f"✗ {trouble(error)}")

    # --- files ------------------------------------------------------------------------------

    def _ask_what_to_take(self) -> None:
        title, mode = self.tr("Nhập mẫu quét từ tệp"), QFileDialog.FileMode.ExistingFile
        self._ask_for_file(file_dialog(self, title, self.tr("Nhập"), mode), self._take)

    def _ask_where_to(self) -> None:
        dialog = file_dialog(self, self.tr("Xuất các mẫu quét ra tệp"), self.tr("Xuất"))
        dialog.selectFile(_FILE)
        self._ask_for_file(dialog, self._hand_out)

    def _ask_for_file(self, dialog: QFileDialog, chosen: Callable[[str], None]) -> None:
        if self.dialog is not None:
            self.dialog.close()
        dialog.setNameFilter(self.tr("Tệp mẫu quét (*.toml)"))
        dialog.setDefaultSuffix("toml")
        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(self._dialog_closed)
        self.dialog = dialog
        dialog.show()

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _take(self, file: str) -> None:
        if self._profiles is not None:
            self._profiles.take(Path(file), self._taken)

    def _taken(self, result: DigitizerError | int) -> None:
        if isinstance(result, int):
            self.file_said.setText(self.tr("✓ Đã nhập {0} mẫu quét.").format(result))
        else:
            self.file_said.setText(f"✗ {trouble(result)}")

    def _hand_out(self, file: str) -> None:
        if self._profiles is not None:
            self._profiles.hand_out(Path(file), self._handed_out)

    def _handed_out(self, result: DigitizerError | str) -> None:
        if isinstance(result, str):
            self.file_said.setText(self.tr("✓ Đã xuất ra {0}.").format(result))
        else:
            self.file_said.setText(f"✗ {trouble(result)}")


def _enable(button: QPushButton, why_not: str) -> None:
    """Let a button be pressed, or say why it cannot be."""
    button.setEnabled(not why_not)
    button.setToolTip(why_not)
    button.setAccessibleDescription(why_not)
