"""Born-digital pages keep their own words; what only looks like text is read by OCR."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer.boxes import Box
from digitizer.bundle import making
from digitizer.bundle.request import BundlePage, BundleRequest, Style
from digitizer.pages import intake, ocr, ownwords, raster, reading, whole
from digitizer.sandbox import stack

LINES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 218/UBND-TP ngày 20 tháng 11 năm 2026",
    "Kính gửi: Bộ phận Một cửa xã Tân Lập",
    "Ủy ban nhân dân xã Tân Lập xác nhận nơi cư trú của bà Nguyễn Thị Hạnh Dung",
)
TEXT = " ".join(" ".join(LINES).split())


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def written_in(font: str, path: Path) -> Path:
    """Write ``LINES`` as a word processor does."""
    program = Path(__file__).with_name("wordprocessor.py")
    subprocess.run(
        [sys.executable, program, path, font, *LINES],
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return path


@pytest.fixture(scope="session")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF as a word processor makes it."""
    path = tmp_path_factory.mktemp("written") / "born.pdf"
    return written_in("Noto Serif", path)


@pytest.fixture
def written(document: Path, tmp_path: Path) -> Path:
    """A copy of that PDF, to change."""
    return shutil.copy(document, tmp_path / "born.pdf")


def taken(path: Path, into: Path) -> Path:
    (file,) = intake.take(path, into)
    return file


def text_of(words: tuple[ownwords.OwnWord, ...] | None) -> str:
    return " ".join(word.text for word in words or ())


def boxes(pdf: Path) -> list[tuple[str, float, float, float, float]]:
    said = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    found = re.findall(
        r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<', said
    )
    return [(text, *(float(side) for side in sides)) for *sides, text in found]


def test_a_written_page_keeps_its_words_to_the_letter(
    written: Path, into: Path, tmp_path: Path
) -> None:
    page = taken(written, into)
    assert text_of(ownwords.of(page)) == TEXT
    found = whole.work(page, tmp_path / "words")
    assert found.words is not None
    assert found.words.confidence == 100.0
    assert " ".join(found.words.said.text.split()) == TEXT


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("style", Style)
def test_words_lie_on_what_is_seen_however_the_page_is_turned(
    written: Path, into: Path, tmp_path: Path, turn: int, style: Style
) -> None:
    page = taken(written, into)
    scan = reading.decode(page)
    words = ocr.recognise(scan, page, turn, 0.0, tmp_path / "words", own=ownwords.of(page))
    out = tmp_path / "out.pdf"
    request = BundlePage(page, turn, 0.0, scan.width, scan.height, 300, 300, words.text_pdf)
    making.make(BundleRequest(out, (request,), "Tờ khai", style=style))
    shown = subprocess.run(
        ["pdftoppm", "-r", "72", "-gray", str(out)], capture_output=True, check=True
    ).stdout
    seen = np.asarray(Image.open(io.BytesIO(shown))) < 170
    found = boxes(out)
    if turn in (0, 180):  # a viewer parts words that run down the page as it likes
        assert sorted(word for word, *_ in found) == sorted(TEXT.split())
    held = [
        seen[int(top) : int(bottom) + 1, int(left) : int(right) + 1].any()
        for _, left, top, right, bottom in found
    ]
    assert all(held)


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize("skew", [0.0, 3.0])
def test_words_beside_the_page_s_box_are_left_out(
    written: Path, into: Path, tmp_path: Path, turn: int, skew: float
) -> None:
    page = taken(written, into)
    scan = reading.decode(page)
    box = Box(200, 270, 2400, 470)  # the first two lines
    words = ocr.recognise(scan, page, turn, skew, tmp_path / "words", box, ownwords.of(page))
    if skew == 0.0:
        assert " ".join(words.said.text.split()) == " ".join(LINES[:2])
    else:
        assert 0 < words.count < len(TEXT.split())
    with pikepdf.open(words.text_pdf) as pdf:
        sides = [float(side) for side in pdf.pages[0].mediabox.as_list()[2:]]
    assert sides == pytest.approx([528, 48] if turn == 0 else [48, 528], abs=0.5)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_it_was_written(
    written: Path, into: Path, rotate: int
) -> None:
    path = written
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Rotate = rotate
        pdf.save()
    page = taken(path, into)
    words = ownwords.of(page)
    assert text_of(words) == TEXT
    with raster.opened(page) as image:
        grey = np.asarray(image.convert("L"))
    for word in words or ():
        down, across = grey.shape
        inside = grey[
            int(word.top * down) : int(word.bottom * down),
            int(word.left * across) : int(word.right * across),
        ]
        assert inside.min() < 100, word


