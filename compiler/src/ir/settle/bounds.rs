//! Limits and budgets, and the final pass that applies them in rule order.

use super::accounts::is_exchange;
use super::{AwardOut, Context, Decision, Due, DueAward, Refusal, RefusalOut, Scratch, StateView};
use crate::ir::key::StateKey;
use crate::ir::{Beyond, Budget, Flow, Input, Limit, LimitUnit, LimitUse, Rule, RuleId, Window};

/// What this decision has used of counters so far, on top of what is stored.
#[derive(Clone, Debug, Default)]
pub(super) struct Overlay(Vec<(StateKey, i64)>);

impl Overlay {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn get(&self, key: &StateKey) -> i64 {
        self.0.iter().find(|(k, _)| k == key).map_or(0, |(_, used)| *used)
    }

    pub(super) fn add(&mut self, key: StateKey, delta: i64) {
        if delta == 0 {
            return;
        }
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, used)) => *used = used.saturating_add(delta),
            None => self.0.push((key, delta)),
        }
    }
}

impl<S: StateView> Context<'_, S> {
    /// The final pass: each rule that is due, in order, on top of what the rules before it used.
    pub(super) fn pay(&self, scratch: &mut Scratch, decision: &mut Decision) {
        let Scratch { candidates, due, trial, used, .. } = scratch;
        for candidate in candidates.iter() {
            let id = candidate.rule;
            let Some(rule) = self.program.rules.get(id.index()) else {
                continue;
            };
            let outcome = candidate.due.and_then(|range| {
                take(due, range, trial);
                self.bound(rule, trial, used, decision)
            });
            match outcome {
                Err(refusal) => decision.refusals.push(RefusalOut { rule: id, refusal }),
                // The chance is used up and the draw was a blank.
                Ok(()) if trial.is_empty() => {
                    decision.refusals.push(RefusalOut { rule: id, refusal: Refusal::NothingDue });
                }
                Ok(()) => decision.awards.extend(trial.iter().filter_map(|due| made(rule, id, due))),
            }
        }
        for &(key, used) in &used.0 {
            decision.change(key, used);
        }
    }

    /// Applies the limits and the budget of one rule to its awards. Awards that are dropped leave the list; on
    /// success `used` has what the rest uses.
    pub(super) fn bound(
        &self,
        rule: &Rule,
        awards: &mut Vec<DueAward>,
        used: &mut Overlay,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let blank = awards.is_empty();
        for limit_use in &rule.limits {
            self.limit(rule, limit_use, blank, awards, used, decision)?;
        }
        self.covered(awards, used, decision)?;
        let budget = self.program.policies.get(rule.policy.index()).and_then(|p| p.budget);
        let budget = budget.and_then(|id| self.program.budgets.get(id.index()));
        if let Some(budget) = budget {
            self.budget(budget, awards, used, decision)?;
        }
        // Only what is paid in the end counts, so counting comes last.
        for (at, limit_use) in rule.limits.iter().enumerate() {
            let Some(limit) = self.program.limits.get(limit_use.limit.index()) else {
                continue;
            };
            let key = self.key(limit.counter, limit.window, &limit_use.key);
            let Some(key) = key.filter(|_| concerns(limit, blank, awards)) else {
                continue;
            };
            // Two uses of one limit that come to one key are one.
            let same = |other: &LimitUse| {
                other.limit == limit_use.limit && self.key(limit.counter, limit.window, &other.key) == Some(key)
            };
            // Where nothing is left of a number of times, paying does not count.
            let room = |key| self.state.counter(key).saturating_add(used.get(key)) < limit.max;
            let counts = (limit.unit, limit.beyond) != (LimitUnit::Times, Beyond::Cut) || room(&key);
            if counts && !rule.limits.iter().take(at).any(same) {
                let more = match limit.unit {
                    // The counter moves from the last payment to this one.
                    LimitUnit::Seconds => self.event.time().saturating_sub(self.state.counter(&key)),
                    _ => wanted(limit, awards),
                };
                used.add(key, more);
            }
        }
        if let Some(budget) = budget {
            used.add(budget_key(budget), cost(awards));
        }
        self.book(rule, awards, used);
        Ok(())
    }

    fn limit(
        &self,
        rule: &Rule,
        limit_use: &LimitUse,
        blank: bool,
        awards: &mut Vec<DueAward>,
        used: &Overlay,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let Some(limit) = self.program.limits.get(limit_use.limit.index()) else {
            return Ok(());
        };
        if !concerns(limit, blank, awards) {
            return Ok(());
        }
        let key = self.key(limit.counter, limit.window, &limit_use.key).ok_or(Refusal::UnknownParty)?;
        let (stored, spent) = (self.state.counter(&key), used.get(&key));
        if limit.unit == LimitUnit::Seconds {
            // What is added to the counter depends on what it holds, so the decision holds for this value alone. An
            // event that comes after a later one was paid cannot show its own gap, and waits as well.
            decision.guard(key, stored, stored);
            let soonest = self.event.time().saturating_sub(limit.max);
            return if stored == 0 || stored <= soonest { Ok(()) } else { Err(Refusal::TooSoon(limit_use.limit)) };
        }
        // The greatest stored value that still leaves room for all of it.
        let most = limit.max.saturating_sub(spent).saturating_sub(wanted(limit, awards));
        if stored <= most {
            decision.guard(key, i64::MIN, most);
            return Ok(());
        }
        let concerned = |award: &DueAward| limit.only_role.is_none_or(|role| role == award.role);
        let full = limit.max.saturating_sub(spent);
        match (limit.unit, limit.beyond) {
            _ if is_exchange(awards) => {
                decision.guard(key, most.saturating_add(1), i64::MAX);
                awards.clear();
            }
            (LimitUnit::Fen, Beyond::Cut) if stored < full => {
                decision.guard(key, stored, stored);
                cut(awards, full.saturating_sub(stored), |award| award.fen && concerned(award));
            }
            (LimitUnit::Fen, Beyond::Cut) => {
                decision.guard(key, full, i64::MAX);
                cut(awards, 0, |award| award.fen && concerned(award));
            }
            (LimitUnit::Times, Beyond::Cut) => {
                decision.guard(key, most.saturating_add(1), i64::MAX);
                return Ok(());
            }
            _ => {
                decision.guard(key, most.saturating_add(1), i64::MAX);
                awards.retain(|award| !concerned(award));
            }
        }
        match awards.is_empty() {
            false => Ok(()),
            true if limit.once => Err(Refusal::AlreadyPaid),
            true if counts_tickets(rule, limit) => Err(Refusal::PoolUsedUp(limit_use.limit)),
            true => Err(Refusal::Limit(limit_use.limit)),
        }
    }

    fn budget(
        &self,
        budget: &Budget,
        awards: &mut Vec<DueAward>,
        used: &Overlay,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let wanted = cost(awards);
        if wanted == 0 {
            return Ok(());
        }
        let key = budget_key(budget);
        let (stored, spent) = (self.state.counter(&key), used.get(&key));
        let full = budget.max.saturating_sub(spent);
        let most = full.saturating_sub(wanted);
        if stored <= most {
            decision.guard(key, i64::MIN, most);
            return Ok(());
        }
        let used_up = if is_exchange(awards) { Beyond::Skip } else { budget.used_up };
        match used_up {
            Beyond::Skip => {
                decision.guard(key, most.saturating_add(1), i64::MAX);
                Err(Refusal::Budget)
            }
            Beyond::Cut => {
                if stored < full {
                    decision.guard(key, stored, stored);
                } else {
                    decision.guard(key, full, i64::MAX);
                }
                afford(awards, full.saturating_sub(stored).max(0));
                if awards.is_empty() { Err(Refusal::Budget) } else { Ok(()) }
            }
        }
    }
}

