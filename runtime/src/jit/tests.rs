//! Machine code against the evaluator, refusal of executable memory, and leaks.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{Compiled, JitError};
use crate::engine::Engine;
use crate::index::Index;
use crate::policy_set::RunsOn;
use crate::testing::{program, rule, schema};
use promo_compiler::clif;
use promo_compiler::ir::eval::{FAULT, Interpreter, RuleRunner};
use promo_compiler::ir::settle::KeyedDraws;
use promo_compiler::ir::{Input, InputId, IntervalSet, Node, NodeId, Program, Round, RuleId, TableId, Test, Word};
use proptest::prelude::*;
use std::sync::Arc;

fn compile(program: &Program) -> Result<Compiled, JitError> {
    // A damaged program has no index.
    clif::check(program)?;
    Compiled::new(program, Arc::new(Index::new(program)))
}

const WORDS: u32 = 12;
const INPUTS: u32 = 3;

/// The answer and, if everything holds, the amounts.
fn answer(runner: &impl RuleRunner, rule: u32, words: &[i64], inputs: &[i64], awards: usize) -> (u32, Vec<i64>) {
    let mut amounts = vec![0; awards];
    let result = runner.run(RuleId(rule), words, inputs, &mut amounts);
    (result, if result == 0 { amounts } else { Vec::new() })
}

fn agree(program: &Program, code: &Compiled, words: &[i64], inputs: &[i64]) {
    for (id, rule) in (0u32..).zip(&program.rules) {
        let n = rule.awards.len();
        let (fast, slow) = (answer(code, id, words, inputs, n), answer(&Interpreter(program), id, words, inputs, n));
        assert_eq!(
            fast,
            slow,
            "rule {id} {:?} on {words:?} {inputs:?}\n{}",
            rule.nodes,
            clif::print(&clif::plan(program).unwrap()).unwrap()
        );
    }
}

/// Small numbers where arithmetic is interesting, and the ends of the range.
fn value() -> impl Strategy<Value = i64> {
    prop_oneof![
        6 => -20i64..20,
        3 => -1_000_000i64..1_000_000,
        1 => any::<i64>(),
        1 => prop::sample::select(vec![i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX]),
    ]
}

fn round() -> impl Strategy<Value = Round> {
    prop::sample::select(vec![Round::Down, Round::Up, Round::HalfUp, Round::HalfEven])
}

/// A node whose operands are picked, by number, from those before it.
fn node() -> impl Strategy<Value = (Node, [usize; 3])> {
    let id = NodeId(0);
    let kind = prop_oneof![
        value().prop_map(Node::Const),
        (0..WORDS).prop_map(|w| Node::Fact(Word(w))),
        (0..INPUTS).prop_map(|i| Node::Input(InputId(i))),
        Just(Node::Add(id, id)),
        Just(Node::Sub(id, id)),
        Just(Node::Mul(id, id)),
        (1i64..40, round()).prop_map(move |(d, r)| Node::Div(id, d, r)),
        (prop::sample::select(vec![1, 2, 10_000, i64::MAX]), round()).prop_map(move |(d, r)| Node::Div(id, d, r)),
        Just(Node::Min(id, id)),
        Just(Node::Max(id, id)),
        Just(Node::Eq(id, id)),
        Just(Node::Lt(id, id)),
        Just(Node::Le(id, id)),
        Just(Node::And(id, id)),
        Just(Node::Or(id, id)),
        Just(Node::Not(id)),
        Just(Node::Select(id, id, id)),
        (value(), value()).prop_map(move |(lo, hi)| Node::Within(id, lo, hi)),
        (0u32..3).prop_map(move |t| Node::Lookup(TableId(t), id)),
        prop::sample::select(vec![1, 2, 100, i64::MAX]).prop_map(move |n| Node::Uniform(id, n)),
    ];
    (kind, any::<[usize; 3]>())
}

/// Gives the operands their places.
fn wire(nodes: Vec<(Node, [usize; 3])>) -> Vec<Node> {
    let mut out: Vec<Node> = vec![Node::Fact(Word(4))];
    for (node, picks) in nodes {
        let [a, b, c] = picks.map(|p| NodeId((p % out.len()) as u32));
        out.push(match node {
            Node::Add(..) => Node::Add(a, b),
            Node::Sub(..) => Node::Sub(a, b),
            Node::Mul(..) => Node::Mul(a, b),
            Node::Div(_, d, r) => Node::Div(a, d, r),
            Node::Min(..) => Node::Min(a, b),
            Node::Max(..) => Node::Max(a, b),
            Node::Eq(..) => Node::Eq(a, b),
            Node::Lt(..) => Node::Lt(a, b),
            Node::Le(..) => Node::Le(a, b),
            Node::And(..) => Node::And(a, b),
            Node::Or(..) => Node::Or(a, b),
            Node::Not(..) => Node::Not(a),
            Node::Select(..) => Node::Select(a, b, c),
            Node::Within(_, lo, hi) => Node::Within(a, lo, hi),
            Node::Lookup(t, _) => Node::Lookup(t, a),
            Node::Uniform(_, n) => Node::Uniform(a, n),
            leaf => leaf,
        });
    }
    out
}

