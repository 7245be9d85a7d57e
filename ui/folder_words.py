"""PURE: how watched folders stand → Vietnamese sentences and lines.

Used by the settings and by whoever tells that files wait. Names files, never their contents.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from digitizer.arrivals import Held, Why
from digitizer.rules import Gather
from digitizer.storage.deliveries import Question
from digitizer.watchkeeper import Watched, WatchKept
from ui.language import say, trouble
from ui.wording import Act, Notice, Tone


class Line(Struct, frozen=True):
    """One line. ``acts`` are the words on its buttons; ``key`` tells it from the others."""

    key: str
    title: str
    words: str
    acts: tuple[str, ...] = ()


AGAIN, SKIP, SKIP_ALL, LEAVE = "Lấy lại", "Bỏ qua", "Bỏ qua tất cả", "Thôi theo dõi"
ALL, _ROW = "all", "folders"
"""The keys of the line about every file that was taken before, and of the one of *Cần xử lý*."""

_WHY = {
    Why.EMPTY: "Tệp còn rỗng; đang chờ phần mềm kia ghi.",
    Why.PARTIAL: "Tệp chưa có phần cuối; đang chờ phần mềm kia ghi xong.",
    Why.LOCKED: "Phần mềm khác đang giữ tệp; sẽ tự thử lại.",
    Why.REFUSED: "Không phải ảnh hay PDF đọc được. Thay bằng tệp đúng thì sẽ tự lấy.",
    Why.TAKEN_BEFORE: "Đúng tệp này đã lấy trước đây.",
    Why.UNMOVABLE: "Các trang đã lưu, nhưng chưa chuyển tệp đi được; sẽ tự thử lại.",
    Why.NOT_PLAIN: "Không phải tệp thường (lối tắt dẫn ra ngoài…). Chép chính tệp đó vào.",
    Why.FOLDER_GONE: "Không mở được thư mục; có lại thì sẽ tự theo dõi tiếp.",
}
_GATHER = {
    Gather.PAGES: "",
    Gather.FILE: ", mỗi tệp là một giấy tờ",
    Gather.FOLDER: ", mỗi thư mục con là một giấy tờ",
}


def folders(kept: WatchKept) -> tuple[Line, ...]:
    """Return a line for each watched folder: where its pages go."""
    return tuple(
        Line(
            str(one.rule.path),
            one.rule.path.name,
            say("{0} Nằm trong {1}", _goal(one), one.rule.path.parent),
            (LEAVE,),
        )
        for one in kept.folders
    )


def _goal(one: Watched) -> str:
    if one.trouble is not None:
        return say("Không theo dõi được: {0}", trouble(one.trouble))
    return say("Trang vào {0} · {1}{2}.", one.dossier, one.paper, say(_GATHER[one.rule.gather]))


def waiting(kept: WatchKept) -> tuple[Line, ...]:
    """Return a line for each file that waits; those that somebody has to decide on first."""
    asked = [Line(key_of(one), Path(one.path).name, _before(one), (AGAIN, SKIP)) for one in
             kept.questions]  # fmt: skip
    if len(asked) > 1:
        words = say("Bỏ qua: tệp chuyển sang thư mục done, không thành trang mới.")
        asked.insert(0, Line(ALL, say("{0} tệp đã lấy trước đây", len(asked)), words, (SKIP_ALL,)))
    held = [Line(_key(one), one.path.name, f"{say(_WHY[one.why])} {_place(one.path)}") for one in
            kept.waiting]  # fmt: skip
    return (*asked, *held)


def _before(one: Question) -> str:
    return f"{say(_WHY[Why.TAKEN_BEFORE])} {_place(Path(one.path))}"


def _place(file: Path) -> str:
    return say("Thư mục {0}.", file.parent.name)


def key_of(question: Question) -> str:
    """Return the key of a question's line."""
    return f"question {question.id}"


def _key(held: Held) -> str:
    return f"{held.why.value} {held.path}"


def needs(kept: WatchKept) -> frozenset[str]:
    """Return what the clerk should know of: a key for each."""
    lines = {line.key for line in waiting(kept)} - {ALL}
    unable = {str(one.rule.path) for one in kept.folders if one.trouble is not None}
    return frozenset(lines | unable | ({kept.trouble.code} if kept.trouble is not None else set()))


def notice(kept: WatchKept) -> Notice:
    """Say that something in the watched folders waits for somebody."""
    if kept.trouble is not None:
        title = say("Đã dừng theo dõi thư mục: {0}", say(kept.trouble.title))
        return Notice(Tone.BAD, title, kept.trouble.hint, Act.LOOK, lasting=True, row=_ROW)
    unable = [one for one in kept.folders if one.trouble is not None]
    asked, held = len(kept.questions), len(kept.waiting)
    if asked:
        title = say("{0} tệp đã lấy trước đây lại nằm trong thư mục theo dõi", asked)
        hint = say("{0}: lấy lại hay bỏ qua?", Path(kept.questions[0].path).name)
        hint += say(" Còn {0} tệp khác chưa lấy được.", held) if held else ""
    elif held:
        first = kept.waiting[0]
        title = say("{0} tệp trong thư mục theo dõi chưa lấy được", held)
        if first.why is Why.FOLDER_GONE:
            title = say("Không mở được thư mục theo dõi")
        hint = f"{first.path.name}: {say(_WHY[first.why])}"
    else:
        title = say("Có thư mục không theo dõi được")
        hint = "".join(f"{one.rule.path.name}: {_goal(one)}" for one in unable[:1])
    return Notice(Tone.INFO, title, hint, Act.LOOK, lasting=True, row=_ROW)
