### Screens, in Javanese (krama). `.spoken` is for the ear, in whole sentences; what has none is said as it is shown.
### NATIVE READER: please confirm the whole file. `sambutan` is a loan, `baku` its principal, `simpenan` savings; terms that
### members know in Indonesian (saldo, rekening, angsuran, jasa) are kept.
### NATIVE READER: commands on buttons (`Anyaraken`, `Wurungaken`): polite enough, or with `Mangga`?

## Home and loans
home-title = Simpenan lan sambutan panjenengan
    .spoken = Punika simpenan lan sambutan panjenengan.
loans-title = Sambutan panjenengan
    .spoken = Punika sambutan panjenengan.
figures-age = Angka { $age }.
no-figures = Dereng wonten angka ing piranti punika. Mangga dipunanyaraken menawi wonten jaringan.
no-loans = Panjenengan boten gadhah sambutan.
total-savings = Gunggung simpenan
total-savings-said = Gunggung sedaya simpenan panjenengan { $amount }.
savings-said = { $product }: saldo panjenengan { $amount }.
loan-said = { $product }: sisa baku ingkang dereng dipunbayar { $amount }.

## Proof
proof-whole = kabukten asli, jangkep wiwit cathetan kapisan
proof-partly = kabukten asli, cathetan lami dereng kapendhet
proof-none = dereng kabukten
proof-none-said = Angka punika dereng kabukten asli. Mangga dipunanyaraken menawi wonten jaringan.

## Labels
label-balance = Saldo
label-outstanding = Sisa baku
label-account = Rekening
label-loan = Nomer
label-proof = Bukti
label-age = Umur angka
label-amount = Jumlah
label-principal = Jumlah
label-periods = Dangunipun
label-purpose = Kabetahan
label-product = Produk
label-saved = Dipunsimpen
label-request = Nomer
label-reason = Alesan
label-description = Katrangan
label-reference = Bukti kas
label-reverses = Murungaken cathetan
label-seq = Cathetan
label-name = Asma
label-member = Nomer anggota
label-held = Dipuncepeng
label-received = Katampi
label-first-seq = Wiwit cathetan
label-books = Pembukuan
label-instalment = Angsuran
label-largest-instalment = Angsuran paling ageng
label-total-interest = Gunggung jasa
label-total = Gunggung dipunbayar
label-nominal-rate = Jasa setaun
label-effective-rate = Jasa efektif setaun
label-due-on = Jatuh tempo
label-late = Ingkang telat
label-days-late = Telat
label-running-interest = Jasa lumampah
label-to-pay = Dipunbayar
label-running = Sambutan sanes
label-income = Pamedal
label-share = Bagian pamedal
label-remind-on = Dipunemutaken
label-fee = Wragad
label-for-this = Saking pambayaran punika
label-start = Saldo wiwitan
label-interest = Jasa
label-tax = Paos
label-yearly-rate = Jasa setaun
label-deposit = Dipunsetor
label-opened-on = Dipunbikak
label-to-take = Katampi
label-shu-part = Bagian panjenengan
label-for-business = Jasa usaha
label-for-capital = Jasa modal
label-surplus = SHU koperasi
label-business-share = Kangge jasa usaha
label-total-business = Usaha sedaya anggota
label-member-business = Usaha panjenengan
label-capital-share = Kangge jasa modal
label-total-capital = Simpenan sedaya anggota
label-member-capital = Simpenan panjenengan
label-guarantors = Penjamin
label-collateral = Agunan
label-documents = Berkas
label-reply = Wangsulan panjenengan
label-reply-stands = Kawontenan wangsulan

## Notices
notices-title = Wara-wara
    .spoken = Punika wara-wara kangge panjenengan.
