//! What can be wrong with an event, as data; the wording in both languages is here and nowhere else.

use promo_compiler::diagnostic::{Code, Text};
use std::fmt;

/// Why an event was refused before any rule saw it. Nothing was decided and nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    field: String,
    kind: EventErrorKind,
}

/// The kinds of [`EventError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventErrorKind {
    /// No such event kind.
    UnknownEvent {
        /// What was written.
        found: String,
        /// Near names, or all names if none is near.
        choices: Vec<String>,
    },
    /// The text is not one JSON object.
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
        /// True if it ends too early.
        truncated: bool,
    },
    /// A required field is not there.
    Missing {
        /// What belongs there.
        expected: Text,
    },
    /// A value of the wrong type.
    WrongType {
        /// What belongs there.
        expected: Text,
        /// What is there.
        found: String,
    },
    /// A number outside its declared bounds.
    OutOfBounds {
        /// Least value.
        lo: i64,
        /// Greatest value.
        hi: i64,
        /// What it counts; empty for a bare number.
        unit: Text,
        /// What is there.
        found: String,
    },
    /// A SKU that is not in the catalogue.
    UnknownProduct {
        /// What is there.
        found: String,
        /// Near SKUs.
        suggestions: Vec<String>,
    },
    /// A region that does not exist.
    UnknownRegion {
        /// What is there.
        found: String,
        /// Near regions.
        suggestions: Vec<String>,
    },
    /// A name that several regions have.
    AmbiguousRegion {
        /// What is there.
        found: String,
        /// All of them.
        choices: Vec<String>,
    },
    /// A field this event kind does not have.
    UnknownField {
        /// Near names, or all names if none is near.
        choices: Vec<String>,
    },
    /// A time or date that cannot be read or does not exist.
    BadTime {
        /// A correct example.
        example: &'static str,
        /// What is there.
        found: String,
    },
    /// The event, or the field handle, is of another schema.
    OtherSchema {
        /// Hash of this schema.
        expected: String,
        /// Hash that was given.
        found: String,
    },
    /// The time of a period-end event is not the last second of its period.
    NotPeriodEnd {
        /// When that period ends.
        expected: String,
        /// What was given.
        found: String,
    },
    /// A field is given twice.
    Repeated,
    /// A value that is not among the declared ones.
    NotOneOf {
        /// What is there.
        found: String,
        /// The declared ones.
        values: Vec<String>,
    },
}

impl EventError {
    pub(crate) fn new(field: impl Into<String>, kind: EventErrorKind) -> EventError {
        EventError(Box::new(Inner { field: field.into(), kind }))
    }

    /// Puts the field it was found in under another.
    pub(super) fn inside(&mut self, outer: &str) {
        let field = &mut self.0.field;
        *field = if field.is_empty() { outer.to_owned() } else { format!("{outer}.{field}") };
    }

    /// Path of the field as it was written, as `store.grade`; empty if the whole event is meant.
    pub fn field(&self) -> &str {
        &self.0.field
    }

    /// What is wrong.
    pub fn kind(&self) -> &EventErrorKind {
        &self.0.kind
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        match &self.0.kind {
            EventErrorKind::UnknownEvent { .. } => Code::P0501,
            EventErrorKind::NotJson { .. } => Code::P0502,
            EventErrorKind::Missing { .. } => Code::P0503,
            EventErrorKind::WrongType { .. } => Code::P0504,
            EventErrorKind::OutOfBounds { .. } => Code::P0505,
            EventErrorKind::UnknownProduct { .. } => Code::P0506,
            EventErrorKind::UnknownRegion { .. } => Code::P0507,
            EventErrorKind::AmbiguousRegion { .. } => Code::P0508,
            EventErrorKind::UnknownField { .. } => Code::P0509,
            EventErrorKind::BadTime { .. } => Code::P0510,
            EventErrorKind::OtherSchema { .. } => Code::P0511,
            EventErrorKind::NotPeriodEnd { .. } => Code::P0512,
            EventErrorKind::Repeated => Code::P0513,
            EventErrorKind::NotOneOf { .. } => Code::P0514,
        }
    }

    /// One sentence in both languages, the field included.
    pub fn text(&self) -> Text {
        let said = self.0.kind.text();
        match self.0.field.as_str() {
            "" => said,
            field => Text::new(format!("field `{field}`: {}", said.en), format!("字段 `{field}`：{}", said.zh)),
        }
    }
}

