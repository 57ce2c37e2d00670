//! Every expression with its type, unit and numeric range, every optional value proven present where it is read,
//! every money question answered.
//!
//! It differs from `hir` in that the surface constructs (tiers, tables, draws, shares of a rate) are gone: what
//! is left is integer arithmetic in the units of the record, small enough that lowering is a walk. It differs from
//! `ir` in that expressions are trees with positions.

pub mod adjust;
pub mod after;
pub mod build;
pub mod chain;
pub mod clock;
pub mod condition;
pub mod error;
pub mod exchanged;
pub mod from_hir;
pub mod history;
pub mod hold;
pub mod identity;
pub mod invariant;
pub mod lint;
pub mod overlap;
pub mod per;
pub mod points;
pub mod pool;
pub mod print;
pub mod prize;
pub mod prize_error;
pub mod quotient;
mod region;
pub mod rescan;
pub mod scalar;
pub mod share;
mod table;
mod tax;
pub mod term;
pub mod tiers;

use crate::ir::{self, EventId, Input, IntervalSet, Round, Word};
use crate::source::Location;
use serde::Serialize;

/// A checked package.
#[derive(Clone, Debug, Serialize)]
pub struct Package {
    /// Event layout, products, regions.
    #[serde(skip)]
    pub schema: ir::Schema,
    /// Reward kinds.
    pub kinds: Vec<ir::RewardKind>,
    /// Policies in order of name.
    pub policies: Vec<Policy>,
    /// Groups in order of name.
    pub groups: Vec<ir::Group>,
    /// Measures the rules read.
    pub measures: Vec<ir::Measure>,
    /// Links the rules read.
    pub links: Vec<ir::Link>,
    /// Identity sets the rules count by.
    pub identities: Vec<ir::Identity>,
    /// Products and coupons that accounts hold.
    pub items: Vec<ir::Item>,
    /// Data tables.
    #[serde(skip)]
    pub tables: Vec<ir::DataTable>,
    /// Which days are worked.
    #[serde(skip)]
    pub work: Option<ir::WorkCalendar>,
}

/// A checked policy.
#[derive(Clone, Debug, Serialize)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// Consumer share in basis points.
    pub cp_share: u32,
    /// First second, first second after.
    pub during: (i64, i64),
    /// First second without redemption.
    pub redeem_until: Option<i64>,
    /// Its budget.
    pub budget: Option<ir::Budget>,
    /// Index of its group.
    pub group: Option<usize>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Where.
    pub at: Location,
}

/// A checked rule.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    /// Number in its policy.
    pub number: u32,
    /// Event kind.
    pub event: EventId,
    /// Scope.
    pub gates: Vec<ir::Gate>,
    /// Conjuncts of the condition in source order.
    pub conditions: Vec<Expr>,
    /// Payments.
    pub awards: Vec<Award>,
    /// `once`, then limits of the rule, the policy and the group, then invariants.
    pub limits: Vec<(ir::Limit, Vec<ir::KeyPart>)>,
    /// Has a draw.
    pub consumes_when_nothing: bool,
    /// What the draw is keyed by.
    pub entitlement: Vec<ir::KeyPart>,
    /// What the tickets of its pools cost at least, in fen.
    #[serde(skip)]
    pub pool_cost: i128,
    /// Its ladders that can have cliffs.
    #[serde(skip)]
    pub ladders: Vec<lint::Ladder>,
    /// Where.
    pub at: Location,
}

/// A checked payment.
#[derive(Clone, Debug, Serialize)]
pub struct Award {
    /// Payees in order of preference.
    pub payees: Vec<ir::Payee>,
    /// What and how much.
    pub leaf: Leaf,
    /// Which way.
    pub flow: ir::Flow,
    /// Who hands it over or pays it.
    pub from: Option<ir::Payee>,
    /// How long it can be claimed.
    pub claim_within: Option<ir::Term>,
    /// When it is to be paid.
    pub due: Option<ir::Due>,
    /// How long it waits for an unknown payee.
    pub hold: Option<ir::Term>,
    /// What a return does.
    pub on_return: ir::OnReturn,
    /// Where.
    pub at: Location,
}

