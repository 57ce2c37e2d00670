//! Measures, links, faults and the read plan.

use super::world::*;
use crate::ir::key::{StateKey, stable_id, window_id};
use crate::ir::record::{EventRecord, Id};
use crate::ir::settle::*;
use crate::ir::*;

/// Pays as many fen as the store's measure of this month says.
fn measured(add: Option<Word>) -> Program {
    let mut p = program();
    let only = vec![(AMOUNT, IntervalSet::range(1, 1000))];
    let contribution = Contribution { event: OPEN_BOX, only, linked: vec![], key: vec![party(STORE)], add };
    p.measures = vec![Measure {
        counter: stable_id("opened"),
        window: Window::Month,
        max: 500,
        contributions: vec![contribution],
        paid: None,
        at: AT,
    }];
    p.policy("a");
    p.rule(vec![(STORE, CASH, 0)]);
    p.last().inputs = vec![of(party(STORE), Windows::THIS)];
    p.last().nodes = vec![Node::Input(InputId(0))];
    p
}

fn of(key: KeyPart, windows: Windows) -> Input {
    Input::Measure(MeasureUse { measure: MeasureId(0), key: vec![key], windows })
}

fn month_key(event: &EventRecord, who: &str) -> StateKey {
    let entity = Id::from_text(who).unwrap().0;
    StateKey { counter: stable_id("opened"), entity, window: window_id(Window::Month, event.day()) }
}

#[test]
fn a_measure_includes_this_event() {
    let p = measured(None);
    let event = opened("S", "");
    let key = month_key(&event, "S");
    let first = decide(&p, &event, &EmptyState);
    assert_eq!(paid(&first), [(STORE, 1)]);
    assert_eq!(first.changes, [Change { key, delta: 1 }]);
    assert_eq!(first.guards, [Guard { key, lo: 0, hi: 0 }]);
    let mut state = Store::default();
    state.apply(&event, &first);
    assert_eq!(paid(&decide(&p, &event, &state)), [(STORE, 2)]);
    let summed = measured(Some(AMOUNT));
    assert_eq!(paid(&decide(&summed, &event, &state)), [(STORE, 101)]);
}

#[test]
fn an_event_outside_the_filter_does_not_count_and_the_measure_is_still_read() {
    let p = measured(Some(AMOUNT));
    let event = event(OPEN_BOX, "e", 1_769_911_200, "C", "S", "", 1000);
    let state = Store { counters: [(month_key(&event, "S"), 42)].into(), ..Store::default() };
    let decision = decide(&p, &event, &state);
    assert_eq!(paid(&decision), [(STORE, 42)]);
    assert!(decision.changes.is_empty());
}

#[test]
fn measures_count_even_if_nothing_is_paid() {
    let mut p = measured(None);
    p.last().conditions = vec![Condition { test: Test::InSet(AMOUNT, IntervalSet::empty()), at: AT }];
    let event = opened("S", "");
    let decision = decide(&p, &event, &EmptyState);
    assert_eq!(refusals(&decision), [Refusal::Condition(1)]);
    assert_eq!(decision.changes, [Change { key: month_key(&event, "S"), delta: 1 }]);
}

#[test]
fn a_measure_outside_its_range_is_a_fault_and_no_decision() {
    let p = measured(None);
    let event = opened("S", "");
    let key = month_key(&event, "S");
    for stored in [500, i64::MAX, -2, i64::MIN] {
        let state = Store { counters: [(key, stored)].into(), ..Store::default() };
        let fault = reference_decide(&p, &event, &state, &Always(0));
        assert!(matches!(fault, Err(StateFault::Measure { measure: MeasureId(0), key: k, .. }) if k == key));
    }
    let state = Store { counters: [(key, 499)].into(), ..Store::default() };
    assert_eq!(paid(&decide(&p, &event, &state)), [(STORE, 500)]);
}

#[test]
fn a_measure_of_an_unknown_party_is_zero() {
    let mut p = measured(None);
    p.last().inputs = vec![of(party(REP_ROLE), Windows::THIS)];
    let decision = decide(&p, &opened("S", ""), &EmptyState);
    assert_eq!(refusals(&decision), [Refusal::NothingDue]);
    assert!(decision.guards.is_empty());
}

/// On open_bottle: pays the guide who scanned this bottle the amount of that scan, within a day, if another person.
fn linked(within: Option<i64>) -> (Program, LinkUse) {
    let mut p = program();
    let counter = stable_id("last guide_scan");
    p.links = vec![Link { counter, event: GUIDE_SCAN, code: Some(CODE), only: vec![], given: None, drawn: None }];
    let code = KeyPart::Id { word: CODE, present: None };
    let link =
        LinkUse { within: within.map(Term::Seconds), another: Some((ACTOR, ACTOR)), ..LinkUse::of(LinkId(0), code) };
    p.policy("a");
    p.rule(vec![(STORE, CASH, 0)]);
    let rule = p.last();
    rule.event = OPEN_BOTTLE;
    rule.inputs = vec![Input::LinkPresent(link.clone()), Input::LinkWord(link.clone(), AMOUNT)];
    rule.nodes = vec![Node::Input(InputId(0)), Node::Input(InputId(1))];
    rule.conditions = vec![Condition { test: Test::Node(NodeId(0)), at: AT }];
    rule.awards[0].amount = NodeId(1);
    rule.awards[0].payees =
        vec![Payee { role: STORE, id: KeyPart::LinkId { link: link.clone(), word: ACTOR, present: None } }];
    (p, link)
}

