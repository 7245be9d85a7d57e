"""How full the disk is, what takes it up, how long what is free lasts, and what will be freed.

Read by the window and the command line, off the UI thread. Estimates say what this desk did
lately, not what disks promise. Changes nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from digitizer import ballast
from digitizer.config import Home
from digitizer.limits import VIETNAM
from digitizer.retention import life_of
from digitizer.storage.store import Store, stamp

PAGE_BYTES = 1_500_000
"""What a colour A4 page takes with its part of a bundle, until this desk has pages of its own."""
STACK_PAGES = 300
"""A stack as the back room feeds it."""
SOON_DAYS = 14
_LATELY_DAYS = 30
_BATCHES = 20
_WORDS_BYTES = 40_000


class Level(StrEnum):
    """How the disk stands, the worst that is true."""

    FINE = "fine"
    SOON = "soon"  # at this desk's pace it is full within two weeks, whatever is freed by then
    LOW = "low"  # a stack would not fit
    FULL = "full"  # no batch begins


class Freed(Struct, frozen=True):
    """Bytes that copies of sent dossiers take which are removed by ``at``, where nothing comes
    between."""

    at: datetime
    dossiers: int
    bytes: int


class Space(Struct, frozen=True):
    """How the disk stands.

    Attributes:
        total, free: Bytes of the disk that the home is on.
        images, bundles, words: Bytes of what is kept of dossiers; words are an estimate.
        database, others: Bytes of the database; of backups, leftovers and logs.
        page_bytes: What one page takes, as this desk's last ones did.
        pages_a_day: Pages of a day on which some were scanned, lately.
        pages_left: How many pages fit.
        days_left: Working days that this is, at that pace; None: there is no pace yet.
        frees: What is removed when, the next first; empty where nothing is removed by its age.
        level: What follows of it.
    """

    total: int
    free: int
    images: int
    bundles: int
    words: int
    database: int
    others: int
    page_bytes: int
    pages_a_day: float
    pages_left: int
    days_left: int | None
    frees: tuple[Freed, ...]
    level: Level


def level_of(free: int, page_bytes: int, days_left: int | None) -> Level:
    """Return what free bytes, a page's bytes and the days left amount to. PURE."""
    if free < ballast.FLOOR:
        return Level.FULL
    if pages_left(free, page_bytes) < STACK_PAGES:
        return Level.LOW
    return Level.SOON if days_left is not None and days_left <= SOON_DAYS else Level.FINE


def pages_left(free: int, page_bytes: int) -> int:
    """Return how many pages fit into free bytes; the last ones are not for pages. PURE."""
    return max(0, free - ballast.FLOOR) // max(1, page_bytes)


