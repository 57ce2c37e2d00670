//! Syntax errors as data, and their wording in both languages.

mod examples;
mod wording;

pub(super) use examples::leading;

use crate::source::{SourceId, Span, Spelling};

/// One syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The file.
    pub source: SourceId,
    /// How its keywords are spelled; examples in the help follow it.
    pub spelling: Spelling,
    /// What is wrong.
    pub kind: ErrorKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A piece of text that fits no rule.
    Unexpected(Unexpected),
    /// The tree lacks something the grammar promises: a slip of ours, said instead of hidden.
    Unread(Span),
    /// More than 4 GiB.
    TooLong,
    /// A `"` without its end on the line.
    UnclosedText(Span),
    /// A `/*` without `*/`.
    UnclosedComment(Span),
    /// A bracket that is not closed, or closed by the other kind.
    Unclosed {
        /// The opening bracket.
        open: Span,
        /// The closing bracket of the other kind, if that is what stands there.
        close: Option<Span>,
    },
    /// A closing bracket that was not opened.
    Stray(Span),
    /// Brackets or an expression nested too deeply.
    TooDeep(Span),
    /// A day the calendar does not have.
    NoSuchDate {
        /// Where.
        span: Span,
        /// The last day of that month, if the month exists.
        last: Option<u32>,
    },
    /// A time of day no clock shows.
    NoSuchTime(Span),
    /// More digits than any amount has.
    NumberTooLong(Span),
    /// `50 瓶以上`: with or without 50?
    UnclearBound {
        /// The word.
        at: Span,
        /// The number before it, as written.
        number: String,
        /// `以下`.
        below: bool,
        /// In a row of a ladder, which only has a lower bound, not in a condition.
        row: bool,
    },
    /// `a + b capped at c`: is `b` capped, or the sum?
    UnclearGrouping {
        /// The cap or the per-unit.
        at: Span,
        /// What it would apply to as written.
        what: Span,
    },
    /// The same part of a clause is written twice.
    SaidTwice(Span),
    /// `a.b price`: only a pack has a price.
    PriceOfPath(Span),
    /// `a.b[store]`: only a table has rows.
    RowOfPath(Span),
    /// `2 份 <amount>`.
    NotAnItem(Span),
    /// `rounded` without a rate before it.
    RoundsNothing(Span),
    /// Money is always rounded to fen.
    RoundingUnit(Span),
    /// A tax that is not a share of the reward: `tax 20`.
    TaxShare(Span),
    /// `by <amount> { A: … }`: rows by name need a fact.
    TableByAmount(Span),
    /// Rows by name or `else` among the rows of a ladder.
    RowsMixed(Span),
    /// `count of event.fact`.
    CountsAFact(Span),
    /// `sum of event` without a fact.
    SumsNoFact(Span),
    /// `every month for a.b`.
    PeriodForPath(Span),
    /// `once` among the ceilings of a group.
    OnceInGroup(Span),
}

/// A piece of text that fits no rule, and what would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexpected {
    /// The first token that does not fit; empty at an end.
    pub at: Span,
    /// What stands there.
    pub found: Found,
    /// Something before it could be read.
    pub begun: bool,
    /// The keyword the piece begins with, by its id, if it is one we can show an example of.
    pub leading: Option<&'static str>,
    /// What could stand there.
    pub expected: Vec<Expected>,
    /// Where the piece stands.
    pub context: Context,
}

/// What stands at the place of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A token.
    Token(String),
    /// Nothing more on the line or in the block.
    End,
}

/// What could have stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A keyword, by its id in the table.
    Keyword(&'static str),
    /// Punctuation.
    Symbol(&'static str),
    /// A name.
    Name,
    /// A quoted text.
    Text,
    /// A number.
    Number,
    /// A date.
    Date,
    /// A number with minutes, hours or days.
    Duration,
    /// An amount or other value.
    Amount,
    /// A condition.
    Condition,
    /// Products or regions.
    Set,
    /// A type, period or window.
    Value,
    /// `+`, `-`, `*`.
    Operator,
    /// Nothing more.
    End,
}

/// Which list a piece of text is a member of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// A declaration of the file.
    Item,
    /// A clause of a policy or rule.
    Clause,
    /// A line of a channel model.
    ChannelLine,
    /// A step of a test.
    Step,
    /// A ceiling of a group.
    Ceiling,
    /// A declared fact.
    Fact,
    /// A fact in a test.
    TestFact,
    /// An argument of an instance.
    Argument,
    /// A line of a coupon.
    CouponLine,
    /// A row of a table or ladder.
    Row,
    /// A row of a draw.
    DrawRow,
    /// A row of a share.
    ShareRow,
    /// The header of a block.
    Head,
}
