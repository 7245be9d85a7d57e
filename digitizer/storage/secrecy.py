"""Facts about state secrets: markings found on images, what was said of them, and whether they
bar a dossier from leaving.

Functions that take ``tx`` run inside the caller's transaction and commit nothing. Called by the
verbs (``digitizer.clearing``), by what records readings, and right before bytes leave.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from digitizer.boxes import Box, text_of
from digitizer.errors import PagesUnchecked
from digitizer.model import Page
from digitizer.readings import LOOKED
from digitizer.secrecy import NO_MARKS, Decision, How, Level, Mark, Secrecy
from digitizer.storage import recorded
from digitizer.storage.clerks import CLERK_NOW
from digitizer.storage.store import Store, converting, now

_NEWEST = "(SELECT max(id) FROM secrecy_decision AS newer WHERE newer.sha256 = {image})"
_UNDECIDED = f"""said.subject = page.sha256 AND instr(' ' || coalesce((SELECT made.levels
    FROM secrecy_decision AS made WHERE made.id = {_NEWEST.format(image="page.sha256")}), '')
    || ' ', ' ' || {recorded.LEVEL} || ' ') = 0"""  # noqa: S608 - our own words
_STANDING = f"""
EXISTS (SELECT 1 FROM secrecy_decision AS said
    WHERE said.id = {_NEWEST.format(image="page.sha256")} AND said.secret = 1)
OR EXISTS (SELECT 1 FROM secrecy_mark
    LEFT JOIN secrecy_decision AS said ON said.id = {_NEWEST.format(image="secrecy_mark.sha256")}
    WHERE secrecy_mark.sha256 = page.sha256
    AND instr(' ' || coalesce(said.levels, '') || ' ', ' ' || secrecy_mark.level || ' ') = 0)
OR EXISTS ({recorded.LOST_MARKS.format(what=1, which=_UNDECIDED)})
"""  # noqa: S608 - our own words
"""In SQL over ``page``: it is a state secret, or bears a marking nobody has decided about; or bore
one by the audit record, and nothing says why that is not here any more."""
_UNSEEN = """
page.deleted_at IS NULL AND (batch.ended_at IS NULL OR coalesce(CASE reading.blank
    WHEN 1 THEN reading.looked
    ELSE (SELECT words.looked FROM words WHERE words.sha256 = page.sha256
        AND words.turn = (reading.turn + page.turn) % 360
        AND words.crop = CASE page.crop WHEN '' THEN iif(reading.crop_sure, reading.crop, '')
            WHEN 'whole' THEN '' ELSE page.crop END)
    END, 0) < ?)
AND EXISTS (SELECT 1 FROM paper AS unsent JOIN page AS mine ON mine.paper_id = unsent.id
    WHERE unsent.dossier_id = paper.dossier_id AND mine.deleted_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM receipt WHERE receipt.paper_id = unsent.id AND receipt.at >= mine.saved_at))
"""
"""In SQL over ``paper``, ``page``, ``batch`` and ``reading``: nobody has looked at it as it is now,
and not all of its dossier was received with all its pages (by a version that did not look yet)."""
_BARS = f"""
SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id JOIN batch ON batch.id = page.batch_id
LEFT JOIN reading ON reading.sha256 = page.sha256
WHERE paper.{{which}} = ? AND ({_STANDING} OR ({_UNSEEN})) LIMIT 1
"""  # noqa: S608 - our own words
# CROSS JOIN: from the few images that something is known of to their pages.
_STANDS = f"""
SELECT DISTINCT paper.dossier_id FROM
    (SELECT sha256 FROM secrecy_mark UNION SELECT sha256 FROM secrecy_decision
        UNION SELECT subject FROM audit WHERE {recorded.OF_IMAGES}
        AND act = 'marking.found') AS known
CROSS JOIN page ON page.sha256 = known.sha256 JOIN paper ON paper.id = page.paper_id
JOIN dossier ON dossier.id = paper.dossier_id WHERE ({_STANDING}) AND EXISTS (
    SELECT 1 FROM paper AS here JOIN page AS kept ON kept.paper_id = here.id
    WHERE here.dossier_id = dossier.id AND here.removed_at IS NULL)
