"""What is said of web pages that scan."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digitizer import errors
from digitizer.bridge.consents import Consent, Standing
from digitizer.bridge.desk import Happened, News
from digitizer.bridge.keeper import BridgeKept
from digitizer.bridge.orders import Order
from digitizer.errors import DigitizerError
from digitizer.storage.webpages import WebScan
from ui import web_words
from ui.wording import Act, Tone

ORIGIN = "https://motcua.example"
ORDER = Order(ORIGIN, "dossier", "L-000001", "paper", "Quét từ trang web")
AT = datetime(2026, 11, 25, 2, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        (ORIGIN, "motcua.example"),
        ("http://motcua.example:81", "http://motcua.example:81"),
        (f"https://motcua.gov.example.{'a' * 60}.evil.example", f"…{'a' * 27}.evil.example"),
    ],
)
def test_a_name_shows_whose_page_it_is(origin: str, site: str) -> None:
    assert web_words.site_of(origin) == site
    notice = web_words.asked(origin)
    assert notice.title == f"Trang web {site} muốn quét bằng máy này"
    assert (notice.act, notice.other, notice.origin) == (Act.ALLOW_PAGE, Act.REFUSE_PAGE, origin)
    assert ("http" in notice.hint) is origin.startswith("http:")


@pytest.mark.parametrize(
    ("error", "pages", "tone", "hint", "act"),
    [
        (errors.FeederJam(), 2, Tone.BAD, "Đã lưu 2 trang. Mở nắp", Act.SEE_WEB),
        (errors.FeederEmpty(), 0, Tone.INFO, "Đặt giấy vào khay, rồi bấm", Act.NOTED_WEB),
        (errors.ScannerBusy(), 0, Tone.INFO, "Chờ lượt quét", Act.NOTED_WEB),
        (errors.DiskFull(), 3, Tone.BAD, "Đã lưu 3 trang. ", Act.SEE_WEB),
        (errors.WebPageStrange(), 0, Tone.BAD, "Trang đó dùng cách quét khác", Act.NOTED_WEB),
    ],
)
def test_what_went_wrong_says_what_to_do(
    error: DigitizerError, pages: int, tone: Tone, hint: str, act: Act
) -> None:
    order = ORDER if pages else None
    notice = web_words.happened(News(Happened.SCANNED, ORIGIN, order, pages, error), 0)
    assert notice is not None
    assert notice.title == f"{error.title} · trang web motcua.example chưa nhận được tệp"
    assert (notice.tone, notice.act, notice.lasting) == (tone, act, True)
    assert notice.hint.startswith(hint)


def test_what_goes_well_is_said_while_it_lasts() -> None:
    begun = web_words.happened(News(Happened.BEGUN, ORIGIN, ORDER), 0)
    scanned = web_words.happened(News(Happened.SCANNED, ORIGIN, ORDER, 2), 2)
    left = web_words.happened(News(Happened.LEFT, ORIGIN, ORDER), 2)
    assert [one and one.act for one in (begun, scanned, left)] == [
        Act.STOP_WEB, Act.SEE_WEB, Act.SEE_WEB,
    ]  # fmt: skip
    assert left is not None
    assert left.hint.startswith("Đã lưu 2 trang.")
    assert web_words.happened(News(Happened.LEFT, ORIGIN), 0) is None, "it is still being scanned"
    later = web_words.happened(News(Happened.SCANNED, ORIGIN, ORDER, 2), 2, gone=True)
    assert later == left
    for what in (Happened.GIVEN, Happened.REFUSED):
        error = errors.WebPageRefused() if what is Happened.REFUSED else None
        assert web_words.happened(News(what, ORIGIN, ORDER, error=error), 2) is None


def test_how_it_stands() -> None:
    assert web_words.standing(BridgeKept(), 0) == ""
    assert "cổng 58201" in web_words.standing(BridgeKept(on=True), 58201)
    taken = BridgeKept(on=True, trouble=errors.PortTaken("58201"))
    assert web_words.standing(taken, 0).startswith("✗ Phần mềm khác đang giữ cổng 58201")
    full = BridgeKept(on=True, trouble=errors.DiskFull())
    assert web_words.standing(full, 0).startswith(f"✗ {errors.DiskFull.title}")
    assert web_words.troubled(BridgeKept(on=True)) is None
    notice = web_words.troubled(taken)
    assert notice is not None
    assert "cổng 58201" in notice.title
    assert notice.act is Act.SETTINGS


def test_the_lines() -> None:
    said = Consent(ORIGIN, Standing.REFUSED, "lan", AT)
    listed = Consent("https://b.example", Standing.ALLOWED)
    kept = BridgeKept(consents=(said, listed))
    refused, allowed = web_words.answered(kept)
    assert refused.words.startswith("Không được quét: lan, lúc ")
    assert refused.acts == (web_words.ASK_ANEW,)
    assert (allowed.words, allowed.acts) == ("Được quét, do quản trị đặt.", (web_words.LEAVE,))
    (locked,) = web_words.answered(BridgeKept(consents=(listed,), locked=True))
    assert locked.acts == ()
    scan = WebScan(ORIGIN, "dossier", AT.isoformat(), 2, "")
    (line,) = web_words.latest(BridgeKept(latest=(scan,)))
    assert line.title == "2 trang cho motcua.example"
    assert "chưa nhận tệp" in line.words
    assert line.key.endswith(" dossier")
