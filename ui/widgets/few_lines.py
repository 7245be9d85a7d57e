"""A long name or state in few lines, the last one shortened."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics


def in_few_lines(
    text: str, metrics: QFontMetrics, width: int, *, most: int = 2, first: int | None = None
) -> list[str]:
    """Break ``text`` between words, for ``most`` lines of ``width`` pixels (the ``first`` may have
    less); never empty."""
    words, lines = text.split(), [""]
    for index, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        room = width if first is None or len(lines) > 1 else first
        if metrics.horizontalAdvance(longer) <= room or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            rest = f"{lines[-1]} {' '.join(words[index:])}"
            lines[-1] = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
            break
    return lines


def below_picture(label: str, metrics: QFontMetrics, width: int) -> list[str]:
    """Return what stands under a page's picture, in two lines: its number, then what is said of
    it; where that is too long for its line, it begins beside the number."""
    number, _, state = label.partition(" · ")
    lines = [number, state]
    if all(metrics.horizontalAdvance(line) <= width for line in lines):
        return lines
    return in_few_lines(label, metrics, width)
