//! Entries of both kinds: each row held against the ones before it in its account, those that are stored compared,
//! those that are new added with their link of the hash chain.
//!
//! The rules of an entry are the domain's; here they are only told to the officer, with the cell they are about.

use anggota::domain::{
    AccountKey, AccountNo, CivilDate, Description, EntryFault, Invalid, LedgerKind, LoanEntry, MAX_SEQ, Money,
    Reference, SavingsEntry,
};
use anggota::protocol::Hash;
use anggota::protocol::chain::{Chain, ChainEntry};
use rusqlite::{OptionalExtension, Transaction, params};

use super::accounts::{Account, Lent};
use super::register::Register;
use super::{Import, ImportError, Step, Store};
use crate::books::{self, Cells, Count, Layout, Value};
use crate::database::DatabaseError;

/// What every entry has beside what it moves.
pub(super) struct Line {
    pub(super) seq: u32,
    pub(super) posted_on: CivilDate,
    pub(super) description: Description,
    pub(super) reference: Reference,
    pub(super) reverses: Option<u32>,
}

/// Where an entry stands in the database.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) cooperative: i64,
    pub(super) account: i64,
}

/// What tells savings entries and loan entries apart.
pub(super) trait Entry: ChainEntry + PartialEq + Sized {
    const LEDGER: LedgerKind;
    const LAYOUT: &'static Layout;
    /// Said of a row whose account is not there.
    const NO_ACCOUNT: &'static str;
    /// Said of a row before the account's first day.
    const TOO_EARLY: &'static str;
    /// The seq of the reversal of an entry, if it was reversed.
    const REVERSAL: &'static str;

    type Kind: Value + Copy;
    type Amounts: Copy;

