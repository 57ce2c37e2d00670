//! One event on a shared store: read, decide, commit, and again if what was read has moved on.
//!
//! The commit carries the event's id and the guards of the decision, so a scan sent twice pays once, and two scans
//! that compete for the last of a budget cannot both have it.

use crate::policy_set::{DecideError, Explain, PolicySet, Scratch};
use crate::store::{Commit, CommitOutcome, LoadBuffers, StateStore, StoreError, facts_digest, load};
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::settle::{Decision, Snapshot};

/// How often a scan is decided again when others change what it has read. Guards are intervals, so this many
/// conflicts in a row mean a store that does not keep its word rather than traffic.
pub const MAX_TRIES: u32 = 64;

/// Why a scan was not decided, or not committed. Nothing is paid and nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// The record or the state is not one of this program.
    #[error(transparent)]
    Decide(#[from] DecideError),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Others changed what was read, [`MAX_TRIES`] times in a row.
    #[error("the state changed {MAX_TRIES} times while this event was decided")]
    Contention,
}

/// What became of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// Decided and committed: the answer is new.
    Decided {
        /// How many times it had to be decided; 1 without a conflict.
        tries: u32,
    },
    /// Committed before: the answer is that of the first time, the decision is empty, nothing is paid again.
    Repeated,
}

/// Buffers of [`PolicySet::scan`], and its results. Keep one per thread.
#[derive(Clone, Debug, Default)]
pub struct ScanBuffers {
    scratch: Scratch,
    load: LoadBuffers,
    snapshot: Snapshot,
    /// The decision; empty if the scan was repeated.
    pub decision: Decision,
    /// What is answered and kept for a retry.
    pub answer: Vec<u8>,
}

