"""JSON of OpenCPS v2 as values of the port. PURE.

Called by ``opencps`` alone. The server is not believed: types are checked, texts bounded and
cleaned, an item that makes no sense is left out and counted in the log, and an answer that as a
whole makes no sense is ``AnswerUnexpected``. Knows no HTTP.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta, timezone
from typing import Any

from msgspec import Struct

from digitizer.errors import AnswerUnexpected
from digitizer.procedure.port import PaperKind, RequiredPaper, ServerDossier, StoredFile

log = logging.getLogger(__name__)

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_TEXT_CHARS = 2_000
_PARTS = 1_000
_DATES = ("%d/%m/%Y %H:%M:%S", "%Y%m%d%H%M%S", "%d/%m/%Y")
_KINDS = {1: PaperKind.COMPONENT, 2: PaperKind.RESULT, 3: PaperKind.OTHER}
_YEARS = range(1900, 2200)
_ENDED = frozenset({"done", "cancelled", "denied", "unresolved"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
"""What ends a line, or has it read in another order than it has."""


class Page(Struct, frozen=True):
    """One page of a list. ``total``: items in all, None where the server does not say."""

    total: int | None
    items: list[Any]


class Noted(Struct, frozen=True):
    """What the server has noted about a part, as it writes it; empty where it has not."""

    kind: str = ""
    checked: str = ""
    comment: str = ""
    count: str = ""


def noted(value: Any, part: str) -> Noted:
    """Read what a dossier's list of marks says of one part; nothing where it makes no sense."""
    items = value.get("data") if isinstance(value, dict) else None
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and _text(item.get("dossierPartNo")) == part:
            return Noted(
                _text(_number(item.get("fileMark"))),
                _text(_number(item.get("fileCheck"))),
                _text(item.get("fileComment")),
                _text(item.get("recordCount")),
            )
    return Noted()


def page(value: Any) -> Page:
    """Read ``{total, data: […]}``; an empty list may lack ``data``. Raises AnswerUnexpected."""
    if not isinstance(value, dict):
        raise AnswerUnexpected("not a list of anything")
    items = value.get("data")
    if items is None and value.get("total") in (0, None) and "total" in value:
        items = []
    if not isinstance(items, list):
        raise AnswerUnexpected("a list without data")
    return Page(_number(value.get("total")), items)


def dossier(item: Any) -> ServerDossier | None:
    """Read one dossier; None where it has no id or no mã hồ sơ yet, or makes no sense."""
    found = new_dossier(item)
    return found if found is not None and found.code else None


def new_dossier(item: Any) -> ServerDossier | None:
    """Read one dossier that may have no mã hồ sơ yet; None where it makes no sense."""
    if not isinstance(item, dict):
        return None
    ref = _number(item.get("dossierId"))
    if not ref or ref < 0:
        return None
    status = _text(item.get("dossierStatus"))
    return ServerDossier(
        ref=str(ref),
        code=_text(item.get("dossierNo")),
        procedure_code=_text(item.get("serviceCode")),
        procedure_name=_text(item.get("serviceName")),
        holder=_text(item.get("applicantName")),
        status=status,
        template=_text(item.get("dossierTemplateNo")),
        received_at=moment(item.get("receiveDate")),
        due_at=moment(item.get("dueDate")),
        ended=status.casefold() in _ENDED,
        agency=_text(item.get("govAgencyCode")),
    )


def files(items: list[Any]) -> tuple[StoredFile, ...]:
    """Read the files of a dossier; those that were removed, or have no key, are left out."""
    read = [_file(item) for item in items]
    return tuple(one for one in read if one is not None)


def _file(item: Any) -> StoredFile | None:
    if not isinstance(item, dict) or _flag(item.get("removed")):
        return None
    key, size = _text(item.get("referenceUid")), _number(item.get("fileSize"))
    if not key:
        return None
    told = (size, *(_text(item.get(name)) for name in ("fileVersion", "modifiedDate")))
    return StoredFile(
        key,
        _text(item.get("dossierPartNo")),
        _text(item.get("displayName")),
        -1 if size is None else size,
        repr(told),
    )


def parts(items: list[Any]) -> tuple[RequiredPaper, ...]:
    """Read the parts of a template in their own order; a part named twice counts once."""
    found: dict[str, RequiredPaper] = {}
    for item in items[:_PARTS]:
        paper = _paper(item)
        if paper is not None:
            found.setdefault(paper.part, paper)
    if len(found) < len(items):
        log.warning("%d of %d parts of a template left out", len(items) - len(found), len(items))
    return tuple(found.values())


def _paper(item: Any) -> RequiredPaper | None:
    if not isinstance(item, dict):
        return None
    part = _text(item.get("partNo"))
    if not part:
        return None
    return RequiredPaper(
        part=part,
        title=_text(item.get("partName")) or part,
        kind=_KINDS.get(_number(item.get("partType")) or 0, PaperKind.OTHER),
        required=_flag(item.get("required")),
        multiple=_flag(item.get("multiple")),
        file_template=_text(item.get("fileTemplateNo")),
    )


def moment(value: Any) -> datetime | None:
    """Read a date as the server writes it, in Vietnam's time; None where there is none."""
    text = _text(value)
    for shape in _DATES:
        try:
            found = datetime.strptime(text, shape)
        except ValueError:
            continue
        return found.replace(tzinfo=VIETNAM) if found.year in _YEARS else None
    return None


def template_id(value: Any) -> int | None:
    """Return the numeric id of a template, None where the answer has none."""
    return _number(value.get("dossierTemplateId")) if isinstance(value, dict) else None


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 2**63 else None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    return None


def _flag(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def _text(value: Any) -> str:
    """Return ``value`` as one clean, bounded line that any store can hold."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 2**63 else ""
    if not isinstance(value, str):
        return ""
    whole = value[:_TEXT_CHARS].encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub(" ", whole).strip()
