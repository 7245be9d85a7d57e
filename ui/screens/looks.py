"""*Cài đặt*, sections *Hiển thị*, *Sức máy* and *Kiểm tra máy này*: how the window looks, how much
of the machine the work takes, and what looks at the machine. Each choice holds at once."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from digitizer.pace import Pace
from ui.asides import Aside
from ui.language import Language, spoken
from ui.locks import lock
from ui.office import Office
from ui.places import Parts
from ui.theme import Theme
from ui.widgets.choice import Choice
from ui.widgets.form import Words, beside, section


class LookSection(QWidget):
    """Size of text, colours, language."""

    def __init__(self, theme: Theme, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self.text = Choice(theme, {self.tr("Vừa"): 11, self.tr("To"): 14})
        self.colours = Choice(theme, {"Theo máy": "auto", "Sáng": "light", "Tối": "dark"})
        self.language = Choice(
            theme, {"Tiếng Việt": Language.VIETNAMESE.value, "English": Language.ENGLISH.value}
        )
        self.language_said = Words("soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._form = section(
            column,
            self.tr("Hiển thị"),
            (self.tr("Cỡ chữ"), self.text),
            (self.tr("Nền"), self.colours),
            (self.tr("Ngôn ngữ (Language)"), self.language),
            ("", self.language_said),
        )
        lock(
            office.app.policy,
            {
                "window.text": (self.text,),
                "window.colours": (self.colours,),
                "window.language": (self.language,),
            },
        )
        for box in (self.text, self.colours, self.language):
            box.activated.connect(self._choose)
        office.settings_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        wishes = self._office.settings.wishes
        self.text.choose(wishes.text)
        self.colours.choose(wishes.colours)
        self.language.choose(wishes.language)
        other = wishes.language != spoken()
        self.language_said.setText(
            self.tr(
                "Có hiệu lực khi mở lại phần mềm. Takes effect when the program is opened again."
            )
            if other
            else ""
        )
        self._form.setRowVisible(self.language_said, other)

    def _choose(self) -> None:
        wishes = self._office.settings.wishes
        chosen = replace(
            wishes,
            text=self.text.value,
            colours=self.colours.value,
            language=self.language.value,
        )
        self._office.keep_wishes(chosen)


class MachineSection(QWidget):
    """How hard it works; ways to the first run and to the doctor."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = parts.office
        self.pace = Choice(
            parts.theme,
            {
                "Dùng cả máy để đọc và ghép trang": Pace.WORK,
                "Ưu tiên máy đang dùng (chừa một nhân)": Pace.DESK,
            },
        )
        self.first_run = QPushButton(self.tr("Cài đặt lần đầu"))
        self.doctor = QPushButton(self.tr("Chẩn đoán"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        section(column, self.tr("Sức máy"), (self.tr("Khi đọc trang"), self.pace))
        section(
            column,
            self.tr("Kiểm tra máy này"),
            (self.tr("Từng bước"), beside(self.first_run)),
            (self.tr("Cái gì thiếu"), beside(self.doctor)),
        )
        lock(parts.office.app.policy, {"local.pace": (self.pace,)})
        self.pace.activated.connect(self._choose)
        self.first_run.clicked.connect(lambda: parts.aside(Aside.FIRST_RUN, ""))
        self.doctor.clicked.connect(lambda: parts.aside(Aside.DOCTOR, ""))
        self._office.settings_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.pace.choose(self._office.settings.wishes.pace)

    def _choose(self) -> None:
        wishes = self._office.settings.wishes
        self._office.keep_wishes(replace(wishes, pace=self.pace.value))
