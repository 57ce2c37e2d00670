//! What happens to an award after it was made: it is claimed, expires, or is taken back. The award itself was kept when
//! it was paid; the policy, which may have changed since, is not asked again.

use super::bounds::budget_key;
use super::{AwardOut, Context, Decision, DueAward, KeptOut, Refusal, RefusalOut, Scratch, StateView};
use crate::ir::key::{Entity, StateKey};
use crate::ir::record::{Id, value};
use crate::ir::schema::After;
use crate::ir::tax::Figures;
use crate::ir::{Award, Flow, FollowUp, Part, Program, Rule};

/// An award as it was kept.
struct Past {
    key: StateKey,
    /// How much of it still stands.
    stands: i64,
    since: i64,
    role: u32,
    payee: Id,
    /// What was paid.
    paid: Figures,
}

impl<S: StateView> Context<'_, S> {
    /// Remembers an award that something can happen to; `whole` is more than is paid if a part came back before.
    pub(super) fn keep(&self, rule: &Rule, due: &DueAward, whole: Figures, decision: &mut Decision) {
        let Some(kept) = rule.awards.get(due.award as usize).and_then(|award| award.kept) else { return };
        if due.flow != Flow::Give {
            return;
        }
        let by = Id::read(&self.event.words, kept.by);
        if !by.is_known() {
            return;
        }
        let key = StateKey { counter: kept.counter, entity: by.0, window: 0 };
        let (lo, hi) = due.payee.to_words();
        decision.change(key, due.amount);
        let Figures { amount, cost, tax } = whole;
        decision.kept.push(KeptOut { key, words: [self.event.time(), i64::from(due.role), lo, hi, amount, cost, tax] });
    }

    /// Does to earlier awards what this event says.
    pub(super) fn follow_up(&self, scratch: &mut Scratch, decision: &mut Decision) {
        scratch.used.clear();
        let mut asked: Option<&FollowUp> = None;
        let mut found = false;
        for follow in self.program.follow_ups_of(self.event.event) {
            asked = asked.or(Some(follow));
            let Some((rule, award)) = followed(self.program, follow) else { continue };
            let refusal = match follow.does {
                After::Return => {
                    self.waits_no_longer(follow, rule, award, decision);
                    if let Some(past) = self.past(follow, award, decision) {
                        self.take_back(follow, rule, award, &past, decision);
                    }
                    continue;
                }
                After::Retried => match self.retry(follow, rule, award, scratch, decision) {
                    Some(outcome) => outcome.err(),
                    None => continue,
                },
                After::Claimed | After::Expired => match self.past(follow, award, decision) {
                    Some(past) => self.claimed(follow, rule, award, &past, decision).err(),
                    None => continue,
                },
            };
            found = true;
            decision.refusals.extend(refusal.map(|refusal| RefusalOut { rule: follow.rule, refusal }));
        }
        self.note_used(&scratch.used, decision);
        // Whoever claims what nobody won is told so.
        if let (Some(follow), false) = (asked, found)
            && follow.does != After::Return
        {
            decision.refusals.push(RefusalOut { rule: follow.rule, refusal: Refusal::NothingDue });
        }
    }

    /// Settles an award that is claimed, or undoes one that was not claimed in time.
    fn claimed(
        &self,
        follow: &FollowUp,
        rule: &Rule,
        award: &Award,
        past: &Past,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        match (follow.does == After::Claimed, self.is_late(award, past)) {
            _ if past.stands <= 0 => return Err(Refusal::AlreadyPaid),
            (true, true) => return Err(Refusal::ClaimExpired),
            (false, false) => return Err(Refusal::ClaimOpen),
            (true, false) => decision.change(past.key, past.stands.saturating_neg()),
            (false, true) => self.undo(follow, rule, award, past, past.stands, decision),
        }
        Ok(())
    }

    /// Is the time over to claim it? What was won in a year the calendar no longer lists is a fault, not a guess.
    fn is_late(&self, award: &Award, past: &Past) -> bool {
        let Some(term) = award.claim_within else { return false };
        let program = self.program;
        let over = term.is_over(past.since, self.event.time(), program.schema.utc_offset, program.work.as_ref());
        over.unwrap_or_else(|| {
            self.kept_fault(past.key);
            false
        })
    }

    /// The award this event is about, if it was made.
    fn past(&self, follow: &FollowUp, award: &Award, decision: &mut Decision) -> Option<Past> {
        let key = kept_key(self, follow, award)?;
        let stands = self.state.counter(&key);
        decision.guard(key, stands, stands);
        let words = self.state.link(&key)?;
        let &[since, role, lo, hi, amount, cost, tax] = words else {
            self.kept_fault(key);
            return None;
        };
        let Ok(role) = u32::try_from(role) else {
            self.kept_fault(key);
            return None;
        };
        Some(Past { key, stands, since, role, payee: Id::from_words(lo, hi), paid: Figures { amount, cost, tax } })
    }

    /// When the award this event is about was made.
    pub(super) fn kept_since(&self, follow: &FollowUp, award: &Award) -> Option<i64> {
        self.past(follow, award, &mut Decision::default()).map(|past| past.since)
    }

    fn take_back(&self, follow: &FollowUp, rule: &Rule, award: &Award, past: &Past, decision: &mut Decision) {
        if let Some(amount) = self.comes_back(follow, &past.key, past.stands, past.paid.amount, decision) {
            self.undo(follow, rule, award, past, amount, decision);
        }
    }

    /// How much of what stands of an award comes back with this event; `None` if this pack came back before.
    pub(super) fn comes_back(
        &self,
        follow: &FollowUp,
        kept: &StateKey,
        stands: i64,
        whole: i64,
        decision: &mut Decision,
    ) -> Option<i64> {
        let Some(part) = &follow.part else { return Some(stands) };
        // A bottle of a case comes back once.
        let key = part_key(self, part, kept)?;
        let before = self.state.counter(&key);
        decision.guard(key, before, before);
        if before != 0 {
            return None;
        }
        decision.change(key, 1);
        Some(if part.in_proportion { stands.min(self.share(part, whole)) } else { stands })
    }

    /// The part of an amount that falls on one inner pack, rounded down.
    fn share(&self, part: &Part, amount: i64) -> i64 {
        let product = usize::try_from(value(&self.event.words, part.product)).ok();
        let product = product.and_then(|at| self.program.schema.products.get(at));
        let units = |pack: u32| product.and_then(|p| p.units.get(pack as usize)).copied().unwrap_or(0);
        amount.checked_mul(units(part.inner)).and_then(|n| n.checked_div(units(part.outer))).unwrap_or(0)
    }

    /// Gives the budget back so many fen.
    pub(super) fn back_to_budget(&self, rule: &Rule, fen: i64, decision: &mut Decision) {
        let budget = self.program.policies.get(rule.policy.index()).and_then(|p| p.budget);
        if let Some(budget) = budget.and_then(|id| self.program.budgets.get(id.index())) {
            decision.change(budget_key(budget), fen.saturating_neg());
        }
    }

    /// Takes an amount back: from the payee, from the accounts, and to the budget. Limits stay used up.
    fn undo(&self, follow: &FollowUp, rule: &Rule, award: &Award, past: &Past, amount: i64, decision: &mut Decision) {
        if amount <= 0 {
            return;
        }
        let less = amount.saturating_neg();
        decision.change(past.key, less);
        let before = past.paid.standing(past.stands);
        let after = past.paid.standing(past.stands.saturating_sub(amount));
        self.back_to_budget(rule, before.cost.saturating_sub(after.cost), decision);
        for (account, paid) in self.program.accounts() {
            if (paid.kind, paid.item, paid.role) == (award.kind, award.item, past.role) {
                // In the window in which it was given.
                let key = self.key_at(account.counter, account.window, past.payee.0, past.since);
                decision.change(key, after.arrives().saturating_sub(before.arrives()));
            }
        }
        decision.awards.push(AwardOut {
            rule: follow.rule,
            award: follow.award,
            role: past.role,
            payee: past.payee,
            kind: award.kind,
            item: award.item,
            amount: less,
            tax: after.tax.saturating_sub(before.tax),
            from: None,
            // The side it was paid on, if that can be seen.
            net: if past.paid.tax > 0 { Some(!past.paid.is_gross()) } else { award.net },
        });
    }
}

