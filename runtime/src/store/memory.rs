//! State in memory: for tests, dry runs and single processes that may forget.

use super::{Commit, CommitOutcome, StateStore, StoreError};
use promo_compiler::ir::key::StateKey;
use promo_compiler::ir::record::Id;
use promo_compiler::ir::settle::StateView;
use rustc_hash::FxHashMap;

/// A store that lives as long as the process. As a [`StateView`] it can be decided on without loading.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    counters: FxHashMap<StateKey, i64>,
    links: FxHashMap<StateKey, Box<[i64]>>,
    decisions: FxHashMap<Id, (u128, Box<[u8]>)>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    /// Sets a counter: for tests and for taking over balances from elsewhere.
    pub fn set_counter(&mut self, key: StateKey, value: i64) {
        self.counters.insert(key, value);
    }

    /// How many events were committed.
    pub fn committed(&self) -> usize {
        self.decisions.len()
    }

    /// All counters that are not zero, by key.
    pub fn counters(&self) -> Vec<(StateKey, i64)> {
        let mut all: Vec<_> = self.counters.iter().map(|(key, value)| (*key, *value)).collect();
        all.retain(|(_, value)| *value != 0);
        all.sort_unstable();
        all
    }
}

impl StateView for MemoryStore {
    fn counter(&self, key: &StateKey) -> i64 {
        self.counters.get(key).copied().unwrap_or(0)
    }

    fn link(&self, key: &StateKey) -> Option<&[i64]> {
        self.links.get(key).map(|words| &**words)
    }
}

impl StateStore for MemoryStore {
    fn read_counters(&self, keys: &[StateKey], out: &mut [i64]) -> Result<(), StoreError> {
        keys.iter().zip(out).for_each(|(key, value)| *value = self.counter(key));
        Ok(())
    }

    fn read_links(&self, keys: &[StateKey], found: &mut dyn FnMut(usize, &[i64])) -> Result<(), StoreError> {
        for (at, key) in keys.iter().enumerate() {
            if let Some(words) = self.links.get(key) {
                found(at, words);
            }
        }
        Ok(())
    }

    fn stored(&self, event: Id, facts: u128) -> Result<Option<Vec<u8>>, StoreError> {
        match self.decisions.get(&event) {
            None => Ok(None),
            Some((known, record)) if *known == facts => Ok(Some(record.to_vec())),
            Some(_) => Err(StoreError::OtherFacts { event }),
        }
    }

    fn commit(&mut self, commit: &Commit<'_>) -> Result<CommitOutcome, StoreError> {
        if let Some(record) = self.stored(commit.event, commit.facts)? {
            return Ok(CommitOutcome::Duplicate(record));
        }
        let moved = commit.guards.iter().map(|g| (g, self.counter(&g.key)));
        let moved = moved.filter(|(guard, value)| !(guard.lo..=guard.hi).contains(value));
        let moved: Vec<_> = moved.map(|(guard, value)| (guard.key, value)).collect();
        if !moved.is_empty() {
            return Ok(CommitOutcome::GuardFailed(moved));
        }
        for change in commit.changes {
            if self.counter(&change.key).checked_add(change.delta).is_none() {
                return Err(StoreError::Overflow { key: change.key });
            }
        }
        // From here on nothing can fail.
        for change in commit.changes {
            let value = self.counters.entry(change.key).or_insert(0);
            *value = value.saturating_add(change.delta);
        }
        for key in commit.links {
            self.links.insert(*key, commit.words.into());
        }
        for kept in commit.kept {
            self.links.insert(kept.key, kept.words.into());
        }
        self.decisions.insert(commit.event, (commit.facts, commit.record.into()));
        Ok(CommitOutcome::Committed)
    }
}
