"""OCR: words, their text and where they are."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from digitizer import programs
from digitizer.errors import ToolMissing
from digitizer.pages import ocrraster, reading, whole
from digitizer.pages.ocr import Words
from digitizer.sandbox import stack
from digitizer.sandbox.stack import StackPage
from tests.bench import accuracy


def recall(truth: str, found: str) -> float:
    wanted = unicodedata.normalize("NFC", truth).split()
    got = set(found.split())
    return sum(word in got for word in wanted) / len(wanted)


@pytest.mark.parametrize("name", ["receipt", "form", "statement"])
def test_what_is_written_is_read(tmp_path: Path, request: pytest.FixtureRequest, name: str) -> None:
    page: StackPage = request.getfixturevalue(name)
    path = stack.save(page, tmp_path)
    found = whole.work(path, tmp_path / "words")
    assert found.words is not None
    assert found.words.confidence > 80
    assert accuracy.error_rate([page.text], [found.words.said.text]) < 0.06
    assert recall(page.text, found.words.said.text) > 0.93
    assert unicodedata.is_normalized("NFC", found.words.said.text)


def test_a_turned_and_small_copy_is_read_upright(tmp_path: Path, statement: StackPage) -> None:
    turned = statement.image.resize((1654, 2339)).rotate(90, expand=True)
    path = tmp_path / "turned.png"
    turned.save(path, dpi=(200, 200))
    found = whole.work(path, tmp_path / "words")
    assert found.reading.turn == 90
    assert found.words is not None
    assert recall(statement.text, found.words.said.text) > 0.93


def test_the_text_page_is_as_large_as_the_upright_page(tmp_path: Path, form: StackPage) -> None:
    path = stack.save(form, tmp_path)
    answer = programs.run_module(
        "digitizer.pages.ocr", str(path), "0", "0.0", str(tmp_path / "words"), timeout=120
    )
    words = Words.from_json(answer)
    said = subprocess.run(
        ["pdfinfo", str(words.text_pdf)], capture_output=True, text=True, check=True
    ).stdout
    size = next(line for line in said.splitlines() if line.startswith("Page size"))
    across, down = float(size.split()[2]), float(size.split()[4])
    assert across == pytest.approx(2480 / 300 * 72, abs=0.6)
    assert down == pytest.approx(3508 / 300 * 72, abs=0.6)
    assert words.count > 80
    assert not list(tmp_path.glob("*.pgm"))


def test_blank_pages_are_not_read(tmp_path: Path, back: StackPage) -> None:
    found = whole.work(stack.save(back, tmp_path), tmp_path / "words")
    assert found.words is None
    assert found.failed == ""
    assert not (tmp_path / "words.pdf").exists()


def test_small_type_gets_a_finer_raster(tmp_path: Path, statement: StackPage) -> None:
    half = Image.new("RGB", statement.image.size, (250, 250, 250))
    half.paste(statement.image.resize((1240, 1754), Image.Resampling.LANCZOS), (600, 600))
    path = tmp_path / "small.jpg"
    half.save(path, dpi=(300, 300))
    scan = reading.decode(path)
    found = reading.measure(scan)
    assert ocrraster.of(scan, found.turn, found.skew).dpi > 180
    large = reading.decode(stack.save(statement, tmp_path))
    assert ocrraster.of(large, 0, -statement.askew).dpi < 160


def test_a_machine_without_tesseract_says_so(
    tmp_path: Path, scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="tesseract"):
        programs.run_module(
            "digitizer.pages.ocr", str(scanned), "0", "0", str(tmp_path / "w"), timeout=60
        )


def test_a_machine_without_vietnamese_says_so(
    tmp_path: Path, scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(ToolMissing, match="vie"):
        programs.run_module(
            "digitizer.pages.ocr", str(scanned), "0", "0", str(tmp_path / "w"), timeout=60
        )
