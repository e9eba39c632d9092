### What happened and what to do, one sentence for each code of docs/errors.md, in Javanese (krama).
### The Indonesian sentences are in the table of codes (core/src/protocol/problem.rs), which the server sends too.
### NATIVE READER: please confirm the whole file; technical words (server, kode, aplikasi, sync) are left as they are said.

problem-bad-request = Panyuwunan boten saged dipunwaos server; mangga aplikasinipun dipunanyaraken lajeng dipuncobi malih.
problem-unauthorized = Piranti punika dereng kadhaptar ing koperasi; mangga nyuwun kode aktivasi enggal lajeng ndhaptar malih.
problem-token-expired = Wekdal idin mlebet sampun telas; mangga dipuncobi sepisan malih.
problem-proof-invalid = Bukti saking piranti punika boten katampi server; mangga dipuncobi sepisan malih.
problem-clock-off = Jam piranti boten cocog kaliyan jam server; mangga dipuncobi sepisan malih.
problem-device-revoked = Piranti punika sampun dipuncabut koperasi; mangga sesambetan kaliyan kantor kangge kode aktivasi enggal.
problem-code-wrong = Nomer anggota utawi kode aktivasi lepat; mangga dipunpriksa malih kertas saking kantor.
problem-code-expired = Kode aktivasi sampun boten kangge; mangga nyuwun kode enggal ing kantor koperasi.
problem-card-refused = Kertu anggota dereng saged dipunterbitaken; mangga sesambetan kaliyan kantor koperasi.
problem-not-found = Alamat koperasi punika boten wonten ing server; mangga alamatipun dipunpriksa.
problem-method-not-allowed = Server nampik cara nyuwun punika; mangga aplikasinipun dipunanyaraken.
problem-too-large = Kiriman kaagengen kangge server.
problem-unsupported-media-type = Server boten mangertos wujud kiriman punika; mangga aplikasinipun dipunanyaraken.
problem-update-required = Aplikasi utawi server sampun lami; mangga aplikasinipun dipunanyaraken.
problem-too-many-attempts = Sampun kathah sanget anggenipun nyobi; mangga ngentosi sekedhap utawi nyuwun kode enggal ing kantor.
problem-internal = Server koperasi nembe wonten alangan; mangga dipuncobi malih mangke.
problem-busy = Server koperasi nembe repot; mangga dipuncobi malih sekedhap malih.
problem-no-network = Boten wonten sesambetan kaliyan server koperasi; data ing piranti tetep saged dipunwaos, mangga dipuncobi malih menawi wonten jaringan.
problem-not-a-server = Ingkang mangsuli sanes server koperasi; mangga dipunpriksa alamatipun utawi kaca mlebet wifi, lajeng dipuncobi malih.
problem-invalid-input = Isian boten leres; mangga dipundandosi lajeng dipuncobi malih.
problem-usage = Dhawuh boten dipunmangertosi; mangga mriksani --help.
problem-trust-missing = Kunci koperasi dereng saged dipunpitados; mangga kunci saking kertas aktivasi dipunlebetaken (--server-key).
problem-trust-mismatch = Kunci server sanes kunci koperasi punika; sampun dipunlajengaken, mangga sesambetan kaliyan kantor koperasi.
problem-not-verified = Data saking server boten kabukten asli, pramila boten dipunsimpen; mangga sesambetan kaliyan kantor koperasi.
problem-rollback = Server nedahaken pembukuan ingkang mundur utawi benten saking saderengipun; bukti dipunsimpen, mangga sesambetan kaliyan kantor koperasi.
problem-chain-broken = Wonten cathetan ing piranti ingkang boten cocog kaliyan buktinipun; mangga sync malih lan sesambetan kaliyan kantor koperasi.
problem-not-enrolled = Dereng wonten anggota ingkang kadhaptar ing piranti punika; mangga nindakaken enrol rumiyin.
problem-profile-ambiguous = Wonten sawetawis keanggotaan ing piranti punika; mangga nyebat satunggal kanthi --profile KOPERASI/NOMOR.
problem-unknown = Boten pinanggih; mangga nomeripun dipunpriksa.
problem-not-possible = Perkawis punika boten saged dipuntindakaken sapunika.
problem-store-busy = Data nembe dipunginakaken program sanes; mangga program punika dipuntutup lajeng dipuncobi malih.
problem-store-unreadable = Data ing piranti boten saged dipunwaos (risak utawi kuncinipun sanes); berkasipun boten dipunewahi.
problem-store-newer = Data dipunserat dening versi ingkang langkung enggal; mangga aplikasinipun dipunanyaraken. Berkasipun boten dipunewahi.
problem-store-write = Data boten saged dipunsimpen; mangga papan panyimpenan dipunpriksa lajeng dipuncobi malih.
problem-key-failed = Kunci ing piranti boten saged dipunginakaken; mangga kunci layar dipunbikak lajeng dipuncobi malih.
problem-closed = Aplikasi nembe dipuntutup; mangga dipunbikak malih.
problem-operation-conflict = Nomer panyuwunan punika sampun dipunginakaken kangge isi sanes.
problem-request-lost = Panyuwunan saderengipun sampun boten wonten ing piranti punika; mangga sesambetan kaliyan kantor koperasi.
problem-signature-refused = Server boten nampi tandha tangan piranti punika; mangga ndhaftar malih ing kantor.
problem-cancelled = Pandamelan punika sampun dipunkendelaken; mangga dipunwiwiti malih menawi perlu.
