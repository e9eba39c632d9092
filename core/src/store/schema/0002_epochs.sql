-- Epochs: which one an account agrees with, new books beside those shown, and what the old ones were.

-- The epoch whose books all that is held of the account agrees with.
ALTER TABLE account ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
UPDATE account SET epoch = coalesce((SELECT epoch FROM checkpoint), 0);

-- An account whose past a new epoch changed: its new books fill here until they are whole and verified, then this number
-- becomes the account's.
CREATE TABLE shadow (
  account    INTEGER PRIMARY KEY,                -- the number under which its runs and entries stand
  kind       INTEGER NOT NULL,
  account_no TEXT NOT NULL,
  epoch      INTEGER NOT NULL,
  head       BLOB NOT NULL,
  UNIQUE (kind, account_no)
) STRICT;

-- The last checkpoint held of each epoch that ended: what an account's old books were signed by.
CREATE TABLE former_checkpoint (
  epoch INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL,
  heads BLOB NOT NULL
) STRICT;

-- Where a new epoch changed the past: which epoch, the number under which the old runs and entries stay once they were
-- replaced, and the first of them that the new books lack or have otherwise.
ALTER TABLE evidence ADD COLUMN epoch INTEGER;
ALTER TABLE evidence ADD COLUMN old_account INTEGER;
ALTER TABLE evidence ADD COLUMN first_seq INTEGER;
