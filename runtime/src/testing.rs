//! Programs built by hand, for tests of this crate.

use promo_compiler::ir::schema::{EventSchema, Named};
use promo_compiler::ir::{
    Award, Condition, EventId, Gate, Input, KindId, Node, NodeId, OnReturn, Policy, PolicyId, Program, RewardKind,
    RewardUnit, Rule, RuleId, Schema, Test,
};
use promo_compiler::source::{Location, SourceId, Span};

pub(crate) const NOWHERE: Location = Location { source: SourceId(0), span: Span { start: 0, end: 0 } };

pub(crate) fn named(name: &str) -> Named {
    Named { name: name.to_owned(), label: String::new() }
}

/// `kinds` event kinds whose records have `words` words and no declared fields.
pub(crate) fn schema(kinds: u32, words: u32) -> Schema {
    Schema {
        channel: "test".to_owned(),
        utc_offset: 28_800,
        roles: vec![named("consumer")],
        packs: Vec::new(),
        events: (0..kinds)
            .map(|i| EventSchema {
                name: named(&format!("event{i}")),
                words,
                fields: Vec::new(),
                actor: None,
                period_end: None,
                after: None,
            })
            .collect(),
        products: Vec::new(),
        regions: promo_compiler::regions::RegionTree::default(),
        hash: 7,
    }
}

/// A rule of event kind 0 that pays what `amounts` say.
pub(crate) fn rule(
    event: u32,
    gates: Vec<Gate>,
    tests: Vec<Test>,
    inputs: Vec<Input>,
    nodes: Vec<Node>,
    amounts: &[u32],
) -> Rule {
    Rule {
        policy: PolicyId(0),
        number: 1,
        event: EventId(event),
        gates,
        conditions: tests.into_iter().map(|test| Condition { test, at: NOWHERE }).collect(),
        inputs,
        nodes,
        awards: amounts
            .iter()
            .map(|node| Award {
                payees: Vec::new(),
                kind: KindId(0),
                item: None,
                amount: NodeId(*node),
                net: None,
                flow: promo_compiler::ir::Flow::Give,
                from: None,
                unit_cost: 1,
                claim_within: None,
                due: None,
                on_return: OnReturn::NotSaid,
                hold: None,
                kept: None,
                held: None,
                at: NOWHERE,
            })
            .collect(),
        limits: Vec::new(),
        consumes_when_nothing: false,
        entitlement: Vec::new(),
        at: NOWHERE,
    }
}

/// One policy per rule.
pub(crate) fn program(schema: Schema, mut rules: Vec<Rule>, tables: Vec<Vec<i64>>) -> Program {
    let policies = (0u32..)
        .zip(&mut rules)
        .map(|(i, rule)| {
            rule.policy = PolicyId(i);
            Policy {
                name: format!("policy{i}"),
                key: u64::from(i),
                title: None,
                first_rule: RuleId(i),
                rule_count: 1,
                group: None,
                budget: None,
                cp_share: 0,
                during: (0, i64::MAX),
                redeem_until: None,
                at: NOWHERE,
                hash: String::new(),
            }
        })
        .collect();
    Program {
        schema,
        policies,
        rules,
        groups: Vec::new(),
        limits: Vec::new(),
        budgets: Vec::new(),
        measures: Vec::new(),
        links: Vec::new(),
        identities: Vec::new(),
        kinds: vec![RewardKind {
            name: "cash".to_owned(), label: "现金".to_owned(), unit: RewardUnit::Fen, tax: None
        }],
        items: Vec::new(),
        follow_ups: Vec::new(),
        tables,
        data: Vec::new(),
        work: None,
        past: Default::default(),
        semantic_hash: String::new(),
    }
}
