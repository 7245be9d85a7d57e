-- Facts about dossiers. No status columns: states are derived.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE procedure (
    code       TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    template   TEXT NOT NULL,
    fetched_at TEXT NOT NULL
) STRICT;

CREATE TABLE procedure_paper (
    procedure_code TEXT NOT NULL REFERENCES procedure (code) ON DELETE CASCADE,
    part           TEXT NOT NULL,
    title          TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('component', 'result', 'other')),
    required       INTEGER NOT NULL,
    multiple       INTEGER NOT NULL,
    file_template  TEXT NOT NULL,
    position       INTEGER NOT NULL,
    PRIMARY KEY (procedure_code, part)
) STRICT;

CREATE TABLE dossier (
    id             TEXT PRIMARY KEY,
    code           TEXT UNIQUE,
    local_number   INTEGER UNIQUE,
    procedure_code TEXT NOT NULL DEFAULT '',
    procedure_name TEXT NOT NULL DEFAULT '',
    holder         TEXT NOT NULL DEFAULT '',
    server_ref     TEXT NOT NULL DEFAULT '',
    template       TEXT NOT NULL DEFAULT '',
    opened_at      TEXT NOT NULL,
    finished_at    TEXT,
    CHECK (code IS NOT NULL OR local_number IS NOT NULL)
) STRICT;

CREATE TABLE paper (
    id            TEXT PRIMARY KEY,
    dossier_id    TEXT NOT NULL REFERENCES dossier (id),
    part          TEXT NOT NULL,
    title         TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('component', 'result', 'other')),
    required      INTEGER NOT NULL,
    multiple      INTEGER NOT NULL,
    file_template TEXT NOT NULL DEFAULT '',
    position      INTEGER NOT NULL,
    UNIQUE (dossier_id, part)
) STRICT;

CREATE TABLE batch (
    id         TEXT PRIMARY KEY,
    paper_id   TEXT NOT NULL REFERENCES paper (id),
    device     TEXT NOT NULL,
    profile    TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at   TEXT,
    reason     TEXT
) STRICT;

CREATE TABLE page (
    id         TEXT PRIMARY KEY,
    batch_id   TEXT NOT NULL REFERENCES batch (id),
    batch_seq  INTEGER NOT NULL,
    paper_id   TEXT NOT NULL REFERENCES paper (id),
    rank       REAL NOT NULL,
    sha256     TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    suffix     TEXT NOT NULL,
    turn       INTEGER NOT NULL DEFAULT 0 CHECK (turn IN (0, 90, 180, 270)),
    placed_by  TEXT NOT NULL CHECK (placed_by IN ('batch', 'code', 'clerk')),
    deleted_at TEXT,
    saved_at   TEXT NOT NULL,
    UNIQUE (batch_id, batch_seq)
) STRICT;
CREATE INDEX page_paper ON page (paper_id, rank);
CREATE INDEX page_sha256 ON page (sha256);

-- What programs found out about an image, by its hash.
CREATE TABLE reading (
    sha256 TEXT PRIMARY KEY,
    width  INTEGER NOT NULL,
    height INTEGER NOT NULL,
    dpi_x  REAL NOT NULL,
    dpi_y  REAL NOT NULL,
    blank  INTEGER NOT NULL,
    ink    REAL NOT NULL,
    turn   INTEGER NOT NULL,
    skew   REAL NOT NULL,
    codes  TEXT NOT NULL
) STRICT;

CREATE TABLE words (
    sha256     TEXT NOT NULL,
    turn       INTEGER NOT NULL,
    tsv        TEXT NOT NULL,
    pdf        TEXT NOT NULL,
    count      INTEGER NOT NULL,
    confidence REAL NOT NULL,
    failed     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (sha256, turn)
) STRICT;

CREATE TABLE bundle (
    paper_id    TEXT NOT NULL REFERENCES paper (id),
    fingerprint TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    pages       INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    made_at     TEXT NOT NULL,
    PRIMARY KEY (paper_id, fingerprint)
) STRICT;

CREATE TABLE receipt (
    paper_id    TEXT NOT NULL REFERENCES paper (id),
    fingerprint TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    server      TEXT NOT NULL,
    ref         TEXT NOT NULL,
    at          TEXT NOT NULL,
    PRIMARY KEY (paper_id, fingerprint, server)
) STRICT;

-- A version of a paper that may have reached the server, whether or not a receipt came.
CREATE TABLE sending (
    paper_id TEXT NOT NULL REFERENCES paper (id),
    sha256   TEXT NOT NULL,
    server   TEXT NOT NULL,
    PRIMARY KEY (paper_id, sha256, server)
) STRICT;

-- A file a watched folder gave, by its bytes: taken once.
CREATE TABLE taken (
    path     TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    batch_id TEXT NOT NULL REFERENCES batch (id),
    taken_at TEXT NOT NULL,
    PRIMARY KEY (path, sha256)
) STRICT;

-- What the clerk did, so that it can be undone.
CREATE TABLE edit (
    id         INTEGER PRIMARY KEY,
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    at         TEXT NOT NULL,
    verb       TEXT NOT NULL,
    before     TEXT NOT NULL,
    after      TEXT NOT NULL,
    undone_at  TEXT
) STRICT;

-- A cache of the plan plus retry bookkeeping: empty it and it grows back.
CREATE TABLE work (
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    kind       TEXT NOT NULL CHECK (kind IN ('read', 'ocr', 'bundle', 'upload')),
    subject    TEXT NOT NULL,
    version    TEXT NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL DEFAULT '',
    parked     INTEGER NOT NULL DEFAULT 0,
    error      TEXT NOT NULL DEFAULT '',
    detail     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (dossier_id, kind, subject)
) STRICT;
