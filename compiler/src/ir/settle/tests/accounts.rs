//! Accounts: what is given and taken, on hand-built programs and on random ones.

use super::random::{events, programs};
use super::world::*;
use crate::ir::settle::*;
use crate::ir::*;
use proptest::prelude::*;

const BALANCE: MeasureId = MeasureId(0);

/// The balance of points of stores, and their points given in a month.
fn accounts() -> Vec<Measure> {
    let account = |counter, window, balance| Measure {
        counter,
        window,
        max: 1_000_000,
        contributions: vec![],
        paid: Some(Paid { kind: POINTS, item: None, role: STORE, balance }),
        at: AT,
    };
    vec![account(901, Window::Ever, true), account(902, Window::Month, false)]
}

fn open_box(at: i64, id: &str) -> crate::ir::record::EventRecord {
    event(OPEN_BOX, id, at, "C", "S1", "R1", 10)
}

/// One rule gives 30 points, the next takes as many as told and gives 5 yuan.
fn exchange(takes: i64) -> Program {
    let mut p = program();
    p.measures = accounts();
    p.policy("earn");
    p.rule(vec![(STORE, POINTS, 30)]);
    p.policy("spend");
    p.rule(vec![(STORE, POINTS, takes), (STORE, CASH, 500)]);
    p.last().awards[0].flow = Flow::Take(BALANCE);
    p.last().awards[0].unit_cost = 0;
    p
}

fn amounts(decision: &Decision) -> Vec<i64> {
    decision.awards.iter().map(|a| a.amount).collect()
}

#[test]
fn an_account_holds_what_was_given_less_what_was_taken() {
    let p = exchange(50);
    let mut state = Store::default();
    let first = decide(&p, &open_box(1_769_911_200, "e1"), &state);
    assert_eq!(amounts(&first), [30]);
    assert_eq!(first.refusals.iter().map(|r| r.refusal).collect::<Vec<_>>(), [Refusal::Balance]);
    state.apply(&open_box(1_769_911_200, "e1"), &first);
    // 30 from before and 30 of this very event.
    let second = decide(&p, &open_box(1_769_911_201, "e2"), &state);
    assert_eq!(amounts(&second), [30, -50, 500]);
    state.apply(&open_box(1_769_911_201, "e2"), &second);
    let stored: Vec<i64> = state.counters.values().copied().filter(|v| *v != 0).collect();
    assert_eq!(stored, [10, 60], "the balance, and all that was given this month");
}

#[test]
fn an_exchange_is_made_whole_or_not_at_all() {
    let mut p = exchange(10);
    let budget = p.budget(400, Beyond::Cut);
    p.policies[1].budget = Some(budget);
    let decision = decide(&p, &open_box(1_769_911_200, "e1"), &Store::default());
    assert_eq!(amounts(&decision), [30]);
    assert_eq!(decision.refusals[0].refusal, Refusal::Budget);
    let mut p = exchange(10);
    let limit = p.limit(400, LimitUnit::Fen, Beyond::Cut);
    p.last().limits = vec![per(limit, vec![party(STORE)])];
    let decision = decide(&p, &open_box(1_769_911_200, "e1"), &Store::default());
    assert_eq!(amounts(&decision), [30]);
    assert_eq!(decision.refusals[0].refusal, Refusal::Limit(limit));
}

#[test]
fn what_another_party_pays_is_no_money_of_the_brand() {
    let mut p = program();
    p.policy("redeem");
    p.rule(vec![(STORE, CASH, 100)]);
    let rule = p.last();
    rule.awards[0].flow = Flow::Charge;
    rule.awards[0].unit_cost = 0;
    rule.awards[0].from = Some(Payee { role: REP_ROLE, id: party(REP_ROLE) });
    let limit = p.limit(50, LimitUnit::Fen, Beyond::Skip);
    p.last().limits = vec![per(limit, vec![party(STORE)])];
    let decision = decide(&p, &open_box(1_769_911_200, "e1"), &Store::default());
    assert_eq!(amounts(&decision), [100]);
    let from = crate::ir::record::Id::from_text("R1").map(|id| (REP_ROLE, id));
    assert_eq!(decision.awards[0].from, from);
    assert!(decision.changes.is_empty(), "neither limit nor budget");
}

#[test]
fn a_debt_reads_as_nothing_and_a_hoard_as_the_most_there_is() {
    let mut p = program();
    p.measures = accounts();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 0)]);
    p.last().inputs =
        vec![Input::Measure(MeasureUse { measure: BALANCE, key: vec![party(STORE)], windows: Windows::THIS })];
    p.last().nodes = vec![Node::Input(InputId(0))];
    let e = open_box(1_769_911_200, "e1");
    let paid = |stored: i64| {
        let mut state = Store::default();
        let key = decide(&exchange(1), &e, &state).changes[0].key;
        state.counters.insert(key, stored);
        reference_decide(&p, &e, &state, &Always(0)).map(|d| amounts(&d))
    };
    assert_eq!(paid(70), Ok(vec![70]));
    assert_eq!(paid(-70), Ok(vec![]));
    assert_eq!(paid(1_000_001), Ok(vec![1_000_000]));
}

/// Random programs in which every third award of points to a store is taken.
fn exchanges() -> impl Strategy<Value = Program> {
    programs().prop_map(|mut p| {
        p.measures = accounts();
        for (n, award) in (0..).zip(p.rules.iter_mut().flat_map(|r| &mut r.awards)) {
            if n % 3 == 0 && award.payees[0].role == STORE {
                award.kind = POINTS;
                award.flow = Flow::Take(BALANCE);
                award.unit_cost = 0;
            }
        }
        // `best of` compares sums of money and has no exchanges.
        p.groups[0].rule = GroupRule::FirstOf;
        p
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn accounts_are_the_sum_of_the_awards_and_never_overdrawn(p in exchanges(), events in events()) {
        let mut state = Store::default();
        let mut sum = std::collections::BTreeMap::<_, i64>::new();
        for event in &events {
            let decision = decide(&p, event, &state);
            for award in decision.awards.iter().filter(|a| (a.kind, a.role) == (POINTS, STORE)) {
                *sum.entry(award.payee.0).or_default() += award.amount;
            }
            for award in &decision.awards {
                let rule = &p.rules[award.rule.index()];
                let taken = rule.awards[award.award as usize].flow != Flow::Give;
                prop_assert_eq!(taken, award.amount < 0);
            }
            state.apply(event, &decision);
            for (key, value) in state.counters.iter().filter(|(key, _)| key.counter == 901) {
                prop_assert_eq!(sum.get(&key.entity).copied().unwrap_or(0), *value);
                prop_assert!(*value >= 0);
            }
        }
    }

    #[test]
    fn inside_its_guards_an_exchange_does_not_change(p in exchanges(), events in events(), at in any::<[u8; 8]>()) {
        let mut state = Store::default();
        for event in &events {
            let decision = decide(&p, event, &state);
            let mut moved = state.clone();
            for (guard, at) in decision.guards.iter().zip(at.iter().cycle()) {
                let stored = state.counter(&guard.key);
                prop_assert!((guard.lo..=guard.hi).contains(&stored));
                let (low, high) = (stored.saturating_sub(500), stored.saturating_add(500));
                let value = if at % 2 == 0 { guard.lo.max(low) } else { guard.hi.min(high) };
                moved.counters.insert(guard.key, value);
            }
            let mut again = decide(&p, event, &moved);
            again.guards.clone_from(&decision.guards);
            prop_assert_eq!(&again, &decision);
            state.apply(event, &decision);
        }
    }
}
