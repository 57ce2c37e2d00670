//! From a value to the words of a field.

use super::error::EventErrorKind;
use super::texts::IdTexts;
use super::time::{parse_date, parse_instant};
use promo_compiler::diagnostic::Text;
use promo_compiler::ir::record::Id;
use promo_compiler::ir::schema::{Field, FieldType, NumberUnit, Schema};
use promo_compiler::package::similar::nearest;
use promo_compiler::regions::{RegionId, ResolveError};
use rustc_hash::FxHashMap;

/// A value for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// An id, a SKU, a region, a declared value, or a time in RFC 3339.
    Text(&'a str),
    /// A whole number in the unit of the field; money is in fen.
    Number(i64),
    /// Yes or no.
    YesNo(bool),
    /// An id made before.
    Id(Id),
    /// A region resolved before.
    Region(RegionId),
    /// Seconds since 1970 in UTC.
    Seconds(i64),
    /// Days since 1970.
    Days(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Value<'a> {
        Value::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Value::Number(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(yes: bool) -> Self {
        Value::YesNo(yes)
    }
}

impl From<Id> for Value<'_> {
    fn from(id: Id) -> Self {
        Value::Id(id)
    }
}

impl From<RegionId> for Value<'_> {
    fn from(region: RegionId) -> Self {
        Value::Region(region)
    }
}

/// What values of text mean in one channel.
#[derive(Clone, Debug)]
pub(super) struct Names {
    pub(super) schema: Schema,
    skus: FxHashMap<Box<str>, i64>,
}

const EXAMPLE_TIME: &str = "2026-02-01T10:00:00+08:00";
const EXAMPLE_DATE: &str = "2026-02-01";

impl Names {
    pub(super) fn new(schema: &Schema) -> Names {
        let skus = (0..).zip(&schema.products).map(|(at, p)| (p.sku.as_str().into(), at)).collect();
        Names { schema: schema.clone(), skus }
    }

    /// Writes a value to the words of its field, and the presence word if there is one.
    pub(super) fn write(
        &self,
        field: &Field,
        value: Value<'_>,
        words: &mut [i64],
        texts: &mut IdTexts,
    ) -> Result<(), EventErrorKind> {
        let mut set = |word: usize, value: i64| {
            if let Some(slot) = words.get_mut(word) {
                *slot = value;
            }
        };
        if field.ty == FieldType::Id {
            let id = match value {
                Value::Text(text) => texts.intern(text),
                Value::Id(id) => Some(id).filter(|id| id.is_known()),
                _ => None,
            };
            let (lo, hi) = id.ok_or_else(|| wrong(&field.ty, value))?.to_words();
            set(field.word.index(), lo);
            set(field.word.next().index(), hi);
        } else {
            set(field.word.index(), self.word(&field.ty, value)?);
        }
        if let Some(present) = field.present {
            set(present.index(), 1);
        }
        Ok(())
    }

    fn word(&self, ty: &FieldType, value: Value<'_>) -> Result<i64, EventErrorKind> {
        match (ty, value) {
            (FieldType::Instant, Value::Seconds(at)) if ty.allows(at, &self.schema) => Ok(at),
            (FieldType::Instant, Value::Text(text)) => {
                parse_instant(text).filter(|at| ty.allows(*at, &self.schema)).ok_or_else(|| bad(EXAMPLE_TIME, value))
            }
            (FieldType::Instant, _) => Err(bad(EXAMPLE_TIME, value)),
            (FieldType::Date, Value::Days(day)) if ty.allows(day, &self.schema) => Ok(day),
            (FieldType::Date, Value::Text(text)) => parse_date(text).ok_or_else(|| bad(EXAMPLE_DATE, value)),
            (FieldType::Date, _) => Err(bad(EXAMPLE_DATE, value)),
            (FieldType::Product, Value::Text(sku)) => self.skus.get(sku).copied().ok_or_else(|| {
                let suggestions = nearest(sku, self.skus_in_order());
                EventErrorKind::UnknownProduct { found: sku.into(), suggestions }
            }),
            (FieldType::Region, Value::Text(text)) => self.region(text),
            (FieldType::Region, Value::Region(id)) if ty.allows(i64::from(id.0), &self.schema) => Ok(i64::from(id.0)),
            (FieldType::YesNo, Value::YesNo(yes)) => Ok(i64::from(yes)),
            (FieldType::OneOf(values), Value::Text(text)) => {
                let at = (0..).zip(values).find(|(_, v)| v.is(text)).map(|(at, _)| at);
                at.ok_or_else(|| EventErrorKind::NotOneOf {
                    found: shown(value),
                    values: values.iter().map(|v| v.name.clone()).collect(),
                })
            }
            (FieldType::Number { lo, hi, unit }, Value::Number(n)) => match (*lo..=*hi).contains(&n) {
                true => Ok(n),
                false => Err(out_of_bounds(*lo, *hi, unit, n.to_string())),
            },
            _ => Err(wrong(ty, value)),
        }
    }

