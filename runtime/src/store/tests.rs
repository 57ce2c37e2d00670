#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::event::{EventBuilder, EventDecoder, EventError};
use promo_compiler::ir::key::stable_id;
use promo_compiler::ir::schema::Word;
use promo_compiler::ir::settle::{Draws, StateView, reference_decide};
use promo_compiler::ir::*;
use promo_compiler::source::{Location, SourceId, Span};
use proptest::prelude::*;

const AT: Location = Location { source: SourceId(0), span: Span::new(0, 0) };

/// Pays the store 30 fen for an opened case: once per case, at most 100 fen per store and day (cut), and a budget of
/// 300 fen (cut); the number of cases a store opened is measured.
pub(crate) fn program() -> Program {
    let schema = crate::event::tests::schema();
    let fields = &schema.events[0].fields;
    let word = |path: &[&str]| {
        let is = |f: &&schema::Field| f.path.iter().map(|n| n.name.as_str()).eq(path.iter().copied());
        fields.iter().find(is).unwrap().word
    };
    let (case, store) = (word(&["case"]), word(&["store", "id"]));
    let id = |word: Word| vec![KeyPart::Id { word, present: None }];
    let limit = |name: &str, max, unit, window, beyond, once| Limit {
        counter: stable_id(name),
        max,
        unit,
        window,
        beyond,
        only_role: None,
        once,
        invariant: None,
        at: AT,
    };
    Program {
        policies: vec![Policy {
            name: "open_box".into(),
            key: stable_id("open_box"),
            title: None,
            first_rule: RuleId(0),
            rule_count: 1,
            group: None,
            budget: Some(BudgetId(0)),
            cp_share: 0,
            during: (0, i64::MAX),
            redeem_until: None,
            at: AT,
            hash: "p1".into(),
        }],
        rules: vec![Rule {
            policy: PolicyId(0),
            number: 1,
            event: EventId(0),
            gates: vec![],
            conditions: vec![],
            inputs: vec![],
            nodes: vec![Node::Const(30)],
            awards: vec![Award {
                payees: vec![Payee { role: 0, id: KeyPart::Id { word: store, present: None } }],
                kind: KindId(0),
                item: None,
                amount: NodeId(0),
                net: Some(true),
                unit_cost: 1,
                claim_within: None,
                due: None,
                flow: Flow::Give,
                from: None,
                on_return: OnReturn::TakeBack,
                hold: None,
                kept: None,
                held: None,
                at: AT,
            }],
            limits: vec![LimitUse { limit: LimitId(0), key: id(case) }, LimitUse { limit: LimitId(1), key: id(store) }],
            consumes_when_nothing: false,
            entitlement: id(case),
            at: AT,
        }],
        groups: vec![],
        limits: vec![
            limit("once", 1, LimitUnit::Times, Window::Ever, Beyond::Skip, true),
            limit("per store", 100, LimitUnit::Fen, Window::Day, Beyond::Cut, false),
        ],
        budgets: vec![Budget { counter: stable_id("budget"), max: 300, announced: 300, used_up: Beyond::Cut, at: AT }],
        measures: vec![Measure {
            counter: stable_id("opened"),
            window: Window::Month,
            max: 1_000_000,
            contributions: vec![Contribution {
                event: EventId(0),
                only: vec![],
                linked: vec![],
                key: id(store),
                add: None,
            }],
            paid: None,
            at: AT,
        }],
        links: vec![Link {
            counter: stable_id("last open_box"),
            event: EventId(0),
            code: Some(case),
            only: vec![],
            given: None,
            drawn: None,
        }],
        identities: vec![],
        kinds: vec![RewardKind {
            name: "cash".into(),
            label: "红包".into(),
            unit: RewardUnit::Fen,
            tax: Some(200_000),
        }],
        items: vec![],
        follow_ups: Vec::new(),
        tables: vec![],
        data: vec![],
        work: None,
        past: Default::default(),
        semantic_hash: String::new(),
        schema,
    }
}

