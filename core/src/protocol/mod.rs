//! What phone and server say to each other: every byte that is hashed, signed or sent (docs/protocol.md).
//!
//! Pure: never does I/O, never reads a clock, knows nothing of SQL or of an HTTP library.

// `sentence!`: the Indonesian sentences of the tables below, by their names, from core/locales/id (core/build.rs).
include!(concat!(env!("OUT_DIR"), "/sentences.rs"));

pub(crate) mod backing;
pub mod chain;
pub mod checkpoint;
mod codec;
pub mod dpop;
pub mod enrolment;
pub mod frame;
pub mod head;
pub mod merkle;
pub mod operation;
pub mod problem;
pub mod pull;
pub mod rule;
pub mod succession;
pub mod upload;

pub use crate::cose::sha256;
pub use codec::WireFault;

/// A SHA-256.
pub type Hash = [u8; 32];

/// The protocol versions this build speaks, for the header [`VERSION_HEADER`].
pub const VERSIONS: std::ops::RangeInclusive<u16> = 1..=1;

/// Carries `min-max` of the phone's versions on every request.
pub const VERSION_HEADER: &str = "Anggota-Protocol";

/// The media type of every CBOR body.
pub const CBOR: &str = "application/cbor";

/// The media type of a pull's stream of frames.
pub const STREAM: &str = "application/vnd.anggota.pull+zstd";

/// The header's value for this build.
pub fn version_header() -> String {
    format!("{}-{}", VERSIONS.start(), VERSIONS.end())
}

/// The highest version both sides speak, from a phone's header; `None` asks for an update (of either side).
pub fn common_version(header: &str) -> Option<u16> {
    common(&VERSIONS, header)
}

fn common(ours: &std::ops::RangeInclusive<u16>, header: &str) -> Option<u16> {
    let (min, max) = header.trim().split_once('-')?;
    let (min, max): (u16, u16) = (min.parse().ok()?, max.parse().ok()?);
    let common = max.min(*ours.end());
    (min <= max && common >= min && common >= *ours.start()).then_some(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_common_version_is_spoken() {
        assert_eq!(common_version("1-1"), Some(1));
        assert_eq!(common_version("1-9"), Some(1));
        for other in ["2-3", "0-0", "1", "", "3-1", "a-b", "-1"] {
            assert_eq!(common_version(other), None, "{other}");
        }
    }

    #[test]
    fn a_later_build_speaks_with_every_phone_that_has_one_of_its_versions() {
        let later = 2..=3;
        for (phone, spoken) in
            [("1-1", None), ("1-2", Some(2)), ("2-2", Some(2)), ("1-9", Some(3)), ("3-9", Some(3)), ("4-9", None)]
        {
            assert_eq!(common(&later, phone), spoken, "{phone}");
        }
    }
}
