"""PURE: what leaves this machine → the lines of *Chờ gửi*, and how the line stands."""

from __future__ import annotations

from datetime import datetime

from digitizer import errors
from digitizer.departures import Leaving, Left
from digitizer.work.sync import Going
from ui import wording
from ui.reads import Traffic
from ui.rows import Deed, Row, heading

_KB, _MB = 1_000, 1_000_000


def rows(
    leaving: tuple[Leaving, ...], left: tuple[Left, ...], going: Going | None
) -> tuple[Row, ...]:
    """Return a line for each dossier that goes out, in its order, then what was sent today."""
    ahead = [one for one in leaving if going and one.dossier.id == going.dossier_id]
    behind = [one for one in leaving if one not in ahead]
    found = [_leaving(one, going if one in ahead else None) for one in (*ahead, *behind)]
    if left:
        found.append(heading(f"Đã gửi hôm nay: {len(left)} hồ sơ"))
        found += [_left(one) for one in left]
    return tuple(found)


def _leaving(one: Leaving, going: Going | None) -> Row:
    mark, tone, state, sentence = _state(one, going)
    return Row(
        one.dossier.id,
        wording.name_of(one.dossier),
        mark,
        tone,
        state,
        one.dossier.name,
        sentence,
        f"Xong lúc {_moment(one.dossier.finished_at)}" if one.dossier.finished_at else "",
        deed=Deed.SEND if one.not_before is not None and going is None else Deed.NONE,
        share=going.sent / going.size if going is not None and going.size else None,
        dossier_id=one.dossier.id,
    )


def _state(one: Leaving, going: Going | None) -> tuple[str, str, str, str]:
    if going is not None:
        how = f"{size(going.sent)} / {size(going.size)}"
        if going.sent >= going.size:
            how = "đã chuyển xong, nơi nhận đang đối chiếu"
        return "outbox", "accent", "Đang gửi", f"{going.title} · {how}"
    if not one.papers:
        return "working", "accent", "Đang xử lý", "Đọc chữ và đóng tệp xong sẽ gửi"
    what = f"{one.papers} giấy tờ · {size(one.bytes)}"
    if one.not_before is not None:
        reason = errors.kind(one.error).title if one.error else ""
        tried = f" (đã thử {one.attempts} lần)" if one.attempts > 1 else ""
        return "warn", "warn", f"Tự gửi lại lúc {wording.clock(one.not_before)}", f"{reason}{tried}"
    rest = " · còn giấy tờ đang xử lý" if one.unready else ""
    return "ready", "accent", "Chờ gửi", what + rest


def _left(one: Left) -> Row:
    return Row(
        f"left {one.dossier.id}",
        wording.name_of(one.dossier),
        "sent",
        "good",
        f"Đã gửi lúc {wording.clock(one.at)}",
        one.dossier.name,
        f"{one.papers} giấy tờ · {wording.about(one.dossier)}",
        dossier_id=one.dossier.id,
    )


def size(count: int) -> str:
    """Return bytes as an office reads them: ``2,6 MB``, ``85 KB``."""
    if count < _MB:
        return f"{round(count / _KB)} KB"
    return f"{count / _MB:.1f}".replace(".", ",") + " MB"


def _moment(moment: datetime) -> str:
    today = moment.astimezone().date() == datetime.now().astimezone().date()
    return wording.clock(moment) + ("" if today else f" ngày {wording.day(moment)}")


def line(
    now: Traffic, leaving: tuple[Leaving, ...], troubled_since: datetime | None
) -> tuple[str, str, str]:
    """Say whether the line is up, and since when it is not: an icon, a tone, a sentence."""
    if not now.server:
        return "warn", "warn", "Chưa khai báo nơi gửi: hồ sơ đã xong được giữ ở máy này"
    paused = now.sync.paused
    if paused is not None or troubled_since is not None:
        what = paused.title if paused is not None else "Mất mạng"
        since = f" từ {wording.clock(troubled_since)}" if troubled_since else ""
        again = f". Tự thử lại lúc {wording.clock(now.sync.again_at)}" if now.sync.again_at else ""
        return "warn", "warn", f"{what}{since}{again}"
    if now.sync.working:
        return "outbox", "accent", "Đang gửi"
    ready = [one for one in leaving if one.papers]
    put_off = [one.not_before for one in ready if one.not_before is not None]
    if put_off and len(put_off) == len(ready):
        what = errors.kind(ready[0].error).title
        return "warn", "warn", f"{what}. Tự gửi lại lúc {wording.clock(min(put_off))}"
    return "sent", "good", "Sẵn sàng gửi" if ready else "Không có gì phải chờ"


def news(now: Traffic, fetched_at: datetime | None) -> str:
    """Say when something was last sent, and last fetched."""
    parts = []
    if now.sent_at is not None:
        parts.append(f"gửi gần nhất lúc {_moment(now.sent_at)}")
    if fetched_at is not None:
        parts.append(f"cập nhật lúc {wording.clock(fetched_at)}")
    text = " · ".join(parts)
    return text[:1].upper() + text[1:]
