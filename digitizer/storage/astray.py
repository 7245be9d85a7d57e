"""Pages that a code led to *Chưa phân loại*, and what is known of where a batch was scanned into.

Reads only. Called by ``digitizer.placing`` and by the command line. Knows no rule of the domain.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct

from digitizer.identifiers import local_code, spoken_codes
from digitizer.model import OTHER_PART, PlacedBy
from digitizer.storage import changes, queries
from digitizer.storage.store import Store


class BaseFacts(Struct, frozen=True):
    """The dossier that a batch was scanned into. ``waits``: it has no mã hồ sơ yet, and is not
    *Chưa phân loại*."""

    dossier: str
    waits: bool


class Lot(Struct, frozen=True):
    """Pages that lie together in *Chưa phân loại* because of a code.

    Attributes:
        dossier: That dossier's local number.
        part, copy: The paper they are in.
        codes: The mã hồ sơ that their codes name.
        pages: How many there are.
    """

    dossier: str
    part: str
    copy: int
    codes: tuple[str, ...]
    pages: int

    @property
    def paper(self) -> str:
        """Return the paper's name, as ``search`` gives it."""
        return self.part if self.copy == 1 else f"{self.part}#{self.copy}"


def base(store: Store, batch_id: str) -> BaseFacts | None:
    """Return what is known of where a batch was scanned into, or None: no such batch."""
    rows = store.rows(
        "SELECT dossier.id, dossier.code FROM batch JOIN paper ON paper.id = batch.paper_id "
        "JOIN dossier ON dossier.id = paper.dossier_id WHERE batch.id = ?",
        batch_id,
    )
    if not rows:
        return None
    dossier_id = str(rows[0]["id"])
    unsorted = queries.setting(store, changes.UNSORTED)
    return BaseFacts(dossier_id, rows[0]["code"] is None and dossier_id != unsorted)


def codes_borne(
    store: Store, dossier_id: str, but: Sequence[str], hosts: frozenset[str]
) -> tuple[str, ...]:
    """Return the mã hồ sơ on the pages of a dossier that are of none of the batches ``but``."""
    rows = store.rows(
        "SELECT reading.codes FROM page JOIN paper ON paper.id = page.paper_id "
        "JOIN reading USING (sha256) WHERE paper.dossier_id = ? AND page.deleted_at IS NULL "
        "AND page.batch_id NOT IN (SELECT value FROM json_each(?)) AND reading.codes <> '[]'",
        dossier_id,
        json.dumps(list(but)),
    )
    found = {code for row in rows for code in _codes(row["codes"], hosts)}
    return tuple(sorted(found))


def lots(store: Store) -> list[Lot]:
    """Return what codes led to *Chưa phân loại* and nobody has placed since, oldest first."""
    unsorted = queries.setting(store, changes.UNSORTED)
    if unsorted is None:
        return []
    rows = store.rows(
        "SELECT dossier.local_number, paper.part, paper.copy, reading.codes FROM page "
        "JOIN paper ON paper.id = page.paper_id JOIN dossier ON dossier.id = paper.dossier_id "
        "LEFT JOIN reading USING (sha256) WHERE dossier.id = ? AND page.deleted_at IS NULL "
        "AND page.placed_by = ? ORDER BY paper.part = ? DESC, paper.part, paper.copy, page.rank",
        unsorted,
        PlacedBy.CODE.value,
        OTHER_PART,
    )
    together: dict[tuple[int, str, int], list[tuple[str, ...]]] = {}
    for row in rows:
        key = (row["local_number"], row["part"], row["copy"])
        together.setdefault(key, []).append(_codes(row["codes"] or "[]", frozenset()))
    return [
        Lot(
            local_code(number),
            part,
            copy,
            tuple(dict.fromkeys(code for codes in found for code in codes)),
            len(found),
        )
        for (number, part, copy), found in together.items()
    ]


def batches_naming(store: Store, code: str) -> list[str]:
    """Return the ids of the batches whose pages lie in *Chưa phân loại* and bear a mã hồ sơ."""
    unsorted = queries.setting(store, changes.UNSORTED)
    rows = store.rows(
        "SELECT DISTINCT page.batch_id FROM page JOIN paper ON paper.id = page.paper_id "
        "JOIN reading USING (sha256) WHERE paper.dossier_id = ? AND page.placed_by = ? "
        "AND instr(upper(reading.codes), ?)",
        unsorted,
        PlacedBy.CODE.value,
        code,
    )
    return [str(row[0]) for row in rows]


def _codes(kept: str, hosts: frozenset[str]) -> tuple[str, ...]:
    """Return the mã hồ sơ in the codes of a reading, as kept."""
    texts = [str(one["text"]) for one in json.loads(kept)]
    return tuple(code for text in texts for code in spoken_codes(text, hosts))
