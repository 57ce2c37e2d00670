//! The simplest state there can be.

use promo_compiler::ir::key::StateKey;
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::settle::{Decision, StateView};
use std::collections::BTreeMap;

/// Counters and links in two maps.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Counters.
    pub counters: BTreeMap<StateKey, i64>,
    /// Last events.
    pub links: BTreeMap<StateKey, Vec<i64>>,
}

impl State {
    /// Takes over what a decision changes.
    pub fn apply(&mut self, event: &EventRecord, decision: &Decision) {
        for change in &decision.changes {
            *self.counters.entry(change.key).or_default() += change.delta;
        }
        for kept in &decision.kept {
            self.links.insert(kept.key, kept.words.to_vec());
        }
        for link in &decision.links {
            self.links.insert(*link, event.words.clone());
        }
    }
}

impl StateView for State {
    fn counter(&self, key: &StateKey) -> i64 {
        self.counters.get(key).copied().unwrap_or(0)
    }

    fn link(&self, key: &StateKey) -> Option<&[i64]> {
        self.links.get(key).map(Vec::as_slice)
    }
}
