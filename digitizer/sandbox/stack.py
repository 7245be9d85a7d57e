"""Pages to scan: a stack of Vietnamese papers as a counter gets them, rendered on this machine.

For the demo, tests and the bench, which also need to know what is written on them. People and
agencies are invented. Needs a system font with Vietnamese letters.
"""

from __future__ import annotations

import random
from pathlib import Path

import zxingcpp
from msgspec import Struct
from PIL import Image

from digitizer.sandbox.sheet import BODY, DPI, SLANTED, SMALL, STRONG, Sheet, Style

_TITLE = Style(15.0, bold=True)
_AGENCY = "ỦY BAN NHÂN DÂN XÃ TÂN LẬP"
_QUALITY = 85
_ASKEW_DEGREES = 2.4


class StackPage(Struct, frozen=True):
    """A page to scan.

    Attributes:
        name: Short ASCII name.
        image: RGB, A4 at 300 dpi.
        text: What is written on it, in reading order; seals and signatures left out.
        askew: Degrees clockwise that it lies askew.
    """

    name: str
    image: Image.Image
    text: str
    askew: float = 0.0


def demo_stack(code: str, holder: str) -> list[StackPage]:
    """Return the counter's stack of one dossier, in feeding order.

    Receipt with its codes, a filled form, a duplex letter whose back is blank, a statement
    that lies askew.

    Args:
        code: Mã hồ sơ, printed on the receipt as QR and Code 128.
        holder: The applicant's name.
    """
    return [
        receipt(code, holder),
        form(holder),
        letter(holder),
        blank_back(),
        askew_statement(holder),
    ]


def receipt(code: str, holder: str) -> StackPage:
    """Return a *Giấy tiếp nhận hồ sơ và hẹn trả kết quả* (form 01 of NĐ 118/2025)."""
    sheet = Sheet(11)
    sheet.code(zxingcpp.BarcodeFormat.QRCode, code, 12, 8, 0.75)
    sheet.code(zxingcpp.BarcodeFormat.Code128, code, 118, 10, 0.25)
    sheet.y = 36
    sheet.pair(_AGENCY, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(11.5, bold=True))
    sheet.pair("BỘ PHẬN MỘT CỬA", "Độc lập - Tự do - Hạnh phúc", Style(12, bold=True))
    sheet.space(5)
    sheet.pair(f"Mã hồ sơ: {code}", "Tân Lập, ngày 22 tháng 11 năm 2026", SMALL)
    sheet.space(6)
    sheet.line("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", _TITLE, align="centre")
    sheet.space(5)
    for text in (
        "Bộ phận Một cửa Ủy ban nhân dân xã Tân Lập",
        f"Tiếp nhận hồ sơ của: {holder}",
        "Địa chỉ: Thôn Đông Hòa, xã Tân Lập",
        "Số điện thoại: 0912 345 678",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "Thành phần hồ sơ nộp gồm:",
    ):
        sheet.line(text)
    for text in (
        "1. Tờ khai đăng ký khai sinh",
        "2. Giấy chứng sinh",
        "3. Giấy tờ tùy thân của người đi đăng ký",
    ):
        sheet.line(text, SLANTED)
    for text in (
        "Số lượng hồ sơ: 01 (bộ)",
        "Thời gian giải quyết hồ sơ theo quy định: 03 ngày làm việc",
        "Thời gian nhận hồ sơ: 08 giờ 15 phút, ngày 22 tháng 11 năm 2026",
        "Thời gian trả kết quả: 16 giờ 30 phút, ngày 25 tháng 11 năm 2026",
        "Đăng ký nhận kết quả tại: Bộ phận Một cửa",
    ):
        sheet.line(text)
    sheet.space(8)
    sheet.pair("NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ", STRONG)
    sheet.signature(48, sheet.y + 14)
    sheet.signature(138, sheet.y + 12)
    sheet.space(26)
    sheet.pair(holder, "Lương Thị Mai Phương", BODY)
    return StackPage("giay-tiep-nhan", sheet.scanned(), sheet.text)