no-notices = Boten wonten wara-wara.
notice-heading = Pepenget
account-said = Rekeningipun { $account }.
warning-rollback = Server nedahaken pembukuan ingkang langkung lami tinimbang ingkang sampun panjenengan pirsani, { $when }. Buktinipun dipunsimpen; mangga sesambetan kaliyan kantor koperasi.
warning-fork = Server nedahaken pembukuan ingkang benten saking ingkang sampun panjenengan pirsani, { $when }. Buktinipun dipunsimpen; mangga sesambetan kaliyan kantor koperasi.
warning-mismatch = Cathetan saking server boten cocog kaliyan tapak asta koperasi, { $when }. Buktinipun dipunsimpen; mangga sesambetan kaliyan kantor koperasi.
warning-past-changed = Cathetan ingkang sampun panjenengan pirsani ical utawi ewah, { $when }. Buktinipun dipunsimpen; mangga sesambetan kaliyan kantor koperasi.
warning-rebuilt = Data ing piranti punika risak lan kabangun malih saking server, { $when }. Mangga panyuwunan sambutan panjenengan dipunpriksa.
ended-savings = Rekening { $account } boten malih dipuntedahaken dening koperasi, wiwit { $when }. Mangga nyuwun pirsa dhateng kantor menawi panjenengan boten mangertos sababipun.
ended-loan = Sambutan { $account } boten malih dipuntedahaken dening koperasi, wiwit { $when }. Mangga nyuwun pirsa dhateng kantor menawi panjenengan boten mangertos sababipun.

## Loan requests
requests-title = Panyuwunan sambutan
    .spoken = Punika panyuwunan sambutan panjenengan.
no-requests = Dereng wonten panyuwunan sambutan.
request-heading = Panyuwunan sambutan
request-said = Panyuwunan sambutan { $amount } dangunipun { $months }.
request-saved = dipunsimpen { $ago }
request-is-saved = Panyuwunan punika dipunsimpen ing piranti punika lan dipunkintun menawi wonten jaringan.
request-cancel-wished = Pepinginan murungaken sampun dipunsimpen lan dipunkintun menawi wonten jaringan.
request-accept-wished = Pepinginan nampi sambutan punika sampun dipunsimpen lan dipunkintun menawi wonten jaringan.
reason-said = Alesanipun: { $reason }.
months = { $count ->
   *[other] { $number } wulan
}
days = { $count ->
   *[other] { $number } dinten
}
state-queued = Ngentosi dipunkintun menawi wonten jaringan.
state-sending = Nembe dipunkintun.
state-received = Sampun katampi koperasi, ngentosi wangsulan.
state-approved = Dipunsarujuki koperasi.
state-rejected = Dipuntampik koperasi.
state-stuck = Kandheg lan boten saged dipunkintun; mangga dipuncobi malih, dipunwurungaken, utawi sesambetan kaliyan kantor koperasi.
state-cancelled = Dipunwurungaken.
state-in-review = Nembe dipunpriksa koperasi.
state-more-asked = Koperasi nyuwun katrangan malih; mangga dipunwangsuli saking mriki utawi sesambetan kaliyan kantor koperasi.
state-replied = Koperasi nyuwun katrangan malih; wangsulan panjenengan dipunkintun menawi wonten jaringan.
state-accepted = Dipunsarujuki koperasi lan sampun panjenengan tampi, ngentosi pangedalan.
state-disbursed = Sampun dipunwedalaken.
request-reply-saved = Wangsulan panjenengan dipunsimpen ing piranti punika lan dipunkintun menawi wonten jaringan.
reply-refused-said = Wangsulan panjenengan boten katampi: { $reason }.
documents-count = { $count ->
   *[other] { $number } berkas
}
documents-here = { $count ->
   *[other] { $number } berkas, tumut dipunkintun
}
    .spoken = { $count ->
       *[other] Wonten { $number } berkas ingkang tumut dipunkintun.
    }
documents-waiting = { $count ->
   *[other] { $number } berkas, dipunkintun menawi wonten jaringan
}
    .spoken = { $count ->
       *[other] Wonten { $number } berkas ingkang dipunkintun menawi wonten jaringan.
    }