pub(crate) fn opened(decoder: &EventDecoder, id: &str, case: &str, store: &str) -> Result<EventRecord, EventError> {
    let field = |path: &str| decoder.field("open_box", path);
    EventBuilder::new(decoder, "open_box")?
        .at(1_769_911_200)
        .id(id)
        .set(field("case")?, case)
        .set(field("pallet")?, "P")
        .set(field("product")?, "SKU-1")
        .set(field("store.id")?, store)
        .set(field("store.grade")?, "A")
        .set(field("store.region")?, "四川")
        .build()
}

pub(crate) struct NoDraws;

impl Draws for NoDraws {
    fn draw(&self, _: u64, _: u32, _: u32, _: u128) -> u64 {
        0
    }
}

#[test]
fn memory_keeps_the_contract() {
    assert_eq!(conformance(MemoryStore::new), Ok(()));
}

/// A store that breaks one promise is caught.
#[test]
fn conformance_notices_a_store_that_pays_twice() {
    #[derive(Default)]
    struct Forgetful(MemoryStore);
    impl StateStore for Forgetful {
        fn read_counters(&self, keys: &[StateKey], out: &mut [i64]) -> Result<(), StoreError> {
            self.0.read_counters(keys, out)
        }
        fn read_links(&self, keys: &[StateKey], found: &mut dyn FnMut(usize, &[i64])) -> Result<(), StoreError> {
            self.0.read_links(keys, found)
        }
        fn stored(&self, event: Id, facts: u128) -> Result<Option<Vec<u8>>, StoreError> {
            self.0.stored(event, facts)
        }
        fn commit(&mut self, commit: &Commit<'_>) -> Result<CommitOutcome, StoreError> {
            let outcome = self.0.commit(commit)?;
            for change in commit.changes.iter().filter(|_| matches!(outcome, CommitOutcome::Duplicate(_))) {
                self.0.set_counter(change.key, self.0.counter(&change.key) + change.delta);
            }
            Ok(outcome)
        }
    }
    assert!(conformance(Forgetful::default).unwrap_err().contains("counters in the order asked"));
}

#[test]
fn the_digest_covers_every_fact() {
    let decoder = EventDecoder::new(&program());
    let base = facts_digest(&opened(&decoder, "e", "C1", "S1").unwrap());
    assert_eq!(base, facts_digest(&opened(&decoder, "e", "C1", "S1").unwrap()));
    assert_ne!(base, facts_digest(&opened(&decoder, "e", "C2", "S1").unwrap()));
    assert_ne!(base, facts_digest(&opened(&decoder, "e", "C1", "S2").unwrap()));
}

/// Reads what a decision needs and decides.
fn decide(program: &Program, store: &MemoryStore, event: &EventRecord) -> Decision {
    let mut snapshot = Snapshot::default();
    let candidates = settle::rules_of(program, event.event);
    load(store, program, event, &candidates, &mut LoadBuffers::default(), &mut snapshot).unwrap();
    let decision = reference_decide(program, event, &snapshot, &NoDraws).unwrap();
    assert_eq!(
        decision,
        reference_decide(program, event, store, &NoDraws).unwrap(),
        "the plan reads all that is needed"
    );
    decision
}

#[test]
fn an_event_committed_twice_pays_once() {
    let program = program();
    let decoder = EventDecoder::new(&program);
    let mut store = MemoryStore::new();
    let event = opened(&decoder, "e1", "C1", "S1").unwrap();
    // Two servers decide the same scan at once, and a third much later.
    let (a, b) = (decide(&program, &store, &event), decide(&program, &store, &event));
    assert_eq!(store.commit(&Commit::new(&event, &a, b"paid 30")).unwrap(), CommitOutcome::Committed);
    let counters = store.counters();
    let late = decide(&program, &store, &event);
    for again in [&b, &late] {
        let outcome = store.commit(&Commit::new(&event, again, b"other")).unwrap();
        assert_eq!(outcome, CommitOutcome::Duplicate(b"paid 30".to_vec()));
    }
    assert_eq!(store.counters(), counters);
    // The same case under another event id was paid before.
    let second = opened(&decoder, "e2", "C1", "S1").unwrap();
    assert_eq!(decide(&program, &store, &second).refusals[0].refusal, settle::Refusal::AlreadyPaid);
    // The same id for another case is a mistake of the sender.
    let mixed = opened(&decoder, "e1", "C9", "S1").unwrap();
    let decision = decide(&program, &store, &mixed);
    assert!(matches!(store.commit(&Commit::new(&mixed, &decision, b"")), Err(StoreError::OtherFacts { .. })));
}

