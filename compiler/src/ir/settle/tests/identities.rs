//! Identity sets against the plain meaning: whoever shares an identifier with one of a user's events, however far
//! apart, is that user; what was paid to any of them counts.

use super::world::*;
use crate::ir::key::StateKey;
use crate::ir::record::{EventRecord, Id};
use crate::ir::settle::*;
use crate::ir::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Noon of Monday 2026-02-02 in the channel's zone.
const START: i64 = 1_770_004_800;

/// At most one a day and three a week by code, actor and rep; a guide scan pays nothing and unites all the same.
fn program_by_same() -> Program {
    let mut p = program();
    let (day, week) = (p.limit(1, LimitUnit::Times, Beyond::Skip), p.limit(3, LimitUnit::Times, Beyond::Skip));
    p.limits[week.index()].window = Window::Week;
    p.policy("a");
    p.rule(vec![(STORE, CASH, 5)]);
    let same = vec![KeyPart::Same(IdentityId(0))];
    p.last().limits = vec![per(day, same.clone()), per(week, same)];
    let identifier = |sort, word, present| Identifier { sort, word, present };
    let by = vec![identifier(1, CODE, None), identifier(2, ACTOR, None), identifier(3, REP, Some(REP_KNOWN))];
    p.identities.push(Identity {
        name: "user".into(),
        counters: [901, 902, 903],
        events: vec![(OPEN_BOX, by.clone()), (GUIDE_SCAN, by)],
        limits: p.limits.iter().map(|l| (l.counter, l.window)).collect(),
    });
    p
}

/// (sort, text) of an event.
fn said(event: &EventRecord) -> BTreeSet<(u64, Id)> {
    let all = [(1, CODE), (2, ACTOR), (3, REP)];
    all.into_iter().map(|(sort, word)| (sort, Id::read(&event.words, word))).filter(|(_, id)| id.is_known()).collect()
}

/// What identified the user of an event, its time, and whether it was paid.
type Happened = (BTreeSet<(u64, Id)>, i64, bool);

/// Everything that happened.
#[derive(Default)]
struct History(Vec<Happened>);

impl History {
    /// How many events of this user's were paid, of those `counted` in.
    fn paid(&self, event: &EventRecord, counted: impl Fn(i64) -> bool) -> usize {
        let mut user = said(event);
        loop {
            let before = user.len();
            for (said, ..) in &self.0 {
                if !said.is_disjoint(&user) {
                    user.extend(said);
                }
            }
            if user.len() == before {
                break;
            }
        }
        self.0.iter().filter(|(said, day, paid)| *paid && counted(*day) && !said.is_disjoint(&user)).count()
    }
}

/// The state as a store would hand it over, and in how many rounds.
fn loaded(program: &Program, event: &EventRecord, store: &Store) -> (Snapshot, usize) {
    let (mut snapshot, mut keys, mut known, mut rounds) = (Snapshot::default(), Vec::new(), 0, 0);
    let copy = |keys: &[StateKey], to: &mut Snapshot| keys.iter().for_each(|k| to.set_counter(*k, store.counter(k)));
    loop {
        plan::identity_keys(program, event, &snapshot, &mut keys);
        if keys.len() == known {
            break;
        }
        (known, rounds) = (keys.len(), rounds + 1);
        copy(&keys, &mut snapshot);
    }
    plan::counter_keys(program, event, &rules_of(program, event.event), &snapshot, &mut keys);
    copy(&keys, &mut snapshot);
    (snapshot, rounds)
}

fn streams() -> impl Strategy<Value = Vec<(bool, u8, u8, Option<u8>, i64)>> {
    let one = (any::<bool>(), 0u8..12, 0u8..12, prop::option::of(0u8..12), 0i64..60_000);
    prop::collection::vec(one, 1..60)
}

proptest! {
    #[test]
    fn users_are_who_the_events_show_them_to_be(stream in streams()) {
        let program = program_by_same();
        let (mut store, mut history, mut at) = (Store::default(), History::default(), START);
        for (n, (pays, code, actor, rep, after)) in stream.into_iter().enumerate() {
            at += after;
            let kind = if pays { OPEN_BOX } else { GUIDE_SCAN };
            let name = |n: u8| format!("X{n}");
            let event = event(kind, &format!("e{n}"), at, &name(code), &name(actor), &rep.map_or(String::new(), name), 1);
            let decision = decide(&program, &event, &store);
            let (day, week) = (event.day(), |day: i64| (day + 3).div_euclid(7));
            let today = history.paid(&event, |d| d == day);
            let this_week = history.paid(&event, |d| week(d) == week(day));
            let due = pays && today < 1 && this_week < 3;
            prop_assert_eq!(decision.awards.len(), usize::from(due), "{} today, {} this week", today, this_week);
            // What a store is asked for is enough, and is little.
            let (snapshot, rounds) = loaded(&program, &event, &store);
            prop_assert_eq!(&decide(&program, &event, &snapshot), &decision);
            let members = history.0.iter().fold(BTreeSet::new(), |all, (said, ..)| &all | said).len() + 3;
            prop_assert!(rounds <= members.ilog2() as usize + 2, "{} rounds for {} identifiers", rounds, members);
            // The decision is the one for the state it was made on, and is not made on another.
            for guard in &decision.guards {
                let stored = store.counter(&guard.key);
                prop_assert!((guard.lo..=guard.hi).contains(&stored));
            }
            store.apply(&event, &decision);
            prop_assert!(store.counters.values().all(|v| *v >= 0));
            history.0.push((said(&event), day, due));
        }
    }
}

/// Two events that unite the same users at once: the second commit must fail on what the first has changed.
#[test]
fn a_union_is_guarded_against_another_at_the_same_time() {
    let program = program_by_same();
    let mut store = Store::default();
    for (n, who) in ["A", "B", "C"].into_iter().enumerate() {
        let one = event(OPEN_BOX, &format!("e{n}"), START, who, who, "", 1);
        let decision = decide(&program, &one, &store);
        assert_eq!(paid(&decision), [(STORE, 5)]);
        store.apply(&one, &decision);
    }
    let (ab, bc) = (event(OPEN_BOX, "e8", START, "A", "B", "", 1), event(OPEN_BOX, "e9", START, "B", "C", "", 1));
    let (first, second) = (decide(&program, &ab, &store), decide(&program, &bc, &store));
    assert_eq!(refusals(&first), [Refusal::Limit(LimitId(0))]);
    store.apply(&ab, &first);
    assert!(second.guards.iter().any(|g| !(g.lo..=g.hi).contains(&store.counter(&g.key))));
    // Decided again, all three are one, who was paid three times this week.
    let again = decide(&program, &bc, &store);
    store.apply(&bc, &again);
    let next = event(OPEN_BOX, "e10", START + 86_400, "C", "Z", "", 1);
    let decision = decide(&program, &next, &store);
    assert_eq!(refusals(&decision), [Refusal::Limit(LimitId(1))]);
}

#[test]
fn what_cannot_be_an_identity_is_a_fault() {
    let program = program_by_same();
    let one = event(OPEN_BOX, "e1", START, "A", "A", "", 1);
    let mut store = Store::default();
    let decision = decide(&program, &one, &store);
    let key = decision.changes.iter().find(|c| c.key.counter == 901).unwrap().key;
    for wrong in [-1, i64::MAX] {
        store.counters.insert(key, wrong);
        let fault = reference_decide(&program, &one, &store, &Always(0)).unwrap_err();
        assert_eq!(fault, StateFault::Identity { key });
    }
}
