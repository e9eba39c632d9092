-- What schema 2 adds: an account whose new books fill beside those shown, and what is kept of an epoch that ended.
INSERT INTO shadow VALUES (3, 0, 'SS-1', 4, x'88');
INSERT INTO span VALUES (3, 0, zeroblob(32), 0, 1, zeroblob(32), 90);
INSERT INTO former_checkpoint VALUES (2, x'd2', x'80');
INSERT INTO evidence (evidence, at, kind, ledger, account_no, held, held_heads, received, received_heads, epoch, old_account, first_seq)
  VALUES (2, 1790000000, 3, 0, 'SS-1', x'd2', x'80', x'd3', x'80', 4, 4, 1);
