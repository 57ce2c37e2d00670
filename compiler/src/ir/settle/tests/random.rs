//! Properties over random programs of shared limits, budgets and groups.

use super::world::*;
use crate::ir::eval::Interpreter;
use crate::ir::settle::*;
use crate::ir::*;
use proptest::prelude::*;

/// A random program: a few policies, each with a few rules, over shared limits and budgets.
pub(super) fn programs() -> impl Strategy<Value = Program> {
    let limit = (0i64..4, any::<bool>(), any::<bool>(), 0u32..3, any::<bool>());
    let limits = prop::collection::vec(limit, 1..4);
    let budgets = prop::collection::vec((0i64..300, any::<bool>()), 1..3);
    let award = (0u32..2, 0u32..3, -1i64..60, prop::option::of(any::<bool>()));
    let tax = prop_oneof![Just(200_000), 0i64..1_000_000];
    let rule = (
        prop::collection::vec(award, 0..3),
        prop::collection::vec((0usize..4, any::<bool>()), 0..3),
        any::<bool>(),
        0i64..200,
    );
    let policy = (prop::collection::vec(rule, 1..4), prop::option::of(0usize..3), prop::option::of(0usize..2));
    let policies = prop::collection::vec(policy, 1..6);
    (limits, budgets, policies, tax).prop_map(|(limits, budgets, policies, tax)| {
        let mut p = program();
        p.kinds[CASH.index()].tax = Some(tax);
        for (max, fen, cut, role, once) in limits {
            let (unit, scale) = if fen { (LimitUnit::Fen, 40) } else { (LimitUnit::Times, 1) };
            let id = p.limit(max * scale, unit, if cut { Beyond::Cut } else { Beyond::Skip });
            p.limits[id.index()].only_role = (role < 2).then_some(role);
            p.limits[id.index()].once = once;
        }
        for (max, cut) in budgets {
            p.budget(max, if cut { Beyond::Cut } else { Beyond::Skip });
        }
        let mut groups = [vec![], vec![]];
        for (i, (rules, group, budget)) in policies.into_iter().enumerate() {
            let id = p.policy(&format!("p{i}"));
            p.policies[i].budget = budget.map(|b| BudgetId((b % p.budgets.len()) as u32));
            if let Some(group) = group.and_then(|g| groups.get_mut(g)) {
                group.push(id);
            }
            for (awards, limits, consumes, upto) in rules {
                p.rule(awards.iter().map(|(role, kind, n, _)| (*role, KindId(*kind), *n)).collect());
                let count = p.limits.len();
                let rule = p.last();
                for (award, (.., net)) in rule.awards.iter_mut().zip(awards) {
                    award.net = net.filter(|_| award.kind == CASH);
                }
                rule.consumes_when_nothing = consumes;
                rule.gates = vec![Gate { word: AMOUNT, set: IntervalSet::range(0, upto), kind: GateKind::Products }];
                let key = |by_rep| vec![party(if by_rep { REP_ROLE } else { STORE })];
                rule.limits =
                    limits.into_iter().map(|(l, by_rep)| per(LimitId((l % count) as u32), key(by_rep))).collect();
            }
        }
        let [best, first] = groups;
        p.group(GroupRule::BestOf, best);
        p.group(GroupRule::FirstOf, first);
        p
    })
}

pub(super) fn events() -> impl Strategy<Value = Vec<crate::ir::record::EventRecord>> {
    let one = (0i64..3, 0usize..2, 0usize..3, 0i64..200);
    prop::collection::vec(one, 1..12).prop_map(|all| {
        let make = |(i, (day, store, rep, amount)): (usize, (i64, usize, usize, i64))| {
            let (store, rep) = (["S1", "S2"][store], ["", "R1", "R2"][rep]);
            event(OPEN_BOX, &format!("e{i}"), 1_769_911_200 + day * 86_400, "C", store, rep, amount)
        };
        all.into_iter().enumerate().map(make).collect()
    })
}

