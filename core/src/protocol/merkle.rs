//! The tree hash of RFC 9162 section 2.1.1 over the heads of a member: what a checkpoint signs.

use super::{Hash, sha256};

/// The root over `leaves` in their order; of none, SHA-256 of nothing.
pub fn root<T: AsRef<[u8]>>(leaves: &[T]) -> Hash {
    match leaves {
        [] => sha256(&[]),
        [leaf] => prefixed(0x00, &[leaf.as_ref()]),
        _ => {
            // The largest power of two below the count.
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            prefixed(0x01, &[&root(left), &root(right)])
        }
    }
}

fn prefixed(prefix: u8, parts: &[&[u8]]) -> Hash {
    let mut bytes = vec![prefix];
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    sha256(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(hash: Hash) -> String {
        data_encoding::HEXLOWER.encode(&hash)
    }

    /// The test tree of the Certificate Transparency project (its leaves and roots for sizes 0, 1, 2, 3 and 8).
    #[test]
    fn the_roots_are_those_of_certificate_transparency() {
        let leaves: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        for (size, expected) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ] {
            assert_eq!(hex(root(&leaves[..size])), expected, "{size} leaves");
        }
    }
}
