"""PURE: what hangs → the lines of *Cần xử lý*, each with one button."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from digitizer import errors
from digitizer.errors import ClerkError, DigitizerError, Remedy
from digitizer.hanging import Doubt, Hanging, Held, Stuck
from digitizer.leftbehind import Remnant
from digitizer.model import Dossier
from digitizer.recovery import Recovered
from digitizer.watchkeeper import WatchKept
from ui import clerk_words, folder_words, secret_words, version_words, wording
from ui.language import say
from ui.reads import Traffic
from ui.rows import Deed, Row

SET_ASIDE = "set aside"
"""The key of the line about files that were set aside at start."""
_NAMED = 3
_DEEDS = {wording.Act.PASSWORD: Deed.PASSWORD, wording.Act.SETTINGS: Deed.SETTINGS}


class Now(Struct, frozen=True):
    """What stands beside the facts: how the lanes are, why nothing was fetched, how the watched
    folders are, what was found at start."""

    traffic: Traffic | None = None
    unfetched: DigitizerError | None = None
    folders: WatchKept = field(default_factory=WatchKept)
    recovered: Recovered = field(default_factory=Recovered)


def rows(hanging: Hanging, now: Now, remnants: Sequence[Remnant] = ()) -> tuple[Row, ...]:
    """Return a line for everything that needs a hand, what holds up most first."""
    return (
        *secret_words.rows(hanging.suspects),
        *_lanes(now),
        *_held(hanging.held, now.unfetched),
        *_folders(now.folders),
        *version_words.rows(hanging.conflicts),
        *(_stuck(one) for one in hanging.stuck),
        *(_remnant(one) for one in remnants),
        *(_doubt(one, "interrupted") for one in hanging.interrupted),
        *(_doubt(one, "unread") for one in hanging.unread),
        *_unsorted(hanging),
        *_kept(hanging, now.traffic),
        *_set_aside(now.recovered),
    )


def _lanes(now: Now) -> list[Row]:
    """Return a line for each trouble that stops all of a lane, but those that mend themselves."""
    met = [now.traffic.sync.paused, now.traffic.local.paused] if now.traffic else []
    found = {
        error.code: type(error)
        for error in (*met, now.unfetched)
        if error is not None
        and error.remedy is not Remedy.LATER
        and not isinstance(error, ClerkError)
    }
    found.pop(errors.ServerNotSet.code, None)  # told with the dossiers that wait for it
    return [_lane(error) for error in found.values()]


def _lane(error: type[DigitizerError]) -> Row:
    deed = _DEEDS.get(wording.way_out(error), Deed.RETRY)
    sends = issubclass(error, errors.ServerError)
    state = say("Đang dừng gửi") if sends else say("Đang dừng xử lý")
    title, hint = say(error.title), say(error.hint)
    key, part = wording.row_of(error.code), wording.part_of(error)
    return Row(key, title, "bad", "bad", state, "", hint, deed=deed, part=part)


def _held(held: tuple[Held, ...], unfetched: DigitizerError | None) -> list[Row]:
    """Return a line for each account that cannot sign in, where there are several."""
    found = {(one.clerk, one.error): one for one in held}
    if isinstance(unfetched, ClerkError):
        desk = Held(unfetched.detail, unfetched.who, unfetched.code, 0)
        found.setdefault((desk.clerk, desk.error), desk)
    return [
        Row(
            f"clerk {one.clerk} {one.error}",
            clerk_words.title(errors.kind(one.error), one.who),
            "bad",
            "bad",
            say("Chưa gửi được") if one.dossiers else say("Chưa lấy được"),
            sentence=clerk_words.waiting(one.dossiers),
            deed=Deed.PASSWORD,
            clerk=one.clerk,
        )
        for one in found.values()
    ]


def _folders(kept: WatchKept) -> list[Row]:
    if not folder_words.needs(kept):
        return []
    notice = folder_words.notice(kept)
    return [
        Row(
            notice.row,
            say(notice.title),
            "warn",
            "warn",
            say("Thư mục theo dõi"),
            sentence=say(notice.hint),
            deed=Deed.FOLDERS,
        )
    ]


def _stuck(one: Stuck) -> Row:
    error = errors.kind(one.error)
    deed = Deed.RETRY
    if issubclass(error, errors.InputError) and error.remedy is Remedy.NEVER and one.page_id:
        deed = Deed.PAGE
    elif issubclass(error, errors.UploadRefused | errors.DossierNotAtServer):
        deed = Deed.OPEN
    hint = say(error.hint)
    if issubclass(error, errors.DossierNotAtServer):
        hint = say("Mã sai thì mở hồ sơ, bấm Y rồi gắn mã đúng.")
    named = ", ".join(one.papers[:_NAMED])
    if len(one.papers) > _NAMED:
        named += say(" và {0} giấy tờ nữa", len(one.papers) - _NAMED)
    what = f"{say(error.title)} ({named})" if named else say(error.title)
    return _of(
        one.dossier,
        f"stuck {one.error} {one.uploads}",
        ("bad", "bad", say("Chưa gửi được") if one.uploads else say("Chưa xử lý được")),
        f"{what}. {hint}",
        deed,
        one.paper_id,
        one.page_id,
    )


def _remnant(one: Remnant) -> Row:
    sentence = say(
        "{0}: ở đây không còn trang nào, hệ thống một cửa vẫn giữ tệp đã gửi. "
        "Xóa tệp đó ở hệ thống, hoặc quét lại để thay.",
        one.title,
    )
    state = ("warn", "warn", say("Còn bản cũ ở nơi nhận"))
    return _of(one.dossier, f"remnant {one.paper_id}", state, sentence, Deed.OPEN, one.paper_id)


def _doubt(one: Doubt, kind: str) -> Row:
    if kind == "unread":
        state = say("Không đọc được chữ")
        sentence = say(
            "{0} trang ({1}). Xem lại, quét lại nếu mờ; vẫn gửi được.", one.pages, one.paper
        )
    else:
        at = ""
        if one.at:
            at = say(" lúc {0} ngày {1}", wording.clock(one.at), wording.day(one.at))
        state = say("Quét dở dang")
        sentence = say(
            "Lượt quét{0} bị ngắt, đã giữ {1} trang. Xem còn thiếu tờ nào không.", at, one.pages
        )
        if one.dossier.finished_at is not None:
            sentence += say(" Chưa gửi: quét tiếp, hoặc mở lại hồ sơ rồi bấm Xong.")
    return _of(
        one.dossier, kind, ("warn", "warn", state), sentence, Deed.PAGE, one.paper_id, one.page_id
    )


def _unsorted(hanging: Hanging) -> list[Row]:
    dossier_id, pages = hanging.unsorted
    if not pages:
        return []
    return [
        Row(
            "unsorted",
            say("Chưa phân loại"),
            "warn",
            "warn",
            say("{0} trang", pages),
            sentence=say("Chưa rõ của hồ sơ nào nên không gửi. Chuyển từng trang về hồ sơ của nó."),
            deed=Deed.OPEN,
            dossier_id=dossier_id,
        )
    ]


def _kept(hanging: Hanging, traffic: Traffic | None) -> list[Row]:
    if traffic is not None and not traffic.server:
        if not traffic.kept:
            return []
        return [
            Row(
                "kept",
                say("{0} hồ sơ đã xong, chưa gửi", traffic.kept),
                "warn",
                "warn",
                say("Chưa có nơi gửi"),
                sentence=say(errors.ServerNotSet.hint),
                deed=Deed.SETTINGS,
            )
        ]
    sentence = say("Đã xong nhưng chưa có mã hồ sơ nên chưa gửi; các trang giữ ở máy này.")
    state = ("warn", "warn", say("Chưa có mã hồ sơ"))
    return [_of(one, "codeless", state, sentence, Deed.OPEN) for one in hanging.codeless]


def _set_aside(done: Recovered) -> list[Row]:
    if not done.set_aside:
        return []
    return [
        Row(
            SET_ASIDE,
            say("Lần trước phần mềm dừng đột ngột"),
            "info",
            "accent",
            say("{0} tệp dở dang", done.set_aside),
            sentence=say("Giữ riêng trong thư mục rescued. Không mất trang nào đã lưu."),
            deed=Deed.SEEN,
        )
    ]


def _of(
    dossier: Dossier,
    key: str,
    state: tuple[str, str, str],
    sentence: str,
    deed: Deed,
    paper_id: str = "",
    page_id: str = "",
) -> Row:
    mark, tone, word = state
    return Row(
        f"{key} {dossier.id}",
        wording.name_of(dossier),
        mark,
        tone,
        word,
        dossier.name,
        sentence,
        deed=deed,
        dossier_id=dossier.id,
        paper_id=paper_id,
        page_id=page_id,
    )
