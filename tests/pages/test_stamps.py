"""Coloured seals and signatures, in the raster that OCR sees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from digitizer.pages import clusters, reading, secondlook, stamps, whole
from digitizer.pages.clusters import Patch
from digitizer.pages.wordtable import Box, Word
from digitizer.sandbox import stack
from digitizer.sandbox.stack import StackPage

HOLDER = "Nguyễn Thị Hạnh Dung"


def test_the_name_below_a_seal_is_read(tmp_path: Path) -> None:
    path = stack.save(stack.letter(HOLDER), tmp_path)
    scan = reading.decode(path)
    faded = stamps.faded(scan, path)
    before, after = np.asarray(scan.page), np.asarray(faded.page)
    lighter = (after.astype(int) - before) > 60
    assert lighter.any()
    assert not lighter[: before.shape[0] // 3].any(), "only where the seal is"
    found = whole.work(path, tmp_path / "words")
    assert found.words is not None
    assert "Đoàn Minh Quân" in found.words.said.text


def test_a_page_without_colours_is_left_as_it_is(tmp_path: Path, statement: StackPage) -> None:
    path = tmp_path / "grey.png"
    statement.image.convert("L").save(path, dpi=(300, 300))
    scan = reading.decode(path)
    assert stamps.faded(scan, path) is scan


def test_coloured_print_stays_dark(tmp_path: Path) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    for line in range(6):  # strokes as thin and as far apart as a line of red print
        for stroke in range(40):
            left, top = 150 + 20 * stroke, 200 + 60 * line
            page.paste((190, 20, 30), (left, top, left + 4, top + 20))
    path = tmp_path / "red.jpg"
    page.save(path, quality=95, dpi=(150, 150))
    scan = reading.decode(path)
    assert stamps.faded(scan, path) is scan


def test_clusters_are_boxes_of_what_stands_together() -> None:
    mask = np.zeros((60, 100), dtype=bool)
    mask[10:20, 10:20] = mask[10:20, 26:30] = mask[50:55, 80:90] = True
    found = sorted(clusters.find(mask, 5, 0.5), key=lambda one: one.left)
    assert found == [Patch(10, 10, 20, 10, 6), Patch(80, 50, 10, 5, 2)]


def test_a_second_look_adds_what_was_read_surely_in_its_place() -> None:
    def word(text: str, left: int, top: int, confidence: float = 95.0, line: int = 1) -> Word:
        return Word(text, confidence, Box(left, top, 80, 20), (line, 1, 1))

    page = [word("CHỦ", 100, 100), word("TỊCH", 200, 100), word("cuối", 100, 400, line=2)]
    seen = [
        word("Đoàn", 10, 10),
        word("Quân", 110, 10),
        word("~", 10, 60, line=2),
        word("mờ", 10, 60, 40.0, line=2),
        word("lặp", 10, 190, line=3),
    ]
    joined = secondlook.joined(page, seen, Box(90, 200, 300, 250))
    assert [one.text for one in joined] == ["CHỦ", "TỊCH", "Đoàn", "Quân", "cuối"]
    assert joined[2].box == Box(100, 210, 80, 20)
    assert joined[2].line[0] not in (1, 2)
