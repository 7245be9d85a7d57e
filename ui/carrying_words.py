"""PURE: what became of dossiers that were carried as folders → Vietnamese sentences and lines."""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.exporting import Exported
from digitizer.receiving import Outcome, Received
from ui.folder_words import Line
from ui.language import say, trouble


def exported(over: Sequence[Exported], folder: str) -> str:
    """Say how an export went."""
    papers, whole = sum(one.papers for one in over), [one for one in over if one.papers]
    if not over:
        return say("Không có giấy tờ nào đang chờ gửi để xuất.")
    if not papers:
        return say("✗ Chưa xuất được giấy tờ nào.")
    if any(one.error for one in over):
        return say("✗ Đã xuất {0} giấy tờ; còn hồ sơ chưa xuất đủ, xem bên dưới.", papers)
    text = say("✓ Đã xuất {0} giấy tờ của {1} hồ sơ vào {2}.", papers, len(whole), folder)
    return text + say(" Có thể rút USB.")


def export_lines(over: Sequence[Exported]) -> tuple[Line, ...]:
    """Return a line for each dossier that is not wholly there."""
    return tuple(
        Line(one.code, one.code, trouble(one.error) if one.error else _unready(one.unready))
        for one in over
        if one.error or one.unready
    )


def _unready(papers: int) -> str:
    return say(
        "{0} giấy tờ chưa xuất: chưa đọc xong, chưa duyệt, được để lại, hoặc chưa có mã hồ sơ.",
        papers,
    )


def received(over: Sequence[Received]) -> str:
    """Say how a receipt went."""
    counted = {kind: sum(one.outcome is kind for one in over) for kind in Outcome}
    parts = [say("Đã lấy {0} giấy tờ", counted[Outcome.TAKEN])]
    if counted[Outcome.HERE]:
        parts.append(say("{0} đã có từ trước", counted[Outcome.HERE]))
    if counted[Outcome.CONFLICT]:
        parts.append(say("{0} có bản khác ở đây", counted[Outcome.CONFLICT]))
    if counted[Outcome.REFUSED]:
        parts.append(say("{0} không lấy được", counted[Outcome.REFUSED]))
    good = not (counted[Outcome.CONFLICT] or counted[Outcome.REFUSED])
    return f"{'✓' if good else '✗'} {', '.join(parts)}."


def receive_lines(over: Sequence[Received]) -> tuple[Line, ...]:
    """Return a line for each file that was not taken and is not here."""
    return tuple(
        Line(f"{one.code}/{one.file}", one.file or one.code, _why(one))
        for one in over
        if one.outcome in (Outcome.CONFLICT, Outcome.REFUSED)
    )


def _why(one: Received) -> str:
    if one.error is not None:
        return trouble(one.error)
    return say("Tệp thừa, bản kê không nhắc đến. Không lấy.")
