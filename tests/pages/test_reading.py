"""Reading a page: size, blank, turn, skew, codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from digitizer import programs
from digitizer.errors import FileEmpty, FileMissing, FileUnreadable, ImageTooLarge
from digitizer.model import Code, Reading
from digitizer.pages import reading
from digitizer.sandbox.stack import StackPage
from tests.pages.conftest import CODE

A4_150 = (1240, 1754)


def save(image: Image.Image, folder: Path, dpi: int = 150, name: str = "page.png") -> Path:
    path = folder / name
    image.save(path, dpi=(dpi, dpi))
    return path


def at_150(page: StackPage) -> Image.Image:
    return page.image.resize(A4_150, Image.Resampling.BOX)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_says_how_to_turn_it_back(
    tmp_path: Path, statement: StackPage, turn: int
) -> None:
    # The page was turned counter-clockwise by `turn`, so it wants as much clockwise.
    path = save(at_150(statement).rotate(turn, expand=True), tmp_path)
    found = reading.read(path)
    assert found.turn == turn
    assert found.skew == pytest.approx(-statement.askew, abs=0.1)
    assert not found.blank


@pytest.mark.parametrize("askew", [-14.0, -6.3, -0.4, 0.0, 0.25, 3.7, 14.5])
def test_skew_is_known_to_a_tenth_of_a_degree(
    tmp_path: Path, form: StackPage, askew: float
) -> None:
    leaning = at_150(form).rotate(
        -askew, Image.Resampling.BICUBIC, expand=True, fillcolor=(250, 250, 250)
    )
    found = reading.read(save(leaning, tmp_path))
    assert found.turn == 0
    assert found.skew == pytest.approx(-askew, abs=0.1)


def test_size_and_codes_of_a_receipt(scanned: Path) -> None:
    found = reading.read(scanned)
    assert (found.width, found.height) == (2480, 3508)
    assert (found.dpi_x, found.dpi_y) == (300.0, 300.0)
    assert set(found.codes) == {Code("QRCode", CODE), Code("Code128", CODE)}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("kind", ["QRCode", "Code128", "Code39", "PDF417", "DataMatrix"])
def test_every_kind_of_code_at_every_turn(tmp_path: Path, kind: str, turn: int) -> None:
    text = "H21.10.20-240508-0001"
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    printed = Image.fromarray(np.array(made.to_image(2 if kind == "Code39" else 4)))
    page = Image.new("L", (1200, 1200), 246)
    page.paste(printed, (80, 90))
    found = reading.read(save(page.rotate(turn), tmp_path))
    assert found.codes == (Code(kind, text),)


def test_a_spoilt_code_hides_no_other(tmp_path: Path) -> None:
    page = Image.new("L", (1600, 1600), 250)
    for index, text in enumerate(("one", "spoilt", "three")):
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        page.paste(Image.fromarray(np.array(made.to_image(10))), (500 * index + 20, 100))
    ImageDraw.Draw(page).rectangle((600, 180, 800, 300), fill=0)
    assert [code.text for code in reading.read(save(page, tmp_path)).codes] == ["one", "three"]


def paper(colour: int = 246, seed: int = 1) -> Image.Image:
    grain = np.random.default_rng(seed).normal(colour, 2.5, A4_150[::-1])
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def dusted(page: Image.Image) -> Image.Image:
    draw = ImageDraw.Draw(page)
    places = np.random.default_rng(3).integers(40, 1200, (60, 2))
    for x, y in places:
        draw.ellipse((x, y, x + 3, y + 3), fill=60)
    return page


def speckled() -> Image.Image:
    return dusted(paper())


def bordered() -> Image.Image:
    page = paper()
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 12, 1754), fill=20)
    draw.rectangle((0, 1740, 1240, 1754), fill=40)
    return page


def punched() -> Image.Image:
    page = paper()
    for y in (640, 1112):
        ImageDraw.Draw(page).ellipse((50, y, 84, y + 34), fill=15)
    return page


def streaked() -> Image.Image:
    page = paper()
    ImageDraw.Draw(page).line((700, 0, 700, 1754), fill=110, width=2)
    return page


def broken_streak() -> Image.Image:
    page, y = paper(), 0
    lengths = np.random.default_rng(5).integers(6, 120, 60)
    for long in lengths:  # some are no longer than a digit
        ImageDraw.Draw(page).line((700, y, 700, y + int(long)), fill=110, width=2)
        y += int(long) + 8
    return page


def showing_through(front: Image.Image) -> Image.Image:
    mirrored = front.convert("L").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    faint = mirrored.filter(ImageFilter.GaussianBlur(3)).point(lambda level: 215 + level // 8)
    return Image.blend(faint, paper(), 0.4)


@pytest.mark.parametrize(
    "page",
    [
        paper(),
        paper(190),
        paper(251),
        speckled(),
        bordered(),
        punched(),
        streaked(),
        broken_streak(),
    ],
    ids=["white", "coloured", "bright", "specks", "borders", "holes", "streak", "pieces"],
)
def test_what_nobody_wrote_on_is_blank(tmp_path: Path, page: Image.Image) -> None:
    assert reading.read(save(page, tmp_path)).blank


def test_ink_shining_through_is_no_content(tmp_path: Path, form: StackPage) -> None:
    assert reading.read(save(showing_through(at_150(form)), tmp_path)).blank


def test_nor_is_dust_on_it(tmp_path: Path, form: StackPage) -> None:
    assert reading.read(save(dusted(showing_through(at_150(form))), tmp_path)).blank


def test_a_page_number_on_it_is(tmp_path: Path, form: StackPage) -> None:
    page = numbered(showing_through(at_150(form)))
    assert not reading.read(save(page, tmp_path)).blank


def test_the_back_of_the_letter_is_blank(tmp_path: Path, back: StackPage) -> None:
    found = reading.read(save(back.image, tmp_path, 300, "back.jpg"))
    assert found.blank
    assert found.ink < 0.001
    assert found.turn == 0


def numbered(page: Image.Image) -> Image.Image:
    font = ImageFont.load_default(25)  # 12 points at 150 dpi
    ImageDraw.Draw(page).text((610, 1660), "7", font=font, fill=40)
    return page


def stamped() -> Image.Image:
    page = paper().convert("RGB")
    ImageDraw.Draw(page).ellipse((700, 900, 910, 1110), outline=(205, 60, 70), width=5)
    return page


def pencilled() -> Image.Image:
    page = paper()
    font = ImageFont.load_default(30)
    ImageDraw.Draw(page).text((200, 300), "da nhan du 3 trang", font=font, fill=150)
    return page


def palely_stamped() -> Image.Image:
    """A seal whose pad was nearly dry: a tenth darker than the paper, in thin lines."""
    page = paper(250).convert("RGB")
    draw = ImageDraw.Draw(page)
    draw.ellipse((700, 900, 806, 1006), outline=(244, 215, 214), width=3)
    draw.ellipse((720, 920, 786, 986), outline=(244, 215, 214), width=2)
    draw.text((725, 935), "UBND", font_size=22, fill=(244, 215, 214))
    return page.filter(ImageFilter.GaussianBlur(0.4))


def faintly_pencilled() -> Image.Image:
    page = paper(250)
    ImageDraw.Draw(page).text((200, 300), "da nhan du 3 trang", font_size=40, fill=226)
    return page.filter(ImageFilter.GaussianBlur(0.4))


def dotted(page: Image.Image, length: int = 600) -> Image.Image:
    """One line of a form, to be written on: a dot every two millimetres."""
    draw = ImageDraw.Draw(page)
    for x in range(200, 200 + length, 12):
        draw.ellipse((x, 700 + x // 100, x + 3, 703 + x // 100), fill=60)
    return page


@pytest.mark.parametrize(
    "page",
    [numbered(paper()), stamped(), pencilled(), palely_stamped(), faintly_pencilled(),
     dotted(paper()), dotted(speckled()).transpose(Image.Transpose.ROTATE_90)],
    ids=["page number", "stamp", "pencil", "pale stamp", "faint pencil", "dotted line",
         "a line on its side, in dust"],
)  # fmt: skip
def test_little_content_is_not_blank(tmp_path: Path, page: Image.Image) -> None:
    assert not reading.read(save(page, tmp_path)).blank


@pytest.mark.parametrize(
    ("size", "stated", "expected"),
    [
        ((2480, 3508), None, 300),
        ((1654, 2339), None, 200),
        ((1748, 2480), None, 300),
        ((2550, 3300), None, 300),
        ((1011, 638), None, 300),
        ((2480, 3508), 72, 300),
        ((2480, 3508), 1, 300),
        ((595, 842), 72, 72),
        ((1654, 2339), 200, 200),
        ((3024, 4032), None, 345),
    ],
)
def test_resolution_is_believed_or_guessed(
    tmp_path: Path, size: tuple[int, int], stated: int | None, expected: float
) -> None:
    path = tmp_path / "page.jpg"
    page = Image.new("L", size, 250)
    page.save(path, **({"dpi": (stated, stated)} if stated else {}))
    found = reading.read(path)
    assert found.dpi_x == pytest.approx(expected, rel=0.01)
    assert found.dpi_y == pytest.approx(expected, rel=0.01)


def test_exif_turn_is_believed_where_nothing_else_tells(tmp_path: Path) -> None:
    page = paper().convert("RGB")
    ImageDraw.Draw(page).ellipse((400, 600, 800, 1000), outline=(200, 30, 40), width=9)
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "photo.jpg"
    page.save(path, exif=exif)
    assert reading.read(path).turn == 90


def test_exif_turn_does_not_overrule_the_text(tmp_path: Path, form: StackPage) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    path = tmp_path / "photo.jpg"
    at_150(form).save(path, exif=exif, dpi=(150, 150))
    assert reading.read(path).turn == 0


def test_bad_files_are_told_apart(tmp_path: Path, scanned: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("not an image")
    data = scanned.read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: len(data) * 2 // 3])
    for name, kind in (
        ("missing.jpg", FileMissing),
        ("empty.jpg", FileEmpty),
        ("text.jpg", FileUnreadable),
        ("cut.jpg", FileUnreadable),
    ):
        with pytest.raises(kind):
            reading.read(tmp_path / name)


def test_a_giant_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "giant.png"
    Image.new("1", (30_000, 30_000)).save(path)
    with pytest.raises(ImageTooLarge):
        programs.run_module("digitizer.pages.reading", str(path), timeout=20)


def test_the_program_answers_what_the_function_says(scanned: Path) -> None:
    answer = programs.run_module("digitizer.pages.reading", str(scanned), timeout=60)
    assert Reading.from_json(answer) == reading.read(scanned)


@pytest.mark.parametrize("level", [0, 40])
def test_a_dark_side_is_a_fault_to_be_seen_and_not_blank(tmp_path: Path, level: int) -> None:
    found = reading.read(save(Image.new("RGB", A4_150, (level, level, level)), tmp_path))
    assert not found.blank
    assert reading.read(save(Image.new("RGB", A4_150, (60, 90, 160)), tmp_path)).blank, "a cover"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_same_words_below_each_other_make_no_page_lie_down(tmp_path: Path, turn: int) -> None:
    page = Image.new("L", A4_150, 255)
    draw = ImageDraw.Draw(page)
    for line in range(20):
        draw.text((150, 200 + 60 * line), "Cong hoa xa hoi chu nghia Viet Nam", font_size=40)
    askew = page.rotate(-3, fillcolor=255).rotate(turn, expand=True)
    found = reading.read(save(askew, tmp_path))
    assert (found.turn, found.skew) == (turn, pytest.approx(-3, abs=0.1))
