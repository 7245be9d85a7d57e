-- A stack of paper that was fed in one go and falls apart by itself. Nothing of it is sent before
-- the clerk has accepted it; ``finished``: the dossiers that accepting it finished, as JSON.
CREATE TABLE stack (
    id          TEXT PRIMARY KEY,
    opened_at   TEXT NOT NULL,
    accepted_at TEXT,
    finished    TEXT NOT NULL DEFAULT '[]'
) STRICT;

-- The stack that a batch is (a part of); NULL: it was scanned into a dossier.
ALTER TABLE batch ADD COLUMN stack TEXT REFERENCES stack (id);
CREATE INDEX batch_stack ON batch (stack) WHERE stack IS NOT NULL;

-- What the clerk has looked at on a page of a stack and found right: names of
-- ``digitizer.stacking.Reason``, parted by spaces.
ALTER TABLE page ADD COLUMN seen TEXT NOT NULL DEFAULT '';

-- The stack in whose review an edit was made: it is taken back there, not at the counter.
ALTER TABLE edit ADD COLUMN stack TEXT REFERENCES stack (id);
