//! Lower: from typed expressions to nodes, each value computed once; policies, limits and tables numbered in a
//! canonical order.

use super::{
    Award, Condition, Identity, Input, InputId, IntervalSet, Item, ItemId, KeyPart, KindId, Limit, LimitId, LimitUse,
    Node, NodeId, Policy, PolicyId, Program, Rule, RuleId, TableId, Test,
};
use super::{BudgetId, GroupId, follow_up, hash, key};
use crate::typed::{self, Expr, Kind};
use rustc_hash::FxHashMap;

/// Lowers a checked package.
pub fn lower(package: &typed::Package) -> Program {
    let mut l = Lower::default();
    package.items.iter().for_each(|item| {
        l.item(&item.name, item.coupon);
    });
    let (mut policies, mut rules, mut budgets) = (Vec::new(), Vec::new(), Vec::new());
    for (i, p) in package.policies.iter().enumerate() {
        let first_rule = RuleId(rules.len() as u32);
        for r in &p.rules {
            let rule = l.rule(PolicyId(i as u32), r);
            rules.push(rule);
        }
        let budget = p.budget.clone().map(|b| {
            budgets.push(b);
            BudgetId(budgets.len() as u32 - 1)
        });
        policies.push(Policy {
            name: p.name.clone(),
            key: key::stable_id(&p.name),
            title: p.title.clone(),
            first_rule,
            rule_count: p.rules.len() as u32,
            group: p.group.map(|g| GroupId(g as u32)),
            budget,
            cp_share: p.cp_share,
            during: p.during,
            redeem_until: p.redeem_until,
            at: p.at,
            hash: String::new(),
        });
    }
    let identities = identities(package, &rules, &l.limits);
    let tables = l.tables.iter().map(|t| t.values(&package.schema)).collect();
    let mut program = Program {
        schema: package.schema.clone(),
        policies,
        rules,
        groups: package.groups.clone(),
        limits: l.limits,
        budgets,
        measures: package.measures.clone(),
        links: package.links.clone(),
        identities,
        kinds: package.kinds.clone(),
        items: l.items,
        follow_ups: Vec::new(),
        tables,
        data: package.tables.clone(),
        work: package.work.clone(),
        past: super::past::Index::default(),
        semantic_hash: String::new(),
    };
    follow_up::fill(&mut program);
    hash::fill(&mut program);
    program
}

/// The identity sets with what moves when two of them unite.
fn identities(package: &typed::Package, rules: &[Rule], limits: &[Limit]) -> Vec<Identity> {
    let mut all = package.identities.clone();
    for used in rules.iter().flat_map(|rule| &rule.limits) {
        let Some(limit) = limits.get(used.limit.index()) else { continue };
        for part in &used.key {
            let KeyPart::Same(id) = part else { continue };
            let Some(identity) = all.get_mut(id.index()) else { continue };
            let counter = (limit.counter, limit.window);
            if !identity.limits.contains(&counter) {
                identity.limits.push(counter);
            }
        }
    }
    all
}

#[derive(Default)]
struct Lower {
    limits: Vec<Limit>,
    /// Limits by their counter: policies are many, limits of one counter few.
    counters: FxHashMap<u64, Vec<usize>>,
    items: Vec<Item>,
    named: FxHashMap<(String, bool), usize>,
    tables: Vec<typed::Table>,
}

impl Lower {
    fn rule(&mut self, policy: PolicyId, r: &typed::Rule) -> Rule {
        let mut nodes = Nodes { lower: self, nodes: Vec::new(), seen: FxHashMap::default(), inputs: Vec::new() };
        let conditions = r
            .conditions
            .iter()
            .map(|c| Condition {
                test: match &c.kind {
                    Kind::InSet(word, set) => Test::InSet(*word, set.clone()),
                    _ => Test::Node(nodes.expr(c)),
                },
                at: c.at,
            })
            .collect();
        let amounts: Vec<NodeId> = r.awards.iter().map(|a| nodes.expr(&a.leaf.amount)).collect();
        let (nodes, inputs) = (nodes.nodes, nodes.inputs);
        let awards = r
            .awards
            .iter()
            .zip(amounts)
            .map(|(a, amount)| Award {
                payees: a.payees.clone(),
                kind: KindId(a.leaf.kind as u32),
                item: a.leaf.item.as_ref().map(|(name, coupon)| self.item(name, *coupon)),
                amount,
                net: a.leaf.net,
                flow: a.flow,
                from: a.from.clone(),
                unit_cost: a.leaf.unit_cost,
                claim_within: a.claim_within,
                due: a.due,
                on_return: a.on_return,
                hold: a.hold,
                kept: None,
                held: None,
                at: a.at,
            })
            .collect();
        let limits = r.limits.iter().map(|(l, key)| LimitUse { limit: self.limit(l), key: key.clone() }).collect();
        Rule {
            policy,
            number: r.number,
            event: r.event,
            gates: r.gates.clone(),
            conditions,
            inputs,
            nodes,
            awards,
            limits,
            consumes_when_nothing: r.consumes_when_nothing,
            entitlement: r.entitlement.clone(),
            at: r.at,
        }
    }

