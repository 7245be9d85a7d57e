"""PURE: does this dossier count as digitized, in the words of the counter's bar.

Used by the bar. The rule itself is the core's (``digitizer.digitized``).
"""

from __future__ import annotations

from dataclasses import dataclass

from digitizer.digitized import Digitized, Reached
from digitizer.model import Dossier
from ui import wording
from ui.wording import Mark

_FULL = "Đủ giấy tờ"
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
        return Light(Mark.SENT, "Được tính số hóa", missing)
    begun = reached.component is not Reached.NOTHING
    mark = Mark.WORKING if begun else Mark.EMPTY
    if missing.startswith(_FULL):
        missing = _FULL  # that the result is missing stands in the light
    return Light(mark, f"Số hóa: {_lack(reached)}", missing)


def _lack(reached: Digitized) -> str:
    if reached.component is Reached.NOTHING:
        return "chưa có giấy tờ"
    if reached.component is Reached.HERE:
        return "giấy tờ chưa gửi"
    if reached.result is Reached.NOTHING:
        return "còn thiếu kết quả"
    if reached.result is Reached.HERE:
        return "kết quả chưa gửi"
    return "hệ thống chưa tiếp nhận"
