"""PURE: what leaves this machine → the lines of *Chờ gửi*, and how the line stands."""

from __future__ import annotations

from datetime import datetime

from digitizer import errors
from digitizer.departures import Leaving, Left, Withheld
from digitizer.limits import VIETNAM
from digitizer.sending import Load
from digitizer.work.sync import Going
from ui import wording
from ui.language import numeral, say
from ui.reads import Traffic
from ui.reads_lists import Outgoing
from ui.rows import Deed, Row, heading

_KB, _MB = 1_000, 1_000_000


def rows(outgoing: Outgoing, going: Going | None) -> tuple[Row, ...]:
    """Return what waits for a signature or for its stack, a line for each dossier that goes out,
    in its order, then what was left here, then what was sent today."""
    leaving, left = outgoing.leaving, outgoing.left
    ahead = [one for one in leaving if going and one.dossier.id == going.dossier_id]
    behind = [one for one in leaving if one not in ahead]
    found = [_unsigned(*outgoing.unsigned)] if outgoing.unsigned[0] else []
    found += [_held(outgoing.held)] if outgoing.held else []
    found += [_leaving(one, going if one in ahead else None, outgoing) for one in (*ahead, *behind)]
    if outgoing.withheld:
        found.append(heading(say("Để lại, không gửi: {0} giấy tờ", len(outgoing.withheld))))
        found += [_withheld(one) for one in outgoing.withheld]
    if left:
        found.append(heading(say("Đã gửi hôm nay: {0} hồ sơ", len(left))))
        found += [_left(one) for one in left]
    return tuple(found)


def _unsigned(papers: int, dossiers: int) -> Row:
    return Row(
        "sign",
        say("{0} giấy tờ của {1} hồ sơ", papers, dossiers),
        "sign",
        "warn",
        say("Chờ ký số"),
        sentence=say("Ký xong sẽ tự gửi"),
        deed=Deed.SIGN,
    )


def _held(dossiers: int) -> Row:
    return Row(
        "held",
        say("{0} hồ sơ", dossiers),
        "stack",
        "warn",
        say("Chờ nhận lô"),
        sentence=say("Có trang của lô chưa nhận. Nhận lô xong sẽ tự gửi"),
        deed=Deed.STACK,
    )


def _withheld(one: Withheld) -> Row:
    return Row(
        f"withheld {one.paper_id}",
        wording.name_of(one.dossier),
        "optional",
        "ink_soft",
        say("Để lại"),
        one.dossier.name,
        one.title,
        deed=Deed.LET_GO,
        dossier_id=one.dossier.id,
        paper_id=one.paper_id,
    )


def _leaving(one: Leaving, going: Going | None, outgoing: Outgoing) -> Row:
    mark, tone, state, sentence = _state(one, going)
    deed = Deed.SEND if one.not_before is not None else Deed.NONE
    if going is not None:
        deed = Deed.HOLD
    elif one.dossier.id in outgoing.heavy:
        deed = Deed.COMPACT
        large = say("tệp lớn, đường truyền cần hơn {0} phút mỗi tệp", outgoing.minutes)
        sentence = f"{sentence} · {large}" if sentence else large
    return Row(
        one.dossier.id,
        wording.name_of(one.dossier),
        mark,
        tone,
        state,
        one.dossier.name,
        sentence,
        say("Xong lúc {0}", _moment(one.dossier.finished_at)) if one.dossier.finished_at else "",
        deed=deed,
        share=going.sent / going.size if going is not None and going.size else None,
        dossier_id=one.dossier.id,
        paper_id=going.paper_id if going is not None else "",
    )


def _state(one: Leaving, going: Going | None) -> tuple[str, str, str, str]:
    if going is not None:
        how = f"{size(going.sent)} / {size(going.size)}"
        if going.sent >= going.size:
            how = say("đã chuyển xong, nơi nhận đang đối chiếu")
        return "outbox", "accent", say("Đang gửi"), f"{going.title} · {how}"
    if not one.papers:
        return (
            "working",
            "accent",
            say("Đang xử lý"),
            say("Đọc chữ và đóng tệp xong sẽ gửi"),
        )
    what = say("{0} giấy tờ · {1}", one.papers, size(one.bytes))
    if one.not_before is not None:
        reason = say(errors.kind(one.error).title) if one.error else ""
        tried = say(" (đã thử {0} lần)", one.attempts) if one.attempts > 1 else ""
        again = say("Tự gửi lại lúc {0}", wording.clock(one.not_before))
        return "warn", "warn", again, f"{reason}{tried}"
    rest = say(" · còn giấy tờ đang xử lý") if one.unready else ""
    return "ready", "accent", say("Chờ gửi"), what + rest


