-- New checkpoint keys, each as the key before signed it: what a phone that pinned an earlier one needs to believe it.
CREATE TABLE succession (
  cooperative INTEGER NOT NULL,
  kid         INTEGER NOT NULL,                  -- of the new key
  bytes       BLOB NOT NULL,                     -- COSE_Sign1 by the key before
  PRIMARY KEY (cooperative, kid)
) STRICT, WITHOUT ROWID;
