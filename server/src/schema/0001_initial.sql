-- The cooperative's server: books, devices, requests, cards. One database holds many cooperatives, and every
-- key begins with the cooperative, so that the database can be spread over machines by it.
-- Money is sen, rates are hundred-millionths, days count from 1970-01-01, instants are seconds UTC.

CREATE TABLE cooperative (
  cooperative     INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE,          -- 1 to 16 of a-z 0-9 -
  name            TEXT NOT NULL,
  registration_no TEXT NOT NULL DEFAULT '',
  city            TEXT NOT NULL DEFAULT '',
  time_zone       TEXT NOT NULL,                 -- WIB, WITA, WIT
  epoch           INTEGER NOT NULL DEFAULT 1,    -- only goes up
  epoch_reason    TEXT,                          -- why the epoch began; null for the first
  status_list_at  INTEGER NOT NULL DEFAULT 0     -- the date of the newest status list; only goes up
) STRICT;

-- Public halves of the cooperative's keys; the private ones are files, never here.
CREATE TABLE issuer_key (
  cooperative INTEGER NOT NULL,
  kid         INTEGER NOT NULL,                  -- unique within the cooperative, never reused
  use         INTEGER NOT NULL,                  -- 1 card, 2 status list, 3 checkpoint
  public_key  BLOB NOT NULL,                     -- 65 bytes, uncompressed
  not_before  INTEGER NOT NULL,
  PRIMARY KEY (cooperative, kid)
) STRICT, WITHOUT ROWID;

