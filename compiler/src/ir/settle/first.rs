//! `only the first 100 stores`: whoever has been paid is known by a counter of his own, and one more counts them all.

use super::bounds::{Overlay, counts};
use super::hold::Asked;
use super::{Context, Decision, DueAward, Refusal, StateView};
use crate::ir::key::{self, StateKey};
use crate::ir::{Limit, LimitUse};

impl<S: StateView> Context<'_, S> {
    /// Where the number of parties paid is stored.
    pub(super) fn parties_key(&self, limit: &Limit) -> StateKey {
        self.key_of(key::parties(limit.counter), limit.window, 0)
    }

    /// Drops what goes to a party, known by `own`, that is not among the first.
    #[expect(clippy::too_many_arguments, reason = "one step of `limit`, which has the same inputs")]
    pub(super) fn among_first(
        &self,
        limit: &Limit,
        limit_use: &LimitUse,
        own: StateKey,
        asked: Asked,
        awards: &mut Vec<DueAward>,
        used: &Overlay,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        if self.state.counter(&own) > 0 {
            decision.guard(own, 1, i64::MAX);
            return Ok(());
        }
        decision.guard(own, i64::MIN, 0);
        if used.get(&own) > 0 {
            // An earlier rule of this very event has let him in.
            return Ok(());
        }
        let all = self.parties_key(limit);
        let full = limit.max.saturating_sub(used.get(&all));
        if self.state.counter(&all) < full {
            decision.guard(all, i64::MIN, full.saturating_sub(1));
            return Ok(());
        }
        decision.guard(all, full, i64::MAX);
        awards.retain(|award| !counts(limit, asked, None, award));
        // What still waits for its payee is asked when it is paid.
        if awards.is_empty() { Err(Refusal::Limit(limit_use.limit)) } else { Ok(()) }
    }

    /// Counts a party that is paid for the first time.
    pub(super) fn let_in(&self, limit: &Limit, own: StateKey, used: &mut Overlay) {
        if self.state.counter(&own).saturating_add(used.get(&own)) <= 0 {
            used.add(own, 1);
            used.add(self.parties_key(limit), 1);
        }
    }
}