/// A limit that counts one role only concerns a rule that still pays this role; one on fen concerns a rule that
/// still pays fen. A blank draw uses up chances, but nobody was paid.
fn concerns(limit: &Limit, blank: bool, awards: &[DueAward]) -> bool {
    match (limit.unit, limit.only_role) {
        (LimitUnit::Times | LimitUnit::Seconds, None) => blank || !awards.is_empty(),
        (LimitUnit::Times | LimitUnit::Seconds, Some(role)) => awards.iter().any(|a| a.role == role),
        (LimitUnit::Fen, only) => fen(awards, only) > 0,
    }
}

/// Does this limit count the tickets of a pool the rule draws from?
fn counts_tickets(rule: &Rule, limit: &Limit) -> bool {
    rule.inputs.iter().any(|input| matches!(input, Input::Ticket(pool) if pool.counter == limit.counter))
}

/// What paying the awards adds to the counter of a limit that concerns them.
fn wanted(limit: &Limit, awards: &[DueAward]) -> i64 {
    match limit.unit {
        LimitUnit::Times | LimitUnit::Seconds => 1,
        LimitUnit::Fen => fen(awards, limit.only_role),
    }
}

/// Fen of money awards, to one role if given.
pub(super) fn fen(awards: &[DueAward], only: Option<u32>) -> i64 {
    let counted = awards.iter().filter(|a| a.fen && only.is_none_or(|role| role == a.role));
    counted.fold(0, |sum, a| sum.saturating_add(a.amount))
}

/// Fen of budget the awards use.
fn cost(awards: &[DueAward]) -> i64 {
    awards.iter().fold(0, |sum, a| sum.saturating_add(a.amount.saturating_mul(a.unit_cost)))
}

/// Lets the awards of which `part` holds have `room` together, in order; what gets nothing is dropped.
fn cut(awards: &mut Vec<DueAward>, mut room: i64, part: impl Fn(&DueAward) -> bool) {
    awards.retain_mut(|award| {
        if part(award) {
            award.amount = award.amount.min(room);
            room -= award.amount;
        }
        award.amount > 0
    });
}

/// Lets the awards use `rest` fen of budget, in order: money takes what is left, a thing is given whole or not.
fn afford(awards: &mut Vec<DueAward>, mut rest: i64) {
    awards.retain_mut(|award| {
        if award.unit_cost > 0 {
            let most = rest / award.unit_cost;
            if award.fen {
                award.amount = award.amount.min(most);
            } else if award.amount > most {
                award.amount = 0;
            }
            rest -= award.amount * award.unit_cost;
        }
        award.amount > 0
    });
}

/// Where a budget is stored.
pub(super) fn budget_key(budget: &Budget) -> StateKey {
    StateKey { counter: budget.counter, entity: 0, window: crate::ir::key::window_id(Window::Ever, 0) }
}

/// Copies the awards of one rule to the working list.
pub(super) fn take(due: &[DueAward], range: Due, to: &mut Vec<DueAward>) {
    to.clear();
    to.extend(due.iter().skip(range.first).take(range.count));
}

fn made(rule: &Rule, id: RuleId, due: &DueAward) -> Option<AwardOut> {
    let award = rule.awards.get(due.award as usize)?;
    Some(AwardOut {
        rule: id,
        award: due.award,
        role: due.role,
        payee: due.payee,
        kind: award.kind,
        item: award.item,
        amount: if matches!(due.flow, Flow::Take(_)) { due.amount.saturating_neg() } else { due.amount },
        from: due.from,
        net: award.net,
    })
}
