//! What every store must do: run it in the tests of a store.

use super::{Commit, CommitOutcome, StateStore, StoreError};
use promo_compiler::ir::key::StateKey;
use promo_compiler::ir::record::Id;
use promo_compiler::ir::settle::{Change, Guard, KeptOut};
use std::collections::BTreeMap;

/// Checks a store against the contract of [`StateStore`]; `fresh` makes an empty one each time it is called.
///
/// # Errors
///
/// A sentence that says which promise is broken.
pub fn conformance<S: StateStore>(mut fresh: impl FnMut() -> S) -> Result<(), String> {
    nothing_is_zero(&fresh())?;
    a_commit_is_done_once(&mut fresh())?;
    other_facts_are_an_error(&mut fresh())?;
    guards_hold_both_ends(&mut fresh())?;
    an_overflow_changes_nothing(&mut fresh())?;
    the_last_link_stays(&mut fresh())?;
    awards_are_kept_with_their_own_words(&mut fresh())?;
    for seed in 1..=20 {
        random_commits(&mut fresh(), seed)?;
    }
    Ok(())
}

fn key(counter: u64) -> StateKey {
    StateKey { counter, entity: u128::from(counter) << 70, window: -(counter as i64) }
}

fn id(text: &str) -> Id {
    Id::from_text(text).unwrap_or_default()
}

/// A commit of an event called `event`, with nothing in it but its record.
fn blank<'a>(event: &str, record: &'a [u8]) -> Commit<'a> {
    Commit { event: id(event), facts: 1, guards: &[], changes: &[], links: &[], words: &[], kept: &[], record }
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {found:?}")) }
}

fn counters(store: &impl StateStore, keys: &[StateKey]) -> Result<Vec<i64>, String> {
    let mut out = vec![7; keys.len()];
    store.read_counters(keys, &mut out).map_err(|e| e.to_string())?;
    Ok(out)
}

fn links(store: &impl StateStore, keys: &[StateKey]) -> Result<Vec<(usize, Vec<i64>)>, String> {
    let mut out = Vec::new();
    store.read_links(keys, &mut |at, words| out.push((at, words.to_vec()))).map_err(|e| e.to_string())?;
    out.sort_unstable();
    Ok(out)
}

fn commit(store: &mut impl StateStore, commit: &Commit<'_>) -> Result<CommitOutcome, String> {
    store.commit(commit).map_err(|e| e.to_string())
}

fn nothing_is_zero(store: &impl StateStore) -> Result<(), String> {
    expect("counters of an empty store", &counters(store, &[key(1), key(2)])?, &vec![0, 0])?;
    expect("no keys", &counters(store, &[])?, &vec![])?;
    expect("links of an empty store", &links(store, &[key(1)])?, &vec![])?;
    expect("decision of an empty store", &store.stored(id("e"), 1), &Ok(None))
}

fn a_commit_is_done_once(store: &mut impl StateStore) -> Result<(), String> {
    let changes = [Change { key: key(1), delta: 5 }, Change { key: key(2), delta: -3 }];
    let first = Commit { changes: &changes, ..blank("e1", b"first") };
    expect("first commit", &commit(store, &first)?, &CommitOutcome::Committed)?;
    let again = Commit { changes: &changes, ..blank("e1", b"second answer") };
    expect("commit again", &commit(store, &again)?, &CommitOutcome::Duplicate(b"first".to_vec()))?;
    expect("stored", &store.stored(id("e1"), 1), &Ok(Some(b"first".to_vec())))?;
    let keys = [key(2), key(3), key(1), key(2)];
    expect("counters in the order asked", &counters(store, &keys)?, &vec![-3, 0, 5, -3])?;
    // A duplicate is answered even when its guards no longer hold.
    let guards = [Guard { key: key(1), lo: 0, hi: 0 }];
    let guarded = Commit { guards: &guards, ..again };
    expect("duplicate before guards", &commit(store, &guarded)?, &CommitOutcome::Duplicate(b"first".to_vec()))
}

fn other_facts_are_an_error(store: &mut impl StateStore) -> Result<(), String> {
    expect("first commit", &commit(store, &blank("e1", b"x"))?, &CommitOutcome::Committed)?;
    let changes = [Change { key: key(1), delta: 5 }];
    let other = Commit { facts: 2, changes: &changes, ..blank("e1", b"y") };
    let error = StoreError::OtherFacts { event: id("e1") };
    expect("same id, other facts", &store.commit(&other), &Err(error.clone()))?;
    expect("stored with other facts", &store.stored(id("e1"), 2), &Err(error))?;
    expect("nothing changed", &counters(store, &[key(1)])?, &vec![0])
}

