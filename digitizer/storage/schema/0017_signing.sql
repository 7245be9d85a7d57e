-- A version of a bundle that was signed here: the very bytes of the bundle (or of an earlier signed
-- version of it) with a signature appended. Never changed; taken back, it is not sent any more.
CREATE TABLE signed_version (
    id           INTEGER PRIMARY KEY,
    paper_id     TEXT NOT NULL REFERENCES paper (id),
    bundle       TEXT NOT NULL, -- SHA-256 of the bundle
    sha256       TEXT NOT NULL,
    bytes        INTEGER NOT NULL,
    look         TEXT NOT NULL CHECK (look IN ('personal', 'copy')),
    copy_kind    TEXT NOT NULL DEFAULT '', -- of a certified copy: NĐ 30/2020, art. 25
    signer       TEXT NOT NULL,
    organisation TEXT NOT NULL DEFAULT '',
    certificate  TEXT NOT NULL, -- SHA-256 of the certificate
    timestamped  INTEGER NOT NULL,
    long_term    INTEGER NOT NULL,
    at           TEXT NOT NULL,
    clerk        TEXT REFERENCES clerk (id), -- who was at the desk; NULL: nobody was named
    withdrawn_at TEXT
) STRICT;
CREATE INDEX signed_version_paper ON signed_version (paper_id, bundle);
CREATE INDEX signed_version_sha256 ON signed_version (sha256);

-- Work that waits for somebody's signature stands in the plan like any other.
CREATE TABLE work_signed (
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    kind       TEXT NOT NULL CHECK (kind IN ('read', 'ocr', 'bundle', 'sign', 'upload')),
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
INSERT INTO work_signed (rowid, dossier_id, kind, subject, version, attempts, not_before, parked,
    error, detail, place)
SELECT rowid, dossier_id, kind, subject, version, attempts, not_before, parked, error, detail, place
FROM work;
DROP TABLE work;
ALTER TABLE work_signed RENAME TO work;
CREATE TRIGGER work_came AFTER INSERT ON work WHEN new.kind = 'upload' BEGIN
    UPDATE work_place SET last = last + 1;
    UPDATE work SET place = (SELECT last FROM work_place) WHERE rowid = new.rowid;
END;
