-- The batch that this one goes on with, after a jam: what a code on the pages of that one said
-- leads the pages of this one too.
ALTER TABLE batch ADD COLUMN continues TEXT REFERENCES batch (id);
CREATE INDEX batch_continues ON batch (continues) WHERE continues IS NOT NULL;
