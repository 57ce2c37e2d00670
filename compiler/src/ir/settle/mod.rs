//! What an event pays: the one place where limits, budgets, groups and state changes get their meaning. The
//! reference and the engine with machine code both call [`settle`]; they differ in who picks the candidates and
//! who runs the nodes, and in nothing else.
//!
//! 1. What the event adds to measures and links is noted, and the identity sets that it shows to be one are united; a
//!    rule that reads a measure sees it included.
//! 2. Every candidate rule is evaluated alone: conditions, amounts, payees.
//! 3. Every group that pays one member only chooses it, each member tried against the state as it was read.
//! 4. In rule order the limits and budgets are applied, each rule seeing what earlier ones of this event used.
//!
//! Beside the awards come the *guards*: for each counter that was read, the interval of stored values for which
//! exactly this decision comes out, so that a shared store can commit without locking what it read.

mod accounts;
mod bounds;
mod candidate;
mod claim;
mod drawn;
mod draws;
mod first;
mod follow_up;
mod group;
mod hold;
mod hold_plan;
mod identity;
pub mod nearest;
pub mod plan;
mod snapshot;
mod state;
mod tickets;

pub use draws::{Draws, KeyedDraws};
pub use hold::HeldOut;
pub use identity::MOST_IDENTIFIERS;
pub use nearest::{Missing, Nearest, Place, Then};
pub use snapshot::{EmptyState, Snapshot};
pub use state::StateFault;

#[cfg(test)]
pub(in crate::ir) mod tests;

use super::eval::{Interpreter, RuleRunner};
use super::key::StateKey;
use super::record::{EventRecord, Id};
use super::tax::{Figures, Withholding};
use super::{EventId, Flow, GateKind, ItemId, KindId, LimitId, PolicyId, Program, RuleId};
use bounds::Overlay;
use serde::{Deserialize, Serialize};
use std::cell::OnceCell;

/// The state a decision is made on: a consistent snapshot, the same for the whole call.
pub trait StateView {
    /// The stored number, 0 if there is none.
    fn counter(&self, key: &StateKey) -> i64;
    /// The whole words of the last event remembered under this key.
    fn link(&self, key: &StateKey) -> Option<&[i64]>;
}

/// What the caller vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The candidates' gates and their set conditions hold: the index has tested them.
    Fast,
    /// The candidates' gates hold.
    Scoped,
    /// The candidates are any rules of the event kind; gates are tested here.
    All,
}

/// What one event pays and changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// In rule order, then award order; what this event undoes comes last, with a negative amount.
    pub awards: Vec<AwardOut>,
    /// Awards that wait, in the same order; with a negative amount what waits no longer because goods came back.
    pub held: Vec<HeldOut>,
    /// For every candidate rule that paid nothing and let nothing wait, the first reason; in rule order.
    pub refusals: Vec<RefusalOut>,
    /// For each refusal, where that was asked for, what would have paid ([`nearest::nearest`]); else empty.
    pub nearest: Vec<Option<Nearest>>,
    /// What is added to counters; each key once.
    pub changes: Vec<Change>,
    /// Keys under which this event is now the last one; the value is its whole record.
    pub links: Vec<StateKey>,
    /// Awards to be remembered for what happens to them later.
    pub kept: Vec<KeptOut>,
    /// Intervals of stored values for which the same decision comes out; each key once.
    pub guards: Vec<Guard>,
}

impl Decision {
    /// Empties it and keeps its memory.
    pub fn clear(&mut self) {
        self.awards.clear();
        self.held.clear();
        self.refusals.clear();
        self.nearest.clear();
        self.changes.clear();
        self.links.clear();
        self.kept.clear();
        self.guards.clear();
    }

    /// Adds `delta` to a counter.
    fn change(&mut self, key: StateKey, delta: i64) {
        if delta == 0 {
            return;
        }
        match self.changes.iter_mut().find(|c| c.key == key) {
            Some(change) => change.delta = change.delta.saturating_add(delta),
            None => self.changes.push(Change { key, delta }),
        }
    }

    /// What is added to a counter so far.
    fn pending(&self, key: &StateKey) -> i64 {
        self.changes.iter().find(|c| c.key == *key).map_or(0, |c| c.delta)
    }

    /// Narrows the interval of stored values of a counter.
    fn guard(&mut self, key: StateKey, lo: i64, hi: i64) {
        match self.guards.iter_mut().find(|g| g.key == key) {
            Some(guard) => {
                guard.lo = guard.lo.max(lo);
                guard.hi = guard.hi.min(hi);
            }
            None => self.guards.push(Guard { key, lo, hi }),
        }
    }
}

