-- What OCR read on an image at one turn and in one crop, as plain text: mended and as read; with the changes and key
-- fields as JSON (digitizer.pagetext). A search needs nothing else.
CREATE TABLE page_text (
    sha256  TEXT NOT NULL,
    turn    INTEGER NOT NULL,
    crop    TEXT NOT NULL,
    text    TEXT NOT NULL,
    raw     TEXT NOT NULL,
    changes TEXT NOT NULL,
    fields  TEXT NOT NULL,
    PRIMARY KEY (sha256, turn, crop)
) STRICT;
