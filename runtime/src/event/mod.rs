//! Events in: from JSON, or built field by field with names resolved once. Both make only records that keep
//! everything the compiler relied on, and say which field is wrong otherwise.
//!
//! ```json
//! {"id":"e1", "event":"open_box", "time":"2026-02-01T10:00:00+08:00", "product":"SKU-1", "case":"C1",
//!  "store":{"id":"S1", "grade":"A", "region":"四川/成都/锦江区"}, "distributor":"D1"}
//! ```
//!
//! Keys and values of declared names are understood in both spellings. A party of which only the id is given may be
//! a bare text. Numbers are whole, money is in fen. `null` is the same as leaving a field out. With `"schema"` the
//! sender can name the schema it was written for ([`EventDecoder::schema_hash`]).

mod builder;
mod error;
mod layout;
mod read;
mod texts;
mod time;
mod value;

#[cfg(test)]
pub(crate) mod tests;

pub use builder::{EventBuilder, FieldHandle};
pub use error::{EventError, EventErrorKind};
pub use texts::IdTexts;
pub use time::format_instant;
pub use value::Value;

use layout::Kind;
use promo_compiler::ir::key::{is_last_second, last_second, local_day};
use promo_compiler::ir::record::EventRecord;
use promo_compiler::ir::schema::{EventId, Field, Schema, Word};
use promo_compiler::ir::{Program, Window};
use promo_compiler::package::similar::nearest;
use read::{Reading, Seen, find_kind};
use rustc_hash::FxHashMap;
use value::{Names, expected};

/// Reads events of one program. Make it once and share it: it does not change.
#[derive(Clone, Debug)]
pub struct EventDecoder {
    names: Names,
    kinds: Vec<Kind>,
    by_name: FxHashMap<Box<str>, usize>,
}

impl EventDecoder {
    /// A decoder for the events of a program.
    pub fn new(program: &Program) -> EventDecoder {
        EventDecoder::of_schema(&program.schema)
    }

    /// A decoder for the events of a schema.
    pub fn of_schema(schema: &Schema) -> EventDecoder {
        let ids = (0..).map(EventId);
        let kinds: Vec<Kind> = ids.zip(&schema.events).map(|(id, event)| Kind::new(id, event)).collect();
        let mut by_name = FxHashMap::default();
        for (at, kind) in kinds.iter().enumerate() {
            by_name.insert(kind.name.name.as_str().into(), at);
        }
        for (at, kind) in kinds.iter().enumerate().filter(|(_, k)| !k.name.label.is_empty()) {
            by_name.entry(kind.name.label.as_str().into()).or_insert(at);
        }
        EventDecoder { names: Names::new(schema), kinds, by_name }
    }

    /// The hash an event can carry as `"schema"`: 16 hex digits.
    pub fn schema_hash(&self) -> String {
        format!("{:016x}", self.names.schema.hash)
    }

    /// Reads one event.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with the path of its field.
    pub fn decode(&self, json: impl AsRef<[u8]>) -> Result<EventRecord, EventError> {
        let mut record = EventRecord { event: EventId(0), words: Vec::new() };
        self.decode_into(json.as_ref(), &mut record, &mut IdTexts::default())?;
        Ok(record)
    }

    /// Reads one event into a record that is kept, and remembers the texts of long ids. No allocation once the
    /// record has grown, except for long ids. After an error the record is empty.
    ///
    /// # Errors
    ///
    /// As [`EventDecoder::decode`].
    pub fn decode_into(&self, json: &[u8], record: &mut EventRecord, texts: &mut IdTexts) -> Result<(), EventError> {
        record.words.clear();
        let result = self.read(json, record, texts);
        if result.is_err() {
            record.words.clear();
        }
        result
    }

    fn read(&self, json: &[u8], record: &mut EventRecord, texts: &mut IdTexts) -> Result<(), EventError> {
        let json = std::str::from_utf8(json).map_err(|error| {
            let before = json.get(..error.valid_up_to()).unwrap_or(&[]);
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
            EventError::new("", EventErrorKind::NotJson { line, column, truncated: error.error_len().is_none() })
        })?;
        let kind = find_kind(self, json)?;
        record.event = kind.id;
        record.words.resize(kind.words, 0);
        let mut reading = Reading::new(self, kind, &mut record.words, texts);
        reading.read(json)?;
        let seen = std::mem::take(&mut reading.seen);
        self.finish(kind, &seen, &mut record.words)
    }

    /// What can only be said when all fields are read.
    fn finish(&self, kind: &Kind, seen: &Seen, words: &mut [i64]) -> Result<(), EventError> {
        let missing = |field: &Field| {
            Err(EventError::new(path(field), EventErrorKind::Missing { expected: expected(&field.ty) }))
        };
        for (at, field) in kind.fields.iter().enumerate() {
            // A fact of a party that may be unknown is required as soon as the party is known.
            let known = field.present.is_none_or(|p| words.get(p.index()) == Some(&1));
            if !seen.has(at) && known {
                return missing(field);
            }
            let owner = kind.owners.get(at).copied().flatten().filter(|owner| !seen.has(*owner));
            if let Some(owner) = owner.filter(|_| seen.has(at)).and_then(|owner| kind.fields.get(owner)) {
                return missing(owner);
            }
        }
        let (time, offset) = (words.first().copied().unwrap_or(0), self.names.schema.utc_offset);
        if let Some(day) = words.get_mut(Word::DAY.index()) {
            *day = local_day(time, offset);
        }
        match kind.period_end {
            // When a campaign is over only its policy knows.
            Some(Window::Ever) => Ok(()),
            Some(window) if !is_last_second(window, time, offset) => {
                let end = last_second(window, time, offset).unwrap_or(time);
                let (expected, found) = (format_instant(end, offset), format_instant(time, offset));
                Err(EventError::new("time", EventErrorKind::NotPeriodEnd { expected, found }))
            }
            _ => Ok(()),
        }
    }

    fn kind(&self, name: &str) -> Result<&Kind, EventErrorKind> {
        self.by_name.get(name).and_then(|at| self.kinds.get(*at)).ok_or_else(|| {
            let names = self.kinds.iter().flat_map(|k| [k.name.name.as_str(), k.name.label.as_str()]);
            let near = nearest(name, names.filter(|n| !n.is_empty()));
            let all = || self.kinds.iter().map(|k| k.name.name.clone()).collect();
            EventErrorKind::UnknownEvent { found: name.into(), choices: if near.is_empty() { all() } else { near } }
        })
    }

    /// The handle of a field, by its path in either spelling: `store.grade`.
    ///
    /// # Errors
    ///
    /// There is no such event kind or field.
    pub fn field(&self, event: &str, path: &str) -> Result<FieldHandle, EventError> {
        let kind = self.kind(event).map_err(|kind| EventError::new("event", kind))?;
        let at = kind.field(path).and_then(|at| u32::try_from(at).ok());
        let field = at.ok_or_else(|| {
            let paths: Vec<String> = kind.fields.iter().map(self::path).collect();
            let near = nearest(path, paths.iter().map(String::as_str));
            let choices = if near.is_empty() { paths } else { near };
            EventError::new(path, EventErrorKind::UnknownField { choices })
        })?;
        Ok(FieldHandle { schema: self.names.schema.hash, event: kind.id, field })
    }
}

/// The canonical path of a field.
fn path(field: &Field) -> String {
    field.path.iter().map(|n| n.name.as_str()).collect::<Vec<_>>().join(".")
}