    fn item(&mut self, name: &str, coupon: bool) -> ItemId {
        let items = &mut self.items;
        ItemId(*self.named.entry((name.to_owned(), coupon)).or_insert_with(|| {
            items.push(Item { name: name.to_owned(), coupon });
            items.len() - 1
        }) as u32)
    }

    fn limit(&mut self, limit: &Limit) -> LimitId {
        let same = self.counters.entry(limit.counter).or_default();
        let found = same.iter().copied().find(|id| self.limits.get(*id) == Some(limit));
        LimitId(found.unwrap_or_else(|| {
            self.limits.push(limit.clone());
            same.push(self.limits.len() - 1);
            self.limits.len() - 1
        }) as u32)
    }

    fn table(&mut self, table: typed::Table) -> TableId {
        TableId(self.tables.iter().position(|t| *t == table).unwrap_or_else(|| {
            self.tables.push(table);
            self.tables.len() - 1
        }) as u32)
    }
}

/// The nodes of one rule; equal nodes are one.
struct Nodes<'l> {
    lower: &'l mut Lower,
    nodes: Vec<Node>,
    seen: FxHashMap<Node, NodeId>,
    inputs: Vec<Input>,
}

impl Nodes<'_> {
    fn push(&mut self, node: Node) -> NodeId {
        if let Some(id) = self.seen.get(&node) {
            return *id;
        }
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node);
        self.seen.insert(node, id);
        id
    }

    fn input(&mut self, input: &Input) -> NodeId {
        let found = self.inputs.iter().position(|i| i == input).unwrap_or_else(|| {
            self.inputs.push(input.clone());
            self.inputs.len() - 1
        });
        self.push(Node::Input(InputId(found as u32)))
    }

    fn within(&mut self, value: NodeId, set: &IntervalSet) -> NodeId {
        let mut result: Option<NodeId> = None;
        for (lo, hi) in set.ranges() {
            let one = self.push(Node::Within(value, *lo, *hi));
            result = Some(match result {
                None => one,
                Some(before) => self.push(Node::Or(before, one)),
            });
        }
        result.unwrap_or_else(|| self.push(Node::Const(0)))
    }

    fn two(&mut self, a: &Expr, b: &Expr, make: fn(NodeId, NodeId) -> Node) -> NodeId {
        let (a, b) = (self.expr(a), self.expr(b));
        self.push(make(a, b))
    }

    fn expr(&mut self, e: &Expr) -> NodeId {
        match &e.kind {
            Kind::Const(v) => self.push(Node::Const(*v)),
            Kind::Word(word) => self.push(Node::Fact(*word)),
            Kind::Input(input) => self.input(input),
            Kind::Add(a, b) => self.two(a, b, Node::Add),
            Kind::Sub(a, b) => self.two(a, b, Node::Sub),
            Kind::Mul(a, b) => self.two(a, b, Node::Mul),
            Kind::Div(a, by, round) => {
                let a = self.expr(a);
                self.push(Node::Div(a, *by, *round))
            }
            Kind::Quotient(a, b, round) => {
                let (a, b) = (self.expr(a), self.expr(b));
                self.push(Node::Quotient(a, b, *round))
            }
            Kind::Min(a, b) => self.two(a, b, Node::Min),
            Kind::Max(a, b) => self.two(a, b, Node::Max),
            Kind::Eq(a, b) => self.two(a, b, Node::Eq),
            Kind::Lt(a, b) => self.two(a, b, Node::Lt),
            Kind::Le(a, b) => self.two(a, b, Node::Le),
            Kind::And(a, b) => self.two(a, b, Node::And),
            Kind::Or(a, b) => self.two(a, b, Node::Or),
            Kind::Not(a) => {
                let a = self.expr(a);
                self.push(Node::Not(a))
            }
            Kind::Select(c, a, b) => {
                let (c, a, b) = (self.expr(c), self.expr(a), self.expr(b));
                self.push(Node::Select(c, a, b))
            }
            Kind::InSet(word, set) => {
                let value = self.push(Node::Fact(*word));
                self.within(value, set)
            }
            Kind::InputInSet(input, set) => {
                let value = self.input(input);
                self.within(value, set)
            }
            Kind::Lookup(table, index) => {
                let table = self.lower.table(*table);
                let index = self.expr(index);
                self.push(Node::Lookup(table, index))
            }
            Kind::Uniform(draw, n) => {
                let draw = self.expr(draw);
                self.push(Node::Uniform(draw, *n))
            }
        }
    }
}
