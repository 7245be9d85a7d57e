"""Markings of state secrets: are stamps and headings seen, and is no ordinary page taken for one?

Rendered: letters with a stamp or a line of their own, of many inks, tilts and wears, and with
stamps and words that are none. The folder's pages bear no marking. The time is the look's alone,
of one processor, on the folder's pages.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from digitizer.errors import ImageTooSmall
from digitizer.pages import ocrraster, raster, reading, secretlook, stamps, whole, wordtable
from digitizer.pages.ownwords import Place
from digitizer.pages.secretlook import Seen
from digitizer.pages.stream import WorkedPage, worked
from digitizer.sandbox.sheet import DPI, Press, Sheet, Style
from digitizer.secrecy import Level
from tests.bench.table import Figure

PAGES = 150
_LEVELS = {"MẬT": Level.MAT, "TỐI MẬT": Level.TOI_MAT, "TUYỆT MẬT": Level.TUYET_MAT}
_INKS = {"red": (202, 30, 44), "pale red": (225, 95, 100), "black": (45, 43, 48)}
_OTHERS = ("KHẨN", "HỎA TỐC", "SAO Y", "BẢN SAO", "ĐẾN", "MẪU", "ĐÃ THU TIỀN", "BẢO MẬT", "MỜI HỌP")
_TITLES = ("BẢO MẬT THÔNG TIN", "MẬT ONG", "NGUYỄN VĂN MẬT", "BÍ MẬT KINH DOANH", "MẶT TRƯỚC")
_PROSE = (
    "Thực hiện kế hoạch công tác năm 2026, Ủy ban nhân dân xã báo cáo kết quả như sau. Các thôn đã "
    "giữ gìn an ninh trật tự, giữ bí mật nhà nước, mật độ dân cư ổn định. "
)


@dataclass(frozen=True, slots=True)
class _Case:
    """A page, how it was made, and the marking on it (None: none)."""

    image: Image.Image
    kind: str
    level: Level | None


def measure(data: Path) -> list[Figure]:
    """Measure markings."""
    missed: Counter[str] = Counter()
    other: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="digitizer-markings-") as folder:
        for case in _cases():
            file = Path(folder, "page.jpg")
            case.image.save(file, quality=80, dpi=(DPI, DPI))
            marks = whole.work(file, Path(folder, "words")).marks or ()
            if case.level is not None and not marks:
                missed[case.kind] += 1
            if case.level is not None and marks and marks[0].level is not case.level:
                other[case.kind] += 1
            if case.level is None and marks:
                wrong[case.kind] += 1
        pages, alarms, seconds = _real(data, Path(folder))
    borne = sum(case.level is not None for case in _cases())
    return [
        Figure(
            f"rendered: markings seen, of {borne}",
            f"{1 - missed.total() / borne:.1%} {_told(missed)}",
            target="≥ 95 %",
            met=missed.total() <= 0.05 * borne,
        ),
        Figure("rendered: seen, but as another level", f"{other.total()} {_told(other)}"),
        Figure(
            f"rendered: pages without one taken for marked, of {PAGES - borne}",
            f"{wrong.total()} {_told(wrong)}",
            target="0",
            met=not wrong,
        ),
        Figure(
            f"the folder's pages taken for marked, of {pages}",
            f"{len(alarms)} {' '.join(alarms)}".strip(),
            target="0",
            met=not alarms,
        ),
        Figure(
            "the folder's pages: processor time of the look, a page",
            f"{1000 * seconds / max(pages, 1):.0f} ms",
        ),
    ]


def _told(counted: Counter[str]) -> str:
    return ", ".join(f"{kind} {number}" for kind, number in counted.most_common())


def _cases() -> Iterator[_Case]:
    chance = random.Random(23)
    for number in range(PAGES):
        sheet = Sheet(number)
        sheet.pair("ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(11.5))
        sheet.pair("Số: 12/BC-UBND", "Độc lập - Tự do - Hạnh phúc")
        kind, level = _mark(sheet, chance, number)
        sheet.y = 75
        sheet.line("BÁO CÁO", Style(15.0, bold=True), align="centre")
        sheet.paragraph(_PROSE * 4)
        sheet.stamp(150, 250, "ỦY BAN NHÂN DÂN XÃ TÂN LẬP", 12)
        image = sheet.scanned(askew=chance.uniform(-2, 2))
        if number % 7 == 3:
            image, kind = image.convert("L"), f"grey, {kind}"
        yield _Case(image, kind, level)


def _mark(sheet: Sheet, chance: random.Random, number: int) -> tuple[str, Level | None]:
    """Put a stamp, or a line, on a sheet; return what it is."""
    place = chance.uniform(45, 75), chance.uniform(50, 66)
    tilt = chance.uniform(-30, 30) if number % 3 else chance.uniform(-4, 4)
    name = chance.choice(list(_INKS))
    press = Press(_INKS[name], chance.random() < 0.7, chance.choice((0.0, 0.0, 0.3, 0.5)))
    how = f"{name}, {'framed' if press.framed else 'bare'}"
    if number % 5 == 0:
        text = chance.choice(_OTHERS)
        sheet.marking(*place, text, tilt, press)
        return f"{text}, {how}", None
    if number % 5 == 1 and number % 2:
        text = chance.choice(_TITLES)
        sheet.space(10)
        sheet.line(text, Style(14.0, bold=True), align="centre")
        return text, None
    text = chance.choice(list(_LEVELS))
    if number % 5 == 1:
        sheet.space(chance.uniform(4, 12))
        sheet.line(text, Style(chance.uniform(12, 16), bold=True), align="centre")
        return f"{text}, a line", _LEVELS[text]
    sheet.marking(*place, text, tilt, press)
    steep = "steep" if abs(tilt) > 8 else "flat"
    return f"{text}, {how}, {steep}", _LEVELS[text]


def _real(data: Path, folder: Path) -> tuple[int, list[str], float]:
    """Look at every page of a folder: how many, which of them alarm, and the look's time."""
    files = [
        file
        for file in sorted(data.rglob("*"))
        if file.suffix.lower() == ".pdf"
        or (file.suffix.lower() in (".png", ".jpg", ".jpeg", ".tif", ".tiff") and _is_page(file))
    ]
    pages, alarms, seconds = 0, [], 0.0
    for page in worked(files, folder):
        pages += 1
        if page.whole.marks:
            read = [mark.read for mark in page.whole.marks]
            alarms.append(f"{page.file.name}:{page.page} {read}")
        seconds += _look_seconds(page)
        page.image.unlink(missing_ok=True)
    return pages, alarms, seconds


def _is_page(file: Path) -> bool:
    """Tell whether an image is large enough for a page: lone codes are not."""
    try:
        with raster.opened(file) as image:
            raster.check_page(image.size, file)
    except ImageTooSmall:
        return False
    return True


def _look_seconds(page: WorkedPage) -> float:
    """Return the processor time of the look at one page, with all that only it does."""
    scan, found = reading.decode(page.image), page.whole.reading
    words = page.whole.words
    if words is None:
        began = time.process_time()
        secretlook.stamped(scan, page.image, found.turn)
        return time.process_time() - began
    stored = (scan.width, scan.height), (scan.resolution.x, scan.resolution.y)
    place = Place(*stored, found.turn, found.skew, found.own_box)
    raster = ocrraster.of(stamps.faded(scan, page.image), found.turn, found.skew, found.own_box)
    size = wordtable.size(words.tsv) or raster.image.size
    seen = Seen(wordtable.read(words.tsv), size, raster if size == raster.image.size else None)
    began = time.process_time()
    secretlook.look(scan, page.image, place, seen)
    return time.process_time() - began
