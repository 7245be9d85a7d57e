"""What parents bring to register a birth besides the form of ``stack``: rendered on this machine.

For training and the pictures of the documents. People and agencies are invented.
"""

from __future__ import annotations

from digitizer.sandbox.sheet import BODY, SLANTED, SMALL, STRONG, Sheet, Style
from digitizer.sandbox.stack import StackPage


def birth_note(holder: str) -> StackPage:
    """Return a *Giấy chứng sinh* that agrees with ``stack.form``."""
    sheet = Sheet(16)
    strong = Style(11.5, bold=True)
    sheet.pair("TRUNG TÂM Y TẾ KHU VỰC TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", strong)
    sheet.pair("Số: 412/GCS", "Độc lập - Tự do - Hạnh phúc", Style(12, bold=True))
    sheet.space(10)
    sheet.line("GIẤY CHỨNG SINH", Style(15.0, bold=True), align="centre")
    sheet.space(6)
    for label, value in (
        ("Họ và tên mẹ:", holder),
        ("Năm sinh:", "1999"),
        ("Nơi thường trú:", "Thôn Đông Hòa, xã Tân Lập"),
        ("Số căn cước công dân:", "024199000011"),
        ("Đã sinh con vào lúc:", "03 giờ 40 phút, ngày 05 tháng 11 năm 2026"),
        ("Tại:", "Trung tâm Y tế khu vực Tân Lập"),
        ("Số con trong lần sinh này:", "01"),
        ("Giới tính của con:", "Nữ"),
        ("Cân nặng:", "3 100 gam"),
        ("Dự định đặt tên con là:", "Nguyễn Khánh Vân"),
        ("Người đỡ đẻ:", "Lý Thị Thu Hường"),
    ):
        sheet.field(label, value)
    sheet.space(3)
    sheet.paragraph(
        "Giấy chứng sinh có giá trị để làm thủ tục đăng ký khai sinh. Tên con dự định đặt có thể "
        "thay đổi khi đăng ký khai sinh.",
        SLANTED,
    )
    sheet.pair("", "Tân Lập, ngày 06 tháng 11 năm 2026", SMALL)
    sheet.pair("Xác nhận của mẹ hoặc người thân", "THỦ TRƯỞNG ĐƠN VỊ", STRONG)
    sheet.stamp(134, sheet.y + 18, "TRUNG TÂM Y TẾ KHU VỰC TÂN LẬP", -6)
    sheet.signature(50, sheet.y + 16)
    sheet.signature(138, sheet.y + 17)
    sheet.space(34)
    sheet.pair(holder, "Trịnh Hải Đăng", BODY)
    return StackPage("giay-chung-sinh", sheet.scanned(), sheet.text)


def identity_front(holder: str, number: str) -> StackPage:
    """Return a photocopy of the front of an identity card; ``number`` is its twelve digits."""
    sheet = Sheet(17)
    sheet.space(24)
    sheet.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", STRONG, align="centre")
    sheet.line("Độc lập - Tự do - Hạnh phúc", STRONG, align="centre")
    sheet.space(4)
    sheet.line("CĂN CƯỚC CÔNG DÂN", Style(15.0, bold=True), align="centre")
    sheet.space(4)
    for label, value in (
        ("Số:", number),
        ("Họ và tên:", holder),
        ("Quốc tịch:", "Việt Nam"),
        ("Quê quán:", "Tân Lập"),
        ("Nơi thường trú:", "Thôn Đông Hòa, xã Tân Lập"),
    ):
        sheet.field(label, value)
    return StackPage("can-cuoc-mat-truoc", sheet.scanned(), sheet.text)


def identity_back(holder: str) -> StackPage:
    """Return a photocopy of its back."""
    sheet = Sheet(18)
    sheet.space(24)
    sheet.line("Đặc điểm nhận dạng: nốt ruồi cách đuôi mắt trái 1 cm", BODY)
    sheet.line("Ngày 15 tháng 8 năm 2022", SMALL, align="centre")
    sheet.space(4)
    sheet.pair("Ngón trỏ trái, ngón trỏ phải", "CỤC TRƯỞNG", STRONG)
    sheet.signature(138, sheet.y + 12)
    sheet.space(22)
    sheet.pair(f"Bản sao của {holder}", "Đinh Công Thành", BODY)
    return StackPage("can-cuoc-mat-sau", sheet.scanned(), sheet.text)
