"""PURE: papers that are reused, in the words of the counter's bar."""

from __future__ import annotations

from digitizer.model import Paper
from digitizer.reusing import Source
from ui import wording
from ui.language import say

ASKS_CODE = "Mã kết quả, ví dụ KQ.G07.000122 · Enter · Esc"
BAD_CODE = "Mã kết quả viết liền, ví dụ KQ.G07.000122 · Esc"


def asks(paper: Paper, sources: tuple[Source, ...]) -> str:
    """Say which keys take which papers of the same person."""
    ways = [say("K: mã kết quả cũ")]
    ways += [say("0: không dùng lại nữa")] if paper.way.reuse is not None else []
    ways += [f"{number}: {_source(one)}" for number, one in enumerate(sources, start=1)]
    return say("Dùng lại · {0}", " · ".join([*ways, "Esc"]))


def _source(one: Source) -> str:
    return f"{one.title} {wording.day(one.at)}"
