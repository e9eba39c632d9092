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
label-held = Dipegang
label-received = Diterima
label-first-seq = Mulai catatan
label-books = Pembukuan
label-instalment = Angsuran
label-largest-instalment = Angsuran tertinggi
label-total-interest = Jumlah jasa
label-total = Jumlah dibayar
label-nominal-rate = Jasa setahun
label-effective-rate = Jasa efektif setahun
label-due-on = Jatuh tempo
label-late = Yang terlambat
label-days-late = Terlambat
label-running-interest = Jasa berjalan
label-to-pay = Dibayar
label-running = Pinjaman lain
label-income = Penghasilan
label-share = Bagian penghasilan
label-remind-on = Ingatkan pada
label-fee = Biaya
label-for-this = Dari pembayaran ini
label-start = Saldo awal
label-interest = Jasa
label-tax = Pajak
label-yearly-rate = Jasa setahun
label-deposit = Disetor
label-opened-on = Dibuka
label-to-take = Diterima
label-shu-part = Bagian Anda
label-for-business = Jasa usaha
label-for-capital = Jasa modal
label-surplus = SHU koperasi
label-business-share = Untuk jasa usaha
label-total-business = Usaha semua anggota
label-member-business = Usaha Anda
label-capital-share = Untuk jasa modal
label-total-capital = Simpanan semua anggota
label-member-capital = Simpanan Anda
label-guarantors = Penjamin
label-collateral = Agunan
label-documents = Berkas
label-reply = Jawaban Anda
label-reply-stands = Keadaan jawaban

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
warning-rebuilt = Data di perangkat ini rusak dan dibangun ulang dari server, { $when }. Periksa permintaan pinjaman Anda.
ended-savings = Rekening { $account } tidak lagi ditunjukkan oleh koperasi, sejak { $when }. Tanyakan ke kantor bila Anda tidak tahu sebabnya.
ended-loan = Pinjaman { $account } tidak lagi ditunjukkan oleh koperasi, sejak { $when }. Tanyakan ke kantor bila Anda tidak tahu sebabnya.

## Loan requests
requests-title = Permintaan pinjaman
    .spoken = Ini permintaan pinjaman Anda.
no-requests = Belum ada permintaan pinjaman.
request-heading = Permintaan pinjaman
request-said = Permintaan pinjaman { $amount } selama { $months }.
request-saved = disimpan { $ago }
request-is-saved = Permintaan ini disimpan di perangkat ini dan dikirim begitu ada jaringan.
request-cancel-wished = Keinginan membatalkan sudah disimpan dan dikirim begitu ada jaringan.
request-accept-wished = Keinginan menerima pinjaman ini sudah disimpan dan dikirim begitu ada jaringan.
reason-said = Alasannya: { $reason }.
months = { $count ->
   *[other] { $number } bulan
}
days = { $count ->
   *[other] { $number } hari
}
state-queued = Menunggu dikirim begitu ada jaringan.
state-sending = Sedang dikirim.
state-received = Sudah diterima koperasi, menunggu jawaban.
state-approved = Disetujui koperasi.
state-rejected = Ditolak koperasi.
state-stuck = Tertahan dan tidak dapat dikirim; coba sekali lagi, batalkan, atau hubungi kantor koperasi.
state-cancelled = Dibatalkan.
state-in-review = Sedang diperiksa koperasi.
state-more-asked = Koperasi meminta keterangan lagi; jawab dari sini atau hubungi kantor koperasi.
state-replied = Koperasi meminta keterangan lagi; jawaban Anda dikirim begitu ada jaringan.
state-accepted = Disetujui koperasi dan sudah Anda terima, menunggu pencairan.
state-disbursed = Sudah dicairkan.
request-reply-saved = Jawaban Anda disimpan di perangkat ini dan dikirim begitu ada jaringan.
reply-refused-said = Jawaban Anda tidak diterima: { $reason }.
documents-count = { $count ->
   *[other] { $number } berkas
}
documents-here = { $count ->
   *[other] { $number } berkas, ikut dikirim
}
    .spoken = { $count ->
       *[other] Ada { $number } berkas yang ikut dikirim.
    }
documents-waiting = { $count ->
   *[other] { $number } berkas, dikirim begitu ada jaringan
}
    .spoken = { $count ->
       *[other] Ada { $number } berkas yang dikirim begitu ada jaringan.
    }
