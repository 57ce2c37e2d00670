//! Test blocks.

use super::*;

/// A test beside the policies (测试).
#[derive(Clone, Debug, Serialize)]
pub struct Test {
    /// What it shows.
    pub title: Text,
    /// Steps in order.
    pub steps: Vec<Step>,
    /// Whole declaration.
    pub span: Span,
}

/// A step of a test.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// Where.
    pub span: Span,
}

/// The steps.
#[derive(Clone, Debug, Serialize)]
pub enum StepKind {
    /// `given store S1 { grade: A; region: 四川/成都/锦江区 }` · `设有 门店 S1 { 等级：A；… }`;
    /// `given case C1 { product: SKU-1 }`, `given bottle B1 { in: C1 }`, `given banquet W1 { tables: 12 }`
    Given {
        /// Role, entity or pack.
        kind: Name,
        /// One or more names given at once: `given bottle B1, B2 { in: C1 }`.
        names: Vec<Name>,
        /// Facts.
        facts: Vec<TestFact>,
    },
    /// `at 2026-02-01 10:00 open_box of C1 by S1 { distributor: D1 }`
    /// · `于 2026-02-01 10:00 开箱 C1 由 S1 { 经销商：D1 }`;
    /// `again` · `重试` repeats the event before it with the same id
    At {
        /// When.
        time: DateTime,
        /// The event kind; `again` in both spellings for `again` · `重试`.
        event: Name,
        /// `x 12`: so many events, one after another, with ids of their own (codes in `of` are taken in turn).
        repeat: Option<u32>,
        /// `of C1`: codes or the entity the event is about.
        of: Vec<Name>,
        /// `by S1`: acting parties.
        by: Vec<Name>,
        /// Further parties and facts.
        facts: Vec<TestFact>,
    },
    /// `close 2026-03 for D1 { … }` · `结算 2026-03 对 D1`; `close 2026 Q1`, `close 2026`; a campaign by its last day
    Close {
        /// What is over.
        closed: Closed,
        /// The party.
        party: Name,
        /// Further facts.
        facts: Vec<TestFact>,
    },
    /// `expect S1: 10 yuan cash, 2 of SKU-6Y; R1: 2 yuan credit` · `应得 S1：10元 红包`;
    /// `expect nothing because already_paid` · `应得 无 因 already_paid`. Speaks of the step before it.
    Expect(Expectation),
}

/// A period that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Closed {
    /// `2026-03`
    Month(i32, u32),
    /// `2026 Q1`
    Quarter(i32, u32),
    /// `2026`
    Year(i32),
    /// `2026-02-28`, `2026-02-28 17:00`: the campaign whose `during` ends so
    Campaign(DateTime),
}

/// `grade: A` in a test.
#[derive(Clone, Debug, Serialize)]
pub struct TestFact {
    /// Fact, role, entity or `in`.
    pub name: Name,
    /// Value: a number, date, yes/no, or a name (party, SKU, region, enum value).
    pub value: Expr,
    /// Whole fact.
    pub span: Span,
}

/// What a test step must have paid.
#[derive(Clone, Debug, Serialize)]
pub enum Expectation {
    /// `expect nothing because limit`; the reason is one of the refusal names (`docs/language.md`).
    Nothing {
        /// The refusal expected of some policy.
        because: Option<Name>,
    },
    /// Exactly these awards, no others.
    Awards(Vec<ExpectedAward>),
}

/// One expected award.
#[derive(Clone, Debug, Serialize)]
pub struct ExpectedAward {
    /// The party's name in the test.
    pub to: Name,
    /// Money, points, or `2 of SKU-6Y`.
    pub value: Expr,
    /// The kind; may be left out for items.
    pub kind: Option<Name>,
    /// `tax 2 yuan` · `税 2元`: what is withheld.
    pub tax: Option<Number>,
    /// `due 2026-04-30` · `最迟 2026-04-30`
    pub due: Option<DateTime>,
    /// `held until 2026-04-30` · `等待 至 2026-04-30`: not paid, but kept until then.
    pub held: Option<DateTime>,
    /// Whole award.
    pub span: Span,
}