CREATE TABLE member (
  cooperative      INTEGER NOT NULL,
  member           INTEGER NOT NULL,
  member_no        TEXT NOT NULL,
  name             TEXT NOT NULL,
  status           INTEGER NOT NULL,             -- of the books: 0 active, 1 candidate, 2 suspended, 3 left
  office_suspended INTEGER NOT NULL DEFAULT 0,   -- 1 after `member suspend`: stands above the books
  joined_on        INTEGER NOT NULL,
  birth_date       INTEGER,
  phone            TEXT NOT NULL DEFAULT '',
  language         TEXT NOT NULL DEFAULT '',
  class            TEXT NOT NULL DEFAULT '',
  sectors          TEXT NOT NULL DEFAULT '',
  kelurahan        TEXT NOT NULL DEFAULT '',
  kecamatan        TEXT NOT NULL DEFAULT '',
  generation       INTEGER NOT NULL DEFAULT 0,   -- of the newest checkpoint in the current epoch; 0 before the first
  PRIMARY KEY (cooperative, member),
  UNIQUE (cooperative, member_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE savings_product (
  cooperative INTEGER NOT NULL,
  code        TEXT NOT NULL,
  name        TEXT NOT NULL,
  type        INTEGER NOT NULL,                  -- 0 pokok, 1 wajib, 2 sukarela, 3 berjangka
  yearly_rate INTEGER NOT NULL,
  yearly_cap  INTEGER NOT NULL,
  PRIMARY KEY (cooperative, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE loan_product (
  cooperative         INTEGER NOT NULL,
  code                TEXT NOT NULL,
  name                TEXT NOT NULL,
  method              INTEGER NOT NULL,          -- 0 flat, 1 menurun, 2 anuitas, 3 harian
  rate_per_period     INTEGER NOT NULL,
  version             INTEGER NOT NULL,
  min_principal       INTEGER,
  max_principal       INTEGER,
  max_periods         INTEGER,
  grace_periods       INTEGER NOT NULL DEFAULT 0,
  rounding_unit       INTEGER NOT NULL,          -- sen
  rounding_mode       TEXT NOT NULL,             -- nearest, up, down
  rounding_applies_to TEXT NOT NULL,             -- component, instalment
  day_count           TEXT NOT NULL,             -- 30/360, actual/365
  allocation_order    TEXT NOT NULL DEFAULT '',
  late_charge_rate    INTEGER NOT NULL DEFAULT 0,
  yearly_cap          INTEGER NOT NULL,
  PRIMARY KEY (cooperative, code)
) STRICT, WITHOUT ROWID;

-- Savings accounts and loans share one number space and one table: both are a ledger with a head.
CREATE TABLE account (
  cooperative     INTEGER NOT NULL,
  account         INTEGER NOT NULL,
  kind            INTEGER NOT NULL,              -- 0 savings, 1 loan
  account_no      TEXT NOT NULL,
  member          INTEGER NOT NULL,
  product         TEXT NOT NULL,
  status          INTEGER NOT NULL,              -- savings: 0 open, 1 closed; loan: 0 active, 1 paid, 2 written off
  opened_on       INTEGER NOT NULL,              -- savings: opened; loan: disbursed
  seq             INTEGER NOT NULL DEFAULT 0,    -- head: the last entry's seq
  figure          INTEGER NOT NULL DEFAULT 0,    -- head: balance or outstanding
  hash            BLOB NOT NULL,                 -- head: h[seq]; 32 zero bytes before the first entry
  last_posted_on  INTEGER,
  term_months     INTEGER,                       -- savings
  matures_on      INTEGER,                       -- savings
  principal       INTEGER,                       -- loan, and all below
  periods         INTEGER,
  first_due_on    INTEGER,
  rate_per_period INTEGER,
  method          INTEGER,
  product_version INTEGER,
  guarantors      TEXT,
  PRIMARY KEY (cooperative, account),
  UNIQUE (cooperative, account_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_of_member ON account (cooperative, member);

-- Entries are never updated or deleted.
CREATE TABLE savings_entry (
  cooperative   INTEGER NOT NULL,
  account       INTEGER NOT NULL,
  seq           INTEGER NOT NULL,
  posted_on     INTEGER NOT NULL,
  kind          INTEGER NOT NULL,
  amount        INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  description   TEXT NOT NULL,
  reference     TEXT NOT NULL,
  reverses      INTEGER,
  hash          BLOB NOT NULL,                   -- h[seq]
  PRIMARY KEY (cooperative, account, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX savings_reversal ON savings_entry (cooperative, account, reverses) WHERE reverses IS NOT NULL;

CREATE TABLE loan_entry (
  cooperative       INTEGER NOT NULL,
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
  hash              BLOB NOT NULL,
  PRIMARY KEY (cooperative, account, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX loan_reversal ON loan_entry (cooperative, account, reverses) WHERE reverses IS NOT NULL;

-- Exactly one for each (member, epoch, generation); the bytes every device gets.
CREATE TABLE checkpoint (
  cooperative INTEGER NOT NULL,
  member      INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,
  generation  INTEGER NOT NULL,
  bytes       BLOB NOT NULL,
  PRIMARY KEY (cooperative, member, epoch, generation)
) STRICT, WITHOUT ROWID;

-- What changed in a row that may change, and what officers did: append only.
CREATE TABLE change (
  cooperative INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  officer     TEXT,                              -- null: an import
  subject     TEXT NOT NULL,                     -- table and key, as member:A001 or loan_request:UUID
  field       TEXT NOT NULL,
  before      TEXT NOT NULL,
  after       TEXT NOT NULL,
  PRIMARY KEY (cooperative, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE activation (
  cooperative INTEGER NOT NULL,
  member      INTEGER NOT NULL,
  verifier    BLOB NOT NULL,                     -- PBKDF2 of the code, never the code
  salt        BLOB NOT NULL,
  expires_at  INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,        -- wrong codes so far, at most 5
  locked_until INTEGER NOT NULL DEFAULT 0,       -- before that no code is looked at
  device      BLOB,                              -- the device it was used by; the same key may ask again
  PRIMARY KEY (cooperative, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  cooperative       INTEGER NOT NULL,
  device            BLOB NOT NULL,
  member            INTEGER NOT NULL,
  public_key        BLOB NOT NULL,
  enrolled_at       INTEGER NOT NULL,
  revoked_at        INTEGER,
  access_hash       BLOB NOT NULL,               -- SHA-256 of the access token
  access_expires_at INTEGER NOT NULL,
  refresh_hash      BLOB NOT NULL,
  next_result       INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (cooperative, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_of_member ON device (cooperative, member);

-- Operations as signed, stored in the transaction of their effect. The id is the idempotence key.
CREATE TABLE operation (
  cooperative INTEGER NOT NULL,
  member      INTEGER NOT NULL,
  operation   BLOB NOT NULL,
  body_hash   BLOB NOT NULL,
  device      BLOB NOT NULL,                     -- the device that gets its results
  received_at INTEGER NOT NULL,
  bytes       BLOB NOT NULL,
  PRIMARY KEY (cooperative, member, operation)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_of_day ON operation (cooperative, member, received_at);

CREATE TABLE result (
  cooperative     INTEGER NOT NULL,
  device          BLOB NOT NULL,
  number          INTEGER NOT NULL,              -- grows with every result for the device
  operation       BLOB NOT NULL,
  body_hash       BLOB NOT NULL,
  state           INTEGER NOT NULL,              -- 2 received, 3 approved, 4 rejected, 6 cancelled
  reason          TEXT,
  at              INTEGER NOT NULL,
  acknowledged_at INTEGER,
  PRIMARY KEY (cooperative, device, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE loan_request (
  cooperative     INTEGER NOT NULL,
  request         BLOB NOT NULL,                 -- the operation's id
  member          INTEGER NOT NULL,
  product         TEXT NOT NULL,
  product_version INTEGER NOT NULL,
  principal       INTEGER NOT NULL,
  periods         INTEGER NOT NULL,
  purpose         TEXT NOT NULL,
  state           INTEGER NOT NULL,              -- 2 received, 3 approved, 4 rejected, 6 cancelled
  reason          TEXT,
  submitted_at    INTEGER NOT NULL,
  decided_at      INTEGER,
  officer         TEXT,
  PRIMARY KEY (cooperative, request)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_of_member ON loan_request (cooperative, member);

CREATE TABLE card (
  cooperative  INTEGER NOT NULL,
  status_index INTEGER NOT NULL,                 -- its place in the status list, never reused
  device       BLOB NOT NULL,
  member       INTEGER NOT NULL,
  issued_at    INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  invalid      INTEGER NOT NULL DEFAULT 0,       -- 1 when replaced or its device was revoked
  bytes        BLOB NOT NULL,
  PRIMARY KEY (cooperative, status_index)
) STRICT, WITHOUT ROWID;
CREATE INDEX card_of_device ON card (cooperative, member, device);