documents-on-the-way = { $whole } dari { $number } berkas sudah di kantor, sisanya dikirim begitu ada jaringan
    .spoken = Dari { $number } berkas, { $whole } sudah sampai di kantor. Sisanya dikirim begitu ada jaringan.
documents-whole = { $count ->
   *[other] { $number } berkas, sudah di kantor
}
    .spoken = Semua berkas sudah sampai di kantor.
documents-refused = { $refused } dari { $number } berkas tidak diterima kantor; kirim sekali lagi atau hubungi kantor koperasi
    .spoken = Dari { $number } berkas, { $refused } tidak diterima kantor. Kirim sekali lagi atau hubungi kantor koperasi.

## Drafts
drafts-title = Konsep
    .spoken = Ini konsep yang belum Anda kirim.
no-drafts = Tidak ada konsep.
draft-heading = Konsep permintaan pinjaman
    .spoken = Konsep permintaan pinjaman.
draft-reply-heading = Konsep jawaban untuk kantor
    .spoken = Konsep jawaban untuk kantor.
draft-said = Konsep permintaan pinjaman { $amount }.
draft-is-kept = Konsep ini disimpan di perangkat ini dan belum dikirim.
draft-unfinished = Belum lengkap, belum dikirim.
draft-whole = Sudah lengkap, belum dikirim.

## What waits for the member: a loan to take, a question of the office to answer
todo-heading = Menunggu Anda
    .spoken = Ada yang menunggu Anda.
todo-accept = Pinjaman { $amount } disetujui koperasi; terima sebelum dicairkan.
    .spoken = Pinjaman { $amount } disetujui koperasi. Terimalah sebelum dicairkan.
todo-word = Pesan koperasi: { $reason }.
todo-answer = Untuk permintaan pinjaman { $amount } koperasi meminta keterangan lagi: { $reason }. Jawab dari sini atau sampaikan ke kantor koperasi.
todo-ask = Untuk permintaan pinjaman { $amount } koperasi meminta keterangan lagi; jawab dari sini atau hubungi kantor koperasi.

## Before a loan is asked for, and terms that have changed
check-title = Pemeriksaan sebelum meminta pinjaman
    .spoken = Ini pemeriksaan sebelum meminta pinjaman.
check-heading = { $product }, { $amount } selama { $months }
check-said = { $product } { $amount } selama { $months }: angsuran tertinggi { $instalment } sebulan.
check-running-said = Pinjaman yang sudah berjalan meminta paling banyak { $amount } sebulan.
check-share-said = Semua angsuran bersama-sama { $share } dari penghasilan { $income } sebulan.
check-free = Tidak ada halangan yang diketahui di perangkat ini; koperasi memeriksanya sekali lagi.
check-income-stays = Penghasilan yang Anda sebut tidak disimpan dan tidak dikirim.
obstacle-heading = Halangan
new-terms = Ketentuan produk ini sudah berubah sejak permintaan ini dibuat; ajukan lagi dengan ketentuan yang baru: jasa { $rate } sebulan.
new-terms-limits = Yang baru: { $limits }.
terms-from = paling sedikit { $amount }
terms-to = paling banyak { $amount }
terms-months = paling lama { $months }

## What a loan costs, and its instalments; $of is an instalment's number
simulation-title = Hitungan pinjaman
    .spoken = Ini hitungan pinjaman, belum keputusan koperasi.
schedule-title = Angsuran { $product }
    .spoken = Ini angsuran { $product }.
schedule-title-full = Angsuran { $product }, { $account }
    .spoken = Ini angsuran { $product }, nomor { $account }.
age-reckoned = hasil hitungan, belum keputusan koperasi
percent = { $number }%
    .spoken = { $number } persen
cost-heading = Pinjaman { $amount } selama { $months }
cost-said = Pinjaman { $amount } selama { $months }: angsuran tertinggi { $instalment } sebulan, jumlah jasa { $interest }, jumlah yang dibayar { $total }.
rates-said = Jasa setahun { $nominal }, jasa efektif setahun { $effective }.
comparison-title = Perbandingan dua tawaran
    .spoken = Ini perbandingan dua tawaran, belum keputusan koperasi.
offer-first = Tawaran pertama: { $offer }
    .spoken = Tawaran pertama. { $offer }
offer-second = Tawaran kedua: { $offer }
    .spoken = Tawaran kedua. { $offer }
