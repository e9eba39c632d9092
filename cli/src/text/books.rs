//! Balances, passbooks and their proof, in words.

use anggota::client::{
    BalancesView, EndedView, LoanEntryView, LoanView, PageView, SavingsEntryView, SavingsView, VerifiedAccountView,
    VerifyView,
};
use anggota::domain::{CivilDate, LedgerKind, LoanKind, Money, SavingsKind};

use super::requests::pending;
use super::time::{Reader, day};
use super::{grouped, table, warning};

pub(crate) fn balances(view: &BalancesView, reader: &Reader) -> String {
    let Some(as_of) = view.as_of else {
        return "Belum ada angka di perangkat ini. Jalankan: anggota sync".to_owned();
    };
    let mut parts: Vec<String> = view.warnings.iter().map(|about| warning(about, reader)).collect();
    parts.extend(view.ended.iter().map(|about| ended(about, reader)));
    parts.push(format!("SIMPANAN ANDA: {}", view.total_savings.to_rupiah_text()));
    parts.extend(view.savings.iter().map(|savings| savings_account(savings, reader)));
    parts.extend(loan_parts(&view.loans, reader));
    if !view.pending.is_empty() {
        parts.push("PERMINTAAN YANG BELUM DIJAWAB (belum termasuk di atas)".to_owned());
        parts.extend(view.pending.iter().map(|request| pending(request, reader)));
    }
    parts.push(format!("Angka per {}.", reader.when(as_of)));
    joined(&parts)
}

fn ended(about: &EndedView, reader: &Reader) -> String {
    let what = match about.kind {
        LedgerKind::Savings => "Rekening",
        LedgerKind::Loan => "Pinjaman",
    };
    format!(
        "PERINGATAN, {}: {what} {} tidak lagi ditunjukkan oleh koperasi. Tanyakan ke kantor bila Anda tidak tahu sebabnya.",
        reader.when(about.at),
        about.account_no
    )
}

pub(crate) fn loans(view: &BalancesView, reader: &Reader) -> String {
    let Some(as_of) = view.as_of else {
        return "Belum ada angka di perangkat ini. Jalankan: anggota sync".to_owned();
    };
    let mut parts = loan_parts(&view.loans, reader);
    if parts.is_empty() {
        parts.push("Anda tidak mempunyai pinjaman.".to_owned());
    }
    parts.push(format!("Angka per {}.", reader.when(as_of)));
    joined(&parts)
}

fn loan_parts(loans: &[LoanView], reader: &Reader) -> Vec<String> {
    let heading = (!loans.is_empty()).then(|| "PINJAMAN ANDA".to_owned());
    heading.into_iter().chain(loans.iter().map(|loan| loan_account(loan, reader))).collect()
}

fn savings_account(view: &SavingsView, reader: &Reader) -> String {
    let rows = [
        ("Saldo", view.balance.to_rupiah_text()),
        ("Rekening", view.account_no.to_string()),
        ("Bukti", proof(view.verified, view.complete, || reader.when(view.as_of))),
    ];
    format!("{}\n{}", view.product, table(&rows))
}

fn loan_account(view: &LoanView, reader: &Reader) -> String {
    let due = view.next_due.map(|due| ("Bayar", format!("{} pada {}", due.amount.to_rupiah_text(), day(due.date))));
    let rows: Vec<_> = [("Sisa pokok", view.outstanding.to_rupiah_text())]
        .into_iter()
        .chain(due)
        .chain([
            ("Nomor", view.loan_no.to_string()),
            ("Bukti", proof(view.verified, view.complete, || reader.when(view.as_of))),
        ])
        .collect();
    format!("{}\n{}", view.product, table(&rows))
}

/// Whether the figure is proven, and for one that is not, from when it is.
fn proof(verified: bool, complete: bool, as_of: impl FnOnce() -> String) -> String {
    match (verified, complete) {
        (true, true) => "terbukti asli, lengkap sejak catatan pertama".to_owned(),
        (true, false) => "terbukti asli, catatan lama belum diambil".to_owned(),
        (false, _) => format!("BELUM TERBUKTI; angka ini per {}", as_of()),
    }
}

pub(crate) fn transactions(page: &PageView<SavingsEntryView>) -> String {
    passbook(page, |entry| {
        let rows = [("Jumlah", signed(entry.amount)), ("Saldo", entry.balance.to_rupiah_text())];
        let line = Line {
            seq: entry.seq,
            posted_on: entry.posted_on,
            kind: savings_kind(entry.kind),
            words: [&entry.description, &entry.reference],
            reverses: entry.reverses,
        };
        (entry.seq, line.with(&rows))
    })
}

