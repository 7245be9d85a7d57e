-- When the copies that this machine kept of a dossier, and of which of its papers, were removed. What
-- stays of them: codes, titles, counts, hashes, receipts, times. Nothing new goes into such a paper.
ALTER TABLE dossier ADD COLUMN removed_at TEXT;
ALTER TABLE paper ADD COLUMN removed_at TEXT;

-- That the copies of a dossier go, and how far that has come. 'sent': its time was over and the
-- server gave every file back once more; 'discarded': somebody wanted it, and said why. Not before
-- due_at; until begun_at it can be taken back. From begun_at on the rows say that it is removed;
-- done_at: the last file is gone too.
CREATE TABLE removal (
    id            INTEGER PRIMARY KEY,
    dossier_id    TEXT NOT NULL REFERENCES dossier (id),
    why           TEXT NOT NULL CHECK (why IN ('sent', 'discarded')),
    reason        TEXT NOT NULL DEFAULT '',
    clerk         TEXT REFERENCES clerk (id),
    asked_at      TEXT NOT NULL,
    due_at        TEXT NOT NULL,
    taken_back_at TEXT,
    begun_at      TEXT,
    done_at       TEXT
) STRICT;
CREATE UNIQUE INDEX removal_waiting ON removal (dossier_id)
    WHERE begun_at IS NULL AND taken_back_at IS NULL;
CREATE INDEX removal_begun ON removal (id) WHERE begun_at IS NOT NULL AND done_at IS NULL;

-- Every file that was removed, by its hash. shared: something else needs its bytes, they stay.
-- removal_id NULL: it belonged to no dossier (an old backup, a log).
CREATE TABLE removed (
    id         INTEGER PRIMARY KEY,
    removal_id INTEGER REFERENCES removal (id),
    kind       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    noted_at   TEXT NOT NULL,
    gone_at    TEXT,
    shared     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX removed_pending ON removed (removal_id) WHERE gone_at IS NULL AND shared = 0;

-- Dossiers whose copies stay here, however old they are.
CREATE TABLE kept (
    dossier_id TEXT PRIMARY KEY REFERENCES dossier (id) ON DELETE CASCADE,
    clerk      TEXT REFERENCES clerk (id),
    at         TEXT NOT NULL
) STRICT;

-- Who else names a blob is asked for each one that may go.
CREATE INDEX bundle_sha256 ON bundle (sha256);
CREATE INDEX words_tsv ON words (tsv);
CREATE INDEX words_pdf ON words (pdf);
CREATE INDEX taken_batch ON taken (batch_id);
CREATE INDEX conflict_theirs ON conflict (theirs) WHERE theirs <> '';
