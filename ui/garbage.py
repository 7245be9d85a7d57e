"""Collects Python's garbage on Qt's thread, and on no other.

Whichever thread makes objects when it is time would do it else, and what is found may hold a
widget: taken apart on a lane's thread it waits for Qt's, which may wait for that lane; then
everything stands still. Started by ``ui.__main__``.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000


class Collector(QObject):
    """Collects from ``begin`` to ``end``. To be made and called on Qt's thread."""

    def __init__(self, parent: QObject | None = None, every_ms: int = _EVERY_MS) -> None:
        """From now on no thread collects by itself."""
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self._collect)

    def begin(self) -> None:
        """Collect from now on, but do not look through what was loaded: it stays, and going
        through it would keep the window waiting every time."""
        gc.freeze()
        self._timer.start()

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        """Collect as much as Python would, by its own counts."""
        due = [
            generation
            for generation, (count, most) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if 0 < most < count
        ]
        if due:
            gc.collect(due[-1])
