//! One entry drawn of all those of a window.

use super::world::*;
use crate::ir::key::{StateKey, stable_id, window_at, window_before};
use crate::ir::record::{EventRecord, Id};
use crate::ir::settle::*;
use crate::ir::*;
use std::collections::BTreeMap;

const NOON: i64 = 1_769_918_400;
const WEEK: i64 = 7 * 86_400;

/// Guide scans are entries; on open_box whoever is drawn of those of the week so many before is paid 5.
fn lottery(chance: Vec<Word>, back: u32) -> Program {
    let mut p = program();
    let drawn = Some(Drawn { window: Window::Week, chance });
    p.links =
        vec![Link { counter: stable_id("draw"), event: GUIDE_SCAN, code: None, only: vec![], given: None, drawn }];
    p.policy("a");
    p.rule(vec![(STORE, CASH, 5)]);
    let used = LinkUse::drawn(LinkId(0), back);
    p.last().awards[0].payees[0].id = KeyPart::LinkId { link: used.clone(), word: ACTOR, present: None };
    p.last().inputs = vec![Input::LinkPresent(used)];
    p
}

fn draws() -> KeyedDraws {
    KeyedDraws::new([7; 32])
}

fn entry(n: usize, at: i64) -> EventRecord {
    event(GUIDE_SCAN, &format!("e{n}"), at, &format!("C{n}"), &format!("P{n}"), "", 1)
}

fn held(at: i64) -> EventRecord {
    event(OPEN_BOX, "held", at, "C", "S", "", 1)
}

fn run(p: &Program, store: &mut Store, event: &EventRecord) -> Decision {
    let decision = reference_decide(p, event, store, &draws()).expect("a sound state");
    for guard in &decision.guards {
        let stored = store.counter(&guard.key);
        assert!((guard.lo..=guard.hi).contains(&stored), "{guard:?} of {stored}");
    }
    store.apply(event, &decision);
    decision
}

fn winner(p: &Program, store: &Store, at: i64) -> Option<Id> {
    let decision = reference_decide(p, &held(at), store, &draws()).expect("a sound state");
    decision.awards.first().map(|award| award.payee)
}

fn of(entries: impl IntoIterator<Item = EventRecord>, p: &Program, at: i64) -> Option<Id> {
    let mut store = Store::default();
    entries.into_iter().for_each(|entry| drop(run(p, &mut store, &entry)));
    winner(p, &store, at)
}

#[test]
fn every_entry_is_equally_likely() {
    // 10,000 draws, each in a week of its own, among the same 20 entries.
    let p = lottery(vec![CODE], 0);
    let mut wins: BTreeMap<Id, i64> = BTreeMap::new();
    for week in 0..10_000 {
        let at = NOON + week * WEEK;
        let found = of((0..20).map(|n| entry(n, at)), &p, at + 1).expect("a winner");
        *wins.entry(found).or_default() += 1;
    }
    assert_eq!(wins.len(), 20);
    // Σ (seen − 500)² / 500 has 19 degrees of freedom: above 43.8 once in a thousand times.
    let squares: i64 = wins.values().map(|seen| (seen - 500) * (seen - 500)).sum();
    assert!(squares < 43 * 500 + 400, "χ² is {}", squares as f64 / 500.0);
}

#[test]
fn the_order_of_the_entries_does_not_matter() {
    let p = lottery(vec![], 0);
    let found = of((0..50).map(|n| entry(n, NOON + n as i64)), &p, NOON + 100);
    assert!(found.is_some());
    for step in [7, 13, 49] {
        let shuffled = (0..50).map(|n| n * step % 50).map(|n| entry(n, NOON + n as i64));
        assert_eq!(of(shuffled, &p, NOON + 100), found, "{step}");
    }
    let late = (0..50).rev().map(|n| entry(n, NOON + n as i64));
    assert_eq!(of(late, &p, NOON + 100), found);
}

