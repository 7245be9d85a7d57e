-- What somebody said about a web page's wish to scan here. Nothing is changed: the newest counts.
CREATE TABLE consent (
    id      INTEGER PRIMARY KEY,
    origin  TEXT NOT NULL,
    answer  TEXT NOT NULL CHECK (answer IN ('allowed', 'refused', 'withdrawn')),
    said_by TEXT NOT NULL,
    said_at TEXT NOT NULL
) STRICT;
CREATE INDEX consent_origin ON consent (origin, id);

-- A paper that a web page asked for: what is scanned into it is one file, and no code leads its
-- pages elsewhere. ``given``: the SHA-256 of the file that the page was given.
CREATE TABLE web_scan (
    paper_id TEXT PRIMARY KEY REFERENCES paper (id),
    origin   TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    given    TEXT NOT NULL DEFAULT '',
    given_at TEXT
) STRICT;
CREATE INDEX web_scan_origin ON web_scan (origin, asked_at);
CREATE INDEX web_scan_asked ON web_scan (asked_at);