def test_a_page_that_was_written_sideways_is_found_once_it_is_turned(
    written: Path, into: Path, tmp_path: Path
) -> None:
    with pikepdf.open(written, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.contents_add(b"q 0 1 -1 0 842 0 cm", prepend=True)  # a quarter to the left
        page.contents_add(b"Q")
        page.obj.MediaBox = [0, 0, 842, 595]
        pdf.save()
    image = taken(written, into)
    assert text_of(ownwords.of(image)) == TEXT
    scan = reading.decode(image)
    words = ocr.recognise(scan, image, 90, 0.0, tmp_path / "words", own=ownwords.of(image))
    assert " ".join(words.said.text.split()) == TEXT
    out = subprocess.run(
        ["pdftotext", str(words.text_pdf), "-"], capture_output=True, text=True, check=True
    )
    assert " ".join(out.stdout.split()) == TEXT


def test_what_a_form_s_fields_say_belongs_to_the_words(written: Path, into: Path) -> None:
    path = written
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        look = pdf.make_stream(b"/Tx BMC q BT /F1 14 Tf 2 4 Td (Ha Noi 2026) Tj ET Q EMC")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = [0, 0, 200, 20]
        look.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="noi",
                V="Ha Noi 2026",
                F=4,
                Rect=[100, 400, 300, 420],
                AP=pikepdf.Dictionary(N=look),
            )
        )
        pdf.pages[0].Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        pdf.save()
    assert "Ha Noi 2026" in text_of(ownwords.of(taken(path, into)))


def test_frames_and_ticks_of_fields_do_not_make_a_page_one_without_words(
    written: Path, into: Path
) -> None:
    """Before, OCR read the page, and the tick as some sign."""
    with pikepdf.open(written, allow_overwriting_input=True) as pdf:
        look = pdf.make_stream(b"10 w 0 0 150 150 re S 20 w 30 90 m 60 40 l 120 120 l S")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = [0, 0, 150, 150]
        ticked = [
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Widget,
                    FT=pikepdf.Name.Btn,
                    T=f"o{left}",
                    F=4,
                    AS=pikepdf.Name.Yes,
                    Rect=[left, 100, left + 150, 250],
                    AP=pikepdf.Dictionary(N=pikepdf.Dictionary(Yes=look)),
                )
            )
            for left in (50, 220, 390)
        ]
        pdf.pages[0].Annots = pikepdf.Array(ticked)
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(ticked))
        pdf.save()
    assert text_of(ownwords.of(taken(written, into))) == TEXT


def scanned_with(operators: bytes, path: Path, font: pikepdf.Dictionary) -> Path:
    """A scan of a page of text, in two strips, with ``operators`` of text upon it."""
    scan = stack.text_page(3).image
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    strips, drawn = {}, b""
    for number, (top, bottom) in enumerate(((0, 1754), (1754, 3508))):
        made = io.BytesIO()
        scan.crop((0, top, 2480, bottom)).save(made, "JPEG", quality=60)
        strips[f"/I{number}"] = pikepdf.Stream(
            pdf,
            made.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=2480,
            Height=1754,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB,
            Filter=pikepdf.Name.DCTDecode,
        )
        drawn += b"q 595 0 0 421 0 %d cm /I%d Do Q\n" % (421 - 421 * number, number)
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(strips), Font=pikepdf.Dictionary(F1=font)
    )
    page.Contents = pdf.make_stream(drawn + operators)
    pdf.save(path)
    return path


def helvetica(name: str = "/Helvetica") -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name(name),
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )


HIDDEN = b"BT 3 Tr /F1 12 Tf 60 700 Td (old and wrong words of some other program) Tj ET"
STAMPED = b"BT 0 Tr /F1 8 Tf 400 820 Td (Ky boi: Van phong Chinh phu) Tj ET"


@pytest.mark.parametrize("operators", [HIDDEN, STAMPED, HIDDEN + b" " + STAMPED])
def test_a_scan_with_a_hidden_or_a_stamped_text_is_a_scan(
    tmp_path: Path, into: Path, operators: bytes
) -> None:
    page = taken(scanned_with(operators, tmp_path / "scan.pdf", helvetica()), into)
    assert ownwords.of(page) is None


def lettered(path: Path, font: pikepdf.Dictionary, lines: list[bytes]) -> Path:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    shown = b"".join(b"1 0 0 1 60 %d Tm (%s) Tj " % (750 - 20 * n, x) for n, x in enumerate(lines))
    page.Contents = pdf.make_stream(b"BT /F1 13 Tf " + shown + b"ET")
    pdf.save(path)
    return path


TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp - Tù do - H¹nh phóc".encode("latin-1")
VNI = "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM".encode("cp1252")
PLAIN = b"Cong hoa xa hoi chu nghia Viet Nam"


@pytest.mark.parametrize(
    ("font", "line", "kept"),
    [
        ("/Helvetica", PLAIN, True),
        ("/.VnTime", PLAIN, False),
        ("/ABCDEF+.VnTimeH", PLAIN, False),
        ("/VNI-Times", PLAIN, False),
        ("/Helvetica", TCVN3, False),
        ("/Helvetica", VNI, False),
        ("/Helvetica", b"Frqj krd {d krl fkx qjkld Ylhw Qdp", False),
    ],
)
def test_codes_that_stand_for_other_letters_are_not_believed(
    tmp_path: Path, into: Path, font: str, line: bytes, kept: bool
) -> None:
    page = taken(lettered(tmp_path / "odd.pdf", helvetica(font), [line] * 6), into)
    assert (ownwords.of(page) is not None) == kept


def test_letters_without_a_meaning_are_not_believed(tmp_path: Path, into: Path) -> None:
    pdf = lettered(tmp_path / "private.pdf", helvetica(), [PLAIN] * 6)
    with pikepdf.open(pdf, allow_overwriting_input=True) as document:
        cmap = (
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
            b"1 begincodespacerange <00> <FF> endcodespacerange "
            b"1 beginbfrange <20> <7E> <E020> endbfrange endcmap end end"
        )
        document.pages[0].Resources.Font.F1.ToUnicode = document.make_stream(cmap)
        document.save()
    assert ownwords.of(taken(pdf, into)) is None


def packed(value: object) -> bytes:
    return zlib.compress(json.dumps(value).encode())


GOOD = ["Tờ", 0.1, 0.1, 0.2, 0.2, 1, 1]


@pytest.mark.parametrize(
    "body",
    [
        b"no zlib at all",
        packed([]),
        packed({"version": 2, "words": [GOOD]}),
        packed({"version": 1, "words": [["Tờ", 0.1]]}),
        packed({"version": 1, "words": [["", *GOOD[1:]]]}),
        packed({"version": 1, "words": [["a\u0000b", *GOOD[1:]]]}),
        packed({"version": 1, "words": [["Tờ", 0.3, 0.1, 0.2, 0.2, 1, 1]]}),
        packed({"version": 1, "words": [["Tờ", "x", 0.1, 0.2, 0.2, 1, 1]]}),
        packed({"version": 1, "words": [["Tờ", 1e300, 0.1, 0.2, 0.2, 1, 1]]}),
        packed({"version": 1, "words": [["Tờ", 0.1, 0.1, 0.2, 0.2, -1, 1]]}),
        packed({"version": 1, "words": [GOOD] * 30_000}),
        zlib.compress(b" " * 50_000_000),
        zlib.compress(b"[" * 1_000_000),
    ],
)
def test_words_that_make_no_sense_are_none(tmp_path: Path, body: bytes) -> None:
    made = io.BytesIO()
    Image.new("L", (80, 80)).save(made, "JPEG")
    mark = b"digitizer words\0"
    segment = b"\xff\xef" + (2 + len(mark) + len(body[:60_000])).to_bytes(2, "big")
    file = tmp_path / "page.jpg"
    file.write_bytes(b"\xff\xd8" + segment + mark + body[:60_000] + made.getvalue()[2:])
    assert ownwords.of(file) is None


@pytest.mark.parametrize("length", [0, 1])
def test_a_segment_shorter_than_its_own_length_is_none(tmp_path: Path, length: int) -> None:
    file = tmp_path / "page.jpg"
    body = b"digitizer words\0" + packed({"version": 1, "words": [GOOD]})
    file.write_bytes(b"\xff\xd8\xff\xef" + length.to_bytes(2, "big") + body)
    assert ownwords.of(file) is None


def test_many_words_need_several_segments(tmp_path: Path) -> None:
    made = io.BytesIO()
    Image.new("L", (80, 80)).save(made, "JPEG", dpi=(300, 300))
    numbers = np.random.default_rng(3).integers(0, 10**9, 19_000)
    many = [
        ownwords.OwnWord(str(n), 0.1, n / 2e9, 0.2, n / 2e9 + 0.01, 1, 1) for n in numbers.tolist()
    ]
    file = tmp_path / "page.jpg"
    file.write_bytes(ownwords.embedded(made.getvalue(), many))
    assert file.stat().st_size > 3 * 65_000
    found = ownwords.of(file)
    assert [word.text for word in found or ()] == [word.text for word in many]
    with raster.opened(file) as image:
        image.load()
        assert image.info["dpi"] == (300, 300)
