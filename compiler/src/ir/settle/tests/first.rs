//! The first so many parties.

use super::world::*;
use crate::ir::record::EventRecord;
use crate::ir::settle::*;
use crate::ir::*;

const NOON: i64 = 1_769_918_400;

fn of(store: &str) -> EventRecord {
    event(OPEN_BOX, "e", NOON, "C", store, "", 1)
}

fn first(max: i64) -> (Program, LimitId) {
    let mut p = program();
    p.policy("a");
    p.rule(vec![(STORE, CASH, 5)]);
    let limit = p.limit(max, LimitUnit::Parties, Beyond::Skip);
    p.limits[0].window = Window::Ever;
    p.last().limits = vec![per(limit, vec![party(STORE)])];
    (p, limit)
}

#[test]
fn who_is_among_the_first_goes_on_being_paid_and_nobody_else_is() {
    let (p, limit) = first(2);
    let mut state = Store::default();
    for (store, pays) in [("S", true), ("S", true), ("T", true), ("U", false), ("S", true), ("T", true), ("U", false)] {
        let event = of(store);
        let decision = decide(&p, &event, &state);
        match pays {
            true => assert_eq!(paid(&decision), [(STORE, 5)], "{store}"),
            false => assert_eq!(refusals(&decision), [Refusal::Limit(limit)], "{store}"),
        }
        let mut planned = vec![];
        plan::counter_keys(&p, &event, &rules_of(&p, OPEN_BOX), &EmptyState, &mut planned);
        assert!(decision.guards.iter().all(|guard| planned.contains(&guard.key)));
        assert!(decision.changes.iter().all(|change| planned.contains(&change.key)));
        state.apply(&event, &decision);
    }
    let counted: i64 = state.counters.values().sum();
    assert_eq!(counted, 4, "two parties, and that they are two");
}

#[test]
fn of_two_who_race_for_the_last_place_one_must_be_decided_again() {
    let (p, limit) = first(1);
    let mut state = Store::default();
    let (one, other) = (of("S"), of("T"));
    let (now, late) = (decide(&p, &one, &state), decide(&p, &other, &state));
    assert_eq!(paid(&late), [(STORE, 5)]);
    state.apply(&one, &now);
    let holds = |g: &Guard| (g.lo..=g.hi).contains(&state.counter(&g.key));
    assert!(!late.guards.iter().all(holds));
    // Nor may two events of one party both take a place.
    assert!(!now.guards.iter().all(holds));
    assert_eq!(refusals(&decide(&p, &other, &state)), [Refusal::Limit(limit)]);
}
