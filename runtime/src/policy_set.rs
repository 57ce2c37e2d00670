//! Loaded policies: immutable, shared by all threads, replaced as a whole.

use crate::index::Index;
use crate::jit::{Compiled, JitError};
use arc_swap::{ArcSwap, Cache, Guard};
use promo_compiler::ir::eval::Interpreter;
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::settle::nearest::nearest;
use promo_compiler::ir::settle::{self, Decision, Draws, Mode, StateFault, StateView, settle};
use promo_compiler::ir::{EventId, Program, RuleId};
use std::fmt;
use std::sync::Arc;

/// A program ready to decide. See [`Engine::load`](crate::engine::Engine::load).
pub struct PolicySet {
    program: Program,
    index: Arc<Index>,
    code: Code,
    draws: Arc<dyn Draws + Send + Sync>,
    /// Per event kind: whether a measure counts it, a link remembers it or it undoes awards, whatever it pays.
    remembered: Box<[bool]>,
}

/// How much a decision tells of the rules that pay nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Explain {
    /// The first reason, of those rules only that the index cannot exclude: the fastest.
    #[default]
    No,
    /// The first reason, of every rule in scope.
    Reasons,
    /// Also the nearest change that would have paid ([`Decision::nearest`]): every refusal is tried again with something
    /// changed, which takes many times as long. For whoever asks why, not for every scan.
    Nearest,
}

impl From<bool> for Explain {
    fn from(explain: bool) -> Explain {
        if explain { Explain::Reasons } else { Explain::No }
    }
}

impl Explain {
    pub(crate) const fn mode(self) -> Mode {
        match self {
            Explain::No => Mode::Fast,
            Explain::Reasons | Explain::Nearest => Mode::Scoped,
        }
    }
}

/// Who evaluates.
#[derive(Debug)]
pub(crate) enum Code {
    Machine(Box<Compiled>),
    /// With the reason, if machine code was wanted.
    Interpreter(Option<JitError>),
}

/// What evaluates the rules of a [`PolicySet`].
#[derive(Clone, Copy, Debug)]
pub enum RunsOn<'a> {
    /// Machine code.
    MachineCode {
        /// How many functions the rules share.
        functions: usize,
    },
    /// The evaluator.
    Interpreter {
        /// Why there is no machine code, if it was wanted. Worth a line in the host's log.
        because: Option<&'a JitError>,
    },
}

/// Why an event was not decided. Nothing is paid and nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// The record's event kind is not one of this program's schema.
    #[error("event kind {event} is not one of this channel")]
    NoSuchEvent {
        /// The kind's number.
        event: u32,
    },
    /// The record has another layout: it was built for another version of the channel.
    #[error("a record of {found} words where this channel has {expected}")]
    RecordLength {
        /// Words of this program's records of that kind.
        expected: usize,
        /// Words of this record.
        found: usize,
    },
    /// The state is not one this program can have written, or a value left its proven range.
    #[error("the state or the event cannot be: {0:?}")]
    State(StateFault),
}

impl From<StateFault> for DecideError {
    fn from(fault: StateFault) -> DecideError {
        DecideError::State(fault)
    }
}

/// Buffers of [`PolicySet::decide`]: keep one per thread, for any policy sets, and nothing is allocated once they
/// have grown.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(crate) candidates: Vec<RuleId>,
    pub(crate) settle: settle::Scratch,
}

/// A borrowed source of draws as the sized type `settle` wants.
struct Borrowed<'a>(&'a (dyn Draws + Send + Sync));

impl Draws for Borrowed<'_> {
    fn draw(&self, policy_key: u64, rule_number: u32, n: u32, entitlement: u128) -> u64 {
        self.0.draw(policy_key, rule_number, n, entitlement)
    }
}

impl fmt::Debug for PolicySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PolicySet")
            .field("policies", &self.program.policies.len())
            .field("rules", &self.program.rules.len())
            .field("runs_on", &self.runs_on())
            .finish_non_exhaustive()
    }
}

impl PolicySet {
    pub(crate) fn new(
        program: Program,
        index: Arc<Index>,
        code: Code,
        draws: Arc<dyn Draws + Send + Sync>,
    ) -> PolicySet {
        let events = (0..).map(EventId).take(program.schema.events.len());
        let remembered = events.map(|event| !program.past(event).is_nothing()).collect();
        PolicySet { program, index, code, draws, remembered }
    }

