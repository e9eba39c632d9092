//! Small books straight into the tables: what an import would leave there.

use anggota::cose::Signer;
use anggota::domain::{
    AccountKey, AccountNo, CivilDate, Description, LedgerKind, LoanAmounts, LoanEntry, LoanKind, Money, Reference,
    SavingsEntry, SavingsKind,
};
use anggota::protocol::Hash;
use anggota::protocol::chain::{Chain, START};
use anggota_server::checkpoints;
use anggota_server::cooperative::Cooperative;
use anggota_server::keys::IssuerKeys;
use anggota_server::refusal::Refusal;
use rusqlite::{Transaction, params};

use super::Bench;

const DAY: i32 = 20_000;

/// One cooperative: A001 with two savings accounts and a loan, A002 with one account, A003 a candidate, A004 who left,
/// A005 without anything; the products SS and PB.
pub fn fill(bench: &Bench, id: &str) {
    bench.execute(&format!(
        "INSERT INTO cooperative (id, name, time_zone) VALUES ('{id}', 'Koperasi {id}', 'WIB');
         INSERT INTO member (cooperative, member, member_no, name, status, joined_on)
           SELECT cooperative, column1, column2, column3, column4, 15000 FROM cooperative,
             (VALUES (1, 'A001', 'Siti Aminah', 0), (2, 'A002', 'Joko Susilo', 0), (3, 'A003', 'Dewi Lestari', 1),
                     (4, 'A004', 'Bambang Irawan', 3), (5, 'A005', 'Sri Wahyuni', 0)) WHERE id = '{id}';
         INSERT INTO savings_product (cooperative, code, name, type, yearly_rate, yearly_cap)
           SELECT cooperative, 'SS', 'Simpanan Sukarela', 2, 3000000, 9000000 FROM cooperative WHERE id = '{id}';
         INSERT INTO loan_product (cooperative, code, name, method, rate_per_period, version, min_principal, max_principal,
             max_periods, rounding_unit, rounding_mode, rounding_applies_to, day_count, yearly_cap)
           SELECT cooperative, 'PB', 'Pinjaman Biasa', 1, 1500000, 2, 10000000, 1000000000, 24, 100, 'nearest', 'component',
             '30/360', 24000000 FROM cooperative WHERE id = '{id}';"
    ));
    let cooperative = bench.cooperative(id);
    let fill = |t: &Transaction<'_>| {
        let keys = IssuerKeys::load_or_create(t, &bench.keys_folder(), &cooperative, bench.now(), &bench.rng)?;
        for (account, no, member) in [(1, "SS-1", 1), (2, "SS-2", 1), (4, "SS-4", 2)] {
            open(t, &cooperative, account, no, member, LedgerKind::Savings)?;
        }
        open(t, &cooperative, 3, "PB-3", 1, LedgerKind::Loan)?;
        save(t, &cooperative, 1, "SS-1", 120, &amount)?;
        save(t, &cooperative, 4, "SS-4", 3, &amount)?;
        lend(t, &cooperative, 3, "PB-3", 7)?;
        renew(t, bench, &cooperative, &keys, 1..=5)
    };
    bench.database.write::<_, Refusal>(fill).unwrap();
}

fn renew(
    t: &Transaction<'_>,
    bench: &Bench,
    cooperative: &Cooperative,
    keys: &IssuerKeys,
    members: impl IntoIterator<Item = i64>,
) -> Result<(), Refusal> {
    let signer: &dyn Signer = &keys.checkpoint.signer;
    for member in members {
        checkpoints::renew(t, cooperative, member, bench.now(), keys.checkpoint.kid, signer)?;
    }
    Ok(())
}

impl Bench {
    /// More entries in an account of A001, and a new checkpoint.
    pub fn post(&self, id: &str, account: i64, no: &str, count: u32) {
        self.post_by(id, account, no, count, amount);
    }

    /// One deposit of that many sen in an account of A001, and a new checkpoint.
    pub fn post_amount(&self, id: &str, account: i64, no: &str, sen: i64) {
        self.post_by(id, account, no, 1, |_| (SavingsKind::Deposit, sen));
    }

    fn post_by(&self, id: &str, account: i64, no: &str, count: u32, amount: impl Fn(u32) -> (SavingsKind, i64)) {
        let (cooperative, keys) = (self.cooperative(id), self.keys(id));
        let post = |t: &Transaction<'_>| {
            save(t, &cooperative, account, no, count, &amount)?;
            renew(t, self, &cooperative, &keys, [1])
        };
        self.database.write::<_, Refusal>(post).unwrap();
    }
}

