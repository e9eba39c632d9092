//! Sending the outbox: each command arrives, at least once sent and exactly once applied.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Engine, blocking};
use crate::domain::{OperationId, Timestamp, Topic};
use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::CBOR;
use crate::protocol::operation::{self, Answer};
use crate::protocol::problem::{Code, Exit};
use crate::store::outbox::{self, Queued};
use crate::transport::{MAX_RETRY_AFTER_SECONDS, Refusal};

/// The first wait before trying again, in seconds; it doubles with every attempt.
const FIRST_WAIT_SECONDS: u32 = 2;
/// The longest wait.
const LONGEST_WAIT_SECONDS: u32 = 300;
/// The largest answer to a push.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// The wait after that many failed attempts: full jitter, any second from one to the doubled bound.
pub(crate) fn backoff(attempts: u32, random: u32) -> u32 {
    let bound = FIRST_WAIT_SECONDS.saturating_mul(2_u32.saturating_pow(attempts)).min(LONGEST_WAIT_SECONDS);
    1 + random % bound
}

/// The wait after that many failed attempts, behind the `asked` seconds that the server wants to be left alone for.
pub(super) fn wait_after(attempts: u32, asked: u32, random: u32) -> u32 {
    asked.saturating_add(backoff(attempts, random))
}

/// The latest time that a wait which begins now can end: a later one was reckoned by a clock that was wrong.
pub(super) fn latest_wait(now: Timestamp) -> Timestamp {
    now.plus(i64::from(LONGEST_WAIT_SECONDS + MAX_RETRY_AFTER_SECONDS))
}

/// Whether the next command would fare the same.
fn is_of_the_network(fault: &Error) -> bool {
    matches!(fault.code().exit(), Exit::NoNetwork | Exit::Store) && fault.code() != Code::Internal
}

impl Engine {
    /// Sends what is due, or `everything` that waits; says how many commands the server answered for. What the server
    /// refuses does not keep the rest from being sent.
    pub(crate) async fn push(self: &Arc<Self>, everything: bool) -> Result<u64> {
        let _turn = self.pushing.lock().await;
        let due = if everything { Timestamp::MAX } else { self.due_now().await? };
        let (mut answered, mut refused, mut sent) = (0, None, HashSet::new());
        loop {
            // What was tried waits for its own time: each command is sent once.
            let batch = self.take_due(due, &sent).await?;
            if batch.is_empty() {
                return refused.map_or(Ok(answered), Err);
            }
            sent.extend(batch.iter().map(|command| command.operation.id));
            self.tell(Topic::Requests);
            match self.push_batch(batch).await {
                Ok(count) => answered += count,
                Err(fault) if is_of_the_network(&fault) => return Err(fault),
                Err(fault) => refused = refused.or(Some(fault)),
            }
        }
    }

    /// What is due by now; and no command waits longer than a wait can be, whatever the clock said when it was reckoned.
    async fn due_now(self: &Arc<Self>) -> Result<Timestamp> {
        let engine = self.clone();
        blocking(move || {
            let now = engine.now()?;
            let latest = latest_wait(now);
            if engine.store.read(|db| outbox::waits_beyond(db, latest))? {
                engine.store.write(|tx| outbox::wait_no_longer_than(tx, latest))?;
            }
            Ok(now)
        })
        .await
    }

    async fn take_due(self: &Arc<Self>, due: Timestamp, sent: &HashSet<OperationId>) -> Result<Vec<Queued>> {
        let (engine, sent, random) = (self.clone(), sent.clone(), u32::from_le_bytes(self.random()?));
        blocking(move || {
            // The busy case, an empty outbox, costs no write.
            if engine.store.read(outbox::next_due)?.is_none_or(|next| next > due) {
                return Ok(Vec::new());
            }
            let now = engine.now()?;
            let wait = |attempts| now.plus(i64::from(backoff(attempts, random)));
            engine.store.write(|tx| outbox::take_due(tx, due, &sent, operation::MAX_PUSH as usize, wait))
        })
        .await
    }

