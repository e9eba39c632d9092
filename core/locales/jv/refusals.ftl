### Why something was refused and what to do, in Javanese (krama): one sentence each, never the value that was given.
### NATIVE READER: please confirm the whole file.

## Rules of a loan request
rule-below-smallest = Jumlah punika sangandhaping sambutan paling alit produk punika; mangga nyuwun jumlah ingkang langkung ageng.
rule-above-largest = Jumlah punika sanginggiling sambutan paling ageng produk punika; mangga nyuwun jumlah ingkang langkung alit.
rule-too-long = Wekdalipun langkung dangu tinimbang ingkang dipunparengaken produk punika; mangga milih wekdal ingkang langkung cekak.
rule-not-active = Namung anggota aktif ingkang saged nyuwun sambutan; mangga dipunanyaraken menawi wonten jaringan, utawi sesambetan kaliyan kantor koperasi.
rule-above-income = Sedaya angsuran sewulan langkung ageng tinimbang pamedal; mangga nyuwun jumlah ingkang langkung alit utawi wekdal ingkang langkung dangu.
rule-no-income = Pamedal kedah langkung saking nol; mangga dipundandosi utawi dipunkosongaken.
rule-nothing-asked = Jumlah sambutan kedah langkung saking nol; mangga jumlahipun dipunisi.
rule-periods = Sambutan dipunlunasi ing salebeting 1 dumugi 600 wulan; mangga wekdalipun dipundandosi.
rule-nothing-lent = Agengipun sambutan kedah langkung saking nol; mangga jumlahipun dipundandosi.
rule-all-grace = Angsuran ingkang namung mbayar jasa kedah langkung sekedhik tinimbang sedaya angsuran; mangga dipundandosi.
rule-needs-dates = Petangan miturut dinten betah tanggal; mangga tanggal pangedalan utawi jatuh tempo kapisan dipunisi.
rule-rounding-unit = Kelipatan pambunderan kedah langkung saking nol; mangga dipundandosi.
rule-due-before = Angsuran kapisan jatuh tempo sasampunipun pangedalan; mangga salah satunggaling tanggal dipundandosi.
rule-date-range = Tanggal kedah ing antawisipun taun 1900 lan 2199, ugi tanggal angsuran pungkasan; mangga tanggalipun dipundandosi.
rule-too-much = Jumlah arta ing petangan punika langkung saking 15 angka; mangga ngginakaken jumlah ingkang langkung alit.
rule-paid-beyond = Angsuran ingkang sampun dipunbayar langkung kathah tinimbang sedaya angsuran; mangga cacahipun dipundandosi.
rule-pay-off-early = Tanggal panglunasan ngrumiyini angsuran ingkang sampun dipunbayar; mangga tanggalipun dipundandosi.
rule-all-paid = Sedaya angsuran sampun dipunbayar, pramila boten wonten ingkang telat; mangga cacahipun ingkang dipunbayar dipundandosi.
rule-loan-unproven = Cathetan sambutan punika dereng sedaya kabukten ing piranti punika; mangga dipunanyaraken rumiyin menawi wonten jaringan.
rule-loan-too-long = Cathetan sambutan punika kekathahen kangge dipuncocogaken kaliyan angsuranipun ing piranti punika; mangga nyuwun pirsa kirangipun angsuran dhateng kantor koperasi.
rule-loan-other-movement = Sambutan punika wonten transaksinipun ingkang dereng dipunmangertosi aplikasi punika, pramila angsuranipun boten saged dipuncocogaken; mangga aplikasinipun dipunanyaraken, utawi nyuwun pirsa kirangipun angsuran dhateng kantor koperasi.
rule-nothing-paid = Jumlah ingkang dipunbayar kedah langkung saking nol; mangga dipundandosi.
rule-no-product = Kode produk punika boten wonten ing koperasi punika; mangga kodenipun dipunpriksa ing kantor.
rule-products-unknown = Produk sambutan dereng dipuntepangi ing piranti punika; mangga nindakaken sync rumiyin.
rule-decided = Panyuwunan punika sampun dipunputus; mangga mirsani kawontenanipun ing daftar panyuwunan.
rule-not-approved = Namung sambutan ingkang sampun dipunsarujuki ingkang saged dipuntampi; mangga mirsani kawontenan panyuwunanipun.

## Rules of enrolment and card
rule-card-later = Kertu dereng wonten ing piranti punika; mangga nindakaken sync rumiyin.
rule-code-digits = Kode aktivasi namung awujud angka; mangga dipunpriksa malih kertas saking kantor.
rule-https = Alamat server kedah dipunwiwiti https://; namung server ing komputer punika ingkang pareng http://.

