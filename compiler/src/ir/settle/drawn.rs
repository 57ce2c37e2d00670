//! One entry drawn of all those of a window.
//!
//! Each entry has a rank: a keyed hash of the campaign secret, the draw, the window and the entry. The entry with the
//! lowest rank is kept, so each is equally likely, nobody without the secret can foresee or choose one, the order in
//! which they come in does not matter, and whoever holds the secret can find the winner again from the entries.
//!
//! Two cells under one key: the record of the entry that leads, and its rank in a counter. The counter carries the
//! guards: of n entries only about ln n ever take the lead, the others need not wait for each other.

use super::{Context, Decision, Draws, StateView, plan};
use crate::ir::key::{Entity, StateKey};
use crate::ir::record::Id;
use crate::ir::schema::Word;
use crate::ir::{Drawn, Link, LinkUse, Rule};

/// Rules count from 1: what is drawn for one never meets the rank of an entry.
const NO_RULE: u32 = 0;

impl<S: StateView> Context<'_, S> {
    /// This event is an entry: it is kept if its rank is below the lowest so far. Of equal ranks, as those who have one
    /// chance together have, whichever is decided first stays.
    pub(super) fn enter<D: Draws>(
        &self,
        link: &Link,
        drawn: &Drawn,
        key: StateKey,
        draws: &D,
        decision: &mut Decision,
    ) {
        let Some(rank) = rank(link, drawn, key, &self.event.words, draws) else { return };
        let lowest = self.state.counter(&key);
        if lowest != 0 && lowest <= rank {
            // It only ever falls.
            decision.guard(key, 1, rank);
            return;
        }
        decision.guard(key, lowest, lowest);
        decision.change(key, rank.saturating_sub(lowest));
        decision.links.push(key);
    }

    /// What a rule reads of draws must still lead when it is committed.
    pub(super) fn guard_drawn<D: Draws>(&self, rule: &Rule, draws: &D, decision: &mut Decision) {
        if !self.program.draws_entries() {
            return;
        }
        plan::links_of(rule, &mut |used: &LinkUse| {
            let link = self.program.links.get(used.link.index());
            let Some((link, drawn)) = link.and_then(|link| Some((link, link.drawn.as_ref()?))) else { return };
            let Some(key) = self.link_key(used) else { return };
            match self.state.link(&key) {
                None => decision.guard(key, 0, 0),
                // Of the record, not of the counter: the two are read one after the other, and may not fit.
                Some(kept) => match rank(link, drawn, key, kept, draws) {
                    Some(rank) => decision.guard(key, rank, rank),
                    None => self.fault(used),
                },
            }
        });
    }
}

/// From 1 to 2⁶³ − 1; `None` if whoever the chance is counted by is not known.
fn rank<D: Draws>(link: &Link, drawn: &Drawn, key: StateKey, words: &[i64], draws: &D) -> Option<i64> {
    let mut chance = Entity::default();
    let ids: &[Word] = if drawn.chance.is_empty() { &[Word::ID] } else { &drawn.chance };
    for word in ids {
        let id = Id::read(words, *word);
        if !id.is_known() {
            return None;
        }
        chance.push(id);
    }
    // Another window, or another store, is another draw.
    let mut entry = Entity::default();
    entry.push(Id(key.entity));
    entry.push(Id(u128::from(key.window.cast_unsigned())));
    entry.push(Id(chance.get()));
    let bits = draws.draw(link.counter, NO_RULE, 0, entry.get());
    i64::try_from(bits >> 1).ok().map(|rank| rank.max(1))
}
