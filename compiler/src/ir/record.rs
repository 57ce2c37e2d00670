//! Ids and event records: what a scan is, once names are gone.

use super::key;
use super::schema::{EventId, EventSchema, Field, FieldType, Schema, Word};
use serde::{Deserialize, Serialize};

/// Longest text, in bytes, that an [`Id`] holds as it is.
pub const INLINE_BYTES: usize = 15;

/// Instants a record can have, half-open: years 1 to 9999 in UTC, what RFC 3339 can write.
pub const INSTANTS: (i64, i64) = (-62_135_596_800, 253_402_300_800);

/// Dates a record can have, half-open: years 1 to 9999.
pub const DATES: (i64, i64) = (-719_162, 2_932_897);

/// Local days of [`INSTANTS`], half-open: a zone is at most a day away from UTC.
pub const LOCAL_DAYS: (i64, i64) = (DATES.0 - 1, DATES.1 + 1);

/// Top byte of an id whose text was too long and is represented by 120 bits of its hash.
const HASHED: u8 = 0xFF;

/// The id of a person, a code, an entity or an event, in 128 bits.
///
/// Text of up to 15 bytes is the id itself (the bytes in the low 120 bits, the length in the top byte), so such
/// ids never collide and can be read back; longer text is represented by 120 bits of its BLAKE3 hash. The value 0
/// is no id: it stands for "unknown".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(pub u128);

impl Id {
    /// Not an id: the party is unknown.
    pub const UNKNOWN: Id = Id(0);

    /// The id spelled `text`; `None` for the empty text, which is nobody's id.
    pub fn from_text(text: &str) -> Option<Id> {
        let bytes = text.as_bytes();
        let mut out = [0u8; 16];
        let (body, top) = out.split_at_mut(INLINE_BYTES);
        let top = top.first_mut()?;
        if bytes.is_empty() {
            return None;
        }
        if bytes.len() <= INLINE_BYTES {
            body.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            *top = bytes.len() as u8;
        } else {
            let hash = blake3::hash(bytes);
            body.iter_mut().zip(hash.as_bytes()).for_each(|(to, from)| *to = *from);
            *top = HASHED;
        }
        Some(Id(u128::from_le_bytes(out)))
    }

    /// The text it was made from, if it is short enough to be in there.
    pub fn text(&self) -> Option<String> {
        let bytes = self.0.to_le_bytes();
        let (body, top) = bytes.split_at_checked(INLINE_BYTES)?;
        let len = usize::from(*top.first()?);
        if len == 0 || len > INLINE_BYTES {
            return None;
        }
        let (text, rest) = body.split_at_checked(len)?;
        if rest.iter().any(|b| *b != 0) {
            return None;
        }
        std::str::from_utf8(text).ok().map(str::to_owned)
    }

    /// True if there is somebody.
    pub const fn is_known(self) -> bool {
        self.0 != 0
    }

    /// As the two words of a record: low, high.
    pub const fn to_words(self) -> (i64, i64) {
        (self.0 as i64, (self.0 >> 64) as i64)
    }

    /// From the two words of a record.
    pub const fn from_words(lo: i64, hi: i64) -> Id {
        Id((hi as u64 as u128) << 64 | lo as u64 as u128)
    }

    /// The id at `word` and the word after it; [`Id::UNKNOWN`] where the record is too short.
    pub fn read(words: &[i64], word: Word) -> Id {
        Id::from_words(value(words, word), words.get(word.index().wrapping_add(1)).copied().unwrap_or(0))
    }
}

/// A word of a record, 0 where the record is too short.
pub fn value(words: &[i64], word: Word) -> i64 {
    words.get(word.index()).copied().unwrap_or(0)
}

/// One event, in the layout its kind has in the [`Schema`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EventRecord {
    /// Its kind.
    pub event: EventId,
    /// Its facts.
    pub words: Vec<i64>,
}

/// Why a record is not one of its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFault {
    /// There is no such event kind.
    NoSuchEvent,
    /// Too few or too many words.
    Length,
    /// The value at this word is outside what the schema declares for it.
    OutOfBounds(Word),
}

