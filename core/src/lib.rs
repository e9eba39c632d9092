//! Anggota: a member's savings and loans, kept on the phone and proven against the cooperative's signed ledger.
