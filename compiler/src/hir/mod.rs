//! Names resolved: every role, event, region, product and unit is an id, templates are expanded, `let` names are
//! replaced by what they stand for, and both spellings are gone.
//!
//! It differs from `ast` in that a rule belongs to exactly one event kind (a rule `on a, b` is two rules with one
//! number), facts are words of that event's record, and sets are intervals. Types, units and presence are not
//! checked yet.

pub mod after;
pub mod chain;
pub mod drawn;
pub mod error;
pub mod expr;
mod first;
pub mod from_ast;
mod group;
pub mod history;
pub mod hold;
pub mod identity;
pub mod invariant;
pub mod layout;
pub mod model;
pub mod odds;
pub mod payment;
pub mod print;
mod region;
pub mod scope;
pub mod selection;
pub mod sets;
pub mod table;
pub mod template;
pub mod term;

use crate::ast;
use crate::ir::{self, EventId, IntervalSet, Window, Windows, Word};
use crate::source::Location;
use serde::Serialize;

pub use model::Model;

/// A resolved package.
#[derive(Clone, Debug, Serialize)]
pub struct Package {
    /// The channel model.
    pub model: Model,
    /// Event layout, products and regions.
    #[serde(skip)]
    pub schema: crate::ir::Schema,
    /// Product categories, by which product sets are named.
    #[serde(skip)]
    pub categories: Vec<crate::catalogue::Category>,
    /// Policies in order of name.
    pub policies: Vec<Policy>,
    /// Groups in order of name.
    pub groups: Vec<Group>,
    /// Coupons.
    pub coupons: Vec<Coupon>,
    /// Identity sets, as [`Model::identities`].
    pub identities: Vec<identity::Identity>,
    /// Invariants in order of title.
    pub invariants: Vec<invariant::Invariant>,
    /// Data tables.
    pub tables: Vec<table::Table>,
    /// Which days are worked.
    #[serde(skip)]
    pub work: Option<ir::WorkCalendar>,
}

/// A policy.
#[derive(Clone, Debug, Serialize)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Title for people.
    pub title: Option<String>,
    /// `kind`: cost kind and share.
    pub kind: Option<Vec<(ast::CostKind, Option<ast::Number>, Location)>>,
    /// `during`.
    pub during: Option<(ast::DateTime, ast::DateTime, Location)>,
    /// `redeem until`.
    pub redeem_until: Option<(ast::DateTime, Location)>,
    /// `redeem until … by …, … by …`: the levels in order; [`Policy::redeem_until`] is the last of them.
    pub chain: Vec<chain::Level>,
    /// `products`.
    pub products: Option<(IntervalSet, Location)>,
    /// True when the policy has a `regions` clause (the sets are in its rules).
    pub has_regions: bool,
    /// `budget`.
    pub budget: Option<Budget>,
    /// `owner`, with its `because`.
    pub owner: Option<(String, Option<String>)>,
    /// `delivery`: how a prize reaches its winner.
    pub delivery: Option<String>,
    /// `announced odds`: how likely it was announced that anything is won.
    pub announced: Option<(ast::Number, Location)>,
    /// Rules in source order.
    pub rules: Vec<Rule>,
    /// How many rules were written, resolved or not.
    pub written: u32,
    /// Limits that hold over all its rules.
    pub limits: Vec<Limit>,
    /// The name.
    pub at: Location,
}

/// `budget`.
#[derive(Clone, Debug, Serialize)]
pub struct Budget {
    /// The amount.
    pub amount: Expr,
    /// `soft up to`.
    pub soft: Option<ast::Number>,
    /// `when used up`.
    pub used_up: Option<ast::UsedUp>,
    /// Whole clause.
    pub at: Location,
}

