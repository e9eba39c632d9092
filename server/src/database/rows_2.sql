-- What schema 2 has more than schema 1.
INSERT INTO succession VALUES (1, 4, x'd287');
