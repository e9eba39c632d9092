### Why the cooperative's server itself refused a command, one sentence for each rule of core/src/protocol/rule.rs, in
### Indonesian: each one plain line of at most 150 characters, which the server sends too.

server-rule-not-active = Hanya anggota aktif yang dapat mengajukan pinjaman; hubungi kantor koperasi.
server-rule-product-gone = Jenis pinjaman ini tidak ada lagi; pilih jenis pinjaman yang lain.
server-rule-terms-changed = Ketentuan pinjaman ini sudah berubah; perbarui data lalu ajukan lagi.
server-rule-beyond-limits = Jumlah atau jangka waktu di luar batas jenis pinjaman ini; sesuaikan lalu ajukan lagi.
server-rule-too-many-open = Terlalu banyak pengajuan yang belum dijawab; tunggu jawaban kantor koperasi.
server-rule-already-cancelled = Pengajuan ini sudah dibatalkan.
server-rule-already-decided = Pengajuan ini sudah dijawab kantor koperasi; hubungi kantor bila ingin menambahkan keterangan atau membatalkannya.
server-rule-already-accepted = Pinjaman ini sudah diterima.
server-rule-not-approved = Pengajuan ini belum disetujui atau sudah berakhir; hubungi kantor koperasi.
server-rule-no-such-request = Pengajuan ini tidak ada di kantor koperasi; hubungi kantor bila Anda pernah mengajukannya.
server-rule-own-guarantor = Peminjam tidak dapat menjadi penjamin pinjamannya sendiri; pilih anggota lain.
server-rule-guarantor-not-active = Penjamin harus anggota aktif koperasi ini; periksa nomor anggotanya.
server-rule-too-much-attached = Berkas permintaan yang belum dijawab terlalu besar; tunggu jawaban kantor atau lampirkan berkas yang lebih kecil.
server-rule-above-income = Angsuran pinjaman ini dan pinjaman yang berjalan melebihi penghasilan; kurangi jumlahnya atau perpanjang waktunya.
server-rule-not-reckoned = Angsuran pinjaman ini tidak dapat dihitung; sesuaikan jumlah atau jangka waktunya.
server-rule-too-many-replies = Terlalu banyak jawaban untuk permintaan ini; hubungi kantor koperasi.