documents-on-the-way = { $whole } saking { $number } berkas sampun wonten kantor, sisanipun dipunkintun menawi wonten jaringan
    .spoken = Saking { $number } berkas, { $whole } sampun dumugi kantor. Sisanipun dipunkintun menawi wonten jaringan.
documents-whole = { $count ->
   *[other] { $number } berkas, sampun wonten kantor
}
    .spoken = Sedaya berkas sampun dumugi kantor.
documents-refused = { $refused } saking { $number } berkas boten katampi kantor; mangga dipunkintun malih utawi sesambetan kaliyan kantor koperasi
    .spoken = Saking { $number } berkas, { $refused } boten katampi kantor. Mangga dipunkintun malih utawi sesambetan kaliyan kantor koperasi.

## Drafts
drafts-title = Konsep
    .spoken = Punika konsep ingkang dereng panjenengan kintun.
no-drafts = Boten wonten konsep.
draft-heading = Konsep panyuwunan sambutan
    .spoken = Konsep panyuwunan sambutan.
draft-reply-heading = Konsep wangsulan kangge kantor
    .spoken = Konsep wangsulan kangge kantor.
draft-said = Konsep panyuwunan sambutan { $amount }.
draft-is-kept = Konsep punika dipunsimpen ing piranti punika lan dereng dipunkintun.
draft-unfinished = Dereng jangkep, dereng dipunkintun.
draft-whole = Sampun jangkep, dereng dipunkintun.

## What waits for the member: a loan to take, a question of the office to answer
todo-heading = Ngentosi panjenengan
    .spoken = Wonten ingkang ngentosi panjenengan.
todo-accept = Sambutan { $amount } sampun dipunsarujuki koperasi; mangga dipuntampi saderengipun dipunwedalaken.
    .spoken = Sambutan { $amount } sampun dipunsarujuki koperasi. Mangga dipuntampi saderengipun dipunwedalaken.
todo-word = Piwelingipun koperasi: { $reason }.
todo-answer = Kangge panyuwunan sambutan { $amount } koperasi nyuwun katrangan malih: { $reason }. Mangga dipunwangsuli saking mriki utawi dipunaturaken dhateng kantor koperasi.
todo-ask = Kangge panyuwunan sambutan { $amount } koperasi nyuwun katrangan malih; mangga dipunwangsuli saking mriki utawi sesambetan kaliyan kantor koperasi.

## Before a loan is asked for, and terms that have changed
check-title = Pamriksan saderengipun nyuwun sambutan
    .spoken = Punika pamriksan saderengipun nyuwun sambutan.
check-heading = { $product }, { $amount } dangunipun { $months }
check-said = { $product } { $amount } dangunipun { $months }: angsuran paling ageng { $instalment } sewulan.
check-running-said = Sambutan ingkang sampun lumampah nyuwun paling kathah { $amount } sewulan.
check-share-said = Sedaya angsuran sesarengan { $share } saking pamedal { $income } sewulan.
check-free = Boten wonten pepalang ingkang dipunmangertosi ing piranti punika; koperasi badhe mriksa malih.
check-income-stays = Pamedal ingkang panjenengan sebat boten dipunsimpen lan boten dipunkintun.
obstacle-heading = Pepalang
new-terms = Katemtuan produk punika sampun ewah wiwit panyuwunan punika dipundamel; mangga nyuwun malih mawi katemtuan ingkang enggal: jasa { $rate } sewulan.
new-terms-limits = Ingkang enggal: { $limits }.
terms-from = paling sekedhik { $amount }
terms-to = paling kathah { $amount }
terms-months = paling dangu { $months }

## What a loan costs, and its instalments; $of is an instalment's number
simulation-title = Petangan sambutan
    .spoken = Punika petangan sambutan, dereng putusan koperasi.
schedule-title = Angsuran { $product }
    .spoken = Punika angsuran { $product }.
schedule-title-full = Angsuran { $product }, { $account }
    .spoken = Punika angsuran { $product }, nomer { $account }.
age-reckoned = asil petangan, dereng putusan koperasi
percent = { $number }%
    .spoken = { $number } persen
