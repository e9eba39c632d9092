//! Loans that are reckoned, in words: what they cost, when to pay, what is paid.

use anggota::client::LoanScheduleView;
use anggota::domain::loan::{Instalment, InstalmentProgress, InstalmentState, Schedule};
use rust_decimal::Decimal;

use super::table;
use super::time::{Reader, day};
use crate::simulate::Simulation;

pub(crate) fn simulation(simulation: &Simulation) -> String {
    let mut parts = vec![cost(&simulation.schedule, simulation.effective_yearly_rate)];
    parts.extend(simulation.schedule.instalments().iter().map(|row| instalment(row, None)));
    if let Some(pay_off) = &simulation.pay_off {
        let rows = [
            ("Sisa pokok", pay_off.outstanding.to_rupiah_text()),
            ("Jasa berjalan", pay_off.interest.to_rupiah_text()),
            ("Dibayar", pay_off.amount.to_rupiah_text()),
        ];
        parts.push(format!("Pelunasan pada {}\n{}", day(pay_off.on), table(&rows)));
    }
    if let Some(late) = &simulation.late_payment {
        let rows = [
            ("Jatuh tempo", day(late.due_on)),
            ("Terlambat", format!("{} hari", late.days)),
            ("Angsuran", late.instalment.to_rupiah_text()),
            ("Denda", late.late_charge.to_rupiah_text()),
            ("Dibayar", late.amount.to_rupiah_text()),
        ];
        parts.push(format!("Bila angsuran ke-{} dibayar pada {}\n{}", late.number, day(late.paid_on), table(&rows)));
    }
    joined(&parts)
}

pub(crate) fn loan_schedule(view: &LoanScheduleView, reader: &Reader) -> String {
    let heading = format!("{}, nomor {}", view.product, view.loan_no);
    let mut parts = vec![heading, cost(&view.schedule, view.effective_yearly_rate)];
    match &view.progress {
        Some(progress) => {
            if let Some(due) = progress.next_due {
                let rows = [
                    ("Tanggal", day(due.date)),
                    ("Angsuran", due.amount.to_rupiah_text()),
                    ("Terlambat", progress.late.to_rupiah_text()),
                    ("Denda", progress.late_charge.to_rupiah_text()),
                ];
                let shown = if progress.late.is_zero() && progress.late_charge.is_zero() { &rows[..2] } else { &rows };
                parts.push(format!("Pembayaran berikutnya\n{}", table(shown)));
            }
            parts.extend(progress.instalments.iter().map(|row| instalment(&row.instalment, Some(row))));
        }
        None => {
            parts.push("Belum semua catatan pinjaman ini terbukti di perangkat ini; jalankan: anggota sync".to_owned());
            parts.extend(view.schedule.instalments().iter().map(|row| instalment(row, None)));
        }
    }
    parts.push(format!("Angka per {}.", reader.when(view.as_of)));
    joined(&parts)
}

fn cost(schedule: &Schedule, effective: Decimal) -> String {
    let plan = schedule.plan();
    let nominal = Decimal::new(plan.rate_per_period().times_twelve(), 8);
    let rows = [
        ("Pinjaman", plan.principal().to_rupiah_text()),
        ("Lama", format!("{} bulan", plan.periods())),
        ("Angsuran tertinggi", schedule.largest_instalment().to_rupiah_text()),
        ("Jumlah jasa", schedule.total_interest().to_rupiah_text()),
        ("Jumlah dibayar", schedule.total().to_rupiah_text()),
        ("Jasa setahun", percent(nominal)),
        ("Jasa efektif setahun", percent(effective)),
    ];
    table(&rows)
}

fn instalment(row: &Instalment, progress: Option<&InstalmentProgress>) -> String {
    let due = row.due_on.map(|due| format!("  {}", day(due))).unwrap_or_default();
    let state = progress.map(|progress| format!("  {}", state(progress))).unwrap_or_default();
    let rows = [
        ("Angsuran", row.total.to_rupiah_text()),
        ("Pokok", row.principal.to_rupiah_text()),
        ("Jasa", row.interest.to_rupiah_text()),
        ("Sisa pokok", row.outstanding.to_rupiah_text()),
    ];
    format!("Angsuran ke-{}{due}{state}\n{}", row.number, table(&rows))
}

fn state(progress: &InstalmentProgress) -> String {
    match (progress.state, progress.paid_on) {
        (InstalmentState::Paid, Some(on)) => format!("lunas {}", day(on)),
        (InstalmentState::Paid, None) => "lunas".to_owned(),
        (InstalmentState::Late, _) => {
            format!("TERLAMBAT {} hari, kurang {}", progress.days_late, progress.owed.to_rupiah_text())
        }
        (InstalmentState::Due, _) if progress.owed < progress.instalment.total => {
            format!("berikutnya, kurang {}", progress.owed.to_rupiah_text())
        }
        (InstalmentState::Due, _) => "berikutnya".to_owned(),
        (InstalmentState::Upcoming, _) => "belum jatuh tempo".to_owned(),
    }
}

/// `41,70%`.
fn percent(fraction: Decimal) -> String {
    let percent = (fraction * Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    format!("{}%", percent.normalize().to_string().replace('.', ","))
}

/// Parts with a free line between them.
fn joined(parts: &[String]) -> String {
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_said_in_percent_with_a_comma() {
        for (fraction, said) in [("0.417031", "41,7%"), ("0.24", "24%"), ("0.1805", "18,05%"), ("0", "0%")] {
            assert_eq!(percent(fraction.parse().unwrap()), said);
        }
    }
}
