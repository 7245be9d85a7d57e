"""What *Lịch sử* reads: lines of the audit record, and the names of what they speak of. Every
function blocks: run by the bridge. Knows no Qt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from msgspec import Struct, field

from digitizer.app import App
from digitizer.chain import Line
from digitizer.identifiers import local_code
from digitizer.storage import auditlog
from digitizer.storage.store import Store

PAGE = 150
"""So many lines are read at a time: a dossier's whole history, but for a few."""


class Wanted(Struct, frozen=True):
    """What is to be seen.

    Attributes:
        dossier_id: Of one dossier; empty: of all, and of what belongs to none.
        page_id: Of one page of it alone; empty: of all.
        below: Only what is older than the line of this number; 0: from the newest on.
    """

    dossier_id: str = ""
    page_id: str = ""
    below: int = 0


class History(Struct, frozen=True):
    """Some lines, the newest first.

    Attributes:
        wanted: What was asked for.
        lines: At most ``PAGE``.
        older: Whether there are older ones.
        clerks, papers, dossiers: Names by id: of who did it, of papers, and of dossiers.
        places: By the id of a page, that of the paper it is in now.
    """

    wanted: Wanted
    lines: tuple[Line, ...] = ()
    older: bool = False
    clerks: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    dossiers: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


def read(app: App, wanted: Wanted) -> History:
    """Read what is to be seen."""
    store = app.store
    if wanted.page_id:
        found = auditlog.of_page(
            store, wanted.page_id, wanted.dossier_id, PAGE + 1, below=wanted.below
        )
    else:
        found = auditlog.newest(store, PAGE + 1, dossier_id=wanted.dossier_id, below=wanted.below)
    lines = tuple(found[:PAGE])
    return History(
        wanted,
        lines,
        len(found) > PAGE,
        auditlog.clerks_in(store, lines),
        _papers(store, lines),
        _dossiers(store, lines),
        _places(store, lines),
    )


def _papers(store: Store, lines: tuple[Line, ...]) -> dict[str, str]:
    """Return the titles of the papers that lines are about, with the number of a further copy."""
    named = {str(line.detail.get("paper", line.subject)) for line in lines}
    rows = store.rows(
        "SELECT id, title, copy FROM paper WHERE id IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(named)),
    )
    return {
        row["id"]: f"{row['title']} ({row['copy']})" if row["copy"] > 1 else row["title"]
        for row in rows
    }


def _dossiers(store: Store, lines: tuple[Line, ...]) -> dict[str, str]:
    named = {str(line.detail["into"]) for line in lines if "into" in line.detail}
    named |= {line.dossier for line in lines}
    rows = store.rows(
        "SELECT id, code, local_number FROM dossier WHERE id IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(named)),
    )
    return {row["id"]: row["code"] or local_code(row["local_number"]) for row in rows}


def _places(store: Store, lines: tuple[Line, ...]) -> dict[str, str]:
    named = {line.subject for line in lines if line.act.startswith("page.")}
    rows = store.rows(
        "SELECT id, paper_id FROM page WHERE id IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(named)),
    )
    return {row["id"]: row["paper_id"] for row in rows}
