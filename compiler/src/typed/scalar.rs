//! Expressions that are one value.

use super::build::{self, Overflow};
use super::error::Error;
use super::prize_error::Error as PrizeError;
use super::{Expr, Kind, Table, Type};
use crate::ast::{self, ArithOp, ClampOp};
use crate::diagnostic::Diagnostics;
use crate::hir::{self, ExprKind, Fact, Link, Unit, expr, model::FactType};
use crate::ir::record::{DATES, INSTANTS, LOCAL_DAYS};
use crate::ir::schema::NumberUnit;
use crate::ir::{self, Input, IntervalSet, KeyPart, Word};
use crate::source::{Location, Spelling};
use rustc_hash::FxHashMap;

/// Greatest value of a sum: ten billion yuan in fen. A store that holds more is refused, not mis-added.
pub const GREATEST_SUM: i64 = 1_000_000_000_000;
/// Greatest value of a count.
pub const GREATEST_COUNT: i64 = 1_000_000_000;
/// One, in the unit of rates.
pub const MILLION: i64 = 1_000_000;

/// What checking needs and collects over a whole package.
pub struct Checker<'a> {
    /// The resolved package.
    pub hir: &'a hir::Package,
    /// Measures found so far, by identity.
    pub measures: Vec<ir::Measure>,
    /// Links found so far.
    pub links: Vec<ir::Link>,
    /// Links of what was given: which, and where that is said.
    pub given: Vec<(usize, Location)>,
    /// Identity sets counted by so far.
    pub identities: Vec<ir::Identity>,
    /// The invariants of the package.
    pub invariants: Vec<super::invariant::Checked>,
    /// Products and coupons that accounts hold.
    pub items: Vec<ir::Item>,
    /// When the events of the rule at hand are answered, half-open; `None` where events of any time are meant.
    pub reach: Option<(i64, i64)>,
    /// Spelling per file.
    pub spellings: &'a FxHashMap<u32, Spelling>,
    /// The findings.
    pub out: &'a mut Diagnostics,
}

/// What checking knows at a place inside a rule.
pub struct Rule<'c, 'a> {
    /// The package.
    pub checker: &'c mut Checker<'a>,
    /// The event kind.
    pub event: ir::EventId,
    /// Presence words and links proven here.
    pub known: Vec<Presence>,
    /// How many draws the rule has so far.
    pub draws: u32,
    /// Its pools.
    pub pools: Vec<super::PoolCost>,
    /// Digits behind the point that numbers are read with: `1.2 points per 10 yuan`.
    pub decimals: u8,
    /// Where bare numbers were rounded as the channel rounds fen, because nobody said how.
    pub unsaid: Vec<Location>,
}

impl<'c, 'a> Rule<'c, 'a> {
    /// Before anything of it is checked.
    pub fn new(checker: &'c mut Checker<'a>, event: ir::EventId) -> Rule<'c, 'a> {
        Rule { checker, event, known: Vec::new(), draws: 0, pools: Vec::new(), decimals: 0, unsaid: Vec::new() }
    }
}

/// Something that may be unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// A presence word of this event.
    Word(Word),
    /// A link.
    Link(Link),
    /// A presence word of a linked event.
    LinkWord(Link, Word),
    /// A row of a data table.
    Row(hir::table::Row),
    /// A cell that may be empty.
    Cell(hir::table::Cell),
}

impl Checker<'_> {
    /// Adds an error in the spelling of its file.
    pub fn error(&mut self, at: Location, e: Error) {
        let spelling = self.spelling(at);
        self.out.push(e.into_diagnostic(spelling));
    }

    /// The spelling of the file a place is in.
    pub fn spelling(&self, at: Location) -> Spelling {
        self.spellings.get(&at.source.0).copied().unwrap_or_default()
    }

    /// An id as a part of a key.
    pub fn key_part(&mut self, party: &hir::Party) -> KeyPart {
        self.id_of(&party.fact)
    }

    /// The id a fact is.
    pub fn id_of(&mut self, fact: &Fact) -> KeyPart {
        match &fact.link {
            None => KeyPart::Id { word: fact.word, present: fact.present },
            Some(link) => KeyPart::LinkId { link: self.link(link), word: fact.word, present: fact.present },
        }
    }
}

impl Rule<'_, '_> {
    /// Adds an error.
    pub fn error(&mut self, at: Location, e: Error) {
        self.checker.error(at, e);
    }