/// One rule on one event kind.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    /// Number in its policy, from 1.
    pub number: u32,
    /// The event kind.
    pub event: EventId,
    /// `redeem on`: in reach until `redeem until`.
    pub redeem: Option<Location>,
    /// `Some`: an `every` rule over closed periods.
    pub period: Option<Window>,
    /// The region fact and set of the policy's `regions`.
    pub regions: Option<(Fact, IntervalSet, Location, bool)>,
    /// The region fact and set of the policy's `pilot`.
    pub pilot: Option<(Fact, IntervalSet, Location, bool)>,
    /// Whom the policy is rolled out to, and the arm of an experiment it is.
    pub selected: Vec<selection::Selected>,
    /// `where`.
    pub condition: Option<Expr>,
    /// `once`.
    pub once: Vec<Limit>,
    /// `at most`.
    pub limits: Vec<Limit>,
    /// `give`.
    pub gives: Vec<Give>,
    /// `share`.
    pub shares: Vec<Share>,
    /// `if …: cancel all` and the like, in order.
    pub adjusts: Vec<Adjust>,
    /// How many `give`, `once` and `at most` clauses were written, resolved or not.
    pub written: (usize, usize),
    /// `if returned`.
    pub returned: Option<(ast::OnReturn, Location)>,
    /// `exchanged goods`
    pub exchanged: Option<(ast::Exchanged, Location)>,
    /// Head of the rule.
    pub at: Location,
}

/// `give`.
#[derive(Clone, Debug, Serialize)]
pub struct Give {
    /// Payee.
    pub payee: Party,
    /// What.
    pub reward: Reward,
    /// `when`.
    pub when: Option<Expr>,
    /// `if unknown: skip` (`None` inside) or `to` another party.
    pub unknown: Option<(Option<Party>, Location)>,
    /// `if unknown: hold … then skip`: how long; [`unknown`](Self::unknown) says `skip` then.
    pub hold: Option<ir::Term>,
    /// `claim within`.
    pub claim_within: Option<ir::Term>,
    /// When it is to be paid; `None`: at once.
    pub due: Option<crate::ir::Due>,
    /// Which way it goes.
    pub flow: Flow,
    /// Who hands it over (`through`), or who pays (`charge`).
    pub from: Option<Party>,
    /// Whole clause.
    pub at: Location,
}

impl Give {
    /// What is given at once and to whom, without further terms.
    pub fn of(payee: Party, reward: Reward, at: Location) -> Give {
        Give {
            payee,
            reward,
            when: None,
            unknown: None,
            hold: None,
            claim_within: None,
            due: None,
            flow: Flow::Give,
            from: None,
            at,
        }
    }
}

/// `if …: half`
#[derive(Clone, Debug, Serialize)]
pub struct Adjust {
    /// When.
    pub condition: Option<Expr>,
    /// What.
    pub effect: Effect,
    /// Whole clause.
    pub at: Location,
}

/// What an adjustment does.
#[expect(clippy::large_enum_variant, reason = "a rule has a handful of adjustments")]
#[derive(Clone, Debug, Serialize)]
pub enum Effect {
    /// The rule pays nothing.
    CancelAll,
    /// Half of the money is paid.
    Half,
    /// So much less is paid.
    Minus(Expr),
}

/// `share`: one amount in parts.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// What is split.
    pub reward: Reward,
    /// The parts: `None` is the rest.
    pub parts: Vec<(Option<ast::Number>, Give)>,
    /// How many parts were written, resolved or not.
    pub written: usize,
    /// Whole clause.
    pub at: Location,
}

/// Which way an award goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Flow {
    /// `give`: to the party.
    Give,
    /// `take`: from the party's account.
    Take,
    /// `charge`: to the party, from another.
    Charge,
}

/// Kind and amount.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reward {
    /// Index into [`Model::kinds`]; `None`: the draw's rows say.
    pub kind: Option<usize>,
    /// Net or gross.
    pub tax_side: Option<ast::TaxSide>,
    /// The amount.
    pub value: Expr,
    /// Whole reward.
    pub at: Location,
}