cost-heading = Sambutan { $amount } dangunipun { $months }
cost-said = Sambutan { $amount } dangunipun { $months }: angsuran paling ageng { $instalment } sewulan, gunggung jasa { $interest }, gunggung ingkang dipunbayar { $total }.
rates-said = Jasa setaun { $nominal }, jasa efektif setaun { $effective }.
comparison-title = Bandhingan kalih tawaran
    .spoken = Punika bandhingan kalih tawaran, dereng putusan koperasi.
offer-first = Tawaran kapisan: { $offer }
    .spoken = Tawaran kapisan. { $offer }
offer-second = Tawaran kaping kalih: { $offer }
    .spoken = Tawaran kaping kalih. { $offer }
compared-interest-more = Jasa tawaran kaping kalih langkung kathah { $amount }.
compared-interest-less = Jasa tawaran kaping kalih langkung sekedhik { $amount }.
compared-interest-same = Jasa kalih tawaran sami kathahipun.
compared-month-more = Angsuran paling agengipun langkung ageng { $amount }.
compared-month-less = Angsuran paling agengipun langkung alit { $amount }.
compared-month-same = Angsuran paling agengipun sami.
compared-rate-higher = Miturut jasa efektif setaun, tawaran kaping kalih langkung awis.
compared-rate-lower = Miturut jasa efektif setaun, tawaran kaping kalih langkung mirah.
compared-rate-same = Miturut jasa efektif setaun, kalih-kalihipun sami awisipun.
instalment-heading = Angsuran kaping { $of }
instalment-heading-dated = Angsuran kaping { $of }, { $date }
instalment-said = Angsuran kaping { $of }, { $amount }.
instalment-said-dated = Angsuran kaping { $of }, jatuh tempo { $date }, { $amount }.
instalment-paid = Sampun lunas.
instalment-paid-on = Lunas tanggal { $date }.
instalment-late = Telat { $days }, kirang { $amount }.
instalment-due = Angsuran salajengipun.
instalment-due-part = Angsuran salajengipun, kirang { $amount }.
instalment-upcoming = Dereng jatuh tempo.
schedule-not-proven = Cathetan sambutan punika dereng sedaya kabukten ing piranti punika, pramila dereng dipunmangertosi pundi ingkang sampun lunas. Mangga dipunanyaraken menawi wonten jaringan.
schedule-terms-changed = Katemtuan produk punika sampun ewah wiwit sambutan punika dipunparingaken; angka ing kantor saged benten.
schedule-paid = Sedaya angsuran sambutan punika sampun lunas.
due-heading = Pambayaran salajengipun
due-said = Angsuran salajengipun { $amount }, jatuh tempo { $date }.
due-passed-said = Angsuran { $amount } kedahipun sampun dipunbayar tanggal { $date }.
late-said = Ingkang telat sedaya { $amount }.
late-charge-said = Dhendhanipun { $amount }.
pay-off-heading = Panglunasan tanggal { $date }
pay-off-said = Menawi dipunlunasi tanggal { $date }, ingkang dipunbayar { $amount }.
pay-late-heading = Menawi angsuran kaping { $of } dipunbayar tanggal { $date }
pay-late-said = Menawi angsuran kaping { $of } dipunbayar tanggal { $date }, telat { $days }, dhendhanipun { $charge }, sedaya { $amount }.
reminders-title = Pangemut angsuran
    .spoken = Punika pangemut angsuran panjenengan.
no-reminders = Boten wonten angsuran ingkang perlu dipunemutaken.
remind-today = Angsuran kaping { $of } { $product } { $amount } jatuh tempo dinten punika, { $date }.
    .spoken = Angsuran kaping { $of } { $product } { $amount } jatuh tempo dinten punika, { $date }.
remind-tomorrow = Angsuran kaping { $of } { $product } { $amount } jatuh tempo benjing, { $date }.
    .spoken = Angsuran kaping { $of } { $product } { $amount } jatuh tempo benjing, { $date }.
