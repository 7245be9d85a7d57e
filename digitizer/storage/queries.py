"""Reads facts out of the store as values of ``digitizer.model``.

Each function takes the store and runs on the calling thread's reading connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from digitizer.boxes import Box, cropping
from digitizer.identifiers import local_number
from digitizer.model import (
    BlankReason,
    Code,
    Dossier,
    Origin,
    Page,
    Paper,
    PlacedBy,
    Reading,
    Style,
    Words,
)
from digitizer.scanning import Source
from digitizer.storage import secrecy
from digitizer.storage.papers import papers_of
from digitizer.storage.signings import sign_first
from digitizer.storage.store import Store

BUNDLE_STYLE = "bundle.style"
"""The name of the setting."""

TURN_NOW = "(reading.turn + page.turn) % 360"
CROP_NOW = """CASE page.crop WHEN '' THEN iif(reading.crop_sure, reading.crop, '')
    WHEN 'whole' THEN '' ELSE page.crop END"""
"""How a page lies and which part of its image it is now, in SQL over ``page`` and ``reading``:
what was read of the image at another turn or crop is not of it."""

SHOWN = """(dossier.merged_into IS NULL OR EXISTS (SELECT 1 FROM paper
    JOIN page ON page.paper_id = paper.id
    WHERE paper.dossier_id = dossier.id AND page.deleted_at IS NULL))"""
"""Whether a dossier is shown, in SQL: a local one whose pages all went to another is that one."""

BROKE_OFF = """batch.reason IN ('jam', 'cover', 'double-feed', 'lost', 'crashed', 'disk-full',
    'failed', 'interrupted')"""
"""Whether a batch ended as nobody meant it to, in SQL; an index says the same words."""
LEFT_OFF = f"""({BROKE_OFF} AND batch.stack IS NULL
    AND NOT EXISTS (SELECT 1 FROM batch AS later WHERE later.continues = batch.id)
    AND NOT EXISTS (SELECT 1 FROM batch AS later WHERE later.paper_id = batch.paper_id
        AND later.started_at > batch.started_at AND later.reason IN ('empty', 'count')))"""  # noqa: S608 - a condition of ours
"""Whether one did and nothing went on with it. Of a stack its review tells."""

_PAGES = f"""
SELECT page.*, batch.ended_at IS NULL AS batch_open, batch.reason AS batch_reason,
       iif({LEFT_OFF}, batch.ended_at, '') AS left_off,
       reading.width, reading.height, reading.dpi_x, reading.dpi_y, reading.blank, reading.ink,
       reading.turn AS reading_turn, reading.skew, reading.codes, reading.blank_reason,
       reading.turn_confidence, reading.crop AS reading_crop, reading.crop_sure,
       words.tsv, words.pdf, words.count, words.confidence, words.failed,
       reading.looked, words.looked AS words_looked,
       heading.lines AS heading_lines,
       original.sha256 AS original, original.first AS original_first,
       original.pages AS original_pages,
       stack.id IS NOT NULL AND stack.accepted_at IS NULL AS held
FROM page
JOIN batch ON batch.id = page.batch_id
JOIN paper ON paper.id = page.paper_id
LEFT JOIN stack ON stack.id = batch.stack
LEFT JOIN original ON original.batch_id = page.batch_id
                  AND page.batch_seq >= original.first
                  AND page.batch_seq < original.first + original.pages
LEFT JOIN reading ON reading.sha256 = page.sha256
LEFT JOIN words ON words.sha256 = page.sha256
               AND words.turn = {TURN_NOW} AND words.crop = {CROP_NOW}
