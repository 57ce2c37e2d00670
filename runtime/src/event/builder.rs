//! Records without JSON: names are resolved once, then an event is a few writes.

use super::EventDecoder;
use super::error::{EventError, EventErrorKind};
use super::layout::Kind;
use super::read::Seen;
use super::texts::IdTexts;
use super::value::Value;
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::schema::{EventId, Word};

/// A field of one event kind, resolved once with [`EventDecoder::field`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FieldHandle {
    pub(super) schema: u64,
    pub(super) event: EventId,
    pub(super) field: u32,
}

/// Builds one event. The first mistake is kept and returned by [`EventBuilder::build`].
#[derive(Debug)]
pub struct EventBuilder<'d> {
    decoder: &'d EventDecoder,
    kind: &'d Kind,
    words: Vec<i64>,
    seen: Seen,
    texts: IdTexts,
    error: Option<EventError>,
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seen")
    }
}

impl<'d> EventBuilder<'d> {
    /// An event of the kind called `event`, in either spelling.
    ///
    /// # Errors
    ///
    /// There is no such kind.
    pub fn new(decoder: &'d EventDecoder, event: &str) -> Result<EventBuilder<'d>, EventError> {
        let kind = decoder.kind(event).map_err(|kind| EventError::new("event", kind))?;
        let words = vec![0; kind.words];
        Ok(EventBuilder { decoder, kind, words, seen: Seen::default(), texts: IdTexts::default(), error: None })
    }

    /// When it happened: seconds since 1970 in UTC.
    #[must_use]
    pub fn at(self, seconds: i64) -> Self {
        let field = self.kind.fields.iter().position(|f| f.word == Word::TIME);
        self.put(field, Value::Seconds(seconds))
    }

    /// Its id: the idempotency key.
    #[must_use]
    pub fn id(self, id: &str) -> Self {
        let field = self.kind.fields.iter().position(|f| f.word == Word::ID);
        self.put(field, Value::Text(id))
    }

    /// Sets a field.
    #[must_use]
    pub fn set<'v>(mut self, handle: FieldHandle, value: impl Into<Value<'v>>) -> Self {
        let schema = self.decoder.names.schema.hash;
        if handle.schema != schema || handle.event != self.kind.id {
            let hash = |schema: u64, event: EventId| format!("{schema:016x}/{}", event.0);
            let (expected, found) = (hash(schema, self.kind.id), hash(handle.schema, handle.event));
            self.error.get_or_insert(EventError::new("", EventErrorKind::OtherSchema { expected, found }));
            return self;
        }
        self.put(Some(handle.field as usize), value.into())
    }

    fn put(mut self, at: Option<usize>, value: Value<'_>) -> Self {
        if let Some((at, field)) = at.and_then(|at| Some((at, self.kind.fields.get(at)?)))
            && self.error.is_none()
        {
            let written = match self.seen.insert(at) {
                true => self.decoder.names.write(field, value, &mut self.words, &mut self.texts),
                false => Err(EventErrorKind::Repeated),
            };
            self.error = written.err().map(|kind| EventError::new(super::path(field), kind));
        }
        self
    }

    /// The finished event.
    ///
    /// # Errors
    ///
    /// The first value that did not fit its field, or the first required field that is missing.
    pub fn build(self) -> Result<EventRecord, EventError> {
        self.build_with_texts().map(|(record, _)| record)
    }

    /// The finished event with the texts of its long ids.
    ///
    /// # Errors
    ///
    /// As [`EventBuilder::build`].
    pub fn build_with_texts(mut self) -> Result<(EventRecord, IdTexts), EventError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        self.decoder.finish(self.kind, &self.seen, &mut self.words)?;
        Ok((EventRecord { event: self.kind.id, words: self.words }, self.texts))
    }
}
