"""The text layer: mended words, each on its box."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from digitizer.pages import tesseract, textpdf, wordtable

DPI = 150.0
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')


@pytest.fixture
def read(tmp_path: Path) -> Path:
    """A page of two lines, as Tesseract wrote it."""
    page = Image.new("L", (1240, 600), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", 34)
    draw.text((120, 100), "Ủy ban nhân dân thành phố", font=font, fill=0)
    draw.text((120, 180), "Số: 12/QĐ-UBND", font=font, fill=0)
    page.save(tmp_path / "page.pgm")
    tesseract.words(tmp_path / "page.pgm", tmp_path / "page", DPI, 60.0)
    return tmp_path / "page"


def test_words_lie_on_their_boxes_and_are_those_given(read: Path) -> None:
    words = wordtable.read(read.with_suffix(".tsv"))
    assert [word.text for word in words][:3] == ["Ủy", "ban", "nhân"]
    given = [replace(words[0], text="Ỷ"), *words[1:]]
    textpdf.rewrite(read.with_suffix(".pdf"), given, DPI)
    html = subprocess.run(
        ["pdftotext", "-bbox", read.with_suffix(".pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = _WORD.findall(html)
    assert [text for *_, text in found] == [word.text for word in given]
    for (left, top, right, bottom, _), word in zip(found, given, strict=True):
        box = word.box
        assert float(left) == pytest.approx(box.left * 72 / DPI, abs=1)
        assert float(right) == pytest.approx((box.left + box.width) * 72 / DPI, abs=6)
        middle = (float(top) + float(bottom)) / 2
        assert middle == pytest.approx((box.top + box.height / 2) * 72 / DPI, abs=5)
    plain = subprocess.run(
        ["pdftotext", read.with_suffix(".pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Ỷ ban nhân dân thành phố\n" in plain


def test_a_table_is_written_as_it_is_read(read: Path) -> None:
    words = wordtable.read(read.with_suffix(".tsv"))
    wordtable.write(words, (1240, 600), read.with_suffix(".tsv"))
    assert wordtable.read(read.with_suffix(".tsv")) == words
    rows = read.with_suffix(".tsv").read_text("utf-8").splitlines()
    assert rows[1].split("\t")[:1] + rows[1].split("\t")[8:10] == ["1", "1240", "600"]