def form(holder: str) -> StackPage:
    """Return a filled *Tờ khai đăng ký khai sinh*."""
    sheet = Sheet(12)
    sheet.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", STRONG, align="centre")
    sheet.line("Độc lập - Tự do - Hạnh phúc", STRONG, align="centre")
    sheet.space(8)
    sheet.line("TỜ KHAI ĐĂNG KÝ KHAI SINH", _TITLE, align="centre")
    sheet.space(4)
    sheet.line("Kính gửi: Ủy ban nhân dân xã Tân Lập", BODY, align="centre")
    sheet.space(4)
    for label, value in (
        ("Họ, chữ đệm, tên người yêu cầu:", holder),
        ("Nơi cư trú:", "Thôn Đông Hòa, xã Tân Lập"),
        ("Giấy tờ tùy thân:", "Căn cước công dân số 024199000011"),
        ("Quan hệ với người được khai sinh:", "Mẹ đẻ"),
    ):
        sheet.field(label, value)
    sheet.space(2)
    sheet.line("Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:", STRONG)
    for label, value in (
        ("Họ, chữ đệm, tên:", "Nguyễn Khánh Vân"),
        ("Ngày, tháng, năm sinh:", "05/11/2026"),
        ("Ghi bằng chữ:", "Ngày mồng năm tháng mười một năm 2026"),
        ("Giới tính:", "Nữ"),
        ("Dân tộc:", "Kinh"),
        ("Quốc tịch:", "Việt Nam"),
        ("Nơi sinh:", "Trung tâm Y tế khu vực Tân Lập"),
        ("Quê quán:", "Xã Tân Lập"),
        ("Họ, chữ đệm, tên người mẹ:", holder),
        ("Năm sinh:", "1999"),
        ("Họ, chữ đệm, tên người cha:", "Nguyễn Tuấn Kiệt"),
        ("Năm sinh:", "1996"),
    ):
        sheet.field(label, value)
    sheet.space(2)
    sheet.paragraph(
        "Tôi cam đoan những nội dung khai trên đây là đúng sự thật, được sự thỏa thuận nhất trí "
        "của các bên liên quan theo quy định pháp luật. Tôi chịu hoàn toàn trách nhiệm trước "
        "pháp luật về nội dung cam đoan của mình."
    )
    sheet.pair("", "Làm tại: xã Tân Lập, ngày 22 tháng 11 năm 2026", SLANTED, parting=80)
    sheet.pair("", "Người yêu cầu", STRONG)
    sheet.signature(138, sheet.y + 10)
    sheet.space(20)
    sheet.pair("", holder, BODY)
    return StackPage("to-khai", sheet.scanned(), sheet.text)


def letter(holder: str) -> StackPage:
    """Return the front of a sealed letter of the commune."""
    sheet = Sheet(13)
    sheet.pair(_AGENCY, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(11.5, bold=True))
    sheet.pair("Số: 218/UBND-TP", "Độc lập - Tự do - Hạnh phúc", Style(12, bold=True))
    sheet.space(3)
    sheet.pair("V/v xác nhận nơi cư trú", "Tân Lập, ngày 20 tháng 11 năm 2026", SMALL)
    sheet.space(8)
    sheet.line("Kính gửi: Bộ phận Một cửa xã Tân Lập", BODY, align="centre")
    sheet.space(4)
    sheet.paragraph(
        f"Xét đề nghị của bà {holder}, thường trú tại thôn Đông Hòa, về việc xác nhận nơi cư trú "
        "để làm thủ tục đăng ký khai sinh cho con, Ủy ban nhân dân xã Tân Lập có ý kiến như sau:"
    )
    for text in _paragraphs(_chance(13), 2):
        sheet.paragraph(text)
    sheet.paragraph("Đề nghị Bộ phận Một cửa căn cứ nội dung trên để giải quyết theo quy định./.")
    sheet.space(6)
    sheet.pair("Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", STRONG)
    sheet.pair("- Như trên;", "CHỦ TỊCH", STRONG)
    sheet.pair("- Lưu: VT, TP.", "", SMALL)
    sheet.stamp(128, sheet.y + 11, "ỦY BAN NHÂN DÂN XÃ TÂN LẬP", 8)
    sheet.signature(136, sheet.y + 10)
    sheet.space(24)
    sheet.pair("", "Đoàn Minh Quân", STRONG)
    return StackPage("cong-van", sheet.scanned(), sheet.text)


def blank_back() -> StackPage:
    """Return the letter's back: bare paper, its grain and a speck of dust."""
    sheet = Sheet(14)
    return StackPage("mat-sau-trang", sheet.scanned(), "")


def askew_statement(holder: str, degrees: float = _ASKEW_DEGREES) -> StackPage:
    """Return a statement that was fed ``degrees`` clockwise askew."""
    sheet = Sheet(15)
    sheet.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", STRONG, align="centre")
    sheet.line("Độc lập - Tự do - Hạnh phúc", STRONG, align="centre")
    sheet.space(10)
    sheet.line("GIẤY CAM ĐOAN", _TITLE, align="centre")
    sheet.space(6)
    sheet.paragraph(
        f"Tôi tên là {holder}, thường trú tại thôn Đông Hòa, xã Tân Lập. Tôi làm giấy này để cam "
        "đoan về việc sinh con và xin đăng ký khai sinh cho con đúng thời hạn."
    )
    for text in _paragraphs(_chance(15), 3):
        sheet.paragraph(text)
    sheet.space(4)
    sheet.pair("", "Người cam đoan", STRONG)
    sheet.signature(138, sheet.y + 10)
    sheet.space(20)
    sheet.pair("", holder, BODY)
    return StackPage("giay-cam-doan", sheet.scanned(askew=degrees), sheet.text, degrees)