/// A pool of a rule.
#[derive(Clone, Debug)]
pub struct PoolCost {
    /// Counts its tickets.
    pub limit: ir::Limit,
    /// What all its tickets cost at least, in fen.
    pub least: i128,
    /// Where.
    pub at: Location,
}

/// One kind (and item) of a prize with its amount.
#[derive(Clone, Debug, Serialize)]
pub struct Leaf {
    /// Index of the kind.
    pub kind: usize,
    /// Name of the item, and whether it is a coupon.
    pub item: Option<(String, bool)>,
    /// Net or gross.
    pub net: Option<bool>,
    /// Fen of budget per unit.
    pub unit_cost: i64,
    /// How much.
    pub amount: Expr,
}

impl Leaf {
    /// True if the two are the same thing in different amounts.
    pub fn same_thing(&self, other: &Leaf) -> bool {
        (self.kind, &self.item, self.net, self.unit_cost) == (other.kind, &other.item, other.net, other.unit_cost)
    }
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Type {
    /// Truth.
    Bool,
    /// Fen.
    Money,
    /// Points.
    Points,
    /// A number without a unit.
    Plain,
    /// How often.
    Times,
    /// Packs or declared things.
    Thing(String),
    /// Parts per million.
    Rate,
    /// A day number.
    Date,
    /// Days between dates.
    Days,
    /// Seconds since 1970.
    Instant,
    /// Seconds between instants.
    Seconds,
    /// A value of a one-of.
    Choice,
    /// A product.
    Product,
    /// A region.
    Region,
    /// Someone's or something's id.
    Party,
    /// Nothing is paid.
    Nothing,
    /// An error was reported.
    Error,
}

/// A typed expression; its value always lies in `lo..=hi`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expr {
    /// What.
    pub kind: Kind,
    /// Its type.
    pub ty: Type,
    /// Least value.
    pub lo: i64,
    /// Greatest value.
    pub hi: i64,
    /// Where.
    pub at: Location,
}

/// Integer arithmetic, as in [`ir::Node`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Kind {
    /// A constant.
    Const(i64),
    /// A word of the event.
    Word(Word),
    /// State.
    Input(Input),
    /// a + b
    Add(Box<Expr>, Box<Expr>),
    /// a − b
    Sub(Box<Expr>, Box<Expr>),
    /// a × b
    Mul(Box<Expr>, Box<Expr>),
    /// a ÷ constant
    Div(Box<Expr>, i64, Round),
    /// a ÷ b; b is at least 1
    Quotient(Box<Expr>, Box<Expr>, Round),
    /// min
    Min(Box<Expr>, Box<Expr>),
    /// max
    Max(Box<Expr>, Box<Expr>),
    /// a = b
    Eq(Box<Expr>, Box<Expr>),
    /// a < b
    Lt(Box<Expr>, Box<Expr>),
    /// a ≤ b
    Le(Box<Expr>, Box<Expr>),
    /// both
    And(Box<Expr>, Box<Expr>),
    /// either
    Or(Box<Expr>, Box<Expr>),
    /// not
    Not(Box<Expr>),
    /// if
    Select(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A word of the event lies in a set.
    InSet(Word, IntervalSet),
    /// A state input lies in a set.
    InputInSet(Input, IntervalSet),
    /// A table of the catalogue or the region tree.
    Lookup(Table, Box<Expr>),
    /// Uniform below n, from a draw.
    Uniform(Box<Expr>, i64),
}

/// A table over product or region ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Table {
    /// Catalogue price of a pack.
    Price(usize),
    /// How many inner packs an outer pack holds.
    Units(usize, usize),
    /// The first region behind all that lie in a region: ids are numbered so that these follow it.
    RegionEnd,
}

impl Table {
    /// The values in order of id.
    pub fn values(self, schema: &ir::Schema) -> Vec<i64> {
        let products = schema.products.iter();
        let units = |p: &ir::schema::Product, pack: usize| p.units.get(pack).copied().unwrap_or(1);
        match self {
            Table::Price(pack) => products.map(|p| p.price.saturating_mul(units(p, pack))).collect(),
            Table::Units(inner, outer) => {
                products.map(|p| units(p, outer).checked_div(units(p, inner)).unwrap_or(0)).collect()
            }
            Table::RegionEnd => schema.regions.iter().map(|(id, _)| schema.regions.range(id).1).collect(),
        }
    }
}