    /// The words for a type, in both languages.
    pub fn describe(&self, ty: &Type) -> (String, String) {
        let Type::Thing(thing) = ty else { return words(ty) };
        let pack = self.checker.hir.model.packs.iter().find(|p| p.name == *thing);
        let said = |spelling| pack.map_or(thing.as_str(), |p| p.said(spelling));
        (format!("a count in `{}`", said(Spelling::En)), format!("以 `{}` 计的数量", said(Spelling::Zh)))
    }

    /// The value, or the report that it could overflow.
    pub fn fits(&mut self, value: Result<Expr, Overflow>, at: Location) -> Expr {
        value.unwrap_or_else(|Overflow| {
            self.error(at, Error::Overflow { at });
            Expr::error(at)
        })
    }

    /// All values a word of this event can have.
    pub fn domain(&self, word: Word) -> IntervalSet {
        domain(&self.checker.hir.schema, self.event, word)
    }

    /// Reports a fact that is read although it may be unknown.
    pub fn require(&mut self, fact: &Fact, at: Location) {
        if !self.is_known(fact) {
            let name = self.said(fact, at);
            self.error(at, Error::MayBeUnknown { at, name });
        }
    }

    /// A fact's name as the file at a place would write it.
    pub fn said(&self, fact: &Fact, at: Location) -> String {
        let event = fact.link.as_ref().map_or(self.event, |link| link.event);
        let event = self.checker.hir.schema.events.get(event.index());
        let field = event.and_then(|e| e.fields.iter().find(|f| f.word == fact.word));
        let Some(field) = field else { return fact.name.clone() };
        let name = hir::scope::said(field, self.checker.spelling(at));
        match (&fact.link, fact.name.split_once('.')) {
            (Some(_), Some((link, _))) => format!("{link}.{name}"),
            _ => name,
        }
    }

    /// Is a fact certain to be known here?
    pub fn is_known(&self, fact: &Fact) -> bool {
        let has = |p: Presence| self.known.contains(&p);
        match (&fact.link, fact.present) {
            (None, None) => true,
            (None, Some(word)) => has(Presence::Word(word)),
            (Some(link), None) => has(Presence::Link(link.clone())),
            (Some(link), Some(word)) => {
                has(Presence::Link(link.clone())) && has(Presence::LinkWord(link.clone(), word))
            }
        }
    }

    /// The test that a fact or link is known.
    pub fn presence(&mut self, e: &hir::Expr) -> Option<Expr> {
        let at = e.at;
        match &e.kind {
            ExprKind::Link(link) => {
                let input = Input::LinkPresent(self.checker.link(link));
                Some(build::input_in_set(input, IntervalSet::one(1), at))
            }
            ExprKind::Fact(fact) => Some(match (&fact.link, fact.present) {
                (None, None) => build::truth(true, at),
                (None, Some(word)) => build::in_set(word, IntervalSet::one(1), &IntervalSet::range(0, 2), at),
                (Some(link), present) => {
                    let link = self.checker.link(link);
                    let holds = build::input_in_set(Input::LinkPresent(link.clone()), IntervalSet::one(1), at);
                    match present {
                        None => holds,
                        Some(word) => {
                            let known = build::input_in_set(Input::LinkWord(link, word), IntervalSet::one(1), at);
                            build::and(holds, known, at)
                        }
                    }
                }
            }),
            ExprKind::Cell(cell) => Some(self.cell_presence(cell, at)),
            ExprKind::Error => None,
            _ => {
                self.error(
                    at,
                    Error::Expected {
                        at,
                        expected: ("a party, a link or a fact", "参与方、关联或信息"),
                        found: ("something that is always known".into(), "总是已知的东西".into()),
                    },
                );
                None
            }
        }
    }

    /// A fact's value.
    pub fn fact(&mut self, fact: &Fact, at: Location) -> Expr {
        self.require(fact, at);
        let (ty, lo, hi) = fact_type(&self.checker.hir.schema, &fact.ty);
        let kind = match &fact.link {
            None => Kind::Word(fact.word),
            Some(link) => Kind::Input(Input::LinkWord(self.checker.link(link), fact.word)),
        };
        // An unknown fact's words are 0, so 0 belongs to the range of everything optional.
        let optional = fact.present.is_some() || fact.link.is_some();
        let (lo, hi) = if optional { (lo.min(0), hi.max(0)) } else { (lo, hi) };
        self.in_millionths(Expr { kind, ty, lo, hi, at }, at)
    }

