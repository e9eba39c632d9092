-- Heads that were signed and that no run held reaches, because the pull that brought them broke off. Later books must
-- contain them all the same.
CREATE TABLE unjoined_head (
  kind       INTEGER NOT NULL,
  account_no TEXT NOT NULL,
  shadow     INTEGER NOT NULL,                   -- 1: of new books that fill beside those shown
  seq        INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  figure     INTEGER NOT NULL,
  checkpoint BLOB NOT NULL,                      -- the one that was held with it, and the heads its root is over
  heads      BLOB NOT NULL,
  PRIMARY KEY (kind, account_no, shadow, seq, hash)
) STRICT, WITHOUT ROWID;

-- The most of a document that the office ever said it holds: what it says again is no progress.
ALTER TABLE attachment ADD COLUMN furthest INTEGER NOT NULL DEFAULT 0;
UPDATE attachment SET furthest = sent;
