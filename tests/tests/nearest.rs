//! What a refusal says was missing is what was missing: given so much, the rule does what it was said to do, and with
//! less it does not.
#![expect(clippy::panic, reason = "tests")]

use promo_compiler::ir::key::local_day;
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::settle::nearest::nearest;
use promo_compiler::ir::settle::{Decision, KeyedDraws, Missing, Nearest, Refusal, Then, reference_decide};
use promo_compiler::ir::{Program, RuleId, Word};
use promo_compiler::pipeline;
use promo_tests::generate::{package, stream::stream};
use promo_tests::state::State;
use std::collections::BTreeMap;

const PACKAGES: u64 = 150;
const EVENTS: usize = 40;

/// The event and the state with what was missing; `None` if that is nothing that can be put there.
fn given(event: &EventRecord, state: &State, missing: &[Missing], less: i64) -> Option<(EventRecord, State)> {
    let (mut event, mut state) = (event.clone(), state.clone());
    for missing in missing {
        match missing {
            Missing::Measure { key, by, .. } => *state.counters.entry(*key).or_default() += by - less * by.signum(),
            Missing::Number { place, by, to } if place.link.is_none() => {
                let word = event.words.get_mut(place.word.index())?;
                assert_eq!(*word + by, *to);
                *word = to - less * by.signum();
            }
            Missing::Value { place, of } if place.link.is_none() && less == 0 => {
                *event.words.get_mut(place.word.index())? = of.first()?;
            }
            Missing::Budget { key, by } => *state.counters.entry(*key).or_default() -= by - less,
            Missing::Number { .. }
            | Missing::Value { .. }
            | Missing::Known { .. }
            | Missing::Earlier(_)
            | Missing::Row(_)
            | Missing::From(_)
            | Missing::Until(_)
            | Missing::Another(_) => return None,
        }
    }
    Some((event, state))
}

fn outcome(decision: &Decision, rule: RuleId) -> Then {
    if decision.awards.iter().any(|award| award.rule == rule) {
        return Then::Pays;
    }
    decision.refusals.iter().find(|refused| refused.rule == rule).map_or(Then::Open, |r| Then::Refused(r.refusal))
}

struct World<'a> {
    program: &'a Program,
    draws: &'a KeyedDraws,
    event: &'a EventRecord,
    state: &'a State,
}

impl World<'_> {
    fn decide(&self, missing: &[Missing], less: i64) -> Option<Decision> {
        let (event, state) = given(self.event, self.state, missing, less)?;
        reference_decide(self.program, &event, &state, self.draws).ok()
    }

    /// `true` if it was tried.
    fn check(&self, rule: RuleId, refusal: Refusal, near: &Nearest) -> bool {
        let Some(decision) = self.decide(&near.missing, 0) else { return false };
        let what = || format!("{refusal:?} {near:?}\n{:?}", self.event);
        let after = outcome(&decision, rule);
        // Time passes in a step that is none of these, so nothing is said of the rest then.
        if near.then != Then::Open {
            assert_eq!(after, near.then, "{}", what());
        }
        // The conjunct that failed holds, and all before it.
        if let (Refusal::Condition(failed), Then::Refused(Refusal::Condition(next))) = (refusal, after) {
            assert!(next > failed || near.then == after, "{}", what());
        }
        // Nothing less would have done.
        if let ([only], Then::Pays) = (near.missing.as_slice(), near.then)
            && matches!(only, Missing::Measure { by, .. } | Missing::Number { by, .. } | Missing::Budget { by, .. } if by.abs() > 1)
            && let Some(decision) = self.decide(&near.missing, 1)
        {
            assert_ne!(outcome(&decision, rule), Then::Pays, "less is enough: {}", what());
        }
        true
    }
}

/// A time that is said is one at which a condition on the time holds.
fn from_holds(world: &World<'_>, rule: RuleId, refusal: Refusal, near: &Nearest) {
    let [Missing::From(time) | Missing::Until(time)] = near.missing.as_slice() else { return };
    let Refusal::Condition(failed) = refusal else { return };
    let reads_state = world.program.rules.get(rule.index()).is_none_or(|rule| !rule.inputs.is_empty());
    if reads_state {
        return;
    }
    let mut event = world.event.clone();
    for (word, value) in [(Word::TIME, *time), (Word::DAY, local_day(*time, world.program.schema.utc_offset))] {
        if let Some(slot) = event.words.get_mut(word.index()) {
            *slot = value;
        }
    }
    let decision = reference_decide(world.program, &event, world.state, world.draws);
    let Ok(decision) = decision else { return };
    match outcome(&decision, rule) {
        Then::Refused(Refusal::Condition(next)) => assert!(next > failed, "{refusal:?} {near:?}\n{event:?}"),
        Then::Refused(Refusal::OutOfScope(gate)) => panic!("{gate:?} {near:?}"),
        _ => {}
    }
}

#[test]
fn what_is_said_to_be_missing_is_what_is_missing() {
    let mut seen: BTreeMap<&'static str, u32> = BTreeMap::new();
    for seed in 0..PACKAGES {
        let Some(program) = pipeline::compile(&package(seed).input()).program else { continue };
        let draws = KeyedDraws::new([seed as u8; 32]);
        let mut state = State::default();
        for event in stream(&program, EVENTS, seed) {
            let Ok(decision) = reference_decide(&program, &event, &state, &draws) else {
                panic!("seed {seed}: a sound state");
            };
            let world = World { program: &program, draws: &draws, event: &event, state: &state };
            let all = nearest(&program, &event, &state, &draws, &decision);
            assert_eq!(all.len(), decision.refusals.len());
            for (refused, near) in decision.refusals.iter().zip(&all) {
                let Some(near) = near else { continue };
                from_holds(&world, refused.rule, refused.refusal, near);
                if world.check(refused.rule, refused.refusal, near) {
                    *seen.entry("tried").or_default() += 1;
                }
                for missing in &near.missing {
                    let kind = match missing {
                        Missing::Measure { .. } => "measure",
                        Missing::Number { .. } => "number",
                        Missing::Value { .. } => "value",
                        Missing::Known { .. } => "known",
                        Missing::Earlier(_) => "earlier",
                        Missing::Row(_) => "row",
                        Missing::From(_) => "from",
                        Missing::Until(_) => "until",
                        Missing::Another(_) => "another",
                        Missing::Budget { .. } => "budget",
                    };
                    *seen.entry(kind).or_default() += 1;
                }
                assert_ne!(near.then, Then::Refused(refused.refusal), "seed {seed}: no help: {near:?}");
                let then = match near.then {
                    Then::Pays => "pays",
                    Then::Refused(_) => "still refused",
                    Then::Open => "open",
                };
                *seen.entry(then).or_default() += 1;
            }
            state.apply(&event, &decision);
        }
    }
    for kind in ["tried", "measure", "number", "value", "earlier", "from", "another", "pays", "still refused", "open"] {
        assert!(seen.get(kind).copied().unwrap_or(0) >= 20, "{kind} is hardly ever said: {seen:?}");
    }
}
