-- What the procedure system says of a dossier: when it was received ('' = it was not yet, NULL =
-- it does not say), and when its result is due.
ALTER TABLE dossier ADD COLUMN received_at TEXT;
ALTER TABLE dossier ADD COLUMN due_at TEXT;

-- A procedure system's work list as it was fetched last.
CREATE TABLE worklist (
    server     TEXT PRIMARY KEY,
    fetched_at TEXT NOT NULL
) STRICT;
CREATE TABLE waiting (
    server     TEXT NOT NULL,
    dossier_id TEXT NOT NULL REFERENCES dossier (id) ON DELETE CASCADE,
    PRIMARY KEY (server, dossier_id)
) STRICT;

-- What happened today and what needs a hand is found without looking at everything.
CREATE INDEX batch_started ON batch (started_at);
CREATE INDEX batch_interrupted ON batch (started_at) WHERE reason = 'interrupted';
CREATE INDEX page_live ON page (paper_id) WHERE deleted_at IS NULL;
CREATE INDEX words_failed ON words (sha256) WHERE failed <> '';