impl PolicySet {
    /// Decides an event on a store and commits the decision. `answer` writes it as it is sent to whoever asks: the
    /// store keeps these bytes, and a retry gets them again. With `explain`, as [`decide`](PolicySet::decide).
    ///
    /// # Errors
    /// See [`ScanError`].
    pub fn scan<S: StateStore + ?Sized>(
        &self,
        event: &EventRecord,
        store: &mut S,
        buffers: &mut ScanBuffers,
        explain: impl Into<Explain>,
        mut answer: impl FnMut(&Decision, &mut Vec<u8>),
    ) -> Result<Scanned, ScanError> {
        let explain = explain.into();
        buffers.decision.clear();
        self.accepts(event)?;
        if let Some(known) = store.stored(event.id(), facts_digest(event))? {
            buffers.answer = known;
            return Ok(Scanned::Repeated);
        }
        let ScanBuffers { scratch, load: load_buffers, snapshot, decision, answer: bytes } = buffers;
        let Scratch { candidates, settle } = scratch;
        let mode = explain.mode();
        // Which rules can pay depends on the event alone.
        self.candidates(event, mode, candidates);
        for tries in 1..=MAX_TRIES {
            load(store, self.program(), event, candidates, load_buffers, snapshot)?;
            self.settle(event, candidates, mode, snapshot, settle, decision)?;
            self.nearest(event, snapshot, decision, explain);
            bytes.clear();
            answer(decision, bytes);
            match store.commit(&Commit::new(event, decision, bytes))? {
                CommitOutcome::Committed => return Ok(Scanned::Decided { tries }),
                CommitOutcome::Duplicate(known) => {
                    decision.clear();
                    *bytes = known;
                    return Ok(Scanned::Repeated);
                }
                CommitOutcome::GuardFailed(_) => decision.clear(),
            }
        }
        Err(ScanError::Contention)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::engine::{Backend, Engine};
    use crate::store::MemoryStore;
    use crate::testing::{NOWHERE, program, rule, schema};
    use promo_compiler::ir::key::StateKey;
    use promo_compiler::ir::record::Id;
    use promo_compiler::ir::settle::KeyedDraws;
    use promo_compiler::ir::{
        Beyond, EventId, KeyPart, Limit, LimitId, LimitUnit, LimitUse, Node, Payee, Window, Word,
    };

    const COUNTER: u64 = 77;

    /// Pays 10 fen to the id in words 4 and 5, at most three times in all.
    fn policies(backend: Backend) -> PolicySet {
        let mut pays = rule(0, vec![], vec![], vec![], vec![Node::Const(10)], &[0]);
        let id = KeyPart::Id { word: Word(4), present: None };
        pays.awards[0].payees = vec![Payee { role: 0, id }];
        pays.limits = vec![LimitUse { limit: LimitId(0), key: vec![] }];
        let mut program = program(schema(1, 6), vec![pays], vec![]);
        program.limits = vec![Limit {
            counter: COUNTER,
            max: 3,
            unit: LimitUnit::Times,
            window: Window::Ever,
            beyond: Beyond::Skip,
            only_role: None,
            once: false,
            invariant: None,
            at: NOWHERE,
        }];
        Engine::new(KeyedDraws::new([1; 32])).with_backend(backend).load(program).unwrap()
    }

    fn event(id: i64) -> EventRecord {
        EventRecord { event: EventId(0), words: vec![1_000_000, 11, id, 0, 9, 9] }
    }

    fn write(decision: &Decision, out: &mut Vec<u8>) {
        out.extend(format!("{} paid", decision.awards.len()).into_bytes());
    }

    /// Someone else pays on the same counter between our read and our commit, as often as told.
    struct Busy {
        inner: MemoryStore,
        others: u32,
    }

    impl StateStore for Busy {
        fn read_counters(&self, keys: &[StateKey], out: &mut [i64]) -> Result<(), StoreError> {
            self.inner.read_counters(keys, out)
        }

        fn read_links(&self, keys: &[StateKey], found: &mut dyn FnMut(usize, &[i64])) -> Result<(), StoreError> {
            self.inner.read_links(keys, found)
        }

        fn stored(&self, event: Id, facts: u128) -> Result<Option<Vec<u8>>, StoreError> {
            self.inner.stored(event, facts)
        }

        fn commit(&mut self, commit: &Commit<'_>) -> Result<CommitOutcome, StoreError> {
            if self.others > 0 {
                self.others -= 1;
                let key = commit.guards.first().map(|guard| guard.key).unwrap_or_default();
                let mut now = [0];
                self.inner.read_counters(&[key], &mut now)?;
                self.inner.set_counter(key, now[0] + 3);
            }
            self.inner.commit(commit)
        }
    }

    #[test]
    fn a_scan_sent_twice_pays_once_and_the_limit_holds() {
        for backend in [Backend::MachineCode, Backend::Interpreter] {
            let (set, mut store, mut buffers) = (policies(backend), MemoryStore::new(), ScanBuffers::default());
            let mut answers = Vec::new();
            for id in [1, 1, 2, 3, 4, 4] {
                let scanned = set.scan(&event(id), &mut store, &mut buffers, true, write).unwrap();
                answers.push((scanned, String::from_utf8(buffers.answer.clone()).unwrap()));
            }
            let (new, paid, not) = (Scanned::Decided { tries: 1 }, "1 paid".to_owned(), "0 paid".to_owned());
            let expected = [
                (new, paid.clone()),
                (Scanned::Repeated, paid.clone()),
                (new, paid.clone()),
                (new, paid),
                (new, not.clone()),
                (Scanned::Repeated, not),
            ];
            assert_eq!(answers, expected);
            assert_eq!(store.counters().iter().map(|(_, value)| *value).collect::<Vec<_>>(), [3]);
        }
    }

    #[test]
    fn a_conflict_is_decided_again_on_the_new_state() {
        let (set, mut buffers) = (policies(Backend::MachineCode), ScanBuffers::default());
        let mut store = Busy { inner: MemoryStore::new(), others: 1 };
        let scanned = set.scan(&event(1), &mut store, &mut buffers, true, write).unwrap();
        assert_eq!(scanned, Scanned::Decided { tries: 2 });
        assert_eq!(buffers.answer, b"0 paid", "the other has used the limit up");
        assert_eq!(buffers.decision.refusals.len(), 1);
    }

    #[test]
    fn a_record_of_another_layout_is_refused() {
        let (set, mut store, mut buffers) =
            (policies(Backend::MachineCode), MemoryStore::new(), ScanBuffers::default());
        let mut short = event(1);
        short.words.pop();
        let error = set.scan(&short, &mut store, &mut buffers, false, write).unwrap_err();
        assert_eq!(error, ScanError::Decide(DecideError::RecordLength { expected: 6, found: 5 }));
        let mut other = event(1);
        other.event = EventId(1);
        let error = set.scan(&other, &mut store, &mut buffers, false, write).unwrap_err();
        assert_eq!(error, ScanError::Decide(DecideError::NoSuchEvent { event: 1 }));
        assert_eq!(store.committed(), 0);
    }
}
