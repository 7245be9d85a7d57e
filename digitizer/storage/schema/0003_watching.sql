-- A file that a watched folder gave: the pages it became, and whether it still lies there.
CREATE TABLE new_taken (
    id       INTEGER PRIMARY KEY,
    path     TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    batch_id TEXT NOT NULL REFERENCES batch (id),
    first    INTEGER NOT NULL, -- its first page's number in the batch
    taken_at TEXT,             -- all its pages are safe
    gone_at  TEXT              -- after that, it was moved away or removed
) STRICT;
INSERT INTO new_taken (path, sha256, batch_id, first, taken_at)
SELECT path, sha256, batch_id, 1, taken_at FROM taken;
DROP TABLE taken;
ALTER TABLE new_taken RENAME TO taken;
CREATE INDEX taken_sha256 ON taken (sha256);
CREATE INDEX taken_unfinished ON taken (batch_id) WHERE taken_at IS NULL;
CREATE INDEX taken_here ON taken (path) WHERE gone_at IS NULL;

-- Files of one folder that become one paper, until the folder has been quiet for a while.
CREATE TABLE gathering (
    batch_id  TEXT PRIMARY KEY REFERENCES batch (id),
    folder    TEXT NOT NULL,
    closed_at TEXT
) STRICT;
CREATE UNIQUE INDEX gathering_open ON gathering (folder) WHERE closed_at IS NULL;

-- A file whose very bytes were taken before: take it again, or not?
CREATE TABLE question (
    id         INTEGER PRIMARY KEY,
    path       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    asked_at   TEXT NOT NULL,
    answer     TEXT CHECK (answer IN ('take', 'skip')),
    settled_at TEXT
) STRICT;
CREATE UNIQUE INDEX question_open ON question (path) WHERE settled_at IS NULL;
