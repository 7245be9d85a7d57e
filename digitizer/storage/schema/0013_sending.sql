-- What somebody said of a paper's way out: it is left here and not sent; it is bundled in a style
-- of its own ('' = the home's).
CREATE TABLE way (
    paper_id    TEXT PRIMARY KEY REFERENCES paper (id) ON DELETE CASCADE,
    withheld_at TEXT,
    style       TEXT NOT NULL DEFAULT '' CHECK (style IN ('', 'faithful', 'compact'))
) STRICT;
CREATE INDEX way_withheld ON way (paper_id) WHERE withheld_at IS NOT NULL;

-- A paper that was not digitized for this dossier: it is reused. ``code`` names the earlier result
-- (MaKetQuaThayThe; '' = it is a component), ``source`` the paper here that it was taken from ('' =
-- none), ``batch`` the pages that came along.
CREATE TABLE reuse (
    paper_id TEXT PRIMARY KEY REFERENCES paper (id) ON DELETE CASCADE,
    code     TEXT NOT NULL,
    source   TEXT NOT NULL,
    batch    TEXT NOT NULL,
    CHECK (code <> '' OR batch <> '')
) STRICT;

-- What an edit changed about the reuse of papers, as JSON by paper id (null = it was not reused).
ALTER TABLE edit ADD COLUMN reuse_before TEXT NOT NULL DEFAULT '{}';
ALTER TABLE edit ADD COLUMN reuse_after TEXT NOT NULL DEFAULT '{}';

-- The order in which uploads came to wait, in numbers that are never given twice.
ALTER TABLE work ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
CREATE TABLE work_place (last INTEGER NOT NULL) STRICT;
INSERT INTO work_place SELECT coalesce(max(rowid), 0) FROM work;
UPDATE work SET place = rowid WHERE kind = 'upload';
CREATE TRIGGER work_came AFTER INSERT ON work WHEN new.kind = 'upload' BEGIN
    UPDATE work_place SET last = last + 1;
    UPDATE work SET place = (SELECT last FROM work_place) WHERE rowid = new.rowid;
END;

-- How fast the last uploads were, by procedure system; the newest few are kept.
CREATE TABLE line_speed (
    id      INTEGER PRIMARY KEY,
    server  TEXT NOT NULL,
    bytes   INTEGER NOT NULL,
    seconds REAL NOT NULL
) STRICT;
CREATE INDEX line_speed_server ON line_speed (server, id);
