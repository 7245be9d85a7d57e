"""PURE: the lesson of the training: what lies in the tray, what to do next, when that is done.

Rows that ``ui.training`` walks through. A step is done by facts of the lesson's dossier, however
they came about; a clerk who goes another way meets the step that comes after.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from digitizer.model import Dossier, PaperState
from digitizer.training.place import LESSON
from digitizer.training.stacks import Stack
from ui.language import say
from ui.wording import Notice, Tone

FORM, BIRTH, CARDS = "TP01", "TP02", "TP03"


class Seen(Struct, frozen=True):
    """What there is to see of the lesson's dossier.

    Attributes:
        dossier: Its facts.
        open: It is the one in front of the clerk.
    """

    dossier: Dossier
    open: bool

    def pages(self, part: str) -> int:
        """Count the pages of a paper."""
        paper = self.dossier.paper(part)
        return len(paper.live_pages) if paper is not None else 0

    @property
    def taken_out(self) -> bool:
        """Whether a page of the form is taken out now."""
        paper = self.dossier.paper(FORM)
        return paper is not None and any(page.deleted for page in paper.pages)

    @property
    def finished(self) -> bool:
        """Whether the clerk is done with it."""
        return self.dossier.finished_at is not None

    @property
    def sent(self) -> bool:
        """Whether the sandbox holds all of it."""
        with_pages = [paper for paper in self.dossier.papers if paper.live_pages]
        states = {self.dossier.state(paper) for paper in with_pages}
        return self.finished and states == {PaperState.SENT}


class Step(Struct, frozen=True):
    """One step.

    Attributes:
        title: What lies in the tray, or what there is to see; empty says nothing.
        hint: What to do.
        done: Whether the facts say that it is done.
        stack: What lies in the tray; None leaves the next step's there.
    """

    title: str
    hint: str
    done: Callable[[Seen], bool]
    stack: Stack | None = None


STEPS = (
    Step(
        "Mở hồ sơ của {0}",
        "Gõ “hanh dung” vào ô tìm rồi bấm Enter. Ở quầy thật, quét mã vạch là hồ sơ tự mở.",
        lambda seen: seen.open or seen.pages(FORM) > 0,
    ),
    Step(
        "Trong khay: Tờ khai, một tờ hai mặt",
        "Tờ khai đang được chọn ở cột bên trái. Bấm F5 để quét.",
        lambda seen: seen.pages(FORM) > 0,
        Stack.FORM,
    ),
    Step(
        "Mặt sau để trắng vẫn được giữ, ghi “trang trắng”",
        "Thử bỏ trang đó: đang ở trang 2, bấm Delete.",
        lambda seen: seen.taken_out or seen.pages(BIRTH) > 0,
    ),
    Step(
        "Trang bỏ ra không mất",
        "Bấm Ctrl+Z để lấy lại.",
        lambda seen: not seen.taken_out or seen.pages(BIRTH) > 0,
    ),
    Step(
        "Trong khay: Giấy chứng sinh, một tờ hai mặt",
        "Bấm Enter để sang giấy tờ tiếp theo, rồi F5.",
        lambda seen: seen.pages(BIRTH) > 0,
        Stack.BIRTH,
    ),
    Step(
        "Trong khay: căn cước của mẹ và của cha, hai tờ hai mặt",
        "Bấm Enter rồi F5. Lần này máy sẽ kẹt giấy: cứ làm theo thông báo.",
        lambda seen: seen.pages(CARDS) > 0,
        Stack.CARDS,
    ),
    Step(
        "Trong khay: căn cước của cha, đã gỡ kẹt và đặt lại",
        "Bấm F5 để quét tiếp.",
        lambda seen: seen.pages(CARDS) > 2,
        Stack.LAST_CARD,
    ),
    Step(
        "Đủ giấy tờ, khay đã hết",
        "Bấm Ctrl+Enter: xong hồ sơ, phần mềm tự gửi.",
        lambda seen: seen.finished,
    ),
    Step("", "", lambda seen: seen.sent),
)
END = Notice(
    Tone.GOOD,
    "Bài tập đã xong: hồ sơ mẫu đã gửi và được xác nhận",
    "Muốn tập lại từ đầu: bấm Kết thúc tập huấn rồi mở lại.",
)
_BACK = "Đang mở hồ sơ khác. Bấm Ctrl+F, gõ “hanh dung” rồi bấm Enter."
_SPOKEN = sum(1 for step in STEPS if step.title)


def at_step(at: int, seen: Seen | None) -> int:
    """Return the step the clerk stands before; ``len(STEPS)`` after the last.

    Args:
        at: The one before which the clerk stood until now.
        seen: The facts; None where the dossier is not known yet.
    """
    if seen is None:
        return at
    if seen.finished:
        at = max(at, len(STEPS) - 1)
    while at < len(STEPS) and STEPS[at].done(seen):
        at += 1
    return at


def in_tray(at: int) -> Stack | None:
    """Return what lies in the tray before a step; None: nothing more is needed."""
    return next((step.stack for step in STEPS[at:] if step.stack is not None), None)


def says(at: int, *, astray: bool = False) -> Notice | None:
    """Return what the banner says before a step, if anything; ``astray``: another dossier than
    the lesson's is open."""
    if at >= len(STEPS):
        return END
    step = STEPS[at]
    if not step.title:
        return None
    title = say("Bước {0}/{1} · {2}", at + 1, _SPOKEN, say(step.title, LESSON.holder))
    return Notice(Tone.INFO, title, _BACK if astray else step.hint)
