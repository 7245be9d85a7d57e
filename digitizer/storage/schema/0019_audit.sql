-- The audit record: who did what to which page, each line chained to the one before it by its hash
-- (digitizer.chain). Lines are written by the store within the transaction that changes the facts
-- (digitizer.storage.audit), and name nobody but clerks (by id) and the system's accounts.
CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    who     TEXT NOT NULL,
    door    TEXT NOT NULL,
    act     TEXT NOT NULL,
    dossier TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    hash    TEXT NOT NULL
) STRICT;
CREATE INDEX audit_dossier ON audit (dossier, seq) WHERE dossier <> '';

CREATE TRIGGER audit_never_changed BEFORE UPDATE ON audit BEGIN
    SELECT raise(ABORT, 'the audit record is only added to');
END;
CREATE TRIGGER audit_never_removed BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the audit record is only added to');
END;
CREATE TRIGGER audit_only_behind BEFORE INSERT ON audit
WHEN new.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit) BEGIN
    SELECT raise(ABORT, 'the audit record is only added to');
END;
