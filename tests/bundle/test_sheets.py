"""Separator sheets: valid to print, alike on both faces, and read back any way round."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from pikepdf import pdfa
from PIL import Image, ImageDraw

from digitizer import programs, separators
from digitizer.bundle import sheets
from digitizer.bundle.sheets import Sheet
from digitizer.pages import codes, headings, ink, whole
from digitizer.separators import NEXT_PAPER, Parts, Separator, payload

DOSSIER = Separator(Parts.DOSSIER, "000.00.20.H02-261122-0001")
PAPER = Separator(
    Parts.PAPER,
    procedure="1.004873",
    part="TP01",
    title="Tờ khai cấp Giấy xác nhận tình trạng hôn nhân của người yêu cầu",
)


def sheet(says: Separator) -> Sheet:
    name = says.code or says.title or "GIẤY TỜ TIẾP THEO"
    foot = "In hai mặt, khổ A4. Đặt tờ này lên trước các trang cần tách."
    return Sheet(separators.HEADLINES[says.parts], "Từ đây là", name, "", payload(says), foot)


def read(page: Image.Image) -> list[str]:
    grey = page.convert("L")
    levels = ink.contrast(grey.resize((grey.width // 2, grey.height // 2)))
    return [code.text for code in codes.find(grey, levels)]


def test_a_printed_sheet_is_valid_and_reads_the_same_on_both_faces(tmp_path: Path) -> None:
    out, asked = tmp_path / "out.pdf", tmp_path / "request.json"
    wanted = [sheet(DOSSIER), sheet(PAPER), sheet(NEXT_PAPER)]
    asked.write_text(json.dumps(sheets.request(wanted, out, "Tờ phân cách")), encoding="utf-8")
    answer = programs.run_module("digitizer.bundle.sheets", str(asked), timeout=60)
    assert (answer["pages"], answer["pdfa"]) == (6, True)
    assert pdfa.validate_written(out, "2b").passed
    with pypdfium2.PdfDocument(out) as pdf:
        assert [round(side) for side in pdf[0].get_size()] == [595, 842]
        faces = [page.render(scale=200 / 72).to_pil() for page in pdf]
    for number, says in enumerate((DOSSIER, PAPER, NEXT_PAPER)):
        front, back = faces[2 * number : 2 * number + 2]
        assert np.array_equal(np.asarray(front), np.asarray(back))
        assert [separators.parsed(text) for text in read(front)] == [says]


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("says", [DOSSIER, PAPER])
def test_it_is_read_any_way_round_and_torn_in_half(turn: int, says: Separator) -> None:
    page = sheets.drawn(sheet(says)).convert("L").resize((1240, 1754))
    half = page.copy()
    half.paste(255, (0, 0, 1240, 1000))
    for one in (page, half):
        assert read(one.rotate(turn, expand=True)) == [payload(says)]


def test_its_print_tells_what_its_codes_held(tmp_path: Path) -> None:
    page = sheets.drawn(sheet(DOSSIER)).convert("L")
    draw = ImageDraw.Draw(page)
    draw.rectangle((700, 1385, 1800, 2500), fill=255)
    draw.rectangle((1700, 2800, 2480, 3508), fill=255)
    file = tmp_path / "page.png"
    page.resize((1654, 2339)).save(file, dpi=(200, 200))
    found = whole.work(file, tmp_path / "words")
    assert found.reading.codes == ()
    lines = headings.of_table(tmp_path / "words.tsv")
    assert separators.of_print(lines) == DOSSIER
    assert separators.of_print([line for line in lines if "SHHS" not in line]) == (
        separators.NEXT_DOSSIER
    )


def test_a_name_of_any_length_stays_on_the_sheet() -> None:
    says = Separator(Parts.PAPER, part="TP01", title="Giấy tờ rất dài " * 30)
    ink_there = 255 - np.asarray(sheets.drawn(sheet(says)).convert("L"))
    rows, columns = np.nonzero(ink_there)
    assert columns.min() > 100
    assert columns.max() < 2380
    assert rows.max() < 3400
    assert read(sheets.drawn(sheet(says)).convert("L").resize((1240, 1754))) == [payload(says)]
