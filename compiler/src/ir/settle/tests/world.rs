//! A small hand-built world: three events, five roles, and builders for rules, limits and state.

use crate::ir::key::{StateKey, local_day, stable_id};
use crate::ir::record::{EventRecord, Id};
use crate::ir::schema::*;
use crate::ir::settle::*;
use crate::ir::*;
use crate::regions::RegionTree;
use crate::source::{Location, SourceId, Span};
use std::collections::BTreeMap;

pub(in crate::ir) const AT: Location = Location { source: SourceId(0), span: Span::new(0, 0) };
pub(in crate::ir) const OFFSET: i32 = 28_800;

pub(in crate::ir) const OPEN_BOX: EventId = EventId(0);
pub(in crate::ir) const GUIDE_SCAN: EventId = EventId(1);
pub(in crate::ir) const OPEN_BOTTLE: EventId = EventId(2);

pub(in crate::ir) const CODE: Word = Word(4);
pub(in crate::ir) const ACTOR: Word = Word(6);
pub(in crate::ir) const REP_KNOWN: Word = Word(8);
pub(in crate::ir) const REP: Word = Word(9);
pub(in crate::ir) const AMOUNT: Word = Word(11);
pub(in crate::ir) const WORDS: u32 = 12;

pub(in crate::ir) const STORE: u32 = 0;
pub(in crate::ir) const REP_ROLE: u32 = 1;

pub(in crate::ir) const CASH: KindId = KindId(0);
pub(in crate::ir) const POINTS: KindId = KindId(1);
pub(in crate::ir) const GOODS: KindId = KindId(2);

fn named(name: &str) -> Named {
    Named { name: name.into(), label: String::new() }
}

fn field(name: &str, ty: FieldType, word: Word, present: Option<Word>) -> Field {
    Field { path: vec![named(name)], ty, word, present }
}

/// All three events have one layout: time, day, id, code, actor, rep?, amount 0..=1000.
pub(in crate::ir) fn program() -> Program {
    let fields = vec![
        field("time", FieldType::Instant, Word::TIME, None),
        field("id", FieldType::Id, Word::ID, None),
        field("code", FieldType::Id, CODE, None),
        field("actor", FieldType::Id, ACTOR, None),
        field("rep", FieldType::Id, REP, Some(REP_KNOWN)),
        field("amount", FieldType::Number { lo: 0, hi: 1000, unit: NumberUnit::Fen }, AMOUNT, None),
    ];
    let event = |name: &str| EventSchema {
        name: named(name),
        words: WORDS,
        fields: fields.clone(),
        actor: Some(ACTOR),
        period_end: None,
        after: None,
    };
    let kind = |name: &str, unit| RewardKind { name: name.into(), label: String::new(), unit, tax: None };
    Program {
        schema: Schema {
            channel: "test".into(),
            utc_offset: OFFSET,
            roles: vec![named("store"), named("rep")],
            packs: vec![],
            events: vec![event("open_box"), event("guide_scan"), event("open_bottle")],
            products: vec![],
            regions: RegionTree::from_csv("code,name,parent\n").unwrap_or_else(|_| RegionTree::builtin()),
            hash: 1,
        },
        policies: vec![],
        rules: vec![],
        groups: vec![],
        limits: vec![],
        budgets: vec![],
        measures: vec![],
        links: vec![],
        identities: vec![],
        kinds: vec![
            kind("cash", RewardUnit::Fen),
            kind("points", RewardUnit::Points),
            kind("goods", RewardUnit::Pieces),
        ],
        items: vec![],
        follow_ups: vec![],
        tables: vec![],
        data: vec![],
        work: None,
        past: Default::default(),
        semantic_hash: String::new(),
    }
}

impl Program {
    /// Adds a policy; the rules added next are its.
    pub(in crate::ir) fn policy(&mut self, name: &str) -> PolicyId {
        self.policies.push(Policy {
            name: name.into(),
            key: stable_id(name),
            title: None,
            first_rule: RuleId(self.rules.len() as u32),
            rule_count: 0,
            group: None,
            budget: None,
            cp_share: 0,
            during: (0, i64::MAX),
            redeem_until: None,
            at: AT,
            hash: String::new(),
        });
        PolicyId(self.policies.len() as u32 - 1)
    }

    /// Adds a rule of the last policy on open_box that pays the given awards.
    pub(in crate::ir) fn rule(&mut self, awards: Vec<(u32, KindId, i64)>) -> RuleId {
        let policy = self.policies.last_mut().expect("a policy first");
        policy.rule_count += 1;
        let nodes = awards.iter().map(|(_, _, amount)| Node::Const(*amount)).collect();
        let award = |(i, (role, kind, _)): (usize, (u32, KindId, i64))| Award {
            payees: vec![Payee { role, id: party(role) }],
            kind,
            item: None,
            amount: NodeId(i as u32),
            net: None,
            flow: Flow::Give,
            from: None,
            unit_cost: [1, 0, 30][kind.index()],
            claim_within: None,
            due: None,
            on_return: OnReturn::NotSaid,
            hold: None,
            kept: None,
            held: None,
            at: AT,
        };
        self.rules.push(Rule {
            policy: PolicyId(self.policies.len() as u32 - 1),
            number: self.policies.last().expect("a policy first").rule_count,
            event: OPEN_BOX,
            gates: vec![],
            conditions: vec![],
            inputs: vec![],
            nodes,
            awards: awards.into_iter().enumerate().map(award).collect(),
            limits: vec![],
            consumes_when_nothing: false,
            entitlement: vec![],
            at: AT,
        });
        RuleId(self.rules.len() as u32 - 1)
    }

