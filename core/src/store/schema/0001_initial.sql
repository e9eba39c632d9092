-- The phone's store: one file a profile, encrypted whole by SQLCipher.
-- The mirror (account, span, savings_entry, loan_entry, checkpoint, register) can always be fetched again;
-- the outbox is the member's own and is never thrown away.
-- Money is sen, days count from 1970-01-01, instants are seconds UTC.

-- Who this is, how the server is reached and what time it is there. One row.
CREATE TABLE profile (
  id                INTEGER PRIMARY KEY CHECK (id = 1),
  cooperative       TEXT NOT NULL,
  member            TEXT NOT NULL,
  server            TEXT NOT NULL,               -- base URL, without the cooperative
  device            BLOB NOT NULL,               -- device id of the enrolment
  cooperative_name  TEXT NOT NULL,
  member_name       TEXT NOT NULL,
  time_zone         TEXT NOT NULL,
  federation        INTEGER NOT NULL,            -- 1: checkpoint keys come from the trust list; 0: from checkpoint_key
  access_token      TEXT NOT NULL,
  access_expires_at INTEGER NOT NULL,
  refresh_token     TEXT NOT NULL,
  server_time       INTEGER NOT NULL,            -- the last time the server vouched for
  boot              TEXT NOT NULL,               -- the machine's boot then, and
  boot_seconds      INTEGER NOT NULL             -- seconds since it
) STRICT;

-- Checkpoint keys that the phone pins; a key counts only when it was given with the activation code.
CREATE TABLE checkpoint_key (
  kid        INTEGER PRIMARY KEY,
  public_key BLOB NOT NULL
) STRICT;

-- The federation's keys and its newest trust list. One row.
CREATE TABLE trust_list (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL,
  seq   INTEGER NOT NULL
) STRICT;

-- The newest verified checkpoint and the heads its root is over. One row.
CREATE TABLE checkpoint (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  epoch      INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  bytes      BLOB NOT NULL,
  heads      BLOB NOT NULL,                      -- CBOR array of byte strings
  as_of      INTEGER NOT NULL                    -- the server's time of the last freshness statement
) STRICT;

CREATE TABLE register (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE account (
  account     INTEGER PRIMARY KEY,
  kind        INTEGER NOT NULL,                  -- 0 savings, 1 loan
  account_no  TEXT NOT NULL,
  head        BLOB NOT NULL,                     -- canonical bytes of the head that is shown
  as_of       INTEGER NOT NULL,                  -- when the server last vouched for that head
  standing    INTEGER NOT NULL,                  -- 0 good, 1 mismatch, 2 ended, 3 damaged
  standing_at INTEGER NOT NULL,
  UNIQUE (kind, account_no)
) STRICT;

-- Verified runs of entries: from right before the first to the last. Written with their entries, never apart.
CREATE TABLE span (
  account       INTEGER NOT NULL,
  before_seq    INTEGER NOT NULL,
  before_hash   BLOB NOT NULL,
  before_figure INTEGER NOT NULL,
  last_seq      INTEGER NOT NULL,
  last_hash     BLOB NOT NULL,
  last_figure   INTEGER NOT NULL,
  PRIMARY KEY (account, before_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE savings_entry (
  account       INTEGER NOT NULL,
  seq           INTEGER NOT NULL,
  posted_on     INTEGER NOT NULL,
  kind          INTEGER NOT NULL,
  amount        INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  description   TEXT NOT NULL,
  reference     TEXT NOT NULL,
  reverses      INTEGER,
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE loan_entry (
  account           INTEGER NOT NULL,
  seq               INTEGER NOT NULL,
  posted_on         INTEGER NOT NULL,
  kind              INTEGER NOT NULL,
  principal         INTEGER NOT NULL,
  interest          INTEGER NOT NULL,
  late_charge       INTEGER NOT NULL,
  outstanding_after INTEGER NOT NULL,
  description       TEXT NOT NULL,
  reference         TEXT NOT NULL,
  reverses          INTEGER,
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;

-- Proof that the server broke a promise: both checkpoints as signed. Kept for the office.
CREATE TABLE evidence (
  evidence       INTEGER PRIMARY KEY,
  at             INTEGER NOT NULL,
  kind           INTEGER NOT NULL,               -- 0 rollback, 1 fork, 2 mismatch, 3 past changed
  ledger         INTEGER,                        -- of which account; null for all
  account_no     TEXT,
  held           BLOB,                           -- the checkpoint held
  held_heads     BLOB,                           -- and the heads its root is over
  received       BLOB,                           -- the checkpoint received
  received_heads BLOB,
  page           BLOB                            -- SHA-256 of the frame of the page that did not fit
) STRICT;

-- Commands the member gave, signed, until and after the server answered.
CREATE TABLE outbox (
  operation       BLOB PRIMARY KEY,
  number          INTEGER NOT NULL UNIQUE,       -- the order in which the member gave them, whatever the clock said
  subject         BLOB NOT NULL,
  after           BLOB,
  kind            INTEGER NOT NULL,              -- 1 loan request, 2 cancel
  body            BLOB NOT NULL,                 -- the command, to be signed again by a new device
  body_hash       BLOB NOT NULL,
  signed          BLOB NOT NULL,                 -- COSE_Sign1, as sent
  state           INTEGER NOT NULL,              -- of RequestState
  reason          TEXT,
  submitted_at    INTEGER NOT NULL,
  attempts        INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL DEFAULT 0,
  result_number   INTEGER NOT NULL DEFAULT 0     -- of the newest result applied
) STRICT, WITHOUT ROWID;

-- How far results were taken, in the order the server numbers them. One row.
CREATE TABLE result_mark (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL
) STRICT;

CREATE TABLE card (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  bytes      BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
