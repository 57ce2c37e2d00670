//! The meaning of limits, budgets and groups once more, as plainly as it can be said: every step works on a copy of
//! the whole state and pays into it at once. No overlay, no guards, no ranges of candidates.

use super::random::{events, programs};
use super::world::*;
use crate::ir::key::{StateKey, window_id};
use crate::ir::record::{EventRecord, Id};
use crate::ir::settle::*;
use crate::ir::*;
use proptest::prelude::*;

/// (role, payee, kind, amount, unit cost, net of tax)
type Paid = (u32, Id, KindId, i64, i64, Option<bool>);

struct Naive<'a> {
    program: &'a Program,
    event: &'a EventRecord,
}

impl Naive<'_> {
    /// The tax on a gross amount: rate times amount, every begun fen of it.
    fn tax(&self, gross: i64) -> i64 {
        let ppm = self.program.kinds[CASH.index()].tax.unwrap_or(0);
        (gross * ppm + 999_999) / 1_000_000
    }

    /// (arrives, fen of tax, fen of budget)
    fn figures(&self, p: &Paid) -> (i64, i64, i64) {
        match p.5 {
            None => (p.3, 0, p.3 * p.4),
            Some(false) => (p.3 - self.tax(p.3), self.tax(p.3), p.3 * p.4),
            // The least sum that leaves the net: each more leaves at most one fen more.
            Some(true) => {
                let (mut lo, mut hi) = (p.3, p.3.max(1) * 1_000_001);
                while lo < hi {
                    let mid = (lo + hi) / 2;
                    if mid - self.tax(mid) < p.3 { lo = mid + 1 } else { hi = mid }
                }
                (p.3, lo - p.3, lo * p.4)
            }
        }
    }

    fn id(&self, part: &KeyPart) -> Option<Id> {
        let KeyPart::Id { word, present } = part else { return None };
        let known = present.is_none_or(|p| self.event.words[p.index()] == 1);
        known.then(|| Id::read(&self.event.words, *word))
    }

    fn key(&self, counter: u64, window: Window, parts: &[KeyPart]) -> Option<StateKey> {
        let ids: Option<Vec<Id>> = parts.iter().map(|p| self.id(p)).collect();
        Some(StateKey { counter, entity: key::entity(&ids?), window: window_id(window, self.event.day()) })
    }

    /// What the counter of this limit holds once the event's actor has claimed it.
    fn claims(&self, limit: &Limit) -> Option<i64> {
        let claim = limit.once && limit.max == 1 && (limit.unit, limit.beyond) == (LimitUnit::Times, Beyond::Skip);
        claim.then(|| key::claimant(Id::read(&self.event.words, ACTOR)))
    }

    /// What the rule would pay if nothing bounded it.
    fn wants(&self, rule: &Rule) -> Result<Vec<Paid>, Refusal> {
        if let Some(gate) = rule.gates.iter().find(|g| !g.set.contains(self.event.words[g.word.index()])) {
            return Err(Refusal::OutOfScope(gate.kind));
        }
        let amount = |a: &Award| match rule.nodes[a.amount.index()] {
            Node::Const(v) => v,
            _ => 0,
        };
        let due: Vec<&Award> = rule.awards.iter().filter(|a| amount(a) > 0).collect();
        if due.is_empty() && !rule.consumes_when_nothing {
            return Err(Refusal::NothingDue);
        }
        let paid: Vec<Paid> = due
            .iter()
            .filter_map(|a| Some((a.payees[0].role, self.id(&a.payees[0].id)?, a.kind, amount(a), a.unit_cost, a.net)))
            .collect();
        if !due.is_empty() && paid.is_empty() { Err(Refusal::UnknownParty) } else { Ok(paid) }
    }

    /// Pays a rule into the state, or says why not; the state is then as before.
    fn pay(&self, rule: &Rule, state: &mut Store) -> Result<Vec<Paid>, Refusal> {
        let mut paid = self.wants(rule)?;
        let blank = paid.is_empty();
        let is_fen = |p: &Paid| p.2 == CASH;
        let applies = |l: &Limit, paid: &[Paid]| {
            let of_role = |p: &&Paid| l.only_role.is_none_or(|r| r == p.0);
            match l.unit {
                LimitUnit::Times => paid.iter().any(|p| of_role(&p)) || (blank && l.only_role.is_none()),
                LimitUnit::Fen => paid.iter().any(|p| of_role(&p) && is_fen(p)),
                LimitUnit::Seconds | LimitUnit::Parties => unreachable!("see `past.rs` and `first.rs`"),
                // What invariants count: see `invariants.rs`.
                LimitUnit::Cost | LimitUnit::Amount | LimitUnit::Dearest => false,
            }
        };
        let mut counted: Vec<(StateKey, &Limit)> = vec![];
        for used in &rule.limits {
            let limit = &self.program.limits[used.limit.index()];
            if !applies(limit, &paid) {
                continue;
            }
            let key = self.key(limit.counter, limit.window, &used.key).ok_or(Refusal::UnknownParty)?;
            if !counted.iter().any(|(k, _)| *k == key) {
                counted.push((key, limit));
            }
            let stored = state.counter(&key);
            let hit = |p: &Paid| limit.only_role.is_none_or(|r| r == p.0);
            let reason = match self.claims(limit) {
                Some(me) if stored > 0 && stored != me => Refusal::ClaimedByAnother,
                _ if limit.once => Refusal::AlreadyPaid,
                _ => Refusal::Limit(used.limit),
            };
            let total: i64 = paid.iter().filter(|p| hit(p) && is_fen(p)).map(|p| p.3).sum();
            match (limit.unit, limit.beyond) {
                (LimitUnit::Times, Beyond::Skip) if stored >= limit.max => paid.retain(|p| !hit(p)),
                (LimitUnit::Fen, Beyond::Skip) if stored + total > limit.max => paid.retain(|p| !hit(p)),
                (LimitUnit::Fen, Beyond::Cut) => {
                    let mut room = (limit.max - stored).max(0);
                    for p in paid.iter_mut().filter(|p| hit(p) && is_fen(p)) {
                        p.3 = p.3.min(room);
                        room -= p.3;
                    }
                    paid.retain(|p| p.3 > 0);
                }
                _ => continue,
            }
            if paid.is_empty() {
                return Err(reason);
            }
        }
        let budget = self.program.policies[rule.policy.index()].budget.map(|b| &self.program.budgets[b.index()]);
        if let Some(budget) = budget {
            let key = StateKey { counter: budget.counter, entity: 0, window: 0 };
            let cost: i64 = paid.iter().map(|p| self.figures(p).2).sum();
            let mut rest = budget.max - state.counter(&key);
            if cost > 0 && cost > rest {
                if budget.used_up == Beyond::Skip {
                    return Err(Refusal::Budget);
                }
                rest = rest.max(0);
                for p in &mut paid {
                    // Fen by fen, piece by piece.
                    let whole = p.3;
                    while p.4 > 0 && self.figures(p).2 > rest {
                        p.3 -= 1;
                    }
                    if !is_fen(p) && p.3 < whole {
                        p.3 = 0;
                    }
                    rest -= self.figures(p).2;
                }
                paid.retain(|p| p.3 > 0);
                if paid.is_empty() {
                    return Err(Refusal::Budget);
                }
            }
            *state.counters.entry(key).or_default() += paid.iter().map(|p| self.figures(p).2).sum::<i64>();
        }
        for (key, limit) in counted.into_iter().filter(|(_, l)| applies(l, &paid)) {
            if (limit.unit, limit.beyond) == (LimitUnit::Times, Beyond::Cut) && state.counter(&key) >= limit.max {
                continue;
            }
            let hit = |p: &&Paid| limit.only_role.is_none_or(|r| r == p.0) && is_fen(p);
            *state.counters.entry(key).or_default() += match limit.unit {
                LimitUnit::Times | LimitUnit::Seconds | LimitUnit::Parties => self.claims(limit).unwrap_or(1),
                LimitUnit::Fen => paid.iter().filter(hit).map(|p| p.3).sum(),
                LimitUnit::Cost | LimitUnit::Amount | LimitUnit::Dearest => 0,
            };
        }
        if blank { Ok(vec![]) } else { Ok(paid) }
    }

    fn rules_of(&self, policy: PolicyId) -> impl Iterator<Item = (usize, &Rule)> {
        self.program.rules.iter().enumerate().filter(move |(_, r)| r.policy == policy)
    }

    /// Every rule's outcome, and the state after it.
    fn decide(&self, before: &Store) -> (Vec<Result<Vec<Paid>, Refusal>>, Store) {
        let mut barred: Vec<Option<Refusal>> = vec![None; self.program.rules.len()];
        for group in self.program.groups.iter().filter(|g| g.rule != GroupRule::AllOf) {
            let due = |m: &&PolicyId| self.rules_of(**m).any(|(_, r)| self.wants(r).is_ok());
            if group.members.iter().filter(due).count() < 2 {
                continue;
            }
            let mut best: Option<(PolicyId, i64)> = None;
            let mut reasons = vec![None; self.program.rules.len()];
            for member in &group.members {
                if group.rule == GroupRule::FirstOf && best.is_some() {
                    break;
                }
                let mut alone = before.clone();
                let (mut pays, mut fen) = (false, 0);
                for (at, rule) in self.rules_of(*member) {
                    match self.pay(rule, &mut alone) {
                        Ok(paid) => {
                            pays |= !paid.is_empty();
                            fen += paid.iter().filter(|p| p.2 == CASH).map(|p| self.figures(p).0).sum::<i64>();
                        }
                        Err(reason) => reasons[at] = Some(reason),
                    }
                }
                if pays && best.is_none_or(|(_, most)| fen > most) {
                    best = Some((*member, fen));
                }
            }
            if let Some((winner, _)) = best {
                for loser in group.members.iter().filter(|m| **m != winner) {
                    for (at, rule) in self.rules_of(*loser) {
                        let own = self.wants(rule).err().or(reasons[at]);
                        barred[at] = Some(own.unwrap_or(Refusal::GroupNotChosen(winner)));
                    }
                }
            }
        }
        let mut state = before.clone();
        let outcomes = self.program.rules.iter().zip(barred).map(|(rule, barred)| match barred {
            Some(reason) => Err(reason),
            None => match self.pay(rule, &mut state) {
                Ok(paid) if paid.is_empty() => Err(Refusal::NothingDue),
                outcome => outcome,
            },
        });
        (outcomes.collect(), state)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn settle_means_what_the_naive_model_says(p in programs(), events in events()) {
        let mut state = Store::default();
        for event in &events {
            let decision = decide(&p, event, &state);
            let (outcomes, after) = Naive { program: &p, event }.decide(&state);
            for (id, outcome) in (0..).map(RuleId).zip(outcomes) {
                let awards = decision.awards.iter().filter(|a| a.rule == id);
                let awards: Vec<_> = awards.map(|a| (a.role, a.payee, a.kind, a.amount, a.tax, a.arrives())).collect();
                let refusal = decision.refusals.iter().find(|r| r.rule == id).map(|r| r.refusal);
                let naive = Naive { program: &p, event };
                let expected = outcome.as_ref().ok().into_iter().flatten().map(|paid| {
                    let (arrives, tax, _) = naive.figures(paid);
                    (paid.0, paid.1, paid.2, paid.3, tax, arrives)
                });
                prop_assert_eq!(awards, expected.collect::<Vec<_>>(), "{:?}", id);
                prop_assert_eq!(refusal, outcome.err(), "{:?}", id);
            }
            state.apply(event, &decision);
            let some = |s: &Store| s.counters.iter().filter(|(_, v)| **v != 0).map(|(k, v)| (*k, *v)).collect::<Vec<_>>();
            prop_assert_eq!(some(&state), some(&after));
            state = after;
        }
    }
}
