"""PURE: two versions of a paper, and local dossiers → Vietnamese sentences."""

from __future__ import annotations

from digitizer.conflicts import Met
from digitizer.errors import PagesUnchecked
from digitizer.model import Dossier
from digitizer.versions import Choice, Conflict, Kind
from ui import wording
from ui.language import say
from ui.reads_versions import Done
from ui.rows import Deed, Row
from ui.wording import Act, Notice, Tone

_STANDS = {
    "done": "đã giải quyết xong",
    "denied": "đã bị từ chối",
    "cancelled": "đã rút hoặc hủy",
    "unresolved": "không giải quyết",
}


def stands(status: str) -> str:
    """Say what a status that ends a dossier means."""
    return say(_STANDS.get(status.casefold(), "đã đóng"))


def rows(found: tuple[Met, ...]) -> list[Row]:
    """Return a line of *Cần xử lý* for each decision; a dossier that was closed is one."""
    lines: dict[str, Row] = {}
    for met in found:
        closed = met.conflict.kind is Kind.CLOSED
        key = f"closed {met.dossier.id}" if closed else f"conflict {met.conflict.id}"
        lines.setdefault(
            key,
            Row(
                key,
                wording.name_of(met.dossier),
                "bad",
                "bad",
                _state(met.conflict),
                met.dossier.name,
                sentence(met),
                deed=Deed.COMPARE if met.conflict.theirs else Deed.DECIDE,
                dossier_id=met.dossier.id,
                paper_id=met.paper.id,
                conflict=met.conflict.id,
            ),
        )
    return list(lines.values())


def _state(conflict: Conflict) -> str:
    if conflict.kind is Kind.CLOSED:
        return say("Hồ sơ đã đóng")
    if conflict.kind is Kind.DROPPED:
        return say("Không còn trong thủ tục")
    return say("Hai bản khác nhau")


def sentence(met: Met) -> str:
    """Say what was met, in one sentence."""
    kind, name = met.conflict.kind, met.paper.name
    if kind is Kind.CHANGED:
        return say("{0}: tệp đã gửi bị sửa ở nơi nhận. Chọn bản để giữ ở đó.", name)
    if kind is Kind.OTHER:
        return say("{0}: bàn khác đã gửi một tệp cho giấy tờ này. Chọn bản để giữ.", name)
    if kind is Kind.CLOSED:
        return say("Hồ sơ {0} ở nơi nhận. Gửi tiếp hay không?", stands(met.conflict.word))
    return say("{0}: thủ tục không còn giấy tờ này. Chuyển trang đi, hoặc không gửi.", name)


def button(met: Met, choice: Choice) -> str:
    """Return what stands on the button of a choice, without its key."""
    if choice is Choice.BOTH:
        return say("Giữ cả hai")
    if met.conflict.kind in (Kind.CLOSED, Kind.DROPPED):
        return say("Vẫn gửi") if choice is Choice.MINE else say("Không gửi, giữ ở máy này")
    mine = say("Giữ bản của máy này")
    return mine if choice is Choice.MINE else say("Giữ bản ở nơi nhận")


def decided(met: Met) -> str:
    """Say what follows of what was decided."""
    choice = met.conflict.choice
    if choice is Choice.THEIRS:
        return say("Bản của máy này không gửi đi; vẫn giữ ở đây.")
    if choice is Choice.BOTH:
        return say("Bản của máy này sẽ được gửi thêm, bên cạnh bản kia.")
    if met.conflict.theirs:
        return say("Bản của máy này sẽ thay bản kia ở nơi nhận; bản kia vẫn giữ ở đây.")
    return say("Sẽ được gửi đi.")


# --- local dossiers -----------------------------------------------------------------------------


def asks(dossier: Dossier, code: str, *, scanned: bool) -> Notice:
    """Ask whether a local dossier is the one with this code. ``scanned``: it stands on a page."""
    where = say("Trên trang vừa quét.") if scanned else say("Quét lại mã này để mở hồ sơ đó.")
    return Notice(
        Tone.INFO,
        say("Gắn mã {0} cho hồ sơ {1}?", code, dossier.name),
        where,
        Act.BIND,
        dossier.id,
        code=code,
    )


def overlaps(dossier_id: str, code: str) -> Notice:
    """Say that both have pages in one paper, and ask whether to put them together."""
    return Notice(
        Tone.WARN,
        say("Hồ sơ {0} đã có trang ở cùng giấy tờ", code),
        say("Gộp thì trang của hồ sơ tạm nằm sau các trang đã có. Hoàn tác bằng Ctrl+Z."),
        Act.MERGE,
        dossier_id,
        code=code,
    )


def bound(done: Done) -> Notice:
    """Say that a local dossier has its code, and what other desks have put there."""
    title = say("Đã gắn mã {0}", done.dossier.name)
    if done.others:
        hint = say("Bàn khác đã gửi: {0}.", ", ".join(done.others))
        return Notice(Tone.WARN, title, hint, _back(done), done.dossier.id)
    hint = ""
    if done.unseen is not None:
        hint = say("Chưa xem được ở nơi nhận; sẽ tự xem khi có mạng.")
    return Notice(Tone.GOOD, title, hint, _back(done), done.dossier.id, passing=not hint)


def _back(done: Done) -> Act:
    return Act.NONE if done.merged else Act.UNBIND


def created(done: Done) -> Notice:
    """Say how far the server has come with a new dossier."""
    if done.dossier.code is not None:
        return Notice(Tone.GOOD, say("Hệ thống đã cấp mã {0}", done.dossier.code))
    if isinstance(done.unseen, PagesUnchecked):
        hint = say("Hồ sơ sẽ tự được tạo khi mọi trang đã được đọc.")
        return Notice(Tone.INFO, say(done.unseen.title), hint)
    if done.unseen is not None:
        hint = say("Hồ sơ sẽ tự được tạo khi có mạng.")
        return Notice(Tone.INFO, say("Đang mất mạng"), hint)
    hint = say("Mã sẽ tự hiện ở đây khi được cấp.")
    return Notice(Tone.INFO, say("Hệ thống đã nhận hồ sơ, chưa cấp mã"), hint)
