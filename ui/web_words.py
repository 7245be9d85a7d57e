"""PURE: web pages that scan here, and what becomes of it → Vietnamese sentences and lines.

Used by ``ui.webdesk`` and the settings. Names a page's origin, never what it sent.
"""

from __future__ import annotations

from datetime import datetime

from digitizer import errors
from digitizer.bridge.consents import Consent, Standing
from digitizer.bridge.desk import Happened, News
from digitizer.bridge.keeper import BridgeKept
from digitizer.errors import DigitizerError
from digitizer.origins import is_plain
from digitizer.origins import site_of as whole_site
from digitizer.storage.webpages import WebScan
from ui import wording
from ui.folder_words import Line
from ui.language import say, trouble
from ui.rows import Part
from ui.wording import Act, Notice, Tone

ALLOW, REFUSE, LEAVE, ASK_ANEW, SEE = (
    "Cho phép",
    "Từ chối",
    "Thôi cho phép",
    "Thôi từ chối",
    "Xem",
)
"""The words on the buttons of lines."""
_LETTERS = 40
BUTTONS = (ALLOW, REFUSE, LEAVE, ASK_ANEW, SEE)

_FIRST: dict[type[DigitizerError], str] = {
    errors.FeederEmpty: "Đặt giấy vào khay,",
    errors.FeederJam: "Mở nắp, lấy tờ giấy bị kẹt ra, đặt lại cả tập,",
    errors.CoverOpen: "Đóng nắp, đặt lại cả tập,",
    errors.DoubleFeed: "Tách hai tờ dính nhau ra, đặt lại cả tập,",
    errors.FeederStopped: "Xem hai tờ có dính nhau hay giấy có kẹt không, đặt lại cả tập,",
    errors.ScannerBusy: "Chờ lượt quét đang chạy xong,",
    errors.ScannerNotFound: "Bật máy quét, cắm cáp,",
    errors.ScannerLost: "Kiểm tra cáp và nguồn của máy quét,",
    errors.ScanCancelled: "Muốn quét tiếp thì đặt lại cả tập,",
    errors.ScannerCrashed: "Đặt lại cả tập,",
}
"""What to do before the button on the page is pressed again: the page wants all of it at once."""


def site_of(origin: str) -> str:
    """Return what a page is called: its name, with ``http://`` where it is not encrypted; of a long
    one its end, which tells whose it is."""
    site = origin if is_plain(origin) else whole_site(origin)
    return site if len(site) <= _LETTERS else f"…{site[-_LETTERS:]}"


def asked(origin: str) -> Notice:
    """Ask whether an origin may scan."""
    hint = say("Chỉ cho phép trang của cơ quan. Trả lời một lần, đổi lại trong Cài đặt.")
    if is_plain(origin):
        hint = say("Trang không mã hóa (http). {0}", hint)
    title = say("Trang web {0} muốn quét bằng máy này", site_of(origin))
    return Notice(
        Tone.INFO, title, hint, Act.ALLOW_PAGE, other=Act.REFUSE_PAGE, origin=origin, lasting=True
    )


def happened(news: News, saved: int, *, gone: bool = False) -> Notice | None:
    """Say what happened to what a page asked for; None: nothing that has to be said.

    Args:
        news: What.
        saved: How many pages of it are safe; 0 while it is being scanned.
        gone: The page went away before.
    """
    site = site_of(news.origin)
    dossier = news.order.dossier_id if news.order is not None else ""
    if news.what is Happened.BEGUN:
        title = say("Đang quét cho trang web {0}", site)
        hint = say("Từng trang được lưu ngay khi quét xong.")
        return Notice(Tone.INFO, title, hint, Act.STOP_WEB, lasting=True)
    if news.error is not None and news.what is not Happened.REFUSED:
        return failed(news.origin, news.error, news.pages, dossier)
    if news.what is Happened.SCANNED and not gone:
        title = say("{0}, quét cho trang web {1}", wording.saved(news.pages), site)
        return _note(Tone.INFO, title, say("Đang đọc chữ và ghép tệp PDF cho trang web."), dossier)
    if saved and news.what in (Happened.SCANNED, Happened.LEFT):
        title = say("Trang web {0} đã đóng trước khi nhận tệp", site)
        hint = say("{0}. Bấm Quét lại trên trang web nếu vẫn cần tệp.", wording.saved(saved))
        return _note(Tone.INFO, title, hint, dossier)
    return None