fn test(nodes: usize) -> impl Strategy<Value = Test> {
    let set = prop::collection::vec((value(), value()), 0..14).prop_map(IntervalSet::from_ranges);
    prop_oneof![
        (0..WORDS, set).prop_map(|(w, s)| Test::InSet(Word(w), s)),
        (0..nodes as u32).prop_map(|n| Test::Node(NodeId(n))),
    ]
}

fn random_rule() -> impl Strategy<Value = promo_compiler::ir::Rule> {
    prop::collection::vec(node(), 1..24).prop_map(wire).prop_flat_map(|nodes| {
        let count = nodes.len();
        (Just(nodes), prop::collection::vec(test(count), 0..4), prop::collection::vec(0..count as u32, 0..3)).prop_map(
            |(nodes, tests, amounts)| {
                let inputs = (0..INPUTS).map(Input::Draw).collect();
                rule(0, Vec::new(), tests, inputs, nodes, &amounts)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn machine_code_and_evaluator_agree(
        rules in prop::collection::vec(random_rule(), 1..4),
        twins in prop::collection::vec(value(), 2),
        events in prop::collection::vec((prop::collection::vec(value(), WORDS as usize), prop::collection::vec(value(), INPUTS as usize)), 8),
    ) {
        // Twins differ from the first rule only in constants, so they share its function.
        let mut rules = rules;
        for twin in twins {
            let mut copy = rules[0].clone();
            for node in &mut copy.nodes {
                if let Node::Const(v) = node {
                    *v = v.wrapping_add(twin);
                }
            }
            rules.push(copy);
        }
        let tables = vec![vec![], vec![7], (0..50).map(|i| i * i - 100).collect()];
        let program = program(schema(1, WORDS), rules, tables);
        let code = compile(&program).unwrap();
        prop_assert!(code.functions() <= program.rules.len() - 2);
        for (words, inputs) in &events {
            agree(&program, &code, words, inputs);
        }
    }
}

#[test]
fn rules_that_differ_in_constants_share_a_function() {
    let tiered = |low: i64, high: i64| {
        let nodes = vec![
            Node::Fact(Word(5)),
            Node::Const(10),
            Node::Lt(NodeId(0), NodeId(1)),
            Node::Const(low),
            Node::Const(high),
            Node::Select(NodeId(2), NodeId(3), NodeId(4)),
        ];
        rule(0, Vec::new(), vec![Test::InSet(Word(4), IntervalSet::range(low, high))], Vec::new(), nodes, &[5])
    };
    let rules = (0..100).map(|i| tiered(i, i + 50)).collect();
    let program = program(schema(1, WORDS), rules, Vec::new());
    let code = compile(&program).unwrap();
    assert_eq!(code.functions(), 1);
    for at in -2..160 {
        for level in [9, 10] {
            agree(&program, &code, &[0, 0, 0, 0, at, level, 0, 0, 0, 0, 0, 0], &[]);
        }
    }
}

#[test]
fn an_expression_as_deep_as_it_is_long_needs_no_stack() {
    let mut nodes = vec![Node::Fact(Word(4)), Node::Const(1)];
    for i in 1..20_000u32 {
        nodes.push(Node::Add(NodeId(if i == 1 { 0 } else { i }), NodeId(1)));
    }
    let last = nodes.len() as u32 - 1;
    let program =
        program(schema(1, WORDS), vec![rule(0, Vec::new(), Vec::new(), Vec::new(), nodes, &[last])], Vec::new());
    let code = compile(&program).unwrap();
    agree(&program, &code, &[0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0], &[]);
    assert_eq!(answer(&code, 0, &[0, 0, 0, 0, i64::MAX, 0, 0, 0, 0, 0, 0, 0], &[], 1).0, FAULT);
}

#[test]
fn slices_that_are_too_short_are_a_fault_and_not_a_read_outside() {
    let nodes = vec![Node::Fact(Word(11)), Node::Input(InputId(2)), Node::Add(NodeId(0), NodeId(1))];
    let inputs: Vec<Input> = (0..INPUTS).map(Input::Draw).collect();
    let program = program(schema(1, WORDS), vec![rule(0, Vec::new(), Vec::new(), inputs, nodes, &[2, 2])], Vec::new());
    let code = compile(&program).unwrap();
    let words = [1; WORDS as usize];
    assert_eq!(answer(&code, 0, &words, &[4, 5, 6], 2), (0, vec![7, 7]));
    assert_eq!(answer(&code, 0, &words[..11], &[4, 5, 6], 2).0, FAULT);
    assert_eq!(answer(&code, 0, &words, &[4, 5], 2).0, FAULT);
    assert_eq!(answer(&code, 0, &words, &[4, 5, 6], 1).0, FAULT);
    assert_eq!(answer(&code, 1, &words, &[4, 5, 6], 2).0, FAULT);
}

#[test]
fn a_damaged_program_is_refused() {
    let bad = |nodes: Vec<Node>| {
        let program =
            program(schema(1, WORDS), vec![rule(0, Vec::new(), Vec::new(), Vec::new(), nodes, &[0])], Vec::new());
        compile(&program).map(|_| ())
    };
    for nodes in [
        vec![Node::Fact(Word(WORDS))],
        vec![Node::Input(InputId(0))],
        vec![Node::Not(NodeId(0))],
        vec![Node::Const(1), Node::Div(NodeId(0), 0, Round::Up)],
        vec![Node::Const(1), Node::Div(NodeId(0), -1, Round::Up)],
        vec![Node::Const(1), Node::Uniform(NodeId(0), 0)],
        vec![Node::Const(1), Node::Lookup(TableId(0), NodeId(0))],
        vec![],
    ] {
        assert!(matches!(bad(nodes.clone()), Err(JitError::Malformed(_))), "{nodes:?}");
    }
}

/// Runs one test of this file again in a process of its own, with `name` in the environment.
fn in_child(test: &str, name: &str) -> String {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("jit::tests::{test}"), "--nocapture", "--test-threads=1"])
        .env(name, "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn small() -> Program {
    let nodes = vec![Node::Fact(Word(4)), Node::Const(3), Node::Mul(NodeId(0), NodeId(1))];
    program(schema(1, WORDS), vec![rule(0, Vec::new(), Vec::new(), Vec::new(), nodes, &[2])], Vec::new())
}

#[test]
fn a_thousand_programs_leave_no_memory_behind() {
    // Alone in a process, so that no other test's programs are counted.
    if std::env::var_os("PROMO_LEAK_CHILD").is_none() {
        let said = in_child("a_thousand_programs_leave_no_memory_behind", "PROMO_LEAK_CHILD");
        assert!(said.contains("no leak"), "{said}");
        return;
    }
    let program = small();
    let maps = || std::fs::read_to_string("/proc/self/maps").unwrap_or_default().lines().count();
    let mut current = compile(&program).unwrap();
    let before = maps();
    for _ in 0..1_000 {
        let next = compile(&program).unwrap();
        assert_eq!(answer(&current, 0, &[0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0], &[], 1), (0, vec![15]));
        current = next;
        assert_eq!(Compiled::live(), 1);
    }
    assert!(maps() < before + 20, "{} mappings before, {} after", before, maps());
    drop(current);
    assert_eq!(Compiled::live(), 0);
    std::io::Write::write_all(&mut std::io::stdout(), b"no leak\n").unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn without_executable_memory_there_is_an_error_and_no_crash() {
    unsafe extern "C" {
        fn prctl(option: std::ffi::c_int, ...) -> std::ffi::c_int;
    }
    const PR_SET_MDWE: std::ffi::c_int = 65;
    const REFUSE_EXEC_GAIN: std::ffi::c_ulong = 1;
    if std::env::var_os("PROMO_MDWE_CHILD").is_none() {
        let said = in_child("without_executable_memory_there_is_an_error_and_no_crash", "PROMO_MDWE_CHILD");
        assert!(said.contains("refused") || said.contains("kernel before 6.3"), "{said}");
        return;
    }
    let mut out = std::io::stdout();
    let none: std::ffi::c_ulong = 0;
    // SAFETY: prctl with this option takes four integers, touches no memory, and affects only this child process.
    let denied = unsafe { prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, none, none, none) };
    if denied != 0 {
        std::io::Write::write_all(&mut out, b"kernel before 6.3\n").unwrap();
        return;
    }
    let error = compile(&small()).map(|_| ()).unwrap_err();
    assert!(matches!(error, JitError::Refused(_)), "{error}");
    // The engine evaluates instead, and says why.
    let set = Engine::new(KeyedDraws::new([0; 32])).load(small()).unwrap();
    assert!(matches!(set.runs_on(), RunsOn::Interpreter { because: Some(JitError::Refused(_)) }), "{set:?}");
    assert_eq!(Compiled::live(), 0);
    std::io::Write::write_all(&mut out, b"refused\n").unwrap();
}
