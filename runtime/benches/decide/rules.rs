//! The workload as decision IR, and its scans as event records.

use super::workload::{DAY, PRODUCTS, Policy, Reward, Scan, districts, draw_hash};
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::schema::{EventSchema, Named};
use promo_compiler::ir::settle::Draws;
use promo_compiler::ir::{
    Award, Condition, EventId, Flow, Gate, GateKind, Input, InputId, IntervalSet, KeyPart, KindId, Node, NodeId,
    OnReturn, Payee, Policy as IrPolicy, PolicyId, Program, RewardKind, RewardUnit, Round, Rule, RuleId, Schema, Test,
    Word,
};
use promo_compiler::regions::RegionTree;
use promo_compiler::source::{Location, SourceId, Span};

const CODE: Word = Word(4);
const PRODUCT: Word = Word(6);
const DISTRICT: Word = Word(7);
const GRADE: Word = Word(8);
const PURCHASES: Word = Word(9);
const COUNT_TODAY: Word = Word(10);
const PRICE: Word = Word(11);
const WORDS: u32 = 12;
const NOWHERE: Location = Location { source: SourceId(0), span: Span { start: 0, end: 0 } };

fn named(name: String) -> Named {
    Named { name, label: String::new() }
}

/// Twenty event kinds, one per role and layer.
fn schema() -> Schema {
    let event = |i: usize| EventSchema {
        name: named(format!("event{i}")),
        words: WORDS,
        fields: Vec::new(),
        actor: Some(CODE),
        period_end: None,
        after: None,
    };
    Schema {
        channel: "promo-bench".to_owned(),
        utc_offset: 0,
        roles: vec![named("payee".to_owned())],
        packs: Vec::new(),
        events: (0..20).map(event).collect(),
        products: Vec::new(),
        regions: RegionTree::default(),
        hash: PRODUCTS as u64,
    }
}

pub(crate) fn program(policies: &[Policy]) -> Program {
    let ids = || 0u32..;
    Program {
        schema: schema(),
        policies: ids().zip(policies).map(|(i, p)| policy(i, p)).collect(),
        rules: ids().zip(policies).map(|(i, p)| rule(i, p)).collect(),
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
        tables: Vec::new(),
        data: Vec::new(),
        work: None,
        past: Default::default(),
        semantic_hash: String::new(),
    }
}

fn policy(i: u32, p: &Policy) -> IrPolicy {
    IrPolicy {
        name: format!("policy{i}"),
        key: u64::from(i),
        title: None,
        first_rule: RuleId(i),
        rule_count: 1,
        group: None,
        budget: None,
        cp_share: 0,
        during: (p.start, p.end),
        redeem_until: None,
        at: NOWHERE,
        hash: String::new(),
    }
}

fn rule(i: u32, p: &Policy) -> Rule {
    let below = |node: u16| {
        let (lo, hi) = districts(usize::from(node));
        (lo as i64, hi as i64)
    };
    let except = IntervalSet::from_ranges(p.except.map(below));
    let gates = [
        (Word::TIME, GateKind::During, IntervalSet::range(p.start, p.end)),
        (PRODUCT, GateKind::Products, p.products.iter().map(|s| i64::from(*s)).collect()),
        (DISTRICT, GateKind::Regions, IntervalSet::from_ranges(p.nodes.iter().map(|n| below(*n))).minus(&except)),
    ];
    let tests = [
        (GRADE, (0..6).filter(|g| p.grades >> g & 1 == 1).collect()),
        (PURCHASES, IntervalSet::range(i64::from(p.threshold), i64::MAX)),
        (COUNT_TODAY, IntervalSet::range(i64::MIN, i64::from(p.cap))),
    ];
    let (inputs, nodes) = amount(&p.reward);
    let key = KeyPart::Id { word: CODE, present: None };
    Rule {
        policy: PolicyId(i),
        number: 1,
        event: EventId(u32::from(p.role) * 5 + u32::from(p.layer)),
        gates: gates.into_iter().map(|(word, kind, set)| Gate { word, set, kind }).collect(),
        conditions: tests.into_iter().map(|(w, set)| Condition { test: Test::InSet(w, set), at: NOWHERE }).collect(),
        inputs,
        awards: vec![Award {
            payees: vec![Payee { role: 0, id: key.clone() }],
            kind: KindId(0),
            item: None,
            amount: NodeId(nodes.len() as u32 - 1),
            net: None,
            unit_cost: 1,
            claim_within: None,
            due: None,
            flow: Flow::Give,
            from: None,
            hold: None,
            kept: None,
            held: None,
            on_return: OnReturn::NotSaid,
            at: NOWHERE,
        }],
        nodes,
        limits: Vec::new(),
        consumes_when_nothing: false,
        entitlement: vec![key],
        at: NOWHERE,
    }
}

