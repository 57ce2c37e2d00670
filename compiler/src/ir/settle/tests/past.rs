//! Several windows, links with filters, links of what was given, links of links, and gaps between payments.

use super::world::*;
use crate::ir::key::{StateKey, stable_id, window_before, window_id};
use crate::ir::record::{EventRecord, Id};
use crate::ir::settle::*;
use crate::ir::*;

const DAY: i64 = 86_400;
const NOON: i64 = 1_769_918_400;

/// Pays as many fen as the store's count over these windows says.
fn counted(windows: Windows) -> Program {
    let mut p = program();
    let key = vec![party(STORE)];
    let contribution = Contribution { event: OPEN_BOX, only: vec![], linked: vec![], key: key.clone(), add: None };
    p.measures = vec![Measure {
        counter: stable_id("opened"),
        window: Window::Day,
        max: 9,
        contributions: vec![contribution],
        paid: None,
        at: AT,
    }];
    p.policy("a");
    p.rule(vec![(STORE, CASH, 0)]);
    p.last().inputs = vec![Input::Measure(MeasureUse { measure: MeasureId(0), key, windows })];
    p.last().nodes = vec![Node::Input(InputId(0))];
    p
}

fn day_key(event: &EventRecord, back: u32) -> StateKey {
    let window = window_before(window_id(Window::Day, event.day()), back);
    StateKey { counter: stable_id("opened"), entity: Id::from_text("S").unwrap().0, window }
}

#[test]
fn windows_are_added_up_or_the_least_is_taken_and_each_is_guarded() {
    let event = event(OPEN_BOX, "e", NOON, "C", "S", "", 1);
    let stored = [(day_key(&event, 0), 4), (day_key(&event, 1), 3), (day_key(&event, 2), 1)];
    let state = Store { counters: stored.into(), ..Store::default() };
    for (first_back, count, fold, value) in [
        (0, 1, Fold::Sum, 5),
        (1, 1, Fold::Sum, 3),
        (0, 3, Fold::Sum, 9),
        (1, 2, Fold::Least, 1),
        (0, 2, Fold::Least, 3),
    ] {
        let p = counted(Windows { first_back, count, fold });
        let decision = decide(&p, &event, &state);
        assert_eq!(paid(&decision), [(STORE, value)], "{first_back} {count} {fold:?}");
        let guarded: Vec<StateKey> = decision.guards.iter().map(|g| g.key).collect();
        let read: Vec<StateKey> = (first_back..first_back + count).map(|back| day_key(&event, back)).collect();
        assert_eq!(guarded, read);
        let mut planned = vec![];
        plan::counter_keys(&p, &event, &rules_of(&p, OPEN_BOX), &EmptyState, &mut planned);
        assert!(read.iter().all(|key| planned.contains(key)));
    }
    // What is not there counts as zero, and the sum is bounded like one window.
    let four = counted(Windows { first_back: 0, count: 4, fold: Fold::Least });
    assert_eq!(refusals(&decide(&four, &event, &state)), [Refusal::NothingDue]);
    let mut more = state.clone();
    more.counters.insert(day_key(&event, 1), 4);
    let sum = counted(Windows { first_back: 0, count: 3, fold: Fold::Sum });
    let fault = reference_decide(&sum, &event, &more, &Always(0));
    assert!(matches!(fault, Err(StateFault::Measure { value: 10, .. })), "{fault:?}");
}

/// On open_box pays the store 5; a link remembers those of 10 or more, one those that gave cash, one points.
fn remembering() -> Program {
    let mut p = program();
    let link = |name: &str, only, given| {
        let counter = stable_id(name);
        Link { counter, event: OPEN_BOX, code: Some(ACTOR), only, given, drawn: None }
    };
    p.links = vec![
        link("all", vec![], None),
        link("large", vec![(AMOUNT, IntervalSet::range(10, 1_001))], None),
        link("gave cash", vec![], Some(Given::Kind(CASH))),
        link("gave points", vec![], Some(Given::Kind(POINTS))),
        link("gave a cup", vec![], Some(Given::Item { name: "CUP".into(), coupon: false })),
    ];
    p.items = vec![Item { name: "CUP".into(), coupon: false }];
    p.policy("a");
    p.rule(vec![(STORE, CASH, 5), (STORE, GOODS, 1)]);
    p.last().conditions = vec![Condition { test: Test::InSet(AMOUNT, IntervalSet::range(5, 1_001)), at: AT }];
    p.last().awards[1].item = Some(ItemId(0));
    p
}