def text_page(number: int, paragraphs: int = 12) -> StackPage:
    """Return page ``number`` (1, 2, 3 …) of a long administrative text; each is different.

    Args:
        number: Says what is on it.
        paragraphs: At most so many; a full page holds about six.
    """
    chance = _chance(number)
    sheet = Sheet(1000 + number)
    askew = round(chance.uniform(-1.2, 1.2), 2) if number % 3 == 0 else 0.0
    sheet.line(f"Trang {number}", SMALL, align="centre")
    sheet.space(4)
    sheet.line(f"Điều {number}. {chance.choice(_HEADINGS)}", STRONG)
    written = _paragraphs(chance, paragraphs)
    for text in written:
        if sheet.y > 255:
            break
        sheet.paragraph(text)
    if number % 4 == 0:
        sheet.stamp(150, 262, "ỦY BAN NHÂN DÂN XÃ TÂN LẬP", chance.uniform(-15, 15))
        sheet.signature(140, 266)
    return StackPage(f"trang-{number:03d}", sheet.scanned(askew=askew), sheet.text, askew)


def save(page: StackPage, folder: Path) -> Path:
    """Save a page as a scanner does, a colour JPEG that states its 300 dpi; return its path."""
    file = folder / f"{page.name}.jpg"
    page.image.save(file, "JPEG", quality=_QUALITY, dpi=(DPI, DPI))
    return file


_HEADINGS = (
    "Phạm vi điều chỉnh và đối tượng áp dụng",
    "Trách nhiệm của cơ quan tiếp nhận hồ sơ",
    "Trình tự giải quyết thủ tục hành chính",
    "Lưu trữ và khai thác kết quả số hóa",
    "Quyền và nghĩa vụ của người nộp hồ sơ",
)
_SUBJECTS = (
    "Cán bộ tiếp nhận hồ sơ tại Bộ phận Một cửa",
    "Người yêu cầu đăng ký hộ tịch",
    "Ủy ban nhân dân cấp xã nơi cư trú của người đề nghị",
    "Công chức tư pháp - hộ tịch",
    "Cơ quan có thẩm quyền giải quyết thủ tục hành chính",
    "Tổ chức, cá nhân nộp hồ sơ theo hình thức trực tuyến",
    "Trưởng thôn và đại diện các hộ gia đình",
)
_DEEDS = (
    "có trách nhiệm kiểm tra tính đầy đủ, hợp lệ của từng thành phần hồ sơ",
    "được quyền xem xét, đối chiếu bản sao với bản chính khi thấy cần thiết",
    "phải xuất trình giấy tờ chứng minh nơi thường trú hoặc tạm trú",
    "thực hiện việc sao chụp, chuyển bản giấy thành bản điện tử và ký số",
    "ghi đầy đủ nội dung vào sổ theo dõi, cấp giấy tiếp nhận cho người nộp",
    "chuyển ngay hồ sơ đến bộ phận chuyên môn để thẩm tra, xác minh",
    "không được yêu cầu nộp thêm giấy tờ ngoài danh mục đã công bố",
)
_WHENS = (
    "trong thời hạn không quá 03 ngày làm việc kể từ ngày nhận đủ hồ sơ",
    "ngay trong ngày, trường hợp nhận sau 15 giờ thì trả kết quả vào ngày kế tiếp",
    "trước khi lập biên bản bàn giao, có chữ ký của cả hai bên",
    "theo đúng mẫu ban hành kèm theo Thông tư số 04/2020/TT-BTP",
    "trừ những trường hợp được miễn giảm lệ phí quy định tại khoản 2 Điều này",
    "và chịu hoàn toàn trách nhiệm trước pháp luật về tính chính xác của thông tin",
    "đồng thời thông báo bằng văn bản, nêu rõ lý do cho người đề nghị được biết",
)
_LINKS = ("Ngoài ra,", "Trong trường hợp cần bổ sung,", "Đối với vùng sâu, vùng xa,", "Khi đó,")


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (the same pages every time, nothing secret)


def _paragraphs(chance: random.Random, count: int) -> list[str]:
    """Make up paragraphs of two or three official sentences."""
    made = []
    for _ in range(count):
        sentences = []
        for index in range(chance.choice((2, 3))):
            subject = chance.choice(_SUBJECTS)
            if index:
                subject = f"{chance.choice(_LINKS)} {subject[0].lower()}{subject[1:]}"
            sentences.append(f"{subject} {chance.choice(_DEEDS)} {chance.choice(_WHENS)}.")
        made.append(" ".join(sentences))
    return made
