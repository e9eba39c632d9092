//! A cooperative and a member's phone in which everything secret or personal is a canary.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anggota::client::{ProfileId, store_key};
use anggota::domain::{CooperativeId, MemberNo};
use anggota::keys::{KeyVault, SoftwareKeys};
use anggota::protocol::enrolment::{Enrolled, decode_renewed};
use anggota_tests::canary::Kind::{Account, Amount, Code as CodeOf, Key, Member, Name, Personal, Token, Words};
use anggota_tests::canary::{Aviary, Kind, digits, word};
use anggota_tests::middleman::Middleman;
use anggota_tests::{Office, Output, Phone, Scratch, Serving, run};
use serde_json::Value;

pub(crate) const COOPERATIVE: &str = "kopuji";

/// The values that go into books and commands.
pub(crate) struct People {
    pub(crate) member: String,
    pub(crate) name: String,
    pub(crate) stranger: String,
    pub(crate) savings: String,
    pub(crate) loan: String,
    pub(crate) principal: String,
    pub(crate) purpose: String,
    pub(crate) reason: String,
    pub(crate) officer: String,
}

pub(crate) struct World {
    pub(crate) scratch: Scratch,
    pub(crate) people: People,
    pub(crate) aviary: Aviary,
    pub(crate) office: Office,
    pub(crate) middle: Middleman,
    pub(crate) phone: Phone,
    pub(crate) serving: Serving,
}

/// Rupiah as programs, people and databases write them.
pub(crate) fn add_amount(aviary: &mut Aviary, whole: &str, sen: &str) {
    let grouped: Vec<_> = whole.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    aviary.add(Amount, format!("{whole}.{sen}"));
    aviary.add(Amount, format!("{},{sen}", grouped.join(".")));
    aviary.add(Amount, format!("{whole}{sen}"));
}

impl World {
    pub(crate) fn new() -> Self {
        let scratch = Scratch::new("secrets");
        let mut aviary = Aviary::default();
        let mut new = |kind: Kind, value: String| {
            aviary.add(kind, value.as_str());
            value
        };
        let people = People {
            member: new(Member, format!("AG{}", digits(8))),
            name: new(Name, format!("Siti {}", word(9))),
            stranger: new(Member, format!("AG{}", digits(8))),
            savings: new(Account, format!("SS-{}", digits(8))),
            loan: new(Account, format!("PF-{}", digits(8))),
            principal: digits(7),
            purpose: new(Words, word(12)),
            reason: new(Words, word(12)),
            officer: new(Name, format!("Petugas {}", word(9))),
        };
        let personal = [new(Personal, digits(12)), new(Personal, word(10)), new(Personal, word(10))];
        let words = [0; 4].map(|_| new(Words, word(12)));
        let stranger_name = new(Name, format!("Budi {}", word(9)));
        let (deposit, lent) = (digits(8), digits(7));
        add_amount(&mut aviary, &deposit, "27");
        add_amount(&mut aviary, &lent, "00");
        add_amount(&mut aviary, &people.principal, "31");

        let People { member, name, stranger, savings, loan, .. } = &people;
        let [telephone, kelurahan, kecamatan] = &personal;
        let books = scratch.join("books");
        fs::create_dir_all(&books).unwrap();
        for (file, text) in [
            ("cooperative.csv", format!("id,name\n{COOPERATIVE},Koperasi Uji\n")),
            (
                "members.csv",
                format!(
                    "member_no,name,status,joined_on,phone,kelurahan,kecamatan\n\
                     {member},{name},active,2015-01-01,{telephone},{kelurahan},{kecamatan}\n\
                     {stranger},{stranger_name},active,2015-01-01,,,\n"
                ),
            ),
            ("savings_products.csv", "code,name,type\nSS,Simpanan Sukarela,sukarela\n".to_owned()),
            ("loan_products.csv", "code,name,method,rate_per_period\nPF,Pinjaman,flat,0.01\n".to_owned()),
            (
                "savings_accounts.csv",
                format!("account_no,member_no,product_code,opened_on,status\n{savings},{member},SS,2015-01-01,open\n"),
            ),
            (
                "savings_entries.csv",
                format!(
                    "account_no,posted_on,kind,amount,description,reference\n\
                     {savings},2020-01-01,deposit,{deposit}.27,{},{}\n",
                    words[0], words[1]
                ),
            ),
            (
                "loans.csv",
                format!(
                    "loan_no,member_no,product_code,principal,periods,disbursed_on,first_due_on,status\n\
                     {loan},{member},PF,{lent},12,2020-01-01,2020-02-01,active\n"
                ),
            ),
            (
                "loan_entries.csv",
                format!(
                    "loan_no,posted_on,kind,principal,description,reference\n\
                     {loan},2020-01-01,disbursement,{lent},{},{}\n",
                    words[2], words[3]
                ),
            ),
        ] {
            fs::write(books.join(file), text).unwrap();
        }
        let mut office = Office::new(&scratch, "office");
        office.env.push(("ANGGOTA_LOG".into(), "trace".into()));
        let imported = run(&mut office.command(&["import", books.to_str().unwrap()]));
        aviary.assert_only(&[], &[imported.stdout, imported.stderr].concat().into_bytes(), "import");
        assert_eq!(imported.status, 0);
        let serving = office.serve();
        let middle = Middleman::before(serving.address);
        let mut phone = Phone::new(&scratch, "phone");
        phone.env.push(("ANGGOTA_LOG".into(), "trace".into()));
        Self { scratch, people, aviary, office, middle, phone, serving }
    }

