"""Writes a PDF as a word processor does: ``python wordprocessor.py OUT.pdf FONT LINE…``."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QFont, QGuiApplication, QPageSize, QPainter, QPdfWriter


def main(out: str, font: str, *lines: str) -> None:
    """Write the lines onto one A4 page, in 13 points."""
    app = QGuiApplication([])
    writer = QPdfWriter(out)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(300)
    painter = QPainter(writer)
    painter.setFont(QFont(font, 13))
    for number, line in enumerate(lines):
        painter.drawText(QRectF(300, 300 + 90 * number, 2100, 90), line)
    painter.end()
    app.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