    fn skus_in_order(&self) -> impl Iterator<Item = &str> {
        self.schema.products.iter().map(|p| p.sku.as_str())
    }

    fn region(&self, text: &str) -> Result<i64, EventErrorKind> {
        self.schema.regions.resolve(text).map(|id| i64::from(id.0)).map_err(|error| match error {
            ResolveError::Unknown { suggestions } => EventErrorKind::UnknownRegion { found: text.into(), suggestions },
            ResolveError::Ambiguous { choices } => EventErrorKind::AmbiguousRegion { found: text.into(), choices },
        })
    }
}

fn bad(example: &'static str, value: Value<'_>) -> EventErrorKind {
    EventErrorKind::BadTime { example, found: shown(value) }
}

fn wrong(ty: &FieldType, value: Value<'_>) -> EventErrorKind {
    EventErrorKind::WrongType { expected: expected(ty), found: shown(value) }
}

pub(super) fn out_of_bounds(lo: i64, hi: i64, unit: &NumberUnit, found: String) -> EventErrorKind {
    EventErrorKind::OutOfBounds { lo, hi, unit: unit_text(unit), found }
}

/// A value as a message shows it: long texts are cut.
pub(super) fn shown(value: Value<'_>) -> String {
    const MOST: usize = 60;
    match value {
        Value::Text(text) if text.chars().count() > MOST => {
            format!("`{}…`", text.chars().take(MOST).collect::<String>())
        }
        Value::Text(text) => format!("`{text}`"),
        Value::Number(n) | Value::Seconds(n) | Value::Days(n) => format!("`{n}`"),
        Value::YesNo(yes) => format!("`{yes}`"),
        Value::Id(id) => format!("`{}`", id.text().unwrap_or_else(|| format!("{:032x}", id.0))),
        Value::Region(id) => format!("`{}`", id.0),
    }
}

/// What belongs into a field, for messages.
pub(super) fn expected(ty: &FieldType) -> Text {
    match ty {
        FieldType::Instant => Text::new(format!("a time, as `{EXAMPLE_TIME}`"), format!("时间，例如 `{EXAMPLE_TIME}`")),
        FieldType::Date => Text::new(format!("a date, as `{EXAMPLE_DATE}`"), format!("日期，例如 `{EXAMPLE_DATE}`")),
        FieldType::Id => Text::new("an id as text that is not empty", "非空的文本编号"),
        FieldType::Product => Text::new("a SKU as text", "文本形式的 SKU"),
        FieldType::Region => Text::new("a region, as `四川/成都`", "区域，例如 `四川/成都`"),
        FieldType::YesNo => Text::new("`true` or `false`", "`true` 或 `false`"),
        FieldType::OneOf(values) => {
            let names: Vec<String> = values.iter().map(|v| format!("`{}`", v.name)).collect();
            Text::new(format!("one of {}", names.join(", ")), format!("以下之一：{}", names.join("、")))
        }
        FieldType::Number { lo, hi, unit } => {
            let unit = unit_text(unit);
            let space = |u: &str| {
                if u.is_empty() { String::new() } else { format!(" {u}") }
            };
            Text::new(
                format!("a whole number from {lo} to {hi}{}", space(&unit.en)),
                format!("{lo} 至 {hi}{} 的整数", space(&unit.zh)),
            )
        }
    }
}

fn unit_text(unit: &NumberUnit) -> Text {
    match unit {
        NumberUnit::Fen => Text::new("fen", "分"),
        NumberUnit::Points => Text::new("points", "积分"),
        NumberUnit::BasisPoints => Text::new("basis points", "基点"),
        NumberUnit::Thing(name) => Text::new(name.clone(), name.clone()),
        NumberUnit::Plain => Text::new("", ""),
    }
}