    fn amounts(cells: &mut Cells<'_>) -> Option<Self::Amounts>;
    /// By how much it changes the balance or the outstanding.
    fn change(amounts: Self::Amounts) -> Money;
    /// The balance that the books give.
    fn given(cells: &mut Cells<'_>) -> Option<Money>;
    /// Why an account's first entry may not be of this kind.
    fn first(kind: Self::Kind) -> Result<(), &'static str>;

    fn build(line: Line, kind: Self::Kind, amounts: Self::Amounts, after: Money) -> Result<Self, EntryFault>;
    /// The column that a fault of `build` is about.
    fn column(fault: EntryFault, kind: Self::Kind, amounts: Self::Amounts) -> &'static str;
    /// The first column in which two entries of the same place differ.
    fn difference(&self, other: &Self) -> Option<&'static str>;
    fn reverses(&self) -> Option<u32>;
    /// Whether it takes back exactly `earlier`, or the column that is wrong and why.
    fn takes_back(&self, earlier: &Self) -> Result<(), (&'static str, &'static str)>;
    /// Adds it to what was lent.
    fn lend(&self, earlier: Option<&Self>, lent: &mut Lent);

    fn read(place: Place<'_>, seq: u32) -> Result<Option<Self>, ImportError>;
    fn insert(&self, place: Place<'_>, hash: &Hash) -> rusqlite::Result<()>;
}

/// The accounts, and the chain of the one whose entries are being read.
struct Ledgers<'a> {
    accounts: &'a mut Register<Account>,
    chain: Option<(AccountNo, Chain)>,
    added: u64,
}

impl Import<'_> {
    /// Reads both files of entries and brings the heads up to date.
    pub(super) fn entries(&mut self, accounts: &mut Register<Account>) -> Result<(), ImportError> {
        self.report.entries = self.entries_of::<SavingsEntry>(accounts)?;
        self.report.loan_entries = self.entries_of::<LoanEntry>(accounts)?;
        self.heads(accounts)
    }

    fn entries_of<E: Entry>(&mut self, accounts: &mut Register<Account>) -> Result<u64, ImportError> {
        let mut ledgers = Ledgers { accounts, chain: None, added: 0 };
        let (count, is_whole) = self.rows(E::LAYOUT, &mut ledgers, entry::<E>, |ledgers, first| {
            if let Some(account) = ledgers.accounts.rows.get_mut(first) {
                account.rows += 1;
                (account.is_sound, account.figure) = (false, None);
            }
        })?;
        self.report.added += ledgers.added;
        if is_whole {
            self.ends::<E>(accounts);
        }
        Ok(count)
    }

    /// What can only be said of an account when all its entries were read.
    fn ends<E: Entry>(&mut self, accounts: &Register<Account>) {
        let of_this = |account: &&Account| account.kind == Some(E::LEDGER) && account.is_sound;
        let mut sound: Vec<_> = accounts.rows.iter().filter(|(_, account)| of_this(account)).collect();
        sound.sort_unstable_by_key(|(_, account)| account.line);
        for (number, account) in sound {
            if account.rows < account.stored {
                let sentence = format!(
                    "baris {} sampai {} yang sudah pernah diimpor tidak boleh hilang",
                    account.rows + 1,
                    account.stored
                );
                self.problems.add(E::LAYOUT.file, account.last_line, E::LAYOUT.key(), number, sentence);
            } else if let Some(lent) = account.lent
                && !lent.is_principal()
            {
                let sentence = "tidak sama dengan jumlah pencairan di loan_entries.csv";
                let principal = lent.principal.to_string();
                self.problems.add(books::LOANS.file, account.line, "principal", &principal, sentence);
            }
        }
    }

    fn heads(&mut self, accounts: &Register<Account>) -> Result<(), ImportError> {
        if !self.problems.is_empty() {
            return Ok(());
        }
        let mut statement = self.store.transaction.prepare_cached(
            "UPDATE account SET seq = ?3, figure = ?4, hash = ?5, last_posted_on = ?6
             WHERE cooperative = ?1 AND account = ?2",
        )?;
        for account in accounts.rows.values().filter(|account| account.rows > account.stored) {
            let cooperative = self.store.cooperative.number;
            let figure = account.figure.unwrap_or_default().sen();
            let last = account.last_posted_on.map(CivilDate::days);
            statement.execute(params![cooperative, account.number, account.rows, figure, account.hash, last])?;
            self.changed.extend(account.member);
        }
        Ok(())
    }
}

/// One row of entries.
fn entry<E: Entry>(
    step: &mut Step<'_, '_>,
    ledgers: &mut Ledgers<'_>,
    cells: &mut Cells<'_>,
) -> Result<(), ImportError> {
    let row = Row::<E>::read(cells);
    let is_readable = cells.is_complete();
    let key = row.number.as_ref().map(AccountNo::as_str);
    let Some(account) = ledgers.accounts.find(cells, E::LAYOUT.key(), key, E::NO_ACCOUNT) else { return Ok(()) };
    if account.kind.is_some_and(|kind| kind != E::LEDGER) {
        cells.refuse(E::LAYOUT.key(), E::NO_ACCOUNT);
        return Ok(());
    }
    account.rows += 1;
    account.last_line = cells.line();
    if account.is_candidates && account.rows == 1 {
        cells.refuse(E::LAYOUT.key(), "calon anggota belum boleh menyimpan atau meminjam");
    }
    if let Some(day) = row.posted_on {
        posted::<E>(account, day, step.store.today, cells);
    }
    advance(account, &row, cells);
    if is_readable && let Some(built) = row.build(account, cells) {
        ledger(step.store, account, built, &mut ledgers.chain, row.number.clone(), cells)?;
    }
    balance(account, row.given, cells);
    ledgers.added += u64::from(account.rows > account.stored);
    account.is_sound &= cells.is_complete();
    Ok(())
}

/// A row's cells.
struct Row<E: Entry> {
    number: Option<AccountNo>,
    posted_on: Option<CivilDate>,
    kind: Option<E::Kind>,
    amounts: Option<E::Amounts>,
    given: Option<Money>,
    description: Option<Description>,
    reference: Option<Reference>,
    reverses: Option<u32>,
}

impl<E: Entry> Row<E> {
    fn read(cells: &mut Cells<'_>) -> Self {
        Self {
            number: cells.required(E::LAYOUT.key()),
            posted_on: cells.required("posted_on"),
            kind: cells.required("kind"),
            amounts: E::amounts(cells),
            given: E::given(cells),
            description: cells.any("description"),
            reference: cells.any("reference"),
            reverses: cells.optional("reverses").map(|Count::<1, MAX_SEQ>(seq)| seq),
        }
    }

    /// The entry, if it keeps the domain's rules.
    fn build(&self, account: &mut Account, cells: &mut Cells<'_>) -> Option<E> {
        let (kind, amounts) = (self.kind?, self.amounts?);
        if account.rows == 1
            && account.is_at_new_rows()
            && let Err(sentence) = E::first(kind)
        {
            cells.refuse("kind", sentence);
        }
        let line = Line {
            seq: account.rows,
            posted_on: self.posted_on?,
            description: self.description.clone()?,
            reference: self.reference.clone()?,
            reverses: self.reverses,
        };
        // A figure that cannot be known is a problem told before, and one of a stored row is held by comparing the row;
        // the other rules are still held here.
        let figure = account.figure.unwrap_or_default();
        let figure = if account.is_at_new_rows() { figure } else { figure.max(Money::ZERO) };
        let built = E::build(line, kind, amounts, figure);
        let was_below = std::mem::replace(&mut account.is_below, built == Err(EntryFault::BelowZero));
        match built {
            Ok(entry) => return Some(entry),
            // Told at the row that took it there.
            Err(EntryFault::BelowZero) if was_below => account.is_sound = false,
            Err(fault) => cells.refuse(E::column(fault, kind, amounts), sentence(fault)),
        }
        None
    }
}

/// The domain's rules of an entry, for the officer.
const fn sentence(fault: EntryFault) -> &'static str {
    match fault {
        EntryFault::Seq => "rekening ini sudah memiliki terlalu banyak baris",
        EntryFault::Zero => "jumlah 0 tidak diterima",
        EntryFault::Sign => "tanda jumlah tidak sesuai dengan jenisnya",
        EntryFault::BelowZero => "saldo menjadi kurang dari 0",
        EntryFault::TooLarge => "jumlah atau saldo terlalu besar",
        EntryFault::Reverses => "harus diisi pada reversal saja, dengan nomor baris sebelumnya dari rekening yang sama",
        EntryFault::Gap | EntryFault::Balance => "tidak melanjutkan baris sebelumnya",
    }
}

fn posted<E: Entry>(account: &mut Account, day: CivilDate, today: CivilDate, cells: &mut Cells<'_>) {
    let last = account.last_posted_on.replace(day.min(today));
    if !account.is_at_new_rows() {
        return;
    }
    if day > today {
        cells.refuse("posted_on", "sesudah hari ini");
    } else if account.opened_on.is_some_and(|opened_on| day < opened_on) {
        cells.refuse("posted_on", E::TOO_EARLY);
    } else if last.is_some_and(|last| day < last) {
        cells.refuse("posted_on", "lebih awal dari baris sebelumnya di rekening yang sama");
    }
}

/// Moves the running figure on by the row's amount.
fn advance<E: Entry>(account: &mut Account, row: &Row<E>, cells: &mut Cells<'_>) {
    let before = account.figure.take();
    let (Some(before), Some(amounts)) = (before, row.amounts) else { return };
    account.figure = before.checked_add(E::change(amounts));
    if let (None, Some(kind)) = (account.figure, row.kind) {
        cells.refuse(E::column(EntryFault::TooLarge, kind, amounts), sentence(EntryFault::TooLarge));
    }
}

/// Holds the books' own balance against the running one.
fn balance(account: &mut Account, given: Option<Money>, cells: &mut Cells<'_>) {
    let (Some(given), Some(figure)) = (given, account.figure) else { return };
    // Two amounts that are further apart than any amount cannot be written down; they are not equal either.
    let drift = given.checked_add(-figure).unwrap_or(Money::MAX);
    if !drift.is_zero() && account.drift != Some(drift) {
        cells.refuse("balance", format!("saldo berjalan di sini adalah {figure}"));
        account.drift = Some(drift);
    }
}

/// Holds a good entry against its account's ledger: compared if it is stored, added if it is new.
fn ledger<E: Entry>(
    store: &Store<'_>,
    account: &mut Account,
    entry: E,
    chain: &mut Option<(AccountNo, Chain)>,
    number: Option<AccountNo>,
    cells: &mut Cells<'_>,
) -> Result<(), ImportError> {
    let (Some(account_number), Some(number)) = (account.number, number) else {
        // Without a place in the database what a reversal reverses is not known, and so not what is lent.
        account.lent = account.lent.filter(|_| entry.reverses().is_none());
        account.lend(&entry, None);
        return Ok(());
    };
    let place =
        Place { transaction: store.transaction, cooperative: store.cooperative.number, account: account_number };
    if !account.is_at_new_rows() && !is_stored(place, account, &entry, cells)? {
        return Ok(());
    }
    let earlier = reversed(place, account, &entry, cells)?;
    account.lend(&entry, earlier.as_ref());
    if !account.is_at_new_rows() || !cells.is_complete() || account.figure.is_none() {
        return Ok(());
    }
    if chain.as_ref().is_none_or(|(of, _)| *of != number) {
        let key = AccountKey { kind: E::LEDGER, account: number.clone() };
        *chain = Some((number, Chain::new(&store.cooperative.id, &key)));
    }
    if let Some((_, chain)) = chain {
        account.hash = chain.next(&account.hash, &entry);
        entry.insert(place, &account.hash)?;
    }
    Ok(())
}

/// Whether the entry is the stored one of its place.
fn is_stored<E: Entry>(
    place: Place<'_>,
    account: &mut Account,
    entry: &E,
    cells: &mut Cells<'_>,
) -> Result<bool, ImportError> {
    let stored = E::read(place, account.rows)?.ok_or(DatabaseError::Damaged(Invalid("entries have no gaps")))?;
    let difference = entry.difference(&stored);
    if let Some(column) = difference {
        // A row put in or taken out shifts all that follow: told where it begins.
        if !account.differs {
            cells.refuse(column, "berbeda dari yang sudah pernah diimpor; masa lalu dikoreksi dengan reversal");
        }
        (account.is_sound, account.figure) = (false, None);
    }
    account.differs = difference.is_some();
    Ok(!account.differs)
}

/// The entry that `entry` reverses, when it takes it back exactly and for the first time.
fn reversed<E: Entry>(
    place: Place<'_>,
    account: &Account,
    entry: &E,
    cells: &mut Cells<'_>,
) -> Result<Option<E>, ImportError> {
    // Where a row before could not be read or is another, positions mean nothing.
    let Some(seq) = entry.reverses().filter(|_| account.figure.is_some()) else { return Ok(None) };
    let mut statement = place.transaction.prepare_cached(E::REVERSAL)?;
    let by: Option<u32> = statement.query_row((place.cooperative, place.account, seq), |row| row.get(0)).optional()?;
    if by.is_some_and(|by| by != account.rows) {
        cells.refuse("reverses", "baris itu sudah dibatalkan oleh reversal lain");
        return Ok(None);
    }
    // Not there: something is wrong with that row, and told.
    let earlier = E::read(place, seq)?;
    if let Some((column, sentence)) = earlier.as_ref().and_then(|earlier| entry.takes_back(earlier).err()) {
        cells.refuse(column, sentence);
        return Ok(None);
    }
    Ok(earlier)
}
