### Why the cooperative's server itself refused a command, one sentence for each rule of core/src/protocol/rule.rs, in
### Javanese (krama).
### NATIVE READER: please confirm the whole file.

server-rule-not-active = Namung anggota aktif ingkang saged nyuwun sambutan; mangga sesambetan kaliyan kantor koperasi.
server-rule-product-gone = Jinis sambutan punika sampun boten wonten; mangga milih jinis sambutan sanes.
server-rule-terms-changed = Katamtuan sambutan punika sampun ewah; mangga datanipun dipunanyaraken lajeng nyuwun malih.
server-rule-beyond-limits = Gunggung utawi wekdalipun wonten sajawining wates jinis sambutan punika; mangga dipunjumbuhaken lajeng nyuwun malih.
server-rule-too-many-open = Kathah sanget panyuwunan ingkang dereng dipunwangsuli; mangga ngentosi wangsulan kantor koperasi.
server-rule-already-cancelled = Panyuwunan punika sampun dipunbatalaken.
server-rule-already-decided = Panyuwunan punika sampun dipunwangsuli kantor koperasi; mangga sesambetan kaliyan kantor menawi badhe mbatalaken.
server-rule-already-accepted = Sambutan punika sampun katampi.
server-rule-not-approved = Panyuwunan punika dereng dipunsarujuki utawi sampun rampung; mangga sesambetan kaliyan kantor koperasi.
server-rule-no-such-request = Panyuwunan punika boten wonten ing kantor koperasi; mangga sesambetan kaliyan kantor menawi nate nyuwun.
