-- What a procedure system was told of a component besides its files: how many papers of it were
-- received.
CREATE TABLE mark (
    dossier_id TEXT NOT NULL REFERENCES dossier (id) ON DELETE CASCADE,
    part       TEXT NOT NULL,
    server     TEXT NOT NULL,
    count      INTEGER NOT NULL,
    told_at    TEXT NOT NULL,
    PRIMARY KEY (dossier_id, part, server)
) STRICT;

-- Of what was received before there were marks nothing is told.
INSERT INTO mark
SELECT paper.dossier_id, paper.part, receipt.server, count(DISTINCT paper.id), max(receipt.at)
FROM receipt JOIN paper ON paper.id = receipt.paper_id
GROUP BY paper.dossier_id, paper.part, receipt.server;
