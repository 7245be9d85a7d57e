-- The catalogue: the tag of a procedure's list at the system that told it (an unchanged list is not
-- sent again), and the office that takes its dossiers in. fetched_at: when it was last found true.
ALTER TABLE procedure ADD COLUMN server TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure ADD COLUMN version TEXT NOT NULL DEFAULT '';
ALTER TABLE procedure ADD COLUMN agency TEXT NOT NULL DEFAULT '';

-- How a dossier stands at the server: its own word, and whether that means closed or withdrawn.
ALTER TABLE dossier ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;

-- The dossier that a local one's pages went to when it was bound to a code that was here already.
ALTER TABLE dossier ADD COLUMN merged_into TEXT REFERENCES dossier (id);

-- When the procedure's list was first heard without a paper that it had; NULL: it has it, or never
-- had. sent_title: the title a paper was sent under, where the list renamed it since.
ALTER TABLE paper ADD COLUMN dropped_at TEXT;
ALTER TABLE paper ADD COLUMN sent_title TEXT NOT NULL DEFAULT '';

-- What the server said of the file when it gave the bundle's bytes back: said again, it is the same.
ALTER TABLE receipt ADD COLUMN mark TEXT NOT NULL DEFAULT '';

-- A local dossier that the server is asked to begin. Its id is the key it is asked under, so that
-- asking again begins no second one.
CREATE TABLE creation (
    dossier_id  TEXT PRIMARY KEY REFERENCES dossier (id) ON DELETE CASCADE,
    holder_kind TEXT NOT NULL CHECK (holder_kind IN ('citizen', 'business')),
    holder_id   TEXT NOT NULL,
    address     TEXT NOT NULL,
    phone       TEXT NOT NULL,
    asked_at    TEXT NOT NULL
) STRICT;

-- Files that other desks have put at the server into dossiers that are here.
CREATE TABLE elsewhere (
    dossier_id TEXT NOT NULL REFERENCES dossier (id) ON DELETE CASCADE,
    server     TEXT NOT NULL,
    key        TEXT NOT NULL,
    part       TEXT NOT NULL,
    title      TEXT NOT NULL,
    PRIMARY KEY (dossier_id, server, key)
) STRICT;

-- A version of a paper that met something else at the server. Never changed: what was decided is a
-- fact of its own, and the newest counts.
CREATE TABLE conflict (
    id       INTEGER PRIMARY KEY,
    paper_id TEXT NOT NULL REFERENCES paper (id),
    kind     TEXT NOT NULL CHECK (kind IN ('changed', 'other', 'closed', 'dropped')),
    server   TEXT NOT NULL,
    ours     TEXT NOT NULL,
    theirs   TEXT NOT NULL DEFAULT '',
    ref      TEXT NOT NULL DEFAULT '',
    word     TEXT NOT NULL DEFAULT '',
    found_at TEXT NOT NULL,
    UNIQUE (paper_id, kind, server, ours, theirs, ref, word)
) STRICT;
CREATE TABLE decision (
    id          INTEGER PRIMARY KEY,
    conflict_id INTEGER NOT NULL REFERENCES conflict (id),
    choice      TEXT NOT NULL CHECK (choice IN ('mine', 'theirs', 'both')),
    at          TEXT NOT NULL
) STRICT;
CREATE INDEX decision_conflict ON decision (conflict_id, id);
