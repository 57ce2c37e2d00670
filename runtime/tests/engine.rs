//! What a server relies on: no allocation per scan, policies replaced while scans run, one answer from both backends.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

#[path = "../src/testing.rs"]
mod testing;

use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::settle::{Decision, EmptyState, KeyedDraws};
use promo_compiler::ir::{
    EventId, Gate, GateKind, Input, InputId, IntervalSet, KeyPart, Node, NodeId, Payee, Program, Round, Test, Word,
};
use promo_runtime::jit::Compiled;
use promo_runtime::{Backend, DecideError, Engine, LivePolicies, PolicySet, Scratch};
use testing::{program, rule, schema};

const WORDS: u32 = 8;

/// Rules with gates, conditions, a draw and a percentage; each pays `base` and something.
fn some(rules: i64, base: i64) -> Program {
    let rules = (0..rules).map(|i| {
        let gate = Gate { word: Word(6), set: IntervalSet::range(i % 10, i % 10 + 3), kind: GateKind::Products };
        let nodes = vec![
            Node::Input(InputId(0)),
            Node::Uniform(NodeId(0), 5),
            Node::Fact(Word(7)),
            Node::Const(30 + i),
            Node::Mul(NodeId(2), NodeId(3)),
            Node::Div(NodeId(4), 100, Round::HalfUp),
            Node::Add(NodeId(1), NodeId(5)),
            Node::Const(base),
            Node::Add(NodeId(6), NodeId(7)),
        ];
        let tests = vec![Test::InSet(Word(7), IntervalSet::range(i % 50, i64::MAX)), Test::Node(NodeId(2))];
        let mut rule = rule(0, vec![gate], tests, vec![Input::Draw(0)], nodes, &[8]);
        rule.awards[0].payees = vec![Payee { role: 0, id: KeyPart::Id { word: Word(4), present: None } }];
        rule
    });
    program(schema(2, WORDS), rules.collect(), vec![])
}

fn event(i: i64) -> EventRecord {
    EventRecord { event: EventId(0), words: vec![1_000_000 + i, 11, i + 1, 0, 9, 9, i % 14, i % 60] }
}

fn load(program: Program, backend: Backend) -> PolicySet {
    Engine::new(KeyedDraws::new([3; 32])).with_backend(backend).load(program).unwrap()
}

#[test]
fn a_scan_allocates_nothing_once_the_buffers_have_grown() {
    let events: Vec<EventRecord> = (0..500).map(event).collect();
    for backend in [Backend::MachineCode, Backend::Interpreter] {
        // One width of rows each: one word, a few, many, and more than machine code searches.
        for rules in [20, 200, 900, 1_500] {
            let set = load(some(rules, 1), backend);
            let (mut scratch, mut decision) = (Scratch::default(), Decision::default());
            let mut all = || {
                let mut awards = 0;
                for event in &events {
                    for explain in [false, true] {
                        set.decide(event, &EmptyState, &mut scratch, &mut decision, explain).unwrap();
                        awards += decision.awards.len();
                    }
                }
                awards
            };
            let awards = all();
            assert!(awards > 1_000, "{awards}");
            let info = allocation_counter::measure(|| assert_eq!(all(), awards));
            assert_eq!(info.count_total, 0, "{backend:?} {rules}");
        }
    }
}

#[test]
fn both_backends_give_the_same_decisions_and_reasons() {
    let (code, evaluator) = (load(some(300, 1), Backend::MachineCode), load(some(300, 1), Backend::Interpreter));
    let mut scratch = Scratch::default();
    let (mut one, mut other) = (Decision::default(), Decision::default());
    let mut reasons = 0;
    for i in 0..2_000 {
        for explain in [false, true] {
            code.decide(&event(i), &EmptyState, &mut scratch, &mut one, explain).unwrap();
            evaluator.decide(&event(i), &EmptyState, &mut scratch, &mut other, explain).unwrap();
            assert_eq!(one, other);
            reasons += one.refusals.len();
        }
    }
    assert!(reasons > 1_000, "{reasons}");
}

#[test]
fn a_record_of_another_schema_is_an_error() {
    let set = load(some(3, 1), Backend::MachineCode);
    let (mut scratch, mut decision) = (Scratch::default(), Decision::default());
    let mut decide = |event: &EventRecord| set.decide(event, &EmptyState, &mut scratch, &mut decision, true);
    let mut long = event(1);
    long.words.push(0);
    assert_eq!(decide(&long), Err(DecideError::RecordLength { expected: 8, found: 9 }));
    let none = EventRecord { event: EventId(0), words: vec![] };
    assert_eq!(decide(&none), Err(DecideError::RecordLength { expected: 8, found: 0 }));
    let other = EventRecord { event: EventId(2), ..event(1) };
    assert_eq!(decide(&other), Err(DecideError::NoSuchEvent { event: 2 }));
    assert_eq!(decide(&event(1)), Ok(()));
}

#[test]
fn policies_are_replaced_while_scans_run_and_old_code_is_freed() {
    const SWAPS: i64 = 60;
    let before = Compiled::live();
    let live = LivePolicies::new(load(some(20, 1_000), Backend::MachineCode));
    let done = std::sync::atomic::AtomicBool::new(false);
    let decided = std::thread::scope(|scope| {
        let scanners: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let (mut scratch, mut decision) = (Scratch::default(), Decision::default());
                    let mut reader = live.reader();
                    let (mut count, mut seen) = (0u64, 0);
                    while !done.load(std::sync::atomic::Ordering::Relaxed) || count == 0 {
                        let set = reader.current();
                        set.decide(&event(2), &EmptyState, &mut scratch, &mut decision, false).unwrap();
                        // All awards of one decision are from one set, and sets only get newer.
                        let bases: Vec<i64> = decision.awards.iter().map(|a| a.amount / 1_000).collect();
                        assert!(!bases.is_empty() && bases.iter().all(|base| *base == bases[0]), "{bases:?}");
                        assert!(bases[0] >= seen);
                        (seen, count) = (bases[0], count + 1);
                    }
                    count
                })
            })
            .collect();
        for swap in 2..=SWAPS {
            live.swap(load(some(20, swap * 1_000), Backend::MachineCode));
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        scanners.into_iter().map(|scanner| scanner.join().unwrap()).sum::<u64>()
    });
    assert!(decided > 0);
    drop(live);
    // Other tests of this file hold at most a few programs at a time.
    assert!(Compiled::live() <= before + 4, "{} programs live", Compiled::live());
}