    /// A value.
    pub fn scalar(&mut self, e: &hir::Expr) -> Expr {
        let at = e.at;
        match &e.kind {
            ExprKind::Number(mantissa, scale, unit) => self.number(*mantissa, *scale, unit, at),
            ExprKind::Date(day, false) => Expr::constant(*day, Type::Date, at),
            ExprKind::Date(second, true) => Expr::constant(*second, Type::Instant, at),
            ExprKind::Bool(b) => build::truth(*b, at),
            ExprKind::Today => {
                let (lo, hi) = (LOCAL_DAYS.0, LOCAL_DAYS.1 - 1);
                Expr { kind: Kind::Word(Word::DAY), ty: Type::Date, lo, hi, at }
            }
            ExprKind::Nothing => Expr::constant(0, Type::Nothing, at),
            ExprKind::Fact(fact) => self.fact(fact, at),
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b, at),
            ExprKind::RateOf(rate, base, rounding) => {
                self.early_quotient(rate);
                self.early_quotient(base);
                let (rate, base) = (self.scalar(rate), self.scalar(base));
                let open = rounding.is_none() && rate.ty == Type::Rate && !super::points::is_whole(&rate, &base);
                if open && self.asks_rounding(&base.ty, false, at) {
                    return Expr::error(at);
                }
                self.rate_of(rate, base, *rounding, at)
            }
            ExprKind::PriceOf(pack, word) => self.lookup(Table::Price(*pack), *word, Type::Money, at),
            ExprKind::PackUnits(inner, outer, word) => {
                let name = self.checker.hir.model.packs.get(*inner).map(|p| p.name.clone()).unwrap_or_default();
                self.lookup(Table::Units(*inner, *outer), *word, Type::Thing(name), at)
            }
            ExprKind::Measure(m) => self.measure(m, at),
            ExprKind::Account(a) => self.account(a, at),
            ExprKind::Table(fact, rows, default, coverage) => self.table(fact, rows, default.as_deref(), *coverage, at),
            ExprKind::Tiers(measure, part_of, mode, rows) => self.tiers(measure, part_of.as_deref(), *mode, rows, at),
            ExprKind::Random(lo, hi, step) => self.random(lo, hi, step, at),
            ExprKind::Clamp(value, op, bound) => {
                let other = self.other_bound(value, *op);
                let (value, bound) = (self.scalar(value), self.scalar(bound));
                let Some((value, bound)) = self.unify(value, bound, at) else { return Expr::error(at) };
                if let Some(why) = pointless(*op, &bound, other) {
                    self.error(bound.at, Error::Clamp { at: bound.at, why });
                    return Expr::error(at);
                }
                match op {
                    ClampOp::Cap => build::min(value, bound, at),
                    ClampOp::Floor => build::max(value, bound, at),
                }
            }
            ExprKind::Per(per) => self.per(per, at),
            ExprKind::Quotient(value, by, rounding) => self.quotient(value, by, *rounding, at),
            ExprKind::Pool(..) => {
                self.error(at, Error::Prize(PrizeError::PoolInside { at }));
                Expr::error(at)
            }
            ExprKind::And(..)
            | ExprKind::Or(..)
            | ExprKind::Not(_)
            | ExprKind::Compare(..)
            | ExprKind::IsIn(..)
            | ExprKind::Clock(..)
            | ExprKind::Weekday(_)
            | ExprKind::CellIn(..)
            | ExprKind::Inside(..)
            | ExprKind::Same(..)
            | ExprKind::Known(..) => self.condition(e),
            ExprKind::Cell(cell) => self.cell(cell, at),
            ExprKind::Draw(_) => {
                self.error(at, Error::DrawInside { at });
                Expr::error(at)
            }
            ExprKind::ItemOf(..) | ExprKind::Link(_) => {
                self.error(
                    at,
                    Error::Expected {
                        at,
                        expected: ("a value", "一个值"),
                        found: ("a thing".into(), "一件东西".into()),
                    },
                );
                Expr::error(at)
            }
            ExprKind::Error => Expr::error(at),
        }
    }

    /// The floor before a cap, the cap before a floor, where it is a plain number.
    fn other_bound(&mut self, value: &hir::Expr, op: ClampOp) -> Option<i64> {
        match &value.kind {
            ExprKind::Clamp(_, before, bound) if *before != op && matches!(bound.kind, ExprKind::Number(..)) => {
                self.scalar(bound).as_const()
            }
            _ => None,
        }
    }

    /// A number as it is written, in the smallest unit of its type.
    pub fn number(&mut self, mantissa: i128, scale: u8, unit: &Unit, at: Location) -> Expr {
        let value = i128::from(10u8).checked_pow(u32::from(self.decimals)).and_then(|tens| mantissa.checked_mul(tens));
        let value = value.and_then(|mantissa| expr::exact(mantissa, scale));
        let (ty, factor) = match unit {
            Unit::Plain => (Type::Plain, 1),
            Unit::Rate => (Type::Rate, 1),
            Unit::Money => (Type::Money, 1),
            Unit::Points => (Type::Points, 1),
            Unit::Times => (Type::Times, 1),
            Unit::Duration(86_400) => (Type::Days, 1),
            Unit::Duration(seconds) => (Type::Seconds, *seconds),
            Unit::Thing(name) => (Type::Thing(name.clone()), 1),
        };
        match value.and_then(|v| v.checked_mul(factor)) {
            Some(v) if i128::from(v).abs() <= build::LIMIT => Expr::constant(v, ty, at),
            Some(_) => {
                self.error(at, Error::Overflow { at });
                Expr::error(at)
            }
            None => {
                let e = match ty {
                    Type::Rate => Error::FineRate { at },
                    Type::Money => Error::Fraction { at, unit: ("fen", "一分") },
                    Type::Points => Error::Fraction { at, unit: ("point", " 1 积分") },
                    _ => Error::Fraction { at, unit: ("piece", "一件") },
                };
                self.error(at, e);
                Expr::error(at)
            }
        }
    }

    /// Makes two sides one type, or reports that their units do not mix. A bare literal takes the other side's
    /// unit, but never becomes money or a rate.
    pub fn unify(&mut self, a: Expr, b: Expr, at: Location) -> Option<(Expr, Expr)> {
        if a.ty == Type::Error || b.ty == Type::Error {
            return None;
        }
        let countable =
            |ty: &Type| matches!(ty, Type::Thing(_) | Type::Times | Type::Days | Type::Points | Type::Plain);
        let bare = |e: &Expr| e.ty == Type::Plain && e.as_const().is_some();
        // A count of events is a number of times, and of the thing the event is about.
        let times = |x: &Type, y: &Type| *x == Type::Times && matches!(y, Type::Thing(_) | Type::Plain);
        if a.ty == b.ty {
            return Some((a, b));
        }
        if a.ty == Type::Nothing {
            let ty = b.ty.clone();
            return Some((a.typed(ty), b));
        }
        if b.ty == Type::Nothing {
            let ty = a.ty.clone();
            return Some((a, b.typed(ty)));
        }
        if (bare(&b) && countable(&a.ty)) || times(&a.ty, &b.ty) {
            let ty = a.ty.clone();
            return Some((a, b.typed(ty)));
        }
        if (bare(&a) && countable(&b.ty)) || times(&b.ty, &a.ty) {
            let ty = b.ty.clone();
            return Some((a.typed(ty), b));
        }
        // Days are seconds where instants are compared.
        if a.ty == Type::Seconds && b.ty == Type::Days {
            let b_at = b.at;
            let scaled = build::mul(b, Expr::constant(86_400, Type::Plain, b_at), Type::Seconds, b_at);
            let b = self.fits(scaled, b_at);
            return Some((a, b));
        }
        let (left_at, right_at) = (a.at, b.at);
        let (left, right) = (self.describe(&a.ty), self.describe(&b.ty));
        self.error(at, Error::Units { at, left, right, left_at, right_at });
        None
    }

    fn binary(&mut self, op: ArithOp, a: &hir::Expr, b: &hir::Expr, at: Location) -> Expr {
        if op == ArithOp::Mul {
            self.early_quotient(a);
            self.early_quotient(b);
        }
        let (a, b) = (self.scalar(a), self.scalar(b));
        if a.ty == Type::Error || b.ty == Type::Error {
            return Expr::error(at);
        }
        let number = |t: &Type| {
            matches!(
                t,
                Type::Money
                    | Type::Points
                    | Type::Plain
                    | Type::Times
                    | Type::Thing(_)
                    | Type::Rate
                    | Type::Days
                    | Type::Seconds
            )
        };
        let result = match (op, &a.ty, &b.ty) {
            (ArithOp::Sub, Type::Date, Type::Date) => build::sub(a, b, at).map(|e| e.typed(Type::Days)),
            (ArithOp::Sub, Type::Instant, Type::Instant) => build::sub(a, b, at).map(|e| e.typed(Type::Seconds)),
            (ArithOp::Add, Type::Date, Type::Days) => build::add(a, b, at),
            (ArithOp::Sub, Type::Date, Type::Days) => build::sub(a, b, at),
            (ArithOp::Add | ArithOp::Sub, x, y) if number(x) && number(y) => {
                let Some((a, b)) = self.unify(a, b, at) else { return Expr::error(at) };
                if op == ArithOp::Add { build::add(a, b, at) } else { build::sub(a, b, at) }
            }
            (ArithOp::Mul, Type::Plain | Type::Times | Type::Thing(_), y) if number(y) => {
                let ty = y.clone();
                build::mul(a, b, ty, at)
            }
            (ArithOp::Mul, x, Type::Plain | Type::Times | Type::Thing(_)) if number(x) => {
                let ty = x.clone();
                build::mul(a, b, ty, at)
            }
            _ => {
                let (left_at, right_at) = (a.at, b.at);
                let (left, right) = (self.describe(&a.ty), self.describe(&b.ty));
                self.error(at, Error::Units { at, left, right, left_at, right_at });
                return Expr::error(at);
            }
        };
        self.fits(result, at)
    }

    /// `rate of base`, rounded once.
    pub fn rate_of(&mut self, rate: Expr, base: Expr, rounding: Option<ast::Rounding>, at: Location) -> Expr {
        if rate.ty == Type::Error || base.ty == Type::Error {
            return Expr::error(at);
        }
        if rate.ty != Type::Rate {
            let (at, found) = (rate.at, self.describe(&rate.ty));
            self.error(at, Error::Expected { at, expected: ("a rate such as `2%`", "比例，如 `2%`"), found });
            return Expr::error(at);
        }
        if !matches!(base.ty, Type::Money | Type::Points | Type::Thing(_) | Type::Plain | Type::Times) {
            let (at, found) = (base.at, self.describe(&base.ty));
            self.error(at, Error::Expected { at, expected: ("money or another amount", "金额或数量"), found });
            return Expr::error(at);
        }
        let round = rounding.map_or(self.checker.hir.model.rounding, hir::model::round);
        let ty = base.ty.clone();
        let value = match rate.as_const() {
            Some(ppm) if ppm != 0 => {
                let common = gcd(ppm.unsigned_abs(), MILLION.unsigned_abs());
                let common = i64::try_from(common).unwrap_or(1);
                let factor = Expr::constant(ppm / common, Type::Plain, at);
                build::mul(base, factor, ty, at).and_then(|p| build::div(p, MILLION / common, round, at))
            }
            _ => build::mul(base, rate, ty, at).and_then(|p| build::div(p, MILLION, round, at)),
        };
        self.fits(value, at)
    }

    fn lookup(&mut self, table: Table, word: Word, ty: Type, at: Location) -> Expr {
        if let Some(field) = field_at(&self.checker.hir.schema, self.event, word) {
            let (present, name) = (field.present, hir::scope::spelled(field));
            self.require(&Fact { link: None, word, present, ty: FactType::Product, name }, at);
        }
        let last = (self.checker.hir.schema.products.len() as i64 - 1).max(0);
        let index = Expr { kind: Kind::Word(word), ty: Type::Product, lo: 0, hi: last, at };
        self.tabled(table, index, ty, at)
    }

    /// What a table has for an id.
    pub(super) fn tabled(&self, table: Table, index: Expr, ty: Type, at: Location) -> Expr {
        let values = table.values(&self.checker.hir.schema);
        let lo = values.iter().copied().min().unwrap_or(0);
        let hi = values.iter().copied().max().unwrap_or(0);
        if lo == hi && !values.is_empty() {
            return Expr::constant(lo, ty, at);
        }
        Expr { kind: Kind::Lookup(table, Box::new(index)), ty, lo, hi, at }
    }

    /// The record has rates in basis points, and so has what adds them up; rates count in millionths.
    pub(super) fn in_millionths(&mut self, value: Expr, at: Location) -> Expr {
        if value.ty != Type::Rate {
            return value;
        }
        let scaled = build::mul(value, Expr::constant(100, Type::Plain, at), Type::Rate, at);
        self.fits(scaled, at)
    }

    /// The values of a one-of no row speaks of; nothing for a fact whose values cannot be listed.
    pub fn missing_rows<'s>(
        &self,
        fact: &Fact,
        rows: impl Iterator<Item = &'s IntervalSet> + Clone,
        at: Location,
    ) -> Vec<String> {
        let spelling = self.checker.spelling(at);
        let choices: Vec<String> = match &fact.ty {
            FactType::OneOf(values) => values.iter().map(|v| v.said(spelling).to_owned()).collect(),
            FactType::YesNo => match spelling {
                Spelling::En => vec!["no".to_owned(), "yes".to_owned()],
                Spelling::Zh => vec!["否".to_owned(), "是".to_owned()],
            },
            _ => Vec::new(),
        };
        let spoken = |value: usize| rows.clone().any(|set| set.contains(value as i64));
        choices.into_iter().enumerate().filter(|(value, _)| !spoken(*value)).map(|(_, name)| name).collect()
    }

    fn table(
        &mut self,
        fact: &Fact,
        rows: &[(IntervalSet, hir::Expr)],
        default: Option<&hir::Expr>,
        coverage: hir::Coverage,
        at: Location,
    ) -> Expr {
        self.require(fact, at);
        let mut value = match (default, coverage) {
            (Some(default), _) => self.scalar(default),
            (None, hir::Coverage::Full) => Expr::constant(0, Type::Nothing, at),
            (None, hir::Coverage::Partial) => {
                let missing = self.missing_rows(fact, rows.iter().map(|(set, _)| set), at);
                self.error(at, Error::NoElse { at, missing });
                return Expr::error(at);
            }
        };
        for (set, row) in rows.iter().rev() {
            let row_value = self.scalar(row);
            let Some((row_value, rest)) = self.unify(row_value, value, row.at) else { return Expr::error(at) };
            let test = self.member(fact, set, at);
            value = build::select(test, row_value, rest, at);
        }
        value
    }

    /// The test that a fact lies in a set of ids.
    pub fn member(&mut self, fact: &Fact, set: &IntervalSet, at: Location) -> Expr {
        match &fact.link {
            None => build::in_set(fact.word, set.clone(), &self.domain(fact.word), at),
            Some(link) => {
                let input = Input::LinkWord(self.checker.link(link), fact.word);
                build::input_in_set(input, set.clone(), at)
            }
        }
    }

    fn random(&mut self, lo: &hir::Expr, hi: &hir::Expr, step: &hir::Expr, at: Location) -> Expr {
        let (lo, hi, step) = (self.scalar(lo), self.scalar(hi), self.scalar(step));
        let Some((lo, hi)) = self.unify(lo, hi, at) else { return Expr::error(at) };
        let Some((lo, step)) = self.unify(lo, step, at) else { return Expr::error(at) };
        let (Some(l), Some(h), Some(s)) = (lo.as_const(), hi.as_const(), step.as_const()) else {
            self.error(at, Error::RandomRange { at });
            return Expr::error(at);
        };
        if s < 1 || h < l || (h - l) % s != 0 {
            self.error(at, Error::RandomRange { at });
            return Expr::error(at);
        }
        let count = (h - l) / s + 1;
        let ty = lo.ty.clone();
        let draw = self.draw(at);
        let pick = Expr { kind: Kind::Uniform(Box::new(draw), count), ty: ty.clone(), lo: 0, hi: count - 1, at };
        let value = build::mul(pick, Expr::constant(s, Type::Plain, at), ty, at).and_then(|p| build::add(p, lo, at));
        self.fits(value, at)
    }

    /// The next draw of the rule.
    pub fn draw(&mut self, at: Location) -> Expr {
        let n = self.draws;
        self.draws += 1;
        Expr { kind: Kind::Input(Input::Draw(n)), ty: Type::Plain, lo: i64::MIN, hi: i64::MAX, at }
    }
}

