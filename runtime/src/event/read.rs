//! JSON straight into the words of a record: serde walks the text once, keys are looked up, nothing is built.

use super::EventDecoder;
use super::error::{EventError, EventErrorKind};
use super::layout::{Key, Kind};
use super::texts::IdTexts;
use super::value::{Value, expected, out_of_bounds, shown};
use promo_compiler::diagnostic::Text;
use promo_compiler::ir::schema::FieldType;
use promo_compiler::package::similar::nearest;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What is read so far.
pub(super) struct Reading<'a> {
    pub(super) decoder: &'a EventDecoder,
    pub(super) kind: &'a Kind,
    pub(super) words: &'a mut [i64],
    pub(super) texts: &'a mut IdTexts,
    pub(super) seen: Seen,
    /// `event`, `schema` given.
    given: (bool, bool),
    error: Option<EventError>,
}

/// A set of field numbers: the first 128 without allocation.
#[derive(Default)]
pub(super) struct Seen {
    few: u128,
    more: Vec<usize>,
}

impl Seen {
    /// True if it is new.
    pub(super) fn insert(&mut self, at: usize) -> bool {
        if self.has(at) {
            return false;
        }
        match 1u128.checked_shl(at as u32).filter(|_| at < 128) {
            Some(bit) => self.few |= bit,
            None => self.more.push(at),
        }
        true
    }

    pub(super) fn has(&self, at: usize) -> bool {
        if at < 128 { self.few >> at & 1 == 1 } else { self.more.contains(&at) }
    }
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        decoder: &'a EventDecoder,
        kind: &'a Kind,
        words: &'a mut [i64],
        texts: &'a mut IdTexts,
    ) -> Reading<'a> {
        Reading { decoder, kind, words, texts, seen: Seen::default(), given: (false, false), error: None }
    }

    /// Reads a whole event.
    pub(super) fn read(&mut self, json: &str) -> Result<(), EventError> {
        let mut source = serde_json::Deserializer::from_str(json);
        let place = Place { reading: self, node: 0 };
        let result = place.deserialize(&mut source).and_then(|()| source.end());
        result.map_err(|error| self.error.take().unwrap_or_else(|| not_json(&error)))
    }

    fn fail<E: serde::de::Error>(&mut self, field: &str, kind: EventErrorKind) -> E {
        self.error = Some(EventError::new(field, kind));
        E::custom("see `Reading::error`")
    }

    fn write<E: serde::de::Error>(&mut self, node: usize, value: Value<'_>) -> Result<(), E> {
        let at = self.kind.nodes.get(node).and_then(|n| n.field);
        let Some((at, field)) = at.and_then(|at| Some((at, self.kind.fields.get(at)?))) else {
            return Err(self.fail("", not_an_object(shown(value))));
        };
        if !self.seen.insert(at) {
            return Err(self.fail("", EventErrorKind::Repeated));
        }
        let written = self.decoder.names.write(field, value, self.words, self.texts);
        written.map_err(|kind| self.fail("", kind))
    }

    /// A number that is not an `i64`.
    fn odd_number<E: serde::de::Error>(&mut self, node: usize, found: String, whole: bool) -> E {
        let field = self.kind.nodes.get(node).and_then(|n| n.field).and_then(|at| self.kind.fields.get(at));
        let kind = match field.map(|f| &f.ty) {
            Some(FieldType::Number { lo, hi, unit }) if whole => out_of_bounds(*lo, *hi, unit, format!("`{found}`")),
            Some(ty) => EventErrorKind::WrongType { expected: expected(ty), found: format!("`{found}`") },
            None => not_an_object(format!("`{found}`")),
        };
        self.fail("", kind)
    }
}

fn not_an_object(found: String) -> EventErrorKind {
    EventErrorKind::WrongType { expected: Text::new("an object", "一个对象"), found }
}

pub(super) fn not_json(error: &serde_json::Error) -> EventError {
    let (line, column, truncated) = (error.line(), error.column(), error.is_eof());
    EventError::new("", EventErrorKind::NotJson { line, column, truncated })
}

/// A place in the event whose value comes next.
struct Place<'r, 'a> {
    reading: &'r mut Reading<'a>,
    node: usize,
}