pub(super) fn followed<'p>(program: &'p Program, follow: &FollowUp) -> Option<(&'p Rule, &'p Award)> {
    let rule = program.rules.get(follow.rule.index())?;
    Some((rule, rule.awards.get(follow.award as usize)?))
}

pub(super) fn kept_key<S>(context: &Context<'_, S>, follow: &FollowUp, award: &Award) -> Option<StateKey> {
    let by = Id::read(&context.event.words, follow.by);
    by.is_known().then_some(StateKey { counter: award.kept?.counter, entity: by.0, window: 0 })
}

/// Where it is noted that this inner pack has come back.
fn part_key<S>(context: &Context<'_, S>, part: &Part, kept: &StateKey) -> Option<StateKey> {
    let code = Id::read(&context.event.words, part.code);
    let mut entity = Entity::default();
    entity.push(Id(kept.entity));
    entity.push(code);
    code.is_known().then_some(StateKey { counter: kept.counter, entity: entity.get(), window: 0 })
}

/// Where the awards are kept that this event is about; with `parts`, also where it is noted what has come back.
pub(super) fn keys<S>(context: &Context<'_, S>, parts: bool, found: &mut Vec<StateKey>) {
    let program = context.program;
    for follow in program.follow_ups_of(context.event.event) {
        let award = followed(program, follow).map(|(_, award)| award);
        let Some(key) = award.and_then(|award| kept_key(context, follow, award)) else { continue };
        found.push(key);
        if let (Some(part), true) = (&follow.part, parts) {
            found.extend(part_key(context, part, &key));
        }
    }
}
