"""PURE: how the disk stands, and what becomes of copies, in sentences."""

from __future__ import annotations

from datetime import datetime, timedelta

from digitizer.space import STACK_PAGES, Freed, Level, Space
from ui import wording
from ui.language import numeral, say
from ui.wording import Act, Notice, Tone

_SOON = timedelta(days=30)


def notice(space: Space) -> Notice | None:
    """Say what the disk foretells, or None where all is well."""
    if space.level is Level.FULL:
        return _notice(
            Tone.BAD,
            say("Ổ đĩa đã đầy, chưa quét tiếp được"),
            say("Các trang đã lưu vẫn còn và vẫn gửi được. {0}", _way_out(space)),
        )
    if space.level is Level.LOW:
        return _notice(
            Tone.WARN,
            say("Ổ đĩa sắp đầy: chỉ còn chỗ cho khoảng {0} trang", count(space.pages_left)),
            say("Một lô {0} trang sẽ không vừa. {1}", STACK_PAGES, _way_out(space)),
        )
    if space.level is Level.SOON and space.days_left is not None:
        return _notice(
            Tone.INFO,
            say("Ổ đĩa đủ cho khoảng {0} ngày làm việc nữa", space.days_left),
            _way_out(space),
        )
    return None


def _notice(tone: Tone, title: str, hint: str) -> Notice:
    return Notice(tone, title, hint, Act.DISK, lasting=True, row="disk")


def _way_out(space: Space) -> str:
    if space.frees:
        first = space.frees[0]
        return say(
            "Ngày {0} sẽ tự trống thêm {1}; cần sớm hơn thì xóa bớt tệp khác trên máy.",
            wording.day(first.at),
            size(first.bytes),
        )
    return say("Xóa bớt tệp khác trên máy, hoặc đặt thời hạn giữ bản đã gửi.")


def disk(space: Space) -> str:
    """Say how much is free, and how long that lasts."""
    said = say(
        "Còn {0} trong {1}: chỗ cho khoảng {2} trang",
        size(space.free),
        size(space.total),
        count(space.pages_left),
    )
    if space.days_left is None:
        return said
    return said + say(
        ", {0} ngày làm việc như gần đây ({1} trang mỗi ngày)",
        count(space.days_left),
        count(round(space.pages_a_day)),
    )


def taken(space: Space) -> str:
    """Say what takes up how much."""
    return say(
        "Ảnh trang {0} · bản số hóa {1} · chữ khoảng {2} · danh mục và bảng tra {3} · khác {4}",
        *(
            size(number)
            for number in (space.images, space.bundles, space.words, space.database, space.others)
        ),
    )


def frees(found: tuple[Freed, ...], now: datetime) -> str:
    """Say what will be freed by removing copies of what was sent; nothing where that is nothing."""
    if not found:
        return ""
    first = found[0]
    soon = [one for one in found if one.at <= now + _SOON]
    dossiers, freed = sum(one.dossiers for one in soon), sum(one.bytes for one in soon)
    said = say(
        "Sớm nhất ngày {0}: {1} hồ sơ, {2}",
        wording.day(first.at),
        first.dossiers,
        size(first.bytes),
    )
    if dossiers > first.dossiers:
        said += say(" · trong 30 ngày: {0} hồ sơ, {1}", count(dossiers), size(freed))
    return said


def removed(dossiers: int, waiting: int) -> str:
    """Say of how many dossiers copies were removed, and how many are about to be by hand."""
    parts = []
    if dossiers:
        parts.append(
            say("Đã xóa bản trên máy của {0} hồ sơ; mã băm từng tệp được ghi lại", count(dossiers))
        )
    if waiting:
        parts.append(say("{0} hồ sơ chờ xóa theo yêu cầu", waiting))
    return " · ".join(parts)


def days(number: int | None) -> str:
    """Say how long copies stay."""
    return say("Giữ mãi") if number is None else say("Xóa sau {0} ngày", number)


def size(number: int) -> str:
    """Return bytes as a person reads them: ``1,4 GB``, ``85 MB``."""
    if number >= 1_000_000_000:
        return numeral(f"{number / 1e9:.1f}") + " GB"
    return f"{max(1, round(number / 1e6)) if number else 0} MB"


def count(number: int) -> str:
    """Return a number with its thousands apart: ``12.000``."""
    return numeral(f"{number:,}")
