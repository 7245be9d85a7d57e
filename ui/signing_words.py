"""PURE: what waits for a signature → the lines of *Ký số*, and how signing stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from digitizer.batchsigning import Listed, Outcome, Result
from digitizer.errors import DigitizerError, SeveralTokens
from digitizer.signing.model import Plugged
from digitizer.signingrules import CopyKind, KeyKind, Look, Rules
from ui import wording
from ui.language import say
from ui.outbox_words import size
from ui.rows import Row

LOOKS = {Look.PERSONAL: "Chữ ký cá nhân", Look.COPY: "Sao y của cơ quan"}
COPIES = {CopyKind.SAO_Y: "Sao y", CopyKind.SAO_LUC: "Sao lục", CopyKind.TRICH_SAO: "Trích sao"}
KEYS = {
    KeyKind.FILE: "Tệp khóa (.p12, .pfx)",
    KeyKind.TOKEN: "USB ký",
    KeyKind.SERVICE: "Dịch vụ ký số VGCA",
}
Said = tuple[str, str, str]
"""An icon, a tone, a sentence."""


def rows(
    lines: Sequence[Listed],
    left_out: Collection[str],
    results: Mapping[str, Result],
    busy: bool,
    stamped: bool,
) -> tuple[Row, ...]:
    """Return a line for each paper; ``left_out``: ids of papers not to be signed this time;
    ``stamped``: whether signatures are to bear time stamps."""
    waits = [one for one in lines if one.paper_id not in results and one.paper_id not in left_out]
    now = waits[0].paper_id if busy and waits else ""
    return tuple(
        _row(one, results.get(one.paper_id), one.paper_id in left_out, one.paper_id == now, stamped)
        for one in lines
    )


def _row(one: Listed, result: Result | None, left_out: bool, now: bool, stamped: bool) -> Row:
    mark, tone, state = _state(result, left_out, now)
    sentence = say("{0} · {1} trang · {2}", one.title, one.pages, size(one.bytes))
    if result is not None and result.error is not None and result.outcome is not Outcome.WAITING:
        sentence = f"{one.title} · {say(result.error.title)}"
    elif stamped and result is not None and result.version and not result.version.timestamped:
        tone = "warn"
        sentence = f"{one.title} · {say('không có dấu thời gian: máy chủ của nó không trả lời')}"
    return Row(
        one.paper_id,
        one.holder or say("Hồ sơ chưa rõ tên"),
        mark,
        tone,
        state,
        one.code,
        sentence,
        dossier_id=one.dossier_id,
        paper_id=one.paper_id,
    )


def _state(result: Result | None, left_out: bool, now: bool) -> Said:
    if result is not None and result.outcome is Outcome.SIGNED:
        at = say(" lúc {0}", wording.clock(result.version.at)) if result.version else ""
        return "sent", "good", say("Đã ký") + at
    if result is not None and result.outcome is Outcome.CHANGED:
        return "warn", "warn", say("Đã đổi, chưa ký")
    if result is not None and result.outcome is Outcome.FAILED:
        return "warn", "warn", say("Chưa ký được")
    if left_out:
        return "optional", "ink_soft", say("Để lần sau")
    if now:
        return "working", "accent", say("Đang ký")
    return "ready", "accent", say("Chờ ký")


def standing(rules: Rules, count: int, dossiers: int) -> Said:
    """Say what waits and whose signature it is to bear, before anything is signed."""
    if rules.key is None or not rules.path:
        return "warn", "warn", say("Chưa chọn khóa để ký số")
    if rules.look is Look.COPY and not rules.agency:
        return "warn", "warn", say("Chưa có tên cơ quan để ký sao y")
    if not count:
        return "sent", "good", say("Không có giấy tờ nào chờ ký")
    what = say("{0} giấy tờ của {1} hồ sơ chờ ký", count, dossiers)
    return "ready", "accent", f"{what} · {look(rules)}"


def look(rules: Rules) -> str:
    """Name the signature."""
    if rules.look is Look.PERSONAL:
        return say("chữ ký cá nhân")
    return say("{0} của {1}", wording.lower(say(COPIES[rules.copy])), rules.agency)


def going(results: Mapping[str, Result], count: int) -> Said:
    """Say how far a list has come."""
    signed = sum(one.outcome is Outcome.SIGNED for one in results.values())
    return "working", "accent", say("Đang ký · xong {0}/{1} giấy tờ", signed, count)


def ended(results: Mapping[str, Result]) -> Said:
    """Say what became of a list."""
    outcomes = [one.outcome for one in results.values()]
    signed = outcomes.count(Outcome.SIGNED)
    left = len(outcomes) - signed
    if not left:
        return "sent", "good", say("Đã ký {0} giấy tờ, đang gửi đi", signed)
    if not signed:
        return "warn", "warn", say("Chưa ký được giấy tờ nào")
    return "warn", "warn", say("Đã ký {0} giấy tờ, còn {1} chưa ký", signed, left)


def why(results: Mapping[str, Result]) -> str:
    """Say why what is left of a list was not signed: the first trouble."""
    errors = [one.error for one in results.values() if one.error is not None]
    return trouble(errors[0]) if errors else ""


def trouble(error: DigitizerError) -> str:
    """Return a trouble and what to do about it."""
    return f"{say(error.title)}. {say(error.hint)}"


def token(one: Plugged) -> str:
    """Name a token so that two of one label can be told apart."""
    serial = say("số seri {0}", one.serial) if one.serial else ""
    return " · ".join(part for part in (one.label, serial) if part) or say(
        "Chiếc duy nhất đang cắm"
    )


def key(rules: Rules, signer: str, trouble: DigitizerError | None = None) -> str:
    """Say which key signs; where that could be several, which."""
    if isinstance(trouble, SeveralTokens):
        return say("Đang cắm: {0}", trouble.detail)
    if rules.key is None:
        return say("Chọn khóa trong Cài đặt, mục Ký số.")
    if signer:
        return say("Khóa của {0} đang mở", signer)
    named = rules.key is KeyKind.TOKEN and (rules.label or rules.serial)
    where = token(Plugged(rules.label, rules.serial)) if named else ""
    return f"{say(KEYS[rules.key])} {where}".rstrip()


def lacks(rules: Rules) -> bool:
    """Tell whether something has to be set before anything can be signed."""
    return rules.key is None or not rules.path or (rules.look is Look.COPY and not rules.agency)
