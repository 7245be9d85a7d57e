-- A signed PDF from elsewhere, kept byte for byte: the pages of a batch from ``first`` on were
-- rendered from it, one after the other.
CREATE TABLE original (
    batch_id TEXT NOT NULL REFERENCES batch (id),
    first    INTEGER NOT NULL,
    pages    INTEGER NOT NULL,
    sha256   TEXT NOT NULL,
    PRIMARY KEY (batch_id, first)
) STRICT;
CREATE INDEX original_sha256 ON original (sha256);

-- What a look at its signatures found, as JSON, and whether it happens to be PDF/A-2b.
CREATE TABLE signed (
    sha256     TEXT PRIMARY KEY,
    signatures TEXT NOT NULL,
    pdfa       INTEGER NOT NULL,
    checked_at TEXT NOT NULL
) STRICT;