## Rules of comparing two devices
rule-not-ours = Kode punika sanes saking koperasi panjenengan; mangga sampun dipunginakaken.
rule-another-member = Kode punika saking keanggotaan sanes; mangga dipunbandhingaken kaliyan piranti panjenengan piyambak.
rule-no-checkpoint = Dereng wonten pembukuan ing piranti punika; mangga dipunanyaraken menawi wonten jaringan.
rule-no-checkpoint-text = Punika sanes kode pembukuan; mangga dipunpindai malih teks ingkang dipunwiwiti KTB1:.
rule-own-guarantor = Penjamin kedah anggota sanes, sanes panjenengan piyambak.
rule-too-many-guarantors = Penjamin paling kathah gangsal tiyang; mangga dipunirangi lajeng dipuncobi malih.
rule-guarantor-twice = Wonten penjamin ingkang kaserat kaping kalih; mangga dipunbusak salah satunggalipun.
rule-too-many-documents = Berkas paling kathah gangsal; mangga dipunbusak satunggal saderengipun nambah.
rule-document-twice = Berkas punika sampun dipunlampiraken.
rule-document-empty = Berkas punika kothong; mangga milih foto utawi berkas sanes.
rule-document-too-large = Berkas punika kaagengen; mangga mundhut foto ingkang langkung alit, paling ageng 4 MB.
rule-document-kind = Berkas punika sanes foto utawi PDF; mangga nglampiraken foto (JPEG utawi PNG) utawi PDF.
rule-no-product-chosen = Mangga milih jinis sambutanipun rumiyin.
rule-no-purpose = Mangga dipunserat rumiyin sambutan punika kangge menapa.
rule-purpose = Ancasing sambutan kaserat ing setunggal dumugi kalih atus aksara, ing setunggal larik.
rule-collateral = Agunan kaserat ing setunggal dumugi gangsal atus aksara, ing setunggal larik.
rule-reply = Wangsulan kaserat ing setunggal dumugi gangsal atus aksara, ing setunggal larik.
rule-no-reply = Mangga dipunserat rumiyin wangsulan panjenengan kangge kantor.
rule-too-many-drafts = Konsep ingkang kasimpen sampun kalih dasa; mangga dipunkintun utawi dipunbusak satunggal rumiyin.
rule-draft-sent = Konsep punika sampun dipunkintun; mangga dipunpirsani ing daptar panyuwunan.
rule-draft-changed = Konsep punika nembe kemawon dipunewahi; mangga dipunpriksa malih lajeng dipunkintun.
rule-nothing-asked-back = Kantor boten saweg nyuwun katrangan kangge panyuwunan punika.

## Rules of what savings will bring
rule-projection-months = Prakiran dipunetang kangge 1 dumugi 600 wulan; mangga dangunipun dipundandosi.
rule-nothing-deposited = Jumlah ingkang dipunsetor kedah langkung saking nol; mangga dipundandosi.
rule-deposit-months = Simpenan berjangka wonten 1 dumugi 600 wulan; mangga dangunipun dipundandosi.
rule-no-surplus = Taun tanpa sisa hasil usaha boten wonten ingkang dipunbagi; mangga jumlah SHU dipundandosi.
rule-shares-beyond = Bagian jasa usaha lan jasa modal sesarengan paling kathah sedaya SHU; mangga dipundandosi.
rule-part-of-all = Angka anggota boten mungkin nglangkungi angka sedaya anggota; mangga salah satunggalipun dipundandosi.
rule-money-too-much = Jumlah arta paling kathah 15 angka; mangga ngginakaken jumlah ingkang langkung alit.

## NIK, the number on the identity card (nomor induk kependudukan)
nik-empty = Mangga NIK panjenengan dipunisi, 16 angka, kados ingkang kaserat ing KTP.
nik-character = NIK namung awujud angka; tandha kaping { $place } sanes angka, mangga dipundandosi.
nik-short = NIK wonten 16 angka; taksih kirang { $count } angka.
nik-long = NIK wonten 16 angka; langkung { $count } angka, mangga dipunpriksa menawi wonten ingkang kaserat kaping kalih.
nik-region = Enem angka wiwitan NIK punika kode wewengkon lan sanes kode ingkang mungkin; mangga dipuncocogaken kaliyan KTP.
nik-month = Angka kaping 9 lan 10 ing NIK punika wulan lair, 01 dumugi 12; mangga dipuncocogaken kaliyan KTP.
nik-day = Angka kaping 7 lan 8 ing NIK punika tanggal lair (putri dipuntambah 40), lan tanggal punika boten wonten ing wulanipun; mangga dipuncocogaken kaliyan KTP.
nik-serial = Sekawan angka pungkasan NIK boten mungkin 0000; mangga dipuncocogaken kaliyan KTP.

## QRIS, a merchant's payment code
qris-not-qris = Punika sanes kode pambayaran QRIS; mangga nyuwun kasir nedahaken kode ingkang wonten logo QRIS.
qris-too-long = Kode punika kepanjangen kangge QRIS; mangga nyuwun kasir nedahaken kode sanes.
qris-cut-off = Kode QRIS punika kethok utawi boten kawaos sedaya; mangga dipunpindai sepisan malih.
qris-checksum = Kode QRIS punika risak utawi sampun dipunewahi (angka pamriksanipun boten cocog); sampun dipunbayar, mangga dipunpindai malih utawi nyuwun kode sanes.
qris-after-checksum = Wonten tambahan ing wingking kode QRIS punika ingkang boten kareksa; sampun dipunbayar, mangga nyuwun kode sanes.
qris-twice = Kode QRIS punika nyebat bagian { $tag } kaping kalih, pramila boten cetha pundi ingkang leres; mangga nyuwun kode sanes.
qris-missing = Kode QRIS punika boten jangkep, bagian { $tag } boten wonten; mangga nyuwun kode sanes.
qris-value = Bagian { $tag } kode QRIS punika boten saged dipunmangertosi; mangga nyuwun kode sanes.
qris-currency = Kode punika sanes kangge pambayaran mawi rupiah ing Indonesia, pramila boten saged dipunginakaken ing ngriki.

## What a NIK or a QRIS code says, before it is used
nik-woman = NIK punika kagunganipun tiyang putri ingkang miyos { $date }, kadhaptar ing wewengkon { $region }.
nik-man = NIK punika kagunganipun tiyang kakung ingkang miyos { $date }, kadhaptar ing wewengkon { $region }.
qris-merchant = Pambayaran dhateng { $merchant } ing { $city }.
qris-amount = Jumlahipun { $amount }.
qris-any-amount = Jumlahipun panjenengan isi piyambak.
qris-tip-asked = Panjenengan pareng nambah tip.
qris-tip = Dipuntambah wragad { $amount }.
qris-tip-percent = Dipuntambah wragad { $percent } persen.
