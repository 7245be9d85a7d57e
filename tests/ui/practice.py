"""A training whose papers are drawn fast, for the window's and the command line's tests."""

from __future__ import annotations

from pathlib import Path

from digitizer.training.paper import drawn
from digitizer.training.place import Place, beside
from digitizer.training.stacks import Side
from tests.ui.stage import draw_page


def with_paper(home: Path) -> Place:
    """Make the training home that belongs to ``home``, with simple papers already drawn."""
    place = beside(home)
    place.make()
    folder = drawn(place)
    folder.mkdir()
    for side in Side:
        lines = () if side is Side.BLANK else (side.value.replace("-", " ").upper(), "xã Tân Lập")
        draw_page(folder / f"{side.value}.jpg", lines)
    return place