#[test]
fn a_link_needs_the_code_the_time_and_another_person() {
    let (p, _) = linked(Some(86_400));
    let scan = event(GUIDE_SCAN, "g", 1_000_000, "B1", "G", "", 300);
    let mut state = Store::default();
    let set = decide(&p, &scan, &state);
    assert_eq!(set.links.len(), 1);
    state.apply(&scan, &set);
    let open = |at: i64, code: &str, who: &str| decide(&p, &event(OPEN_BOTTLE, "o", at, code, who, "", 1), &state);
    let won = open(1_086_400, "B1", "C");
    assert_eq!(paid(&won), [(STORE, 300)]);
    assert_eq!(won.awards[0].payee.text().as_deref(), Some("G"));
    assert!(won.links.is_empty());
    for (why, decision) in [
        ("too late", open(1_086_401, "B1", "C")),
        ("before the scan", open(999_999, "B1", "C")),
        ("another bottle", open(1_000_001, "B2", "C")),
        ("the same person", open(1_000_001, "B1", "G")),
        ("nobody", open(1_000_001, "B1", "")),
    ] {
        assert_eq!(refusals(&decision), [Refusal::Condition(1)], "{why}");
    }
}

#[test]
fn the_last_event_replaces_the_one_before() {
    let (p, _) = linked(None);
    let mut state = Store::default();
    for (guide, amount) in [("G1", 10), ("G2", 20)] {
        let scan = event(GUIDE_SCAN, guide, 1_000_000, "B1", guide, "", amount);
        let decision = decide(&p, &scan, &state);
        state.apply(&scan, &decision);
    }
    let decision = decide(&p, &event(OPEN_BOTTLE, "o", 9_000_000, "B1", "C", "", 1), &state);
    assert_eq!(paid(&decision), [(STORE, 20)]);
}

#[test]
fn a_link_of_another_layout_or_out_of_bounds_is_a_fault() {
    let (p, _) = linked(None);
    let key = StateKey { counter: stable_id("last guide_scan"), entity: Id::from_text("B1").unwrap().0, window: 0 };
    let good = event(GUIDE_SCAN, "g", 1_000_000, "B1", "G", "", 300).words;
    let (mut short, mut wild) = (good.clone(), good.clone());
    short.pop();
    wild[AMOUNT.index()] = 1_001;
    for (words, fine) in [(good, true), (short, false), (wild, false), (vec![], false)] {
        let state = Store { links: [(key, words)].into(), ..Store::default() };
        let result = reference_decide(&p, &event(OPEN_BOTTLE, "o", 9_000_000, "B1", "C", "", 1), &state, &Always(0));
        match result {
            Ok(decision) => assert!(fine && !decision.awards.is_empty()),
            Err(fault) => assert!(!fine && fault == StateFault::Link { link: LinkId(0), key }),
        }
    }
}

#[test]
fn arithmetic_outside_the_proven_range_is_a_fault_only_if_it_is_used() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, i64::MAX)]);
    p.last().nodes.extend([
        Node::Add(NodeId(0), NodeId(0)),
        Node::Const(1),
        Node::Select(NodeId(2), NodeId(2), NodeId(1)),
    ]);
    p.last().awards[0].amount = NodeId(3);
    assert_eq!(paid(&decide(&p, &opened("S", ""), &EmptyState)), [(STORE, 1)]);
    p.last().awards[0].amount = NodeId(1);
    let fault = reference_decide(&p, &opened("S", ""), &EmptyState, &Always(0));
    assert_eq!(fault, Err(StateFault::Arithmetic { rule: RuleId(0) }));
}

#[test]
fn the_plan_names_every_key_that_is_read() {
    let (mut p, link) = linked(Some(86_400));
    let guide = KeyPart::LinkId { link, word: ACTOR, present: None };
    let limit = p.limit(3, LimitUnit::Times, Beyond::Skip);
    p.last().limits = vec![per(limit, vec![guide])];
    let budget = p.budget(1_000, Beyond::Skip);
    p.policies[0].budget = Some(budget);
    let scan = event(GUIDE_SCAN, "g", 1_000_000, "B1", "G", "", 300);
    let mut store = Store::default();
    let decision = decide(&p, &scan, &store);
    store.apply(&scan, &decision);

    let open = event(OPEN_BOTTLE, "o", 1_000_001, "B1", "C", "", 1);
    let candidates = rules_of(&p, OPEN_BOTTLE);
    let mut keys = vec![];
    assert!(!plan::link_keys(&p, &open, &candidates, &EmptyState, &mut keys), "no link of another link's party");
    let mut snapshot = Snapshot::default();
    for key in &keys {
        if let Some(words) = store.link(key) {
            snapshot.set_link(*key, words);
        }
    }
    plan::counter_keys(&p, &open, &candidates, &snapshot, &mut keys);
    assert_eq!(keys.len(), 2);
    assert!(keys.contains(&p.limit_key(limit, "G", &open)) && keys.contains(&p.budget_key(budget)));
    keys.iter().for_each(|key| snapshot.set_counter(*key, store.counter(key)));
    assert_eq!(decide(&p, &open, &snapshot), decide(&p, &open, &store));
    assert_eq!(paid(&decide(&p, &open, &snapshot)), [(STORE, 300)]);
}

#[test]
fn unexpected_words_never_panic() {
    let (mut p, _) = linked(Some(i64::MAX));
    p.rules.extend(measured(Some(AMOUNT)).rules);
    for words in [vec![], vec![i64::MIN; 3], vec![i64::MAX; 12], vec![i64::MIN; 40], vec![-1; 12]] {
        for kind in 0..5 {
            let event = EventRecord { event: EventId(kind), words: words.clone() };
            let _ = reference_decide(&p, &event, &EmptyState, &Always(5));
            assert!(event.check(&p.schema).is_err());
        }
    }
    assert_eq!(opened("S", "R").check(&p.schema), Ok(()));
}