/// The amount and one: an amount of 0 is no award, but the checksums count blanks of a draw.
fn amount(reward: &Reward) -> (Vec<Input>, Vec<Node>) {
    let id = NodeId;
    match reward {
        Reward::Tiered { from, amounts } => {
            let [_, one, two] = from.map(i64::from);
            let [a, b, c] = amounts.map(|a| a + 1);
            let nodes = vec![
                Node::Fact(PURCHASES),
                Node::Const(one),
                Node::Le(id(1), id(0)),
                Node::Const(two),
                Node::Le(id(3), id(0)),
                Node::Const(a),
                Node::Const(b),
                Node::Select(id(2), id(6), id(5)),
                Node::Const(c),
                Node::Select(id(4), id(8), id(7)),
            ];
            (Vec::new(), nodes)
        }
        Reward::Percent { basis_points } => {
            let nodes = vec![
                Node::Fact(PRICE),
                Node::Const(*basis_points),
                Node::Mul(id(0), id(1)),
                Node::Div(id(2), 10_000, Round::HalfUp),
                Node::Const(1),
                Node::Add(id(3), id(4)),
            ];
            (Vec::new(), nodes)
        }
        Reward::Draw { weights, prizes } => {
            let all: u32 = weights.iter().sum();
            let mut nodes =
                vec![Node::Input(InputId(0)), Node::Uniform(id(0), i64::from(all)), Node::Const(prizes[3] + 1)];
            let mut upper = all;
            for i in (0..3).rev() {
                upper -= weights[i + 1];
                let (last, next) = (nodes.len() as u32 - 1, nodes.len() as u32);
                nodes.extend([
                    Node::Const(i64::from(upper)),
                    Node::Lt(id(1), id(next)),
                    Node::Const(prizes[i] + 1),
                    Node::Select(id(next + 1), id(next + 2), id(last)),
                ]);
            }
            (vec![Input::Draw(0)], nodes)
        }
    }
}

/// Draws by the hash of the workload: only its high half counts.
#[derive(Clone, Copy)]
pub(crate) struct WorkloadDraws;

impl Draws for WorkloadDraws {
    fn draw(&self, policy_key: u64, _: u32, _: u32, entitlement: u128) -> u64 {
        draw_hash(policy_key, entitlement as u64) >> 32 << 32
    }
}

/// An empty record, to be filled again and again: a server decodes each event into a buffer that is in the cache.
pub(crate) fn record() -> EventRecord {
    EventRecord { event: EventId(0), words: vec![0; WORDS as usize] }
}

pub(crate) fn fill(number: usize, s: &Scan, record: &mut EventRecord) {
    record.event = EventId(s.kind() as u32);
    // One by one: a block copied from narrower stores would wait for them.
    let [time, day, id, id_high, code, code_high, product, district, grade, purchases, count, price] =
        record.words.first_chunk_mut::<{ WORDS as usize }>().expect("as long as `record` made it");
    *time = s.time;
    *day = s.time.div_euclid(DAY);
    *id = number as i64 + 1;
    *id_high = 0;
    *code = s.code as i64;
    *code_high = 1;
    *product = i64::from(s.product);
    *district = i64::from(s.district);
    *grade = i64::from(s.grade);
    *purchases = i64::from(s.purchases);
    *count = i64::from(s.count_today);
    *price = s.price;
}