/// A limit or `once`.
#[derive(Clone, Debug, Serialize)]
pub struct Limit {
    /// The bound.
    pub max: Expr,
    /// Whose, with the words that spell it for its counter's identity.
    pub per: Vec<Party>,
    /// Canonical names of `per`.
    pub per_names: Vec<String>,
    /// `per same user`: index into [`Package::identities`].
    pub same: Option<(usize, Location)>,
    /// Window, with `campaign` as for ever.
    pub window: Window,
    /// Only this role's awards.
    pub only: Option<usize>,
    /// `beyond`.
    pub beyond: Option<ast::Beyond>,
    /// `once`.
    pub once: bool,
    /// The bound is the least time between two payments.
    pub apart: bool,
    /// The bound is how many parties are paid at all.
    pub parties: bool,
    /// Stable id of its counter.
    pub counter: u64,
    /// Whole clause.
    pub at: Location,
}

/// A group.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Rule.
    pub rule: ast::GroupRule,
    /// Indexes into [`Package::policies`].
    pub members: Vec<usize>,
    /// How many members were written, resolved or not.
    pub written: usize,
    /// `Some` for an experiment: how many arms it has.
    pub arms: Option<usize>,
    /// Ceilings, resolved per event kind of its members' rules.
    pub limits: Vec<(EventId, Limit)>,
    /// The name.
    pub at: Location,
}

/// A coupon kind.
#[derive(Clone, Debug, Serialize)]
pub struct Coupon {
    /// Its name.
    pub name: String,
    /// Title for people.
    pub title: Option<String>,
    /// What it is worth.
    pub worth: Option<Expr>,
    /// How long it is valid.
    pub valid: Option<ir::Term>,
    /// The name.
    pub at: Location,
}

impl Coupon {
    /// What it is worth in fen, if it says so.
    pub fn fen(&self) -> Option<i64> {
        match &self.worth.as_ref()?.kind {
            ExprKind::Number(mantissa, scale, Unit::Money) => expr::exact(*mantissa, *scale),
            _ => None,
        }
    }
}

/// Someone or something with an identity: a party, an entity, or a code.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Party {
    /// Role in [`Model::roles`], if it is a party.
    pub role: Option<usize>,
    /// Where its id is.
    pub fact: Fact,
    /// As written.
    pub at: Location,
}

/// A word of this event's record, or of a linked event's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fact {
    /// The link it is read through.
    pub link: Option<Link>,
    /// Its (first) word.
    pub word: Word,
    /// Its presence word.
    pub present: Option<Word>,
    /// Its type.
    pub ty: model::FactType,
    /// As written, for messages.
    pub name: String,
}

/// A resolved link.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// The past event kind.
    pub event: EventId,
    /// What of that event holds for those that are remembered.
    pub filter: Option<Box<Expr>>,
    /// Only events whose decision gave this are remembered, and where that is said.
    pub given: Option<(ir::Given, Location)>,
    /// Canonical name of whose: a role, entity, pack or text fact; empty where one is drawn among all.
    pub whose: String,
    /// Its id in the past record.
    pub past_code: Option<Word>,
    /// Its id here.
    pub key: Option<Box<Fact>>,
    /// One of many is drawn; `None`: the last is remembered.
    pub drawn: Option<drawn::Drawn>,
    /// How long ago, at most, and where that is said.
    pub within: Option<(ir::Term, Location)>,
    /// Seconds, at least.
    pub apart: Option<i64>,
    /// On the same local day.
    pub same_day: bool,
    /// Actor words (past, this) that must differ.
    pub another: Option<(Word, Word)>,
    /// Actor words (past, this) that must be equal.
    pub same: Option<(Word, Word)>,
}

