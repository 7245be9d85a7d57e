-- Which look for markings of state secrets was taken at an image (0 = none: an older version read
-- it); of a blank page it stands with its reading, else with its words.
ALTER TABLE reading ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE words ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;

-- A marking that was found on an image; box: 'left,top,right,bottom' in pixels of the image as
-- stored ('' = nowhere in particular); looked: by which look.
CREATE TABLE secrecy_mark (
    sha256   TEXT NOT NULL,
    level    TEXT NOT NULL CHECK (level IN ('unknown', 'mat', 'toi-mat', 'tuyet-mat')),
    how      TEXT NOT NULL CHECK (how IN ('line', 'stamp', 'unread')),
    read     TEXT NOT NULL,
    sure     REAL NOT NULL,
    box      TEXT NOT NULL,
    looked   INTEGER NOT NULL,
    found_at TEXT NOT NULL,
    PRIMARY KEY (sha256, level)
) STRICT;

-- What a person said of an image, knowing of these markings (levels, parted by spaces). Nothing is
-- changed: the newest counts.
CREATE TABLE secrecy_decision (
    id         INTEGER PRIMARY KEY,
    sha256     TEXT NOT NULL,
    dossier_id TEXT NOT NULL REFERENCES dossier (id) ON DELETE CASCADE,
    secret     INTEGER NOT NULL CHECK (secret IN (0, 1)),
    levels     TEXT NOT NULL,
    clerk      TEXT REFERENCES clerk (id),
    at         TEXT NOT NULL
) STRICT;
CREATE INDEX secrecy_decision_image ON secrecy_decision (sha256, id);

-- Work has one more kind (to look at what an older version read), and may get more: which there are
-- is the plan's to say.
CREATE TABLE new_work (
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    version    TEXT NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL DEFAULT '',
    parked     INTEGER NOT NULL DEFAULT 0,
    error      TEXT NOT NULL DEFAULT '',
    detail     TEXT NOT NULL DEFAULT '',
    place      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (dossier_id, kind, subject)
) STRICT;
INSERT INTO new_work
SELECT dossier_id, kind, subject, version, attempts, not_before, parked, error, detail, place
FROM work ORDER BY rowid;
DROP TABLE work;
ALTER TABLE new_work RENAME TO work;
CREATE TRIGGER work_came AFTER INSERT ON work WHEN new.kind = 'upload' BEGIN
    UPDATE work_place SET last = last + 1;
    UPDATE work SET place = (SELECT last FROM work_place) WHERE rowid = new.rowid;
END;
