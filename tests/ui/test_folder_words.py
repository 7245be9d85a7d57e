"""PURE: how watched folders stand, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitizer.arrivals import Held, Why
from digitizer.errors import DiskFull, DossierUnknown
from digitizer.rules import Rule
from digitizer.storage.deliveries import Question
from digitizer.watchkeeper import Watched, WatchKept
from ui import folder_words
from ui.wording import Act, Tone

HOT = Path("/srv/quét")
ONE = Watched(Rule(HOT), "Chưa phân loại", "Giấy tờ khác")


def question(number: int) -> Question:
    return Question(number, f"{HOT}/{number}.jpg", "hash", "2026-11-22T08:00:00+00:00", None)


def test_files_to_decide_on_come_first_and_all_can_be_left_at_once() -> None:
    held = Held(HOT / "x.pdf", Why.PARTIAL)
    lines = folder_words.waiting(WatchKept((ONE,), (held,), (question(1), question(2))))
    assert [line.title for line in lines] == [
        "2 tệp đã lấy trước đây",
        "1.jpg",
        "2.jpg",
        "x.pdf",
    ]
    assert [line.acts for line in lines] == [
        (folder_words.SKIP_ALL,),
        (folder_words.AGAIN, folder_words.SKIP),
        (folder_words.AGAIN, folder_words.SKIP),
        (),
    ]
    assert len({line.key for line in lines}) == 4


@pytest.mark.parametrize("why", Why)
def test_every_reason_to_wait_has_words(why: Why) -> None:
    kept = WatchKept((ONE,), (Held(HOT / "x.pdf", why),))
    (line,) = folder_words.waiting(kept)
    assert line.words.startswith(folder_words.notice(kept).hint.removeprefix("x.pdf: "))


def test_what_needs_somebody_is_told_with_one_button() -> None:
    assert folder_words.needs(WatchKept((ONE,))) == frozenset()
    unable = Watched(Rule(HOT, "L-000007"), trouble=DossierUnknown("L-000007"))
    for kept, title in (
        (WatchKept((ONE,), (), (question(1),)), "1 tệp đã lấy trước đây lại nằm trong"),
        (WatchKept((ONE,), (Held(HOT / "x", Why.EMPTY),)), "1 tệp trong thư mục theo dõi chưa lấy"),
        (WatchKept((ONE,), (Held(HOT, Why.FOLDER_GONE),)), "Không mở được thư mục theo dõi"),
        (WatchKept((unable,)), "Có thư mục không theo dõi được"),
        (WatchKept((ONE,), trouble=DiskFull()), "Đã dừng theo dõi thư mục: Ổ đĩa đã đầy"),
    ):
        assert len(folder_words.needs(kept)) == 1
        notice = folder_words.notice(kept)
        assert notice.title.startswith(title)
        assert notice.hint
        assert notice.act is Act.LOOK
        assert notice.lasting
        assert (notice.tone is Tone.BAD) == (kept.trouble is not None)
    (line,) = folder_words.folders(WatchKept((unable,)))
    assert line.words.startswith("Không theo dõi được: ")