/// Why a cap or floor cannot be meant: not because of today's prices, but whatever the event.
fn pointless(op: ClampOp, bound: &Expr, other: Option<i64>) -> Option<(&'static str, &'static str)> {
    let limit = bound.as_const()?;
    match op {
        ClampOp::Cap if limit <= 0 => Some(("nothing above zero is left", "封顶不大于零，什么也不剩")),
        ClampOp::Cap if other.is_some_and(|floor| limit <= floor) => {
            Some(("not above the floor before it", "不高于前面的保底"))
        }
        ClampOp::Floor if other.is_some_and(|cap| limit >= cap) => {
            Some(("not below the cap before it", "不低于前面的封顶"))
        }
        _ => None,
    }
}

fn words(ty: &Type) -> (String, String) {
    let (en, zh) = match ty {
        Type::Bool => ("a condition", "条件"),
        Type::Money => ("money", "金额"),
        Type::Points => ("points", "积分"),
        Type::Plain => ("a bare number", "无单位的数"),
        Type::Times => ("a number of times", "次数"),
        Type::Thing(_) => ("a number of things", "件数"),
        Type::Rate => ("a rate", "比例"),
        Type::Date => ("a date", "日期"),
        Type::Days => ("a number of days", "天数"),
        Type::Instant => ("an instant", "时刻"),
        Type::Seconds => ("a duration", "时长"),
        Type::Choice => ("a one-of value", "取值"),
        Type::Product => ("a product", "产品"),
        Type::Region => ("a region", "区域"),
        Type::Party => ("someone's identity", "身份"),
        Type::Nothing => ("nothing", "无"),
        Type::Error => ("unclear", "不明"),
    };
    (en.to_owned(), zh.to_owned())
}

