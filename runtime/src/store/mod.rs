//! Where state lives: counters, budgets, the last events on codes, and the decision of every event.
//!
//! A store is read in two batches ([`load`]) and changed by one atomic [`Commit`] that carries the event's id as
//! idempotency key, so an event decided twice pays once, and the guards of the decision, so a decision on state that
//! has moved on in a way that matters is not committed but decided again.

mod conformance;
mod error;
mod memory;

#[cfg(test)]
pub(crate) mod tests;

pub use conformance::conformance;
pub use error::StoreError;
pub use memory::MemoryStore;

use promo_compiler::ir::key::StateKey;
use promo_compiler::ir::record::{EventRecord, Id};
use promo_compiler::ir::settle::{Change, Decision, Guard, KeptOut, Snapshot, plan};
use promo_compiler::ir::{Program, RuleId};

/// A store of state. All methods of one instance see each other's effects.
pub trait StateStore {
    /// Reads counters: `out[i]` becomes the value of `keys[i]`, 0 if there is none. Both have one length.
    ///
    /// # Errors
    ///
    /// The store could not be read.
    fn read_counters(&self, keys: &[StateKey], out: &mut [i64]) -> Result<(), StoreError>;

    /// Reads remembered events: calls `found` with the index of the key and the whole record, for those there are.
    ///
    /// # Errors
    ///
    /// The store could not be read.
    fn read_links(&self, keys: &[StateKey], found: &mut dyn FnMut(usize, &[i64])) -> Result<(), StoreError>;

    /// The decision stored for an event, if it was committed before with the same facts.
    ///
    /// # Errors
    ///
    /// It was committed with other facts ([`StoreError::OtherFacts`]), or the store could not be read.
    fn stored(&self, event: Id, facts: u128) -> Result<Option<Vec<u8>>, StoreError>;

    /// Commits a decision: all of it or nothing, and nothing unless the outcome is [`CommitOutcome::Committed`].
    ///
    /// # Errors
    ///
    /// The event was committed with other facts, a counter would overflow, or the store could not do it.
    fn commit(&mut self, commit: &Commit<'_>) -> Result<CommitOutcome, StoreError>;
}

/// What a decision does to the state, with what it was made on.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    /// Id of the event: the idempotency key.
    pub event: Id,
    /// Digest of the event's facts ([`facts_digest`]): the same id with other facts is an error, not a retry.
    pub facts: u128,
    /// Intervals the stored values must lie in.
    pub guards: &'a [Guard],
    /// What is added to counters; each key once.
    pub changes: &'a [Change],
    /// Keys under which this event is remembered …
    pub links: &'a [StateKey],
    /// … as these words.
    pub words: &'a [i64],
    /// Awards to be remembered, each under its key.
    pub kept: &'a [KeptOut],
    /// The decision as it was answered: what a retry is answered.
    pub record: &'a [u8],
}

impl<'a> Commit<'a> {
    /// The commit of a decision; `record` is what is answered, and kept for retries.
    pub fn new(event: &'a EventRecord, decision: &'a Decision, record: &'a [u8]) -> Commit<'a> {
        Commit {
            event: event.id(),
            facts: facts_digest(event),
            guards: &decision.guards,
            changes: &decision.changes,
            links: &decision.links,
            words: &event.words,
            kept: &decision.kept,
            record,
        }
    }
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommitOutcome {
    /// It is done.
    Committed,
    /// This event was committed before; here is what was answered then. Nothing was changed.
    Duplicate(Vec<u8>),
    /// These counters no longer lie in their guards; here are their values. Nothing was changed: decide again.
    GuardFailed(Vec<(StateKey, i64)>),
}

/// A 128-bit digest of everything an event says.
pub fn facts_digest(event: &EventRecord) -> u128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&event.event.0.to_le_bytes());
    for word in &event.words {
        hasher.update(&word.to_le_bytes());
    }
    let hash = hasher.finalize();
    let (head, _) = hash.as_bytes().split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
    u128::from_le_bytes(*head)
}

/// Buffers of [`load`]; keep them.
#[derive(Clone, Debug, Default)]
pub struct LoadBuffers {
    keys: Vec<StateKey>,
    values: Vec<i64>,
}

/// Reads all that the candidate rules can need to decide an event, in two batches, into a snapshot; a link of what
/// another link finds takes one more, and where limits count by an identity set a few ([`plan::identity_keys`]).
///
/// # Errors
///
/// The store could not be read; the snapshot is incomplete then.
pub fn load<S: StateStore + ?Sized>(
    store: &S,
    program: &Program,
    event: &EventRecord,
    candidates: &[RuleId],
    buffers: &mut LoadBuffers,
    snapshot: &mut Snapshot,
) -> Result<(), StoreError> {
    let LoadBuffers { keys, values } = buffers;
    snapshot.clear();
    let mut found = 0;
    loop {
        let behind = plan::link_keys(program, event, candidates, snapshot, keys);
        if keys.len() == found {
            break;
        }
        found = keys.len();
        store.read_links(keys, &mut |at, words| {
            if let Some(key) = keys.get(at) {
                snapshot.set_link(*key, words);
            }
        })?;
        // What one link finds can name another's key; how deep that goes is written in the policies.
        if !behind {
            break;
        }
    }
    // Each round goes a step further up the identity sets; they are not deep.
    let mut known = 0;
    loop {
        plan::identity_keys(program, event, snapshot, keys);
        if keys.len() == known {
            break;
        }
        known = keys.len();
        read(store, keys, values, snapshot)?;
    }
    plan::counter_keys(program, event, candidates, snapshot, keys);
    read(store, keys, values, snapshot)
}

fn read<S: StateStore + ?Sized>(
    store: &S,
    keys: &[StateKey],
    values: &mut Vec<i64>,
    snapshot: &mut Snapshot,
) -> Result<(), StoreError> {
    values.clear();
    values.resize(keys.len(), 0);
    if !keys.is_empty() {
        store.read_counters(keys, values)?;
    }
    keys.iter().zip(values.iter()).for_each(|(key, value)| snapshot.set_counter(*key, *value));
    Ok(())
}
