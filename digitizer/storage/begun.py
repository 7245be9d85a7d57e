"""Dossiers that pages began: moved by a clerk into a new one, or led there by a code.

One that every page has left again (but for separator sheets), by an undo or because the code was
misread, is nobody's work: the lists leave it out. It stays a fact (an undo can be done again) and
is found by its code. Called by what moves pages and by what lists dossiers.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from digitizer.storage import changes
from digitizer.storage.store import Store

_BEGUN = "dossier.begun."

LEFT_AGAIN = f"""
(EXISTS (SELECT 1 FROM setting WHERE name = '{_BEGUN}' || dossier.id)
    AND NOT EXISTS (SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id
        WHERE paper.dossier_id = dossier.id AND page.separator = 0))
"""  # noqa: S608 - a name of ours
"""Whether the row of ``dossier`` is one of those."""


def begin(tx: sqlite3.Connection, code: str | None) -> str:
    """Add a dossier for pages that are about to go there; without ``code`` it gets the next local
    number. Returns its id."""
    dossier_id = changes.add_dossier(tx, code=code)
    changes.set_setting(tx, f"{_BEGUN}{dossier_id}", "1")
    return dossier_id


def left_again(store: Store, dossier_ids: Sequence[str]) -> frozenset[str]:
    """Return those of some dossiers that pages began and have left again."""
    rows = store.rows(
        f"SELECT id FROM dossier WHERE id IN (SELECT value FROM json_each(?)) AND {LEFT_AGAIN}",  # noqa: S608
        json.dumps(list(dossier_ids)),
    )
    return frozenset(str(row[0]) for row in rows)