impl EventErrorKind {
    fn text(&self) -> Text {
        match self {
            EventErrorKind::UnknownEvent { found, choices } => Text::new(
                format!("no event kind is called `{found}`; {}", list("there is", choices)),
                format!("没有名为 `{found}` 的事件；{}", list_zh("可用的有", choices)),
            ),
            EventErrorKind::NotJson { line, column, truncated: true } => Text::new(
                format!("the JSON ends too early, at line {line}, column {column}"),
                format!("JSON 不完整，在第 {line} 行第 {column} 列中断"),
            ),
            EventErrorKind::NotJson { line, column, truncated: false } => Text::new(
                format!("this is not one JSON object; reading stopped at line {line}, column {column}"),
                format!("这不是一个 JSON 对象，读到第 {line} 行第 {column} 列为止"),
            ),
            EventErrorKind::Missing { expected } => Text::new(
                format!("it is missing; expected {}", expected.en),
                format!("缺少该字段，应为{}", expected.zh),
            ),
            EventErrorKind::WrongType { expected, found } => Text::new(
                format!("expected {}, found {found}", expected.en),
                format!("应为{}，实际是 {found}", expected.zh),
            ),
            EventErrorKind::OutOfBounds { lo, hi, unit, found } => Text::new(
                format!("expected {lo} to {hi}{}, found {found}", spaced(&unit.en)),
                format!("应在 {lo} 至 {hi}{} 之间，实际是 {found}", spaced(&unit.zh)),
            ),
            EventErrorKind::UnknownProduct { found, suggestions } => Text::new(
                format!("no product has the SKU `{found}`{}", meant(suggestions)),
                format!("产品目录中没有 SKU `{found}`{}", meant_zh(suggestions)),
            ),
            EventErrorKind::UnknownRegion { found, suggestions } => Text::new(
                format!("no region is called `{found}`{}", meant(suggestions)),
                format!("没有名为 `{found}` 的区域{}", meant_zh(suggestions)),
            ),
            EventErrorKind::AmbiguousRegion { found, choices } => Text::new(
                format!("`{found}` can be several regions; {}", list("write one of", choices)),
                format!("`{found}` 对应多个区域；{}", list_zh("请写明是哪一个：", choices)),
            ),
            EventErrorKind::UnknownField { choices } => Text::new(
                format!("this event kind has no such field; {}", list("there is", choices)),
                format!("这种事件没有该字段；{}", list_zh("可用的有", choices)),
            ),
            EventErrorKind::BadTime { example, found } => Text::new(
                format!("expected a time that exists, as `{example}`, found {found}"),
                format!("应为真实存在的时间，例如 `{example}`，实际是 {found}"),
            ),
            EventErrorKind::OtherSchema { expected, found } => Text::new(
                format!("it belongs to schema `{found}`, this package has `{expected}`"),
                format!("它属于模式 `{found}`，而当前政策包的模式是 `{expected}`"),
            ),
            EventErrorKind::NotPeriodEnd { expected, found } => Text::new(
                format!("expected the last second of the period, `{expected}`, found `{found}`"),
                format!("应为该期的最后一秒 `{expected}`，实际是 `{found}`"),
            ),
            EventErrorKind::Repeated => Text::new("it is given twice", "该字段重复出现"),
            EventErrorKind::NotOneOf { found, values } => Text::new(
                format!("{}, found {found}", list("expected one of", values)),
                format!("{}，实际是 {found}", list_zh("应为以下之一：", values)),
            ),
        }
    }
}

/// Longest list of names that a message shows.
const MOST: usize = 12;

fn quoted(names: &[String], and: &str) -> String {
    names.iter().take(MOST).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(and)
}

fn list(lead: &str, names: &[String]) -> String {
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    format!("{lead} {}{more}", quoted(names, ", "))
}

fn list_zh(lead: &str, names: &[String]) -> String {
    let more = if names.len() > MOST { format!(" 等 {} 个", names.len()) } else { String::new() };
    format!("{lead}{}{more}", quoted(names, "、"))
}

fn meant(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("; did you mean {}", quoted(names, " or ")) }
}

fn meant_zh(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("，是否指 {}", quoted(names, " 或 ")) }
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.text().en)
    }
}

impl std::error::Error for EventError {}
