//! `once`: paid to the first who claims it. Its counter holds who that was instead of a one, so that whoever comes
//! again is told apart from whoever comes too late, and nothing more is read or kept for it.

use super::accounts::is_exchange;
use super::bounds::{Overlay, counts};
use super::hold::Asked;
use super::{Context, Decision, DueAward, Refusal, StateView};
use crate::ir::key::{StateKey, UNKNOWN_CLAIMANT, claimant};
use crate::ir::record::Id;
use crate::ir::{Beyond, KeyPart, Limit, LimitUnit, LimitUse, Window};

/// Is this a limit whose counter says who claimed it? Counting by an identity set it is not: the claimant is always the
/// same user then, and what two users have had is added up when they turn out to be one.
pub(super) fn is_claim(limit: &Limit, limit_use: &LimitUse) -> bool {
    let one = limit.once && limit.max == 1 && (limit.unit, limit.beyond) == (LimitUnit::Times, Beyond::Skip);
    one && limit.window != Window::Event && !limit_use.key.iter().any(|part| matches!(part, KeyPart::Same(_)))
}

impl<S: StateView> Context<'_, S> {
    /// Who claims with this event, as the counter of a `once` holds it. Only the first of those who act together.
    pub(super) fn claimant(&self) -> i64 {
        let layout = self.program.schema.events.get(self.event.event.index());
        claimant(layout.and_then(|l| l.actor).map_or(Id::UNKNOWN, |word| Id::read(&self.event.words, word)))
    }

    /// Drops what a claimed `once` does not let pay.
    pub(super) fn unclaimed(
        &self,
        limit: &Limit,
        key: StateKey,
        awards: &mut Vec<DueAward>,
        used: &Overlay,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let stored = self.state.counter(&key);
        if stored > 0 {
            decision.guard(key, stored, stored);
        } else {
            decision.guard(key, i64::MIN, 0);
            if used.get(&key) == 0 {
                return Ok(());
            }
        }
        if is_exchange(awards) {
            awards.clear();
        } else {
            awards.retain(|award| !counts(limit, Asked::All, None, award));
        }
        if !awards.is_empty() {
            return Ok(());
        }
        // An earlier rule of this very event has the same actor.
        let own = self.claimant();
        let another = stored > 0 && ![stored, own].contains(&UNKNOWN_CLAIMANT) && stored != own;
        Err(if another { Refusal::ClaimedByAnother } else { Refusal::AlreadyPaid })
    }
}
