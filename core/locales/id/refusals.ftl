### Why something was refused and what to do, in Indonesian: one sentence each, never the value that was given.

## Rules of a loan request
rule-below-smallest = Jumlah itu di bawah pinjaman terkecil produk ini; minta jumlah yang lebih besar.
rule-above-largest = Jumlah itu di atas pinjaman terbesar produk ini; minta jumlah yang lebih kecil.
rule-too-long = Jangka waktu itu lebih lama dari yang diizinkan produk ini; pilih waktu yang lebih pendek.
rule-not-active = Hanya anggota aktif yang dapat meminta pinjaman; perbarui data bila ada jaringan, atau hubungi kantor koperasi.
rule-above-income = Semua angsuran sebulan lebih besar dari penghasilan; minta jumlah yang lebih kecil atau waktu yang lebih lama.
rule-no-income = Penghasilan harus lebih dari nol; perbaiki atau kosongkan.
rule-nothing-asked = Jumlah pinjaman harus lebih dari nol; isi jumlahnya.
rule-periods = Pinjaman dilunasi dalam 1 sampai 600 bulan; perbaiki lamanya.
rule-nothing-lent = Besar pinjaman harus lebih dari nol; perbaiki jumlahnya.
rule-all-grace = Angsuran yang membayar jasa saja harus lebih sedikit dari semua angsuran; perbaiki masa tenggangnya.
rule-needs-dates = Hitungan menurut hari memerlukan tanggal; isi tanggal pencairan atau jatuh tempo pertama.
rule-rounding-unit = Kelipatan pembulatan harus lebih dari nol; perbaiki kelipatannya.
rule-due-before = Angsuran pertama jatuh tempo sesudah pencairan; perbaiki salah satu tanggalnya.
rule-date-range = Tanggal harus di antara tahun 1900 dan 2199, juga tanggal angsuran terakhir; perbaiki tanggalnya.
rule-too-much = Jumlah uang dalam hitungan ini lebih dari 15 angka; pakai jumlah yang lebih kecil.
rule-paid-beyond = Angsuran yang sudah dibayar lebih banyak dari semua angsuran; perbaiki banyaknya.
rule-pay-off-early = Tanggal pelunasan mendahului angsuran yang sudah dibayar; perbaiki tanggalnya.
rule-all-paid = Semua angsuran sudah dibayar, jadi tidak ada yang terlambat; perbaiki banyaknya yang dibayar.
rule-loan-unproven = Catatan pinjaman ini belum semuanya terbukti di perangkat ini; perbarui dahulu bila ada jaringan.
rule-loan-too-long = Catatan pinjaman ini terlalu banyak untuk dicocokkan dengan angsurannya di perangkat ini; tanyakan sisa angsurannya ke kantor koperasi.
rule-loan-other-movement = Pinjaman ini memuat transaksi yang belum dikenal aplikasi ini, jadi angsurannya tidak dapat dicocokkan; perbarui aplikasi, atau tanyakan sisa angsurannya ke kantor koperasi.
rule-nothing-paid = Jumlah yang dibayar harus lebih dari nol; perbaiki jumlahnya.
rule-no-product = Kode produk itu tidak ada di koperasi ini; periksa kodenya di kantor.
rule-products-unknown = Produk pinjaman belum dikenal di perangkat ini; jalankan sync lebih dahulu.
rule-decided = Permintaan ini sudah diputuskan; lihat keadaannya di daftar permintaan.
rule-not-approved = Hanya pinjaman yang sudah disetujui yang dapat diterima; lihat keadaan permintaannya.

## Rules of enrolment and card
rule-card-later = Kartu belum ada di perangkat ini; jalankan sync lebih dahulu.
rule-code-digits = Kode aktivasi hanya terdiri dari angka; periksa lagi kertas dari kantor.
rule-https = Alamat server harus diawali https://; hanya server di komputer ini boleh http://.