fn guards_hold_both_ends(store: &mut impl StateStore) -> Result<(), String> {
    let changes = [Change { key: key(1), delta: 10 }];
    expect("setup", &commit(store, &Commit { changes: &changes, ..blank("e0", b"") })?, &CommitOutcome::Committed)?;
    let link = [key(9)];
    for (lo, hi, holds) in
        [(11, 20, false), (i64::MIN, 9, false), (10, 10, true), (i64::MIN, 10, true), (10, i64::MAX, true)]
    {
        let guards = [Guard { key: key(1), lo, hi }, Guard { key: key(2), lo: 0, hi: 0 }];
        let name = format!("{lo}..={hi}");
        let changes = [Change { key: key(3), delta: 1 }];
        let attempt = Commit { guards: &guards, changes: &changes, links: &link, words: &[1], ..blank(&name, b"r") };
        let before = counters(store, &[key(3)])?;
        let outcome = commit(store, &attempt)?;
        if holds {
            expect(&name, &outcome, &CommitOutcome::Committed)?;
        } else {
            expect(&name, &outcome, &CommitOutcome::GuardFailed(vec![(key(1), 10)]))?;
            expect("counters after a failed guard", &counters(store, &[key(3)])?, &before)?;
            expect("links after a failed guard", &links(store, &link)?, &vec![])?;
            expect("decision after a failed guard", &store.stored(id(&name), 1), &Ok(None))?;
        }
    }
    expect("counter", &counters(store, &[key(3)])?, &vec![3])
}

fn an_overflow_changes_nothing(store: &mut impl StateStore) -> Result<(), String> {
    for (event, full, more) in [("up", i64::MAX, 1), ("down", i64::MIN, -1)] {
        let which = key(full as u64 & 0xF);
        let changes = [Change { key: which, delta: full }];
        let outcome = commit(store, &Commit { changes: &changes, ..blank(event, b"") })?;
        expect("setup", &outcome, &CommitOutcome::Committed)?;
        let changes = [Change { key: key(20), delta: 1 }, Change { key: which, delta: more }];
        let next = format!("{event} again");
        let over = Commit { changes: &changes, ..blank(&next, b"") };
        expect("overflow", &store.commit(&over), &Err(StoreError::Overflow { key: which }))?;
        expect("after an overflow", &counters(store, &[which, key(20)])?, &vec![full, 0])?;
        expect("decision after an overflow", &store.stored(id(&next), 1), &Ok(None))?;
    }
    Ok(())
}

fn the_last_link_stays(store: &mut impl StateStore) -> Result<(), String> {
    for (event, keys, words) in [
        ("e1", vec![key(1), key(2)], vec![1, -2, i64::MAX]),
        ("e2", vec![key(2)], vec![4]),
        ("e3", vec![key(3)], vec![]),
    ] {
        let outcome = commit(store, &Commit { links: &keys, words: &words, ..blank(event, b"") })?;
        expect("commit", &outcome, &CommitOutcome::Committed)?;
    }
    let expected = vec![(0, vec![4]), (1, vec![1, -2, i64::MAX]), (3, vec![])];
    expect("links", &links(store, &[key(2), key(1), key(4), key(3)])?, &expected)
}

fn awards_are_kept_with_their_own_words(store: &mut impl StateStore) -> Result<(), String> {
    let kept = [KeptOut { key: key(5), words: [1, -2, i64::MIN, 4, 5, 6, 7] }, KeptOut { key: key(6), words: [6; 7] }];
    let first = Commit { links: &[key(7)], words: &[9], kept: &kept, ..blank("e1", b"") };
    expect("commit", &commit(store, &first)?, &CommitOutcome::Committed)?;
    let guards = [Guard { key: key(1), lo: 1, hi: 1 }];
    let again = [KeptOut { key: key(5), words: [0; 7] }];
    let outcome = commit(store, &Commit { guards: &guards, kept: &again, ..blank("e2", b"") })?;
    expect("failed guard", &outcome, &CommitOutcome::GuardFailed(vec![(key(1), 0)]))?;
    let expected = vec![(0, vec![1, -2, i64::MIN, 4, 5, 6, 7]), (1, vec![6; 7]), (2, vec![9])];
    expect("kept awards", &links(store, &[key(5), key(6), key(7)])?, &expected)
}

/// A long random history against plain maps.
fn random_commits(store: &mut impl StateStore, seed: u64) -> Result<(), String> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut next = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let (mut model, mut decided) = (BTreeMap::<StateKey, i64>::new(), BTreeMap::<String, Vec<u8>>::new());
    for step in 0..200u32 {
        let event = format!("e{}", next(120));
        let (which, delta) = (key(next(4)), next(7) as i64 - 3);
        let current = model.get(&which).copied().unwrap_or(0);
        let lo = current + next(3) as i64 - 2;
        let guards = [Guard { key: which, lo, hi: lo + 2 }];
        let changes = [Change { key: which, delta }];
        let record = step.to_le_bytes();
        let attempt = Commit { guards: &guards, changes: &changes, ..blank(&event, &record) };
        let expected = match decided.get(&event) {
            Some(record) => CommitOutcome::Duplicate(record.clone()),
            None if !(lo..=lo + 2).contains(&current) => CommitOutcome::GuardFailed(vec![(which, current)]),
            None => {
                model.insert(which, current + delta);
                decided.insert(event.clone(), record.to_vec());
                CommitOutcome::Committed
            }
        };
        expect(&format!("seed {seed}, step {step}"), &commit(store, &attempt)?, &expected)?;
    }
    let keys: Vec<StateKey> = (0..4).map(key).collect();
    let expected = keys.iter().map(|k| model.get(k).copied().unwrap_or(0)).collect();
    expect(&format!("seed {seed}, counters"), &counters(store, &keys)?, &expected)
}
