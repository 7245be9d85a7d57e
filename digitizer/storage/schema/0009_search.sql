-- The words of dossiers and pages, to be searched. A cache: emptied, it grows back from the facts
-- (digitizer.storage.wordindex). The triggers note what changed; the words follow soon after.
CREATE TABLE unindexed_dossier (dossier_id TEXT PRIMARY KEY) STRICT;
CREATE TABLE unindexed_page (page_id TEXT PRIMARY KEY) STRICT;

-- Code, holder and procedure in lower case: as written, and without diacritics.
CREATE TABLE dossier_words (
    dossier_id TEXT PRIMARY KEY,
    opened_at  TEXT NOT NULL,
    exact      TEXT NOT NULL,
    folded     TEXT NOT NULL
) STRICT;
CREATE INDEX dossier_words_newest ON dossier_words (opened_at DESC);

-- A page whose words changed gets a new id; what page_words holds under the old one is not found
-- any more.
CREATE TABLE indexed_page (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    page_id TEXT NOT NULL UNIQUE
) STRICT;
-- folded: all words without diacritics; exact: those that have some, as written.
CREATE VIRTUAL TABLE page_words USING fts5 (
    folded, exact, content = '', prefix = '2', tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TRIGGER dossier_came AFTER INSERT ON dossier BEGIN
    INSERT OR IGNORE INTO unindexed_dossier VALUES (new.id);
END;
CREATE TRIGGER dossier_renamed
AFTER UPDATE OF code, local_number, holder, procedure_name ON dossier BEGIN
    INSERT OR IGNORE INTO unindexed_dossier VALUES (new.id);
    INSERT OR IGNORE INTO unindexed_page
    SELECT page.id FROM page JOIN paper ON paper.id = page.paper_id
    WHERE paper.dossier_id = new.id AND page.deleted_at IS NULL;
END;
CREATE TRIGGER page_changed AFTER UPDATE OF paper_id, turn, crop, deleted_at ON page BEGIN
    INSERT OR IGNORE INTO unindexed_page VALUES (new.id);
END;
CREATE TRIGGER page_came AFTER INSERT ON page BEGIN
    INSERT OR IGNORE INTO unindexed_page VALUES (new.id);
END;
CREATE TRIGGER page_gone AFTER DELETE ON page BEGIN
    INSERT OR IGNORE INTO unindexed_page VALUES (old.id);
END;
CREATE TRIGGER reading_came AFTER INSERT ON reading BEGIN
    INSERT OR IGNORE INTO unindexed_page SELECT id FROM page WHERE sha256 = new.sha256;
END;
CREATE TRIGGER reading_changed AFTER UPDATE ON reading BEGIN
    INSERT OR IGNORE INTO unindexed_page SELECT id FROM page WHERE sha256 = new.sha256;
END;
CREATE TRIGGER page_text_came AFTER INSERT ON page_text BEGIN
    INSERT OR IGNORE INTO unindexed_page SELECT id FROM page WHERE sha256 = new.sha256;
END;
CREATE TRIGGER page_text_changed AFTER UPDATE ON page_text BEGIN
    INSERT OR IGNORE INTO unindexed_page SELECT id FROM page WHERE sha256 = new.sha256;
END;
CREATE TRIGGER page_text_gone AFTER DELETE ON page_text BEGIN
    INSERT OR IGNORE INTO unindexed_page SELECT id FROM page WHERE sha256 = old.sha256;
END;
INSERT INTO unindexed_dossier SELECT id FROM dossier;
INSERT INTO unindexed_page SELECT id FROM page;

-- What is looked at every few seconds, or at every start, must not grow with the home.
CREATE INDEX dossier_newest ON dossier (opened_at DESC);
CREATE INDEX dossier_local_finished ON dossier (id) WHERE finished_at IS NOT NULL AND code IS NULL;
CREATE INDEX batch_open ON batch (id) WHERE ended_at IS NULL;
CREATE INDEX batch_device ON batch (device, started_at);
CREATE INDEX receipt_at ON receipt (at);
CREATE INDEX edit_dossier ON edit (dossier_id, id);
