-- Where a batch's pages go within their paper: behind this page ('' = before the first), or in
-- the place of that one. Both empty: at the end.
ALTER TABLE batch ADD COLUMN after_page TEXT;
ALTER TABLE batch ADD COLUMN replaces TEXT;

-- How an image looks from afar, to recognise a sheet that was scanned twice; '' = not known.
ALTER TABLE reading ADD COLUMN look TEXT NOT NULL DEFAULT '';

-- The clerk saw that a page looks like the one before it, and keeps both.
ALTER TABLE page ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;

-- One component of a dossier may be several papers: each has its own file.
CREATE TABLE new_paper (
    id            TEXT PRIMARY KEY,
    dossier_id    TEXT NOT NULL REFERENCES dossier (id),
    part          TEXT NOT NULL,
    copy          INTEGER NOT NULL DEFAULT 1,
    title         TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('component', 'result', 'other')),
    required      INTEGER NOT NULL,
    multiple      INTEGER NOT NULL,
    file_template TEXT NOT NULL DEFAULT '',
    position      INTEGER NOT NULL,
    UNIQUE (dossier_id, part, copy)
) STRICT;
INSERT INTO new_paper
SELECT id, dossier_id, part, 1, title, kind, required, multiple, file_template, position FROM paper;
DROP TABLE paper;
ALTER TABLE new_paper RENAME TO paper;

-- A named wish to scan (mẫu quét).
CREATE TABLE profile (
    name        TEXT PRIMARY KEY,
    device      TEXT NOT NULL,
    source      TEXT NOT NULL DEFAULT '',
    both_sides  INTEGER NOT NULL DEFAULT 0,
    dpi         INTEGER NOT NULL,
    mode        TEXT NOT NULL CHECK (mode IN ('color', 'gray', 'lineart')),
    width_mm    REAL NOT NULL DEFAULT 0,
    height_mm   REAL NOT NULL DEFAULT 0,
    double_feed INTEGER NOT NULL DEFAULT 1,
    wait        INTEGER NOT NULL DEFAULT 0,
    below_floor TEXT NOT NULL DEFAULT '',
    position    INTEGER NOT NULL
) STRICT;

-- What this desk had chosen before there were names.
INSERT INTO profile (name, device, source, dpi, mode, below_floor, position)
SELECT 'Mẫu của bàn này',
       coalesce((SELECT value FROM setting WHERE name = 'scanner.device'), ''),
       coalesce((SELECT value FROM setting WHERE name = 'profile.source'), ''),
       dpi.value, mode.value, 'chọn từ trước', 1
FROM setting AS dpi JOIN setting AS mode
WHERE dpi.name = 'profile.dpi' AND mode.name = 'profile.mode';
DELETE FROM setting
WHERE name IN ('scanner.device', 'profile.source', 'profile.dpi', 'profile.mode');