impl EventRecord {
    /// The id of the event.
    pub fn id(&self) -> Id {
        Id::read(&self.words, Word::ID)
    }

    /// Seconds since 1970 in UTC.
    pub fn time(&self) -> i64 {
        value(&self.words, Word::TIME)
    }

    /// The local day: days since 1970-01-01 in the channel's zone.
    pub fn day(&self) -> i64 {
        value(&self.words, Word::DAY)
    }

    /// Checks everything range analysis relied on: length, local day, bounds and presence of every field. The
    /// decoder and the builder make only records that pass; a host that fills words itself calls this.
    pub fn check(&self, schema: &Schema) -> Result<(), RecordFault> {
        let layout = schema.events.get(self.event.index()).ok_or(RecordFault::NoSuchEvent)?;
        if self.words.len() != layout.words as usize {
            return Err(RecordFault::Length);
        }
        if self.day() != key::local_day(self.time(), schema.utc_offset) {
            return Err(RecordFault::OutOfBounds(Word::DAY));
        }
        if !self.id().is_known() {
            return Err(RecordFault::OutOfBounds(Word::ID));
        }
        layout.fields.iter().try_for_each(|field| check_field(field, &self.words, schema))
    }
}

fn check_field(field: &Field, words: &[i64], schema: &Schema) -> Result<(), RecordFault> {
    let known = match field.present {
        None => true,
        Some(word) => match value(words, word) {
            0 => false,
            1 => true,
            _ => return Err(RecordFault::OutOfBounds(word)),
        },
    };
    let id = (field.ty == FieldType::Id).then(|| Id::read(words, field.word));
    let fine = match (known, id) {
        (true, Some(id)) => id.is_known(),
        (true, None) => field.ty.allows(value(words, field.word), schema),
        (false, Some(id)) => !id.is_known(),
        (false, None) => value(words, field.word) == 0,
    };
    if fine { Ok(()) } else { Err(RecordFault::OutOfBounds(field.word)) }
}

/// True if `words[word]` is a value this event kind can have there (an unknown fact's 0 included).
pub fn word_allowed(layout: &EventSchema, words: &[i64], word: Word, schema: &Schema) -> bool {
    match layout.fields.iter().find(|f| f.word == word) {
        None => true,
        Some(field) => check_field(field, words, schema).is_ok(),
    }
}

impl FieldType {
    /// True if a one-word field of this type can have this value; ids have two words and are not asked.
    pub fn allows(&self, value: i64, schema: &Schema) -> bool {
        let below = |len: usize| usize::try_from(value).is_ok_and(|v| v < len);
        match self {
            FieldType::Instant => (INSTANTS.0..INSTANTS.1).contains(&value),
            FieldType::Date => (DATES.0..DATES.1).contains(&value),
            FieldType::Id => true,
            FieldType::Product => below(schema.products.len()),
            FieldType::Region => below(schema.regions.len()),
            FieldType::YesNo => value == 0 || value == 1,
            FieldType::OneOf(values) => below(values.len()),
            FieldType::Number { lo, hi, .. } => (*lo..=*hi).contains(&value),
        }
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_read_back_and_long_ones_are_not() {
        for text in ["a", "S1", "门店一号五", "123456789012345", "\0", "é"] {
            let id = Id::from_text(text).expect("an id");
            assert_eq!(id.text().as_deref(), Some(text));
            let (lo, hi) = id.to_words();
            assert_eq!(Id::from_words(lo, hi), id);
        }
        let long = Id::from_text("1234567890123456").expect("an id");
        assert_eq!(long.text(), None);
        assert_eq!(long.0 >> 120, 0xFF);
        assert_ne!(Some(long), Id::from_text("1234567890123457"));
        assert_eq!(Id::from_text(""), None);
        assert_eq!(Id::UNKNOWN.text(), None);
    }

    #[test]
    fn trailing_zero_bytes_make_another_id() {
        assert_ne!(Id::from_text("a"), Id::from_text("a\0"));
    }
}
