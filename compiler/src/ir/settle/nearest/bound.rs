//! What is missing where a party, a limit, a balance or the budget stood in the way.

use super::{Change, Found, Missing, Place, untried};
use crate::calendar;
use crate::ir::key::StateKey;
use crate::ir::settle::bounds::budget_key;
use crate::ir::settle::{Context, Decision, Draws, StateView};
use crate::ir::{Flow, KeyPart, LimitId, LimitUnit, LimitUse, Rule, RuleId, Window};

impl<S: StateView> Context<'_, S> {
    /// Who must be known: the party a limit counts by, or the first who could be paid.
    pub(super) fn unknown_party<D: Draws>(&self, id: RuleId, rule: &Rule, draws: &D) -> Option<Found> {
        let due = self.search(id, rule, draws)?.due();
        let awards = rule.awards.iter().zip(due).filter(|(_, due)| *due).map(|(award, _)| award);
        let nobody = |payees: &[crate::ir::Payee]| payees.iter().all(|payee| !self.id(&payee.id).is_known());
        let (mut payees, mut unpaid) = (awards.flat_map(|award| award.payees.first()), 0);
        // Somebody can be paid: then it is whoever a limit counts by.
        let paid = rule.awards.iter().any(|award| !nobody(&award.payees));
        let counted = rule.limits.iter().flat_map(|used| &used.key).find(|part| !self.id(part).is_known());
        unpaid += usize::from(!paid);
        let part = if unpaid > 0 { payees.next().map(|payee| &payee.id).or(counted) } else { counted };
        self.unknown(part?)
    }

    /// What must be known or have happened for an id to be known.
    fn unknown(&self, part: &KeyPart) -> Option<Found> {
        match part {
            KeyPart::Id { word, .. } => {
                let place = Place { event: self.event.event, link: None, word: *word };
                Some(untried(Missing::Known { place, known: true }))
            }
            KeyPart::Same(_) => None,
            KeyPart::LinkId { link, word, .. } => {
                let event = self.program.links.get(link.link.index())?.event;
                Some(untried(match self.link(link) {
                    None => Missing::Earlier(link.link),
                    Some(_) => {
                        Missing::Known { place: Place { event, link: Some(link.link), word: *word }, known: true }
                    }
                }))
            }
        }
    }

    /// A `once` that is used up: free again in its next window, or for another one.
    pub(super) fn used_up(&self, rule: &Rule) -> Option<Found> {
        let used = rule.limits.iter().find(|used| {
            let limit = self.program.limits.get(used.limit.index()).filter(|limit| limit.once);
            let key = limit.and_then(|limit| self.key(limit.counter, limit.window, &used.key));
            key.is_some_and(|key| self.state.counter(&key) > 0)
        })?;
        self.again(rule, used)
    }

    /// A limit that is reached: room again in its next window, or for another one.
    pub(super) fn next_window(&self, rule: &Rule, limit: LimitId) -> Option<Found> {
        self.again(rule, rule.limits.iter().find(|used| used.limit == limit)?)
    }

    fn again(&self, rule: &Rule, used: &LimitUse) -> Option<Found> {
        let limit = self.program.limits.get(used.limit.index())?;
        // Neither would another party be among the first.
        if limit.window == Window::Event || matches!(limit.unit, LimitUnit::Dearest | LimitUnit::Parties) {
            return None;
        }
        let key = self.key(limit.counter, limit.window, &used.key);
        if limit.window != Window::Ever {
            let (_, next) = calendar::window(limit.window, self.event.time(), self.program.schema.utc_offset)?;
            if self.covers(rule, next) {
                // Who is counted by each payee is not told apart here, so that is not tried.
                let free = |key: StateKey| Change::Counter(key, 0);
                let change = key.filter(|_| !limit.invariant.as_ref().is_some_and(|i| i.per_payee)).map(free);
                return Some(Found { missing: Missing::From(next), change });
            }
        }
        let place = |part: &KeyPart| match part {
            KeyPart::Id { word, .. } => Some(Place { event: self.event.event, link: None, word: *word }),
            KeyPart::LinkId { link, word, .. } => {
                let event = self.program.links.get(link.link.index())?.event;
                Some(Place { event, link: Some(link.link), word: *word })
            }
            KeyPart::Same(_) => None,
        };
        let places: Vec<Place> = used.key.iter().filter_map(place).collect();
        (!places.is_empty()).then(|| untried(Missing::Another(places)))
    }

    /// When the gap since the last payment is over.
    pub(super) fn after_gap(&self, rule: &Rule, limit: LimitId) -> Option<Found> {
        let used = rule.limits.iter().find(|used| used.limit == limit)?;
        let limit = self.program.limits.get(limit.index())?;
        let key = self.key(limit.counter, limit.window, &used.key)?;
        let time = self.state.counter(&key).checked_add(limit.max)?;
        self.covers(rule, time).then_some(Found { missing: Missing::From(time), change: Some(Change::Counter(key, 0)) })
    }

    /// How much an account is short of what is taken: the decision's guard on it ends where it would be enough.
    pub(super) fn short_balance(&self, rule: &Rule, decision: &Decision) -> Option<Found> {
        let mut takes = rule.awards.iter().filter_map(|award| match award.flow {
            Flow::Take(account) => Some((award, account)),
            Flow::Give | Flow::Charge => None,
        });
        takes.find_map(|(award, measure)| {
            let payee = award.payees.iter().map(|payee| self.id(&payee.id)).find(|id| id.is_known())?;
            let key = self.taken_from(award.flow, payee)?;
            let guard = decision.guards.iter().find(|guard| guard.key == key && guard.hi < i64::MAX)?;
            let enough = guard.hi.checked_add(1)?;
            let by = enough.checked_sub(self.state.counter(&key)).filter(|by| *by > 0)?;
            Some(Found {
                missing: Missing::Measure { measure, key, back: 0, by },
                change: Some(Change::Counter(key, enough)),
            })
        })
    }

    /// How much the budget is short: the decision's guard on it begins where it was too little.
    pub(super) fn short_budget(&self, rule: &Rule, decision: &Decision) -> Option<Found> {
        let budget = self.program.policies.get(rule.policy.index())?.budget?;
        let key = budget_key(self.program.budgets.get(budget.index())?);
        let guard = decision.guards.iter().find(|guard| guard.key == key && guard.lo > i64::MIN)?;
        let enough = guard.lo.checked_sub(1)?;
        let by = self.state.counter(&key).checked_sub(enough).filter(|by| *by > 0)?;
        Some(Found { missing: Missing::Budget { key, by }, change: Some(Change::Counter(key, enough)) })
    }

    /// The first second at which an award can no longer be claimed, of the one this event is about.
    pub(super) fn claim_ends(&self, rule: RuleId) -> Option<i64> {
        let follow = self.program.follow_ups_of(self.event.event).find(|follow| follow.rule == rule)?;
        let award = self.program.rules.get(rule.index())?.awards.get(follow.award as usize)?;
        let (since, work) = (self.kept_since(follow, award)?, self.program.work.as_ref());
        award.claim_within?.over_at(since, self.program.schema.utc_offset, work)
    }
}
