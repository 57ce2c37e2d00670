//! Accounts: what awards add up to per party, and what is taken from it.

use super::bounds::Overlay;
use super::{Context, Decision, DueAward, Refusal, StateView};
use crate::ir::key::StateKey;
use crate::ir::record::Id;
use crate::ir::{Award, Flow, Measure, MeasureId, Rule};

impl<S: StateView> Context<'_, S> {
    /// Refuses a rule that takes more than an account holds, what earlier rules of this event gave included.
    pub(super) fn covered(&self, awards: &[DueAward], used: &Overlay, decision: &mut Decision) -> Result<(), Refusal> {
        for (at, due) in awards.iter().enumerate() {
            let Some(key) = self.taken_from(due.flow, due.payee) else { continue };
            // Two takes of one rule from one account are one.
            let same = |other: &&DueAward| self.taken_from(other.flow, other.payee) == Some(key);
            if awards.iter().take(at).any(|other| same(&other)) {
                continue;
            }
            let wanted = awards.iter().filter(same).fold(0i64, |sum, a| sum.saturating_add(a.amount));
            let least = wanted.saturating_sub(used.get(&key));
            if self.state.counter(&key) < least {
                decision.guard(key, i64::MIN, least.saturating_sub(1));
                return Err(Refusal::Balance);
            }
            decision.guard(key, least, i64::MAX);
        }
        Ok(())
    }

    /// Where the account is stored that an award takes from.
    pub(super) fn taken_from(&self, flow: Flow, payee: Id) -> Option<StateKey> {
        let Flow::Take(account) = flow else { return None };
        Some(self.account_key(self.program.measures.get(account.index())?, payee))
    }

    fn account_key(&self, account: &Measure, party: Id) -> StateKey {
        self.key_of(account.counter, account.window, party.0)
    }

    /// Adds what is paid to the accounts that somebody reads.
    pub(super) fn book(&self, rule: &Rule, awards: &[DueAward], used: &mut Overlay) {
        for (account, paid) in self.program.accounts() {
            for due in awards.iter().filter(|due| due.waits.is_none()) {
                let Some(award) = rule.awards.get(due.award as usize) else { continue };
                if (award.kind, award.item, due.role) != (paid.kind, paid.item, paid.role) {
                    continue;
                }
                let delta = match due.flow {
                    // What was withheld never came into the account, so it is not withheld again when it is taken out.
                    Flow::Give => due.figures().arrives(),
                    Flow::Take(_) if paid.balance => due.amount.saturating_neg(),
                    Flow::Take(_) | Flow::Charge => 0,
                };
                used.add(self.account_key(account, due.payee), delta);
            }
        }
    }
}

/// A rule that takes or charges is paid whole or not at all.
pub(super) fn is_exchange(awards: &[DueAward]) -> bool {
    awards.iter().any(|award| award.flow != Flow::Give)
}

/// The accounts a rule may take from.
pub(super) fn accounts_of(awards: &[Award]) -> impl Iterator<Item = (&Award, MeasureId)> {
    awards.iter().filter_map(|award| match award.flow {
        Flow::Take(account) => Some((award, account)),
        Flow::Give | Flow::Charge => None,
    })
}
