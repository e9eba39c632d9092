-- A row in every table of schema 1.
INSERT INTO cooperative VALUES (1, 'handayani', 'KSP Handayani', '518/BH', 'Semarang', 'WIB', 2, 'Pulih dari cadangan', 1790000000);
INSERT INTO issuer_key VALUES (1, 3, 3, x'04aa', 1790000000);
INSERT INTO member VALUES (1, 7, 'A00042', 'Siti Partini', 0, 1, 18000, 3000, '0811', 'id', 'Anggota', 'tani', 'Mlatiharjo', 'Semarang Timur', 5);
INSERT INTO savings_product VALUES (1, 'SS', 'Simpanan Sukarela', 2, 3000000, 9000000);
INSERT INTO loan_product VALUES (1, 'PB', 'Pinjaman Biasa', 1, 2000000, 3, 100, 900000, 36, 2, 100, 'nearest', 'component', '30/360', 'denda jasa', 1000, 24000000);
INSERT INTO account VALUES (1, 1, 0, 'SS-1', 7, 'SS', 0, 18000, 1, 5000, x'11', 18001, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO account VALUES (1, 2, 1, 'PB-1', 7, 'PB', 0, 18000, 1, 90000, x'12', 18001, NULL, NULL, 100000, 10, 18030, 2000000, 1, 3, 'A1');
INSERT INTO savings_entry VALUES (1, 1, 1, 18001, 0, 5000, 5000, 'Setoran', 'BKM 1', NULL, x'11');
INSERT INTO loan_entry VALUES (1, 2, 1, 18001, 0, 90000, 0, 0, 90000, 'Pencairan', '', NULL, x'12');
INSERT INTO checkpoint VALUES (1, 7, 2, 5, x'd284');
INSERT INTO change VALUES (1, 1, 1790000001, 'Ketua', 'member:A00042', 'status', '0', '2');
INSERT INTO activation VALUES (1, 7, x'01', x'02', 1790600000, 2, 1790000500, x'0303');
INSERT INTO device VALUES (1, x'0303', 7, x'04bb', 1790000002, NULL, x'05', 1790003600, x'06', 4);
INSERT INTO operation VALUES (1, 7, x'0707', x'08', x'0303', 1790000003, x'd285');
INSERT INTO result VALUES (1, x'0303', 1, x'0707', x'08', 3, 'ya', 1790000004, 1790000005);
INSERT INTO loan_request VALUES (1, x'0707', 7, 'PB', 3, 100000, 10, 'Modal warung', 3, 'ya', 1790000003, 1790000004, 'Ketua');
INSERT INTO card VALUES (1, 12, x'0303', 7, 1790000006, 1800000000, 0, x'd286');
