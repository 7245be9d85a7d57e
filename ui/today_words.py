"""PURE: the day's work → the lines of *Hôm nay*."""

from __future__ import annotations

from datetime import datetime

from digitizer.errors import DigitizerError
from digitizer.worklist import Day, Stage, Task
from ui import wording
from ui.rows import Deed, Row, more

_STATES = {
    Stage.UNSCANNED: ("empty", "ink_soft", "Chưa quét"),
    Stage.BEGUN: ("working", "accent", "Đang làm"),
    Stage.WAITING: ("outbox", "accent", "Chờ gửi"),
    Stage.SENT: ("sent", "good", "Đã gửi"),
}


def rows(day: Day, now: datetime) -> tuple[Row, ...]:
    """Return a line for each dossier of the day; what is due stands first."""
    return (*(_row(task, now) for task in day.tasks), *more(day.total - len(day.tasks)))


def _row(task: Task, now: datetime) -> Row:
    dossier = task.dossier
    mark, tone, state = _STATES[task.stage]
    side, side_tone = due(task, now)
    return Row(
        dossier.id,
        wording.name_of(dossier),
        mark,
        tone,
        state,
        dossier.name,
        _sentence(task),
        side,
        side_tone,
        Deed.OPEN,
        quiet=True,
        dossier_id=dossier.id,
    )


def _sentence(task: Task) -> str:
    parts = [wording.about(task.dossier)]
    if task.pages:
        parts.insert(0, f"{task.pages} trang")
    if task.stage is Stage.SENT and task.no_result:
        parts.insert(0, "chưa có kết quả")
    if task.dossier.unreceived:
        parts.insert(0, "chưa tiếp nhận")
    return " · ".join(parts)


def due(task: Task, now: datetime) -> tuple[str, str]:
    """Say when the result is due, and in what colour; nothing where nobody promised it."""
    due_at = task.dossier.due_at
    if due_at is None:
        return ("" if task.listed else "Mở tại máy này"), "ink_soft"
    settled = task.stage is Stage.SENT and not task.no_result
    days = (due_at.astimezone().date() - now.astimezone().date()).days
    if days == 0:
        overdue = due_at < now and not settled
        when = f"{'Quá hẹn từ' if overdue else 'Hẹn trả hôm nay'} {wording.clock(due_at)}"
        return when, "bad" if overdue else "ink_soft" if settled else "warn"
    if days < 0 and not settled:
        return f"Quá hẹn {-days} ngày", "bad"
    if days == 1:
        return f"Hẹn trả ngày mai {wording.clock(due_at)}", "ink_soft"
    return f"Hẹn trả {wording.day(due_at)}", "ink_soft"


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
    when = f"Danh sách lấy lúc {_moment(day.fetched_at)}" if day.fetched_at else ""
    if not server:
        return "info", "ink_soft", "Chưa khai báo hệ thống thủ tục; chỉ có hồ sơ mở tại máy này"
    if unfetched is not None:
        down = f"{unfetched.title} từ {wording.clock(since)}" if since else unfetched.title
        return "warn", "warn", f"{down}. {when or 'Chưa lấy được danh sách'}"
    return ("sent", "good", when) if when else ("working", "accent", "Đang lấy danh sách…")


def _moment(moment: datetime) -> str:
    today = moment.astimezone().date() == datetime.now().astimezone().date()
    clock = wording.clock(moment)
    return clock if today else f"{clock} ngày {wording.day(moment)}"


def counted(day: Day) -> str:
    """Say how many dossiers there are, and how many of them wait for somebody."""
    if not day.total:
        return ""
    if day.total > len(day.tasks):
        return f"{day.total} hồ sơ"
    todo = sum(task.stage in (Stage.UNSCANNED, Stage.BEGUN) for task in day.tasks)
    return f"{day.total} hồ sơ · {todo} chưa xong" if todo else f"{day.total} hồ sơ, đã xong cả"
