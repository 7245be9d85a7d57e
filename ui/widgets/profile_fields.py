"""The fields of one wish to scan (*mẫu quét*): shows one, says what the clerk made of it.

Used by the section of *Cài đặt*. Keeps nothing and looks for nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.profiles import NamedProfile
from digitizer.scanning import FLOOR_DPI, Capabilities, Mode, Profile
from ui import profile_words, scanner_words
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside, section
from ui.widgets.tick import Tick

_TEXT = 120
"""Letters of a name or a reason: as many as a file of profiles may hold."""


class ProfileFields(QObject):
    """The fields of one profile.

    Attributes:
        scanner: Tells what a scanner is called, by its id.

    Signals:
        edited: The clerk changed a field.
    """

    edited = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: list[Capabilities] = []
        self._searched = ""
        self.scanner: Callable[[str], str] = scanner_words.named
        self.name = QLineEdit(maxLength=_TEXT)
        self.name.setPlaceholderText(self.tr("Ví dụ: A4 màu hai mặt, máy ở quầy 2"))
        self.name_said = Words("wrong")
        self.device = Choice(theme)
        self.look = QPushButton(self.tr("Tìm máy quét"))
        self.device_said = Words("soft")
        self.source = Choice(theme, profile_words.SOURCES)
        self.both_sides = Tick(theme, self.tr("Quét cả hai mặt nếu máy có"))
        self.dpi = Choice(theme, {profile_words.dpi(dpi): dpi for dpi in profile_words.RESOLUTIONS})
        self.mode = Choice(theme, {profile_words.mode(mode): mode for mode in Mode})
        self.reason = QLineEdit(maxLength=_TEXT)
        self.reason.setPlaceholderText(self.tr("Vì sao quét thấp hơn quy định?"))
        self.rule = Words("soft")
        self.rule.setText(profile_words.rule())
        self.reason_said = Words("wrong")
        self.size_of_paper = Choice(theme, profile_words.SIZES)
        self.double_feed = Tick(theme, self.tr("Dừng khi máy kéo hai tờ một lúc"))
        self.wait = Tick(theme, self.tr("Khay trống thì chờ đặt giấy vào rồi quét"))
        self._form = QFormLayout()
        self._show_devices("")
        for field in (self.name, self.reason):
            field.textEdited.connect(self._edited)
        for choice in (self.device, self.source, self.dpi, self.mode, self.size_of_paper):
            choice.activated.connect(self._edited)
        for box in (self.both_sides, self.double_feed, self.wait):
            box.clicked.connect(self._edited)

    def lay_out(
        self,
        inside: QVBoxLayout,
        title: str,
        before: tuple[tuple[str, QWidget], ...],
        after: tuple[tuple[str, QWidget], ...],
    ) -> None:
        """Add a section with all the fields, and what stands before and after them."""
        self._form = section(
            inside,
            title,
            *before,
            (self.tr("Tên"), self.name),
            ("", self.name_said),
            (self.tr("Máy quét"), beside(self.device, self.look)),
            ("", self.device_said),
            (self.tr("Nguồn giấy"), self.source),
            ("", self.both_sides),
            (self.tr("Độ phân giải"), self.dpi),
            (self.tr("Màu"), self.mode),
            (self.tr("Lý do"), self.reason),
            ("", self.rule),
            ("", self.reason_said),
            (self.tr("Khổ giấy"), self.size_of_paper),
            (self.tr("Kéo hai tờ"), self.double_feed),
            (self.tr("Chờ giấy"), self.wait),
            *after,
        )
        self.device.setAccessibleName(self.tr("Máy quét"))
        for box in (self.double_feed, self.wait):
            box.setAccessibleName(box.text())

    @property
    def everything(self) -> tuple[QWidget, ...]:
        """Every field that changes a profile."""
        return (
            self.name,
            self.device,
            self.look,
            self.source,
            self.both_sides,
            self.dpi,
            self.mode,
            self.reason,
            self.size_of_paper,
            self.double_feed,
            self.wait,
        )

    @property
    def draft(self) -> NamedProfile:
        """What the fields say."""
        profile = Profile(
            device=self.device.value,
            source=self.source.value,
            both_sides=self.both_sides.isChecked(),
            dpi=self.dpi.value,
            mode=self.mode.value,
            size=self.size_of_paper.value,
            double_feed=self.double_feed.isChecked(),
            wait=self.wait.isChecked(),
            below_floor=self.reason.text().strip() if self._below_floor else "",
        )
        return NamedProfile(self.name.text().strip(), profile)

    def fill(self, named: NamedProfile) -> None:
        """Show a profile."""
        profile = named.profile
        self.name.setText(named.name)
        self.name.setCursorPosition(0)
        self._show_devices(profile.device)
        self.source.choose(profile.source)
        self.both_sides.setChecked(profile.both_sides)
        self.dpi.choose(profile.dpi, profile_words.dpi(profile.dpi))
        self.mode.choose(profile.mode)
        self.size_of_paper.choose(profile.size, profile_words.size(profile.size))
        self.double_feed.setChecked(profile.double_feed)
        self.wait.setChecked(profile.wait)
        self.reason.setText(profile.below_floor)
        self.say_wrong("", "")
        self._dress()

    def searching(self) -> None:
        """Say that scanners are being looked for."""
        self.look.setEnabled(False)
        self.look.setToolTip(self.tr("Đang tìm máy quét"))
        self._searched = self.tr("Đang tìm… có thể mất nửa phút.")
        self._dress()

    def offer_scanners(self, found: list[Capabilities], said: str) -> None:
        """Let the clerk choose among the scanners that were found, and say how that went."""
        self.look.setEnabled(True)
        self.look.setToolTip("")
        self._found, self._searched = found, said
        self._show_devices(self.device.value)
        self._dress()

    def say_wrong(self, name: str, reason: str) -> None:
        """Say at their fields what is wrong (empty: nothing) and go to the first of them."""
        for field, label, said in (
            (self.reason, self.reason_said, reason),
            (self.name, self.name_said, name),
        ):
            label.setText(f"✗ {said}" if said else "")
            field.setAccessibleDescription(said)
            self._form.setRowVisible(label, bool(said))
            if said:
                field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _below_floor(self) -> bool:
        return self.dpi.value < FLOOR_DPI or self.mode.value is not Mode.COLOR

    def _show_devices(self, chosen: str) -> None:
        options: dict[str, object] = {self.tr("Máy đầu tiên tìm thấy"): ""}
        for one in self._found:
            name = one.device.name or one.device.id
            if name in options:
                name = f"{name} · {one.device.id}"
            options[name if one.sources else self.tr("{0} (đang bận)").format(name)] = one.device.id
        self.device.offer(options)
        name = self.scanner(chosen) if chosen else ""
        gone = bool(self._found) and chosen not in [one.device.id for one in self._found]
        self.device.choose(chosen, self.tr("{0} (không thấy)").format(name) if gone else name)

    def _edited(self) -> None:
        self._dress()
        self.edited.emit()

    def _dress(self) -> None:
        """Show the fields that the others call for."""
        self._form.setRowVisible(self.both_sides, self.source.value is None)
        for row in (self.reason, self.rule):
            self._form.setRowVisible(row, self._below_floor)
        if not self._below_floor:
            self._form.setRowVisible(self.reason_said, False)
        draft = self.draft.profile
        can = next((one for one in self._found if one.device.id == draft.device), None)
        lacking = profile_words.lacking(draft, can) if can is not None else ""
        said = " ".join(part for part in (self._searched, lacking) if part)
        self.device_said.setText(said)
        self._form.setRowVisible(self.device_said, bool(said))