#[test]
fn an_event_is_remembered_for_what_it_is_and_for_what_it_gave() {
    let p = remembering();
    let links = |amount| {
        let decision = decide(&p, &event(OPEN_BOX, "e", NOON, "C", "S", "", amount), &EmptyState);
        let name = |key: &StateKey| {
            let names = ["all", "large", "gave cash", "gave points", "gave a cup"];
            names.into_iter().find(|name| stable_id(name) == key.counter).unwrap()
        };
        decision.links.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(links(4), ["all"]);
    assert_eq!(links(5), ["all", "gave cash", "gave a cup"]);
    assert_eq!(links(10), ["all", "large", "gave cash", "gave a cup"]);
}

#[test]
fn ages_days_and_persons_are_tested_on_the_latest_event() {
    let mut p = remembering();
    let actor = || KeyPart::Id { word: ACTOR, present: None };
    let uses = [
        LinkUse { apart: Some(600), ..LinkUse::of(LinkId(0), actor()) },
        LinkUse { same_day: true, ..LinkUse::of(LinkId(0), actor()) },
        LinkUse { same: Some((CODE, CODE)), ..LinkUse::of(LinkId(0), actor()) },
    ];
    p.last().conditions.clear();
    p.last().inputs = uses.into_iter().map(Input::LinkPresent).collect();
    let one = event(OPEN_BOX, "e1", NOON, "C1", "S", "", 1);
    let mut state = Store::default();
    let first = decide(&p, &one, &state);
    state.apply(&one, &first);
    let context = |at: i64, code: &str| {
        let event = event(OPEN_BOX, "e2", at, code, "S", "", 1);
        let context = Context::new(&p, &event, &state);
        let mut decision = Decision::default();
        let inputs = p.rules[0].inputs.iter();
        inputs.map(|input| context.input(input, &mut decision).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(context(NOON + 599, "C1"), [0, 1, 1]);
    assert_eq!(context(NOON + 600, "C2"), [1, 1, 0]);
    assert_eq!(context(NOON + DAY, "C1"), [1, 0, 1]);
}

#[test]
fn a_link_of_what_another_link_finds_is_planned_in_a_second_batch() {
    let mut p = program();
    let link = |name: &str, event, code| {
        let counter = stable_id(name);
        Link { counter, event, code: Some(code), only: vec![], given: None, drawn: None }
    };
    p.links = vec![link("scan of the code", GUIDE_SCAN, CODE), link("opening of the rep", OPEN_BOX, REP)];
    let scan = LinkUse::of(LinkId(0), KeyPart::Id { word: CODE, present: None });
    let rep = KeyPart::LinkId { link: scan, word: REP, present: Some(REP_KNOWN) };
    let opened = LinkUse::of(LinkId(1), rep);
    p.policy("a");
    p.rule(vec![(STORE, CASH, 0)]);
    p.last().event = OPEN_BOTTLE;
    p.last().inputs = vec![Input::LinkWord(opened, AMOUNT)];
    p.last().nodes = vec![Node::Input(InputId(0))];

    let mut store = Store::default();
    for event in [event(OPEN_BOX, "e1", NOON, "C", "S", "R", 70), event(GUIDE_SCAN, "e2", NOON + 1, "B", "G", "R", 1)] {
        let decision = decide(&p, &event, &store);
        store.apply(&event, &decision);
    }
    let open = event(OPEN_BOTTLE, "e3", NOON + 2, "B", "P", "", 1);
    let (mut snapshot, mut keys, mut batches) = (Snapshot::default(), vec![], vec![]);
    for _ in 0..2 {
        assert!(plan::link_keys(&p, &open, &rules_of(&p, OPEN_BOTTLE), &snapshot, &mut keys));
        batches.push(keys.len());
        for key in &keys {
            if let Some(words) = store.link(key) {
                snapshot.set_link(*key, words);
            }
        }
    }
    assert_eq!(batches, [1, 2]);
    assert_eq!(paid(&decide(&p, &open, &snapshot)), [(STORE, 70)]);
}

#[test]
fn a_gap_runs_from_the_last_payment_and_holds_for_the_value_read() {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 5)]);
    let limit = p.limit(300, LimitUnit::Seconds, Beyond::Skip);
    p.limits[0].window = Window::Ever;
    p.last().limits = vec![per(limit, vec![party(STORE)])];
    let mut state = Store::default();
    for (at, pays) in [(0, true), (299, false), (300, true), (450, false), (-50, false), (600, true)] {
        let event = event(OPEN_BOX, "e", NOON + at, "C", "S", "", 1);
        let decision = decide(&p, &event, &state);
        let key = p.limit_key(limit, "S", &event);
        let stored = state.counter(&key);
        assert_eq!(decision.guards, [Guard { key, lo: stored, hi: stored }]);
        match pays {
            true => assert_eq!(paid(&decision), [(STORE, 5)], "{at}"),
            false => assert_eq!(refusals(&decision), [Refusal::TooSoon(limit)], "{at}"),
        }
        state.apply(&event, &decision);
        let last = if pays { NOON + at } else { stored };
        assert_eq!(state.counter(&key), last);
    }
    let other = event(OPEN_BOX, "e", NOON + 601, "C", "T", "", 1);
    assert_eq!(paid(&decide(&p, &other, &state)), [(STORE, 5)]);
}
