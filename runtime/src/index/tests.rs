//! The index against testing every rule.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::Index;
use super::lookup::Lookup;
use crate::jit::Compiled;
use crate::testing::{program, rule, schema};
use promo_compiler::ir::record::value;
use promo_compiler::ir::settle::Mode;
use promo_compiler::ir::{EventId, Gate, GateKind, IntervalSet, Program, RuleId, Test, Word};
use proptest::prelude::*;
use std::sync::Arc;

fn linear(program: &Program, event: EventId, words: &[i64], mode: Mode) -> Vec<RuleId> {
    let holds = |rule: &promo_compiler::ir::Rule| {
        let gates = rule.gates.iter().all(|g| g.set.contains(value(words, g.word)));
        let conditions = rule.conditions.iter().all(|c| match &c.test {
            Test::InSet(word, set) => set.contains(value(words, *word)),
            Test::Node(_) => true,
        });
        match mode {
            Mode::All => true,
            Mode::Scoped => gates,
            Mode::Fast => gates && conditions,
        }
    };
    let rules = (0u32..).zip(&program.rules);
    rules.filter(|(_, r)| r.event == event && holds(r)).map(|(id, _)| RuleId(id)).collect()
}

fn agree(program: &Program, events: &[Vec<i64>]) {
    let index = Arc::new(Index::new(program));
    let code = Compiled::new(program, Arc::clone(&index)).unwrap();
    let mut out = vec![RuleId(99)];
    for words in events {
        for event in (0..=program.schema.events.len() as u32).map(EventId) {
            for mode in [Mode::All, Mode::Scoped, Mode::Fast] {
                index.candidates(event, words, mode, &mut out);
                assert_eq!(out, linear(program, event, words, mode), "{event:?} {mode:?} {words:?}");
                code.candidates(event, words, mode, &mut out);
                assert_eq!(out, linear(program, event, words, mode), "machine code: {event:?} {mode:?} {words:?}");
            }
        }
    }
}

/// Small domains, days in seconds, and the ends of the range.
fn point() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => -5i64..40,
        4 => (0i64..400).prop_map(|day| 1_767_225_600 + day * 86_400),
        2 => (0i64..400 * 86_400).prop_map(|second| 1_767_225_600 + second),
        1 => prop::sample::select(vec![i64::MIN, i64::MIN + 1, -1_000_000_000_000, i64::MAX - 1, i64::MAX]),
    ]
}

fn set() -> impl Strategy<Value = IntervalSet> {
    prop_oneof![
        9 => prop::collection::vec((point(), point()), 0..5).prop_map(IntervalSet::from_ranges),
        1 => Just(IntervalSet::range(i64::MIN, i64::MAX)),
    ]
}

fn gated() -> impl Strategy<Value = promo_compiler::ir::Rule> {
    let gates = prop::collection::vec((0u32..4, set()), 0..4);
    let conditions = prop::collection::vec((0u32..6, set()), 0..3);
    (0u32..2, gates, conditions).prop_map(|(event, gates, conditions)| {
        let gates = gates.into_iter().map(|(w, set)| Gate { word: Word(w), set, kind: GateKind::Products }).collect();
        let tests = conditions.into_iter().map(|(w, set)| Test::InSet(Word(w), set)).collect();
        rule(event, gates, tests, Vec::new(), Vec::new(), &[])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn candidates_are_those_of_a_linear_filter(
        rules in prop_oneof![
            prop::collection::vec(gated(), 0..12),
            prop::collection::vec(gated(), 60..200),
            prop::collection::vec(gated(), 250..400),
        ],
        events in prop::collection::vec(prop::collection::vec(point(), 6), 12),
    ) {
        agree(&program(schema(3, 6), rules, Vec::new()), &events);
    }

    #[test]
    fn a_lookup_is_the_step_function_of_its_cuts(
        cuts in prop::collection::btree_set(point(), 0..40),
        others in prop::collection::vec(point(), 20),
    ) {
        let cuts: Vec<i64> = cuts.into_iter().collect();
        let rows: Vec<u16> = (0..=cuts.len() as u16).collect();
        let lookup = Lookup::new(&cuts, &rows);
        let near = cuts.iter().flat_map(|c| [c.saturating_sub(1), *c, c.saturating_add(1)]);
        for value in near.chain(others) {
            prop_assert_eq!(lookup.row(value), cuts.partition_point(|c| *c <= value), "{} {:?}", value, &lookup);
        }
    }
}

#[test]
fn all_three_ways_to_find_a_row_are_used() {
    let steps = |cuts: Vec<i64>| Lookup::new(&cuts, &(0..=cuts.len() as u16).collect::<Vec<_>>()).steps();
    assert_eq!(steps((0..99).collect()), Some(0));
    assert_eq!(steps((0..99).map(|d| d * 86_400).collect()), Some(1));
    assert_eq!(steps((0..98).chain([1 << 40]).collect()), None);
    assert_eq!(steps(vec![i64::MIN, i64::MAX]), Some(0));
    assert_eq!(steps(vec![i64::MIN + 1, i64::MAX - 1]), None);
}

#[test]
fn rules_without_gates_are_found_at_every_width() {
    for count in [1, 63, 64, 65, 128, 129, 300, 640, 641] {
        let rules = (0..count).map(|i| {
            let tests = if i % 3 == 0 { vec![] } else { vec![Test::InSet(Word(4), IntervalSet::range(i, i + 9))] };
            rule(0, vec![], tests, vec![], vec![], &[])
        });
        let events: Vec<Vec<i64>> = (-1..650).step_by(13).map(|v| vec![0, 0, 0, 0, v, 0]).collect();
        agree(&program(schema(1, 6), rules.collect(), Vec::new()), &events);
        let none = (0..count).map(|_| rule(0, vec![], vec![], vec![], vec![], &[]));
        agree(&program(schema(1, 6), none.collect(), Vec::new()), &[vec![0; 6]]);
    }
}

#[test]
fn what_has_no_rows_is_tested_rule_by_rule() {
    // More tested words than rows are kept for.
    let gate = |w: u32, at: i64| Gate { word: Word(w), set: IntervalSet::one(at), kind: GateKind::During };
    let many = (0..40).map(|i| rule(0, (0..30).map(|w| gate(w, i % 7)).collect(), vec![], vec![], vec![], &[]));
    let events: Vec<Vec<i64>> = (0..8).map(|v| vec![v; 30]).chain([(0..30).map(|w| w % 2).collect()]).collect();
    agree(&program(schema(1, 30), many.collect(), Vec::new()), &events);
    // Rows that would take too much memory: 6,000 rules, 12,000 segments, all different.
    let wide = (0..6_000).map(|i| {
        let set = IntervalSet::range(i * 1_000, i * 1_000 + 3_000_500);
        rule(0, vec![Gate { word: Word(4), set, kind: GateKind::During }], vec![], vec![], vec![], &[])
    });
    let program = program(schema(1, 6), wide.collect(), Vec::new());
    assert!(Index::new(&program).bytes() < 1 << 20);
    agree(&program, &[vec![0, 0, 0, 0, 5_000_250, 0], vec![0; 6], vec![0, 0, 0, 0, -1, 0]]);
}