LEFT JOIN heading ON heading.sha256 = page.sha256 AND heading.turn = {TURN_NOW}
"""  # noqa: S608 - put together from the names above alone


def dossier(store: Store, dossier_id: str) -> Dossier | None:
    """Return one dossier with everything under it, or None."""
    rows = store.rows("SELECT * FROM dossier WHERE id = ?", dossier_id)
    return _dossier(store, rows[0]) if rows else None


def dossier_id_of(store: Store, name: str) -> str | None:
    """Return the id of the dossier with this mã hồ sơ or local number (``L-000001``), which leads
    to it still when it was bound to a code."""
    rows = store.rows(
        "SELECT id FROM dossier WHERE code = ?1 UNION ALL "  # noqa: S608 - a condition of ours
        f"SELECT iif({SHOWN}, id, merged_into) FROM dossier WHERE local_number = ?2",
        name,
        local_number(name),
    )
    return str(rows[0]["id"]) if rows else None


def dossier_heads(store: Store) -> list[Dossier]:
    """Return every dossier, newest first, without papers."""
    rows = store.rows(f"SELECT * FROM dossier WHERE {SHOWN} ORDER BY opened_at DESC, id")  # noqa: S608
    style = bundle_style(store)
    return [head_of(row, (), style) for row in rows]


def unbound(store: Store) -> list[str]:
    """Return the ids of dossiers that have a mã hồ sơ and were not yet found at the server, newest
    first."""
    rows = store.rows(
        "SELECT id FROM dossier WHERE code IS NOT NULL AND server_ref = '' "  # noqa: S608 - a condition of ours
        f"AND {SHOWN} ORDER BY opened_at DESC, id"
    )
    return [str(row[0]) for row in rows]


def heads_of(store: Store, dossier_ids: Sequence[str]) -> list[Dossier]:
    """Return some dossiers in the given order, without papers."""
    rows = store.rows(
        "SELECT dossier.* FROM json_each(?) AS wanted "  # noqa: S608 - a condition of ours
        "JOIN dossier ON dossier.id = wanted.value "
        f"WHERE {SHOWN} ORDER BY wanted.key",
        json.dumps(list(dossier_ids)),
    )
    style = bundle_style(store)
    return [head_of(row, (), style) for row in rows]


def dossier_of_paper(store: Store, paper_id: str) -> str | None:
    """Return the id of the dossier a paper belongs to."""
    rows = store.rows("SELECT dossier_id FROM paper WHERE id = ?", paper_id)
    return str(rows[0][0]) if rows else None


def dossiers_with(store: Store, sha256: str) -> list[str]:
    """Return the ids of the dossiers that hold this image."""
    rows = store.rows(
        "SELECT DISTINCT paper.dossier_id FROM page JOIN paper ON paper.id = page.paper_id "
        "WHERE page.sha256 = ?",
        sha256,
    )
    return [str(row[0]) for row in rows]


def batch_pages(store: Store, batch_id: str) -> list[Page]:
    """Return a batch's pages in feeding order, wherever they are now."""
    rows = store.rows(f"{_PAGES} WHERE page.batch_id = ? ORDER BY page.batch_seq", batch_id)
    unread = any(row["width"] is None and row["deleted_at"] is None for row in rows)
    return [_page(row, frozenset([batch_id] if unread else [])) for row in rows]


def stack_pages(store: Store, stack_id: str) -> list[Page]:
    """Return the pages of a stack that waits to be accepted, in the order of the paper."""
    rows = store.rows(
        f"{_PAGES} WHERE batch.stack = ? ORDER BY batch.started_at, batch.id, page.batch_seq",
        stack_id,
    )
    return [_page(row, frozenset()) for row in rows]


def whole_stack(store: Store, batch_id: str) -> list[str]:
    """Return a batch with those it goes on with and those that go on with it, in feeding order."""
    rows = store.rows(
        "WITH RECURSIVE earlier (id, continues, depth) AS ("
        "SELECT id, continues, 0 FROM batch WHERE id = ? UNION ALL "
        "SELECT batch.id, batch.continues, depth - 1 FROM batch "
        "JOIN earlier ON batch.id = earlier.continues), "
        "whole (id, depth) AS (SELECT id, depth FROM earlier WHERE continues IS NULL UNION ALL "
        "SELECT batch.id, depth + 1 FROM batch JOIN whole ON batch.continues = whole.id) "
        "SELECT whole.id FROM whole JOIN batch USING (id) ORDER BY depth, started_at, whole.id",
        batch_id,
    )
    return [str(row[0]) for row in rows]