/// A resolved measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// The event kind counted.
    pub event: EventId,
    /// The fact summed.
    pub add: Option<Fact>,
    /// Whose, in the counted event.
    pub counted_key: Vec<Party>,
    /// Whose, in this event.
    pub key: Vec<Party>,
    /// Canonical names of the key's roles.
    pub key_names: Vec<String>,
    /// Window.
    pub window: Window,
    /// `this campaign`: the policy whose `during` bounds it.
    pub campaign: Option<(i64, i64)>,
    /// Which of these windows.
    pub windows: Windows,
    /// What of the counted event holds for those that count.
    pub filter: Option<Expr>,
    /// Only products in here.
    pub products: Option<(Word, IntervalSet)>,
    /// Identity of its counter.
    pub counter: String,
}

/// A unit of a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Unit {
    /// None written.
    Plain,
    /// Parts per million (`%` and `‰`).
    Rate,
    /// Fen.
    Money,
    /// Points.
    Points,
    /// Times.
    Times,
    /// Minutes, hours or days, in seconds each; days also count dates.
    Duration(i64),
    /// A pack or a declared thing, by canonical name.
    Thing(String),
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expr {
    /// What.
    pub kind: ExprKind,
    /// Where.
    pub at: Location,
}

/// The expressions; see [`ast::ExprKind`] for the spellings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ExprKind {
    /// mantissa · 10^-scale, in the unit.
    Number(i128, u8, Unit),
    /// A date (day number), or an instant (seconds) if the flag is set.
    Date(i64, bool),
    /// `yes` / `no`
    Bool(bool),
    /// `today`
    Today,
    /// The time of day, in seconds after midnight, from the first until just before the second.
    Clock(i64, i64),
    /// One of these weekdays, in days after Monday.
    Weekday(Vec<u8>),
    /// `nothing`
    Nothing,
    /// A fact, party or code.
    Fact(Fact),
    /// A link as such, for `is known`.
    Link(Link),
    /// Arithmetic.
    Binary(ast::ArithOp, Box<Expr>, Box<Expr>),
    /// `rate of base`
    RateOf(Box<Expr>, Box<Expr>, Option<ast::Rounding>),
    /// Catalogue price of this event's product per pack; the product's word.
    PriceOf(usize, Word),
    /// How many inner packs one outer pack of this event's product holds: inner, outer, the product's word.
    PackUnits(usize, usize, Word),
    /// `n of ITEM`: item name, coupon flag, price in fen if a product.
    ItemOf(Box<Expr>, String, bool, i64),
    /// A measure.
    Measure(Box<Measure>),
    /// What a party was given so far.
    Account(Box<after::Account>),
    /// `by fact { … }`: rows made disjoint, most specific first won.
    Table(Box<Fact>, Vec<(IntervalSet, Expr)>, Option<Box<Expr>>, Coverage),
    /// A tier ladder.
    Tiers(Box<Expr>, Option<Box<Expr>>, Option<ast::TierMode>, Vec<TierRow>),
    /// A draw.
    Draw(Vec<DrawRow>),
    /// A pool: how many tickets, rows, what happens when none is left, identity of its counter.
    Pool(ast::Number, Vec<DrawRow>, Option<ast::PoolEnd>, u64),
    /// `random lo .. hi step s`
    Random(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Cap or floor.
    Clamp(Box<Expr>, ast::ClampOp, Box<Expr>),
    /// `amount per [full] [n] of counted`
    Per(Box<Per>),
    /// `value / by`
    Quotient(Box<Expr>, Box<Expr>, Option<ast::Rounding>),
    /// Conjunction.
    And(Box<Expr>, Box<Expr>),
    /// Disjunction.
    Or(Box<Expr>, Box<Expr>),
    /// Negation.
    Not(Box<Expr>),
    /// Comparison.
    Compare(ast::CompareOp, Box<Expr>, Box<Expr>),
    /// Two identities are the same one, or not.
    Same(Box<Fact>, Box<Fact>, bool),
    /// A region lies in another that is itself a fact, or is it.
    Inside(Box<Expr>, Box<Expr>, bool),
    /// Membership of a fact in a set of ids.
    IsIn(Box<Fact>, IntervalSet, bool),
    /// `is known`
    Known(Box<Expr>, bool),
    /// A cell of a data table, or a row of it, for `is known`.
    Cell(Box<table::Cell>),
    /// Membership of a cell in a set of ids.
    CellIn(Box<table::Cell>, IntervalSet, bool),
    /// Already reported.
    Error,
}

