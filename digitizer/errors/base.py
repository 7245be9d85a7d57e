"""What a row of the error table is, and how one is found by its code.

Holds the two rows that belong to no part: ``NoSuchThing`` and ``Bug``. The package imports every
part before anybody can call ``from_code`` or ``kind``, so they know all rows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Remedy(StrEnum):
    """What makes the trouble go away."""

    LATER = "later"  # the lane tries again by itself
    USER = "user"  # somebody has to do something first
    NEVER = "never"  # trying again gives the same answer: somebody has to decide


class DigitizerError(Exception):
    """A trouble with words. Raise a subclass; ``detail`` says which file, device or part."""

    code: ClassVar[str] = "unknown"
    remedy: ClassVar[Remedy] = Remedy.USER
    title: ClassVar[str] = "Có lỗi"
    hint: ClassVar[str] = ""
    says: ClassVar[str] = "something went wrong"
    fix: ClassVar[str] = ""
    pauses_lane: ClassVar[bool] = False
    """True where no other work of the lane could succeed either (no line, no disk)."""
    rests_lane: ClassVar[bool] = False
    """True where the lane had better wait a while before its next work, which may succeed; the
    work that met it is put off like any other."""
    until_woken: ClassVar[bool] = False
    """Trying again by itself would do harm: only somebody's hand ends the lane's pause."""
    spares_attempt: ClassVar[bool] = False
    """It says nothing of the work that met it: the attempt does not count."""

    after: float = 0.0
    """The seconds that whoever made the trouble asks to be left alone."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    def __str__(self) -> str:
        """One English line: what happened, to what, what to do."""
        what = f"{self.says}: {self.detail}" if self.detail else self.says
        line = f"{what}; {self.fix}" if self.fix else what
        return " ".join(line.split())


class NoSuchThing(DigitizerError):
    code = "not-found"
    title = "Không tìm thấy"
    hint = "Kiểm tra lại."
    says = "not found"


class Bug(DigitizerError):
    """Something nobody foresaw. Its traceback is in the log."""

    code = "bug"
    remedy = Remedy.NEVER
    title = "Lỗi phần mềm"
    hint = "Việc này được để lại, các việc khác vẫn chạy. Gửi nhật ký cho người hỗ trợ."
    says = "a bug in digitizer"
    fix = "send the log to support"


def _rows(base: type[DigitizerError]) -> dict[str, type[DigitizerError]]:
    found = {base.code: base} if "code" in vars(base) else {}
    for child in base.__subclasses__():
        found.update(_rows(child))
    return found


def from_code(code: str, detail: str = "") -> DigitizerError:
    """Return the error that ``code`` names, as a child process reported it.

    An unknown code (another version's child) gives a plain ``DigitizerError``.
    """
    return _rows(DigitizerError).get(code, DigitizerError)(detail)


def kind(code: str) -> type[DigitizerError]:
    """Return the row of the table that ``code`` names."""
    return _rows(DigitizerError).get(code, DigitizerError)