    async fn push_batch(self: &Arc<Self>, batch: Vec<Queued>) -> Result<u64> {
        failpoint::here("push.taken");
        let body = operation::encode_push(&batch.iter().map(|command| &command.signed).collect::<Vec<_>>());
        let sent: std::result::Result<Vec<Answer>, Refusal> = async {
            let response = self.call("operations", body, CBOR).await?;
            let body = crate::transport::body(response, MAX_ANSWER_BYTES).await.map_err(Refusal::Fault)?;
            let answers = operation::decode_answers(&body);
            let answers = answers.map_err(|fault| Refusal::Fault(Error::because(Code::NotAServer, fault)))?;
            let is_of =
                |(answer, sent): (&Answer, &Queued)| answer.operation().is_none_or(|id| *id == sent.operation.id);
            let is_whole = answers.len() == batch.len() && answers.iter().zip(&batch).all(is_of);
            if is_whole { Ok(answers) } else { Err(Refusal::Fault(Error::new(Code::NotAServer))) }
        }
        .await;
        failpoint::here("push.answered");
        let random = u32::from_le_bytes(self.random()?);
        let engine = self.clone();
        let stored = blocking(move || match sent {
            Ok(answers) => engine.store_answers(&batch, &answers, random),
            Err(refusal) => engine.store_refusal(&batch, refusal, random),
        })
        .await;
        failpoint::here("push.kept");
        self.tell(Topic::Requests);
        stored
    }

    fn store_answers(&self, batch: &[Queued], answers: &[Answer], random: u32) -> Result<u64> {
        let now = self.now()?;
        self.store.write(|tx| {
            for (command, answer) in batch.iter().zip(answers) {
                let again = now.plus(i64::from(backoff(command.attempts, random)));
                outbox::answered(tx, command, answer, again)?;
            }
            Ok(())
        })?;
        Ok(answers.iter().filter(|answer| matches!(answer, Answer::Result(_))).count() as u64)
    }

    /// Nothing is known of these commands: they may have arrived, and are tried again by their timer. A command that the
    /// server cannot even read, sent with nothing of another subject, is the member's to decide on.
    fn store_refusal(&self, batch: &[Queued], refusal: Refusal, random: u32) -> Result<u64> {
        let now = self.now()?;
        let asked = refusal.retry_after().unwrap_or(0);
        let fault = Error::from(refusal);
        let unreadable = matches!(fault.code(), Code::BadRequest | Code::TooLarge);
        // What does not pass by itself is said, until it has passed.
        let why = (!fault.is_transient()).then_some(fault.code());
        self.store.write(|tx| match batch {
            [first, rest @ ..] if unreadable && rest.iter().all(|c| c.operation.subject == first.operation.subject) => {
                outbox::stick(tx, &first.operation.id, fault.code())
            }
            _ => batch.iter().try_for_each(|command| {
                let at = now.plus(i64::from(wait_after(command.attempts, asked, random)));
                outbox::retry_at(tx, &command.operation.id, at, why)
            }),
        })?;
        Err(fault)
    }

    /// When the outbox wants to be sent next, if anything waits in it.
    pub(crate) fn next_due(&self) -> Result<Option<Timestamp>> {
        self.store.read(outbox::next_due)
    }

    /// Whether the cooperative has a request that no officer answered yet.
    pub(crate) fn awaits_decision(&self) -> Result<bool> {
        self.store.read(outbox::awaits_decision)
    }

    /// A new operation id of this moment.
    pub(crate) fn operation_id(&self) -> Result<OperationId> {
        Ok(OperationId::new(crate::clock::wall_millis(), self.random()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_never_all_fall_on_the_same_second() {
        let longest = |attempts| (0..10_000).map(|random| backoff(attempts, random)).max();
        let shortest = |attempts| (0..10_000).map(|random| backoff(attempts, random)).min();
        assert_eq!((shortest(0), longest(0)), (Some(1), Some(2)));
        assert_eq!((shortest(3), longest(3)), (Some(1), Some(16)));
        assert_eq!((shortest(200), longest(200)), (Some(1), Some(300)));
    }
}