/// Does a table speak of every value its fact can have?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Coverage {
    /// Yes: all values of a one-of.
    Full,
    /// No, or not provable: it needs an `else`.
    Partial,
}

/// A tier row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TierRow {
    /// `over`.
    pub strict: bool,
    /// Bound.
    pub bound: Expr,
    /// Upper bound and whether it is included.
    pub until: Option<(Expr, bool)>,
    /// Value.
    pub value: Expr,
}

/// An amount for each so many of what is counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Per {
    /// The amount.
    pub amount: Expr,
    /// For each how many; `None`: for each one.
    pub step: Option<((i128, u8, Unit), ast::PerStep)>,
    /// What is counted.
    pub counted: Expr,
    /// What the rest pays.
    pub remainder: Option<Remainder>,
    /// Overrides the channel's rounding.
    pub rounding: Option<ast::Rounding>,
}

/// What the rest after whole multiples pays.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remainder {
    /// `over` instead of `from`.
    pub strict: bool,
    /// The bound.
    pub bound: (i128, u8, Unit),
    /// What it pays.
    pub value: Expr,
    /// Whole part.
    pub at: Location,
}

/// A draw row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrawRow {
    /// `None`: the rest.
    pub chance: Option<ast::Number>,
    /// The prize.
    pub prize: Reward,
    /// Whole row.
    pub at: Location,
}

impl Expr {
    /// The expressions it is made of, one level down, in the order they are written.
    pub fn parts(&self) -> Vec<&Expr> {
        use ExprKind as K;
        match &self.kind {
            K::Binary(_, a, b)
            | K::RateOf(a, b, _)
            | K::Clamp(a, _, b)
            | K::Quotient(a, b, _)
            | K::Inside(a, b, _)
            | K::And(a, b)
            | K::Or(a, b)
            | K::Compare(_, a, b) => vec![a, b],
            K::Measure(m) => m.filter.iter().collect(),
            K::Link(link) => link.filter.iter().map(|filter| &**filter).collect(),
            K::Per(per) => {
                let rest = per.remainder.as_ref().map(|r| &r.value);
                [&per.amount, &per.counted].into_iter().chain(rest).collect()
            }
            K::Not(a) | K::Known(a, _) | K::ItemOf(a, ..) => vec![a],
            K::Random(a, b, c) => vec![a, b, c],
            K::Table(_, rows, rest, _) => rows.iter().map(|(_, row)| row).chain(rest.as_deref()).collect(),
            K::Tiers(measure, whole, _, rows) => {
                let rows = rows.iter().flat_map(|row| {
                    [&row.bound].into_iter().chain(row.until.as_ref().map(|(until, _)| until)).chain([&row.value])
                });
                [&**measure].into_iter().chain(whole.as_deref()).chain(rows).collect()
            }
            K::Draw(rows) | K::Pool(_, rows, ..) => rows.iter().map(|row| &row.prize.value).collect(),
            K::Number(..)
            | K::Date(..)
            | K::Bool(_)
            | K::Today
            | K::Clock(..)
            | K::Weekday(_)
            | K::Nothing
            | K::Fact(_)
            | K::PriceOf(..)
            | K::PackUnits(..)
            | K::Same(..)
            | K::Account(_)
            | K::Cell(_)
            | K::CellIn(..)
            | K::IsIn(..)
            | K::Error => Vec::new(),
        }
    }

    /// True if some part of it could not be resolved; that was reported.
    pub fn has_error(&self) -> bool {
        matches!(self.kind, ExprKind::Error) || self.parts().into_iter().any(Expr::has_error)
    }
}
