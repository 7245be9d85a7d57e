"""The summary: what went where, in words for somebody who sees the product for the first time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from demo.story import Outcome, pages_of
from demo.telling import Telling

_MEGABYTE = 1_000_000
_ASKEW_DEGREES = 0.5
_TITLE = 44


def tell(outcome: Outcome, telling: Telling) -> None:
    """Print it."""
    telling.line()
    telling.line("What went where")
    pages = 0
    for dossier in outcome.dossiers:
        telling.line()
        telling.line(f"  {dossier['holder']} · {dossier['procedure_name']} · {dossier['code']}")
        for paper in dossier["papers"]:
            sheets = pages_of(dossier, paper["part"])
            if sheets:
                pages += len(sheets)
                _tell_paper(dossier["code"], paper, sheets, outcome, telling)
    total = sum(one.bytes for one in outcome.files.values())
    telling.line()
    telling.line(
        f"{pages} pages in {len(outcome.files)} PDF files, {total / _MEGABYTE:.1f} MB, "
        f"{telling.seconds:.0f} seconds. Everything was received and verified."
    )


def _tell_paper(
    code: str,
    paper: dict[str, Any],
    sheets: list[dict[str, Any]],
    outcome: Outcome,
    telling: Telling,
) -> None:
    title = paper["title"]
    title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
    file = outcome.files[code, paper["part"]]
    at = datetime.fromisoformat(paper["receipt"]["at"]).astimezone()
    count = f"{len(sheets)} page{'' if len(sheets) == 1 else 's'}"
    telling.line(
        f"    {paper['part']}  {title:<{_TITLE}}  {count:<7}  {file.bytes / _MEGABYTE:4.1f} MB  "
        f"PDF/A-2b  received {at:%H:%M:%S}"
    )
    telling.line(f"          {file.file}")
    for remark in _remarks(sheets):
        telling.line(f"          {remark}")


def _remarks(sheets: list[dict[str, Any]]) -> list[str]:
    """Say what is worth knowing about pages."""
    said = []
    for number, sheet in enumerate(sheets, start=1):
        if sheet["blank"]:
            said.append(f"page {number} is blank: marked and kept, never dropped")
        elif abs(sheet["skew"]) >= _ASKEW_DEGREES:
            said.append(f"page {number} lay {abs(sheet['skew']):.1f}° askew: levelled")
        if sheet["codes"]:
            said.append(f"page {number} carries this dossier's code: it and what follows came here")
    return said
