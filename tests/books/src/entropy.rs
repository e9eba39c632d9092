//! How much there is to say in the text of the books, so that measurements on them can be compared.

/// Counts of byte values.
pub(crate) struct Histogram([u64; 256]);

impl Default for Histogram {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Histogram {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.0[usize::from(b)] += 1);
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Shannon entropy of one byte on its own, in bits; 0 for no bytes.
    pub(crate) fn entropy(&self) -> f64 {
        let total = self.bytes() as f64;
        let part = |&count: &u64| {
            let p = count as f64 / total;
            -p * p.log2()
        };
        self.0.iter().filter(|&&count| count > 0).map(part).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Histogram;

    #[test]
    fn entropy_of_four_equal_bytes_is_two_bits() {
        let mut counts = Histogram::default();
        counts.add(b"abcdabcd");
        assert_eq!((counts.bytes(), counts.entropy()), (8, 2.0));
    }
}