ORDER BY dossier.opened_at
"""  # noqa: S608 - our own words


def of_dossier(store: Store, dossier_id: str) -> dict[str, Secrecy]:
    """Return by image what is known of those that bear a marking, or that something was said of."""
    marks: dict[str, list[Mark]] = defaultdict(list)
    for row in store.rows(
        "SELECT DISTINCT secrecy_mark.* FROM secrecy_mark JOIN page USING (sha256) "
        "JOIN paper ON paper.id = page.paper_id WHERE paper.dossier_id = ?",
        dossier_id,
    ):
        marks[row["sha256"]].append(_mark(row))
    for row in recorded.lost_marks(store, dossier_id):
        marks[row["sha256"]].append(Mark(_level(row["level"]), _how(row["how"])))
    said = {
        row["sha256"]: _decision(row)
        for row in store.rows(
            "SELECT DISTINCT secrecy_decision.*, coalesce(clerk.name, '') AS name "
            "FROM secrecy_decision JOIN page USING (sha256) "
            "JOIN paper ON paper.id = page.paper_id "
            "LEFT JOIN clerk ON clerk.id = secrecy_decision.clerk "
            "WHERE paper.dossier_id = ? ORDER BY secrecy_decision.id",
            dossier_id,
        )
    }
    return {
        sha256: Secrecy(
            tuple(sorted(marks.get(sha256, ()), key=lambda one: -one.level.rank)), said.get(sha256)
        )
        for sha256 in {*marks, *said}
    }


def told(page: Page, known: Mapping[str, Secrecy]) -> Page:
    """Return a page with what ``of_dossier`` gave of its image."""
    found = known.get(page.sha256, NO_MARKS)
    return page if found is NO_MARKS else replace(page, secrecy=found)


def dossiers(store: Store) -> list[str]:
    """Return the ids of all dossiers with a page that is a state secret, or bears a marking nobody
    has decided about; those first that were begun first. Where nothing of a dossier is here any
    more, nobody has to see to it."""
    return [str(row[0]) for row in store.rows(_STANDS)]


def history(store: Store, dossier_id: str) -> list[tuple[str, Decision]]:
    """Return every decision that was made in a dossier, oldest first, with its image."""
    rows = store.rows(
        "SELECT secrecy_decision.*, coalesce(clerk.name, '') AS name FROM secrecy_decision "
        "LEFT JOIN clerk ON clerk.id = secrecy_decision.clerk "
        "WHERE dossier_id = ? ORDER BY secrecy_decision.id",
        dossier_id,
    )
    return [(str(row["sha256"]), _decision(row)) for row in rows]


def put_marks(
    tx: sqlite3.Connection, sha256: str, marks: Iterable[Mark], looked: int = LOOKED
) -> None:
    """Record what a look at an image found. What an older look saw and this one does not is
    forgotten, as is that it could not be read; of two finds of one level, at two turns of the
    page, the surer stays; what was read is filled in again where a removal emptied it."""
    tx.execute(
        "DELETE FROM secrecy_mark WHERE sha256 = ? AND (looked < ? OR how = 'unread')",
        (sha256, looked),
    )
    tx.executemany(
        "INSERT INTO secrecy_mark (sha256, level, how, read, sure, box, looked, found_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256, level) DO UPDATE SET "
        "how = excluded.how, read = excluded.read, sure = excluded.sure, box = excluded.box, "
        "looked = excluded.looked WHERE excluded.sure > secrecy_mark.sure "
        "OR secrecy_mark.read = '' AND excluded.sure = secrecy_mark.sure",
        [
            (
                sha256,
                one.level.value,
                one.how.value,
                one.to_json()["read"],
                one.sure,
                text_of(one.box),
                looked,
                now(),
            )
            for one in marks
        ],
    )


def note_looked(tx: sqlite3.Connection, sha256: str, turn: int, crop: str, looked: int) -> None:
    """Record that an image was looked at by itself, at one turn and in one crop."""
    tx.execute("UPDATE reading SET looked = ? WHERE sha256 = ?", (looked, sha256))
    tx.execute(
        "UPDATE words SET looked = ? WHERE sha256 = ? AND turn = ? AND crop = ?",
        (looked, sha256, turn, crop),
    )


def decide(
    tx: sqlite3.Connection,
    sha256: str,
    dossier_id: str,
    *,
    secret: bool,
    levels: Iterable[Level],
) -> None:
    """Record what whoever is at the desk said of an image, knowing of markings of these levels."""
    tx.execute(
        "INSERT INTO secrecy_decision (sha256, dossier_id, secret, levels, clerk, at) "  # noqa: S608
        f"VALUES (?, ?, ?, ?, {CLERK_NOW}, ?)",
        (sha256, dossier_id, secret, " ".join(sorted(one.value for one in levels)), now()),
    )


def bars(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Tell whether nothing of a dossier may leave: the last thing asked before bytes go, of the
    database itself and of the audit record, whatever was planned."""
    return _bars(tx, "dossier_id", dossier_id) or recorded.contradicts(tx, dossier_id)


def barred(store: Store, dossier_id: str) -> bool:
    """Tell the same on a reading connection: whoever writes folders may not write here."""
    with converting():
        return bars(store.reader, dossier_id)


def check(store: Store, dossier_id: str, name: str) -> None:
    """Ask the same on a reading connection, of a dossier that is called ``name``.

    Raises:
        RecordContradicts: rows are gone, or others than the record says.
        PagesUnchecked: something became known of its pages since it was read.
    """
    with converting():
        recorded.check(store.reader, dossier_id, name)
        if _bars(store.reader, "dossier_id", dossier_id):
            raise PagesUnchecked(name)


def bars_paper(tx: sqlite3.Connection, paper_id: str) -> bool:
    """Tell the same of one paper, where its dossier is only a drawer."""
    return _bars(tx, "id", paper_id) or recorded.contradicts_paper(tx, paper_id)


def _bars(tx: sqlite3.Connection, which: str, key: str) -> bool:
    """Tell it of the database alone; ``which``: the column of ``paper`` that ``key`` is of."""
    return tx.execute(_BARS.format(which=which), (key, LOOKED)).fetchone() is not None


def _mark(row: sqlite3.Row) -> Mark:
    return Mark(
        Level(row["level"]), How(row["how"]), row["read"], row["sure"], Box.parse(row["box"])
    )


def _level(text: str) -> Level:
    """Return the level that a line of the record names; one that only a newer version knows is
    for a person."""
    return Level(text) if text in set(Level) else Level.UNKNOWN


def _how(text: str) -> How:
    return How(text) if text in set(How) else How.UNREAD


def _decision(row: sqlite3.Row) -> Decision:
    return Decision(
        bool(row["secret"]),
        frozenset(Level(one) for one in str(row["levels"]).split()),
        row["name"],
        datetime.fromisoformat(row["at"]),
    )
