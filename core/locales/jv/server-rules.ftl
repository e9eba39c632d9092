### Why the cooperative's server itself refused a command, one sentence for each rule of core/src/protocol/rule.rs, in
### Javanese (krama).
### NATIVE READER: please confirm the whole file.

server-rule-not-active = Namung anggota aktif ingkang saged nyuwun sambutan; mangga sesambetan kaliyan kantor koperasi.
server-rule-product-gone = Jinis sambutan punika sampun boten wonten; mangga milih jinis sambutan sanes.
server-rule-terms-changed = Katamtuan sambutan punika sampun ewah; mangga datanipun dipunanyaraken lajeng nyuwun malih.
server-rule-beyond-limits = Gunggung utawi wekdalipun wonten sajawining wates jinis sambutan punika; mangga dipunjumbuhaken lajeng nyuwun malih.
server-rule-too-many-open = Kathah sanget panyuwunan ingkang dereng dipunwangsuli; mangga ngentosi wangsulan kantor koperasi.
server-rule-already-cancelled = Panyuwunan punika sampun dipunbatalaken.
server-rule-already-decided = Panyuwunan punika sampun dipunwangsuli kantor koperasi; mangga sesambetan kaliyan kantor menawi badhe nambahi katrangan utawi mbatalaken.
server-rule-already-accepted = Sambutan punika sampun katampi.
server-rule-not-approved = Panyuwunan punika dereng dipunsarujuki utawi sampun rampung; mangga sesambetan kaliyan kantor koperasi.
server-rule-no-such-request = Panyuwunan punika boten wonten ing kantor koperasi; mangga sesambetan kaliyan kantor menawi nate nyuwun.
server-rule-own-guarantor = Ingkang nyambut boten saged dados penjamin sambutanipun piyambak; mangga milih anggota sanes.
server-rule-guarantor-not-active = Penjamin kedah anggota aktif koperasi punika; mangga nomer anggotanipun dipunpriksa.
server-rule-too-much-attached = Berkas panyuwunan ingkang dereng dipunwangsuli kaagengen; mangga ngentosi wangsulan kantor utawi nglampiraken berkas ingkang langkung alit.
server-rule-above-income = Angsuran sambutan punika lan sambutan ingkang mlampah nglangkungi pamedal; mangga cacahipun dipunirangi utawi wekdalipun dipunpanjangaken.
server-rule-not-reckoned = Angsuran sambutan punika boten saged dipunetang; mangga cacah utawi wekdalipun dipunewahi.
server-rule-too-many-replies = Sampun kathah sanget wangsulan kangge panyuwunan punika; mangga sesambetan kaliyan kantor koperasi.
