//! State as it was read from a store in two batches.

use super::StateView;
use crate::ir::key::StateKey;
use rustc_hash::FxHashMap;

/// A state in which nothing ever happened.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyState;

impl StateView for EmptyState {
    fn counter(&self, _: &StateKey) -> i64 {
        0
    }

    fn link(&self, _: &StateKey) -> Option<&[i64]> {
        None
    }
}

/// The part of a state that one decision reads. Clear and refill it: it keeps its memory.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    counters: FxHashMap<StateKey, i64>,
    /// Where in `words` each remembered event stands.
    links: FxHashMap<StateKey, (usize, usize)>,
    words: Vec<i64>,
}

impl Snapshot {
    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.counters.clear();
        self.links.clear();
        self.words.clear();
    }

    /// Sets a counter.
    pub fn set_counter(&mut self, key: StateKey, value: i64) {
        self.counters.insert(key, value);
    }

    /// Sets the last event remembered under a key.
    pub fn set_link(&mut self, key: StateKey, words: &[i64]) {
        let first = self.words.len();
        self.words.extend_from_slice(words);
        self.links.insert(key, (first, words.len()));
    }
}

impl StateView for Snapshot {
    fn counter(&self, key: &StateKey) -> i64 {
        self.counters.get(key).copied().unwrap_or(0)
    }

    fn link(&self, key: &StateKey) -> Option<&[i64]> {
        let (first, len) = self.links.get(key)?;
        self.words.get(*first..first.checked_add(*len)?)
    }
}
