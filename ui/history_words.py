"""PURE: lines of the audit record → the lines of *Lịch sử*: what happened, who did it, and how.

What was done at once, or page by page in one scan, is one line here; the record keeps each.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from digitizer.chain import PROGRAM, Act, Door, Line
from digitizer.scanning import EndReason
from ui import wording
from ui.language import say
from ui.reads_history import History
from ui.rows import Deed, Row, heading

_GOOD_ENDS = (EndReason.EMPTY, EndReason.COUNT)
_QUIET = frozenset({Act.SCAN_BEGUN, Act.SCAN_RESUMED, Act.PAGE_SEEN, Act.PAPER_COUNTED})
"""Beside what they lead to they say nothing to a clerk; the record keeps them."""

# {0}: how many; {1}: the paper; {2}: what else the line says
_SAID: dict[str, tuple[str, str]] = {
    Act.RECORD_BEGUN: ("info", "Bắt đầu ghi nhật ký"),
    Act.HOME_UPGRADED: ("info", "Nâng cấp kho hồ sơ"),
    Act.DOSSIER_OPENED: ("plus", "Mở hồ sơ mới"),
    Act.DOSSIER_BOUND: ("good", "Gắn mã hồ sơ {2}"),
    Act.DOSSIER_UNBOUND: ("desk", "Bỏ mã {2}, trở lại hồ sơ tạm"),
    Act.DOSSIER_MERGED: ("stack", "Gộp vào hồ sơ {2}"),
    Act.DOSSIER_DESCRIBED: ("desk", "Sửa thông tin hồ sơ"),
    Act.DOSSIER_FINISHED: ("good", "Xong hồ sơ"),
    Act.DOSSIER_REOPENED: ("desk", "Mở lại hồ sơ"),
    Act.DOSSIER_ASKED: ("outbox", "Yêu cầu hệ thống tạo hồ sơ"),
    Act.DOSSIER_ASKED_NO_MORE: ("info", "Không còn yêu cầu tạo hồ sơ"),
    Act.DOSSIER_EXPORTED: ("outbox", "Xuất {2} giấy tờ ra thư mục"),
    Act.DOSSIER_RECEIVED: ("plus", "Nhận {1} từ máy khác"),
    Act.PAPER_ADDED: ("plus", "Thêm {0} giấy tờ vào danh sách"),
    Act.PAPER_CHANGED: ("desk", "Sửa {0} giấy tờ trong danh sách"),
    Act.PAPER_HELD: ("optional", "Để lại, không gửi {1}"),
    Act.PAPER_RELEASED: ("outbox", "Cho gửi lại {1}"),
    Act.PAPER_STYLED: ("desk", "Đổi kiểu bản số hóa của {1}"),
    Act.PAPER_REUSED: ("plus", "Dùng lại giấy tờ đã có cho {1}"),
    Act.PAPER_REUSED_NO_MORE: ("desk", "Thôi dùng lại cho {1}"),
    Act.PAPER_BUNDLED: ("ready", "Tạo bản số hóa của {1}"),
    Act.PAPER_SENT: ("outbox", "Gửi {1}"),
    Act.PAPER_CONFIRMED: ("sent", "Nơi nhận xác nhận {1}"),
    Act.PAPER_UNCONFIRMED: ("warn", "Xác nhận cũ của {1} hết hiệu lực"),
    Act.PAPER_SIGNED: ("good", "Ký số {1}"),
    Act.PAPER_SIGNATURE_WITHDRAWN: ("desk", "Bỏ bản đã ký của {1}"),
    Act.CONFLICT_FOUND: ("warn", "Nơi nhận có bản khác của {1}"),
    Act.CONFLICT_DECIDED: ("good", "Chọn bản để giữ của {1}"),
    Act.SCAN_ENDED: ("warn", "Lượt quét dừng giữa chừng"),
    Act.SCAN_LED: ("desk", "Lượt quét đi tiếp vào {1}"),
    Act.PAGE_SAVED: ("scan", "Lưu {0} trang vào {1}"),
    Act.PAGE_MOVED: ("desk", "Chuyển {0} trang sang {1}"),
    Act.PAGE_LEFT: ("desk", "Chuyển {0} trang sang hồ sơ {2}"),
    Act.PAGE_ORDERED: ("desk", "Xếp lại {0} trang của {1}"),
    Act.PAGE_TURNED: ("desk", "Xoay {0} trang của {1}"),
    Act.PAGE_CROPPED: ("desk", "Cắt {0} trang của {1}"),
    Act.PAGE_DELETED: ("close", "Bỏ {0} trang của {1}"),
    Act.PAGE_RESTORED: ("good", "Lấy lại {0} trang của {1}"),
    Act.PAGE_SEPARATES: ("stack", "Nhận ra {0} mặt tờ phân cách"),
    Act.PAGE_KEPT: ("good", "Giữ {0} trang giống trang trước"),
    Act.PAGE_REREAD: ("desk", "Đọc lại chữ của {0} trang"),
    Act.ORIGINAL_KEPT: ("ready", "Giữ nguyên {0} tệp có chữ ký số"),
    Act.STACK_OPENED: ("stack", "Bắt đầu một lô"),
    Act.STACK_ACCEPTED: ("good", "Nhận một lô"),
    Act.STACK_TAKEN_BACK: ("desk", "Lấy lại một lô"),
    Act.FILE_ASKED: ("info", "Gặp lại {0} tệp đã lấy trước đó"),
    Act.FILE_ANSWERED: ("good", "Trả lời về {0} tệp trùng"),
    Act.MARKING_FOUND: ("warn", "Thấy dấu mật trên {0} trang"),
    Act.MARKING_DECIDED: ("good", "Quyết định về dấu mật của {0} trang"),
    Act.COPIES_ASKED: ("desk", "Sẽ xóa bản trên máy"),
    Act.COPIES_ASKED_NO_MORE: ("good", "Thôi xóa bản trên máy"),
    Act.COPIES_REMOVED: ("close", "Xóa bản trên máy"),
    Act.COPIES_KEPT: ("good", "Giữ bản trên máy"),
    Act.COPIES_KEPT_NO_MORE: ("desk", "Thôi giữ riêng bản trên máy"),
    Act.ENCRYPTION_BEGUN: ("lock", "Bắt đầu mã hóa kho"),
    Act.ENCRYPTION_DONE: ("lock", "Mã hóa kho xong"),
    Act.ENCRYPTION_ENDING: ("warn", "Bắt đầu bỏ mã hóa kho"),
    Act.ENCRYPTION_ENDED: ("warn", "Bỏ mã hóa kho xong"),
    Act.ENCRYPTION_CUSTODY: ("lock", "Đổi cách mở kho"),
    Act.ENCRYPTION_RECOVERED: ("warn", "Mở kho bằng khóa khôi phục"),
    Act.ENCRYPTION_RECOVERY_KEY: ("lock", "Tạo khóa khôi phục mới"),
    Act.SETTING_CHANGED: ("settings", "Đổi {0} cài đặt"),
    Act.PROFILE_KEPT: ("settings", "Thêm {0} mẫu quét"),
    Act.PROFILE_CHANGED: ("settings", "Sửa {0} mẫu quét"),
    Act.PROFILE_REMOVED: ("settings", "Xóa {0} mẫu quét"),
    Act.CLERK_ADDED: ("clerk", "Thêm người làm ở bàn này"),
    Act.CLERK_CHANGED: ("clerk", "Sửa người làm ở bàn này"),
    Act.CLERK_REMOVED: ("clerk", "Đưa người khỏi danh sách của bàn này"),
    Act.CLERK_SEATED: ("clerk", "Đổi người làm ở bàn này"),
    Act.WEB_ANSWERED: ("info", "Trả lời một trang web muốn quét"),
    Act.WEB_ASKED: ("scan", "Trang web yêu cầu quét"),
    Act.WEB_GIVEN: ("sent", "Đưa bản số hóa cho trang web"),
}
_DOORS: dict[str, str] = {
    Door.WINDOW: "tại cửa sổ này",
    Door.COMMAND: "bằng dòng lệnh",
    Door.WATCH: "từ thư mục theo dõi",
    Door.WEB: "cho một trang web",
    Door.LANE: "làm nền",
    Door.SERVER: "theo hệ thống thủ tục",
    Door.RECOVERY: "khôi phục khi khởi động",
    Door.POLICY: "theo tệp của quản trị",
    Door.START: "khi khởi động",
}
_PARTS = {
    "window.": "Hiển thị",
    "local.": "Sức máy",
    "server.": "Hệ thống giải quyết thủ tục",
    "sync.marks": "Báo số giấy tờ đã nhận",
    "sync.": "Đường truyền",
    "bridge.": "Nút Quét trên trang web",
    "sign": "Ký số",
    "retention.": "Bản lưu và ổ đĩa",
}
"""Which part of *Cài đặt* the settings belong to whose names begin so; the first that fits."""
_CHOICES = {
    "mine": "giữ bản của máy này",
    "theirs": "giữ bản ở nơi nhận",
    "both": "giữ cả hai",
    "allowed": "cho phép",
    "refused": "không cho",
    "withdrawn": "rút lại",
    "take": "lấy lại lần nữa",
    "skip": "bỏ qua",
}


class _Group(Struct, frozen=True):
    """Lines that are told as one: the newest of them, and how many."""

    line: Line
    count: int


def rows(history: History, today: date) -> tuple[Row, ...]:
    """Return the lines to show, the newest first, under their days; what is older or newer than
    those that were read has a line with a button."""
    found: list[Row] = []
    if history.wanted.below:
        found.append(Row("newer", say("Mới hơn"), "info", deed=Deed.NEWER))
    day: date | None = None
    for group in _groups(history):
        at = _moment(group.line.at)
        if at is not None and at.date() != day:
            day = at.date()
            found.append(heading(_day(at, today)))
        found.append(_row(group, at, history))
    if history.older:
        found.append(Row("older", say("Cũ hơn"), "info", deed=Deed.OLDER))
    return tuple(found)


def _groups(history: History) -> Iterator[_Group]:
    group: _Group | None = None
    for line in history.lines:
        if _is_quiet(line):
            continue
        if group is not None and _belong_together(group.line, line):
            group = replace(group, count=group.count + 1)
            continue
        if group is not None:
            yield group
        group = _Group(line, 1)
    if group is not None:
        yield group


def _is_quiet(line: Line) -> bool:
    if line.act == Act.SCAN_ENDED:
        return line.detail.get("reason") in _GOOD_ENDS
    return line.act in _QUIET


def _belong_together(newer: Line, older: Line) -> bool:
    """Tell whether both are one deed: pages of one scan, or what one act did to several."""
    alike = ("act", "who", "door", "dossier")
    if any(getattr(newer, name) != getattr(older, name) for name in alike):
        return False
    if newer.detail.get("paper") != older.detail.get("paper"):
        return False
    if newer.act == Act.PAGE_SAVED:
        return bool(newer.detail.get("batch") == older.detail.get("batch"))
    counts = "{0}" in _SAID.get(newer.act, ("", ""))[1]
    return counts and newer.at == older.at


def _moment(at: str) -> datetime | None:
    """Return a moment as this place counts; None for one that somebody wrote into the record."""
    try:
        return datetime.fromisoformat(at).astimezone()
    except (ValueError, OverflowError):
        return None


def _row(group: _Group, at: datetime | None, history: History) -> Row:
    line = group.line
    mark, title = _title(line, group.count, history)
    tone = "warn" if mark == "warn" else "ink_soft"
    page = line.act.startswith("page.")
    return Row(
        str(line.seq),
        title,
        mark,
        tone,
        _who(line, history),
        "" if history.wanted.dossier_id else history.dossiers.get(line.dossier, ""),
        _how(group),
        line.at if at is None else wording.clock(at),
        dossier_id=line.dossier if line.dossier in history.dossiers else "",
        paper_id=history.places.get(line.subject, "") if page else "",
        page_id=line.subject if page else "",
    )


def _title(line: Line, count: int, history: History) -> tuple[str, str]:
    paper = history.papers.get(str(line.detail.get("paper", line.subject)))
    named = f"«{paper}»" if paper else say("một giấy tờ")
    into = str(line.detail.get("into", ""))
    other = history.dossiers.get(into) or line.detail.get("code") or line.detail.get("count") or ""
    if line.act == Act.DOSSIER_CLOSED:
        closed = bool(line.detail.get("ended"))
        words = say("Nơi nhận đã đóng hồ sơ") if closed else say("Nơi nhận mở lại hồ sơ")
        return ("warn" if closed else "info"), words
    if line.act == Act.PAGE_SAVED and line.door == Door.RECOVERY:
        return "good", say("Khôi phục {0} trang vào {1}", count, named)
    if line.act not in _SAID:
        return "info", say("Việc khác: {0}", line.act)
    mark, words = _SAID[line.act]
    return mark, say(words, count, named, other)


def _who(line: Line, history: History) -> str:
    kind, _, named = line.who.partition(" ")
    if line.who == PROGRAM:
        return say("Phần mềm")
    if kind == "clerk":
        return history.clerks.get(named) or say("Cán bộ không còn tên")
    return say("Tài khoản máy: {0}", named)


def _how(group: _Group) -> str:
    """Say by which way it came in, and what was chosen."""
    line = group.line
    parts = [say(_DOORS.get(line.door.partition(" ")[0], line.door))]
    choice = line.detail.get("choice") or line.detail.get("answer")
    if choice in _CHOICES:
        parts.append(say(_CHOICES[str(choice)]))
    if line.act == Act.PAGE_MOVED and line.detail.get("by") == "code":
        parts.append(say("theo mã trên giấy"))
    if line.act == Act.SETTING_CHANGED and group.count == 1:
        part = next(
            (part for begins, part in _PARTS.items() if line.subject.startswith(begins)), ""
        )
        parts += [say(part)] if part else []
    return " · ".join(parts)


def _day(at: datetime, today: date) -> str:
    written = wording.day(at)
    return say("Hôm nay, {0}", written) if at.date() == today else written


def summary(history: History, name: str) -> tuple[str, str]:
    """Say whose history it is, and what a history is."""
    if history.wanted.page_id:
        whose = say("Lịch sử của một trang, hồ sơ {0}", name)
    elif history.wanted.dossier_id:
        whose = say("Lịch sử hồ sơ {0}", name)
    else:
        whose = say("Mọi việc trên máy này")
    return whose, say("Phần mềm tự ghi, không ai sửa hay xóa được mà không để lại dấu vết.")
