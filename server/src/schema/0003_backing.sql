-- What stands behind a request: income, guarantors, collateral, documents; and what its member gave when the office asked
-- for more. All of it is the office's record of the request and stays with it; what goes, and when, is said in
-- attachments.rs.

ALTER TABLE loan_request ADD COLUMN income INTEGER;       -- sen a month, as the member says
ALTER TABLE loan_request ADD COLUMN collateral TEXT;      -- in the member's words

CREATE TABLE loan_reply (
  cooperative INTEGER NOT NULL,
  operation   BLOB NOT NULL,
  request     BLOB NOT NULL,
  text        TEXT NOT NULL,
  income      INTEGER,
  collateral  TEXT,
  replied_at  INTEGER NOT NULL,
  PRIMARY KEY (cooperative, operation)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_of_request ON loan_reply (cooperative, request);

CREATE TABLE loan_guarantor (
  cooperative INTEGER NOT NULL,
  operation   BLOB NOT NULL,                     -- that named the guarantor: the request or a reply
  member      INTEGER NOT NULL,                  -- who vouches
  request     BLOB NOT NULL,
  PRIMARY KEY (cooperative, operation, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  cooperative INTEGER NOT NULL,
  operation   BLOB NOT NULL,                     -- that named the document: the request or a reply
  hash        BLOB NOT NULL,                     -- SHA-256 of its bytes
  request     BLOB NOT NULL,
  size        INTEGER NOT NULL,
  media_type  INTEGER NOT NULL,                  -- 0 image/jpeg, 1 image/png, 2 application/pdf
  held        INTEGER NOT NULL DEFAULT 0,        -- bytes that are here, from the first
  whole_at    INTEGER,                           -- all are here and are what was named; null until then
  PRIMARY KEY (cooperative, operation, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_of_request ON attachment (cooperative, request);

-- Of 64 KiB but for the last one. Large rows, so not in the tree of their key.
CREATE TABLE attachment_part (
  cooperative INTEGER NOT NULL,
  operation   BLOB NOT NULL,
  hash        BLOB NOT NULL,
  offset      INTEGER NOT NULL,                  -- where these begin
  bytes       BLOB NOT NULL,
  PRIMARY KEY (cooperative, operation, hash, offset)
) STRICT;