fn open(
    t: &Transaction<'_>,
    cooperative: &Cooperative,
    account: i64,
    no: &str,
    member: i64,
    kind: LedgerKind,
) -> Result<(), Refusal> {
    let loan = (kind == LedgerKind::Loan).then_some(1);
    t.execute(
        "INSERT INTO account (cooperative, account, kind, account_no, member, product, status, opened_on, hash, principal,
           periods, first_due_on, rate_per_period, method, product_version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, zeroblob(32), ?8 * 500000000, ?8 * 12, ?8 * 20031, ?8 * 1500000, ?8, ?8)",
        params![
            cooperative.number,
            account,
            kind as u8,
            no,
            member,
            if loan.is_some() { "PB" } else { "SS" },
            DAY,
            loan
        ],
    )?;
    Ok(())
}

fn chain(cooperative: &Cooperative, kind: LedgerKind, no: &str) -> Chain {
    Chain::new(&cooperative.id, &AccountKey { kind, account: AccountNo::new(no).unwrap() })
}

fn sen(amount: i64) -> Money {
    Money::from_sen(amount).unwrap()
}

fn head(t: &Transaction<'_>, cooperative: &Cooperative, account: i64) -> (u32, i64, Hash) {
    let sql = "SELECT seq, figure, hash FROM account WHERE cooperative = ?1 AND account = ?2";
    t.query_row(sql, (cooperative.number, account), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap()
}

fn set_head(
    t: &Transaction<'_>,
    cooperative: &Cooperative,
    account: i64,
    (seq, figure, hash): (u32, i64, Hash),
) -> Result<(), Refusal> {
    t.execute(
        "UPDATE account SET seq = ?3, figure = ?4, hash = ?5 WHERE cooperative = ?1 AND account = ?2",
        params![cooperative.number, account, seq, figure, hash],
    )?;
    Ok(())
}

/// What an entry of a savings account moves: two deposits, then a withdrawal.
fn amount(seq: u32) -> (SavingsKind, i64) {
    match seq % 3 {
        0 => (SavingsKind::Withdrawal, -2_500_000),
        _ => (SavingsKind::Deposit, 5_000_000 + i64::from(seq)),
    }
}

/// Appends entries to a savings account.
fn save(
    t: &Transaction<'_>,
    cooperative: &Cooperative,
    account: i64,
    no: &str,
    count: u32,
    amount: &dyn Fn(u32) -> (SavingsKind, i64),
) -> Result<(), Refusal> {
    let mut chain = chain(cooperative, LedgerKind::Savings, no);
    let (mut seq, mut balance, mut hash) = head(t, cooperative, account);
    for _ in 0..count {
        seq += 1;
        let (kind, amount) = amount(seq);
        balance += amount;
        let day = CivilDate::from_days(DAY + (seq / 4) as i32).unwrap();
        let (words, voucher) = (format!("Setoran tunai loket {}", seq % 7), format!("BKM-{seq:06}"));
        let (description, reference) = (Description::new(&words).unwrap(), Reference::new(&voucher).unwrap());
        let entry = SavingsEntry::new(seq, day, kind, sen(amount), sen(balance), description, reference, None).unwrap();
        hash = chain.next(&hash, &entry);
        t.prepare_cached("INSERT INTO savings_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, ?10)")?.execute(
            params![cooperative.number, account, seq, day.days(), kind.number(), amount, balance, words, voucher, hash],
        )?;
    }
    set_head(t, cooperative, account, (seq, balance, hash))
}

/// A disbursement and instalments.
fn lend(t: &Transaction<'_>, cooperative: &Cooperative, account: i64, no: &str, count: u32) -> Result<(), Refusal> {
    let mut chain = chain(cooperative, LedgerKind::Loan, no);
    let (mut outstanding, mut hash) = (0, START);
    for seq in 1..=count {
        let (kind, principal, interest) = if seq == 1 {
            (LoanKind::Disbursement, 500_000_000, 0)
        } else {
            (LoanKind::Repayment, -40_000_000, -7_500_000)
        };
        outstanding += principal;
        let day = CivilDate::from_days(DAY + seq as i32 * 30).unwrap();
        let amounts = LoanAmounts { principal: sen(principal), interest: sen(interest), late_charge: Money::ZERO };
        let (description, reference) = (Description::new("Angsuran").unwrap(), Reference::new("").unwrap());
        let entry = LoanEntry::new(seq, day, kind, amounts, sen(outstanding), description, reference, None).unwrap();
        hash = chain.next(&hash, &entry);
        t.execute(
            "INSERT INTO loan_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, 'Angsuran', '', NULL, ?9)",
            params![
                cooperative.number,
                account,
                seq,
                day.days(),
                kind.number(),
                principal,
                interest,
                outstanding,
                hash
            ],
        )?;
    }
    set_head(t, cooperative, account, (count, outstanding, hash))
}
