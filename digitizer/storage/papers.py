"""Reads the papers of a dossier with their bundles, receipts, signatures and conflicts.

Called by ``digitizer.storage.queries``, which reads their pages.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from digitizer.model import Bundle, Page, Paper, PaperKind, Receipt, Signature, Signed
from digitizer.storage import conflicts, signings, ways
from digitizer.storage.store import Store
from digitizer.ways import PLAIN


def papers_of(
    store: Store, dossier_id: str, pages: Mapping[str, Sequence[Page]]
) -> tuple[Paper, ...]:
    """Return a dossier's papers in their order; ``pages``: theirs, by paper."""
    bundles = _bundles(store, dossier_id)
    receipts = _receipts(store, dossier_id)
    signed = _signed(store, dossier_id)
    met = conflicts.of_dossier(store, dossier_id)
    elsewhere = conflicts.counted(store, dossier_id)
    said = ways.of_dossier(store, dossier_id)
    signed_here = signings.of_dossier(store, dossier_id)
    return tuple(
        Paper(
            row["id"],
            row["part"],
            row["title"],
            PaperKind(row["kind"]),
            bool(row["required"]),
            bool(row["multiple"]),
            row["file_template"],
            row["position"],
            tuple(pages.get(row["id"], ())),
            tuple(bundles[row["id"]]),
            tuple(receipts[row["id"]]),
            row["copy"],
            tuple(signed[row["id"]]),
            dropped=row["dropped_at"] is not None,
            sent_title=row["sent_title"],
            elsewhere=elsewhere.get(row["part"], 0) if row["copy"] == 1 else 0,
            conflicts=tuple(met.get(row["id"], ())),
            way=said.get(row["id"], PLAIN),
            signings=tuple(signed_here.get(row["id"], ())),
            removed_at=datetime.fromisoformat(row["removed_at"]) if row["removed_at"] else None,
        )
        for row in store.rows(
            "SELECT * FROM paper WHERE dossier_id = ? ORDER BY position, part, copy", dossier_id
        )
    )


def _bundles(store: Store, dossier_id: str) -> dict[str, list[Bundle]]:
    found: dict[str, list[Bundle]] = defaultdict(list)
    for row in store.rows(
        "SELECT bundle.* FROM bundle JOIN paper ON paper.id = bundle.paper_id "
        "WHERE paper.dossier_id = ? ORDER BY made_at",
        dossier_id,
    ):
        found[row["paper_id"]].append(
            Bundle(
                row["fingerprint"],
                row["sha256"],
                row["pages"],
                row["bytes"],
                datetime.fromisoformat(row["made_at"]),
            )
        )
    return found


def _receipts(store: Store, dossier_id: str) -> dict[str, list[Receipt]]:
    found: dict[str, list[Receipt]] = defaultdict(list)
    for row in store.rows(
        "SELECT receipt.* FROM receipt JOIN paper ON paper.id = receipt.paper_id "
        "WHERE paper.dossier_id = ? ORDER BY at",
        dossier_id,
    ):
        found[row["paper_id"]].append(
            Receipt(
                row["fingerprint"],
                row["sha256"],
                row["server"],
                row["ref"],
                datetime.fromisoformat(row["at"]),
            )
        )
    return found


def _signed(store: Store, dossier_id: str) -> dict[str, list[tuple[str, Signed]]]:
    found: dict[str, list[tuple[str, Signed]]] = defaultdict(list)
    for row in store.rows(
        "SELECT DISTINCT page.paper_id, signed.* FROM page "
        "JOIN paper ON paper.id = page.paper_id JOIN original USING (batch_id) "
        "JOIN signed ON signed.sha256 = original.sha256 WHERE paper.dossier_id = ?",
        dossier_id,
    ):
        listed = tuple(Signature.from_json(one) for one in json.loads(row["signatures"]))
        found[row["paper_id"]].append((row["sha256"], Signed(listed, bool(row["pdfa"]))))
    return found
