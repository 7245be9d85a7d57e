-- Batches that broke off, for what hangs: of a jam too, not of a power cut alone. And those of a
-- paper, to tell whether one of them went on.
DROP INDEX batch_interrupted;
CREATE INDEX batch_broke_off ON batch (started_at) WHERE reason IN ('jam', 'cover', 'double-feed', 'lost',
    'crashed', 'disk-full', 'failed', 'interrupted');
CREATE INDEX batch_paper ON batch (paper_id);
