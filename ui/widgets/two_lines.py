"""A long name in two lines at most, the last one shortened."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

_MOST = 2


def in_two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Break ``text`` between words, for lines of ``width`` pixels; never empty."""
    words, lines = text.split(), [""]
    for index, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if metrics.horizontalAdvance(longer) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < _MOST:
            lines.append(word)
        else:
            rest = f"{lines[-1]} {' '.join(words[index:])}"
            lines[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
            break
    return lines
