"""Words: every state, number and trouble becomes a sentence an office would write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from digitizer import errors
from digitizer.digitized import Digitized, Reached
from digitizer.errors import DigitizerError
from digitizer.model import (
    OTHER_PART,
    Bundle,
    Dossier,
    Origin,
    Page,
    Paper,
    PaperKind,
    PlacedBy,
    Reading,
    Receipt,
    Signature,
    Signed,
    Standing,
    Words,
)
from digitizer.plan import WorkKind
from digitizer.proposing import Proposal, Suggestion
from digitizer.recovery import Recovered
from digitizer.scanning import Progress
from digitizer.ways import Way
from digitizer.work.lane import LaneState
from digitizer.work.queue import Outbox, Parked
from ui import light_words, paper_words, scan_words, traffic_words, wording
from ui.commands import Command
from ui.reads import Desk, Moved, Traffic
from ui.scan_words import Front
from ui.target import Ended, Target
from ui.wording import Act, Mark, Tone

NOW = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
READING = Reading(10, 10, 100, 100, False, 0.1, 0, 0.0)
WORDS = Words("t", "p", 3, 90.0)
INTO = Target("d", "Ai đó", "paper", "Tờ khai")


def page(number: int = 1, **changes: object) -> Page:
    made = Page(
        f"p{number}",
        "b",
        number,
        False,
        True,
        "paper",
        f"{number:064x}",
        0,
        PlacedBy.BATCH,
        False,
        READING,
        WORDS,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def paper(*pages: Page, **changes: object) -> Paper:
    made = Paper("paper", "TP01", "Tờ khai", PaperKind.COMPONENT, True, False, "", 1, pages)
    return replace(made, **changes)  # type: ignore[arg-type]


def desk(
    one: Paper, *, finished: bool = False, server: str | None = "x", **changes: object
) -> Desk:
    dossier = Dossier(
        "d",
        "000.00.20.H02-261122-0007",
        None,
        "1.001193",
        "Đăng ký khai sinh",
        "Đặng Văn A",
        "",
        "T",
        NOW,
        NOW if finished else None,
        (one,),
    )
    return Desk(dossier, server=server, **changes)  # type: ignore[arg-type]


def bundled(*, sent: bool = False) -> Paper:
    one = paper(page())
    fingerprint = desk(one).dossier.fingerprint(one) or ""
    bundle = Bundle(fingerprint, "s" * 64, 1, 10, NOW)
    receipts = (Receipt(fingerprint, "s" * 64, "x", "r", NOW),) if sent else ()
    return replace(one, bundles=(bundle,), receipts=receipts)


@pytest.mark.parametrize(
    ("shown", "mark", "state"),
    [
        (desk(paper()), Mark.EMPTY, "Còn thiếu"),
        (desk(paper(required=False)), Mark.OPTIONAL, "Nếu có"),
        (desk(paper(kind=PaperKind.RESULT)), Mark.EMPTY, "Chưa có kết quả"),
        (
            desk(paper(page(1, batch_open=True), page(2, words=None))),
            Mark.WORKING,
            "Chờ quét xong · đọc chữ 1/2",
        ),
        (desk(paper(page(1), page(2, words=None))), Mark.WORKING, "Đang đọc chữ 1/2"),
        (desk(paper(page(1))), Mark.WORKING, "Đang đóng tệp PDF"),
        (desk(bundled()), Mark.READY, "Đã có"),
        (desk(bundled(), finished=True), Mark.READY, "Chờ gửi"),
        (desk(bundled(), finished=True, server=None), Mark.READY, "Đã có · chưa khai báo nơi gửi"),
        (desk(bundled(sent=True), finished=True, server="y"), Mark.READY, "Chờ gửi"),
        (desk(replace(bundled(sent=True), pages=())), Mark.EMPTY, "Nơi nhận vẫn giữ bản cũ"),
        (desk(replace(bundled(sent=True), pages=()), server="y"), Mark.EMPTY, "Còn thiếu"),
        (desk(bundled(), finished=True, sending=frozenset(["paper"])), Mark.READY, "Đang gửi"),
    ],
)
def test_a_paper_says_how_it_stands(shown: Desk, mark: Mark, state: str) -> None:
    line = paper_words.paper_line(shown, shown.dossier.papers[0])
    assert (line.mark, line.state) == (mark, state)


def test_a_sent_paper_says_when() -> None:
    line = paper_words.paper_line(desk(bundled(sent=True)), bundled(sent=True))
    assert line.mark is Mark.SENT
    assert line.state == f"Đã gửi lúc {wording.clock(NOW)}"


def test_trouble_is_told_on_its_paper() -> None:
    stuck = Parked("d", WorkKind.UPLOAD, "paper", 1, True, "upload-refused", "", "")
    late = Parked("d", WorkKind.OCR, f"{1:064x}:0", 1, False, "program-timeout", "", "")
    line = paper_words.paper_line(desk(bundled(), troubles=(stuck,)), bundled())
    assert line.mark is Mark.TROUBLE
    assert line.retry
    assert line.state == "Chưa gửi được: hệ thống thủ tục từ chối giấy tờ này"
    line = paper_words.paper_line(desk(paper(page()), troubles=(late,)), paper(page()))
    assert line.state == "Chưa xử lý được: xử lý trang quá lâu. Sẽ tự thử lại."


@pytest.mark.parametrize(
    ("error", "pages", "act"),
    [
        (errors.FeederJam(), 3, Act.SCAN_ON),
        (errors.FeederJam(), 0, Act.SCAN_ON),
        (errors.FeederEmpty(), 0, Act.SCAN),
        (errors.ScannerLost(), 0, Act.SCAN_AGAIN),
        (errors.ScannerLost(), 2, Act.SCAN_ON),
        (errors.ScannerNotFound(), 0, Act.SETTINGS),
        (errors.ScannerNotFound("x"), 0, Act.SCAN_AGAIN),
        (errors.ProfileUnsupported(), 0, Act.SETTINGS),
    ],
)
def test_a_scan_that_ended_badly_has_the_right_button(
    error: DigitizerError, pages: int, act: Act
) -> None:
    ended = Ended(INTO, pages, error, last="page" if pages else None)
    notice = scan_words.scan_ended(ended, Front.PAPER)
    assert notice.act is act
    assert notice.hint
    assert (f"Đã lưu {pages} trang" in notice.hint) == bool(pages)
    away = scan_words.scan_ended(ended, Front.ELSEWHERE)
    assert away.title == f"{error.title} · hồ sơ Ai đó"
    assert away.act is (Act.NONE if notice.tone is Tone.INFO else act)
    for other in (away, scan_words.scan_ended(ended, Front.DOSSIER)):
        assert (other.ended is ended) == (other.act not in (Act.NONE, Act.SETTINGS))
        if other.act is not Act.SETTINGS:
            assert "Tờ khai" in other.hint, "it goes to what is not in front of the clerk"
            assert "bấm Quét" not in other.hint, "F5 would scan into what is in front"


def rows(base: type[DigitizerError]) -> set[type[DigitizerError]]:
    found = {base} if "code" in vars(base) and base is not DigitizerError else set()
    return found.union(*(rows(child) for child in base.__subclasses__()))


@pytest.mark.parametrize("kind", sorted(rows(DigitizerError), key=lambda kind: kind.code))
def test_every_trouble_has_words(kind: type[DigitizerError]) -> None:
    for notice in (
        scan_words.scan_ended(Ended(INTO, 1, kind()), Front.PAPER),
        wording.failed(kind()),
    ):
        assert notice.title
        assert notice.hint
        assert "rror" not in notice.title + notice.hint


def traffic(**changes: object) -> Traffic:
    still = LaneState(0, 0, 0, None)
    return replace(Traffic(Outbox(), still, still, True), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "since", "said"),
    [
        (traffic(server=False), None, "Chưa khai báo nơi gửi"),
        (traffic(server=False, kept=2), None, "2 hồ sơ chưa gửi · chưa khai báo nơi gửi"),
        (traffic(), None, "Không có gì chờ gửi"),
        (traffic(sent_at=NOW), None, "Đã gửi hết"),
        (traffic(sent_at=NOW, withheld=1), None, "Đã gửi · để lại 1 giấy tờ"),
        (traffic(withheld=2), None, "Để lại 2 giấy tờ"),
        (traffic(sent_at=NOW, kept=1), None, "1 chưa có mã hồ sơ"),
        (traffic(sent_at=NOW), NOW, f"Đã gửi hết · mất mạng từ {wording.clock(NOW)}"),
        (
            traffic(local=LaneState(0, 0, 0, errors.DiskFull())),
            None,
            "Ổ đĩa đã đầy · không có gì chờ gửi",
        ),
        (
            traffic(outbox=Outbox(12, 0), sync=LaneState(0, 0, 0, errors.Offline())),
            NOW,
            f"12 chờ gửi · mất mạng từ {wording.clock(NOW)}",
        ),
        (traffic(outbox=Outbox(2, 1)), None, "2 chờ gửi · 1 chưa gửi được"),
        (traffic(outbox=Outbox(0, 1)), None, "1 chưa gửi được"),
        (traffic(outbox=Outbox(held=2), sent_at=NOW), None, "2 chờ nhận lô"),
        (traffic(outbox=Outbox(1, 0), sync=LaneState(1, 0, 0, None)), None, "Đang gửi 1/1"),
    ],
)
def test_the_outbox_in_a_few_words(now: Traffic, since: datetime | None, said: str) -> None:
    assert traffic_words.traffic(now, since, None) == said


def test_the_outbox_counts_what_it_sends_and_says_when_it_last_did() -> None:
    busy = traffic(outbox=Outbox(9, 1), sync=LaneState(1, 3, 0, None), sent_at=NOW)
    assert (
        traffic_words.traffic(busy, None, NOW, sent_in_round=3) == "Đang gửi 4/12 · 1 chưa gửi được"
    )
    quiet = traffic(sent_at=NOW)
    at = wording.clock(NOW)
    assert traffic_words.traffic(quiet, None, NOW) == f"Đã gửi hết · cập nhật lúc {at}"
    assert traffic_words.hint(quiet).startswith(f"Lần gửi gần nhất: {at} ngày 22/11/2026.")
    assert "Cài đặt" in traffic_words.hint(traffic(server=False))


def test_pages_that_a_code_led_away_are_told_with_the_newest_first() -> None:
    here = replace(desk(paper()).dossier, papers=())
    there = replace(here, id="e", holder="", code="000.00.20.H02-261122-0008")
    newest = Moved(here, ("a", "b"))
    notice = wording.moved((Moved(there, ("c",)), newest))
    assert notice.title == "2 trang đã chuyển sang hồ sơ Đặng Văn A"
    assert notice.hint == (
        "Theo mã 000.00.20.H02-261122-0007 trên giấy. "
        "Ngoài ra 1 trang đã chuyển sang hồ sơ 000.00.20.H02-261122-0008."
    )
    assert (notice.act, notice.dossier_id, notice.urgent) == (Act.OPEN, "d", False)
    strangers = wording.moved((replace(newest, unsorted=True),))
    assert strangers.title == "2 trang đã để riêng ở Chưa phân loại"
    assert (strangers.act, strangers.dossier_id) == (Act.OPEN, "d")


def test_what_is_missing_is_told_in_the_order_of_the_procedure() -> None:
    def of(*papers: Paper) -> str:
        return wording.missing(replace(desk(paper()).dossier, papers=papers))

    result = paper(id="k", part="KQ", title="Giấy khai sinh", kind=PaperKind.RESULT)
    there = paper(page())
    assert of(paper(), result) == "Còn thiếu: Tờ khai"
    assert of(paper(), paper(id="2"), result) == "Còn thiếu 2 giấy tờ và kết quả"
    assert of(there, result) == "Đủ giấy tờ, chưa có kết quả"
    assert of(there) == "Đủ giấy tờ"


def test_the_light_tells_pages_that_are_of_no_paper_yet() -> None:
    none = Digitized(Reached.NOTHING, None)
    unfiled = desk(paper(page(), part=OTHER_PART, kind=PaperKind.OTHER)).dossier
    assert light_words.light(unfiled, none).text == "Số hóa: giấy tờ chưa xếp"
    assert light_words.light(desk(paper()).dossier, none).text == "Số hóa: chưa có giấy tờ"


def test_done_says_what_happens_now() -> None:
    shown = desk(paper(page()))
    assert wording.finished(shown.dossier, server=True).tone is Tone.GOOD
    assert "Chưa khai báo nơi gửi" in wording.finished(shown.dossier, server=False).hint
    local = replace(shown.dossier, code=None, local_number=1)
    assert "Chưa có mã hồ sơ" in wording.finished(local, server=True).hint
    held = page(2, held=True)
    stack = wording.finished(desk(paper(held)).dossier, server=True)
    assert stack.hint.endswith("chưa nhận nên chưa gửi; nhận lô (Alt+2) xong sẽ tự gửi.")
    both = replace(shown.dossier, papers=(paper(page()), paper(held, id="2")))
    assert wording.finished(both, server=True).hint.endswith("trừ trang của lô chưa nhận (Alt+2).")
    left = desk(paper(page(), way=Way(withheld=True))).dossier
    assert wording.finished(left, server=True).hint == "1 trang. Đã để lại máy này, không gửi."
    lacking = wording.finished(desk(paper()).dossier, server=True)
    assert (lacking.tone, lacking.act) == (Tone.WARN, Act.REOPEN)
    assert lacking.hint.startswith("Chưa có trang nào nên không có gì để gửi. Còn thiếu: ")


def test_recovery_is_told_only_where_there_was_some() -> None:
    assert wording.recovered(Recovered()) is None
    told = wording.recovered(Recovered(pages=3, batches=1, set_aside=2))
    assert told is not None
    assert told.title == "Đã khôi phục 3 trang"
    assert "2 tệp" in told.hint


def test_a_sheet_whose_back_is_missing_is_put_back_itself() -> None:
    whole = Ended(INTO, 4, errors.FeederJam(), last="page")
    half = replace(whole, pages=3, half=True)
    assert "đặt lại từ tờ sau trang này" in scan_words.scan_ended(whole, Front.LAST_PAGE).hint
    said = scan_words.scan_ended(half, Front.LAST_PAGE).hint
    assert "đặt lại từ chính tờ này vì mặt sau chưa quét" in said
    assert "trang này" not in scan_words.scan_ended(half, Front.PAPER).hint


def test_a_scan_goes_on_where_it_was() -> None:
    jam = errors.FeederJam()
    came = Ended(INTO, 2, jam, last="two").onward
    assert came == replace(INTO, after="two", goes_on=True)
    assert Ended(came, 1, jam, last="three").onward == replace(came, after="three")
    assert Ended(came, 0, jam).onward == came, "nothing more came"
    inserted = replace(INTO, after="one")
    assert Ended(inserted, 0, jam).onward == inserted
    assert Ended(inserted, 1, jam, last="two").onward == replace(inserted, after="two")
    again = replace(INTO, replaces="bad", glass=True)
    assert Ended(again, 0, jam).onward == again
    assert Ended(again, 1, jam, last="good").onward == replace(INTO, after="good", glass=True)


def test_fronts_alone_are_told_where_both_sides_were_wanted() -> None:
    notice = scan_words.fronts_only(4)
    assert (notice.title, notice.act) == ("Đã lưu 4 trang: máy này chỉ quét được một mặt", Act.NONE)
    assert Command.WEAVE.value in notice.hint
    assert scan_words.fronts_only(4, "Ai đó").title.endswith(" · hồ sơ Ai đó")


def test_what_a_scan_does_is_said_in_one_line() -> None:
    assert scan_words.coming("Tờ khai", None) == "Đang quét vào: Tờ khai"
    assert scan_words.coming("Tờ khai", Progress(4, 0.6)).endswith("trang 4 của lượt này, 60 %")
    assert scan_words.coming("Tờ khai", Progress(4)).endswith("· trang 4 của lượt này")
    assert "đặt giấy vào khay" in scan_words.coming("Tờ khai", Progress(1, waiting=True))


SIGNED = Signed((Signature("Nguyễn Văn Ánh", NOW, Standing.VALID),), pdfa=False)
UNKNOWN = Signed((Signature("Nguyễn Văn Ánh", NOW, Standing.UNKNOWN_ISSUER),), pdfa=False)
CHANGED = Signed((Signature("", None, Standing.CHANGED),), pdfa=False)


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        (SIGNED, "Chữ ký số hợp lệ: Nguyễn Văn Ánh"),
        (UNKNOWN, "Chữ ký số còn nguyên, chưa rõ nơi cấp: Nguyễn Văn Ánh"),
        (CHANGED, "Chữ ký số: tệp đã bị thay đổi sau khi ký"),
    ],
)
def test_a_signed_pdf_says_what_its_signature_is_worth(signed: Signed, said: str) -> None:
    one = paper(page(origin=Origin("o", 1, 1)), signed=(("o", signed),))
    assert paper_words.signature_text(one) == said


def test_an_edited_signed_pdf_says_that_its_signature_is_gone() -> None:
    one = paper(page(origin=Origin("o", 1, 2)), signed=(("o", SIGNED),))
    assert paper_words.signature_text(one).endswith("chữ ký số không còn theo tệp")
    assert paper_words.signature_text(paper(page())) == ""


def test_pages_without_words_are_told_with_a_way_to_try_again() -> None:
    failed = Words("", "", 0, 0.0, failed="program-timeout")
    first, second = page(1, words=WORDS), page(2, words=failed)
    notice = scan_words.unreadable(desk(paper(first, second)).dossier, (second,))
    assert notice.title == "Trang 2 không đọc được chữ"
    assert notice.act is wording.Act.READ_AGAIN
    both = (replace(first, words=failed), second)
    assert scan_words.unreadable(desk(paper(*both)).dossier, both).title.startswith("2 trang")


def test_a_question_about_a_title_names_the_pages_and_where_they_would_go() -> None:
    first, second = page(2), page(3)
    other = paper(page(1), first, second, part="TP99", title="Giấy tờ khác")
    goal = paper(id="goal")
    dossier = replace(desk(other).dossier, papers=(goal, other))
    found = Suggestion((first, second), Proposal("TP01", "Tờ khai", 0.98))
    notice = scan_words.suggested(dossier, found)
    assert notice.title == "Có vẻ là «Tờ khai»"
    assert notice.hint.startswith("Trang 2–3 của Giấy tờ khác.")
    assert (notice.act, notice.pages, notice.paper_id) == (Act.FILE, ("p2", "p3"), "goal")
    assert not notice.urgent
    alone = scan_words.suggested(dossier, replace(found, pages=(second,)))
    assert alone.hint.startswith("Trang 3 của")
