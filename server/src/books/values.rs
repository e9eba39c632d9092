//! What a cell may hold: the domain's own rules, said in Indonesian to the officer who has to correct the cell, and how
//! the value stands in the database.

use anggota::domain::{
    AccountNo, AccountStatus, CivilDate, CooperativeId, Description, LoanKind, LoanMethod, LoanStatus, MemberNo,
    MemberStatus, Money, Name, ProductCode, Rate, Reference, SavingsKind, SavingsType, TimeZone,
};
use rusqlite::types::Value as Sql;

/// A value that is read from a cell.
pub(crate) trait Value: Sized {
    /// Reads a cell that is not empty; the error is the rule that it breaks.
    fn read(cell: &str) -> Result<Self, &'static str>;
}

/// A value that a column of the database holds.
pub(crate) trait Stored: Value {
    /// As it is stored.
    fn stored(&self) -> Sql;
    /// What is stored, as the books would write it.
    fn shown(stored: &Sql) -> String;
}

macro_rules! values {
    ($($type:ty: $rule:literal;)+) => {$(
        impl Value for $type {
            fn read(cell: &str) -> Result<Self, &'static str> {
                cell.parse().map_err(|_| $rule)
            }
        }
    )+};
}

values! {
    CooperativeId: "id koperasi terdiri atas 1 sampai 16 huruf a-z, angka, atau tanda hubung";
    MemberNo: "nomor anggota terdiri atas 1 sampai 32 karakter tanpa spasi di ujungnya";
    AccountNo: "nomor terdiri atas 1 sampai 32 huruf A-Z a-z, angka, titik, atau tanda hubung";
    ProductCode: "kode produk terdiri atas 1 sampai 32 karakter tanpa spasi di ujungnya";
    Name: "nama terdiri atas 1 sampai 100 karakter tanpa spasi di ujungnya";
    Description: "keterangan paling panjang 200 karakter, tanpa ganti baris";
    Reference: "rujukan paling panjang 100 karakter, tanpa ganti baris";
    TimeZone: "zona waktu harus WIB, WITA, atau WIT";
    CivilDate: "tanggal ditulis TTTT-BB-HH, ada di kalender, antara 1900 dan 2199";
    Money: "jumlah ditulis dengan angka, paling banyak 15 digit dan 2 desimal sesudah titik, misalnya 1500000 atau -12.50";
    Rate: "suku bunga ditulis sebagai pecahan dari 0 sampai 10, paling banyak 8 desimal, misalnya 0.02 untuk 2%";
    MemberStatus: "status anggota harus active, candidate, suspended, atau left";
    AccountStatus: "status rekening harus open atau closed";
    LoanStatus: "status pinjaman harus active, paid, atau written_off";
    SavingsType: "jenis simpanan harus pokok, wajib, sukarela, atau berjangka";
    LoanMethod: "metode harus flat, menurun, anuitas, atau harian";
}

impl Value for SavingsKind {
    fn read(cell: &str) -> Result<Self, &'static str> {
        Self::from_word(cell)
            .ok_or("jenis harus deposit, interest, transfer_in, withdrawal, tax, transfer_out, fee, atau reversal")
    }
}

impl Value for LoanKind {
    fn read(cell: &str) -> Result<Self, &'static str> {
        Self::from_word(cell).ok_or("jenis harus disbursement, repayment, late_charge, waiver, atau reversal")
    }
}

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count<const MIN: u32, const MAX: u32>(pub(crate) u32);

impl<const MIN: u32, const MAX: u32> Value for Count<MIN, MAX> {
    fn read(cell: &str) -> Result<Self, &'static str> {
        let is_number = (1..=10).contains(&cell.len()) && cell.bytes().all(|b| b.is_ascii_digit());
        let number = cell.parse().ok().filter(|number| is_number && (MIN..=MAX).contains(number));
        number.map(Self).ok_or(match (MIN, MAX) {
            (0, 9_999) => "harus bilangan bulat dari 0 sampai 9999",
            (1, 9_999) => "harus bilangan bulat dari 1 sampai 9999",
            (1, _) => "harus bilangan bulat dari 1",
            _ => "harus bilangan bulat yang tidak terlalu besar",
        })
    }
}

/// The most characters of a text without a rule of its own.
const MAX_TEXT: usize = 500;

/// Free text of one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text(String);

impl Text {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for Text {
    fn read(cell: &str) -> Result<Self, &'static str> {
        if cell.chars().count() > MAX_TEXT || cell.chars().any(char::is_control) {
            return Err("teks paling panjang 500 karakter, tanpa ganti baris");
        }
        Ok(Self(cell.into()))
    }
}

/// A word of a short list that only the database keeps.
pub(crate) trait Words {
    const ALL: &'static [&'static str];
    const RULE: &'static str;
}

/// One of the words of `W`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice<W>(&'static str, std::marker::PhantomData<W>);

impl<W: Words> Choice<W> {
    /// The first word, which stands for an empty cell.
    pub(crate) fn first() -> Self {
        Self(W::ALL[0], std::marker::PhantomData)
    }
}

impl<W: Words> Value for Choice<W> {
    fn read(cell: &str) -> Result<Self, &'static str> {
        let word = W::ALL.iter().find(|word| **word == cell).ok_or(W::RULE)?;
        Ok(Self(word, std::marker::PhantomData))
    }
}

macro_rules! choices {
    ($($name:ident: $rule:literal, [$($word:literal),+];)+) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) struct $name;
        impl Words for $name {
            const ALL: &'static [&'static str] = &[$($word),+];
            const RULE: &'static str = $rule;
        }
    )+};
}

