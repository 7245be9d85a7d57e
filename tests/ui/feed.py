"""A stack of sheets for *Quét lô*: seven dossiers led by receipts and separator sheets, 60 sheets,
with three wrong cuts in it. Small pages with little on them, so that they are read fast."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from digitizer.separators import HEADLINES, Parts, Separator, payload
from tests.ui.stage import FONTS

DPI = 150
SIZE = (round(8.27 * DPI), round(11.69 * DPI))
CODES = tuple(f"000.00.20.H02-261122-000{number}" for number in (1, 3, 4, 5, 6, 7, 8))
BIRTH, STAY, DEATH, MARRIAGE, SINGLE, CHILD, AID = CODES
TEXT = (
    "Căn cứ đề nghị của người nộp hồ sơ và các giấy tờ kèm theo,",
    "Ủy ban nhân dân xã Tân Lập xác nhận những nội dung sau đây",
    "là đúng sự thật và chịu trách nhiệm trước pháp luật.",
    "Giấy này được lập thành hai bản có giá trị như nhau,",
    "mỗi bên giữ một bản để thực hiện theo quy định.",
    "Người có yêu cầu đã đọc lại và đồng ý ký tên dưới đây.",
    "Hồ sơ được lưu tại bộ phận một cửa của xã theo thời hạn,",
    "việc khai thác thực hiện theo quy định của pháp luật.",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, and what its code holds (none where it is empty)."""

    title: str
    code: str = ""
    blank: bool = False


def dossier(code: str) -> Sheet:
    """A separator sheet that begins a dossier."""
    return Sheet(HEADLINES[Parts.DOSSIER], payload(Separator(Parts.DOSSIER, code)))


def paper(part: str, title: str, procedure: str) -> Sheet:
    """A separator sheet that begins a paper."""
    says = Separator(Parts.PAPER, "", procedure, part, title)
    return Sheet(HEADLINES[Parts.PAPER], payload(says))


def receipt(code: str) -> Sheet:
    """The receipt of a dossier, with its code."""
    return Sheet("GIẤY TIẾP NHẬN HỒ SƠ", code)


STRAY = Sheet(HEADLINES[Parts.PAPER])
"""A separator sheet whose code cannot be read."""
LOST = Sheet(HEADLINES[Parts.DOSSIER])
"""The same, for a dossier."""
BLANK = Sheet("", blank=True)
"""The back of a sheet."""
FORM, NOTE = "TỜ KHAI ĐĂNG KÝ KHAI SINH", "GIẤY CHỨNG SINH"


def pages(count: int, title: str = "") -> list[Sheet]:
    """Pages of one paper; the first bears the title."""
    return [Sheet(title), *[Sheet("")] * (count - 1)]


def sixty() -> list[Sheet]:
    """The stack. What is wrong in it: no separator before the note of birth of the first dossier,
    one too many in its identity papers, and the last dossier's sheet cannot be read."""
    return [
        dossier(BIRTH),
        *[paper("TP01", "Tờ khai đăng ký khai sinh", "1.001193"), *pages(2, FORM)],
        *pages(2, NOTE),  # wrong: lies in the form
        *[paper("TP03", "Giấy tờ tùy thân của người đi đăng ký", "1.001193"), *pages(2)],
        *[STRAY, *pages(2)],  # wrong: goes on with the identity papers
        dossier(STAY),
        *[paper("TP01", "Tờ khai thay đổi thông tin cư trú (mẫu CT01)", "1.010041"), *pages(6)],
        dossier(DEATH),
        *[paper("TP01", "Tờ khai đăng ký khai tử", "1.000656"), *pages(4)],
        *[paper("TP03", "Giấy tờ tùy thân của người đi đăng ký", "1.000656"), *pages(3)],
        *[receipt(MARRIAGE), *pages(6)],
        dossier(SINGLE),
        *[paper("TP01", "Tờ khai cấp Giấy xác nhận", "1.004873"), *pages(5)],
        *[receipt(CHILD), *pages(7)],
        *[LOST, *pages(7)],  # wrong: nobody knows whose
    ]


def draw(sheets: list[Sheet], folder: Path) -> list[Path]:
    """Draw the sheets; each is different."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_draw(sheet, folder / f"{at:03d}.jpg", at) for at, sheet in enumerate(sheets, start=1)]


def _draw(sheet: Sheet, file: Path, number: int) -> Path:
    page = Image.new("L", SIZE, 252)
    draw = ImageDraw.Draw(page)
    path = next(path for path in FONTS if Path(path).is_file())
    large, small = (ImageFont.truetype(path, round(DPI * points / 72)) for points in (22, 13))
    if sheet.code:
        made = zxingcpp.create_barcode(sheet.code, zxingcpp.BarcodeFormat.QRCode)
        page.paste(Image.fromarray(np.array(made.to_image(5))), (80, 60))
    top = 480
    if sheet.title:
        left = (SIZE[0] - draw.textlength(sheet.title, large)) / 2
        draw.text((left, top), sheet.title, fill=20, font=large)
    if not sheet.blank and not sheet.title.startswith("TỜ PHÂN CÁCH"):
        for at, line in enumerate((*TEXT, f"Tờ số {number} của chồng giấy.")):
            draw.text((130, top + 110 + 62 * at), line, fill=20, font=small)
    page.save(file, dpi=(DPI, DPI), quality=80)
    return file