    pub(in crate::ir) fn last(&mut self) -> &mut Rule {
        self.rules.last_mut().expect("a rule first")
    }

    pub(in crate::ir) fn limit(&mut self, max: i64, unit: LimitUnit, beyond: Beyond) -> LimitId {
        let id = self.limits.len();
        let counter = stable_id(&format!("limit {id}"));
        let window = Window::Day;
        self.limits.push(Limit {
            counter,
            max,
            unit,
            window,
            beyond,
            only_role: None,
            once: false,
            invariant: None,
            at: AT,
        });
        LimitId(id as u32)
    }

    pub(in crate::ir) fn budget(&mut self, max: i64, used_up: Beyond) -> BudgetId {
        let id = self.budgets.len();
        let counter = stable_id(&format!("budget {id}"));
        self.budgets.push(Budget { counter, max, announced: max, used_up, at: AT });
        BudgetId(id as u32)
    }

    pub(in crate::ir) fn group(&mut self, rule: GroupRule, members: Vec<PolicyId>) {
        let id = GroupId(self.groups.len() as u32);
        members.iter().for_each(|m| self.policies[m.index()].group = Some(id));
        self.groups.push(Group { name: "g".into(), rule, members, at: AT });
    }

    pub(in crate::ir) fn limit_key(&self, limit: LimitId, who: &str, event: &EventRecord) -> StateKey {
        let limit = &self.limits[limit.index()];
        let entity = Id::from_text(who).map_or(0, |id| id.0);
        StateKey { counter: limit.counter, entity, window: key::window_id(limit.window, event.day()) }
    }

    pub(in crate::ir) fn budget_key(&self, budget: BudgetId) -> StateKey {
        StateKey { counter: self.budgets[budget.index()].counter, entity: 0, window: 0 }
    }
}

pub(in crate::ir) fn party(role: u32) -> KeyPart {
    match role {
        STORE => KeyPart::Id { word: ACTOR, present: None },
        _ => KeyPart::Id { word: REP, present: Some(REP_KNOWN) },
    }
}

pub(in crate::ir) fn per(limit: LimitId, key: Vec<KeyPart>) -> LimitUse {
    LimitUse { limit, key }
}

/// An event; an empty rep is an unknown one.
pub(in crate::ir) fn event(
    kind: EventId,
    id: &str,
    at: i64,
    code: &str,
    actor: &str,
    rep: &str,
    amount: i64,
) -> EventRecord {
    let mut words = vec![at, local_day(at, OFFSET)];
    let mut push = |text: &str| {
        let (lo, hi) = Id::from_text(text).unwrap_or_default().to_words();
        words.extend([lo, hi]);
    };
    push(id);
    push(code);
    push(actor);
    push(rep);
    words.insert(REP_KNOWN.index(), i64::from(!rep.is_empty()));
    words.push(amount);
    EventRecord { event: kind, words }
}

pub(in crate::ir) fn opened(actor: &str, rep: &str) -> EventRecord {
    event(OPEN_BOX, "e1", 1_769_911_200, "C1", actor, rep, 100)
}

/// Plain maps; what the naive model commits to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::ir) struct Store {
    pub(in crate::ir) counters: BTreeMap<StateKey, i64>,
    pub(in crate::ir) links: BTreeMap<StateKey, Vec<i64>>,
}

impl Store {
    pub(in crate::ir) fn apply(&mut self, event: &EventRecord, decision: &Decision) {
        for change in &decision.changes {
            *self.counters.entry(change.key).or_default() += change.delta;
        }
        for kept in &decision.kept {
            self.links.insert(kept.key, kept.words.to_vec());
        }
        for key in &decision.links {
            self.links.insert(*key, event.words.clone());
        }
    }
}

impl StateView for Store {
    fn counter(&self, key: &StateKey) -> i64 {
        self.counters.get(key).copied().unwrap_or(0)
    }

    fn link(&self, key: &StateKey) -> Option<&[i64]> {
        self.links.get(key).map(Vec::as_slice)
    }
}

/// Draws in a fixed order, so that a test can say what is drawn.
pub(in crate::ir) struct Always(pub(super) u64);

impl Draws for Always {
    fn draw(&self, _: u64, _: u32, _: u32, _: u128) -> u64 {
        self.0
    }
}

pub(in crate::ir) fn decide(program: &Program, event: &EventRecord, state: &impl StateView) -> Decision {
    reference_decide(program, event, state, &Always(0)).expect("a sound state")
}

/// `role amount` of each award.
pub(in crate::ir) fn paid(decision: &Decision) -> Vec<(u32, i64)> {
    decision.awards.iter().map(|a| (a.role, a.amount)).collect()
}

pub(in crate::ir) fn refusals(decision: &Decision) -> Vec<Refusal> {
    decision.refusals.iter().map(|r| r.refusal).collect()
}
