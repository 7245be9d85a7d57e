"""PURE: wishes to scan (*mẫu quét*) in Vietnamese: values, sizes, what is wrong with one.

Used by the bar and by the section of *Cài đặt*. Nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from digitizer.scanning import A4, FLOOR_DPI, Capabilities, Mode, Profile, Size, Source
from ui.language import numeral, say

SOURCES = {
    "Tự chọn": None,
    "Mặt kính": Source.FLATBED,
    "Khay, một mặt": Source.ADF,
    "Khay, hai mặt": Source.ADF_DUPLEX,
}
MODES = {"Màu": Mode.COLOR, "Xám": Mode.GRAY, "Đen trắng": Mode.LINEART}
RESOLUTIONS = (100, 150, 200, 300, 400, 600)
SIZES = {
    "Khổ lớn nhất của máy": None,
    "A4": A4,
    "A5": Size(148.0, 210.0),
    "A3": Size(297.0, 420.0),
    "Letter": Size(215.9, 279.4),
}
_SHORT = 40
_RULE = (
    "Quy định là ảnh màu, từ {0}\N{NO-BREAK SPACE}dpi trở lên "
    "(NĐ\N{NO-BREAK SPACE}30/2020, TT\N{NO-BREAK SPACE}02/2019); thấp hơn thì phải ghi lý do, "
    "được lưu cùng mỗi lượt quét."
)


def rule() -> str:
    """Say what the rule asks for."""
    return say(_RULE, FLOOR_DPI)


def dpi(value: int) -> str:
    """Return a resolution, and whether it is less than the rule asks for."""
    return f"{value} dpi" + (say(" · dưới mức quy định") if value < FLOOR_DPI else "")


def mode(value: Mode) -> str:
    """Return a mode, and whether it is less than the rule asks for."""
    return _named(MODES, value) + ("" if value is Mode.COLOR else say(" · dưới mức quy định"))


def size(value: Size | None) -> str:
    """Return the name of a sheet, or its sides: ``100 × 150,5 mm``."""
    known = next((words for words, one in SIZES.items() if one == value), None)
    if known is not None or value is None:
        return say(known or "")
    return numeral(f"{value.width:g} × {value.height:g} mm")


def summary(profile: Profile) -> str:
    """Sum up a wish: ``Màu · 300 dpi · A4 · tự chọn khay, cả hai mặt``."""
    parts = [_named(MODES, profile.mode), f"{profile.dpi} dpi"]
    if profile.size is not None:
        parts.append(size(profile.size))
    if profile.source is not None:
        parts.append(_named(SOURCES, profile.source).lower())
    else:
        parts.append(say("tự chọn khay, cả hai mặt") if profile.both_sides else say("tự chọn khay"))
    if profile.wait:
        parts.append(say("chờ giấy"))
    if not profile.legal:
        parts.append(say("dưới mức quy định"))
    return " · ".join(parts)


def removed(name: str) -> str:
    """Say that a profile is gone; only the beginning of a long name."""
    short = name if len(name) <= _SHORT else name[:_SHORT].rstrip() + "…"
    return say("Đã xóa mẫu “{0}”.", short)


def lacking(profile: Profile, can: Capabilities) -> str:
    """Say what of a wish the scanner does not have; empty where it has all, or is busy."""
    lacks = []
    if can.sources and profile.source is not None and profile.source not in can.sources:
        lacks.append(_named(SOURCES, profile.source).lower())
    if can.modes and profile.mode not in can.modes:
        lacks.append(say("chế độ {0}", _named(MODES, profile.mode).lower()))
    return say("Máy này không có {0}.", say(" và ").join(lacks)) if lacks else ""


def name_wrong(name: str, others: Collection[str]) -> str:
    """Say what is wrong with a profile's name; empty where nothing is."""
    if not name.strip():
        return say("Đặt tên cho mẫu quét.")
    if name.strip() in others:
        return say("Đã có mẫu quét tên này. Đặt tên khác.")
    return ""


def reason_wrong(profile: Profile) -> str:
    """Say that the reason is missing; empty where it is there or not needed."""
    if profile.legal or profile.below_floor.strip():
        return ""
    return say("Chưa lưu: ghi lý do, hoặc chọn màu và từ 200 dpi.")


def _named(options: Mapping[str, object], value: object) -> str:
    return say(next(words for words, one in options.items() if one is value))
