"""The pages beside the places: the first run, the guide, the doctor, two versions of a paper, a
local dossier, what waits for a signature, a page that may be a state secret, what happened to a
dossier. None is on the rail's list.

One is shown over the place the clerk is at and left with Esc. Made when first shown.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from ui.places import Parts


class Aside(Enum):
    """A page beside the places; the value is its title."""

    FIRST_RUN = "Cài đặt lần đầu"
    GUIDE = "Hướng dẫn"
    DOCTOR = "Chẩn đoán"
    COMPARE = "So hai bản"
    LOCAL = "Hồ sơ tạm"
    SIGN = "Ký số"
    MARKED = "Dấu mật"
    HISTORY = "Lịch sử"


def make(aside: Aside, parts: Parts) -> QWidget:
    """Return the new widget of a page; it is a ``places.Screen``."""
    if aside is Aside.FIRST_RUN:
        from ui.screens.first_run import FirstRun

        return FirstRun(parts)
    if aside is Aside.GUIDE:
        from ui.screens.guide import GuideScreen

        return GuideScreen(parts)
    if aside is Aside.COMPARE:
        from ui.screens.compare import CompareScreen

        return CompareScreen(parts)
    if aside is Aside.MARKED:
        from ui.screens.secret import SecretScreen

        return SecretScreen(parts)
    if aside is Aside.LOCAL:
        from ui.screens.local import LocalScreen

        return LocalScreen(parts, parts.binding)
    if aside is Aside.SIGN:
        from ui.screens.signing import SigningScreen

        return SigningScreen(parts)
    if aside is Aside.HISTORY:
        from ui.screens.history import HistoryScreen

        return HistoryScreen(parts)
    from ui.screens.doctor import DoctorScreen

    return DoctorScreen(parts)