def batch_profile(store: Store, batch_id: str) -> str:
    """Return the wish a batch was scanned with, as JSON; empty where there is no such batch."""
    rows = store.rows("SELECT profile FROM batch WHERE id = ?", batch_id)
    return str(rows[0][0]) if rows else ""


def headings(store: Store, sha256: str, turn: int) -> tuple[str, ...]:
    """Return the lines of an image, at one turn, that may be its title."""
    rows = store.rows("SELECT lines FROM heading WHERE sha256 = ? AND turn = ?", sha256, turn)
    return tuple(json.loads(rows[0][0])) if rows else ()


def dossiers_of_batch(store: Store, batch_id: str) -> list[str]:
    """Return the ids of the dossiers that a batch's pages are in, and the one it was meant for."""
    rows = store.rows(
        "SELECT paper.dossier_id FROM batch JOIN paper ON paper.id = batch.paper_id "
        "WHERE batch.id = ?1 UNION SELECT paper.dossier_id FROM page "
        "JOIN paper ON paper.id = page.paper_id WHERE page.batch_id = ?1",
        batch_id,
    )
    return [str(row[0]) for row in rows]


def batches_with(store: Store, sha256: str) -> list[str]:
    """Return the ids of the batches that hold this image."""
    rows = store.rows("SELECT DISTINCT batch_id FROM page WHERE sha256 = ?", sha256)
    return [str(row[0]) for row in rows]


def reading(store: Store, sha256: str) -> Reading | None:
    """Return what is known about an image, or None."""
    rows = store.rows(
        "SELECT *, turn AS reading_turn, crop AS reading_crop FROM reading WHERE sha256 = ?", sha256
    )
    return _reading(rows[0]) if rows else None


def look(store: Store, sha256: str) -> str:
    """Return how an image looks from afar (``digitizer.looks``), empty where that is unknown."""
    rows = store.rows("SELECT look FROM reading WHERE sha256 = ?", sha256)
    return str(rows[0][0]) if rows else ""


def setting(store: Store, name: str) -> str | None:
    """Return a setting's value, or None."""
    rows = store.rows("SELECT value FROM setting WHERE name = ?", name)
    return str(rows[0][0]) if rows else None


def bundle_style(store: Store) -> Style:
    """Return the style that the home's bundles are made in; faithful where none was chosen."""
    return Style(setting(store, BUNDLE_STYLE) or Style.FAITHFUL)


def pace(store: Store, device: str) -> float | None:
    """Return the seconds that a page takes on a device: the longest in its last five batches."""
    rows = store.rows(
        "SELECT max(julianday(saved_at) - julianday(before)) * 86400.0 FROM ("
        "SELECT page.saved_at, "
        "lag(page.saved_at) OVER (PARTITION BY page.batch_id ORDER BY page.batch_seq) AS before "
        "FROM page WHERE page.batch_id IN "
        "(SELECT id FROM batch WHERE device = ? ORDER BY started_at DESC LIMIT 5))",
        device,
    )
    return None if rows[0][0] is None else float(rows[0][0])


def of_both_sides(store: Store, batch_id: str) -> bool:
    """Tell whether a batch was asked to hold both sides of every sheet."""
    rows = store.rows("SELECT profile FROM batch WHERE id = ?", batch_id)
    wish = json.loads(rows[0][0]) if rows else {}
    source = wish.get("source")
    return source == Source.ADF_DUPLEX or (source is None and bool(wish.get("both_sides")))


def unreadable(store: Store) -> int:
    """Count the live pages whose words could not be read, as they are turned and cropped now."""
    kept = "WHERE page.deleted_at IS NULL AND paper.removed_at IS NULL AND words.failed <> ''"
    return len(store.rows(_PAGES + kept))


def _dossier(store: Store, row: sqlite3.Row) -> Dossier:
    unread = _unread_batches(store, row["id"])
    known = secrecy.of_dossier(store, row["id"])
    pages: dict[str, list[Page]] = defaultdict(list)
    for found in store.rows(
        f"{_PAGES} WHERE paper.dossier_id = ? ORDER BY page.rank, page.batch_id, page.batch_seq",
        row["id"],
    ):
        pages[found["paper_id"]].append(secrecy.told(_page(found, unread), known))
    papers = papers_of(store, row["id"], pages)
    return replace(head_of(row, papers, bundle_style(store)), sign_first=sign_first(store))