def failed(origin: str, error: DigitizerError, pages: int = 0, dossier_id: str = "") -> Notice:
    """Say that a page got no file, and what to do."""
    title = say("{0} · trang web {1} chưa nhận được tệp", say(error.title), site_of(origin))
    first = next((say(text) for kind, text in _FIRST.items() if isinstance(error, kind)), None)
    hint = say("{0} rồi bấm Quét lại trên trang web.", first) if first else say(error.hint)
    if pages:
        hint = f"{wording.saved(pages)}. {hint}"
    quiet = isinstance(error, errors.FeederEmpty | errors.ScanCancelled | errors.ScannerBusy)
    return _note(Tone.INFO if quiet else Tone.BAD, title, hint, dossier_id if pages else "")


def _note(tone: Tone, title: str, hint: str, dossier_id: str = "") -> Notice:
    act = Act.SEE_WEB if dossier_id else Act.NOTED_WEB
    return Notice(tone, title, hint, act, dossier_id, lasting=True)


def troubled(kept: BridgeKept) -> Notice | None:
    """Say why web pages cannot be listened to though they should be; None where they are."""
    if not kept.on or kept.trouble is None:
        return None
    title = say("Trang web chưa quét được: {0}", say(kept.trouble.title))
    hint = say(kept.trouble.hint)
    if isinstance(kept.trouble, errors.PortTaken):
        title = say("Trang web chưa quét được: cổng {0} đang có người dùng", kept.trouble.detail)
        hint = say("Đóng phần mềm quét kèm trang web, rồi tắt, bật lại trong Cài đặt.")
    return Notice(Tone.WARN, title, hint, Act.SETTINGS, lasting=True, part=Part.WEB)


def standing(kept: BridgeKept, port: int) -> str:
    """Say whether web pages are listened to."""
    if not kept.on:
        return ""
    if isinstance(kept.trouble, errors.PortTaken):
        return say(
            "✗ Phần mềm khác đang giữ cổng {0}: thường là phần mềm quét kèm trang web. "
            "Đóng phần mềm đó rồi tắt, bật lại ở đây.",
            kept.trouble.detail,
        )
    if kept.trouble is not None:
        return f"✗ {trouble(kept.trouble)}"
    return say("✓ Đang chờ trang web, chỉ trên máy này (cổng {0}).", port) if port else ""


def asking(origins: tuple[str, ...]) -> tuple[Line, ...]:
    """Return a line for each origin that nobody has answered yet."""
    return tuple(
        Line(origin, site_of(origin), say("Muốn quét bằng máy này."), (ALLOW, REFUSE))
        for origin in origins
    )


def answered(kept: BridgeKept) -> tuple[Line, ...]:
    """Return a line for each origin that is allowed or refused; ``key`` is the origin."""
    return tuple(_answered(one, locked=kept.locked) for one in kept.consents)


def _answered(one: Consent, *, locked: bool) -> Line:
    allowed = one.standing is Standing.ALLOWED
    said = say("Được quét") if allowed else say("Không được quét")
    if one.at is None:
        return Line(
            f"list {one.origin}",
            site_of(one.origin),
            say("{0}, do quản trị đặt.", said),
            () if locked else (LEAVE,),
        )
    moment = f"{wording.clock(one.at)} {wording.day(one.at)}"
    words = say("{0}: {1}, lúc {2}.", said, one.by, moment)
    act = LEAVE if allowed else ASK_ANEW
    return Line(f"{one.standing} {one.origin}", site_of(one.origin), words, (act,))


def latest(kept: BridgeKept) -> tuple[Line, ...]:
    """Return a line for each of the last scans for web pages; ``key`` ends with the dossier."""
    return tuple(_scan(one) for one in kept.latest)


def _scan(one: WebScan) -> Line:
    at = datetime.fromisoformat(one.asked_at)
    title = say("{0} trang cho {1}", one.pages, site_of(one.origin))
    moment = f"{wording.clock(at)} {wording.day(at)}"
    if one.given_at:
        words = say("Lúc {0}. Trang web đã nhận tệp.", moment)
    else:
        words = say("Lúc {0}. Trang web chưa nhận tệp; các trang giữ ở máy này.", moment)
    return Line(f"{one.asked_at} {one.dossier_id}", title, words, (SEE,))
