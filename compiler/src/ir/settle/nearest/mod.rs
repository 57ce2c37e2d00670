//! The nearest change with which a rule that was refused would have paid: "3 more cases", "from tomorrow".
//!
//! It has no meaning of its own: what is missing is found by evaluating the very nodes that refused, with one value moved,
//! and every change found is tried by deciding the event again on it, which also says what stands in the way behind it.
//! Only whoever asks for explanations pays for that.

mod bound;
mod search;

use super::{Context, Decision, Draws, Mode, Refusal, Scratch, StateView, settle};
use crate::ir::eval::Interpreter;
use crate::ir::key::{StateKey, local_day};
use crate::ir::record::{EventRecord, value};
use crate::ir::{DataId, EventId, IntervalSet, LinkId, MeasureId, PolicyId, Program, RuleId, Word};
use serde::{Deserialize, Serialize};

/// Most times that something is added for one rule: more is no hint any more.
const MOST: usize = 4;

/// What would have paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// What is missing, each on top of those before; at least one.
    pub missing: Vec<Missing>,
    /// What comes of it.
    pub then: Then,
}

/// What comes of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// The rule pays.
    Pays,
    /// This still stands in its way.
    Refused(Refusal),
    /// That depends on what is not known now: who comes, what happens until then.
    Open,
}

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// A count, a sum or an account must be higher by so much; lower where that is negative.
    Measure {
        /// Which.
        measure: MeasureId,
        /// Where it is stored.
        key: StateKey,
        /// How many windows ago.
        back: u32,
        /// Fen, points, times or pieces.
        by: i64,
    },
    /// A number or a date of the event must be higher by so much; lower where that is negative.
    Number {
        /// Which.
        place: Place,
        /// How much.
        by: i64,
        /// What it is then.
        to: i64,
    },
    /// It must be one of these values.
    Value {
        /// What.
        place: Place,
        /// Numbers of values, products or regions; 0 and 1 for no and yes.
        of: IntervalSet,
    },
    /// It must be known, or unknown.
    Known {
        /// Who or what.
        place: Place,
        /// True: known.
        known: bool,
    },
    /// Such an event must have happened before.
    Earlier(LinkId),
    /// The data table needs a row for it.
    Row(DataId),
    /// Not before this second.
    From(i64),
    /// Not after this second.
    Until(i64),
    /// The chance of these is used up for ever: it needs another one.
    Another(Vec<Place>),
    /// So many fen more of budget.
    Budget {
        /// Where it is counted.
        key: StateKey,
        /// How many.
        by: i64,
    },
}

/// A fact: of the event, or of the one a link finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The event kind that has it.
    pub event: EventId,
    /// The link it is read through.
    pub link: Option<LinkId>,
    /// Its first word.
    pub word: Word,
}

/// Something missing, with how it is tried out; `None`: it cannot be.
struct Found {
    missing: Missing,
    change: Option<Change>,
}

/// A change of what a decision is made on.
#[derive(Clone, Copy)]
enum Change {
    Counter(StateKey, i64),
    Word(Word, i64),
}

/// A state with other numbers under some keys.
struct Changed<'a, S> {
    state: &'a S,
    counters: Vec<(StateKey, i64)>,
}

impl<S: StateView> StateView for Changed<'_, S> {
    fn counter(&self, key: &StateKey) -> i64 {
        let changed = self.counters.iter().rev().find(|(changed, _)| changed == key);
        changed.map_or_else(|| self.state.counter(key), |(_, value)| *value)
    }

    fn link(&self, key: &StateKey) -> Option<&[i64]> {
        self.state.link(key)
    }
}

/// For every refusal of a decision on this event and state, in order, what would have paid; `None` where no change of
/// the event or the state is known that would (a blank in the draw, a policy for others).
///
/// `state` is what the decision was made on.
pub fn nearest<S: StateView, D: Draws>(
    program: &Program,
    event: &EventRecord,
    state: &S,
    draws: &D,
    decision: &Decision,
) -> Vec<Option<Nearest>> {
    let one = |(rule, refusal)| {
        let rules = deciding(program, decision, rule);
        one(program, event, state, draws, decision, &rules, rule, refusal)
    };
    decision.refusals.iter().map(|refused| (refused.rule, refused.refusal)).map(one).collect()
}