remind-days = Angsuran kaping { $of } { $product } { $amount } jatuh tempo { $days } malih, { $date }.
    .spoken = Angsuran kaping { $of } { $product } { $amount } jatuh tempo { $days } malih, { $date }.
payment-title = Menawi mbayar { $amount }
    .spoken = Punika pandumipun menawi panjenengan mbayar { $amount }.
payment-for = Kangge angsuran kaping { $of }
    .spoken = Kangge angsuran kaping { $of }.
payment-part-said = { $part } { $amount }.
payment-rest = Langkung { $amount } saking sedaya ingkang taksih kedah dipunbayar.
payment-nothing = Boten wonten ingkang taksih kedah dipunbayar.

## Passbooks
passbook-title = Cathetan { $product }
    .spoken = Punika cathetan { $product }.
passbook-title-full = Cathetan { $product }, { $account }
    .spoken = Punika cathetan { $product }, nomer { $account }.
no-entries = Boten wonten cathetan.
entry-heading = { $date }, { $kind }
entry-said = Tanggal { $date }, { $kind }, { $moved }, saldo dados { $balance }.
loan-entry-said = Tanggal { $date }, { $kind }.
part-said = { $part } { $moved }.
outstanding-said = Sisa baku dados { $amount }.
moved-in = mlebet { $amount }
moved-out = medal { $amount }
moved-up = mindhak { $amount }
moved-down = suda { $amount }
part-principal = Baku
part-interest = Jasa
part-late-charge = Dhendha
kind-deposit = setoran
kind-withdrawal = pamendhetan
kind-interest = jasa simpenan
kind-tax = paos
kind-fee = wragad
kind-transfer-in = pindhahan mlebet
kind-transfer-out = pindhahan medal
kind-reversal = pambatalan
kind-other = transaksi sanes
kind-disbursement = pangedalan sambutan
kind-repayment = angsuran
kind-late-charge = dhendha
kind-waiver = kaentengan

## Card
card-title = Kertu anggota
    .spoken = Kertu anggota.
card-said = Punika kertu anggota { $name } ing { $cooperative }.
card-hint = Mangga kode punika dipuntedahaken dhateng petugas. Kode gantos ing salebeting { $count ->
   *[other] { $number } detik
}.

## Proof beyond this device
evidence-title = Bukti nerak
    .spoken = Punika bukti nerak ingkang dipunsimpen.
no-evidence = Boten wonten bukti nerak ing piranti punika.
evidence-written = Sedaya bukti sampun kaserat; mangga berkasipun dipunpasrahaken dhateng kantor koperasi.
checkpoint-title = Pembukuan ing piranti punika
    .spoken = Punika pembukuan ing piranti punika.
checkpoint-heading = Kangge piranti panjenengan sanesipun
checkpoint-hint = Mangga teks punika dipunpindai utawi dipunwaosaken ing piranti panjenengan sanesipun, lajeng dipunbandhingaken.
compared-title = Bandhingan kalih piranti
    .spoken = Punika bandhingan kalih piranti.
compared-same = Sami: kalih piranti nyepeng pembukuan ingkang sami.
compared-other-older = Piranti sanes dereng enggal; mangga dipunanyaraken ing ngrika, lajeng dipunbandhingaken malih.
compared-other-newer = Piranti punika dereng enggal; mangga dipunanyaraken ing ngriki, lajeng dipunbandhingaken malih.
compared-different = Benten: koperasi nanda-astani kalih pembukuan ingkang benten. Buktinipun dipunsimpen; mangga sesambetan kaliyan kantor koperasi.

## What savings will bring
projection-title = Prakiran jasa simpenan
    .spoken = Punika prakiran jasa simpenan, dereng putusan koperasi.
