"""The bar's button that names the wish to scan, and its menu of all of them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from digitizer.profiles import OFFICE, NamedProfile
from ui import profile_words
from ui.theme import GRID, Theme

_WIDEST = 36 * GRID
_MENU_WIDEST = 60 * GRID
_SIDES = 2 * GRID + 4
_FEW = 12
"""Letters of a name."""
_ARROW = 18


class ProfileButton(QPushButton):
    """Shows the beginning of a long name; hover and screen readers get all of it.

    Signals:
        chosen: The name of a profile.
        edit: Somebody wants to change profiles.
    """

    chosen = Signal(str)
    edit = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all: tuple[NamedProfile, ...] = (OFFICE,)
        self._current = OFFICE
        self._room = _WIDEST
        self.setProperty("role", "flat")
        self.menu_of_profiles = QMenu(self)
        self.menu_of_profiles.setToolTipsVisible(True)
        self.clicked.connect(lambda: self.open_menu(self))
        theme.changed.connect(self.update)

    def show_profiles(self, profiles: tuple[NamedProfile, ...], current: NamedProfile) -> None:
        """Name the one in use; an open menu stays as it is."""
        self._all, self._current = profiles, current
        self.setText(current.name)
        summary = profile_words.summary(current.profile)
        self.setAccessibleName(self.tr("Mẫu quét: {0}").format(current.name))
        self.setAccessibleDescription(summary)
        self.setToolTip(f"{current.name}\n{summary}\n" + self.tr("Bấm hoặc F8 để chọn mẫu khác"))
        self.updateGeometry()
        self.update()

    def give_way(self, room: int) -> None:
        """Take no more than so many pixels, as long as some letters of the name have room."""
        if room != self._room:
            self._room = room
            self.updateGeometry()

    def open_menu(self, above: QWidget) -> None:
        """Offer all profiles at the lower left of ``above``, or right above this button."""
        menu = self.menu_of_profiles
        menu.clear()
        for one in self._all:
            action = menu.addAction(self._shortened(one.name))
            action.setCheckable(True)
            action.setChecked(one == self._current)
            action.setToolTip(f"{one.name}\n{profile_words.summary(one.profile)}")
            action.triggered.connect(lambda _=False, name=one.name: self.chosen.emit(name))
            if one == self._current:
                menu.setActiveAction(action)
        menu.addSeparator()
        menu.addAction(self.tr("Sửa mẫu quét…"), self.edit.emit)
        corner = QPoint(0, 0) if above is self else above.rect().bottomLeft()
        menu.popup(above.mapToGlobal(corner) - QPoint(0, menu.sizeHint().height()))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the whole name, within bounds."""
        wanted = self.fontMetrics().horizontalAdvance(self.text()) + _SIDES + _ARROW
        few = self.fontMetrics().averageCharWidth() * _FEW + _SIDES + _ARROW
        return QSize(min(wanted, _WIDEST, max(few, self._room)), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a few letters."""
        few = self.fontMetrics().averageCharWidth() * _FEW + _SIDES + _ARROW
        return QSize(min(few, self.sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the frame as the style does, then as much of the name as fits, then the arrow."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        self._draw_words(painter)

    def _draw_words(self, painter: QPainter) -> None:
        place = self.rect().adjusted(_SIDES // 2, 0, -_SIDES // 2 - _ARROW, 0)
        short = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.setPen(self._theme.colour("ink"))
        painter.drawText(
            place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), short
        )
        arrow = self._theme.icons.pixmap(
            "down", self._theme.colour("ink_soft"), _ARROW, self.devicePixelRatio()
        )
        left = place.left() + self.fontMetrics().horizontalAdvance(short) + 4
        painter.drawPixmap(left, self.rect().center().y() - _ARROW // 2 + 1, arrow)

    def _shortened(self, name: str) -> str:
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _MENU_WIDEST)
        return short.replace("&", "&&")