def page_bytes(store: Store, now: datetime) -> int:
    """Return what a page takes here with its bundle and words, by those scanned lately."""
    since = stamp(now - timedelta(days=_LATELY_DAYS))
    (row,) = store.rows(
        "SELECT count(*) AS pages, coalesce(sum(page.bytes), 0) AS bytes FROM batch "
        "CROSS JOIN page ON page.batch_id = batch.id WHERE batch.started_at >= ?",
        since,
    )
    if not row["pages"]:
        return PAGE_BYTES
    # a bundle holds the images once more
    return max(1, 2 * int(row["bytes"]) // int(row["pages"]) + _WORDS_BYTES)


def too_little(
    home: Home, store: Store, device: str, pages: int | None, now: datetime | None = None
) -> int | None:
    """Tell, before a batch, how many pages fit where those are fewer than it probably has; else
    None.

    Args:
        home, store: Of the home.
        device: The scanner; its last batches tell how many pages come.
        pages: How many were asked for, or None.
    """
    if pages is None:
        (row,) = store.rows(
            "SELECT max(pages) FROM (SELECT count(page.id) AS pages FROM batch "
            "LEFT JOIN page ON page.batch_id = batch.id WHERE batch.id IN (SELECT id FROM batch "
            "WHERE device = ? ORDER BY started_at DESC LIMIT ?) GROUP BY batch.id)",
            device,
            _BATCHES,
        )
        pages = int(row[0] or 1)
    one = page_bytes(store, now or datetime.now(UTC))
    fit = pages_left(ballast.free(home), one)
    return fit if fit < pages else None


def look(home: Home, store: Store, server: str | None, now: datetime | None = None) -> Space:
    """Return how the disk stands now."""
    now = now or datetime.now(UTC)
    disk = shutil.disk_usage(home.root)
    one = page_bytes(store, now)
    pace = _pace(store, now)
    left = pages_left(disk.free, one)
    days = int(left / pace) if pace else None
    (sums,) = store.rows(
        "SELECT (SELECT coalesce(sum(bytes), 0) FROM (SELECT DISTINCT page.sha256, page.bytes "
        "FROM page JOIN paper ON paper.id = page.paper_id WHERE paper.removed_at IS NULL)) "
        "AS images, (SELECT coalesce(sum(bytes), 0) FROM (SELECT DISTINCT bundle.sha256, "
        "bundle.bytes FROM bundle JOIN paper ON paper.id = bundle.paper_id "
        "WHERE paper.removed_at IS NULL)) AS bundles, (SELECT count(*) FROM words JOIN page "
        "ON page.sha256 = words.sha256 JOIN paper ON paper.id = page.paper_id "
        "WHERE paper.removed_at IS NULL AND words.failed = '') AS words"
    )
    return Space(
        disk.total,
        disk.free,
        int(sums["images"]),
        int(sums["bundles"]),
        int(sums["words"]) * _WORDS_BYTES,
        _sizes([home.database, *home.root.glob("digitizer.db-*")]),
        _below([home.backups, home.rescued, home.log.parent, home.incoming]),
        one,
        round(pace, 1),
        left,
        days,
        _frees(store, server),
        level_of(disk.free, one, days),
    )


def _pace(store: Store, now: datetime) -> float:
    """Return the pages of a day on which some were scanned."""
    rows = store.rows(
        "SELECT batch.started_at AS at, count(*) AS pages FROM batch "
        "CROSS JOIN page ON page.batch_id = batch.id WHERE batch.started_at >= ? GROUP BY batch.id",
        stamp(now - timedelta(days=_LATELY_DAYS)),
    )
    days = {datetime.fromisoformat(row["at"]).astimezone(VIETNAM).date() for row in rows}
    return sum(row["pages"] for row in rows) / len(days) if days else 0.0


def _frees(store: Store, server: str | None) -> tuple[Freed, ...]:
    """Return what is removed when, by day, as far as receipts and ends tell."""
    life = life_of(store)
    if life.days is None or server is None:
        return ()
    rows = store.rows(
        "SELECT dossier.id, max(receipt.at, coalesce(dossier.finished_at, receipt.at)) AS done, "
        "coalesce((SELECT sum(page.bytes) FROM page JOIN paper ON paper.id = page.paper_id "
        "WHERE paper.dossier_id = dossier.id AND paper.removed_at IS NULL), 0) + coalesce((SELECT "
        "sum(bundle.bytes) FROM bundle JOIN paper ON paper.id = bundle.paper_id "
        "WHERE paper.dossier_id = dossier.id AND paper.removed_at IS NULL), 0) AS bytes "
        "FROM (SELECT paper.dossier_id, max(receipt.at) AS at FROM receipt "
        "JOIN paper ON paper.id = receipt.paper_id "
        "WHERE receipt.server = ? AND paper.removed_at IS NULL GROUP BY paper.dossier_id) "
        "AS receipt JOIN dossier ON dossier.id = receipt.dossier_id "
        "WHERE (dossier.finished_at IS NOT NULL OR dossier.ended = 1) "
        "AND NOT EXISTS (SELECT 1 FROM kept WHERE kept.dossier_id = dossier.id) "
        "AND NOT EXISTS (SELECT 1 FROM work WHERE work.dossier_id = dossier.id)",
        server,
    )
    days: dict[datetime, list[int]] = {}
    for row in rows:
        due = life.due(datetime.fromisoformat(row["done"]))
        if due is not None:
            day = due.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
            days.setdefault(day, []).append(int(row["bytes"]))
    return tuple(Freed(day, len(sizes), sum(sizes)) for day, sizes in sorted(days.items()))


def _sizes(files: Sequence[Path]) -> int:
    total = 0
    for file in files:
        try:
            total += file.stat().st_size
        except OSError:  # gone meanwhile
            continue
    return total


def _below(folders: Sequence[Path]) -> int:
    return _sizes(
        [
            Path(where) / name
            for folder in folders
            for where, _folders, names in os.walk(folder)
            for name in names
        ]
    )