compared-interest-more = Jasa tawaran kedua lebih banyak { $amount }.
compared-interest-less = Jasa tawaran kedua lebih sedikit { $amount }.
compared-interest-same = Jasa kedua tawaran sama banyaknya.
compared-month-more = Angsuran tertingginya lebih besar { $amount }.
compared-month-less = Angsuran tertingginya lebih kecil { $amount }.
compared-month-same = Angsuran tertingginya sama besar.
compared-rate-higher = Menurut jasa efektif setahun, tawaran kedua lebih mahal.
compared-rate-lower = Menurut jasa efektif setahun, tawaran kedua lebih murah.
compared-rate-same = Menurut jasa efektif setahun, keduanya sama mahalnya.
instalment-heading = Angsuran ke-{ $of }
instalment-heading-dated = Angsuran ke-{ $of }, { $date }
instalment-said = Angsuran ke { $of }, { $amount }.
instalment-said-dated = Angsuran ke { $of }, jatuh tempo { $date }, { $amount }.
instalment-paid = Lunas.
instalment-paid-on = Lunas pada { $date }.
instalment-late = Terlambat { $days }, kurang { $amount }.
instalment-due = Angsuran berikutnya.
instalment-due-part = Angsuran berikutnya, kurang { $amount }.
instalment-upcoming = Belum jatuh tempo.
schedule-not-proven = Catatan pinjaman ini belum semuanya terbukti di perangkat ini, jadi belum diketahui mana yang sudah lunas. Perbarui bila ada jaringan.
schedule-terms-changed = Ketentuan produk ini sudah berubah sejak pinjaman ini diberikan; angka di kantor dapat berbeda.
schedule-paid = Semua angsuran pinjaman ini sudah lunas.
due-heading = Pembayaran berikutnya
due-said = Angsuran berikutnya { $amount }, jatuh tempo { $date }.
due-passed-said = Angsuran { $amount } seharusnya sudah dibayar pada { $date }.
late-said = Yang terlambat seluruhnya { $amount }.
late-charge-said = Dendanya { $amount }.
pay-off-heading = Pelunasan pada { $date }
pay-off-said = Bila dilunasi pada { $date }, yang dibayar { $amount }.
pay-late-heading = Bila angsuran ke-{ $of } dibayar pada { $date }
pay-late-said = Bila angsuran ke { $of } dibayar pada { $date }, terlambat { $days }, dendanya { $charge }, semuanya { $amount }.
reminders-title = Pengingat angsuran
    .spoken = Ini pengingat angsuran Anda.
no-reminders = Tidak ada angsuran yang perlu diingatkan.
remind-today = Angsuran ke-{ $of } { $product } { $amount } jatuh tempo hari ini, { $date }.
    .spoken = Angsuran ke { $of } { $product } { $amount } jatuh tempo hari ini, { $date }.
remind-tomorrow = Angsuran ke-{ $of } { $product } { $amount } jatuh tempo besok, { $date }.
    .spoken = Angsuran ke { $of } { $product } { $amount } jatuh tempo besok, { $date }.
remind-days = Angsuran ke-{ $of } { $product } { $amount } jatuh tempo { $days } lagi, { $date }.
    .spoken = Angsuran ke { $of } { $product } { $amount } jatuh tempo { $days } lagi, { $date }.
payment-title = Bila membayar { $amount }
    .spoken = Ini pembagian bila Anda membayar { $amount }.
payment-for = Untuk angsuran ke-{ $of }
    .spoken = Untuk angsuran ke { $of }.
payment-part-said = { $part } { $amount }.
payment-rest = Lebih { $amount } dari semua yang masih harus dibayar.
payment-nothing = Tidak ada yang masih harus dibayar.

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
kind-other = transaksi lain
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

## Proof beyond this device
evidence-title = Bukti pelanggaran
    .spoken = Ini bukti pelanggaran yang disimpan.
no-evidence = Tidak ada bukti pelanggaran di perangkat ini.
evidence-written = Semua bukti sudah ditulis; serahkan berkasnya ke kantor koperasi.
checkpoint-title = Pembukuan di perangkat ini
    .spoken = Ini pembukuan di perangkat ini.
checkpoint-heading = Untuk perangkat Anda yang lain
checkpoint-hint = Pindai atau bacakan teks ini di perangkat Anda yang lain, lalu bandingkan.
compared-title = Perbandingan dua perangkat
    .spoken = Ini perbandingan dua perangkat.
