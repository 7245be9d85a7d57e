"""PURE: does this dossier count as digitized, in the words of the counter's bar.

Used by the bar. The rule itself is the core's (``digitizer.digitized``).
"""

from __future__ import annotations

from msgspec import Struct

from digitizer.digitized import Digitized, Reached
from digitizer.model import OTHER_PART, Dossier
from ui import wording
from ui.language import say
from ui.wording import Mark

RULE = (
    "Hồ sơ được tính số hóa khi đã tiếp nhận, đã gửi ít nhất một giấy tờ và, nếu kết quả là bản "
    "giấy, đã gửi kết quả."
)
"""What it takes to count."""

_COUNTS, _LACKS = "Được tính số hóa", "Số hóa: {0}"
_PAPERS = {Reached.NOTHING: "chưa có giấy tờ", Reached.HERE: "giấy tờ chưa gửi"}
_UNFILED = "giấy tờ chưa xếp"
_REST: dict[Reached | None, str] = {
    Reached.NOTHING: "còn thiếu kết quả",
    Reached.HERE: "kết quả chưa gửi",
    None: "hệ thống chưa tiếp nhận",
}


class Light(Struct, frozen=True):
    """What the bar says: a shape and a sentence, and below it what is missing besides."""

    mark: Mark
    text: str
    besides: str = ""


def light(dossier: Dossier, reached: Digitized) -> Light:
    """Say whether a dossier counts, or the first thing that is missing for it."""
    missing = wording.missing(dossier)
    if reached.counts:
        return Light(Mark.SENT, say(_COUNTS), missing)
    begun = reached.component is not Reached.NOTHING
    mark = Mark.WORKING if begun else Mark.EMPTY
    if missing == say("Đủ giấy tờ, chưa có kết quả"):
        missing = say("Đủ giấy tờ")  # that the result is missing stands in the light
    lack = _lack(reached)
    if not begun and any(paper.live_pages for paper in dossier.papers if paper.part == OTHER_PART):
        lack = say(_UNFILED)
    return Light(mark, say(_LACKS, lack), missing)


def every() -> tuple[str, ...]:
    """Return all that a light may say."""
    lacks = (*_PAPERS.values(), _UNFILED, *_REST.values())
    return (say(_COUNTS), *(say(_LACKS, say(one)) for one in lacks))


def _lack(reached: Digitized) -> str:
    rest = _REST.get(reached.result, _REST[None])
    return say(_PAPERS.get(reached.component, rest))