projection-heading = Sasampunipun { $months }, tanggal { $date }
projection-said = Sasampunipun { $months } saldo dados { $balance }: jasanipun { $interest }, paosipun { $tax }.
projection-month-said = Tanggal { $date }: jasa { $interest }, paos { $tax }, saldo dados { $balance }.
projection-assumes = Dipunetang kados-kados boten wonten setoran lan pamendhetan, saha boten wonten simpenan sanes. Jasa dumugi { $free } sewulan boten kenging paos; sanginggilipun kenging paos sedasa persen saking sedaya jasa wulan punika.
maturity-title = Simpenan berjangka
    .spoken = Punika petangan simpenan berjangka, dereng putusan koperasi.
maturity-heading = Jatuh tempo { $date }
maturity-said = Simpenan berjangka { $principal } dangunipun { $months } jatuh tempo { $date }. Ingkang katampi { $amount }: jasanipun { $interest }, paosipun { $tax }.
shu-title = Prakiran bagian SHU
    .spoken = Punika prakiran bagian sisa hasil usaha, dereng putusan rapat anggota.
shu-heading = Bagian panjenengan
shu-said = Bagian panjenengan { $total }: jasa usaha { $business }, jasa modal { $capital }.
shu-figures = Dipunetang saking angka-angka punika
shu-surplus-said = Sisa hasil usaha koperasi { $amount }.
shu-business-said = Kangge jasa usaha { $share }; usaha sedaya anggota { $all }, usaha panjenengan { $own }.
shu-capital-said = Kangge jasa modal { $share }; simpenan sedaya anggota { $all }, simpenan panjenengan { $own }.

## What has just been done, and what came of it
enrolled-title = Sugeng rawuh, { $name }.
enrolled-as = Piranti punika kadhaptar minangka anggota nomer { $member } ing { $cooperative }.
synced-title = Panganyaran
    .spoken = Panganyaran sampun rampung.
synced-nothing = Boten wonten cathetan enggal.
synced-entries = { $count ->
   *[other] Katampi { $number } cathetan enggal.
}
synced-requests = { $count ->
   *[other] Koperasi sampun nampi { $number } panyuwunan.
}
synced-whole = Sedaya cathetan jangkep lan kabukten asli.
synced-partly = Dereng sedaya cathetan jangkep lan kabukten; mangga dipunanyaraken malih.
verified-title = Pamriksan cathetan
    .spoken = Pamriksan cathetan sampun rampung.
verified-whole = Sedaya cocog: saben cathetan gandheng kaliyan tapak asta koperasi.
verified-not = Boten cocog: mangga dipunanyaraken menawi wonten jaringan, lajeng sesambetan kaliyan kantor koperasi.
verified-savings = Simpenan { $account }
verified-loan = Sambutan { $account }
entries = { $count ->
   *[other] { $number } cathetan
}
verified-holds = { $entries }, cocog.
verified-broken = { $entries }, boten cocog.
verified-broken-from = { $entries }, boten cocog wiwit cathetan { $seq }.
changed = { $clock }: { $what }.
changed-balances = saldo ewah
changed-transactions = wonten cathetan enggal
changed-requests = kawontenan panyuwunan ewah
changed-card = kertu dipunanyaraken
changed-register = data anggota utawi koperasi ewah
changed-warnings = wonten pepenget, mangga mirsani wara-wara
changed-sync = sesambetan kaliyan server koperasi

## What can be done now: words on a button
action-sync = Anyaraken
action-open = Mirsani cathetan { $product }
action-schedule = Mirsani angsuran { $product }
action-simulate = Ngetang sambutan
action-older = Mirsani cathetan ingkang langkung lami
action-request-loan = Nyuwun sambutan
action-requests = Mirsani panyuwunan sambutan
action-retry = Kintun sakmenika
action-accept = Nampi sambutan punika
action-cancel = Wurungaken panyuwunan punika
action-reply = Wangsuli kantor
action-drafts = Mirsani konsep
action-open-draft = Nglajengaken nyerat
action-send-draft = Kintun
action-delete-draft = Busak konsep punika
action-card = Nedahaken kertu anggota
action-notices = Mirsani wara-wara
action-export-evidence = Nyerat bukti dhateng berkas
