-- Who works at this desk. One who was taken off the list stays a row: what they did names them.
CREATE TABLE clerk (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    account    TEXT NOT NULL DEFAULT '', -- at the procedure system; '' = the office's own
    added_at   TEXT NOT NULL,
    removed_at TEXT
) STRICT;
CREATE UNIQUE INDEX clerk_name ON clerk (name) WHERE removed_at IS NULL;

-- Who was at the desk when it was done; NULL: nobody was named, or an older version did not say.
ALTER TABLE batch ADD COLUMN clerk TEXT REFERENCES clerk (id);
ALTER TABLE edit ADD COLUMN clerk TEXT REFERENCES clerk (id);
ALTER TABLE dossier ADD COLUMN finished_by TEXT REFERENCES clerk (id);
ALTER TABLE stack ADD COLUMN accepted_by TEXT REFERENCES clerk (id);

-- Who answers for what was sent, and under which account of the procedure system it went.
ALTER TABLE sending ADD COLUMN clerk TEXT REFERENCES clerk (id);
ALTER TABLE sending ADD COLUMN account TEXT NOT NULL DEFAULT '';
ALTER TABLE sending ADD COLUMN at TEXT NOT NULL DEFAULT '';
ALTER TABLE receipt ADD COLUMN clerk TEXT REFERENCES clerk (id);
ALTER TABLE receipt ADD COLUMN account TEXT NOT NULL DEFAULT '';
