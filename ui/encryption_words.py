"""PURE: how a home lies on the disk, what its keys are, how far the switch is, in sentences."""

from __future__ import annotations

from msgspec import Struct

from digitizer.encrypting import State
from digitizer.errors import CipherMissing, DigitizerError
from digitizer.homekeys import Custody, Mode
from ui import disk_words
from ui.language import say, trouble
from ui.wording import Notice, Tone

CUSTODIES = {
    "Tự mở khi đăng nhập máy": Custody.KEYRING,
    "Hỏi mật khẩu kho mỗi lần mở": Custody.PASSPHRASE,
}
"""What opens an encrypted home, as it is chosen."""
_PIECE = 4
_PIECES_A_LINE = 5
_PREFIX = "AGE-SECRET-KEY-1"


class Progress(Struct, frozen=True):
    """How many of how many files are converted."""

    done: int
    total: int

    @property
    def share(self) -> int:
        """In hundredths; never all of it before it is."""
        return min(99, self.done * 100 // self.total) if self.total else 0


def standing(
    state: State, progress: Progress | None, *, paused: bool, met: DigitizerError | None
) -> str:
    """Say how the home lies there.

    Args:
        state: As the core told it.
        progress: How far the switch is; None: not known yet.
        paused: Somebody holds it up.
        met: What holds it up otherwise.
    """
    switching = state.mode in (Mode.SWITCHING_ON, Mode.SWITCHING_OFF)
    if switching:
        return _switching(state, progress, paused=paused, met=met)
    if state.mode is Mode.ON:
        by = {
            Custody.KEYRING: say("tự mở khi đăng nhập máy"),
            Custody.PASSPHRASE: say("hỏi mật khẩu kho mỗi lần mở"),
        }
        return say("✓ Đã mã hóa · {0}", by[state.custody] if state.custody else "")
    if not state.able:
        return f"✗ {say(CipherMissing.title)}. {say(CipherMissing.hint)}"
    return say(
        "Chưa mã hóa: ai lấy được máy này hay ổ đĩa của nó thì đọc được mọi hồ sơ còn lưu trên đó."
    )


def _switching(
    state: State, progress: Progress | None, *, paused: bool, met: DigitizerError | None
) -> str:
    goes_on = state.mode is Mode.SWITCHING_ON
    if met is not None:
        held = say("Chưa mã hóa tiếp được") if goes_on else say("Chưa giải mã tiếp được")
        return f"✗ {held}: {trouble(met)}"
    if state.database is not goes_on:
        return say("Sẽ bắt đầu khi mở lại cửa sổ.")
    done = ""
    if progress is not None:
        done = " · " + say(
            "{0} % ({1} trong {2} tệp)",
            progress.share,
            disk_words.count(progress.done),
            disk_words.count(progress.total),
        )
    if paused:
        return say("Đang tạm dừng{0}. Tự làm tiếp khi mở lại phần mềm.", done)
    name = say("Đang mã hóa các trang") if goes_on else say("Đang giải mã các trang")
    return say("{0}{1}. Vẫn làm việc như thường; tắt máy thì lần sau làm tiếp.", name, done)


def held_up(state: State, met: DigitizerError) -> Notice:
    """Say, where the clerk is, what keeps a switch from going on."""
    goes_on = state.mode is Mode.SWITCHING_ON
    title = say("Chưa mã hóa tiếp được") if goes_on else say("Chưa giải mã tiếp được")
    return Notice(Tone.WARN, title, say("{0}. Sẽ tự thử lại.", say(met.title)))


def ended(mode: Mode) -> str:
    """Say that a switch is done; ``mode``: what the home is now."""
    return say("Kho đã mã hóa xong") if mode is Mode.ON else say("Kho đã bỏ mã hóa xong")


def spelled(recovery: str) -> str:
    """Return a recovery key as it is shown and printed: what every such key begins with, then
    groups of four, a few lines of them. Spaces and lines are not part of it."""
    prefix, rest = "", recovery
    if recovery.startswith(_PREFIX):
        prefix, rest = _PREFIX, recovery[len(_PREFIX) :]
    pieces = [rest[at : at + _PIECE] for at in range(0, len(rest), _PIECE)]
    lines = [
        " ".join(pieces[at : at + _PIECES_A_LINE]) for at in range(0, len(pieces), _PIECES_A_LINE)
    ]
    return "\n".join(filter(None, (prefix, *lines)))
