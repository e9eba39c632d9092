-- A row or two in every table of schema 1, its columns by name where a later schema has more of them.
INSERT INTO profile VALUES (1, 'handayani', 'A-1', 'http://127.0.0.1:1', zeroblob(16), 'Koperasi Handayani', 'Siti Rahayu',
  'WIB', 0, 'token', 1790000000, 'refresh', 1790000000, 'boot', 7);
INSERT INTO checkpoint_key VALUES (0, zeroblob(65));
INSERT INTO trust_list VALUES (1, x'01', 4);
INSERT INTO checkpoint VALUES (1, 3, 5, x'd2', x'80', 1790000000);
INSERT INTO register VALUES (1, x'88');
INSERT INTO account (account, kind, account_no, head, as_of, standing, standing_at) VALUES (1, 0, 'SS-1', x'88', 1790000000, 0, 1790000000);
INSERT INTO account (account, kind, account_no, head, as_of, standing, standing_at) VALUES (2, 1, 'PB-1', x'8f', 1790000000, 1, 1790000001);
INSERT INTO span VALUES (1, 0, zeroblob(32), 0, 1, zeroblob(32), 100);
INSERT INTO savings_entry VALUES (1, 1, 20000, 0, 100, 100, 'Setoran', 'R1', NULL);
INSERT INTO loan_entry VALUES (2, 1, 20000, 0, 100, 0, 0, 100, 'Pencairan', 'R2', NULL);
INSERT INTO evidence (evidence, at, kind, ledger, account_no, held, held_heads, received, received_heads, page)
  VALUES (1, 1790000000, 2, 1, 'PB-1', x'd2', x'80', x'd3', x'80', zeroblob(32));
INSERT INTO outbox VALUES (zeroblob(16), 1, zeroblob(16), NULL, 1, x'85', zeroblob(32), x'd2', 2, NULL, 1790000000, 1, 0, 9);
INSERT INTO result_mark VALUES (1, 9);
INSERT INTO card VALUES (1, x'd2', 1800000000);