/// Type and bounds of a declared fact, in the units of the record.
pub fn fact_type(schema: &ir::Schema, ty: &FactType) -> (Type, i64, i64) {
    match ty {
        FactType::YesNo => (Type::Choice, 0, 1),
        FactType::OneOf(values) => (Type::Choice, 0, values.len() as i64 - 1),
        FactType::Number { lo, hi, unit } => {
            let ty = match unit {
                NumberUnit::Fen => Type::Money,
                NumberUnit::Points => Type::Points,
                NumberUnit::BasisPoints => Type::Rate,
                NumberUnit::Plain => Type::Plain,
                NumberUnit::Thing(name) if matches!(name.as_str(), "days" | "day" | "天") => Type::Days,
                NumberUnit::Thing(name) if matches!(name.as_str(), "times" | "次") => Type::Times,
                NumberUnit::Thing(name) => Type::Thing(name.clone()),
            };
            (ty, *lo, *hi)
        }
        FactType::Date => (Type::Date, DATES.0, DATES.1 - 1),
        FactType::Instant => (Type::Instant, INSTANTS.0, INSTANTS.1 - 1),
        FactType::Product => (Type::Product, 0, (schema.products.len() as i64 - 1).max(0)),
        FactType::Region => (Type::Region, 0, (schema.regions.len() as i64 - 1).max(0)),
        FactType::Text | FactType::Role(_) | FactType::Entity(_) => (Type::Party, i64::MIN / 4, i64::MAX / 4),
    }
}