compared-same = Sama: kedua perangkat memegang pembukuan yang sama.
compared-other-older = Perangkat lain belum terbaru; perbarui di sana, lalu bandingkan lagi.
compared-other-newer = Perangkat ini belum terbaru; perbarui di sini, lalu bandingkan lagi.
compared-different = Berbeda: koperasi menandatangani dua pembukuan yang berbeda. Buktinya disimpan; hubungi kantor koperasi.

## What savings will bring
projection-title = Perkiraan jasa simpanan
    .spoken = Ini perkiraan jasa simpanan, belum keputusan koperasi.
projection-heading = Sesudah { $months }, pada { $date }
projection-said = Sesudah { $months } saldo menjadi { $balance }: jasanya { $interest }, pajaknya { $tax }.
projection-month-said = Tanggal { $date }: jasa { $interest }, pajak { $tax }, saldo menjadi { $balance }.
projection-assumes = Dihitung seolah-olah tidak ada setoran dan penarikan, dan tidak ada simpanan lain. Jasa sampai { $free } sebulan bebas pajak; di atasnya dikenai pajak sepuluh persen dari seluruh jasa bulan itu.
maturity-title = Simpanan berjangka
    .spoken = Ini hitungan simpanan berjangka, belum keputusan koperasi.
maturity-heading = Jatuh tempo { $date }
maturity-said = Simpanan berjangka { $principal } selama { $months } jatuh tempo { $date }. Yang diterima { $amount }: jasanya { $interest }, pajaknya { $tax }.
shu-title = Perkiraan bagian SHU
    .spoken = Ini perkiraan bagian sisa hasil usaha, belum keputusan rapat anggota.
shu-heading = Bagian Anda
shu-said = Bagian Anda { $total }: jasa usaha { $business }, jasa modal { $capital }.
shu-figures = Dihitung dari angka-angka ini
shu-surplus-said = Sisa hasil usaha koperasi { $amount }.
shu-business-said = Untuk jasa usaha { $share }; usaha semua anggota { $all }, usaha Anda { $own }.
shu-capital-said = Untuk jasa modal { $share }; simpanan semua anggota { $all }, simpanan Anda { $own }.

## What has just been done, and what came of it
enrolled-title = Selamat datang, { $name }.
enrolled-as = Perangkat ini terdaftar sebagai anggota nomor { $member } di { $cooperative }.
synced-title = Pembaruan
    .spoken = Pembaruan selesai.
synced-nothing = Tidak ada catatan baru.
synced-entries = { $count ->
   *[other] Diterima { $number } catatan baru.
}
synced-requests = { $count ->
   *[other] Koperasi sudah menerima { $number } permintaan.
}
synced-whole = Semua catatan lengkap dan terbukti asli.
synced-partly = Belum semua catatan lengkap dan terbukti; perbarui sekali lagi.
verified-title = Pemeriksaan catatan
    .spoken = Pemeriksaan catatan selesai.
verified-whole = Semua cocok: setiap catatan terhubung dengan tanda tangan koperasi.
verified-not = Tidak cocok: perbarui bila ada jaringan, lalu hubungi kantor koperasi.
verified-savings = Simpanan { $account }
verified-loan = Pinjaman { $account }
entries = { $count ->
   *[other] { $number } catatan
}
verified-holds = { $entries }, cocok.
verified-broken = { $entries }, tidak cocok.
verified-broken-from = { $entries }, tidak cocok mulai catatan { $seq }.
changed = { $clock }: { $what }.
changed-balances = saldo berubah
changed-transactions = ada catatan baru
changed-requests = keadaan permintaan berubah
changed-card = kartu diperbarui
changed-register = data anggota atau koperasi berubah
changed-warnings = ada peringatan, lihat pemberitahuan
changed-sync = hubungan dengan server koperasi

## What can be done now: words on a button
action-sync = Perbarui
action-open = Lihat catatan { $product }
action-schedule = Lihat angsuran { $product }
action-simulate = Hitung pinjaman
action-older = Lihat catatan yang lebih lama
action-request-loan = Minta pinjaman
action-requests = Lihat permintaan pinjaman
action-retry = Kirim sekarang
action-accept = Terima pinjaman ini
action-cancel = Batalkan permintaan ini
action-reply = Jawab kantor
action-drafts = Lihat konsep
action-open-draft = Lanjutkan menulis
action-send-draft = Kirim
action-delete-draft = Hapus konsep ini
action-card = Tunjukkan kartu anggota
action-notices = Lihat pemberitahuan
action-export-evidence = Tulis bukti ke berkas