#[test]
fn who_comes_again_has_one_chance_or_another() {
    // The same code 200 times more, under events of their own: by code it is one chance, else it is 200 more.
    let again = |p: &Program| {
        let more = (100..300).map(|n| event(GUIDE_SCAN, &format!("e{n}"), NOON, "C2", "P2", "", 1));
        of((0..20).map(|n| entry(n, NOON)).chain(more), p, NOON + 1)
    };
    let once = lottery(vec![CODE], 0);
    assert_eq!(again(&once), of((0..20).map(|n| entry(n, NOON)), &once, NOON + 1));
    assert_ne!(again(&once), Id::from_text("P2"));
    assert_eq!(again(&lottery(vec![], 0)), Id::from_text("P2"), "201 of 220 chances, with this secret");
}

#[test]
fn whoever_the_chance_is_counted_by_must_be_known() {
    let p = lottery(vec![REP], 0);
    assert_eq!(of((0..5).map(|n| entry(n, NOON)), &p, NOON + 1), None);
    let known = event(GUIDE_SCAN, "e", NOON, "C", "P", "R", 1);
    assert_eq!(of([known], &p, NOON + 1), Id::from_text("P"));
}

#[test]
fn a_week_is_drawn_when_it_is_over() {
    let p = lottery(vec![], 1);
    let mut store = Store::default();
    (0..10).for_each(|n| drop(run(&p, &mut store, &entry(n, NOON))));
    (10..20).for_each(|n| drop(run(&p, &mut store, &entry(n, NOON + WEEK))));
    assert_eq!(winner(&p, &store, NOON), None, "nobody took part in the week before");
    let first = winner(&p, &store, NOON + WEEK).expect("a winner");
    let second = winner(&p, &store, NOON + 2 * WEEK).expect("a winner");
    assert!((0..10).any(|n| Id::from_text(&format!("P{n}")) == Some(first)));
    assert!((10..20).any(|n| Id::from_text(&format!("P{n}")) == Some(second)));
    // Entries of this week change nothing in the last one.
    (20..60).for_each(|n| drop(run(&p, &mut store, &entry(n, NOON + 2 * WEEK))));
    assert_eq!(winner(&p, &store, NOON + 2 * WEEK), Some(second));
}

#[test]
fn an_entry_takes_the_lead_only_from_what_it_has_read() {
    let p = lottery(vec![], 0);
    let day = crate::ir::key::local_day(NOON, OFFSET);
    let key = StateKey { counter: stable_id("draw"), entity: 0, window: window_at(Window::Week, NOON, day, OFFSET) };
    let mut store = Store::default();
    let (mut leads, mut waits) = (0, 0);
    for n in 0..1_000 {
        let before = store.counter(&key);
        let decision = run(&p, &mut store, &entry(n, NOON));
        let guard = decision.guards.iter().find(|guard| guard.key == key).expect("a guard");
        match decision.links.is_empty() {
            false => {
                leads += 1;
                assert_eq!((guard.lo, guard.hi), (before, before));
                assert!(before == 0 || store.counter(&key) < before);
            }
            // It holds whoever takes the lead meanwhile.
            true => {
                waits += 1;
                assert_eq!(guard.lo, 1);
                assert!(guard.hi >= before);
            }
        }
    }
    assert!(leads < 20 && leads + waits == 1_000, "{leads} of 1,000 took the lead");
    // The draw holds only while the same entry leads.
    let decision = reference_decide(&p, &held(NOON + 1), &store, &draws()).expect("a sound state");
    let lowest = store.counter(&key);
    assert!(decision.guards.contains(&Guard { key, lo: lowest, hi: lowest }));
    // And, where nobody has taken part yet, only while that is so.
    let empty = reference_decide(&p, &held(NOON), &EmptyState, &draws()).expect("a sound state");
    assert!(empty.guards.contains(&Guard { key, lo: 0, hi: 0 }));
    let last = StateKey { window: window_before(key.window, 1), ..key };
    assert!(empty.guards.iter().all(|guard| guard.key != last));
}

#[test]
fn what_an_entry_reads_is_planned() {
    let p = lottery(vec![], 1);
    let (one, mut keys) = (entry(1, NOON), vec![]);
    plan::counter_keys(&p, &one, &[], &EmptyState, &mut keys);
    let decision = reference_decide(&p, &one, &EmptyState, &draws()).expect("a sound state");
    assert_eq!(keys, decision.links);
    assert!(!plan::link_keys(&p, &held(NOON + WEEK), &rules_of(&p, OPEN_BOX), &EmptyState, &mut keys));
    assert_eq!(keys, decision.links);
}