    /// What a command printed may hold these kinds on stdout; what it noted on stderr none at all.
    #[track_caller]
    pub(crate) fn judge(&self, output: Output, allowed: &[Kind], what: &str) -> Output {
        self.aviary.assert_only(allowed, output.stdout.as_bytes(), what);
        self.aviary.assert_only(&[], output.stderr.as_bytes(), what);
        output
    }

    /// Runs a command of the phone for people and for scripts; gives what scripts get.
    #[track_caller]
    pub(crate) fn phone(&self, given: &[&str], allowed: &[Kind]) -> Output {
        let what = format!("anggota {}", given[0]);
        self.judge(self.phone.run(given), allowed, &what);
        self.judge(self.phone.script(given), allowed, &what)
    }

    #[track_caller]
    pub(crate) fn office(&self, given: &[&str], allowed: &[Kind]) -> Output {
        let what = format!("anggota-server {}", given[0]);
        let command = self.office.command(given);
        let mut words = std::process::Command::new(command.get_program());
        words.args(command.get_args().filter(|argument| *argument != "--json")).env("ANGGOTA_LOG", "trace");
        self.judge(run(&mut words), allowed, &what);
        self.judge(self.office.run(given), allowed, &what)
    }

    /// A paper from the office; its code is secret from now on.
    pub(crate) fn activate(&mut self, member: &str) -> (String, String) {
        let printed = self.office.run(&["activate", "--member", member]);
        self.aviary.assert_only(&[], printed.stderr.as_bytes(), "activate");
        let document: Value = serde_json::from_str(&printed.stdout).unwrap();
        let [code, key] = ["code", "server_key"].map(|field| document[field].as_str().unwrap().to_owned());
        for spelt in [code.clone(), code.replace('-', ""), code.replace('-', " ")] {
            self.aviary.add(CodeOf, spelt);
        }
        self.aviary.assert_only(&[CodeOf], printed.stdout.as_bytes(), "activate");
        (code, key)
    }

    /// The tokens that travelled so far are secret too.
    pub(crate) fn add_tokens(&mut self) {
        for exchange in self.middle.exchanges().iter().filter(|exchange| exchange.is_good()) {
            let body = &exchange.reply.as_ref().unwrap().body;
            let tokens = match exchange.request.path.rsplit('/').next() {
                Some("enrolments") => {
                    let tokens = Enrolled::decode(body).unwrap().tokens;
                    vec![tokens.access, tokens.refresh]
                }
                Some("tokens") => vec![decode_renewed(body).unwrap().0],
                _ => vec![],
            };
            for token in tokens {
                let bytes = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
                // Behind the device's id, which is no secret.
                self.aviary.add(Token, &bytes[16..]);
                self.aviary.add(Token, &token.as_bytes()[24..]);
            }
        }
    }

    /// The phone's keys, and the office's.
    pub(crate) fn add_keys(&mut self) {
        let folder = self.phone.data_dir.join("device.keys");
        let keys = SoftwareKeys::open(&folder).unwrap();
        let vault: Arc<dyn KeyVault> = keys.clone();
        let member = MemberNo::new(&self.people.member).unwrap();
        let id = ProfileId { cooperative: CooperativeId::new(COOPERATIVE).unwrap(), member_no: member };
        self.aviary.add(Key, store_key(&self.phone.data_dir, &id, &vault).unwrap().to_vec());
        for file in files(&folder) {
            let bytes = fs::read(&file).unwrap();
            if file.ends_with("vault.key") {
                self.aviary.add(Key, bytes);
            } else {
                self.aviary.add(Key, private_scalar(&keys.unwrap(&bytes).unwrap()));
            }
        }
        for file in
            files(&self.office.keys()).into_iter().filter(|file| file.extension().is_some_and(|end| end == "key"))
        {
            self.aviary.add(Key, private_scalar(&fs::read(file).unwrap()));
        }
    }
}

/// The 32 secret bytes of a PKCS#8 document of a P-256 key (RFC 5915: an octet string behind version 1).
pub(crate) fn private_scalar(pkcs8: &[u8]) -> Vec<u8> {
    let marker = [2, 1, 1, 4, 32];
    let at = pkcs8.windows(marker.len()).position(|bytes| bytes == marker).unwrap() + marker.len();
    pkcs8[at..at + 32].to_vec()
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub(crate) fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}