/// The field of an event that begins at a word.
pub fn field_at(schema: &ir::Schema, event: ir::EventId, word: Word) -> Option<&ir::schema::Field> {
    schema.events.get(event.index())?.fields.iter().find(|f| f.word == word)
}

/// All values a word of an event can have.
pub fn domain(schema: &ir::Schema, event: ir::EventId, word: Word) -> IntervalSet {
    use crate::ir::schema::FieldType as F;
    const ANY: (i64, i64) = (-(1 << 62), 1 << 62);
    if word == Word::DAY {
        return IntervalSet::range(LOCAL_DAYS.0, LOCAL_DAYS.1);
    }
    if word == Word::TIME {
        return IntervalSet::range(INSTANTS.0, INSTANTS.1);
    }
    let Some(event) = schema.events.get(event.index()) else { return IntervalSet::range(ANY.0, ANY.1) };
    if event.fields.iter().any(|f| f.present == Some(word)) {
        return IntervalSet::range(0, 2);
    }
    let Some(field) = event.fields.iter().find(|f| f.word == word) else { return IntervalSet::range(ANY.0, ANY.1) };
    let (lo, hi) = match &field.ty {
        F::YesNo => (0, 2),
        F::OneOf(values) => (0, values.len() as i64),
        F::Number { lo, hi, .. } => (*lo, hi + 1),
        F::Product => (0, schema.products.len() as i64),
        F::Region => (0, schema.regions.len() as i64),
        F::Date => DATES,
        F::Instant => INSTANTS,
        F::Id => ANY,
    };
    IntervalSet::range(lo, hi)
}

fn gcd(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