## Rules of comparing two devices
rule-not-ours = Kode ini bukan dari koperasi Anda; jangan dipakai.
rule-another-member = Kode ini dari keanggotaan lain; bandingkan dengan perangkat Anda sendiri.
rule-no-checkpoint = Belum ada pembukuan di perangkat ini; perbarui bila ada jaringan.
rule-no-checkpoint-text = Ini bukan kode pembukuan; pindai lagi teks yang diawali KTB1:.
rule-own-guarantor = Penjamin harus anggota lain, bukan Anda sendiri.
rule-too-many-guarantors = Penjamin paling banyak lima orang; kurangi lalu coba lagi.
rule-guarantor-twice = Ada penjamin yang ditulis dua kali; hapus salah satunya.
rule-too-many-documents = Berkas paling banyak lima; hapus salah satu sebelum menambah.
rule-document-twice = Berkas ini sudah dilampirkan.
rule-document-empty = Berkas ini kosong; pilih foto atau berkas yang lain.
rule-document-too-large = Berkas ini terlalu besar; ambil foto yang lebih kecil, paling besar 4 MB.
rule-document-kind = Berkas ini bukan foto atau PDF; lampirkan foto (JPEG atau PNG) atau PDF.
rule-no-product-chosen = Pilih dulu jenis pinjamannya.
rule-no-purpose = Tuliskan dulu untuk apa pinjaman ini.
rule-purpose = Tujuan pinjaman ditulis dalam satu sampai dua ratus huruf, dalam satu baris.
rule-collateral = Agunan ditulis dalam satu sampai lima ratus huruf, dalam satu baris.
rule-reply = Jawaban ditulis dalam satu sampai lima ratus huruf, dalam satu baris.
rule-no-reply = Tuliskan dulu jawaban Anda untuk kantor.
rule-too-many-drafts = Konsep yang disimpan sudah dua puluh; kirim atau hapus salah satu lebih dahulu.
rule-draft-sent = Konsep ini sudah dikirim; lihat di daftar permintaan.
rule-draft-changed = Konsep ini baru saja diubah; periksa lagi lalu kirim.
rule-nothing-asked-back = Kantor tidak sedang meminta keterangan untuk permintaan ini.

## Rules of what savings will bring
rule-projection-months = Perkiraan dihitung untuk 1 sampai 600 bulan; perbaiki lamanya.
rule-nothing-deposited = Jumlah yang disetor harus lebih dari nol; perbaiki jumlahnya.
rule-deposit-months = Simpanan berjangka berlaku 1 sampai 600 bulan; perbaiki lamanya.
rule-no-surplus = Tahun tanpa sisa hasil usaha tidak ada yang dibagi; perbaiki jumlah SHU.
rule-shares-beyond = Bagian jasa usaha dan jasa modal bersama-sama paling banyak seluruh SHU; perbaiki pecahannya.
rule-part-of-all = Angka anggota tidak mungkin melebihi angka semua anggota; perbaiki salah satunya.
rule-money-too-much = Jumlah uang paling banyak 15 angka; pakai jumlah yang lebih kecil.

## NIK, the number on the identity card (nomor induk kependudukan)
nik-empty = Isi NIK Anda, 16 angka, seperti yang tertulis di KTP.
nik-character = NIK hanya terdiri dari angka; tanda ke-{ $place } bukan angka, perbaiki.
nik-short = NIK terdiri dari 16 angka; masih kurang { $count } angka.
nik-long = NIK terdiri dari 16 angka; kelebihan { $count } angka, periksa apakah ada yang tertulis dua kali.
nik-region = Enam angka pertama NIK adalah kode wilayah dan bukan kode yang mungkin; cocokkan dengan KTP.
nik-month = Angka ke-9 dan ke-10 NIK adalah bulan lahir, 01 sampai 12; cocokkan dengan KTP.
nik-day = Angka ke-7 dan ke-8 NIK adalah tanggal lahir (perempuan ditambah 40), dan tanggal itu tidak ada pada bulannya; cocokkan dengan KTP.
nik-serial = Empat angka terakhir NIK tidak mungkin 0000; cocokkan dengan KTP.

## QRIS, a merchant's payment code
qris-not-qris = Ini bukan kode pembayaran QRIS; minta kasir menunjukkan kode yang berlogo QRIS.
qris-too-long = Kode ini terlalu panjang untuk QRIS; minta kasir menunjukkan kode lain.
qris-cut-off = Kode QRIS ini terpotong atau tidak terbaca seluruhnya; pindai sekali lagi.
qris-checksum = Kode QRIS ini rusak atau sudah diubah (angka pemeriksanya tidak cocok); jangan bayar, pindai sekali lagi atau minta kode lain.
qris-after-checksum = Ada tambahan di belakang kode QRIS ini yang tidak terlindung; jangan bayar, minta kode lain.
qris-twice = Kode QRIS ini menyebut bagian { $tag } dua kali, jadi tidak jelas mana yang benar; minta kode lain.
qris-missing = Kode QRIS ini tidak lengkap, bagian { $tag } tidak ada; minta kode lain.
qris-value = Bagian { $tag } kode QRIS ini tidak dapat dimengerti; minta kode lain.
qris-currency = Kode ini bukan untuk pembayaran dalam rupiah di Indonesia, jadi tidak dapat dipakai di sini.

## What a NIK or a QRIS code says, before it is used
nik-woman = NIK ini milik seorang perempuan yang lahir pada { $date }, terdaftar di wilayah { $region }.
nik-man = NIK ini milik seorang laki-laki yang lahir pada { $date }, terdaftar di wilayah { $region }.
qris-merchant = Pembayaran kepada { $merchant } di { $city }.
qris-amount = Jumlahnya { $amount }.
qris-any-amount = Jumlahnya Anda isi sendiri.
qris-tip-asked = Anda boleh menambahkan tip.
qris-tip = Ditambah biaya { $amount }.
qris-tip-percent = Ditambah biaya { $percent } persen.