/// One payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AwardOut {
    /// The rule that pays.
    pub rule: RuleId,
    /// Index into the rule's awards.
    pub award: u32,
    /// Role of the payee: index into the schema's roles.
    pub role: u32,
    /// Who is paid.
    pub payee: Id,
    /// What.
    pub kind: KindId,
    /// Which product or coupon.
    pub item: Option<ItemId>,
    /// Fen, points or pieces as the policy says them; never 0, and negative where it is taken. Of money from which tax is
    /// withheld [`AwardOut::net`] says which side this is; [`AwardOut::arrives`] and [`AwardOut::gross`] are both.
    pub amount: i64,
    /// Fen of tax withheld and owed to the tax office; negative where an award is undone, 0 where none is withheld.
    pub tax: i64,
    /// Who hands it over or pays it, where that is not the brand: role and id.
    pub from: Option<(u32, Id)>,
    /// `Some(true)`: net of withheld tax; `Some(false)`: gross; `None`: no tax is withheld.
    pub net: Option<bool>,
}

impl AwardOut {
    /// What the payee receives: fen after tax, points or pieces.
    pub fn arrives(&self) -> i64 {
        match self.net {
            Some(false) => self.amount.saturating_sub(self.tax),
            Some(true) | None => self.amount,
        }
    }

    /// What the tax is taken from, and what the budget is used by: fen before tax, points or pieces.
    pub fn gross(&self) -> i64 {
        match self.net {
            Some(true) => self.amount.saturating_add(self.tax),
            Some(false) | None => self.amount,
        }
    }
}

impl Program {
    /// The last second by which an award for this event is to be paid; `None`: at once.
    pub fn due(&self, event: &EventRecord, award: &AwardOut) -> Option<i64> {
        let terms = self.rules.get(award.rule.index())?.awards.get(award.award as usize)?;
        Some(terms.due?.last_second(event.time(), self.schema.utc_offset, self.work.as_ref()))
    }
}

/// Why a rule paid nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RefusalOut {
    /// The rule.
    pub rule: RuleId,
    /// The first reason.
    pub refusal: Refusal,
}

/// A reason for not paying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// A gate does not hold ([`Mode::All`] only).
    OutOfScope(GateKind),
    /// Condition number k, from 1, is the first that fails.
    Condition(u32),
    /// Condition number k, from 1, is the first that fails, and it is one of a roll-out or experiment: the policy is
    /// for others.
    NotSelected(u32),
    /// All amounts are zero or less: below the first tier, a blank in the draw.
    NothingDue,
    /// None of the payees, or a party that a limit counts by, is known.
    UnknownParty,
    /// `once` was used up before, by the same actor or by nobody knows whom.
    AlreadyPaid,
    /// `once` was used up before by another actor.
    ClaimedByAnother,
    /// A limit was reached before.
    Limit(LimitId),
    /// Too little time has passed since the rule last paid.
    TooSoon(LimitId),
    /// It would break an invariant.
    Invariant(LimitId),
    /// No ticket is left in the pool that this limit counts.
    PoolUsedUp(LimitId),
    /// The account does not hold what is taken.
    Balance,
    /// It was to be claimed earlier, and went back to the budget.
    ClaimExpired,
    /// There is still time to claim it.
    ClaimOpen,
    /// It waits on.
    StillHeld,
    /// It has waited as long as it could, and went back to the budget.
    HoldExpired,
    /// The budget does not cover it.
    Budget,
    /// This policy of the group was chosen instead.
    GroupNotChosen(PolicyId),
}

/// An award that is remembered beside how much of it still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeptOut {
    /// Where.
    pub key: StateKey,
    /// Since when, or until when while it waits; role, both words of the payee (of the event where a return finds what
    /// waits), how much, what it cost and the tax in it: what is undone later is what was paid, whatever prices and taxes
    /// are then.
    pub words: [i64; 7],
}

/// A number to add to a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// The counter.
    pub key: StateKey,
    /// What is added.
    pub delta: i64,
}

/// For stored values `lo..=hi` of a counter the same decision comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Guard {
    /// The counter.
    pub key: StateKey,
    /// Least value.
    pub lo: i64,
    /// Greatest value.
    pub hi: i64,
}

/// Buffers of [`settle`]; keep one per thread, for any programs, and nothing is allocated once it has grown.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    inputs: Vec<i64>,
    amounts: Vec<i64>,
    candidates: Vec<Candidate>,
    due: Vec<DueAward>,
    trial: Vec<DueAward>,
    used: Overlay,
    tried: Overlay,
    groups: Vec<super::GroupId>,
}

/// A candidate rule on its way through the steps.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    rule: RuleId,
    /// `Err` as soon as there is a reason not to pay.
    due: Result<Due, Refusal>,
    /// Why it would not be paid even if its policy alone answered the event; noted when a group chooses.
    tried: Option<Refusal>,
}