/// A decision without its guards, which say how wide it holds and not what it is.
fn outcome(mut decision: Decision) -> Decision {
    decision.guards.clear();
    decision
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn limits_and_budgets_are_never_exceeded(p in programs(), events in events()) {
        let mut state = Store::default();
        for event in &events {
            let decision = decide(&p, event, &state);
            state.apply(event, &decision);
            for (key, value) in &state.counters {
                // What a `once` holds is no count.
                if p.limits.iter().any(|l| l.counter == key.counter && l.once && l.unit == LimitUnit::Times) {
                    continue;
                }
                let limit = p.limits.iter().find(|l| l.counter == key.counter).map(|l| l.max);
                let max = limit.or(p.budgets.iter().find(|b| b.counter == key.counter).map(|b| b.max));
                prop_assert!((0..=max.unwrap()).contains(value), "{key:?} {value}");
            }
        }
        // The counters are what was paid: budgets hold the cost of every award made.
        let mut state = Store::default();
        let mut spent = vec![0i64; p.budgets.len()];
        for event in &events {
            let decision = decide(&p, event, &state);
            state.apply(event, &decision);
            for award in &decision.awards {
                let rule = &p.rules[award.rule.index()];
                prop_assert!(award.amount > 0);
                if let Some(budget) = p.policies[rule.policy.index()].budget {
                    prop_assert_eq!(award.gross() - award.arrives(), award.tax);
                    spent[budget.index()] += award.gross() * rule.awards[award.award as usize].unit_cost;
                }
            }
        }
        for (budget, spent) in (0..).map(BudgetId).zip(spent) {
            prop_assert_eq!(state.counter(&p.budget_key(budget)), spent);
        }
    }

    #[test]
    fn every_candidate_pays_or_says_why(p in programs(), events in events()) {
        let mut state = Store::default();
        for event in &events {
            let decision = decide(&p, event, &state);
            for rule in rules_of(&p, event.event) {
                let pays = decision.awards.iter().any(|a| a.rule == rule);
                let reasons = decision.refusals.iter().filter(|r| r.rule == rule).count();
                prop_assert_eq!(usize::from(!pays), reasons);
            }
            for group in p.groups.iter().filter(|g| g.rule != GroupRule::AllOf) {
                let pays = |m: &PolicyId| decision.awards.iter().any(|a| p.rules[a.rule.index()].policy == *m);
                prop_assert!(group.members.iter().filter(|m| pays(m)).count() <= 1);
            }
            state.apply(event, &decision);
        }
    }

    #[test]
    fn inside_its_guards_a_decision_does_not_change(p in programs(), events in events(), at in any::<[u8; 8]>()) {
        let mut state = Store::default();
        for event in &events {
            let decision = decide(&p, event, &state);
            let mut moved = state.clone();
            for (guard, at) in decision.guards.iter().zip(at.iter().cycle()) {
                let stored = state.counter(&guard.key);
                prop_assert!((guard.lo..=guard.hi).contains(&stored), "the value read is inside");
                // An end of the interval, or somewhere near the value read.
                let value = match at % 4 {
                    0 => guard.lo.max(stored.saturating_sub(1_000)),
                    1 => guard.hi.min(stored.saturating_add(1_000)),
                    _ => (stored + i64::from(*at) / 4 - 32).clamp(guard.lo, guard.hi),
                };
                moved.counters.insert(guard.key, value);
            }
            prop_assert_eq!(outcome(decide(&p, event, &moved)), outcome(decision.clone()));
            state.apply(event, &decision);
        }
    }

    #[test]
    fn picked_candidates_give_the_awards_of_all(p in programs(), events in events()) {
        let mut state = Store::default();
        let (mut scratch, mut fast) = (Scratch::default(), Decision::default());
        for event in &events {
            let all = decide(&p, event, &state);
            let in_scope = |id: &RuleId| {
                let gates = &p.rules[id.index()].gates;
                gates.iter().all(|g| g.set.contains(event.words[g.word.index()]))
            };
            let picked: Vec<RuleId> = rules_of(&p, event.event).into_iter().filter(in_scope).collect();
            let runner = Interpreter(&p);
            settle(&p, event, &picked, Mode::Scoped, &runner, &state, &Always(0), &mut scratch, &mut fast).unwrap();
            prop_assert_eq!(&fast.awards, &all.awards);
            prop_assert_eq!(&fast.changes, &all.changes);
            prop_assert_eq!(&fast.guards, &all.guards);
            let in_scope = all.refusals.iter().filter(|r| !matches!(r.refusal, Refusal::OutOfScope(_)));
            prop_assert!(in_scope.eq(&fast.refusals));
            state.apply(event, &all);
        }
    }
}
