//! Canaries: values that occur nowhere else, set into books, papers and keys, and looked for where they must not be.
//!
//! Each is looked for as it is, in hex, in base64 and base64url at all three alignments, and as a list of numbers, which is
//! how a careless log prints bytes.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

/// What kind of thing a canary stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A member's name.
    Name,
    /// A member's number.
    Member,
    /// The number of an account or loan.
    Account,
    /// An amount, a balance.
    Amount,
    /// What entries, requests and decisions say.
    Words,
    /// Telephone, address, day of birth.
    Personal,
    /// An activation code.
    Code,
    /// An access or refresh token.
    Token,
    /// A private or secret key.
    Key,
}

/// One value in one of its spellings.
#[derive(Debug, Clone)]
pub struct Canary {
    /// What it stands for.
    pub kind: Kind,
    /// As it is.
    pub bytes: Vec<u8>,
    forms: Vec<Vec<u8>>,
}

impl Canary {
    /// A value of at least 6 bytes: shorter ones occur by chance.
    pub fn new(kind: Kind, value: impl Into<Vec<u8>>) -> Self {
        let bytes = value.into();
        assert!(bytes.len() >= 6, "a canary that is too short");
        let mut forms = vec![bytes.clone(), HEXLOWER.encode(&bytes).into(), HEXUPPER.encode(&bytes).into()];
        for shift in 0..3 {
            for base in [&BASE64_NOPAD, &BASE64URL_NOPAD] {
                let encoded = base.encode(&[&[0; 2][..shift], &bytes].concat());
                // The characters that the canary alone decides.
                let sure = (8 * shift).div_ceil(6)..8 * (shift + bytes.len()) / 6;
                forms.push(encoded.as_bytes()[sure].to_vec());
            }
        }
        forms.push(bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ").into());
        Self { kind, bytes, forms }
    }
}

/// Many canaries, looked for together.
#[derive(Debug, Clone, Default)]
pub struct Aviary(Vec<Canary>);

impl Aviary {
    /// Adds one.
    pub fn add(&mut self, kind: Kind, value: impl Into<Vec<u8>>) {
        self.0.push(Canary::new(kind, value));
    }

    /// All of them.
    pub fn all(&self) -> &[Canary] {
        &self.0
    }

    /// Which are found, and how they are spelt there.
    pub fn found_in(&self, hay: &[u8]) -> Vec<(Kind, String)> {
        // One character for each byte, so that the library's own search serves.
        let text: String = hay.iter().copied().map(char::from).collect();
        let spelt = |form: &Vec<u8>| form.iter().copied().map(char::from).collect::<String>();
        let found = |canary: &Canary| {
            let form = canary.forms.iter().map(spelt).find(|form| text.contains(form.as_str()));
            form.map(|form| (canary.kind, form))
        };
        self.0.iter().filter_map(found).collect()
    }

    /// Nothing is found but what is allowed.
    #[track_caller]
    pub fn assert_only(&self, allowed: &[Kind], hay: &[u8], what: &str) {
        let mut found = self.found_in(hay);
        found.retain(|(kind, _)| !allowed.contains(kind));
        assert!(found.is_empty(), "{what} says {found:?}:\n{}", String::from_utf8_lossy(hay));
    }

    /// The kinds of canaries there are.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.0.iter().map(|canary| canary.kind).collect()
    }
}

/// Randomness for canaries: new ones each time a test runs.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).unwrap();
    bytes
}

/// A random word of small letters.
pub fn word(length: usize) -> String {
    random::<32>().iter().take(length).map(|byte| char::from(b'a' + byte % 26)).collect()
}

/// A random number of that many digits, the first and last not 0.
pub fn digits(length: usize) -> String {
    let digit = |(place, byte): (usize, &u8)| match place {
        0 => char::from(b'1' + byte % 9),
        last if last + 1 == length => char::from(b'1' + byte % 9),
        _ => char::from(b'0' + byte % 10),
    };
    random::<32>().iter().take(length).enumerate().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_found_in_every_spelling_wherever_it_stands() {
        let mut aviary = Aviary::default();
        let value = random::<11>();
        aviary.add(Kind::Key, value);
        for before in 0..7 {
            let hidden = [&random::<7>()[..before], &value, &random::<5>()].concat();
            let base64 = [BASE64_NOPAD.encode(&hidden), BASE64URL_NOPAD.encode(&hidden)];
            let hex = [HEXLOWER.encode(&hidden), HEXUPPER.encode(&hidden)];
            for text in base64.iter().chain(&hex) {
                assert_eq!(aviary.found_in(format!("<{text}>").as_bytes()).len(), 1, "{before} bytes before: {text}");
            }
            assert_eq!(aviary.found_in(&hidden).len(), 1);
            assert_eq!(aviary.found_in(format!("{hidden:?}").as_bytes()).len(), 1);
        }
        assert!(aviary.found_in(&BASE64_NOPAD.encode(&random::<200>()).into_bytes()).is_empty());
    }
}
