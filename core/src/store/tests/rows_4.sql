-- What schema 4 adds: a draft, and a document of which the office has a part.
INSERT INTO draft VALUES (x'0102030405060708090a0b0c0d0e0f10', x'85', 1790000000);
INSERT INTO attachment (attachment, operation, hash, size, media_type, sent) VALUES (1, zeroblob(16), zeroblob(32), 3, 0, 2);
INSERT INTO attachment_part VALUES (1, 0, x'ffd8ff');