pub(crate) fn loan_transactions(page: &PageView<LoanEntryView>) -> String {
    passbook(page, |entry| {
        let amounts = [("Pokok", entry.principal), ("Jasa", entry.interest), ("Denda", entry.late_charge)];
        let moved = amounts.into_iter().filter(|(_, sum)| !sum.is_zero()).map(|(label, sum)| (label, signed(sum)));
        let rows: Vec<_> = moved.chain([("Sisa pokok", entry.outstanding.to_rupiah_text())]).collect();
        let line = Line {
            seq: entry.seq,
            posted_on: entry.posted_on,
            kind: loan_kind(entry.kind),
            words: [&entry.description, &entry.reference],
            reverses: entry.reverses,
        };
        (entry.seq, line.with(&rows))
    })
}

fn passbook<E>(page: &PageView<E>, entry: impl Fn(&E) -> (u32, String)) -> String {
    let entries: Vec<(u32, String)> = page.entries.iter().map(entry).collect();
    let Some(&(last, _)) = entries.last() else {
        return format!("Tidak ada catatan pada {}.", page.account_no);
    };
    let mut parts = vec![format!("CATATAN {}, yang terbaru di atas", page.account_no)];
    parts.extend(entries.into_iter().map(|(_, text)| text));
    if page.more {
        parts.push(format!("Masih ada catatan yang lebih lama; tambahkan: --before {last}"));
    }
    joined(&parts)
}

/// What an entry of either passbook has.
struct Line<'a> {
    seq: u32,
    posted_on: CivilDate,
    kind: &'static str,
    /// Description and reference.
    words: [&'a str; 2],
    reverses: Option<u32>,
}

impl Line<'_> {
    fn with(&self, rows: &[(&str, String)]) -> String {
        let mut text = format!("{}  {}  (catatan {})\n{}", day(self.posted_on), self.kind, self.seq, table(rows));
        if let Some(earlier) = self.reverses {
            text.push_str(&format!("  membatalkan catatan {earlier}\n"));
        }
        match self.words {
            ["", ""] => {}
            ["", reference] => text.push_str(&format!("  bukti {reference}\n")),
            [description, ""] => text.push_str(&format!("  {description}\n")),
            [description, reference] => text.push_str(&format!("  {description} (bukti {reference})\n")),
        }
        text
    }
}

fn savings_kind(kind: SavingsKind) -> &'static str {
    match kind {
        SavingsKind::Deposit => "Setoran",
        SavingsKind::Withdrawal => "Penarikan",
        SavingsKind::Interest => "Jasa simpanan",
        SavingsKind::Tax => "Pajak",
        SavingsKind::Fee => "Biaya",
        SavingsKind::TransferIn => "Pindahan masuk",
        SavingsKind::TransferOut => "Pindahan keluar",
        SavingsKind::Reversal => "Pembatalan",
    }
}

fn loan_kind(kind: LoanKind) -> &'static str {
    match kind {
        LoanKind::Disbursement => "Pencairan",
        LoanKind::Repayment => "Angsuran",
        LoanKind::LateCharge => "Denda",
        LoanKind::Waiver => "Keringanan",
        LoanKind::Reversal => "Pembatalan",
    }
}

/// With its sign said either way: what came and what went.
fn signed(amount: Money) -> String {
    let plus = if amount.is_negative() { "" } else { "+" };
    format!("{plus}{}", amount.to_rupiah_text())
}

pub(crate) fn verification(view: &VerifyView) -> String {
    let mut parts: Vec<String> = view.accounts.iter().map(verified_account).collect();
    parts.push(match (view.ok, view.accounts.is_empty()) {
        (true, false) => "SEMUA COCOK: setiap catatan terhubung dengan tanda tangan koperasi.".to_owned(),
        (true, true) => "Belum ada catatan di perangkat ini. Jalankan: anggota sync".to_owned(),
        (false, _) => "TIDAK COCOK: jalankan anggota sync, lalu hubungi kantor koperasi.".to_owned(),
    });
    parts.join("\n")
}

fn verified_account(view: &VerifiedAccountView) -> String {
    let kind = match view.kind {
        LedgerKind::Savings => "Simpanan",
        LedgerKind::Loan => "Pinjaman",
    };
    let found = match (view.ok, view.first_bad_seq) {
        (true, _) => "cocok".to_owned(),
        (false, Some(seq)) => format!("TIDAK COCOK mulai catatan {seq}"),
        (false, None) => "TIDAK COCOK".to_owned(),
    };
    format!("{kind} {}: {} catatan, {found}.", view.account_no, grouped(view.entries))
}

/// Parts with a free line between them.
fn joined(parts: &[String]) -> String {
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}