impl<'de> DeserializeSeed<'de> for Place<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field of an event")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.reading.write(self.node, Value::Text(text))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.reading.write(self.node, Value::Number(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(self.reading.odd_number(self.node, number.to_string(), true)),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        Err(self.reading.odd_number(self.node, number.to_string(), false))
    }

    fn visit_bool<E: serde::de::Error>(self, yes: bool) -> Result<(), E> {
        self.reading.write(self.node, Value::YesNo(yes))
    }

    /// `null` is the same as leaving the field out.
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        match self.node {
            0 => Err(self.reading.fail("", not_an_object("`null`".into()))),
            _ => Ok(()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        let field = self.reading.kind.nodes.get(self.node).and_then(|n| n.field);
        let ty = field.and_then(|at| self.reading.kind.fields.get(at)).map(|f| &f.ty);
        let found = "`[…]`".to_owned();
        let kind = match ty {
            Some(ty) => EventErrorKind::WrongType { expected: expected(ty), found },
            None => not_an_object(found),
        };
        Err(self.reading.fail("", kind))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Place { reading, node } = self;
        let kind = reading.kind;
        let Some(here) = kind.nodes.get(node).filter(|n| !n.keys.is_empty()) else {
            let ty = kind.nodes.get(node).and_then(|n| n.field).and_then(|at| kind.fields.get(at)).map(|f| &f.ty);
            let expected = ty.map_or_else(|| Text::new("a value", "一个值"), expected);
            return Err(reading.fail("", EventErrorKind::WrongType { expected, found: "`{…}`".into() }));
        };
        while let Some(key) = map.next_key_seed(KeyOf(here))? {
            let (name, leads) = match key {
                Ok(known) => known,
                Err(unknown) => {
                    let near = nearest(&unknown, here.keys.keys().map(|k| &**k));
                    let choices = if near.is_empty() { here.names.clone() } else { near };
                    return Err(reading.fail(&unknown, EventErrorKind::UnknownField { choices }));
                }
            };
            let result = match leads {
                Key::Node(node) => map.next_value_seed(Place { reading: &mut *reading, node }),
                Key::Event if !std::mem::replace(&mut reading.given.0, true) => {
                    map.next_value::<IgnoredAny>().map(|_| ())
                }
                Key::Schema if !std::mem::replace(&mut reading.given.1, true) => {
                    map.next_value_seed(SchemaHash(&mut *reading))
                }
                Key::Event | Key::Schema => Err(reading.fail("", EventErrorKind::Repeated)),
            };
            if let Err(error) = result {
                if let Some(found) = &mut reading.error {
                    found.inside(name);
                }
                return Err(error);
            }
        }
        Ok(())
    }
}

/// Looks a key up without copying it; an unknown one is copied for the message.
struct KeyOf<'n>(&'n super::layout::Node);

impl<'de, 'n> DeserializeSeed<'de> for KeyOf<'n> {
    type Value = Result<(&'n str, Key), String>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'n> Visitor<'_> for KeyOf<'n> {
    type Value = Result<(&'n str, Key), String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let known = self.0.keys.get_key_value(key).map(|(name, leads)| (&**name, *leads));
        Ok(known.ok_or_else(|| key.to_owned()))
    }
}

/// The hash of the schema the sender used.
struct SchemaHash<'r, 'a>(&'r mut Reading<'a>);

impl<'de> DeserializeSeed<'de> for SchemaHash<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        let found = serde_json::Value::deserialize(source)?;
        let expected = self.0.decoder.schema_hash();
        match found {
            serde_json::Value::String(found) if found == expected => Ok(()),
            serde_json::Value::Null => Ok(()),
            serde_json::Value::String(found) => Err(self.0.fail("", EventErrorKind::OtherSchema { expected, found })),
            other => {
                let text = Text::new("the schema hash as text", "文本形式的模式哈希");
                Err(self.0.fail("", EventErrorKind::WrongType { expected: text, found: format!("`{other}`") }))
            }
        }
    }
}

/// Finds the event kind of a JSON object and stops there: what comes after it is read only once.
pub(super) fn find_kind<'d>(decoder: &'d EventDecoder, json: &str) -> Result<&'d Kind, EventError> {
    let mut finder = Finder { decoder, found: None };
    let mut source = serde_json::Deserializer::from_str(json);
    let result = source.deserialize_any(&mut finder);
    match (finder.found, result) {
        (Some(found), _) => found,
        (None, Ok(())) => {
            let expected = Text::new("the event kind", "事件种类");
            Err(EventError::new("event", EventErrorKind::Missing { expected }))
        }
        (None, Err(error)) => Err(not_json(&error)),
    }
}

struct Finder<'d> {
    decoder: &'d EventDecoder,
    found: Option<Result<&'d Kind, EventError>>,
}

impl<'de> Visitor<'de> for &mut Finder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event as a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(is_event) = map.next_key_seed(IsEvent)? {
            if let Some(key) = is_event {
                let kind = map.next_value_seed(KindOf(self.decoder))?;
                self.found = Some(kind.map_err(|kind| EventError::new(key, kind)));
                return Err(A::Error::custom("found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Looks the name of an event kind up without copying it.
struct KindOf<'d>(&'d EventDecoder);

impl<'d> KindOf<'d> {
    fn not_text(found: &str) -> Result<&'d Kind, EventErrorKind> {
        let expected = Text::new("the event kind as text", "文本形式的事件种类");
        Err(EventErrorKind::WrongType { expected, found: format!("`{found}`") })
    }
}

impl<'de, 'd> DeserializeSeed<'de> for KindOf<'d> {
    type Value = Result<&'d Kind, EventErrorKind>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, 'd> Visitor<'de> for KindOf<'d> {
    type Value = Result<&'d Kind, EventErrorKind>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an event kind")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.kind(name))
    }

    fn visit_i64<E>(self, found: i64) -> Result<Self::Value, E> {
        Ok(KindOf::not_text(&found.to_string()))
    }

    fn visit_u64<E>(self, found: u64) -> Result<Self::Value, E> {
        Ok(KindOf::not_text(&found.to_string()))
    }

    fn visit_f64<E>(self, found: f64) -> Result<Self::Value, E> {
        Ok(KindOf::not_text(&found.to_string()))
    }

    fn visit_bool<E>(self, found: bool) -> Result<Self::Value, E> {
        Ok(KindOf::not_text(&found.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(KindOf::not_text("null"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Ok(KindOf::not_text("[…]"))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
        Ok(KindOf::not_text("{…}"))
    }
}

struct IsEvent;

impl<'de> DeserializeSeed<'de> for IsEvent {
    type Value = Option<&'static str>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl Visitor<'_> for IsEvent {
    type Value = Option<&'static str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(["event", "事件"].into_iter().find(|name| *name == key))
    }
}
