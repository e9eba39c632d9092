### Screens, in Indonesian. `.spoken` is for the ear, in whole sentences; what has none is said as it is shown.

## Home and loans
home-title = Simpanan dan pinjaman Anda
    .spoken = Ini simpanan dan pinjaman Anda.
loans-title = Pinjaman Anda
    .spoken = Ini pinjaman Anda.
figures-age = Angka { $age }.
no-figures = Belum ada angka di perangkat ini. Perbarui bila ada jaringan.
no-loans = Anda tidak mempunyai pinjaman.
total-savings = Jumlah simpanan
total-savings-said = Jumlah semua simpanan Anda { $amount }.
savings-said = { $product }: saldo Anda { $amount }.
loan-said = { $product }: sisa pokok yang belum dibayar { $amount }.

## Proof
proof-whole = terbukti asli, lengkap sejak catatan pertama
proof-partly = terbukti asli, catatan lama belum diambil
proof-none = belum terbukti
proof-none-said = Angka ini belum terbukti asli. Perbarui bila ada jaringan.

## Labels
label-balance = Saldo
label-outstanding = Sisa pokok
label-account = Rekening
label-loan = Nomor
label-proof = Bukti
label-age = Umur angka
label-amount = Jumlah
label-principal = Jumlah
label-periods = Lama
label-purpose = Keperluan
label-product = Produk
label-saved = Disimpan
label-request = Nomor
label-reason = Alasan
label-description = Keterangan
label-reference = Bukti kas
label-reverses = Membatalkan catatan
label-seq = Catatan
label-name = Nama
label-member = Nomor anggota

## Notices
notices-title = Pemberitahuan
    .spoken = Ini pemberitahuan untuk Anda.
no-notices = Tidak ada pemberitahuan.
notice-heading = Peringatan
account-said = Rekeningnya { $account }.
warning-rollback = Server menunjukkan pembukuan yang lebih lama dari yang sudah Anda lihat, { $when }. Buktinya disimpan; hubungi kantor koperasi.
warning-fork = Server menunjukkan pembukuan yang berbeda dari yang sudah Anda lihat, { $when }. Buktinya disimpan; hubungi kantor koperasi.
warning-mismatch = Catatan dari server tidak cocok dengan tanda tangan koperasi, { $when }. Buktinya disimpan; hubungi kantor koperasi.
warning-past-changed = Catatan yang sudah Anda lihat hilang atau berubah, { $when }. Buktinya disimpan; hubungi kantor koperasi.
ended-savings = Rekening { $account } tidak lagi ditunjukkan oleh koperasi, sejak { $when }. Tanyakan ke kantor bila Anda tidak tahu sebabnya.
ended-loan = Pinjaman { $account } tidak lagi ditunjukkan oleh koperasi, sejak { $when }. Tanyakan ke kantor bila Anda tidak tahu sebabnya.

## Loan requests
requests-title = Permintaan pinjaman
    .spoken = Ini permintaan pinjaman Anda.
no-requests = Belum ada permintaan pinjaman.
request-heading = Permintaan pinjaman
request-said = Permintaan pinjaman { $amount } selama { $months }.
request-saved = disimpan { $ago }
reason-said = Alasannya: { $reason }.
months = { $count ->
   *[other] { $number } bulan
}
state-queued = Menunggu dikirim begitu ada jaringan.
state-sending = Sedang dikirim.
state-received = Sudah diterima koperasi, menunggu jawaban.
state-approved = Disetujui koperasi.
state-rejected = Ditolak koperasi.
state-stuck = Tertahan dan tidak dapat dikirim; batalkan, atau hubungi kantor koperasi.
state-cancelled = Dibatalkan.

## Passbooks
passbook-title = Catatan { $product }
    .spoken = Ini catatan { $product }.
passbook-title-full = Catatan { $product }, { $account }
    .spoken = Ini catatan { $product }, nomor { $account }.
no-entries = Tidak ada catatan.
entry-heading = { $date }, { $kind }
entry-said = Tanggal { $date }, { $kind }, { $moved }, saldo menjadi { $balance }.
loan-entry-said = Tanggal { $date }, { $kind }.
part-said = { $part } { $moved }.
outstanding-said = Sisa pokok menjadi { $amount }.
moved-in = masuk { $amount }
moved-out = keluar { $amount }
moved-up = bertambah { $amount }
moved-down = berkurang { $amount }
part-principal = Pokok
part-interest = Jasa
part-late-charge = Denda
kind-deposit = setoran
kind-withdrawal = penarikan
kind-interest = jasa simpanan
kind-tax = pajak
kind-fee = biaya
kind-transfer-in = pindahan masuk
kind-transfer-out = pindahan keluar
kind-reversal = pembatalan
kind-disbursement = pencairan pinjaman
kind-repayment = angsuran
kind-late-charge = denda
kind-waiver = keringanan

## Card
card-title = Kartu anggota
    .spoken = Kartu anggota.
card-said = Ini kartu anggota { $name } di { $cooperative }.
card-hint = Tunjukkan kode ini kepada petugas. Kode berganti dalam { $count ->
   *[other] { $number } detik
}.

## What can be done now: words on a button
action-sync = Perbarui
action-open = Lihat catatan { $product }
action-older = Lihat catatan yang lebih lama
action-request-loan = Minta pinjaman
action-requests = Lihat permintaan pinjaman
action-cancel = Batalkan permintaan ini
action-card = Tunjukkan kartu anggota
action-notices = Lihat pemberitahuan
