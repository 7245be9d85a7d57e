"""The bench asks for other programs only where it measures against them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import table
from tests.bench.__main__ import FIGURES, QUICK, RIVALS, rivals_of
from tests.bench.table import Figure

_EMPTY = "# Figures\n\n## The page engine\n\n\n## Measured once\n\nbelow\n"


def test_only_races_need_a_rival() -> None:
    assert rivals_of(["speed", "duplex"]) == ("ocrmypdf",)
    assert rivals_of([name for name in FIGURES if name not in RIVALS]) == ()
    assert RIVALS.keys() <= FIGURES.keys() == QUICK.keys()


def test_who_took_part_is_said_without_looking_for_others() -> None:
    assert "Tesseract" in table.versions()
    assert "OCRmyPDF" not in table.versions()


def test_what_one_task_measured_leaves_the_tables_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table.DOCUMENT.parent.mkdir()
    table.DOCUMENT.write_text(_EMPTY, "utf-8")
    table.write([Figure("bench", "1")], "these programs")
    table.write_engine("skew", [Figure("old skew", "1")])
    table.write_engine("codes", [Figure("codes", "1")])
    table.write_engine("skew", [Figure("new skew", "2")])
    said = table.DOCUMENT.read_text("utf-8")
    assert [line for line in said.splitlines() if line.startswith("#")] == [
        "# Figures",
        "## The page engine",
        "### codes",
        "### skew",
        "## Measured once",
    ]
    assert "old skew" not in said
    assert all(words in said for words in ("new skew", "codes", "bench", "below"))
