//! Events decided one after another on a state in memory: what `promo run` and `promo test` have in common.

use crate::console::Failure;
use promo_compiler::diagnostic::{Code, Text};
use promo_compiler::ir::Program;
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::schema::EventId;
use promo_compiler::ir::settle::{Decision, KeyedDraws};
use promo_compiler::source::SourceMap;
use promo_runtime::decision::{DecisionWriter, Detail};
use promo_runtime::event::{EventDecoder, EventError, IdTexts};
use promo_runtime::store::{Commit, CommitOutcome, MemoryStore, StateStore, StoreError, facts_digest};
use promo_runtime::{Backend, DecideError, Engine, PolicySet, RunsOn, Scratch};

/// How rules are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EngineName {
    /// Machine code
    Jit,
    /// The reference evaluator
    Interp,
}

/// Why an event was not decided. Nothing was paid and nothing changed.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct BadEvent {
    /// Its page is shown by `promo explain`.
    pub(crate) code: Code,
    /// Path of the field, empty if the whole event is meant.
    pub(crate) field: String,
    /// One sentence, the field included.
    #[serde(flatten)]
    pub(crate) text: Text,
}

impl BadEvent {
    /// A line that is no JSON at all.
    pub(crate) fn not_json(en: &str, zh: &str) -> BadEvent {
        BadEvent { code: Code::P0502, field: String::new(), text: Text::new(en, zh) }
    }
}

impl From<EventError> for BadEvent {
    fn from(error: EventError) -> BadEvent {
        BadEvent { code: error.code(), field: error.field().to_owned(), text: error.text() }
    }
}

impl From<StoreError> for BadEvent {
    fn from(error: StoreError) -> BadEvent {
        BadEvent { code: error.code(), field: String::new(), text: error.text() }
    }
}

impl From<DecideError> for BadEvent {
    fn from(error: DecideError) -> BadEvent {
        let code = match error {
            DecideError::NoSuchEvent { .. } | DecideError::RecordLength { .. } => Code::P0511,
            DecideError::State(_) => Code::P0516,
        };
        let (en, zh) = (code.title_en(), code.title_zh());
        BadEvent { code, field: String::new(), text: Text::new(format!("{en}: {error}"), format!("{zh}：{error}")) }
    }
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scanned {
    /// It was decided and committed; [`Scanner::decision`] has the outcome.
    Decided,
    /// The same event was decided before: its answer is repeated, nothing is paid again.
    Repeated,
}

/// A policy set with its state and buffers.
pub(crate) struct Scanner<'s> {
    policies: PolicySet,
    decoder: EventDecoder,
    store: MemoryStore,
    /// The texts reasons quote, if they are to be told in words.
    explain: Option<&'s SourceMap>,
    texts: IdTexts,
    record: EventRecord,
    scratch: Scratch,
    decision: Decision,
    answer: String,
}

impl<'s> Scanner<'s> {
    /// Loads a program; its state is empty. With `explain`, answers tell the reasons in words and quote the clauses.
    pub(crate) fn new(
        program: &Program,
        engine: EngineName,
        secret: [u8; 32],
        explain: Option<&'s SourceMap>,
    ) -> Result<Scanner<'s>, Failure> {
        let backend = match engine {
            EngineName::Jit => Backend::MachineCode,
            EngineName::Interp => Backend::Interpreter,
        };
        let engine = Engine::new(KeyedDraws::new(secret)).with_backend(backend);
        let policies = engine.load(program.clone()).map_err(|error| {
            Failure::new(format!("the policies cannot be loaded: {error}"), format!("无法载入政策：{error}"))
        })?;
        Ok(Scanner {
            decoder: EventDecoder::new(program),
            policies,
            store: MemoryStore::new(),
            explain,
            texts: IdTexts::default(),
            record: EventRecord { event: EventId(0), words: Vec::new() },
            scratch: Scratch::default(),
            decision: Decision::default(),
            answer: String::new(),
        })
    }

    /// Why the evaluator runs where machine code was wanted.
    pub(crate) fn no_machine_code(&self) -> Option<String> {
        match self.policies.runs_on() {
            RunsOn::Interpreter { because: Some(error) } => Some(error.to_string()),
            _ => None,
        }
    }

    /// Decides one event and commits it, all of it or nothing.
    pub(crate) fn scan(&mut self, json: &[u8]) -> Result<Scanned, BadEvent> {
        self.decoder.decode_into(json, &mut self.record, &mut self.texts)?;
        if let Some(answer) = self.store.stored(self.record.id(), facts_digest(&self.record))? {
            // What is stored is what was answered, which was text.
            self.answer = String::from_utf8(answer).unwrap_or_default();
            self.decision.clear();
            return Ok(Scanned::Repeated);
        }
        // The store is ours alone, so it can be decided on without a snapshot and no guard can fail.
        self.policies.decide(&self.record, &self.store, &mut self.scratch, &mut self.decision, true)?;
        self.answer.clear();
        let detail = self.explain.map_or(Detail::Reasons, Detail::Explain);
        let writer = DecisionWriter::new(self.policies.program());
        writer.write(&self.record, &self.decision, &self.texts, detail, &mut self.answer);
        match self.store.commit(&Commit::new(&self.record, &self.decision, self.answer.as_bytes()))? {
            CommitOutcome::Committed => Ok(Scanned::Decided),
            CommitOutcome::Duplicate(_) | CommitOutcome::GuardFailed(_) => {
                Err(BadEvent { code: Code::P0517, field: String::new(), text: title(Code::P0517) })
            }
        }
    }

    /// The event decided last.
    pub(crate) fn record(&self) -> &EventRecord {
        &self.record
    }

    /// Its decision; empty for a repeated event.
    pub(crate) fn decision(&self) -> &Decision {
        &self.decision
    }

    /// Its decision as one line of JSON without a line end; for a repeated event the answer of the first time.
    pub(crate) fn answer(&self) -> &str {
        &self.answer
    }

    /// The texts of ids too long to be ids themselves.
    pub(crate) fn texts(&self) -> &IdTexts {
        &self.texts
    }
}

fn title(code: Code) -> Text {
    Text::new(code.title_en(), code.title_zh())
}
