"""The text layer: words, each on its box."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from digitizer.pages import glyphless
from digitizer.pages.glyphless import Placed

DPI = 150.0
LINES = (
    (
        Placed("Ỷ", 120, 100, 30, 34),
        Placed("ban", 165, 108, 60, 26),
        Placed("nhân", 240, 104, 80, 30),
    ),
    (Placed("Số:", 120, 180, 55, 34), Placed("12/QĐ-UBND", 190, 182, 230, 32)),
)
_WORD = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')


def said(pdf: Path, *how: str) -> str:
    return subprocess.run(
        ["pdftotext", *how, pdf, "-"], capture_output=True, text=True, check=True
    ).stdout


def test_words_lie_on_their_boxes_and_are_those_given(tmp_path: Path) -> None:
    pdf = tmp_path / "page.pdf"
    glyphless.write(pdf, LINES, (1240, 600), DPI)
    found = _WORD.findall(said(pdf, "-bbox"))
    given = [word for line in LINES for word in line]
    assert [text for *_, text in found] == [word.text for word in given]
    for (left, top, right, bottom, _), word in zip(found, given, strict=True):
        assert float(left) == pytest.approx(word.left * 72 / DPI, abs=1)
        assert float(right) == pytest.approx((word.left + word.width) * 72 / DPI, abs=6)
        middle = (float(top) + float(bottom)) / 2
        assert middle == pytest.approx((word.top + word.height / 2) * 72 / DPI, abs=5)
    assert said(pdf).split("\n\n")[:2] == ["Ỷ ban nhân", "Số: 12/QĐ-UBND"]


def test_a_page_without_words_has_a_text_layer_without_any(tmp_path: Path) -> None:
    pdf = tmp_path / "page.pdf"
    glyphless.write(pdf, (), (1240, 600), DPI)
    assert said(pdf).strip() == ""
