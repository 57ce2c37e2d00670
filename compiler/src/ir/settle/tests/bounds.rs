//! Amounts, payees, limits, budgets and their guards.

use super::world::*;
use crate::ir::settle::*;
use crate::ir::*;

fn used(key: crate::ir::key::StateKey, value: i64) -> Store {
    Store { counters: [(key, value)].into(), ..Store::default() }
}

#[test]
fn gates_and_conditions_are_refused_in_order() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 10)]);
    p.last().gates = vec![Gate { word: AMOUNT, set: IntervalSet::range(0, 50), kind: GateKind::Regions }];
    p.rule(vec![(STORE, CASH, 10)]);
    let no = Test::InSet(AMOUNT, IntervalSet::one(1));
    let yes = Test::Node(NodeId(0));
    p.last().conditions = [yes, no.clone(), no].map(|test| Condition { test, at: AT }).to_vec();
    let event = opened("S", "");
    let decision = decide(&p, &event, &EmptyState);
    assert_eq!(refusals(&decision), [Refusal::OutOfScope(GateKind::Regions), Refusal::Condition(2)]);
    assert!(decision.awards.is_empty() && decision.changes.is_empty() && decision.guards.is_empty());
}

#[test]
fn an_award_needs_an_amount_and_a_payee() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 0), (STORE, CASH, -5)]);
    p.rule(vec![(REP_ROLE, CASH, 10)]);
    p.rule(vec![(REP_ROLE, CASH, 10), (STORE, CASH, 7)]);
    p.rule(vec![(REP_ROLE, CASH, 10)]);
    let instead = Payee { role: STORE, id: party(STORE) };
    p.last().awards[0].payees.push(instead);
    let decision = decide(&p, &opened("S", ""), &EmptyState);
    assert_eq!(refusals(&decision), [Refusal::NothingDue, Refusal::UnknownParty]);
    assert_eq!(paid(&decision), [(STORE, 7), (STORE, 10)]);
    assert_eq!(decision.awards[0].award, 1);
    assert_eq!(decision.awards[1].payee.text().as_deref(), Some("S"));
    let decision = decide(&p, &opened("S", "R"), &EmptyState);
    assert_eq!(paid(&decision), [(REP_ROLE, 10), (REP_ROLE, 10), (STORE, 7), (REP_ROLE, 10)]);
}

#[test]
fn once_is_counted_and_then_refuses() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 10)]);
    let once = p.limit(1, LimitUnit::Times, Beyond::Skip);
    p.limits[0].once = true;
    p.last().limits = vec![per(once, vec![KeyPart::Id { word: CODE, present: None }])];
    let event = opened("S", "");
    let key = p.limit_key(once, "C1", &event);
    let decision = decide(&p, &event, &EmptyState);
    let claimed = key::claimant(Id::from_text("S").unwrap());
    assert_eq!(decision.changes, [Change { key, delta: claimed }]);
    assert_eq!(decision.guards, [Guard { key, lo: i64::MIN, hi: 0 }]);
    let mut state = Store::default();
    state.apply(&event, &decision);
    let again = decide(&p, &event, &state);
    assert_eq!(refusals(&again), [Refusal::AlreadyPaid]);
    assert!(again.awards.is_empty() && again.changes.is_empty());
    assert_eq!(again.guards, [Guard { key, lo: claimed, hi: claimed }]);
    let other = decide(&p, &opened("S2", ""), &state);
    assert_eq!(refusals(&other), [Refusal::ClaimedByAnother]);
    assert!(other.awards.is_empty() && other.changes.is_empty());
    // Claimed before it was kept by whom, or by an event without an actor: nobody is called another.
    let unknown = decide(&p, &opened("S2", ""), &used(key, key::UNKNOWN_CLAIMANT));
    assert_eq!(refusals(&unknown), [Refusal::AlreadyPaid]);
    p.schema.events[OPEN_BOX.index()].actor = None;
    assert_eq!(refusals(&decide(&p, &opened("S2", ""), &state)), [Refusal::AlreadyPaid]);
    assert_eq!(decide(&p, &opened("S2", ""), &EmptyState).changes, [Change { key, delta: key::UNKNOWN_CLAIMANT }]);
}

#[test]
fn a_limit_by_an_unknown_party_refuses() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 10)]);
    let limit = p.limit(5, LimitUnit::Times, Beyond::Skip);
    p.last().limits = vec![per(limit, vec![party(REP_ROLE)])];
    assert_eq!(refusals(&decide(&p, &opened("S", ""), &EmptyState)), [Refusal::UnknownParty]);
    assert_eq!(paid(&decide(&p, &opened("S", "R"), &EmptyState)), [(STORE, 10)]);
}

