"""PURE: pages that may be state secrets → Vietnamese sentences."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer import clearance, errors
from digitizer.clearing import Suspect
from digitizer.model import Dossier
from digitizer.secrecy import How
from ui import wording
from ui.language import say
from ui.reads_secrets import Marked
from ui.rows import Deed, Row
from ui.wording import Act, Notice, Tone


def rows(suspects: Sequence[Suspect]) -> list[Row]:
    """Return a line of *Cần xử lý* for each dossier that a page stops, its first page's."""
    lines: dict[str, Row] = {}
    for one in suspects:
        lines.setdefault(
            one.dossier.id,
            Row(
                row_of(one.dossier.id),
                wording.name_of(one.dossier),
                "bad",
                "bad",
                state(one),
                one.dossier.name,
                f"{found(one)}. {way_on(one)}",
                deed=Deed.MARKED,
                dossier_id=one.dossier.id,
                paper_id=one.paper.id,
                page_id=one.page.id,
            ),
        )
    return list(lines.values())


def row_of(dossier_id: str) -> str:
    """Return the key of the line about a dossier."""
    return f"secret {dossier_id}"


def state(one: Suspect) -> str:
    """Say how it stands, in two or three words."""
    return say("Tài liệu mật") if one.page.secrecy.confirmed else say("Có dấu mật?")


def found(one: Suspect) -> str:
    """Say what was found, and where."""
    where = say("{0}, trang {1}", one.paper.name, one.number)
    mark = one.page.secrecy.worst
    if mark is None:
        return say("{0}: đã được xác nhận là tài liệu mật", where)
    if mark.how is How.UNREAD:
        return say("{0}: phần mềm không đọc được, cần người xem", where)
    if mark.how is How.STAMP:
        return say("{0}: có con dấu giống dấu {1}", where, mark.level.word)
    return say("{0}: có dòng chữ {1} đứng riêng", where, mark.level.word)


def way_on(one: Suspect) -> str:
    """Say what that means now, in one sentence."""
    if one.page.secrecy.confirmed:
        return say("Không gửi gì của hồ sơ này; làm bằng bản giấy.")
    return say("Cả hồ sơ chờ, chưa gửi đi đâu. Xem rồi chọn.")


def sent_before(one: Suspect) -> str:
    """Say what of the dossier had left before that was known; else nothing."""
    if not one.sent:
        return ""
    names = ", ".join(paper.name for paper in one.sent)
    return say("Đã gửi trước khi thấy: {0}. Báo ngay người phụ trách bảo mật.", names)


def explained(one: Suspect) -> str:
    """Say what has to be done, as long as it takes."""
    if one.page.secrecy.confirmed:
        return say(errors.StateSecret.hint)
    return say(
        "Hồ sơ có bí mật nhà nước không được số hóa và gửi qua mạng. Nếu đây chỉ là chữ thường, "
        "chọn Không phải: hồ sơ được gửi tiếp. Lựa chọn được ghi lại cùng tên và giờ."
    )


def decided(one: Suspect) -> str:
    """Say what was decided of it last; else nothing."""
    said = one.page.secrecy.decision
    if said is None:
        return ""
    who = said.by or say("Người ở bàn này")
    when = f"{wording.clock(said.at)} {wording.day(said.at)}"
    what = say("là tài liệu mật") if said.secret else say("không phải tài liệu mật")
    return say("{0} đã chọn: {1}, lúc {2}.", who, what, when)


def what_goes(marked: Marked) -> str:
    """Say what a removal takes away, and whether it is anywhere else."""
    said = say(
        "Xóa cả hồ sơ khỏi máy này: {0} giấy tờ, {1} trang, cả ảnh và chữ.",
        marked.papers,
        marked.pages,
    )
    if not marked.unsent:
        return said
    return said + " " + say("{0} giấy tờ chưa gửi: không có ở nơi nào khác.", marked.unsent)


def about_to_go(marked: Marked) -> str:
    """Say when all of it goes, and who asked for that; nothing where it stays."""
    removal = marked.removal
    if removal is None:
        return ""
    who = removal.clerk or say("Người ở bàn này")
    when = f"{wording.clock(removal.due_at)} {wording.day(removal.due_at)}"
    return say("{0} yêu cầu xóa: sẽ xóa khỏi máy lúc {1}. Đến lúc đó còn lấy lại được.", who, when)


def notice(suspects: Sequence[Suspect]) -> Notice | None:
    """Say that pages wait to be decided about, the first of them; None where none does."""
    open_ones = [one for one in suspects if not one.page.secrecy.confirmed]
    if not open_ones:
        return None
    first = open_ones[0]
    whose = first.dossier.holder or first.dossier.name
    hint = f"{found(first)}. {sent_before(first)}".strip()
    return Notice(
        Tone.BAD,
        say("Hồ sơ {0} chưa được gửi: có dấu mật?", whose),
        hint,
        Act.SEE_MARKED,
        first.dossier.id,
        (first.page.id,),
        lasting=True,
        row=row_of(first.dossier.id),
    )


def stopped(dossier: Dossier) -> str:
    """Say why nothing of a dossier leaves, as the state of its papers; else nothing."""
    stands = clearance.of(dossier)
    if stands.secret:
        return say("Có tài liệu mật, không gửi")
    return say("Có dấu mật, chờ xem") if stands.undecided else ""
