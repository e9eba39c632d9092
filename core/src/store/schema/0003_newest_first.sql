-- Entries stand newest first, in the order in which they come: what is older is written behind, not in between.

CREATE TABLE savings_entry_3 (
  account       INTEGER NOT NULL,
  seq           INTEGER NOT NULL,
  posted_on     INTEGER NOT NULL,
  kind          INTEGER NOT NULL,
  amount        INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  description   TEXT NOT NULL,
  reference     TEXT NOT NULL,
  reverses      INTEGER,
  PRIMARY KEY (account, seq DESC)
) STRICT, WITHOUT ROWID;
INSERT INTO savings_entry_3 SELECT * FROM savings_entry ORDER BY account, seq DESC;
DROP TABLE savings_entry;
ALTER TABLE savings_entry_3 RENAME TO savings_entry;

CREATE TABLE loan_entry_3 (
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
  PRIMARY KEY (account, seq DESC)
) STRICT, WITHOUT ROWID;
INSERT INTO loan_entry_3 SELECT * FROM loan_entry ORDER BY account, seq DESC;
DROP TABLE loan_entry;
ALTER TABLE loan_entry_3 RENAME TO loan_entry;
