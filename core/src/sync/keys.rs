//! The checkpoint keys that a pull believes: those believed before it, and their successors by their own word.

use super::step::Fault;
use crate::cose::PublicKey;
use crate::domain::{CooperativeId, Timestamp};
use crate::protocol::checkpoint::StatementFault;
use crate::protocol::succession::{MAX_SUCCESSIONS, Succession};

pub(super) struct Keys<K> {
    key_of: K,
    /// Whether a key hands over to the next by its own statement, as a pinned one does.
    is_pinning: bool,
    successors: Vec<(u8, PublicKey)>,
    /// How many statements of successors came.
    handed_over: usize,
}

impl<K: Fn(u8, Timestamp) -> Option<PublicKey>> Keys<K> {
    /// `key_of` gives the key of a number at a time that was believed before.
    pub(super) fn new(key_of: K) -> Self {
        Self { key_of, is_pinning: false, successors: Vec::new(), handed_over: 0 }
    }

    /// Believes the successor of a key that it believes.
    pub(super) fn pinning(self) -> Self {
        Self { is_pinning: true, ..self }
    }

    /// Those that were handed over to in this answer.
    pub(super) fn successors(&self) -> &[(u8, PublicKey)] {
        &self.successors
    }

    /// The key of that number: one that was believed before, or one that such a key handed over to in this answer.
    pub(super) fn get(&self, kid: u8, at: Timestamp) -> Option<PublicKey> {
        let succeeded = || self.successors.iter().find(|(number, _)| *number == kid).map(|(_, key)| *key);
        (self.key_of)(kid, at).or_else(succeeded)
    }

    /// Takes a key's successor. One by a key that this phone never believed says nothing to it.
    pub(super) fn succeed(&mut self, bytes: &[u8], cooperative: &CooperativeId) -> Result<(), Fault> {
        if !self.is_pinning {
            return Ok(());
        }
        self.handed_over += 1;
        if self.handed_over > MAX_SUCCESSIONS {
            return Err(Fault::Disorder);
        }
        let succession = match Succession::verify(bytes, |kid, at| self.get(kid, at)) {
            Err(StatementFault::UnknownKey) => return Ok(()),
            verified => verified?,
        };
        let known = self.get(succession.kid, succession.at);
        let is_another = known.is_some_and(|known| known != succession.key);
        if succession.cooperative != *cooperative || is_another {
            return Err(Fault::Disorder);
        }
        if known.is_none() {
            self.successors.push((succession.kid, succession.key));
        }
        Ok(())
    }
}
