-- What the member is still writing, and the documents that go with what is asked for.

-- A draft carries the id of the command that it becomes: sent twice, it is one command.
CREATE TABLE draft (
  operation BLOB PRIMARY KEY,
  body      BLOB NOT NULL,
  saved_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The documents of drafts and of commands in the outbox.
CREATE TABLE attachment (
  attachment      INTEGER PRIMARY KEY,
  operation       BLOB NOT NULL,                 -- of the draft, later of the command of the same id
  hash            BLOB NOT NULL,                 -- SHA-256 of all bytes
  size            INTEGER NOT NULL,
  media_type      INTEGER NOT NULL,
  state           INTEGER NOT NULL DEFAULT 0,    -- 0 waits, 1 the office has all of it, 2 refused: the member decides
  sent            INTEGER NOT NULL DEFAULT 0,    -- bytes that the office said it holds
  attempts        INTEGER NOT NULL DEFAULT 0,    -- failures in a row
  next_attempt_at INTEGER NOT NULL DEFAULT 0,
  reason          TEXT,                          -- URN of the code, while it waits or is refused
  UNIQUE (operation, hash)
) STRICT;

-- The bytes, 64 KiB a row: an upload reads one row at a time. Gone once the request is decided.
CREATE TABLE attachment_part (
  attachment INTEGER NOT NULL,
  place      INTEGER NOT NULL,                   -- from 0
  bytes      BLOB NOT NULL,
  PRIMARY KEY (attachment, place)
) STRICT;
