"""How pages lie that have little to tell it by: a signature, a stroke, a pale note, mere noise."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitizer.errors import ProgramTimeout
from digitizer.pages import pose, reading, whole

A4_150 = (1240, 1754)


def saved(page: Image.Image, folder: Path) -> Path:
    path = folder / "page.png"
    page.save(path, dpi=(150, 150))
    return path


def paper() -> Image.Image:
    grain = np.random.default_rng(2).normal(248, 1.5, A4_150[::-1])
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def signed() -> Image.Image:
    page = paper()
    steps = np.linspace(0, 1, 90)
    places = [(640 + 250 * s, 1400 - 40 * s + 55 * math.sin(44 * s) * (1 - s)) for s in steps]
    ImageDraw.Draw(page).line(places, fill=70, width=5)
    return page


def struck_through() -> Image.Image:
    page = paper()
    ImageDraw.Draw(page).line((150, 700, 1050, 550), fill=70, width=5)
    return page


@pytest.mark.parametrize("page", [signed(), struck_through()], ids=["signature", "stroke"])
def test_nothing_is_levelled_by_a_stroke_of_a_pen(tmp_path: Path, page: Image.Image) -> None:
    assert reading.read(saved(page, tmp_path)).skew == 0


def test_crossing_rules_tell_how_a_page_leans(tmp_path: Path) -> None:
    page = Image.new("L", A4_150, 250)
    draw = ImageDraw.Draw(page)
    for place in range(200, 1100, 100):
        draw.line((place, 200, place, 1500), fill=40, width=3)
        draw.line((200, place, 1000, place), fill=40, width=3)
    askew = page.rotate(-3.2, Image.Resampling.BICUBIC, fillcolor=250)
    assert reading.read(saved(askew, tmp_path)).skew == pytest.approx(-3.2, abs=0.1)


@pytest.mark.parametrize("turn", [0, 90])
def test_a_pale_note_is_read_whichever_way_it_lies(tmp_path: Path, turn: int) -> None:
    page = paper()
    text = "Da nhan du ho so cua nguoi dan"
    ImageDraw.Draw(page).text((200, 600), text, font_size=44, fill=220)
    found = whole.work(saved(page.rotate(turn, expand=True), tmp_path), tmp_path / "words")
    assert found.reading.turn == turn
    assert found.words is not None
    assert "cua" in found.words.said.text


def test_a_page_without_words_whose_time_ran_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pose, "_OSD_SECONDS", 0.01)
    noise = np.random.default_rng(3).integers(0, 256, (500, 400)).astype(np.uint8)
    found = whole.work(saved(Image.fromarray(noise), tmp_path), tmp_path / "words")
    assert found.words is None
    assert found.failed == ProgramTimeout.code
