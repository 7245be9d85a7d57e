-- A side of a separator sheet, which routing took out (deleted_at) of its paper.
ALTER TABLE page ADD COLUMN separator INTEGER NOT NULL DEFAULT 0;

-- Which paper a separator sheet began: decided once, with the first page behind it.
CREATE TABLE opening (
    page_id  TEXT PRIMARY KEY REFERENCES page (id), -- the sheet's first side
    paper_id TEXT NOT NULL REFERENCES paper (id)
) STRICT;

-- The lines of an image, at one turn, that may be a title: JSON list, the likeliest first.
CREATE TABLE heading (
    sha256 TEXT NOT NULL,
    turn   INTEGER NOT NULL,
    lines  TEXT NOT NULL,
    PRIMARY KEY (sha256, turn)
) STRICT;