#[test]
fn a_limit_of_one_role_stops_only_that_role() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 10), (REP_ROLE, CASH, 3)]);
    let limit = p.limit(2, LimitUnit::Times, Beyond::Skip);
    p.limits[0].only_role = Some(REP_ROLE);
    p.last().limits = vec![per(limit, vec![party(REP_ROLE)])];
    let event = opened("S", "R");
    let key = p.limit_key(limit, "R", &event);
    assert_eq!(paid(&decide(&p, &event, &used(key, 1))), [(STORE, 10), (REP_ROLE, 3)]);
    let over = decide(&p, &event, &used(key, 2));
    assert_eq!(paid(&over), [(STORE, 10)]);
    assert!(over.changes.is_empty(), "nobody of the role was paid");
    // The rep is unknown: the limit does not concern the store.
    let unknown = decide(&p, &opened("S", ""), &EmptyState);
    assert_eq!(paid(&unknown), [(STORE, 10)]);
    assert!(unknown.changes.is_empty() && unknown.guards.is_empty());
}

#[test]
fn a_limit_in_fen_skips_or_cuts() {
    for (beyond, stored, expect, delta) in [
        (Beyond::Skip, 70, vec![(STORE, 20), (REP_ROLE, 10), (STORE, 1)], 30),
        (Beyond::Skip, 71, vec![], 0),
        (Beyond::Cut, 70, vec![(STORE, 20), (REP_ROLE, 10), (STORE, 1)], 30),
        (Beyond::Cut, 75, vec![(STORE, 20), (REP_ROLE, 5), (STORE, 1)], 25),
        (Beyond::Cut, 90, vec![(STORE, 10), (STORE, 1)], 10),
        (Beyond::Cut, 100, vec![(STORE, 1)], 0),
        (Beyond::Cut, 900, vec![(STORE, 1)], 0),
    ] {
        let mut p = program();
        p.policy("a");
        p.rule(vec![(STORE, CASH, 20), (REP_ROLE, CASH, 10), (STORE, POINTS, 1)]);
        let limit = p.limit(100, LimitUnit::Fen, beyond);
        p.last().limits = vec![per(limit, vec![party(STORE)])];
        let event = opened("S", "R");
        let key = p.limit_key(limit, "S", &event);
        let decision = decide(&p, &event, &used(key, stored));
        assert_eq!(paid(&decision), expect, "{beyond:?} {stored}");
        assert_eq!(decision.changes.iter().map(|c| c.delta).sum::<i64>(), delta, "{beyond:?} {stored}");
        if expect.is_empty() {
            assert_eq!(refusals(&decision), [Refusal::Limit(limit)]);
        }
    }
}

#[test]
fn nothing_left_of_a_cut_limit_refuses() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 20)]);
    let limit = p.limit(100, LimitUnit::Fen, Beyond::Cut);
    p.last().limits = vec![per(limit, vec![party(STORE)])];
    let event = opened("S", "R");
    let key = p.limit_key(limit, "S", &event);
    let decision = decide(&p, &event, &used(key, 100));
    assert_eq!(refusals(&decision), [Refusal::Limit(limit)]);
    assert_eq!(decision.guards, [Guard { key, lo: 100, hi: i64::MAX }]);
}

#[test]
fn a_budget_stops_or_pays_what_is_left() {
    // 20 fen, 2 pieces at 30 fen, 10 fen: 90 in all.
    let awards = || vec![(STORE, CASH, 20), (STORE, GOODS, 2), (REP_ROLE, CASH, 10)];
    for (used_up, stored, expect) in [
        (Beyond::Skip, 10, vec![20, 2, 10]),
        (Beyond::Skip, 11, vec![]),
        (Beyond::Cut, 11, vec![20, 2, 9]),
        // 79 left: the goods no longer fit behind the first 20, the rep is paid.
        (Beyond::Cut, 21, vec![20, 10]),
        (Beyond::Cut, 20, vec![20, 2]),
        (Beyond::Cut, 95, vec![5]),
        (Beyond::Cut, 100, vec![]),
        (Beyond::Cut, 1_000, vec![]),
    ] {
        let mut p = program();
        p.policy("a");
        p.rule(awards());
        let budget = p.budget(100, used_up);
        p.policies[0].budget = Some(budget);
        let key = p.budget_key(budget);
        let decision = decide(&p, &opened("S", "R"), &used(key, stored));
        let amounts: Vec<i64> = decision.awards.iter().map(|a| a.amount).collect();
        assert_eq!(amounts, expect, "{used_up:?} {stored}");
        if expect.is_empty() {
            assert_eq!(refusals(&decision), [Refusal::Budget]);
            assert!(decision.changes.is_empty());
        }
    }
}

#[test]
fn points_cost_no_budget() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, POINTS, 20)]);
    let budget = p.budget(0, Beyond::Skip);
    p.policies[0].budget = Some(budget);
    let decision = decide(&p, &opened("S", "R"), &EmptyState);
    assert_eq!(paid(&decision), [(STORE, 20)]);
    assert!(decision.changes.is_empty() && decision.guards.is_empty());
}

