//! Limits and budgets, and the final pass that applies them in rule order.

use super::accounts::is_exchange;
use super::claim::is_claim;
use super::hold::Asked;
use super::{AwardOut, Context, Decision, Due, DueAward, Refusal, RefusalOut, Scratch, StateView};
use crate::ir::key::{StateKey, THIS_EVENT};
use crate::ir::record::{Id, value};
use crate::ir::schema::FieldType;
use crate::ir::{Beyond, Budget, Flow, Input, KeyPart, Limit, LimitUnit, LimitUse, Rule, RuleId, Window};

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
                Ok(()) => {
                    self.hold(id, rule, trial, decision);
                    for due in trial.iter().filter(|due| due.waits.is_none()) {
                        self.keep(rule, due, due.figures(), decision);
                        decision.awards.extend(made(rule, id, due));
                    }
                }
            }
        }
        self.note_used(used, decision);
    }

    /// Adds what was used of counters to the changes.
    pub(super) fn note_used(&self, used: &Overlay, decision: &mut Decision) {
        for &(key, used) in used.0.iter().filter(|(key, _)| key.window != THIS_EVENT) {
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
            let Some(limit) = self.program.limits.get(limit_use.limit.index()) else {
                continue;
            };
            if !per_payee(limit) {
                self.limit(limit, rule, limit_use, None, blank, awards, used, decision)?;
                continue;
            }
            let mut at = 0;
            while let Some(payee) = awards.get(at).map(|award| award.payee) {
                let before = awards.len();
                at += 1;
                self.limit(limit, rule, limit_use, Some(payee), blank, awards, used, decision)?;
                if awards.len() < before {
                    // What was dropped has moved the rest; to ask again of those who passed changes nothing.
                    at = 0;
                }
            }
        }
        self.covered(awards, used, decision)?;
        let budget = self.program.policies.get(rule.policy.index()).and_then(|p| p.budget);
        // What is decided again was paid for when it began to wait.
        let budget = budget.and_then(|id| self.program.budgets.get(id.index())).filter(|_| self.retried.is_none());
        if let Some(budget) = budget {
            self.budget(budget, awards, used, decision)?;
        }
        // Only what is paid in the end counts, so counting comes last.
        for (at, limit_use) in rule.limits.iter().enumerate() {
            let Some(limit) = self.program.limits.get(limit_use.limit.index()) else {
                continue;
            };
            // Two uses of one limit that come to one key are one.
            let same = |other: &LimitUse| {
                let key = |of: &LimitUse| self.limit_key(limit, of, None);
                other.limit == limit_use.limit && !per_payee(limit) && key(other) == key(limit_use)
            };
            if rule.limits.iter().take(at).any(same) {
                continue;
            }
            for (at, award) in awards.iter().enumerate().take(if per_payee(limit) { awards.len() } else { 0 }) {
                if !awards.iter().take(at).any(|before| before.payee == award.payee) {
                    self.count(limit, rule, limit_use, Some(award.payee), blank, awards, used, decision);
                }
            }
            if !per_payee(limit) {
                self.count(limit, rule, limit_use, None, blank, awards, used, decision);
            }
        }
        if let Some(budget) = budget {
            used.add(budget_key(budget), cost(awards));
        }
        self.book(rule, awards, used);
        Ok(())
    }

    /// Adds what is paid in the end to the counter of a limit that concerns it.
    #[expect(clippy::too_many_arguments, reason = "one step of `bound`, which has the same inputs")]
    fn count(
        &self,
        limit: &Limit,
        rule: &Rule,
        limit_use: &LimitUse,
        payee: Option<Id>,
        blank: bool,
        awards: &[DueAward],
        used: &mut Overlay,
        decision: &Decision,
    ) {
        let asked = self.asked(rule, limit);
        if !concerns(limit, asked, payee, blank, awards) || limit.unit == LimitUnit::Dearest {
            return;
        }
        let Some(key) = self.limit_key(limit, limit_use, payee) else { return };
        if limit.unit == LimitUnit::Seconds {
            // The counter moves from the last payment to this one.
            used.add(key, self.event.time().saturating_sub(self.state.counter(&key)));
            return;
        }
        if limit.unit == LimitUnit::Parties {
            self.let_in(limit, key, used);
            return;
        }
        if is_claim(limit, limit_use) {
            used.add(key, self.claimant());
            return;
        }
        // Where nothing is left of a number of times, paying does not count.
        let spent = self.moved(limit_use, &key, decision).saturating_add(used.get(&key));
        let full = self.state.counter(&key).saturating_add(spent) >= limit.max;
        if (limit.unit, limit.beyond) != (LimitUnit::Times, Beyond::Cut) || !full {
            used.add(key, wanted(limit, asked, payee, awards));
        }
    }

    /// What moves to a counter because the event unites two users: it was counted for this one.
    fn moved(&self, limit_use: &LimitUse, key: &StateKey, decision: &Decision) -> i64 {
        let same = limit_use.key.iter().any(|part| matches!(part, KeyPart::Same(_)));
        if same { decision.pending(key) } else { 0 }
    }

    /// Where a limit counts: by its key, and by the payee where it counts by each.
    fn limit_key(&self, limit: &Limit, limit_use: &LimitUse, payee: Option<Id>) -> Option<StateKey> {
        match payee {
            None => self.key(limit.counter, limit.window, &limit_use.key),
            Some(payee) => Some(self.key_of(limit.counter, limit.window, payee.0)),
        }
    }

    /// The bound, or `None` if this event has no product and the bound is a share of its price.
    fn most(&self, limit: &Limit) -> Option<i64> {
        let Some(share) = limit.invariant.as_ref().and_then(|invariant| invariant.of_price) else {
            return Some(limit.max);
        };
        let layout = self.program.schema.events.get(self.event.event.index())?;
        let field = layout.fields.iter().find(|f| f.ty == FieldType::Product && f.path.len() == 1)?;
        let words = &self.event.words;
        if field.present.is_some_and(|word| value(words, word) != 1) {
            return None;
        }
        let product = self.program.schema.products.get(usize::try_from(value(words, field.word)).ok()?)?;
        i64::try_from(i128::from(product.price_of(share.pack)) * i128::from(share.ppm) / 1_000_000).ok()
    }

    #[expect(clippy::too_many_arguments, reason = "one step of `bound`, which has the same inputs")]
    fn limit(
        &self,
        limit: &Limit,
        rule: &Rule,
        limit_use: &LimitUse,
        payee: Option<Id>,
        blank: bool,
        awards: &mut Vec<DueAward>,
        used: &Overlay,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let asked = self.asked(rule, limit);
        if !concerns(limit, asked, payee, blank, awards) {
            return Ok(());
        }
        let (key, max) = match (self.limit_key(limit, limit_use, payee), self.most(limit)) {
            (Some(key), Some(max)) => (key, max),
            // What an invariant counts by is not known: it is none of its concern.
            _ if limit.invariant.is_some() => return Ok(()),
            _ => return Err(Refusal::UnknownParty),
        };
        if limit.unit == LimitUnit::Seconds {
            let stored = self.state.counter(&key);
            // What is added to the counter depends on what it holds, so the decision holds for this value alone. An
            // event that comes after a later one was paid cannot show its own gap, and waits as well.
            decision.guard(key, stored, stored);
            let soonest = self.event.time().saturating_sub(limit.max);
            if stored == 0 || stored <= soonest {
                return Ok(());
            }
            let too_soon = Refusal::TooSoon(limit_use.limit);
            return match limit.beyond {
                Beyond::Hold(term) if self.wait(rule, term, too_soon, awards, |_| true) => Ok(()),
                _ => Err(too_soon),
            };
        }
        if limit.unit == LimitUnit::Parties {
            return self.among_first(limit, limit_use, key, asked, awards, used, decision);
        }
        if is_claim(limit, limit_use) {
            return self.unclaimed(limit, key, awards, used, decision);
        }
        // What one event pays is not stored, so nobody else can have changed it.
        let stored = if key.window == THIS_EVENT { 0 } else { self.state.counter(&key) };
        let moved = self.moved(limit_use, &key, decision);
        let stored = stored.saturating_add(moved);
        let mut guard = |lo: i64, hi: i64| {
            if key.window != THIS_EVENT {
                decision.guard(key, lo.saturating_sub(moved), hi.saturating_sub(moved));
            }
        };
        let spent = used.get(&key);
        // The greatest stored value that still leaves room for all of it.
        let most = max.saturating_sub(spent).saturating_sub(wanted(limit, asked, payee, awards));
        if stored <= most {
            guard(i64::MIN, most);
            return Ok(());
        }
        let full = max.saturating_sub(spent);
        match (limit.unit, limit.beyond) {
            // What is decided again is paid whole or waits on.
            _ if is_exchange(awards) || self.retried.is_some() => {
                guard(most.saturating_add(1), i64::MAX);
                awards.clear();
            }
            (LimitUnit::Fen, Beyond::Cut) if stored < full => {
                guard(stored, stored);
                cut(awards, full.saturating_sub(stored), |award| award.fen && counts(limit, asked, payee, award));
            }
            (LimitUnit::Fen, Beyond::Cut) => {
                guard(full, i64::MAX);
                cut(awards, 0, |award| award.fen && counts(limit, asked, payee, award));
            }
            (LimitUnit::Dearest, _) => {
                awards.retain(|award| !counts(limit, asked, payee, award) || award.cost() <= max);
            }
            (LimitUnit::Times, Beyond::Cut) => {
                guard(most.saturating_add(1), i64::MAX);
                return Ok(());
            }
            (_, Beyond::Hold(term)) => {
                guard(most.saturating_add(1), i64::MAX);
                let because = Refusal::Limit(limit_use.limit);
                self.wait(rule, term, because, awards, |award| counts(limit, asked, payee, award));
            }
            _ => {
                guard(most.saturating_add(1), i64::MAX);
                awards.retain(|award| !counts(limit, asked, payee, award));
            }
        }
        match awards.is_empty() {
            false => Ok(()),
            true if limit.once => Err(Refusal::AlreadyPaid),
            true if limit.invariant.is_some() => Err(Refusal::Invariant(limit_use.limit)),
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
            Beyond::Skip | Beyond::Hold(_) => {
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

/// True for an invariant that counts by whoever is paid.
pub(super) fn per_payee(limit: &Limit) -> bool {
    limit.invariant.as_ref().is_some_and(|invariant| invariant.per_payee)
}

/// Is this award one of those a limit counts, by the payee where it counts by each?
pub(super) fn counts(limit: &Limit, asked: Asked, payee: Option<Id>, award: &DueAward) -> bool {
    let kind = limit.invariant.as_ref().and_then(|invariant| invariant.only_kind);
    asked.of(award)
        && limit.only_role.is_none_or(|role| role == award.role)
        && kind.is_none_or(|kind| kind == award.kind)
        // What is taken from a party or charged to another is no reward.
        && (limit.invariant.is_none() || award.flow == Flow::Give)
        && payee.is_none_or(|payee| payee == award.payee)
}

/// A limit that counts one role only concerns a rule that still pays this role; one on fen, cost or pieces concerns
/// a rule that still pays some. A blank draw uses up chances, but nobody was paid.
fn concerns(limit: &Limit, asked: Asked, payee: Option<Id>, blank: bool, awards: &[DueAward]) -> bool {
    let mut of = awards.iter().filter(|award| asked.of(award));
    match (limit.unit, limit.only_role) {
        (LimitUnit::Times | LimitUnit::Seconds, None) => blank || of.next().is_some(),
        // A blank draw takes no place.
        (LimitUnit::Parties, _) => of.next().is_some(),
        (LimitUnit::Times | LimitUnit::Seconds, Some(role)) => of.any(|a| a.role == role),
        _ => wanted(limit, asked, payee, awards) > 0,
    }
}

/// Does this limit count the tickets of a pool the rule draws from?
pub(super) fn counts_tickets(rule: &Rule, limit: &Limit) -> bool {
    rule.inputs.iter().any(|input| matches!(input, Input::Ticket(pool) if pool.counter == limit.counter))
}

/// What paying the awards adds to the counter of a limit that concerns them.
fn wanted(limit: &Limit, asked: Asked, payee: Option<Id>, awards: &[DueAward]) -> i64 {
    let counted = awards.iter().filter(|award| counts(limit, asked, payee, award));
    match limit.unit {
        LimitUnit::Times | LimitUnit::Seconds | LimitUnit::Parties => 1,
        LimitUnit::Fen => counted.filter(|award| award.fen).fold(0, |sum, award| sum.saturating_add(award.amount)),
        LimitUnit::Cost => counted.fold(0, |sum, award| sum.saturating_add(award.cost())),
        LimitUnit::Amount => counted.fold(0, |sum, award| sum.saturating_add(award.amount)),
        LimitUnit::Dearest => counted.map(DueAward::cost).max().unwrap_or(0),
    }
}

/// Fen that arrive.
pub(super) fn arriving<'a>(awards: impl Iterator<Item = &'a DueAward>) -> i64 {
    awards.filter(|a| a.fen).fold(0, |sum, a| sum.saturating_add(a.figures().arrives()))
}

/// Fen of budget the awards use.
fn cost(awards: &[DueAward]) -> i64 {
    awards.iter().fold(0, |sum, a| sum.saturating_add(a.cost()))
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
                award.amount = award.amount.min(award.withheld.map_or(most, |side| side.covered(most)));
            } else if award.amount > most {
                award.amount = 0;
            }
            rest -= award.cost();
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

pub(super) fn made(rule: &Rule, id: RuleId, due: &DueAward) -> Option<AwardOut> {
    let award = rule.awards.get(due.award as usize)?;
    Some(AwardOut {
        rule: id,
        award: due.award,
        role: due.role,
        payee: due.payee,
        kind: award.kind,
        item: award.item,
        amount: if matches!(due.flow, Flow::Take(_)) { due.amount.saturating_neg() } else { due.amount },
        tax: due.figures().tax,
        from: due.from,
        net: award.net,
    })
}