/// Two people scan one code at the same time on two servers: one is paid, the other is told who was first.
#[test]
fn of_two_claims_at_once_the_later_is_told_of_the_other() {
    let program = program();
    let decoder = EventDecoder::new(&program);
    let mut store = MemoryStore::new();
    let (first, second) = (opened(&decoder, "e1", "C1", "S1").unwrap(), opened(&decoder, "e2", "C1", "S2").unwrap());
    let (a, b) = (decide(&program, &store, &first), decide(&program, &store, &second));
    assert_eq!((a.awards.len(), b.awards.len()), (1, 1));
    assert_eq!(store.commit(&Commit::new(&first, &a, b"")).unwrap(), CommitOutcome::Committed);
    assert!(matches!(store.commit(&Commit::new(&second, &b, b"")).unwrap(), CommitOutcome::GuardFailed(_)));
    let b = decide(&program, &store, &second);
    assert_eq!(b.refusals[0].refusal, settle::Refusal::ClaimedByAnother);
    assert_eq!(store.commit(&Commit::new(&second, &b, b"")).unwrap(), CommitOutcome::Committed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Servers decide on what they read some events ago and commit later, retrying when a guard fails: in no order is
    /// a case paid twice, a limit or the budget exceeded, and the counters are exactly what was paid.
    #[test]
    fn no_interleaving_overspends(
        scans in prop::collection::vec((0u32..15, 0u32..12, 0u32..3), 1..40),
        stale in prop::collection::vec(0usize..6, 40),
    ) {
        let program = program();
        let decoder = EventDecoder::new(&program);
        let mut history = vec![MemoryStore::new()];
        let (mut paid, mut paid_cases) = (0, std::collections::BTreeMap::new());
        for (at, (event, case, shop)) in scans.iter().enumerate() {
            // One event id always means one scan.
            let (case, shop) = ((case + event) % 12, (shop + event) % 3);
            let record = opened(&decoder, &format!("e{event}-{case}-{shop}"), &format!("C{case}"), &format!("S{shop}")).unwrap();
            let mut store = history.last().unwrap().clone();
            let mut read = history[history.len().saturating_sub(1 + stale[at])].clone();
            loop {
                let decision = decide(&program, &read, &record);
                match store.commit(&Commit::new(&record, &decision, b"r")).unwrap() {
                    CommitOutcome::Committed => {
                        for award in &decision.awards {
                            paid += award.gross();
                            *paid_cases.entry(case).or_insert(0) += 1;
                        }
                        break;
                    }
                    CommitOutcome::Duplicate(_) => break,
                    CommitOutcome::GuardFailed(moved) => {
                        prop_assert!(!moved.is_empty());
                        read = store.clone();
                    }
                }
            }
            history.push(store);
        }
        let store = history.last().unwrap();
        prop_assert!(paid_cases.values().all(|times| *times == 1));
        let of = |name: &str| store.counters().into_iter().filter(|(k, _)| k.counter == stable_id(name)).map(|(_, v)| v).collect::<Vec<_>>();
        prop_assert_eq!(of("budget").iter().sum::<i64>(), paid);
        prop_assert!(paid <= 300);
        prop_assert!(of("per store").iter().all(|fen| (0..=100).contains(fen)));
        prop_assert_eq!(of("opened").iter().sum::<i64>() as usize, store.committed());
    }
}
