"""PURE: the day's work → the lines of *Hôm nay*."""

from __future__ import annotations

from datetime import datetime

from digitizer.clearing import Suspect
from digitizer.errors import DigitizerError
from digitizer.worklist import Day, Stage, Stays, Task
from ui import secret_words, wording
from ui.language import say
from ui.reads_lists import Today
from ui.rows import Deed, Row, more

_STATES = {
    Stage.UNSCANNED: ("empty", "ink_soft", "Chưa quét"),
    Stage.BEGUN: ("working", "accent", "Đang làm"),
    Stage.WAITING: ("outbox", "accent", "Chờ gửi"),
    Stage.SENT: ("sent", "good", "Đã gửi"),
}
_STAYS = {
    Stays.HELD: ("stack", "warn", "Chờ nhận lô"),
    Stays.WITHHELD: ("optional", "ink_soft", "Để lại, không gửi"),
}


def rows(today: Today, now: datetime) -> tuple[Row, ...]:
    """Return a line for each dossier of the day; what is due stands first."""
    day = today.day
    lines = (
        _row(task, now, today.stopped.get(task.dossier.id), failed=task.dossier.id in today.failed)
        for task in day.tasks
    )
    return (*lines, *more(day.total - len(day.tasks)))


def _row(task: Task, now: datetime, stopped: Suspect | None, *, failed: bool) -> Row:
    """``stopped``: a page of it that lets nothing leave. It is no longer waiting to be sent then,
    and its button leads there. ``failed``: sending it waits for a hand."""
    dossier = task.dossier
    mark, tone, state = _STAYS[task.stays] if task.stays else _STATES[task.stage]
    if failed and task.stays is None and task.stage is Stage.WAITING:
        mark, tone, state = "bad", "bad", "Chưa gửi được"
    sentence, deed = _sentence(task), Deed.OPEN
    if stopped is not None and task.stage is Stage.WAITING:
        mark, tone, state, deed = "bad", "bad", secret_words.state(stopped), Deed.MARKED
        sentence = f"{say('chưa gửi')} · {sentence}"
    elif stopped is not None:
        sentence = f"{wording.lower(secret_words.state(stopped))} · {sentence}"
    side, side_tone = due(task, now)
    return Row(
        dossier.id,
        wording.name_of(dossier),
        mark,
        tone,
        say(state),
        dossier.name,
        sentence,
        side,
        side_tone,
        deed,
        quiet=True,
        dossier_id=dossier.id,
        page_id=stopped.page.id if deed is Deed.MARKED and stopped is not None else "",
    )


def _sentence(task: Task) -> str:
    parts = [wording.about(task.dossier)]
    if task.pages:
        parts.insert(0, say("{0} trang", task.pages))
    if task.stage is Stage.SENT and task.no_result:
        parts.insert(0, say("chưa có kết quả"))
    if task.dossier.removed_at is not None:
        parts.insert(0, wording.lower(wording.removed(task.dossier.removed_at)))
    if task.dossier.unreceived:
        parts.insert(0, say("chưa tiếp nhận"))
    return " · ".join(parts)


def due(task: Task, now: datetime) -> tuple[str, str]:
    """Say when the result is due, and in what colour; nothing where nobody promised it."""
    due_at = task.dossier.due_at
    if due_at is None:
        return ("" if task.listed else say("Mở tại máy này")), "ink_soft"
    settled = task.stage is Stage.SENT and not task.no_result
    days = (due_at.astimezone().date() - now.astimezone().date()).days
    if days == 0:
        overdue = due_at < now and not settled
        clock = wording.clock(due_at)
        when = say("Quá hẹn từ {0}", clock) if overdue else say("Hẹn trả hôm nay {0}", clock)
        return when, "bad" if overdue else "ink_soft" if settled else "warn"
    if days < 0 and not settled:
        return say("Quá hẹn {0} ngày", -days), "bad"
    if days == 1:
        return say("Hẹn trả ngày mai {0}", wording.clock(due_at)), "ink_soft"
    return say("Hẹn trả {0}", wording.day(due_at)), "ink_soft"


def fetched(
    day: Day, *, server: bool, unfetched: DigitizerError | None, since: datetime | None
) -> tuple[str, str, str]:
    """Say when the list was fetched and whether the line is up: an icon, a tone, a sentence.

    Args:
        day: What was fetched.
        server: Whether there is a procedure system to fetch from.
        unfetched: Why the last attempt did not bring it, or None.
        since: Since when nothing can be fetched, where that is known.
    """
    when = say("Danh sách lấy lúc {0}", _moment(day.fetched_at)) if day.fetched_at else ""
    if not server:
        said = say("Chưa khai báo hệ thống thủ tục; chỉ có hồ sơ mở tại máy này")
        return "info", "ink_soft", said
    if unfetched is not None:
        down = say(unfetched.title) + (say(" từ {0}", wording.clock(since)) if since else "")
        return "warn", "warn", f"{down}. {when or say('Chưa lấy được danh sách')}"
    return ("sent", "good", when) if when else ("working", "accent", say("Đang lấy danh sách…"))


def _moment(moment: datetime) -> str:
    today = moment.astimezone().date() == datetime.now().astimezone().date()
    clock = wording.clock(moment)
    return clock if today else say("{0} ngày {1}", clock, wording.day(moment))


def counted(day: Day) -> str:
    """Say how many dossiers there are, and how many of them wait for somebody."""
    if not day.total:
        return ""
    if day.total > len(day.tasks):
        return say("{0} hồ sơ", day.total)
    todo = sum(task.stage in (Stage.UNSCANNED, Stage.BEGUN) for task in day.tasks)
    if not todo:
        return say("{0} hồ sơ, đã xong cả", day.total)
    return say("{0} hồ sơ · {1} chưa xong", day.total, todo)