choices! {
    Language: "bahasa harus id, jv, atau en", ["", "id", "jv", "en"];
    RoundingMode: "cara membulatkan harus nearest, up, atau down", ["nearest", "up", "down"];
    RoundingPlace: "yang dibulatkan harus component atau instalment", ["component", "instalment"];
    DayCount: "hitungan hari harus 30/360 atau actual/365", ["30/360", "actual/365"];
}

/// A number in the database, another text in the books.
macro_rules! numbers {
    ($($type:ty: $value:ident => $number:expr, $stored:ident => $text:expr;)+) => {$(
        impl Stored for $type {
            fn stored(&self) -> Sql {
                let $value = self;
                Sql::Integer(i64::from($number))
            }
            fn shown(stored: &Sql) -> String {
                match stored {
                    Sql::Integer($stored) => { let $stored = *$stored; $text.unwrap_or_default() }
                    _ => String::new(),
                }
            }
        }
    )+};
}

macro_rules! texts {
    ($([$($parameter:tt)*] $type:ty: $value:ident => $text:expr;)+) => {$(
        impl<$($parameter)*> Stored for $type {
            fn stored(&self) -> Sql {
                let $value = self;
                Sql::Text($text.to_owned())
            }
            fn shown(stored: &Sql) -> String {
                match stored {
                    Sql::Text(text) => text.clone(),
                    _ => String::new(),
                }
            }
        }
    )+};
}

/// The word of a number that may come from a damaged database.
fn word<T>(number: i64, of: fn(u8) -> Option<T>, word: fn(T) -> &'static str) -> Option<String> {
    u8::try_from(number).ok().and_then(of).map(|value| word(value).to_owned())
}

numbers! {
    CivilDate: v => v.days(), n => i32::try_from(n).ok().and_then(|n| CivilDate::from_days(n).ok()).map(|d| d.to_string());
    Money: v => v.sen(), n => Money::from_sen(n).ok().map(|m| m.to_string());
    Rate: v => v.e8(), n => Rate::from_e8(n).ok().map(|r| r.to_string());
    MemberStatus: v => *v as u8, n => word(n, MemberStatus::from_number, MemberStatus::as_str);
    AccountStatus: v => *v as u8, n => word(n, AccountStatus::from_number, AccountStatus::as_str);
    LoanStatus: v => *v as u8, n => word(n, LoanStatus::from_number, LoanStatus::as_str);
    SavingsType: v => *v as u8, n => word(n, SavingsType::from_number, SavingsType::as_str);
    LoanMethod: v => *v as u8, n => word(n, LoanMethod::from_number, LoanMethod::as_str);
}

impl<const MIN: u32, const MAX: u32> Stored for Count<MIN, MAX> {
    fn stored(&self) -> Sql {
        Sql::Integer(i64::from(self.0))
    }
    fn shown(stored: &Sql) -> String {
        match stored {
            Sql::Integer(number) => number.to_string(),
            _ => String::new(),
        }
    }
}

texts! {
    [] Name: v => v.as_str();
    [] ProductCode: v => v.as_str();
    [] MemberNo: v => v.as_str();
    [] AccountNo: v => v.as_str();
    [] CooperativeId: v => v.as_str();
    [] TimeZone: v => v.as_str();
    [] Text: v => v.0;
    [W: Words] Choice<W>: v => v.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<V: Stored>(cell: &str) {
        let value = V::read(cell).unwrap_or_else(|rule| panic!("{cell}: {rule}"));
        assert_eq!(V::shown(&value.stored()), cell);
    }

    #[test]
    fn what_is_stored_is_shown_as_the_books_write_it() {
        round_trip::<CivilDate>("2026-02-28");
        round_trip::<Money>("-12.50");
        round_trip::<Rate>("0.015");
        round_trip::<MemberStatus>("suspended");
        round_trip::<AccountStatus>("closed");
        round_trip::<LoanStatus>("written_off");
        round_trip::<SavingsType>("berjangka");
        round_trip::<LoanMethod>("harian");
        round_trip::<Count<1, 9_999>>("12");
        round_trip::<Text>("Tembalang");
        round_trip::<TimeZone>("WITA");
        round_trip::<Choice<DayCount>>("actual/365");
        assert_eq!(Money::shown(&Sql::Null), "");
    }

    #[test]
    fn a_count_is_digits_within_its_bounds() {
        assert_eq!(Count::<1, 9_999>::read("9999"), Ok(Count(9999)));
        for bad in ["", "0", "-1", "+1", "1.0", "10000", "99999999999", " 1"] {
            assert!(Count::<1, 9_999>::read(bad).is_err(), "{bad}");
        }
        assert_eq!(Count::<0, 9_999>::read("0"), Ok(Count(0)));
    }

    #[test]
    fn free_text_has_one_line_and_an_end() {
        assert!(Text::read(&"é".repeat(500)).is_ok());
        assert!(Text::read(&"é".repeat(501)).is_err());
        assert!(Text::read("a\nb").is_err());
    }

    #[test]
    fn only_listed_words_are_a_choice() {
        assert!(Choice::<RoundingMode>::read("up").is_ok());
        assert!(Choice::<RoundingMode>::read("Up").is_err());
        assert_eq!(Choice::<RoundingMode>::first().stored(), Sql::Text("nearest".into()));
        assert_eq!(Choice::<Language>::first().stored(), Sql::Text(String::new()));
    }
}
