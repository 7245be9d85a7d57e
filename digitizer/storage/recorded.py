"""What the audit record knows of a dossier's pages and markings and the tables do not any more.

Rows that were deleted or changed with another program made no line. So the record is asked too,
right before bytes leave (``digitizer.storage.secrecy``), by its indexes: the lines of one dossier
and of its images, never all. Holding all lines against all rows is ``auditheld``'s, for ``verify``.
"""

from __future__ import annotations

import sqlite3

from digitizer.chain import Act
from digitizer.errors import RecordContradicts
from digitizer.storage.store import Store


def detail(line: str, name: str) -> str:
    """SQL: one of the details of ``line`` (an alias of ``audit``), by its name; NULL too where
    somebody wrote what is none."""
    return f"CASE WHEN json_valid({line}.detail) THEN json_extract({line}.detail, '$.{name}') END"


OF_IMAGES = "act IN ('marking.found', 'marking.decided', 'row.removed')"
"""In SQL, word for word as the index by image says; the alias of the line stands before it."""
MARK_IS_THERE = f"""EXISTS (SELECT 1 FROM secrecy_mark AS borne
    WHERE borne.sha256 = said.subject AND borne.level = {detail("said", "level")})"""  # noqa: S608 - our own words
"""In SQL over the line ``said`` of a marking: the database has it."""
MARK_WENT = f"""later.act = '{Act.ROW_REMOVED}' AND {detail("later", "table")} = 'secrecy_mark'
    AND coalesce({detail("later", "level")} = {detail("said", "level")}, 1)"""
"""In SQL over that line and a ``later`` one of the same image: a newer look found it no more
(lines of older versions do not say at which level)."""
LOST_MARKS = f"""
SELECT {{what}} FROM audit AS said
WHERE said.{OF_IMAGES} AND said.act = '{Act.MARKING_FOUND}' AND {{which}}
AND NOT {MARK_IS_THERE} AND NOT EXISTS (SELECT 1 FROM audit AS later
    WHERE later.{OF_IMAGES} AND later.subject = said.subject AND later.seq > said.seq
    AND {MARK_WENT})
"""  # noqa: S608 - our own words
"""In SQL: the lines ``said`` of markings that were found, are not in the database, and that no line
says were found no more."""
LEVEL = f"coalesce({detail('said', 'level')}, 'unknown')"
HOW = f"coalesce({detail('said', 'how')}, 'unread')"

_HERE = """EXISTS (SELECT 1 FROM page JOIN paper ON paper.id = page.paper_id
    WHERE page.id = said.subject AND paper.dossier_id = said.dossier AND {same})"""
_SAME_IMAGE = f"page.sha256 = coalesce({detail('said', 'sha256')}, page.sha256)"
_ELSEWHERE = """EXISTS (SELECT 1 FROM page JOIN paper ON paper.id = page.paper_id
    JOIN audit AS later ON later.dossier = paper.dossier_id AND later.dossier <> ''
    WHERE page.id = said.subject AND paper.dossier_id <> said.dossier
    AND later.seq > said.seq AND later.subject = page.id
    AND later.act = 'page.moved')"""
_LEFT = """EXISTS (SELECT 1 FROM audit AS later
    WHERE later.dossier = said.dossier AND later.dossier <> '' AND later.seq > said.seq
    AND later.subject = said.subject AND later.act = 'page.left')"""
_PAGE_GONE = f"""
SELECT 1 FROM audit AS said WHERE said.dossier = ?1 AND said.dossier <> ''
AND said.act IN ('{Act.PAGE_SAVED}', '{Act.PAGE_MOVED}')
AND NOT {_HERE.format(same=_SAME_IMAGE)} AND NOT {_ELSEWHERE} AND NOT {_LEFT} LIMIT 1
"""  # noqa: S608 - our own words
_DECISIONS_BEFORE = detail("said", "secrecy_decision")
_FROM_BEFORE = f"""EXISTS (SELECT 1 FROM audit AS said WHERE said.seq = 1
    AND said.act = '{Act.RECORD_BEGUN}' AND {_DECISIONS_BEFORE} > 0)"""  # noqa: S608 - our own words
_DECIDED_OTHERWISE = f"""
SELECT 1 FROM (SELECT DISTINCT page.sha256 FROM page JOIN paper ON paper.id = page.paper_id
    WHERE paper.{{which}} = ?1) AS image
LEFT JOIN audit AS said ON said.seq = (SELECT max(line.seq) FROM audit AS line
    WHERE line.{OF_IMAGES} AND line.subject = image.sha256 AND line.act = '{Act.MARKING_DECIDED}')
LEFT JOIN secrecy_decision AS made ON made.id = (SELECT max(newer.id)
    FROM secrecy_decision AS newer WHERE newer.sha256 = image.sha256)
WHERE iif(said.seq IS NULL, made.id IS NOT NULL AND NOT {_FROM_BEFORE},
    made.id IS NULL OR made.secret IS NOT {detail("said", "stays")}
    OR made.levels IS NOT {detail("said", "levels")}) LIMIT 1
"""  # noqa: S608 - our own words


def lost_marks(store: Store, dossier_id: str) -> list[sqlite3.Row]:
    """Return (``sha256``, ``level``, ``how``) of the markings that the record knows of on images of
    a dossier and the database has no more."""
    which = (
        "said.subject IN (SELECT page.sha256 FROM page "
        "JOIN paper ON paper.id = page.paper_id WHERE paper.dossier_id = ?)"
    )
    what = f"DISTINCT said.subject AS sha256, {LEVEL} AS level, {HOW} AS how"
    return store.rows(LOST_MARKS.format(what=what, which=which), dossier_id)


def contradicts(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Tell whether the record contradicts the tables about a dossier: it knows of a page there, or
    of what was decided last about an image of it, and they have that not, or otherwise. Inside a
    transaction that decides something itself its line is not there yet."""
    return _page_gone(tx, dossier_id) or _decided_otherwise(tx, "dossier_id", dossier_id)


def check(tx: sqlite3.Connection, dossier_id: str, name: str) -> None:
    """Raise ``RecordContradicts`` about a dossier that is called ``name`` where it does."""
    if contradicts(tx, dossier_id):
        raise RecordContradicts(name)


def contradicts_paper(tx: sqlite3.Connection, paper_id: str) -> bool:
    """Tell the same of one paper, where its dossier is only a drawer; a page that is gone may have
    been of any paper."""
    drawer = tx.execute("SELECT dossier_id FROM paper WHERE id = ?", (paper_id,)).fetchone()
    return drawer is None or _page_gone(tx, drawer[0]) or _decided_otherwise(tx, "id", paper_id)


def _page_gone(tx: sqlite3.Connection, dossier_id: str) -> bool:
    return tx.execute(_PAGE_GONE, (dossier_id,)).fetchone() is not None


def _decided_otherwise(tx: sqlite3.Connection, which: str, key: str) -> bool:
    return tx.execute(_DECIDED_OTHERWISE.format(which=which), (key,)).fetchone() is not None
