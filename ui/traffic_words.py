"""PURE: what waits to be sent, and whether it can be, in the words of the window's corner.

Used by the counter.
"""

from __future__ import annotations

from datetime import datetime

from ui import outbox_words, wording
from ui.language import say
from ui.reads import Traffic


def traffic(
    now: Traffic,
    troubled_since: datetime | None,
    fetched_at: datetime | None,
    sent_in_round: int = 0,
) -> str:
    """Sum up the outbox: ``3 chờ gửi · mất mạng từ 9:40``.

    Args:
        now: What waits and what the lanes do.
        troubled_since: Since when nothing can be sent, or None.
        fetched_at: When news last came from the procedure system.
        sent_in_round: Dossiers that left since the outbox was last empty.
    """
    parts = [] if now.local.paused is None else [say(now.local.paused.title)]
    if not now.server:
        parts += [say("{0} hồ sơ chưa gửi", now.kept)] if now.kept else []
        parts.append(say("chưa khai báo nơi gửi"))
    elif now.sync.closed_until is not None and now.outbox.waiting and not now.sync.working:
        parts += [*_outbox(now), say("gửi lúc {0}", outbox_words.hour(now.sync.closed_until))]
    elif now.sync.paused is not None:
        since = say(" từ {0}", wording.clock(troubled_since)) if troubled_since else ""
        parts += [*_outbox(now), f"{wording.lower(say(now.sync.paused.title))}{since}"]
    elif troubled_since is not None:
        parts += [*_outbox(now), say("mất mạng từ {0}", wording.clock(troubled_since))]
    elif now.sync.working and now.outbox.waiting:
        whole = sent_in_round + now.outbox.waiting
        parts += [say("đang gửi {0}/{1}", sent_in_round + 1, whole), *_needy(now)]
    else:
        parts += _outbox(now)
        if fetched_at is not None:
            parts.append(say("cập nhật lúc {0}", wording.clock(fetched_at)))
    text = " · ".join(parts)
    return text[:1].upper() + text[1:]


def hint(now: Traffic) -> str:
    """Say what a press on the outbox does, and when something last arrived there."""
    if not now.server:
        return say("Bấm để khai báo nơi gửi trong Cài đặt")
    press = say("Bấm để gửi và cập nhật ngay")
    if now.sent_at is None:
        return press
    return say(
        "Lần gửi gần nhất: {0} ngày {1}. {2}",
        wording.clock(now.sent_at),
        wording.day(now.sent_at),
        press,
    )


def _outbox(now: Traffic) -> list[str]:
    if now.outbox.waiting:
        return [say("{0} chờ gửi", now.outbox.waiting), *_needy(now)]
    return _needy(now) or _quiet(now)


def _quiet(now: Traffic) -> list[str]:
    if not now.withheld:
        return [say("đã gửi hết") if now.sent_at else say("không có gì chờ gửi")]
    here = say("để lại {0} giấy tờ", now.withheld)
    return [say("đã gửi"), here] if now.sent_at else [here]


def _needy(now: Traffic) -> list[str]:
    """Name what does not go out by itself of the finished dossiers."""
    stuck = [say("{0} chưa gửi được", now.outbox.stuck)] if now.outbox.stuck else []
    stuck += [say("{0} chờ ký số", now.outbox.unsigned)] if now.outbox.unsigned else []
    stuck += [say("{0} chờ nhận lô", now.outbox.held)] if now.outbox.held else []
    return [*stuck, say("{0} chưa có mã hồ sơ", now.kept)] if now.kept else stuck