/// The rules that matter for whether this one pays, of all that were candidates: those that paid and so used something
/// up, those of its policy and its group, and those it shares a limit with. There may be thousands of others.
fn deciding(program: &Program, decision: &Decision, rule: RuleId) -> Vec<RuleId> {
    let policy = |rule: RuleId| program.rules.get(rule.index()).map(|rule| rule.policy);
    let group = |of: Option<PolicyId>| program.policies.get(of?.index())?.group;
    let (own, with) = (policy(rule), group(policy(rule)));
    let limits = |rule: RuleId| program.rules.get(rule.index()).map_or(&[][..], |rule| &rule.limits);
    let shares = |other: RuleId| limits(other).iter().any(|a| limits(rule).iter().any(|b| a.limit == b.limit));
    let grouped = |other: RuleId| with.is_some() && group(policy(other)) == with;
    let related = |other: &RuleId| policy(*other) == own || grouped(*other) || shares(*other);
    let refused = decision.refusals.iter().map(|refused| refused.rule).filter(related);
    let mut rules: Vec<RuleId> = refused.chain(decision.awards.iter().map(|award| award.rule)).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[expect(clippy::too_many_arguments, reason = "one step of `nearest`, which has the same inputs")]
fn one<S: StateView, D: Draws>(
    program: &Program,
    event: &EventRecord,
    state: &S,
    draws: &D,
    decision: &Decision,
    rules: &[RuleId],
    rule: RuleId,
    mut refusal: Refusal,
) -> Option<Nearest> {
    let (mut event, mut world) = (event.clone(), Changed { state, counters: Vec::new() });
    let (mut now, mut scratch) = (decision.clone(), Scratch::default());
    let mut all: Vec<Missing> = Vec::new();
    let first = refusal;
    let mut then = Then::Refused(refusal);
    for _ in 0..MOST {
        then = Then::Refused(refusal);
        let Some(found) = Context::new(program, &event, &world).missing(rule, refusal, draws, &now) else { break };
        let Some(change) = add(&mut all, found) else { break };
        match change {
            None => {
                then = Then::Open;
                break;
            }
            Some(Change::Counter(key, value)) => world.counters.push((key, value)),
            Some(Change::Word(word, value)) => {
                if let Some(slot) = event.words.get_mut(word.index()) {
                    *slot = value;
                }
            }
        }
        then = Then::Open;
        let again =
            settle(program, &event, rules, Mode::All, &Interpreter(program), &world, draws, &mut scratch, &mut now);
        if again.is_err() {
            break;
        }
        if now.awards.iter().any(|award| award.rule == rule) {
            then = Then::Pays;
            break;
        }
        let Some(next) = now.refusals.iter().find(|refused| refused.rule == rule) else { break };
        refusal = next.refusal;
        then = Then::Refused(refusal);
    }
    // What does not help is no hint: an award beyond the bound of every day, a budget that is short by the piece.
    (!all.is_empty() && then != Then::Refused(first)).then_some(Nearest { missing: all, then })
}

/// Puts something missing on top of what is missing already. `None` if that asks for the opposite, or for what was
/// granted before and did not help.
fn add(all: &mut Vec<Missing>, found: Found) -> Option<Option<Change>> {
    let Found { missing, mut change } = found;
    let mut known = false;
    for before in all.iter_mut() {
        match (&mut *before, &missing) {
            (Missing::Measure { key, by, .. }, Missing::Measure { key: same, by: more, .. }) if key == same => {
                *by = together(*by, *more)?;
                known = true;
            }
            (Missing::Number { place, by, to }, Missing::Number { place: same, by: more, to: now })
                if place == same =>
            {
                (*by, *to) = (together(*by, *more)?, *now);
                known = true;
            }
            (Missing::Value { place, of }, Missing::Value { place: same, of: only }) if place == same => {
                *of = of.intersect(only);
                change = Some(Change::Word(place.word, of.first()?));
                known = true;
            }
            (Missing::Budget { by, .. }, Missing::Budget { by: more, .. }) => {
                *by = together(*by, *more)?;
                known = true;
            }
            (Missing::From(time), Missing::From(later)) if later > time => {
                *time = *later;
                known = true;
            }
            (before, missing) if before == missing => return None,
            (Missing::From(from), Missing::Until(until)) if *from > *until => return None,
            (Missing::Until(until), Missing::From(from)) if *from > *until => return None,
            _ => {}
        }
    }
    if !known {
        all.push(missing);
    }
    Some(change)
}

/// More of the same, in the same direction.
fn together(one: i64, more: i64) -> Option<i64> {
    if one.signum() == more.signum() { one.checked_add(more) } else { None }
}

impl<S: StateView> Context<'_, S> {
    /// What is missing first.
    fn missing<D: Draws>(&self, id: RuleId, refusal: Refusal, draws: &D, decision: &Decision) -> Option<Found> {
        let rule = self.program.rules.get(id.index())?;
        let condition = |k: u32| rule.conditions.get((k as usize).checked_sub(1)?);
        match refusal {
            Refusal::OutOfScope(_) => {
                let gate = rule.gates.iter().find(|g| !g.set.contains(value(&self.event.words, g.word)))?;
                self.search(id, rule, draws)?.word_in(gate.word, &gate.set)
            }
            Refusal::Condition(k) => self.search(id, rule, draws)?.test(&condition(k)?.test),
            Refusal::NothingDue if rule.event == self.event.event && !rule.consumes_when_nothing => {
                self.search(id, rule, draws)?.amounts()
            }
            Refusal::UnknownParty => self.unknown_party(id, rule, draws),
            Refusal::AlreadyPaid | Refusal::ClaimedByAnother if rule.event == self.event.event => self.used_up(rule),
            Refusal::Limit(limit) | Refusal::Invariant(limit) => self.next_window(rule, limit),
            Refusal::TooSoon(limit) => self.after_gap(rule, limit),
            Refusal::Balance => self.short_balance(rule, decision),
            Refusal::Budget => self.short_budget(rule, decision),
            Refusal::ClaimExpired => Some(untried(Missing::Until(self.claim_ends(id)?.checked_sub(1)?))),
            Refusal::ClaimOpen => Some(untried(Missing::From(self.claim_ends(id)?))),
            // What is drawn or assigned is not changed by anything; a claim made twice stays claimed; a ticket that is
            // gone is gone; the other policy of the group has paid; and what waits, or has, waits for another event.
            Refusal::NothingDue
            | Refusal::AlreadyPaid
            | Refusal::ClaimedByAnother
            | Refusal::NotSelected(_)
            | Refusal::PoolUsedUp(_)
            | Refusal::StillHeld
            | Refusal::HoldExpired
            | Refusal::GroupNotChosen(_) => None,
        }
    }

    /// Does the campaign of a rule cover this second?
    fn covers(&self, rule: &crate::ir::Rule, time: i64) -> bool {
        let day = local_day(time, self.program.schema.utc_offset);
        rule.gates.iter().all(|gate| match gate.word {
            Word::TIME => gate.set.contains(time),
            Word::DAY => gate.set.contains(day),
            _ => true,
        })
    }
}

fn untried(missing: Missing) -> Found {
    Found { missing, change: None }
}
