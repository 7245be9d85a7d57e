"""PURE: does this dossier count as digitized, in the words of the counter's bar.

Used by the bar. The rule itself is the core's (``digitizer.digitized``).
"""

from __future__ import annotations

from dataclasses import dataclass

from digitizer.digitized import Digitized, Reached
from digitizer.model import Dossier
from ui import wording
from ui.language import say
from ui.wording import Mark

RULE = (
    "Hồ sơ được tính số hóa khi đã tiếp nhận, đã gửi ít nhất một giấy tờ và, nếu kết quả là bản "
    "giấy, đã gửi kết quả."
)
"""What it takes to count."""


@dataclass(frozen=True, slots=True)
class Light:
    """What the bar says: a shape and a sentence, and below it what is missing besides."""

    mark: Mark
    text: str
    besides: str = ""


def light(dossier: Dossier, reached: Digitized) -> Light:
    """Say whether a dossier counts, or the first thing that is missing for it."""
    missing = wording.missing(dossier)
    if reached.counts:
        return Light(Mark.SENT, say("Được tính số hóa"), missing)
    begun = reached.component is not Reached.NOTHING
    mark = Mark.WORKING if begun else Mark.EMPTY
    if missing == say("Đủ giấy tờ, chưa có kết quả"):
        missing = say("Đủ giấy tờ")  # that the result is missing stands in the light
    return Light(mark, say("Số hóa: {0}", _lack(reached)), missing)


def _lack(reached: Digitized) -> str:
    if reached.component is Reached.NOTHING:
        return say("chưa có giấy tờ")
    if reached.component is Reached.HERE:
        return say("giấy tờ chưa gửi")
    if reached.result is Reached.NOTHING:
        return say("còn thiếu kết quả")
    if reached.result is Reached.HERE:
        return say("kết quả chưa gửi")
    return say("hệ thống chưa tiếp nhận")
