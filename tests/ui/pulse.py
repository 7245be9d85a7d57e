"""The pulse of Qt's loop: how long it was kept from ticking. Used by tests and by the bench."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 10


class Pulse(QObject):
    """Ticks every 10 ms and remembers the longest wait between two ticks."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last - TICK_MS / 1000)
        self._last = now

    def summary(self) -> str:
        gaps = sorted(self.gaps)
        p99 = gaps[int(len(gaps) * 0.99)]
        return f"worst {gaps[-1] * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms of {len(gaps)} ticks"