def _left(one: Left) -> Row:
    return Row(
        f"left {one.dossier.id}",
        wording.name_of(one.dossier),
        "sent",
        "good",
        say("Đã gửi lúc {0}", wording.clock(one.at)),
        one.dossier.name,
        say("{0} giấy tờ · {1}", one.papers, wording.about(one.dossier)),
        past=True,
        dossier_id=one.dossier.id,
    )


def size(count: int) -> str:
    """Return bytes as an office reads them: ``2,6 MB``, ``85 KB``."""
    if count < _MB:
        return f"{round(count / _KB)} KB"
    return numeral(f"{count / _MB:.1f}") + " MB"


def _moment(moment: datetime) -> str:
    today = moment.astimezone().date() == datetime.now().astimezone().date()
    clock = wording.clock(moment)
    return clock if today else say("{0} ngày {1}", clock, wording.day(moment))


def hour(moment: datetime) -> str:
    """Return the hour at which uploads begin; hours are Vietnam's wherever this machine is."""
    local = moment.astimezone(VIETNAM)
    return f"{local.hour}:{local.minute:02d}"


def rest(load: Load, gone: int) -> str:
    """Say how much is left to be sent once ``gone`` bytes of it are out, and how long that takes:
    ``còn 14 giấy tờ, 12,3 MB · khoảng 4 phút``."""
    left = max(0, load.bytes - gone)
    said = say("còn {0} giấy tờ, {1}", load.papers, size(left))
    if not load.seconds or not load.bytes:
        return said
    return f"{said} · {_lasting(load.seconds * left / load.bytes)}"


def _lasting(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return say("chưa tới một phút")
    if minutes < 100:
        return say("khoảng {0} phút", minutes)
    return say("khoảng {0} giờ", round(minutes / 60))


def line(
    now: Traffic, outgoing: Outgoing, troubled_since: datetime | None, going: Going | None = None
) -> tuple[str, str, str]:
    """Say whether the line is up, and since when it is not: an icon, a tone, a sentence."""
    leaving = outgoing.leaving
    if not now.server:
        return "warn", "warn", say("Chưa khai báo nơi gửi: hồ sơ đã xong được giữ ở máy này")
    paused, closed = now.sync.paused, now.sync.closed_until
    waits = any(one.papers for one in leaving)
    if closed and waits and not now.sync.working and not (paused and paused.until_woken):
        said = say("Đến {0} mới gửi, theo giờ gửi trong Cài đặt", hour(closed))
        return "working", "accent", said
    if paused is not None or troubled_since is not None:
        what = say(paused.title) if paused is not None else say("Mất mạng")
        since = say(" từ {0}", wording.clock(troubled_since)) if troubled_since else ""
        again_at = now.sync.again_at
        again = say(". Tự thử lại lúc {0}", wording.clock(again_at)) if again_at else ""
        return "warn", "warn", f"{what}{since}{again}"
    if now.sync.working:
        left = rest(outgoing.load, going.sent if going else 0)
        said = say("Đang gửi · {0}", left) if outgoing.load.papers else say("Đang gửi")
        return "outbox", "accent", said
    ready = [one for one in leaving if one.papers]
    put_off = [one.not_before for one in ready if one.not_before is not None]
    if put_off and len(put_off) == len(ready):
        what, at = say(errors.kind(ready[0].error).title), wording.clock(min(put_off))
        return "warn", "warn", say("{0}. Tự gửi lại lúc {1}", what, at)
    if leaving and not ready:
        return "working", "accent", say("Đang đọc chữ và đóng tệp, xong sẽ tự gửi")
    if outgoing.unsigned[0] and not ready:
        return "sign", "warn", say("Chỉ còn chờ ký số")
    if outgoing.held and not ready:
        return "stack", "warn", say("Chỉ còn chờ nhận lô")
    return "sent", "good", say("Sẵn sàng gửi") if ready else say("Không có gì phải chờ")


def news(now: Traffic, fetched_at: datetime | None) -> str:
    """Say when something was last sent, and last fetched."""
    parts = []
    if now.sent_at is not None:
        parts.append(say("gửi gần nhất lúc {0}", _moment(now.sent_at)))
    if fetched_at is not None:
        parts.append(say("cập nhật lúc {0}", wording.clock(fetched_at)))
    text = " · ".join(parts)
    return text[:1].upper() + text[1:]
