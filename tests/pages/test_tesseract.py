"""Tesseract's library and its program read alike, and either says what is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from digitizer.errors import ProgramTimeout
from digitizer.pages import ocrraster, reading, tesseract, tesslibrary, wordtable
from digitizer.pages.ocrraster import Raster
from digitizer.sandbox import stack
from digitizer.sandbox.stack import StackPage

LIMIT = 120.0


def raster(page: StackPage, folder: Path) -> Raster:
    scan = reading.decode(stack.save(page, folder))
    found = reading.measure(scan)
    return ocrraster.of(scan, found.turn, found.skew, found.own_box)


@pytest.mark.parametrize("name", ["receipt", "form", "statement"])
@pytest.mark.parametrize("segmentation", [3, 6])
def test_library_and_program_read_alike(
    tmp_path: Path, request: pytest.FixtureRequest, name: str, segmentation: int
) -> None:
    page = raster(request.getfixturevalue(name), tmp_path)
    library = tesslibrary.opened("vie")
    assert library is not None
    found = library.read(page.image, page.dpi, segmentation, LIMIT, invert_threshold="0")
    assert len(found) > 50
    assert found == tesseract.words_of_program(page.image, page.dpi, segmentation, LIMIT)


def test_nothing_is_left_of_the_page_before(tmp_path: Path, statement: StackPage) -> None:
    page = raster(statement, tmp_path)
    first = tesseract.words(page.image, page.dpi, LIMIT)
    empty = Image.new("L", (600, 400), 255)
    assert tesseract.words(empty, 150, LIMIT) == []
    assert tesseract.block(empty.crop((0, 0, 40, 20)), 150, LIMIT) == []
    assert tesseract.words(page.image, page.dpi, LIMIT) == first


def test_a_page_that_takes_too_long_is_given_up_alone(tmp_path: Path, statement: StackPage) -> None:
    page = raster(statement, tmp_path)
    with pytest.raises(ProgramTimeout):
        tesseract.words(page.image, page.dpi, 0.01)
    assert tesseract.words(page.image, page.dpi, LIMIT)


def test_a_machine_with_another_program_than_its_library_asks_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "tesseract"
    other.write_text("#!/bin/sh\necho tesseract 4.0.0\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    asked = "from digitizer.pages import tesslibrary; print(tesslibrary.opened('vie'))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "None\n"


def test_a_table_is_written_as_it_is_read(tmp_path: Path, statement: StackPage) -> None:
    page = raster(statement, tmp_path)
    words = tesseract.words(page.image, page.dpi, LIMIT)
    table = tmp_path / "page.tsv"
    wordtable.write(words, page.image.size, table)
    assert wordtable.read(table) == words
    across, down = page.image.size
    row = table.read_text("utf-8").splitlines()[1].split("\t")
    assert [row[0], *row[8:10]] == ["1", str(across), str(down)]
