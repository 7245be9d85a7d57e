-- Why an image was taken for blank ('' = it was not, or an older version did not say), and how
-- sure its turn is, 0 to 1 (0 = not known).
ALTER TABLE reading ADD COLUMN blank_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE reading ADD COLUMN turn_confidence REAL NOT NULL DEFAULT 0;

-- Where the paper lies in the image: 'left,top,right,bottom' in pixels of the level image before
-- it is turned ('' = it is the whole image), and whether that is sure enough to go by.
ALTER TABLE reading ADD COLUMN crop TEXT NOT NULL DEFAULT '';
ALTER TABLE reading ADD COLUMN crop_sure INTEGER NOT NULL DEFAULT 0;

-- What the clerk wants of it: '' = what the reading says where it is sure, 'whole' = all of the
-- image, else a box as above.
ALTER TABLE page ADD COLUMN crop TEXT NOT NULL DEFAULT '';

-- Words depend on the box that was read as well ('' = the whole image).
CREATE TABLE new_words (
    sha256     TEXT NOT NULL,
    turn       INTEGER NOT NULL,
    crop       TEXT NOT NULL,
    tsv        TEXT NOT NULL,
    pdf        TEXT NOT NULL,
    count      INTEGER NOT NULL,
    confidence REAL NOT NULL,
    failed     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (sha256, turn, crop)
) STRICT;
INSERT INTO new_words
SELECT sha256, turn, '', tsv, pdf, count, confidence, failed FROM words;
DROP TABLE words;
ALTER TABLE new_words RENAME TO words;

-- Work is planned anew, and OCR names its box now.
DELETE FROM work WHERE kind = 'ocr';