/// The awards `first..first + count` of [`Scratch::due`]; none if only the chance is used up.
#[derive(Clone, Copy, Debug)]
struct Due {
    first: usize,
    count: usize,
}

/// An award that will be made unless a bound forbids it.
#[derive(Clone, Copy, Debug)]
struct DueAward {
    award: u32,
    role: u32,
    payee: Id,
    kind: KindId,
    from: Option<(u32, Id)>,
    flow: Flow,
    /// Counts in limits on money: fen the brand gives or takes.
    fen: bool,
    unit_cost: i64,
    withheld: Option<Withholding>,
    amount: i64,
    /// It is not paid but waits.
    waits: Option<Waits>,
    /// It has waited: what it costs was settled then.
    reserved: Option<Figures>,
}

/// How an award waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waits {
    /// The last second at which it can still be paid.
    until: i64,
    /// Why it is not paid at once.
    because: Refusal,
}

impl DueAward {
    fn figures(&self) -> Figures {
        self.reserved.unwrap_or_else(|| Figures::of(self.amount, self.unit_cost, self.withheld))
    }

    /// Fen of budget it uses.
    fn cost(&self) -> i64 {
        self.figures().cost
    }
}

/// What is the same for all steps of one call.
struct Context<'a, S> {
    program: &'a Program,
    event: &'a EventRecord,
    state: &'a S,
    /// The event is one of earlier, decided again; true if its rule has paid something for it already.
    retried: Option<bool>,
    /// The first thing found in the state that this program cannot have written.
    fault: OnceCell<StateFault>,
}

impl<'a, S> Context<'a, S> {
    fn new(program: &'a Program, event: &'a EventRecord, state: &'a S) -> Context<'a, S> {
        Context { program, event, state, retried: None, fault: OnceCell::new() }
    }
}

/// Decides one event: fills `decision`, which is cleared first.
///
/// `candidates` are rules of the event's kind in ascending order; `mode` says what the caller has tested already.
/// Nothing is allocated once the buffers have grown.
///
/// # Errors
///
/// A [`StateFault`] if the state holds something this program cannot have written, or a value left the range the
/// compiler proved. The decision is empty then: nothing is half done.
#[expect(clippy::too_many_arguments, reason = "inputs, ways to evaluate, and buffers: the caller has each in hand")]
pub fn settle<R: RuleRunner, S: StateView, D: Draws>(
    program: &Program,
    event: &EventRecord,
    candidates: &[RuleId],
    mode: Mode,
    runner: &R,
    state: &S,
    draws: &D,
    scratch: &mut Scratch,
    decision: &mut Decision,
) -> Result<(), StateFault> {
    decision.clear();
    let context = Context::new(program, event, state);
    let result = steps(&context, candidates, mode, runner, draws, scratch, decision);
    let result = match context.fault.into_inner() {
        Some(fault) if result.is_ok() => Err(fault),
        _ => result,
    };
    if result.is_err() {
        decision.clear();
    }
    result
}

fn steps<R: RuleRunner, S: StateView, D: Draws>(
    context: &Context<'_, S>,
    candidates: &[RuleId],
    mode: Mode,
    runner: &R,
    draws: &D,
    scratch: &mut Scratch,
    decision: &mut Decision,
) -> Result<(), StateFault> {
    scratch.candidates.clear();
    scratch.due.clear();
    scratch.used.clear();
    context.note_history(draws, decision);
    context.note_identities(decision);
    for &rule in candidates {
        context.evaluate(rule, mode, runner, draws, scratch, decision)?;
    }
    context.choose_in_groups(scratch, decision);
    context.pay(scratch, decision);
    context.note_given(draws, decision);
    context.follow_up(scratch, decision);
    Ok(())
}

/// What the language says this event pays: all rules of the kind, no index, the reference evaluator.
///
/// # Errors
///
/// As [`settle`].
pub fn reference_decide<S: StateView, D: Draws>(
    program: &Program,
    event: &EventRecord,
    state: &S,
    draws: &D,
) -> Result<Decision, StateFault> {
    let (mut scratch, mut decision) = (Scratch::default(), Decision::default());
    let rules = rules_of(program, event.event);
    let runner = Interpreter(program);
    settle(program, event, &rules, Mode::All, &runner, state, draws, &mut scratch, &mut decision)?;
    Ok(decision)
}

/// All rules that answer an event kind, ascending.
pub fn rules_of(program: &Program, event: EventId) -> Vec<RuleId> {
    let ids = (0..).map(RuleId);
    ids.zip(&program.rules).filter(|(_, rule)| rule.event == event).map(|(id, _)| id).collect()
}