    /// The program it decides by.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The index over it.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// What evaluates its rules.
    pub fn runs_on(&self) -> RunsOn<'_> {
        match &self.code {
            Code::Machine(compiled) => RunsOn::MachineCode { functions: compiled.functions() },
            Code::Interpreter(because) => RunsOn::Interpreter { because: because.as_ref() },
        }
    }

    /// Looks whether a record has the layout of its kind here. Its values are the decoder's business: see
    /// [`EventRecord::check`].
    ///
    /// # Errors
    /// If it has not.
    pub fn accepts(&self, event: &EventRecord) -> Result<(), DecideError> {
        let Some(kind) = self.program.schema.events.get(event.event.index()) else {
            return Err(DecideError::NoSuchEvent { event: event.event.0 });
        };
        let (expected, found) = (kind.words as usize, event.words.len());
        if expected == found { Ok(()) } else { Err(DecideError::RecordLength { expected, found }) }
    }

    /// Decides one event on a state: what is paid, and what changes. Deterministic; changes nothing itself.
    ///
    /// `explain` says how much is told of rules that pay nothing, see [`Explain`]; awards and changes are the same.
    ///
    /// # Errors
    /// If the record or the state is not one of this program. The decision is then empty.
    pub fn decide(
        &self,
        event: &EventRecord,
        state: &impl StateView,
        scratch: &mut Scratch,
        decision: &mut Decision,
        explain: impl Into<Explain>,
    ) -> Result<(), DecideError> {
        let explain = explain.into();
        if let Err(error) = self.accepts(event) {
            decision.clear();
            return Err(error);
        }
        let mode = explain.mode();
        let Scratch { candidates, settle: buffers } = scratch;
        self.candidates(event, mode, candidates);
        // Most events: no rule can pay and nothing is remembered.
        if candidates.is_empty() && self.remembered.get(event.event.index()) == Some(&false) {
            decision.clear();
            return Ok(());
        }
        self.settle(event, candidates, mode, state, buffers, decision)?;
        self.nearest(event, state, decision, explain);
        Ok(())
    }

    /// Finds what would have paid, if that is asked, for each refusal of a decision that was made on this state.
    pub(crate) fn nearest(
        &self,
        event: &EventRecord,
        state: &impl StateView,
        decision: &mut Decision,
        explain: Explain,
    ) {
        if explain == Explain::Nearest {
            decision.nearest = nearest(&self.program, event, state, &Borrowed(&*self.draws), decision);
        }
    }

    /// The rules that can pay, see [`Index::candidates`].
    #[inline]
    pub fn candidates(&self, event: &EventRecord, mode: Mode, out: &mut Vec<RuleId>) {
        match &self.code {
            Code::Machine(code) => code.candidates(event.event, &event.words, mode, out),
            Code::Interpreter(_) => self.index.candidates(event.event, &event.words, mode, out),
        }
    }

    /// [`decide`](PolicySet::decide) on given candidates.
    pub(crate) fn settle(
        &self,
        event: &EventRecord,
        candidates: &[RuleId],
        mode: Mode,
        state: &impl StateView,
        buffers: &mut settle::Scratch,
        decision: &mut Decision,
    ) -> Result<(), DecideError> {
        let (program, draws) = (&self.program, &Borrowed(&*self.draws));
        match &self.code {
            Code::Machine(code) => settle(program, event, candidates, mode, &**code, state, draws, buffers, decision)?,
            Code::Interpreter(_) => {
                let code = &Interpreter(program);
                settle(program, event, candidates, mode, code, state, draws, buffers, decision)?;
            }
        }
        Ok(())
    }
}

/// The policies in force: read without a lock, replaced while scans are being decided. The old set and its machine
/// code are freed when the last scan that uses them is done.
#[derive(Debug)]
pub struct LivePolicies(ArcSwap<PolicySet>);

impl LivePolicies {
    /// Starts with a set.
    pub fn new(policies: PolicySet) -> LivePolicies {
        LivePolicies(ArcSwap::from_pointee(policies))
    }

    /// The set in force now. Hold it for one scan or one batch, not longer.
    pub fn load(&self) -> Guard<Arc<PolicySet>> {
        self.0.load()
    }

    /// A handle for one thread that looks for a new set faster than [`load`](LivePolicies::load).
    pub fn reader(&self) -> Reader<'_> {
        Reader(Cache::new(&self.0))
    }

    /// Puts another set in force and gives back the one before.
    pub fn swap(&self, policies: PolicySet) -> Arc<PolicySet> {
        self.0.swap(Arc::new(policies))
    }
}

/// One thread's view of [`LivePolicies`]. It keeps the set it saw last alive until it looks again.
#[derive(Clone, Debug)]
pub struct Reader<'a>(Cache<&'a ArcSwap<PolicySet>, Arc<PolicySet>>);

impl Reader<'_> {
    /// The set in force now.
    pub fn current(&mut self) -> &PolicySet {
        self.0.load()
    }
}

const fn assert_send_sync<T: Send + Sync>() {}
const _: () = assert_send_sync::<PolicySet>();
const _: () = assert_send_sync::<LivePolicies>();