#[test]
fn a_blank_draw_uses_up_the_chance() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 0)]);
    p.last().inputs = vec![Input::Draw(0)];
    // Wins 50 if the draw out of ten is 9.
    p.last().nodes = vec![
        Node::Input(InputId(0)),
        Node::Uniform(NodeId(0), 10),
        Node::Within(NodeId(1), 9, 10),
        Node::Const(50),
        Node::Mul(NodeId(2), NodeId(3)),
    ];
    p.last().awards[0].amount = NodeId(4);
    p.last().consumes_when_nothing = true;
    let once = p.limit(1, LimitUnit::Times, Beyond::Skip);
    p.limits[0].once = true;
    p.last().limits = vec![per(once, vec![KeyPart::Id { word: CODE, present: None }])];
    let event = opened("S", "");
    let key = p.limit_key(once, "C1", &event);
    let blank = reference_decide(&p, &event, &EmptyState, &Always(0)).unwrap();
    assert_eq!(refusals(&blank), [Refusal::NothingDue]);
    assert_eq!(blank.changes, [Change { key, delta: key::claimant(Id::from_text("S").unwrap()) }]);
    let won = reference_decide(&p, &event, &EmptyState, &Always(u64::MAX)).unwrap();
    assert_eq!(paid(&won), [(STORE, 50)]);
    let late = reference_decide(&p, &event, &used(key, 1), &Always(0)).unwrap();
    assert_eq!(refusals(&late), [Refusal::AlreadyPaid]);
    p.last().consumes_when_nothing = false;
    let free = reference_decide(&p, &event, &EmptyState, &Always(0)).unwrap();
    assert_eq!(refusals(&free), [Refusal::NothingDue]);
    assert!(free.changes.is_empty());
}

#[test]
fn draws_are_keyed_by_the_entitlement() {
    struct Seen(std::cell::RefCell<Vec<(u64, u32, u32, u128)>>);
    impl Draws for Seen {
        fn draw(&self, policy: u64, rule: u32, n: u32, entitlement: u128) -> u64 {
            self.0.borrow_mut().push((policy, rule, n, entitlement));
            0
        }
    }
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 1)]);
    p.last().inputs = vec![Input::Draw(0), Input::Draw(1)];
    p.last().entitlement = vec![KeyPart::Id { word: CODE, present: None }];
    p.rule(vec![(STORE, CASH, 1)]);
    p.last().inputs = vec![Input::Draw(0)];
    let seen = Seen(Default::default());
    reference_decide(&p, &opened("S", ""), &EmptyState, &seen).unwrap();
    let (key, id) = (p.policies[0].key, |t: &str| record::Id::from_text(t).unwrap().0);
    let expect = [(key, 1, 0, id("C1")), (key, 1, 1, id("C1")), (key, 2, 0, id("e1"))];
    assert_eq!(*seen.0.borrow(), expect);
}

#[test]
fn keyed_draws_differ_in_every_part_and_repeat() {
    let draws = KeyedDraws::new([7; 32]);
    let base = draws.draw(1, 2, 3, 4);
    assert_eq!(base, KeyedDraws::new([7; 32]).draw(1, 2, 3, 4));
    let others = [draws.draw(2, 2, 3, 4), draws.draw(1, 3, 3, 4), draws.draw(1, 2, 4, 4), draws.draw(1, 2, 3, 5)];
    assert!(others.iter().all(|o| *o != base));
    assert_ne!(KeyedDraws::new([8; 32]).draw(1, 2, 3, 4), base);
}

#[test]
fn rules_of_one_event_share_limits_and_budgets() {
    let mut p = program();
    p.policy("a");
    let limit = p.limit(100, LimitUnit::Fen, Beyond::Cut);
    let budget = p.budget(90, Beyond::Cut);
    p.policies[0].budget = Some(budget);
    for amount in [60, 0, 60, 60] {
        p.rule(vec![(STORE, CASH, amount)]);
        p.last().limits = vec![per(limit, vec![party(STORE)])];
    }
    let event = opened("S", "R");
    let decision = decide(&p, &event, &EmptyState);
    assert_eq!(paid(&decision), [(STORE, 60), (STORE, 30)]);
    assert_eq!(refusals(&decision), [Refusal::NothingDue, Refusal::Budget]);
    let (limit, budget) = (p.limit_key(limit, "S", &event), p.budget_key(budget));
    assert_eq!(decision.changes, [Change { key: limit, delta: 90 }, Change { key: budget, delta: 90 }]);
}

#[test]
fn a_rule_refused_late_uses_nothing() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 60)]);
    let once = p.limit(1, LimitUnit::Times, Beyond::Skip);
    p.last().limits = vec![per(once, vec![party(STORE)])];
    let budget = p.budget(59, Beyond::Skip);
    p.policies[0].budget = Some(budget);
    let decision = decide(&p, &opened("S", "R"), &EmptyState);
    assert_eq!(refusals(&decision), [Refusal::Budget]);
    assert!(decision.changes.is_empty());
}
