"""PURE: what the checklist says of a paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from digitizer import clearance
from digitizer.model import Paper, PaperKind, PaperState, SignedVersion, Standing
from digitizer.plan import half_scanned
from digitizer.versions import Conflict, Kind, decided_for_theirs
from ui import secret_words
from ui.language import say
from ui.reads import Desk
from ui.wording import Mark, clock, removed, trouble_text


class PaperLine(Struct, frozen=True):
    """One line of the checklist. ``retry``: whether a *Thử lại* button belongs beside it;
    ``conflict``: the number of what is to be decided, in the place of that."""

    mark: Mark
    title: str
    pages: str
    state: str
    retry: bool = False
    conflict: int = 0


def paper_line(desk: Desk, paper: Paper) -> PaperLine:
    """Say how a paper stands."""
    pages = paper.live_pages
    count = say("{0} trang", len(pages)) if pages else ""
    conflict = desk.dossier.undecided(paper, desk.server)
    if conflict is not None:
        said = conflict_text(conflict)
        return PaperLine(Mark.TROUBLE, paper.name, count, said, conflict=conflict.id)
    trouble = desk.trouble(paper)
    if trouble is not None:
        return PaperLine(Mark.TROUBLE, paper.name, count, trouble_text(trouble), retry=True)
    if paper.removed_at is not None:
        return _removed(paper.removed_at, paper, count)
    state = desk.dossier.state(paper, desk.server)
    if desk.dossier.left_behind(paper, desk.server):
        mark = Mark.EMPTY if paper.required else Mark.OPTIONAL
        return PaperLine(mark, paper.name, "", say("Nơi nhận vẫn giữ bản cũ"))
    if state is PaperState.MISSING and paper.reuse is not None:
        return PaperLine(Mark.READY, paper.name, "", reused(paper))
    if state is PaperState.MISSING:
        if paper.elsewhere:
            return PaperLine(Mark.SENT, paper.name, "", say("Bàn khác đã gửi"))
        if paper.required:
            said = say("Chưa có kết quả") if paper.kind is PaperKind.RESULT else say("Còn thiếu")
            return PaperLine(Mark.EMPTY, paper.name, "", said)
        return PaperLine(Mark.OPTIONAL, paper.name, "", say("Nếu có"))
    if state is PaperState.WORKING:
        return PaperLine(Mark.WORKING, paper.name, count, _progress(paper))
    if paper.dropped and state is PaperState.READY:
        return PaperLine(Mark.READY, paper.name, count, say("Thủ tục không còn giấy tờ này"))
    if state is PaperState.READY and (stopped := secret_words.stopped(desk.dossier)):
        return PaperLine(Mark.TROUBLE, paper.name, count, stopped)
    if state is PaperState.READY:
        return PaperLine(
            Mark.READY, paper.name, count, _with_signature(desk, _ready(desk, paper), paper)
        )
    receipt = desk.dossier.receipt(paper, desk.server)
    at = say(" lúc {0}", clock(receipt.at)) if receipt else ""
    return PaperLine(
        Mark.SENT, paper.name, count, _with_signature(desk, say("Đã gửi{0}", at), paper)
    )


def _removed(at: datetime, paper: Paper, count: str) -> PaperLine:
    if not paper.live_pages:  # it was never sent
        return PaperLine(Mark.OPTIONAL, paper.name, "", removed(at))
    return PaperLine(Mark.SENT, paper.name, count, say("Đã gửi, đã xóa khỏi máy"))


def gone(paper: Paper) -> str:
    """Say, in the place of its pages, where those of a removed paper are."""
    said = removed(paper.removed_at) + "." if paper.removed_at else ""
    if not paper.live_pages:
        return said
    more = say("Quét thêm thì thành một tệp mới, gửi kèm tệp cũ.")
    return (
        f"{said}\n"
        + say("Hệ thống một cửa đang giữ {0} trang.", len(paper.live_pages))
        + f"\n{more}"
    )


def conflict_text(conflict: Conflict) -> str:
    """Say what a paper met at the server, as its state."""
    return say(_MET[conflict.kind])


_MET = {
    Kind.CHANGED: "Bị sửa ở nơi nhận",
    Kind.OTHER: "Bàn khác đã gửi tệp khác",
    Kind.CLOSED: "Hồ sơ đã đóng ở nơi nhận",
    Kind.DROPPED: "Thủ tục không còn giấy tờ này",
}


def _with_signature(desk: Desk, said: str, paper: Paper) -> str:
    found = (signature_text(paper), signed_text(desk.dossier.signed(paper)))
    parts = (said, reused(paper) if paper.reuse else "", *found)
    return " · ".join(part for part in parts if part)


def reused(paper: Paper) -> str:
    """Say what a paper is reused from."""
    code = paper.reuse.code if paper.reuse else ""
    return say("Dùng lại kết quả {0}", code) if code else say("Dùng lại từ hồ sơ khác")


def signature_text(paper: Paper) -> str:
    """Say what is known of the signatures of a paper that came as a signed PDF; else nothing."""
    if paper.signature_lost:
        return say("Trang đã bị sửa hoặc ghép: chữ ký số không còn theo tệp")
    standings = {signature.standing for signature in paper.signatures}
    if not standings:
        return ""
    if Standing.CHANGED in standings:
        return say("Chữ ký số: tệp đã bị thay đổi sau khi ký")
    names = ", ".join(dict.fromkeys(s.signer for s in paper.signatures if s.signer))
    whose = f": {names}" if names else ""  # last, for a line may be cut short
    if Standing.UNKNOWN_ISSUER in standings:
        return say("Chữ ký số còn nguyên, chưa rõ nơi cấp{0}", whose)
    return say("Chữ ký số hợp lệ{0}", whose)


def signed_text(versions: Sequence[SignedVersion]) -> str:
    """Say who signed a paper here; nothing where nobody did."""
    names = ", ".join(dict.fromkeys(one.signer for one in versions))
    return say("Đã ký: {0}", names) if names else ""


def _progress(paper: Paper) -> str:
    """Where pages of a scan that goes on lie, it may scan elsewhere: they were moved or cut off.
    That it scans into this very paper, the checklist knows (``widgets.papers``)."""
    pages = paper.live_pages
    read = sum(page.read for page in pages)
    if any(page.batch_open for page in pages):
        return say("Chờ quét xong · đọc chữ {0}/{1}", read, len(pages))
    if read < len(pages):
        return say("Đang đọc chữ {0}/{1}", read, len(pages))
    return say("Đang đóng tệp PDF")


def _ready(desk: Desk, paper: Paper) -> str:
    if paper.id in desk.sending:
        return say("Đang gửi")
    if desk.dossier.finished_at is not None and clearance.of(desk.dossier).unseen:
        return say("Chờ kiểm tra dấu mật")
    if paper.held:
        return say("Đã có · chờ nhận lô")
    if paper.way.withheld:
        return say("Để lại, không gửi")
    if half_scanned(desk.dossier, paper):
        return say("Quét dở dang · chưa gửi")
    unsigned = desk.dossier.awaited(paper) is not None
    if desk.dossier.finished_at is None:
        return say("Đã có · chưa ký số") if unsigned else say("Đã có")
    if desk.dossier.code is None:
        return say("Đã có · chưa có mã hồ sơ để gửi")
    if decided_for_theirs(desk.dossier.conflicts(paper, desk.server)):
        return say("Giữ ở máy này, không gửi")
    if unsigned:
        return say("Chờ ký số (F4)")
    return say("Chờ gửi") if desk.server else say("Đã có · chưa khai báo nơi gửi")
