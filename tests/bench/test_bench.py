"""The bench asks for other programs only where it measures against them."""

from __future__ import annotations

from tests.bench import table
from tests.bench.__main__ import FIGURES, QUICK, RIVALS, rivals_of


def test_only_races_need_a_rival() -> None:
    assert rivals_of(["speed", "duplex"]) == ("ocrmypdf",)
    assert rivals_of([name for name in FIGURES if name not in RIVALS]) == ()
    assert RIVALS.keys() <= FIGURES.keys() == QUICK.keys()


def test_who_took_part_is_said_without_looking_for_others() -> None:
    assert "Tesseract" in table.versions()
    assert "OCRmyPDF" not in table.versions()