def head_of(
    row: sqlite3.Row, papers: tuple[Paper, ...] = (), style: Style = Style.FAITHFUL
) -> Dossier:
    """Return a dossier of its row and these papers."""
    return Dossier(
        id=row["id"],
        code=row["code"],
        local_number=row["local_number"],
        procedure_code=row["procedure_code"],
        procedure_name=row["procedure_name"],
        holder=row["holder"],
        server_ref=row["server_ref"],
        template=row["template"],
        opened_at=datetime.fromisoformat(row["opened_at"]),
        finished_at=datetime.fromisoformat(row["finished_at"]) if row["finished_at"] else None,
        papers=papers,
        style=style,
        received_at=datetime.fromisoformat(row["received_at"]) if row["received_at"] else None,
        due_at=datetime.fromisoformat(row["due_at"]) if row["due_at"] else None,
        unreceived=row["received_at"] == "",
        status=row["status"],
        ended=bool(row["ended"]),
        removed_at=datetime.fromisoformat(row["removed_at"]) if row["removed_at"] else None,
    )


def _unread_batches(store: Store, dossier_id: str) -> frozenset[str]:
    """Return those of the dossier's batches that hold an unread page, in whichever dossier, or go
    on with one that does."""
    rows = store.rows(
        "WITH RECURSIVE mine (id) AS ("
        "SELECT DISTINCT page.batch_id FROM page JOIN paper ON paper.id = page.paper_id "
        "WHERE paper.dossier_id = ?), "
        "stack (id, part) AS (SELECT id, id FROM mine UNION "
        "SELECT stack.id, batch.continues FROM stack JOIN batch ON batch.id = stack.part "
        "WHERE batch.continues IS NOT NULL) "
        "SELECT DISTINCT stack.id FROM stack JOIN page ON page.batch_id = stack.part "
        "LEFT JOIN reading USING (sha256) "
        "WHERE reading.sha256 IS NULL AND page.deleted_at IS NULL",
        dossier_id,
    )
    return frozenset(str(row[0]) for row in rows)


def _page(row: sqlite3.Row, unread_batches: frozenset[str]) -> Page:
    words = None
    if row["tsv"] is not None:
        facts = ("tsv", "pdf", "count", "confidence", "failed", "words_looked")
        words = Words(*(row[name] for name in facts))
    return Page(
        id=row["id"],
        batch_id=row["batch_id"],
        batch_seq=row["batch_seq"],
        batch_open=bool(row["batch_open"]),
        batch_read=row["batch_id"] not in unread_batches,
        paper_id=row["paper_id"],
        sha256=row["sha256"],
        turn=row["turn"],
        placed_by=PlacedBy(row["placed_by"]),
        deleted=row["deleted_at"] is not None,
        reading=_reading(row) if row["width"] is not None else None,
        words=words,
        batch_reason=row["batch_reason"] or "",
        left_off=row["left_off"] or "",
        kept=bool(row["kept"]),
        crop=cropping(row["crop"]),
        separator=bool(row["separator"]),
        headings=tuple(json.loads(row["heading_lines"] or "[]")),
        origin=_origin(row) if row["original"] is not None else None,
        held=bool(row["held"]),
        seen=frozenset(row["seen"].split()),
    )


def _origin(row: sqlite3.Row) -> Origin:
    number = row["batch_seq"] - row["original_first"] + 1
    return Origin(row["original"], number, row["original_pages"])


def _reading(row: sqlite3.Row) -> Reading:
    return Reading(
        row["width"],
        row["height"],
        row["dpi_x"],
        row["dpi_y"],
        bool(row["blank"]),
        row["ink"],
        row["reading_turn"],
        row["skew"],
        tuple(Code(code["format"], code["text"]) for code in json.loads(row["codes"])),
        blank_reason=BlankReason(row["blank_reason"]) if row["blank_reason"] else None,
        turn_confidence=row["turn_confidence"],
        crop=Box.parse(row["reading_crop"]),
        crop_sure=bool(row["crop_sure"]),
        looked=row["looked"],
    )
