-- Schema 3 has the same tables; entries stand in another order.
INSERT INTO savings_entry VALUES (1, 3, 20002, 0, 100, 300, 'Setoran', 'R4', NULL), (1, 2, 20001, 0, 100, 200, 'Setoran', 'R3', NULL);
INSERT INTO loan_entry VALUES (2, 2, 20031, 1, -50, -1, 0, 50, 'Angsuran', 'R5', NULL);
