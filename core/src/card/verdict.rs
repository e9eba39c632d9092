//! What a cashier is told: green, amber or red, why, and whose card it is.
//!
//! The names of results and reasons are a contract that scripts rely on; the sentences are for people. Who the bearer is, is
//! said only when both signatures verified.

use std::fmt;

use super::text::{CardName, MemberClass, Sectors};
use crate::domain::CooperativeId;

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident $code:literal $sentence:literal;)*) => {
        /// Why a card is not green.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
        }

        impl Reason {
            /// All of them, in the order in which a card is examined.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable name, in snake_case.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What the cashier reads when the card is red, in Indonesian.
            fn refusal(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

reasons! {
    /// Not a whole presentation in the one form that is read.
    Malformed "malformed"
        "Kode ini bukan kartu anggota yang utuh. Minta anggota menampilkan kartunya lagi.";
    /// The trust list does not know the cooperative.
    UnknownIssuer "unknown_issuer"
        "Koperasi penerbit kartu ini tidak dikenal. Perbarui daftar kepercayaan, lalu pindai lagi.";
    /// The trust list has no card key of that generation for the card's time.
    UnknownKey "unknown_key"
        "Kunci penerbit kartu ini tidak dikenal. Perbarui daftar kepercayaan, lalu pindai lagi.";
    /// The key that signed the card or the status list was lost.
    KeyRevoked "key_revoked"
        "Kunci penerbit kartu ini sudah dicabut. Jangan terima kartu ini; arahkan anggota ke koperasinya.";
    /// The cooperative's or the phone's signature does not verify.
    BadSignature "bad_signature"
        "Tanda tangan kartu ini tidak cocok. Jangan terima kartu ini.";
    /// The card's 90 days are over.
    Expired "expired"
        "Masa berlaku kartu ini sudah habis. Minta anggota membuka aplikasinya dengan internet agar kartunya diperbarui.";
    /// Meant for another use or another verifier.
    WrongAudience "wrong_audience"
        "Kode ini dibuat untuk keperluan lain. Minta anggota menampilkan kode yang sesuai.";
    /// The wrong one of the phone's two keys.
    WrongKey "wrong_key"
        "Kode ini dibuat dengan kunci yang salah untuk keperluan ini. Minta anggota mengulang dari aplikasinya.";
    /// The answer to another question.
    WrongNonce "wrong_nonce"
        "Kode ini menjawab permintaan lain. Buat permintaan baru, lalu pindai lagi.";
    /// Another amount or reference than was asked for.
    WrongAmount "wrong_amount"
        "Jumlah yang disetujui anggota berbeda dari permintaan. Buat permintaan baru.";
    /// Signed too long ago, or in the future.
    BadTime "bad_time"
        "Kode ini sudah lewat waktunya, atau jamnya tidak cocok. Minta kode baru langsung dari aplikasi, bukan tangkapan layar.";
    /// Accepted before.
    Replayed "replayed"
        "Kode ini sudah pernah dipakai. Minta anggota menampilkan kode baru langsung dari aplikasinya.";
    /// Withdrawn for ever.
    Revoked "revoked"
        "Kartu ini sudah dicabut oleh koperasi. Jangan terima kartu ini.";
    /// Not good for now.
    Suspended "suspended"
        "Kartu ini sedang ditangguhkan oleh koperasi. Jangan terima; arahkan anggota ke koperasinya.";
    /// Good to be shown, not to buy with.
    Limited "limited"
        "Kartu ini dibatasi oleh koperasi dan tidak dapat dipakai untuk belanja.";
    /// The status list is old, absent, or does not reach to this card.
    StatusStale "status_stale"
        "Daftar status di sini belum memuat keadaan kartu ini. Perbarui daftar status, lalu pindai lagi.";
    /// The trust list has expired.
    TrustStale "trust_stale"
        "Daftar kepercayaan di sini sudah kedaluwarsa. Perbarui daftar itu, lalu pindai lagi.";
    /// The phone's clock is off by some minutes.
    ClockOff "clock_off"
        "Jam ponsel anggota tidak tepat. Minta anggota menyetel jamnya, lalu mengulang.";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Good.
    Green,
    /// Good, with something to look at.
    Amber(Reason),
    /// Not to be accepted.
    Red(Reason),
}

impl Outcome {
    /// The stable name: green, amber or red.
    pub fn result(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber(_) => "amber",
            Self::Red(_) => "red",
        }
    }

    /// Why it is not green.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Green => None,
            Self::Amber(reason) | Self::Red(reason) => Some(reason),
        }
    }

    /// Whether the card may be accepted.
    pub fn is_accepted(self) -> bool {
        !matches!(self, Self::Red(_))
    }

    /// What the cashier reads, in Indonesian: what is the matter and what to do.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Green => "Kartu sah.",
            Self::Amber(Reason::Limited) => {
                "Kartu sah, tetapi dibatasi oleh koperasi. Layani hanya yang tidak memakai uang."
            }
            Self::Amber(Reason::StatusStale) => {
                "Kartu sah, tetapi daftar status di sini sudah lama. Cocokkan orangnya, dan perbarui daftar status."
            }
            Self::Amber(Reason::TrustStale) => {
                "Kartu sah, tetapi daftar kepercayaan di sini sudah kedaluwarsa. Cocokkan orangnya, dan perbarui daftar itu."
            }
            Self::Amber(Reason::ClockOff) => {
                "Kartu sah, tetapi jam ponsel anggota tidak tepat. Cocokkan orangnya, dan minta anggota menyetel jamnya."
            }
            Self::Amber(reason) | Self::Red(reason) => reason.refusal(),
        }
    }
}

/// Whose card it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The cooperative's id.
    pub issuer: CooperativeId,
    /// The cooperative's name, from the trust list.
    pub cooperative: String,
    /// The name on the card, if it has one.
    pub name: Option<CardName>,
    /// The membership class.
    pub class: MemberClass,
    /// What the member works in.
    pub sectors: Sectors,
}

/// The answer to one scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How it went.
    pub outcome: Outcome,
    /// Whose card it is, once both signatures verified.
    pub bearer: Option<Bearer>,
    /// Whether an open challenge is used up by this scan: it was answered, whatever the status then said.
    pub answers_challenge: bool,
}

impl Verdict {
    pub(super) fn red(reason: Reason, bearer: Option<Bearer>) -> Self {
        Self { outcome: Outcome::Red(reason), bearer, answers_challenge: false }
    }
}
