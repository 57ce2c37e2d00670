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
use promo_runtime::store::MemoryStore;
use promo_runtime::{Backend, DecideError, Engine, Explain, PolicySet, RunsOn, ScanBuffers, ScanError, Scanned};

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

impl From<ScanError> for BadEvent {
    fn from(error: ScanError) -> BadEvent {
        let code = match &error {
            ScanError::Store(error) => {
                return BadEvent { code: error.code(), field: String::new(), text: error.text() };
            }
            ScanError::Decide(DecideError::State(_)) => Code::P0516,
            ScanError::Decide(_) => Code::P0511,
            ScanError::Contention => Code::P0517,
        };
        let (en, zh) = (code.title_en(), code.title_zh());
        BadEvent { code, field: String::new(), text: Text::new(format!("{en}: {error}"), format!("{zh}：{error}")) }
    }
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
    buffers: ScanBuffers,
    line: String,
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
            buffers: ScanBuffers::default(),
            line: String::new(),
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
        let Scanner { policies, decoder, store, explain, texts, record, buffers, line } = self;
        decoder.decode_into(json, record, texts)?;
        let detail = explain.map_or(Detail::Reasons, Detail::Explain);
        let writer = DecisionWriter::new(policies.program());
        let told = if explain.is_some() { Explain::Nearest } else { Explain::Reasons };
        let scanned = policies.scan(record, store, buffers, told, |decision, answer| {
            line.clear();
            writer.write(record, decision, texts, detail, line);
            answer.extend_from_slice(line.as_bytes());
        })?;
        Ok(scanned)
    }

    /// The event decided last.
    pub(crate) fn record(&self) -> &EventRecord {
        &self.record
    }

    /// Its decision; empty for a repeated event.
    pub(crate) fn decision(&self) -> &Decision {
        &self.buffers.decision
    }

    /// Its decision as one line of JSON without a line end; for a repeated event the answer of the first time.
    pub(crate) fn answer(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.buffers.answer)
    }

    /// The texts of ids too long to be ids themselves.
    pub(crate) fn texts(&self) -> &IdTexts {
        &self.texts
    }
}
