"""The recovery key of a home on a sheet of paper: a PDF of one page, to be printed and locked away.

Drawn in this process and written to the one file that was asked for, so that the key lies nowhere
else. Blocks: run by the bridge.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import zxingcpp
from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QFontDatabase, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from digitizer.durable import sync_folder
from digitizer.errors import OutputUnwritable
from ui import wording
from ui.encryption_words import spelled
from ui.language import say

_DPI = 300
_MM = _DPI / 25.4
_MARGIN, _WIDTH = 20.0, 170.0
_CODE = 45.0
"""Millimetres: the margin, what is written on, the side of the square code."""


def write(file: Path, key: str, home: Path) -> None:
    """Write the sheet.

    Args:
        file: The PDF; what is there is replaced.
        key: The recovery key.
        home: The folder that it opens, named on the sheet.

    Raises:
        OutputUnwritable: it cannot be written there.
    """
    try:
        file.unlink(missing_ok=True)
        file.touch(0o600)
        _draw(file, key, home)
        if not file.stat().st_size:
            raise OutputUnwritable(file.name)
        sync_folder(file.parent)
    except OSError as error:
        raise OutputUnwritable(file.name) from error


def _draw(file: Path, key: str, home: Path) -> None:
    writer = QPdfWriter(str(file))
    writer.setResolution(_DPI)
    writer.setTitle(say("Khóa khôi phục kho hồ sơ"))
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(0, 0, 0, 0),
        )
    )
    painter = QPainter()
    if not painter.begin(writer):
        raise OutputUnwritable(file.name)
    with painter:
        _fill(painter, key, home)


def _fill(painter: QPainter, key: str, home: Path) -> None:
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    now = datetime.now().astimezone()
    made = say("Lập lúc {0} ngày {1} · thư mục {2}", wording.clock(now), wording.day(now), home)
    kept = say(
        "Tờ này mở được kho hồ sơ đã mã hóa khi quên mật khẩu kho, hỏng máy hay mất tài khoản. "
        "Ai có tờ này và ổ đĩa của máy thì đọc được hồ sơ. Cất trong tủ khóa của cơ quan, không để "
        "cạnh máy. Mất tờ này và quên mật khẩu kho thì không ai mở được nữa."
    )
    used = say(
        "Cách dùng: mở phần mềm, chọn Dùng khóa khôi phục, gõ khóa trên (không cần dấu cách) hoặc "
        "đưa mã vuông vào đầu đọc, rồi chọn cách mở mới. Khóa này vẫn dùng được những lần sau. "
        "Không có phần mềm: tệp keys/recovery.age trong thư mục trên mở bằng công cụ age."
    )
    y = _MARGIN
    for words, font, gap in (
        (say("KHÓA KHÔI PHỤC KHO HỒ SƠ"), _font(20, bold=True), 3.0),
        (made, _font(10), 8.0),
        (kept, _font(12), 10.0),
        (spelled(key), _font(20, fixed), 10.0),
    ):
        y = _text(painter, words, font, y) + gap
    painter.drawImage(_place(_MARGIN, y, _CODE, _CODE), _square(key))
    _text(painter, used, _font(12), y, left=_MARGIN + _CODE + 8.0)


def _font(points: int, family: str = "", *, bold: bool = False) -> QFont:
    font = QFont(family) if family else QFont()
    font.setPointSize(points)
    font.setBold(bold)
    return font


def _text(
    painter: QPainter, words: str, font: QFont, top: float, *, left: float = _MARGIN
) -> float:
    """Write some lines from ``top`` (millimetres); return where they end."""
    painter.setFont(font)
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    place = _place(left, top, _MARGIN + _WIDTH - left, 250.0)
    needed = painter.boundingRect(place, flags, words)
    painter.drawText(place, flags, words)
    return top + needed.height() / _MM


def _place(left: float, top: float, width: float, height: float) -> QRectF:
    return QRectF(left * _MM, top * _MM, width * _MM, height * _MM)


def _square(key: str) -> QImage:
    """Return the key as a QR code for readers that stand at the desk."""
    made = zxingcpp.create_barcode(key, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = np.array(made.to_image(4))
    height, width = drawn.shape[:2]
    return QImage(drawn.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
