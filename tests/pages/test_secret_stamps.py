"""Stamps of state secrets on pages as scanned: seen whatever their tilt and ink, other stamps are
not; what an older version read is looked at without being read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitizer import programs
from digitizer.boxes import Box
from digitizer.pages import connected, reading, secretlook, slanted, whole
from digitizer.pages.ownwords import Place
from digitizer.sandbox.sheet import DPI, Press, Sheet, Style
from digitizer.secrecy import How, Level, Mark

RED, WORN, BLACK = Press(), Press(faded=0.5), Press((40, 38, 42))
BARE = Press(framed=False)
TWO_LINES = ("HỎA\nTỐC", "BẢO\nMẬT", "SAO\nY")
PROSE = (
    "Thực hiện kế hoạch công tác, Ủy ban nhân dân xã Tân Lập báo cáo kết quả như sau. Các thôn đã "
    "giữ gìn an ninh trật tự, mật độ dân cư ổn định, người dân nuôi ong lấy mật."
)


def letter(seed: int = 5) -> Sheet:
    """A letter of the commune, with the round seal and the red name below."""
    sheet = Sheet(seed)
    sheet.pair("ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(11.5))
    sheet.pair("Số: 12/BC-UBND", "Độc lập - Tự do - Hạnh phúc")
    sheet.space(30)
    sheet.line("BÁO CÁO", Style(15.0, bold=True), align="centre")
    sheet.paragraph(PROSE)
    sheet.stamp(140, 240, "ỦY BAN NHÂN DÂN XÃ TÂN LẬP", 12)
    return sheet


def saved(sheet: Sheet, folder: Path, *, askew: float = 0.0) -> Path:
    file = folder / "page.jpg"
    sheet.scanned(askew=askew).save(file, quality=85, dpi=(DPI, DPI))
    return file


def stamps_on(file: Path, turn: int = 0) -> list[tuple[Level, How]]:
    scan = reading.decode(file)
    return [(one.level, one.how) for one in secretlook.stamped(scan, file, turn)]


@pytest.mark.parametrize(
    ("text", "level", "tilt", "press", "place"),
    [
        ("MẬT", Level.MAT, 0, RED, (50, 60)),
        ("MẬT", Level.MAT, 30, RED, (50, 60)),
        ("TỐI MẬT", Level.TOI_MAT, -30, WORN, (60, 60)),
        ("TUYỆT MẬT", Level.TUYET_MAT, 17, RED, (60, 90)),
        ("TUYỆT MẬT", Level.TUYET_MAT, -8, BARE, (150, 55)),
        ("MẬT", Level.MAT, -12, BARE, (60, 60)),
        ("TỐI\nMẬT", Level.TOI_MAT, 0, RED, (50, 60)),
        ("TỐI\nMẬT", Level.TOI_MAT, -12, RED, (50, 60)),
        ("TỐI\nMẬT", Level.TOI_MAT, 5, WORN, (50, 60)),
        ("TUYỆT\nMẬT", Level.TUYET_MAT, 3, RED, (50, 60)),
    ],
)
def test_a_red_stamp_is_seen_whatever_its_tilt(
    tmp_path: Path, text: str, level: Level, tilt: float, press: Press, place: tuple[int, int]
) -> None:
    sheet = letter()
    sheet.marking(*place, text, tilt, press)
    file = saved(sheet, tmp_path)
    (mark,) = secretlook.stamped(reading.decode(file), file, 0)
    assert (mark.level, mark.how) == (level, How.STAMP)
    assert mark.box is not None
    middle = [(a + b) / 2 / DPI * 25.4 for a, b in zip(*_sides(mark.box), strict=True)]
    assert middle == pytest.approx(place, abs=4)


def _sides(box: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    return (box.left, box.top), (box.right, box.bottom)


@pytest.mark.parametrize("text", ["TỐI MẬT", "TỐI\nMẬT"])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_it_is_seen_on_a_page_that_lies_turned(tmp_path: Path, turn: int, text: str) -> None:
    sheet = letter()
    sheet.marking(60, 60, text, 9)
    file = tmp_path / "page.jpg"
    lying = sheet.scanned().rotate(turn, expand=True)
    lying.save(file, quality=85, dpi=(DPI, DPI))
    assert stamps_on(file, turn) == [(Level.TOI_MAT, How.STAMP)]


@pytest.mark.parametrize(
    "text", ["KHẨN", "HỎA TỐC", "SAO Y", "ĐẾN", "BẢN CHÍNH", "MẪU", "MỜI", *TWO_LINES]
)
def test_another_stamp_is_none(tmp_path: Path, text: str) -> None:
    sheet = letter()
    sheet.marking(60, 60, text, 11)
    assert stamps_on(saved(sheet, tmp_path)) == []


@pytest.mark.parametrize(
    ("seed", "text", "place", "tilt", "press", "askew", "levels"),
    [
        (100, "BẢO MẬT", (60.57024033623356, 65.44167327286821), 12.543287871030039,
         Press((202, 30, 44), framed=False), -0.9075823700074483, []),
        (58, "TỐI MẬT", (66.80875610269763, 63.05959451328597), 23.500606269838876,
         Press((225, 95, 100), faded=0.5), -0.5964250351178548, [Level.TOI_MAT]),
    ],
)  # fmt: skip
def test_one_that_falls_apart_is_read_as_a_whole(
    tmp_path: Path,
    seed: int,
    text: str,
    place: tuple[float, float],
    tilt: float,
    press: Press,
    askew: float,
    levels: list[Level],
) -> None:
    sheet = Sheet(seed)
    sheet.pair("ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(11.5))
    sheet.pair("Số: 12/BC-UBND", "Độc lập - Tự do - Hạnh phúc")
    sheet.marking(*place, text, tilt, press)
    sheet.y = 75
    sheet.line("BÁO CÁO", Style(15.0, bold=True), align="centre")
    sheet.paragraph(
        "Thực hiện kế hoạch công tác năm 2026, Ủy ban nhân dân xã báo cáo kết quả như sau. Các "
        "thôn đã giữ gìn an ninh trật tự, giữ bí mật nhà nước, mật độ dân cư ổn định. "
    )
    file = tmp_path / "page.jpg"
    sheet.scanned(askew=askew).save(file, quality=80, dpi=(DPI, DPI))
    found = whole.work(file, tmp_path / "words")
    assert [one.level for one in found.marks or ()] == levels


def test_a_red_name_and_a_pink_form_are_none(tmp_path: Path) -> None:
    sheet = letter()
    sheet.marking(150, 260, "Nguyễn Văn Mật", -4, BARE)
    sheet.image = Image.blend(sheet.image, Image.new("RGB", sheet.image.size, (255, 190, 190)), 0.5)
    assert stamps_on(saved(sheet, tmp_path)) == []


@pytest.mark.parametrize(("tilt", "press"), [(0, BLACK), (16, BLACK), (-24, BLACK)])
def test_a_black_one_is_seen_where_ocr_passes_it_over(
    tmp_path: Path, tilt: float, press: Press
) -> None:
    sheet = letter()
    sheet.marking(60, 60, "TUYỆT MẬT", tilt, press)
    file = saved(sheet, tmp_path)
    found = whole.work(file, tmp_path / "words")
    assert found.marks
    assert found.marks[0].level is Level.TUYET_MAT
    box = found.marks[0].box
    assert box is not None
    assert box.left / DPI * 25.4 < 60 < box.right / DPI * 25.4
    assert box.top / DPI * 25.4 < 60 < box.bottom / DPI * 25.4


def test_a_black_one_of_two_lines_is_read_as_the_graver(tmp_path: Path) -> None:
    sheet = letter()
    sheet.marking(60, 60, "TỐI\nMẬT", 0, BLACK)
    marks = whole.work(saved(sheet, tmp_path), tmp_path / "words").marks
    assert [one.level for one in marks or ()] == [Level.TOI_MAT]


def test_a_page_read_whole_tells_it_and_a_look_at_its_words_does_too(tmp_path: Path) -> None:
    sheet = letter()
    sheet.y = 45
    sheet.line("MẬT", Style(14.0, bold=True))
    file = saved(sheet, tmp_path, askew=2.0)
    found = whole.work(file, tmp_path / "words")
    assert found.words is not None
    assert found.marks is not None
    (mark,) = found.marks
    assert (mark.level, mark.how, mark.read) == (Level.MAT, How.LINE, "MẬT")
    box = mark.box
    assert box is not None
    assert (box.left + box.right) / 2 / DPI * 25.4 == pytest.approx(36, abs=5)
    assert (box.top + box.bottom) / 2 / DPI * 25.4 == pytest.approx(48, abs=5)
    answer = programs.run_module(
        "digitizer.pages.secretlook",
        str(file),
        str(found.reading.turn),
        repr(found.reading.skew),
        found.reading.own_box.text() if found.reading.own_box else "",
        str(found.words.tsv),
        timeout=60,
    )
    assert tuple(Mark.from_json(one) for one in answer["marks"]) == found.marks


def test_an_ordinary_page_bears_none(tmp_path: Path) -> None:
    file = saved(letter(), tmp_path)
    assert whole.work(file, tmp_path / "words").marks == ()


def test_a_blank_side_with_a_stamp_tells_it(tmp_path: Path) -> None:
    sheet = Sheet(3)
    sheet.marking(100, 140, "MẬT", 4, Press((240, 190, 190)))
    file = saved(sheet, tmp_path)
    assert secretlook.stamped(reading.decode(file), file, 0)[0].level is Level.MAT


def test_what_touches_is_found_apart_from_what_stands_in_it() -> None:
    mask = np.zeros((60, 100), dtype=bool)
    mask[10, 10:60] = mask[40, 10:60] = True
    mask[10:41, 10] = mask[10:41, 59] = True
    mask[20:30, 30:34] = True
    mask[5:9, 80:90] = np.eye(4, 10, dtype=bool)
    found = connected.find(mask, 4)
    assert sorted(len(points) for points in found) == [4, 40, 158]
    (frame,) = (points for points in found if len(points) == 158)
    assert frame.min(axis=0).tolist() == [10, 10]
    assert frame.max(axis=0).tolist() == [59, 40]
    assert [len(points) for points in connected.find(mask, 20)] == [158]
    assert connected.find(np.zeros((5, 5), dtype=bool), 1) == []


@pytest.mark.parametrize("angle", [-70, -30, 0, 12, 45, 80])
def test_a_slanted_rectangle_is_measured_and_cut_out_level(angle: float) -> None:
    sheet = Image.new("L", (400, 400), 255)
    bar = Image.new("L", (160, 40), 0)
    bar.paste(128, (0, 0, 20, 40))
    turned = bar.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    sheet.paste(turned, (200 - turned.width // 2, 200 - turned.height // 2))
    down, across = np.nonzero(np.asarray(sheet) < 200)
    found = slanted.around(np.column_stack([across, down]).astype(float))
    assert (found.x, found.y) == pytest.approx((200, 200), abs=2)
    assert (found.length, found.breadth) == pytest.approx((160, 40), abs=6)
    assert found.angle == pytest.approx(angle, abs=2)
    level = np.asarray(slanted.cut(sheet, found, 4.0, 1.0))
    assert level.shape == pytest.approx((48, 168), abs=6)
    middle = level[level.shape[0] // 2]
    assert (middle[14] > 100, middle[-14] < 60) == (True, True)


def test_a_part_of_the_upright_page_is_found_in_the_image_as_stored() -> None:
    whole_page = Place((1000, 2000), (100.0, 100.0), 0, 0.0)
    assert secretlook.stored((0.1, 0.2, 0.3, 0.25), whole_page) == Box(100, 400, 300, 500)
    turned = Place((1000, 2000), (100.0, 100.0), 90, 0.0)
    assert secretlook.stored((0.0, 0.0, 0.1, 0.1), turned) == Box(0, 1800, 100, 2000)
    cropped = Place((1000, 2000), (100.0, 100.0), 0, 0.0, Box(500, 1000, 1000, 2000))
    assert secretlook.stored((0.0, 0.0, 0.5, 0.5), cropped) == Box(500, 1000, 750, 1500)


def test_other_stamps_beside_it_do_not_hide_it(tmp_path: Path) -> None:
    sheet = Sheet(4)
    for row in range(5):
        for column in range(3):
            sheet.marking(40 + 60 * column, 60 + 40 * row, "Đã thu lệ phí", 3, BARE)
    sheet.marking(60, 30, "MẬT", 3)
    assert stamps_on(saved(sheet, tmp_path)) == [(Level.MAT, How.STAMP)]
