//! A member's phone in the story: a data folder, opened by the shell's own means.

use std::fs;
use std::path::{Path, PathBuf};

use anggota::client::{self, Client, Enrolment, LoanEntryView, MAX_PAGE, ProfileId, SavingsEntryView, Trust};
use anggota::domain::{AccountNo, MemberNo, Money};
use data_encoding::HEXLOWER;
use rusqlite::Connection;

use super::Broken;
use super::books::{Books, Figure, Row, total};
use crate::{phone, roots};

/// A phone, enrolled.
pub(super) struct Phone {
    data_dir: PathBuf,
    profile: ProfileId,
    pub(super) client: Client,
}

impl Phone {
    /// Enrols a new phone under the federation's roots.
    pub(super) async fn enrol(
        data_dir: PathBuf,
        federation: &[PathBuf],
        server_url: String,
        member: MemberNo,
        code: String,
    ) -> Result<Self, Broken> {
        roots::add(&data_dir, federation)?;
        let enrolment = Enrolment { server_url, member, code, trust: Trust::Federation };
        let client = Client::enrol(phone::options(data_dir.clone())?, enrolment).await?;
        let view = client.profile()?;
        let profile = ProfileId { cooperative: view.cooperative, member_no: view.member_no };
        Ok(Self { data_dir, profile, client })
    }

    /// Closes the phone's program and starts it anew: whatever it then knows, it read from its store.
    pub(super) async fn restart(&mut self) -> Result<(), Broken> {
        self.client.shut_down().await?;
        self.client = Client::open(phone::options(self.data_dir.clone())?, &self.profile)?;
        Ok(())
    }

    /// Another phone with a copy of all files of this one, which is closed meanwhile.
    pub(super) async fn copied(&mut self, data_dir: PathBuf) -> Result<Self, Broken> {
        self.client.shut_down().await?;
        copy(&self.data_dir, &data_dir)?;
        let client = Client::open(phone::options(data_dir.clone())?, &self.profile)?;
        self.restart().await?;
        Ok(Self { data_dir, profile: self.profile.clone(), client })
    }

    /// Writes into the store behind the client's back, as a thief of phone and key could.
    pub(super) async fn alter(&mut self, sql: &str, parameters: impl rusqlite::Params) -> Result<usize, Broken> {
        self.client.shut_down().await?;
        let options = phone::options(self.data_dir.clone())?;
        let key = client::store_key(&self.data_dir, &self.profile, &options.vault)?;
        let store = find(&self.data_dir, "store.db")?.ok_or("berkas simpanan ponsel tidak ditemukan")?;
        let connection = Connection::open(store)?;
        connection.pragma_update(None, "key", format!("x'{}'", HEXLOWER.encode(&*key)))?;
        let changed = connection.execute(sql, parameters)?;
        drop(connection);
        self.restart().await?;
        Ok(changed)
    }

    /// Holds balances and outstandings against the books; gives how many figures are the same.
    pub(super) fn compare_figures(&self, savings: &[Figure], loans: &[Figure]) -> Result<usize, Broken> {
        let view = self.client.balances()?;
        let shown = |account: &AccountNo, sum, entries| Figure { account: account.to_string(), sum, entries };
        let savings_shown: Vec<_> = view.savings.iter().map(|s| shown(&s.account_no, s.balance, s.seq)).collect();
        let loans_shown: Vec<_> = view.loans.iter().map(|l| shown(&l.loan_no, l.outstanding, l.seq)).collect();
        same(sorted(savings_shown), sorted(savings.to_vec()), "simpanan")?;
        same(sorted(loans_shown), sorted(loans.to_vec()), "pinjaman")?;
        same(view.total_savings, total(savings)?, "jumlah simpanan")?;
        let proven = view.savings.iter().map(|s| s.verified && s.complete);
        if !proven.chain(view.loans.iter().map(|l| l.verified && l.complete)).all(|proven| proven) {
            return Err("ada angka yang belum terbukti atau belum lengkap".into());
        }
        Ok(savings.len() + loans.len())
    }

    /// Holds every entry on the phone against its row of the books; gives how many are the same.
    pub(super) fn compare_entries(&self, books: &Books) -> Result<usize, Broken> {
        let member = self.profile.member_no.as_str();
        let mut count = 0;
        for figure in books.savings(member)? {
            let page = self.client.transactions(&figure.account.parse()?, MAX_PAGE, None)?;
            let rows = books.savings_entries.of("account_no", &figure.account);
            count += same_entries(&page.entries, savings_words, rows, &["amount"])?;
        }
        for figure in books.loans(member)? {
            let page = self.client.loan_transactions(&figure.account.parse()?, MAX_PAGE, None)?;
            let rows = books.loan_entries.of("loan_no", &figure.account);
            count += same_entries(&page.entries, loan_words, rows, &["principal", "interest", "late_charge"])?;
        }
        Ok(count)
    }
}

fn sorted(mut figures: Vec<Figure>) -> Vec<Figure> {
    figures.sort();
    figures
}

fn same<T: PartialEq>(shown: T, expected: T, what: &str) -> Result<(), Broken> {
    if shown == expected { Ok(()) } else { Err(format!("{what} di ponsel berbeda dari pembukuan").into()) }
}

/// An entry as both sides have it: seq, day, kind, amounts, description, reference, reversed entry.
type Words = (u32, String, String, Vec<Money>, String, String, Option<u32>);

/// Holds a passbook, newest first, against the rows of the books, oldest first; gives how many entries are the same.
fn same_entries<'a, E>(
    shown: &[E],
    words: impl Fn(&E) -> Words,
    rows: impl Iterator<Item = Row<'a>>,
    amounts: &[&str],
) -> Result<usize, Broken> {
    let shown: Vec<Words> = shown.iter().rev().map(words).collect();
    let expected: Vec<Words> =
        (1..).zip(rows).map(|(seq, row)| row_words(seq, row, amounts)).collect::<Result<_, _>>()?;
    let count = shown.len();
    same(shown, expected, "catatan").map(|()| count)
}

fn savings_words(entry: &SavingsEntryView) -> Words {
    let SavingsEntryView { seq, posted_on, kind, amount, description, reference, reverses, .. } = entry.clone();
    (seq, posted_on.to_string(), kind.as_str().to_owned(), vec![amount], description, reference, reverses)
}

fn loan_words(entry: &LoanEntryView) -> Words {
    let entry = entry.clone();
    let LoanEntryView {
        seq, posted_on, kind, principal, interest, late_charge, description, reference, reverses, ..
    } = entry;
    let amounts = vec![principal, interest, late_charge];
    (seq, posted_on.to_string(), kind.as_str().to_owned(), amounts, description, reference, reverses)
}

fn row_words(seq: u32, row: Row<'_>, amounts: &[&str]) -> Result<Words, Broken> {
    let amounts = amounts.iter().map(|column| row.money(column)).collect::<Result<_, _>>()?;
    let text = |column| row.get(column).to_owned();
    Ok((seq, text("posted_on"), text("kind"), amounts, text("description"), text("reference"), row.count("reverses")?))
}

fn copy(from: &Path, to: &Path) -> Result<(), Broken> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn find(folder: &Path, name: &str) -> Result<Option<PathBuf>, Broken> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() { find(&path, name)? } else { path.ends_with(name).then_some(path) };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
