//! What is shared, what is printed, and that it is well-formed; that it computes the right thing is tested where it
//! can be run, in the runtime.

use super::{Malformed, plan, print};
use crate::ir::schema::{EventSchema, Named};
use crate::ir::{
    Condition, EventId, IntervalSet, Node, NodeId, PolicyId, Program, Round, Rule, RuleId, Schema, Test, Word,
};
use crate::regions::RegionTree;
use crate::source::{Location, SourceId, Span};

const NOWHERE: Location = Location { source: SourceId(0), span: Span { start: 0, end: 0 } };

fn named(name: &str) -> Named {
    Named { name: name.to_owned(), label: String::new() }
}

/// Pays nothing, but tests that word 4 lies in a set and that `percent` of word 5 is above `least`.
fn rule(set: IntervalSet, percent: i64, divisor: i64, least: i64) -> Rule {
    let nodes = vec![
        Node::Const(least),
        Node::Fact(Word(5)),
        Node::Const(percent),
        Node::Mul(NodeId(1), NodeId(2)),
        Node::Div(NodeId(3), divisor, Round::HalfUp),
        Node::Lt(NodeId(0), NodeId(4)),
    ];
    let tests = [Test::InSet(Word(4), set), Test::Node(NodeId(5))];
    Rule {
        policy: PolicyId(0),
        number: 1,
        event: EventId(0),
        gates: Vec::new(),
        conditions: tests.into_iter().map(|test| Condition { test, at: NOWHERE }).collect(),
        inputs: Vec::new(),
        nodes,
        awards: Vec::new(),
        limits: Vec::new(),
        consumes_when_nothing: false,
        entitlement: Vec::new(),
        at: NOWHERE,
    }
}

fn program(rules: Vec<Rule>) -> Program {
    let event =
        EventSchema { name: named("scan"), words: 6, fields: Vec::new(), actor: None, period_end: None, after: None };
    Program {
        schema: Schema {
            channel: "test".to_owned(),
            utc_offset: 0,
            roles: Vec::new(),
            packs: Vec::new(),
            events: vec![event],
            products: Vec::new(),
            regions: RegionTree::default(),
            hash: 0,
        },
        policies: Vec::new(),
        rules,
        groups: Vec::new(),
        limits: Vec::new(),
        budgets: Vec::new(),
        measures: Vec::new(),
        links: Vec::new(),
        identities: Vec::new(),
        kinds: Vec::new(),
        items: Vec::new(),
        follow_ups: Vec::new(),
        tables: Vec::new(),
        data: Vec::new(),
        work: None,
        past: Default::default(),
        semantic_hash: String::new(),
    }
}

#[test]
fn constants_are_not_part_of_a_shape_and_divisors_are() {
    let many = |by: i64| (0..by).map(|i| (i * 10, i * 10 + 3)).collect::<Vec<_>>();
    let set = |by: i64| IntervalSet::from_ranges(many(by));
    let rules = vec![
        rule(set(2), 5, 100, 7),
        rule(set(2), 9, 100, 1),
        rule(set(2), 5, 1_000, 7),
        rule(set(3), 5, 100, 7),
        // Searched sets are as large as the next power of two.
        rule(set(5), 5, 100, 7),
        rule(set(8), 5, 100, 7),
        rule(set(9), 5, 100, 7),
    ];
    let plan = plan(&program(rules)).unwrap();
    assert_eq!(plan.rules.iter().map(|r| r.shape).collect::<Vec<_>>(), [0, 0, 1, 2, 3, 3, 4]);
    assert_eq!(plan.uses, [2, 1, 1, 2, 1]);
}

#[test]
fn what_is_printed_is_the_same_every_time_and_names_its_rules() {
    let rules = || vec![rule(IntervalSet::one(3), 5, 100, 7), rule(IntervalSet::one(4), 6, 100, 8)];
    let text = print(&plan(&program(rules())).unwrap()).unwrap();
    assert_eq!(text, print(&plan(&program(rules())).unwrap()).unwrap());
    // One function for both; first value and length of the interval, then the constants of the nodes.
    assert!(text.starts_with("; rule 0: row [3, 1, 7, 5]\n; rule 1: row [4, 1, 8, 6]\nfunction u0:0("), "{text}");
    assert_eq!(text.matches("function").count(), 1);
    assert_eq!(text.matches("sdiv").count(), 1);
    assert!(!text.contains("call") && !text.replace("notrap", "").contains("trap"), "{text}");
    // Alone, a rule has its constants in the code: only the two words are loaded.
    let alone = print(&plan(&program(rules().split_off(1))).unwrap()).unwrap();
    assert_eq!(alone.matches("load.i64").count(), 2, "{alone}");
}

#[test]
fn faults_are_found_before_anything_is_built() {
    let fault = |spoil: &dyn Fn(&mut Program)| {
        let mut program = program(vec![rule(IntervalSet::one(3), 5, 100, 7)]);
        spoil(&mut program);
        plan(&program).map(|_| ()).unwrap_err()
    };
    let first = RuleId(0);
    assert_eq!(fault(&|p| p.rules[0].event = EventId(1)), Malformed::Event { rule: first });
    assert_eq!(fault(&|p| p.schema.events[0].words = 5), Malformed::Word { rule: first, word: Word(5) });
    assert_eq!(fault(&|p| p.schema.events[0].words = 3), Malformed::RecordLength { event: 0 });
    assert_eq!(
        fault(&|p| p.rules[0].nodes[4] = Node::Div(NodeId(3), 0, Round::Up)),
        Malformed::Divisor { rule: first }
    );
    assert_eq!(fault(&|p| p.rules[0].nodes[3] = Node::Not(NodeId(3))), Malformed::NodeOrder { rule: first });
    assert_eq!(fault(&|p| p.rules[0].nodes.truncate(5)), Malformed::NodeOrder { rule: first });
}
