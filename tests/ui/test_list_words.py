"""The words of the three lists and of the light: every state becomes what an office would write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from digitizer import errors
from digitizer.arrivals import Held, Why
from digitizer.departures import Leaving, Left, Withheld
from digitizer.digitized import Digitized, Reached
from digitizer.errors import DigitizerError
from digitizer.hanging import Doubt, Hanging, Stuck
from digitizer.leftbehind import Remnant
from digitizer.model import Dossier, Paper, PaperKind
from digitizer.recovery import Recovered
from digitizer.sending import Load
from digitizer.watchkeeper import WatchKept
from digitizer.work.lane import LaneState
from digitizer.work.queue import Outbox
from digitizer.work.sync import Going
from digitizer.worklist import Day, Stage, Stays, Task
from ui import light_words, outbox_words, today_words, trouble_words
from ui.reads import Traffic
from ui.reads_lists import Outgoing, Today
from ui.rows import Deed, Part, Row
from ui.trouble_words import Now
from ui.wording import Mark

NOW = datetime.now(UTC).astimezone().replace(hour=12, minute=0)
IDLE = LaneState(0, 0, 0, None)


def dossier(**changes: object) -> Dossier:
    facts: dict[str, object] = {
        "id": "d", "code": "000.00.20.H02-261122-0007", "local_number": None,
        "procedure_code": "1.001193", "procedure_name": "Đăng ký khai sinh",
        "holder": "Đặng Văn A", "server_ref": "7", "template": "T", "opened_at": NOW,
        "finished_at": NOW,
    }  # fmt: skip
    return Dossier(**{**facts, **changes})  # type: ignore[arg-type]


def task(stage: Stage = Stage.UNSCANNED, due: timedelta | None = None, **changes: object) -> Task:
    due_at = None if due is None else NOW + due
    facts: dict[str, object] = {"pages": 0, "no_result": False, "listed": True, **changes}
    return Task(dossier(due_at=due_at), stage, **facts)  # type: ignore[arg-type]


def traffic(
    *, sync: LaneState = IDLE, local: LaneState = IDLE, server: bool = True, kept: int = 0
) -> Traffic:
    return Traffic(Outbox(), local, sync, server, kept)


def paused(error: DigitizerError, again_at: datetime | None = None) -> LaneState:
    return LaneState(0, 0, 0, error, again_at)


@pytest.mark.parametrize(
    ("one", "said", "tone"),
    [
        (task(due=timedelta(hours=2)), "Hẹn trả hôm nay 14:00", "warn"),
        (task(due=timedelta(hours=-2)), "Quá hẹn từ 10:00", "bad"),
        (task(due=timedelta(days=-3)), "Quá hẹn 3 ngày", "bad"),
        (task(due=timedelta(days=1)), "Hẹn trả ngày mai 12:00", "ink_soft"),
        (
            task(due=timedelta(days=9)),
            f"Hẹn trả {NOW + timedelta(days=9):%d/%m/%Y}",
            "ink_soft",
        ),
        (
            task(Stage.SENT, due=timedelta(days=-3)),
            f"Hẹn trả {NOW - timedelta(days=3):%d/%m/%Y}",
            "ink_soft",
        ),
        (task(Stage.SENT, due=timedelta(days=-3), no_result=True), "Quá hẹn 3 ngày", "bad"),
        (task(), "", "ink_soft"),
        (task(listed=False), "Mở tại máy này", "ink_soft"),
    ],
)
def test_what_is_due_is_said_as_long_as_something_is_to_be_done(
    one: Task, said: str, tone: str
) -> None:
    assert today_words.due(one, NOW) == (said, tone)


def test_a_task_says_how_far_it_is_and_a_long_list_how_much_is_left_out() -> None:
    sent = task(Stage.SENT, pages=3, no_result=True)
    first, rest = today_words.rows(Today(Day((sent,), 12, None)), NOW)
    assert (first.state, first.mark) == ("Đã gửi", "sent")
    assert first.sentence == "chưa có kết quả · 3 trang · Đăng ký khai sinh"
    assert (rest.title, rest.heading) == ("và 11 hồ sơ nữa", True)
    assert first.said == (
        "Đã gửi. Đặng Văn A, 000.00.20.H02-261122-0007. "
        "chưa có kết quả · 3 trang · Đăng ký khai sinh. Enter: Mở hồ sơ"
    )


@pytest.mark.parametrize(
    ("stays", "state", "mark"),
    [
        (None, "Chờ gửi", "outbox"),
        (Stays.HELD, "Chờ nhận lô", "stack"),
        (Stays.WITHHELD, "Để lại, không gửi", "optional"),
    ],
)
def test_a_task_that_does_not_go_says_so(stays: Stays | None, state: str, mark: str) -> None:
    (row,) = today_words.rows(Today(Day((task(Stage.WAITING, stays=stays),), 1, None)), NOW)
    assert (row.state, row.mark) == (state, mark)


def test_a_task_whose_sending_failed_says_so_as_the_other_lists_do() -> None:
    one = task(Stage.WAITING)
    day = Day((one,), 1, None)
    (row,) = today_words.rows(Today(day, failed=frozenset({one.dossier.id})), NOW)
    assert (row.state, row.mark) == ("Chưa gửi được", "bad")
    (row,) = today_words.rows(Today(day, failed=frozenset({"another"})), NOW)
    assert row.state == "Chờ gửi"


def test_what_only_the_server_still_has_is_told_with_what_to_do() -> None:
    one = Remnant(dossier(), "p", "Tờ khai")
    (row,) = trouble_words.rows(Hanging(), Now(), (one,))
    assert (row.state, row.deed, row.paper_id) == ("Còn bản cũ ở nơi nhận", Deed.OPEN, "p")
    assert row.sentence == (
        "Tờ khai: ở đây không còn trang nào, hệ thống một cửa vẫn giữ tệp đã gửi. "
        "Xóa tệp đó ở hệ thống, hoặc quét lại để thay."
    )


def test_what_waits_for_its_stack_leads_there() -> None:
    (row,) = outbox_words.rows(Outgoing(held=2), None)
    assert (row.title, row.state, row.deed) == ("2 hồ sơ", "Chờ nhận lô", Deed.STACK)
    assert outbox_words.line(traffic(), Outgoing(held=2), None)[2] == "Chỉ còn chờ nhận lô"


def test_the_list_says_why_it_is_old() -> None:
    day = Day((), 0, NOW)
    up = today_words.fetched(day, server=True, unfetched=None, since=None)
    assert up == ("sent", "good", "Danh sách lấy lúc 12:00")
    down = today_words.fetched(day, server=True, unfetched=errors.Offline(), since=NOW)
    assert down == ("warn", "warn", "Mất mạng từ 12:00. Danh sách lấy lúc 12:00")
    never = today_words.fetched(
        Day((), 0, None), server=True, unfetched=errors.SignInRefused(), since=None
    )
    assert never[2] == "Sai tên đăng nhập hoặc mật khẩu. Chưa lấy được danh sách"
    first = today_words.fetched(Day((), 0, None), server=True, unfetched=None, since=None)
    assert first[2] == "Đang lấy danh sách…"


def test_the_outbox_says_what_goes_what_waits_and_what_has_to_wait() -> None:
    first = Leaving(dossier(), 2, 2_640_000, 0)
    later = Leaving(dossier(id="e"), 1, 84_600, 0, "server-trouble", 3, NOW)
    unready = Leaving(dossier(id="f"), 0, 0, 4)
    going = Going("f", "p", "Giấy chứng sinh", 2_640_000, 1_320_000)
    on_its_way, waits, put_off = outbox_words.rows(Outgoing((first, later, unready)), going)
    assert on_its_way.sentence == "Giấy chứng sinh · 1,3 MB / 2,6 MB"
    assert (on_its_way.state, on_its_way.share) == ("Đang gửi", 0.5)
    assert (waits.state, waits.sentence) == ("Chờ gửi", "2 giấy tờ · 2,6 MB")
    assert put_off.state == "Tự gửi lại lúc 12:00"
    assert put_off.sentence == "Hệ thống thủ tục đang trục trặc (đã thử 3 lần)"
    assert (put_off.deed, waits.deed) == (Deed.SEND, Deed.NONE)
    (prepared,) = outbox_words.rows(Outgoing((unready,)), None)
    assert prepared.state == "Đang xử lý"
    done = Going("f", "p", "Giấy chứng sinh", 10, 10)
    (checked,) = outbox_words.rows(Outgoing((unready,)), done)
    assert checked.sentence.endswith("nơi nhận đang đối chiếu")
    named, left = outbox_words.rows(Outgoing(left=(Left(dossier(), 3, NOW),)), None)
    assert (named.title, named.heading) == ("Đã gửi hôm nay: 1 hồ sơ", True)
    assert left.state == "Đã gửi lúc 12:00"
    assert outbox_words.size(84_600) == "85 KB"


@pytest.mark.parametrize(
    ("now", "leaving", "since", "said"),
    [
        (traffic(), (), None, "Không có gì phải chờ"),
        (traffic(), (Leaving(dossier(), 1, 9, 0),), None, "Sẵn sàng gửi"),
        (
            traffic(),
            (Leaving(dossier(), 0, 0, 2),),
            None,
            "Đang đọc chữ và đóng tệp, xong sẽ tự gửi",
        ),
        (traffic(sync=LaneState(1, 0, 0, None)), (), None, "Đang gửi"),
        (
            traffic(sync=paused(errors.Offline(), NOW)),
            (),
            NOW,
            "Mất mạng từ 12:00. Tự thử lại lúc 12:00",
        ),
        (traffic(), (), NOW, "Mất mạng từ 12:00"),
        (
            traffic(),
            (Leaving(dossier(), 1, 9, 0, "server-trouble", 1, NOW),),
            None,
            "Hệ thống thủ tục đang trục trặc. Tự gửi lại lúc 12:00",
        ),
        (
            traffic(server=False),
            (),
            None,
            "Chưa khai báo nơi gửi: hồ sơ đã xong được giữ ở máy này",
        ),
    ],
)
def test_the_line_is_up_or_says_since_when_not(
    now: Traffic, leaving: tuple[Leaving, ...], since: datetime | None, said: str
) -> None:
    assert outbox_words.line(now, Outgoing(leaving), since)[2] == said


def test_how_much_is_left_and_how_long_that_takes() -> None:
    going = Going("f", "p", "Giấy chứng sinh", 2_000_000, 1_000_000)
    load = Load(14, 13_300_000, 266.0)
    now = traffic(sync=LaneState(1, 0, 0, None))
    said = outbox_words.line(now, Outgoing(load=load), None, going)
    assert said[2] == "Đang gửi · còn 14 giấy tờ, 12,3 MB · khoảng 4 phút"
    assert outbox_words.rest(Load(2, 900, None), 0) == "còn 2 giấy tờ, 1 KB"
    assert outbox_words.rest(Load(1, 900, 10.0), 0).endswith("chưa tới một phút")
    assert outbox_words.rest(Load(1, 900, 8000.0), 0).endswith("khoảng 2 giờ")


def test_out_of_hours_it_says_when_it_goes_in_vietnams_time() -> None:
    five = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    closed = LaneState(0, 0, 0, None, closed_until=five)
    leaving = (Leaving(dossier(), 1, 9, 0),)
    said = outbox_words.line(traffic(sync=closed), Outgoing(leaving), None)
    assert said == ("working", "accent", "Đến 17:00 mới gửi, theo giờ gửi trong Cài đặt")
    assert outbox_words.line(traffic(sync=closed), Outgoing(), None)[2] == "Không có gì phải chờ"
    refused = LaneState(0, 0, 0, errors.SignInRefused(), closed_until=five)
    said = outbox_words.line(traffic(sync=refused), Outgoing(leaving), None)
    assert said[2] == "Sai tên đăng nhập hoặc mật khẩu", "that needs a hand at any hour"


def test_what_is_on_its_way_can_be_left_here_and_what_was_goes_after_all() -> None:
    one = Leaving(dossier(), 1, 2_000_000, 0, biggest=2_000_000)
    going = Going("d", "p", "Giấy chứng sinh", 2_000_000, 1)
    (row,) = outbox_words.rows(Outgoing((one,)), replace(going, dossier_id=dossier().id))
    assert (row.deed, row.paper_id) == (Deed.HOLD, "p")
    named, left = outbox_words.rows(Outgoing(withheld=(Withheld(dossier(), "q", "Tờ khai"),)), None)
    assert named.title == "Để lại, không gửi: 1 giấy tờ"
    assert (left.deed, left.paper_id, left.sentence) == (Deed.LET_GO, "q", "Tờ khai")
    heavy = Outgoing((one,), heavy={dossier().id: ("p",)}, minutes=10)
    (large,) = outbox_words.rows(heavy, None)
    assert large.deed is Deed.COMPACT
    assert large.sentence.endswith("tệp lớn, đường truyền cần hơn 10 phút mỗi tệp")


def deeds(hanging: Hanging, now: Now) -> list[tuple[str, Deed]]:
    return [(row.state, row.deed) for row in trouble_words.rows(hanging, now)]


def stuck(error: type[DigitizerError], page: str = "", *, uploads: bool = True) -> Hanging:
    return Hanging((Stuck(dossier(), error.code, uploads, ("Tờ khai",), "p", page),))


def test_each_trouble_has_the_button_that_helps() -> None:
    calm = Now(traffic())
    assert deeds(stuck(errors.UploadConflict), calm) == [("Chưa gửi được", Deed.RETRY)]
    assert deeds(stuck(errors.UploadRefused), calm) == [("Chưa gửi được", Deed.OPEN)]
    broken = stuck(errors.FileUnreadable, "page", uploads=False)
    assert deeds(broken, calm) == [("Chưa xử lý được", Deed.PAGE)]
    assert deeds(stuck(errors.Bug, uploads=False), calm) == [("Chưa xử lý được", Deed.RETRY)]
    doubt = Doubt(dossier(), 2, "Tờ khai", "p", "page", NOW)
    assert deeds(Hanging(unread=(doubt,), interrupted=(doubt,)), calm) == [
        ("Quét dở dang", Deed.PAGE),
        ("Không đọc được chữ", Deed.PAGE),
    ]


def test_a_lane_that_stands_still_is_told_once_unless_it_mends_itself() -> None:
    refused = errors.SignInRefused()
    both = Now(traffic(sync=paused(refused)), refused)
    assert deeds(Hanging(), both) == [("Đang dừng gửi", Deed.PASSWORD)]
    full = Now(traffic(local=paused(errors.DiskFull())))
    assert deeds(Hanging(), full) == [("Đang dừng xử lý", Deed.RETRY)]
    strange = Now(traffic(), errors.ServerUntrusted())
    assert deeds(Hanging(), strange) == [("Đang dừng gửi", Deed.SETTINGS)]
    unable = Now(traffic(sync=paused(errors.NotSupported())))
    rows = [*trouble_words.rows(Hanging(), strange), *trouble_words.rows(Hanging(), unable)]
    assert [row.part for row in rows] == [Part.SERVER, Part.CARRYING]
    assert deeds(Hanging(), Now(traffic(sync=paused(errors.Offline())), errors.Offline())) == []


def test_what_nothing_is_going_to_send_is_told() -> None:
    codeless = Hanging(codeless=(dossier(code=None, local_number=3),))
    assert deeds(codeless, Now(traffic())) == [("Chưa có mã hồ sơ", Deed.OPEN)]
    nowhere = Now(traffic(server=False, kept=4))
    (row,) = trouble_words.rows(codeless, nowhere)
    assert (row.title, row.deed) == ("4 hồ sơ đã xong, chưa gửi", Deed.SETTINGS)


def test_watched_folders_and_what_was_set_aside_are_told() -> None:
    waiting = WatchKept(waiting=(Held(Path("x/a.pdf"), Why.REFUSED),))
    now = Now(traffic(), None, waiting, Recovered(set_aside=2))
    assert deeds(Hanging(), now) == [
        ("Thư mục theo dõi", Deed.FOLDERS),
        ("2 tệp dở dang", Deed.SEEN),
    ]


def test_every_line_has_a_key_of_its_own() -> None:
    doubt = Doubt(dossier(), 2, "Tờ khai", "p", "page", NOW)
    found: tuple[Row, ...] = trouble_words.rows(
        Hanging(
            (*stuck(errors.UploadConflict).stuck, *stuck(errors.UploadRefused).stuck),
            (doubt,),
            (doubt,),
            (dossier(),),
            ("u", 3),
        ),
        Now(traffic(sync=paused(errors.SignInRefused()))),
    )
    assert len({row.key for row in found}) == len(found) == 7


@pytest.mark.parametrize(
    ("reached", "mark", "said"),
    [
        (Digitized(Reached.NOTHING, None), Mark.EMPTY, "Số hóa: chưa có giấy tờ"),
        (Digitized(Reached.HERE, None), Mark.WORKING, "Số hóa: giấy tờ chưa gửi"),
        (Digitized(Reached.THERE, Reached.NOTHING), Mark.WORKING, "Số hóa: còn thiếu kết quả"),
        (Digitized(Reached.THERE, Reached.HERE), Mark.WORKING, "Số hóa: kết quả chưa gửi"),
        (Digitized(Reached.THERE, None, False), Mark.WORKING, "Số hóa: hệ thống chưa tiếp nhận"),
        (Digitized(Reached.THERE, Reached.THERE), Mark.SENT, "Được tính số hóa"),
    ],
)
def test_the_light_says_the_first_thing_that_is_missing(
    reached: Digitized, mark: Mark, said: str
) -> None:
    result = Paper("r", "KQ01", "Giấy khai sinh", PaperKind.RESULT, True, False, "", 1)
    light = light_words.light(dossier(papers=(result,)), reached)
    assert (light.mark, light.text) == (mark, said)
    assert light.besides in ("Đủ giấy tờ", "Đủ giấy tờ, chưa có kết quả")
