//! Expressions with names resolved.

use super::error::{Error, NameKind};
use super::model::{FactType, Model};
use super::scope::{Scope, said};
use super::sets::{self, Tree};
use super::{Coverage, DrawRow, Expr, ExprKind, Fact, Per, Remainder, Reward, TierRow, Unit};
use crate::ast;
use crate::calendar;
use crate::ir::schema::{Field, FieldType, NumberUnit};
use crate::ir::{IntervalSet, Window};
use crate::source::{Location, Spelling};

/// A `%` or `‰` number in parts per million; `None` if it is finer than that or has another unit.
pub fn ppm(n: &ast::Number) -> Option<i64> {
    let unit = match n.unit {
        ast::Unit::Percent => 10_000,
        ast::Unit::Permille => 1_000,
        _ => return None,
    };
    exact(n.mantissa.checked_mul(unit)?, n.scale)
}

/// mantissa · 10^-scale as a whole number, if it is one.
pub fn exact(mantissa: i128, scale: u8) -> Option<i64> {
    let divisor = 10i128.checked_pow(u32::from(scale))?;
    if mantissa % divisor == 0 { i64::try_from(mantissa / divisor).ok() } else { None }
}

/// A bound of a declared range, in the units of the record (fen, basis points, pieces).
pub fn fact_bound(n: &ast::Number, unit: &ast::Unit, _model: &Model) -> Option<i64> {
    const GREATEST: i64 = 1_000_000_000_000;
    let factor = match unit {
        ast::Unit::Percent => 100,
        ast::Unit::Permille => 10,
        ast::Unit::Named(name) if matches!(name.text.as_str(), "yuan" | "元") => 100,
        _ => 1,
    };
    exact(n.mantissa.checked_mul(factor)?, n.scale).filter(|v| (-GREATEST..=GREATEST).contains(v))
}

/// `20万元` as `200_000元`: what a number with 万 or 亿 in its unit is without it.
fn written_out(n: &ast::Number, unit: &str) -> Option<String> {
    const GREATEST: i64 = 1_000_000_000_000_000;
    let (factor, rest) = match (unit.strip_prefix('万'), unit.strip_prefix('亿')) {
        (Some(rest), _) => (10_000, rest),
        (_, Some(rest)) => (100_000_000, rest),
        _ => return None,
    };
    let value = exact(n.mantissa.checked_mul(factor)?, n.scale).filter(|v| (0..GREATEST).contains(v))?;
    Some(crate::digits::grouped(&value.to_string(), '_') + rest)
}

/// A duration in seconds.
pub fn seconds(d: &ast::Duration) -> i64 {
    let unit = match d.unit {
        ast::DurationUnit::Minutes => 60,
        ast::DurationUnit::Hours => 3_600,
        ast::DurationUnit::Days | ast::DurationUnit::NaturalDays | ast::DurationUnit::WorkingDays => 86_400,
    };
    i64::from(d.count) * unit
}

/// The IR's window; a campaign is for ever under a counter of its own.
pub fn window(w: ast::Window) -> Window {
    match w {
        ast::Window::Hour => Window::Hour,
        ast::Window::Day => Window::Day,
        ast::Window::Week => Window::Week,
        ast::Window::Month => Window::Month,
        ast::Window::Quarter => Window::Quarter,
        ast::Window::Year => Window::Year,
        ast::Window::Campaign | ast::Window::Ever => Window::Ever,
    }
}

/// Most expressions of one rule. `let` names that double each other would otherwise grow without bound.
const LARGEST_RULE: usize = 50_000;

impl Scope<'_> {
    /// Resolves an expression; what cannot be resolved is reported and becomes [`ExprKind::Error`].
    pub fn expr(&mut self, e: &ast::Expr) -> Expr {
        let at = self.at(e.span);
        self.size += 1;
        if self.size == LARGEST_RULE {
            self.error(Error::RuleTooLarge { at, most: LARGEST_RULE });
        }
        // Said once; what is left of the rule is not resolved any more.
        let kind = if self.size < LARGEST_RULE { self.kind(&e.kind, at) } else { None };
        Expr { kind: kind.unwrap_or(ExprKind::Error), at }
    }

    fn boxed(&mut self, e: &ast::Expr) -> Box<Expr> {
        Box::new(self.expr(e))
    }

    fn kind(&mut self, kind: &ast::ExprKind, at: Location) -> Option<ExprKind> {
        use ast::ExprKind as A;
        Some(match kind {
            A::Number(n) => self.number(n)?,
            A::Date(date) => match date.time {
                None => ExprKind::Date(self.day(date)?, false),
                Some(_) => ExprKind::Date(self.instant(date)?, true),
            },
            A::Yes => ExprKind::Bool(true),
            A::No => ExprKind::Bool(false),
            A::Path(path) => return Some(self.path(path).kind),
            A::Today => ExprKind::Today,
            A::Clock { from, until } => {
                if from >= until {
                    self.error(Error::ClockRange { at });
                    return None;
                }
                ExprKind::Clock(i64::from(*from), i64::from(*until))
            }
            A::Weekday(days) => ExprKind::Weekday(days.clone()),
            A::Nothing => ExprKind::Nothing,
            A::Binary(op, a, b) => ExprKind::Binary(*op, self.boxed(a), self.boxed(b)),
            A::RateOf { rate, base, rounding } => ExprKind::RateOf(self.boxed(rate), self.boxed(base), *rounding),
            A::PriceOf(pack) => ExprKind::PriceOf(self.pack(pack)?, self.product(pack.span)?),
            A::ItemOf { count, item } => {
                let count = self.boxed(count);
                let (name, coupon, price) = self.item(item)?;
                ExprKind::ItemOf(count, name, coupon, price)
            }
            A::Measure(m) => ExprKind::Measure(Box::new(self.measure(m)?)),
            A::Account(account) => ExprKind::Account(Box::new(self.account(account)?)),
            A::Link(link) => ExprKind::Link(self.link(link)?),
            A::Drawn(drawn) => ExprKind::Link(self.drawn(drawn)?),
            A::Lookup(lookup) => self.lookup(lookup)?,
            A::Table { by, rows, default } => self.table(by, rows, default.as_deref())?,
            A::Tiers { measure, part_of, mode, rows } => {
                let measure = self.boxed(measure);
                let part_of = part_of.as_ref().map(|p| self.boxed(p));
                let rows = rows
                    .iter()
                    .map(|r| TierRow {
                        strict: r.strict,
                        bound: self.expr(&r.bound),
                        until: r.until.as_ref().map(|(e, included)| (self.expr(e), *included)),
                        value: self.expr(&r.value),
                    })
                    .collect();
                ExprKind::Tiers(measure, part_of, *mode, rows)
            }
            A::Draw(_) | A::Pool { .. } | A::Random { .. } if !self.open.is_empty() => {
                self.error(Error::DrawInLet { at });
                return None;
            }
            A::Draw(rows) => ExprKind::Draw(rows.iter().map(|r| self.draw_row(r)).collect()),
            A::Pool { size, rows, used_up } => {
                let rows = rows.iter().map(|r| self.draw_row(r)).collect();
                self.pools += 1;
                // How often it is drawn from is the counter's identity; prizes may change and the count goes on.
                let id = format!("pool/{}/{}/{}", self.policy, self.rule, self.pools);
                ExprKind::Pool(size.clone(), rows, used_up.map(|(end, _)| end), crate::ir::key::stable_id(&id))
            }
            A::Quotient { value, by, rounding } => ExprKind::Quotient(self.boxed(value), self.boxed(by), *rounding),
            A::Random { lo, hi, step } => ExprKind::Random(self.boxed(lo), self.boxed(hi), self.boxed(step)),
            A::Clamp { value, op, bound } => ExprKind::Clamp(self.boxed(value), *op, self.boxed(bound)),
            A::Per { amount, step, unit, of, rounding, remainder } => {
                let step = match step {
                    Some((n, counts)) => Some((self.quantity(n)?, *counts, n)),
                    None => None,
                };
                let amount = self.expr(amount);
                let counted = match of {
                    Some(of) => self.expr(of),
                    None => self.counted_by(unit.as_ref(), step.as_ref().map(|s| s.2), at)?,
                };
                let remainder = match remainder {
                    Some(r) => Some(self.remainder(r)?),
                    None => None,
                };
                let step = step.map(|(n, counts, _)| (n, counts));
                ExprKind::Per(Box::new(Per { amount, step, counted, remainder, rounding: *rounding }))
            }
            A::And(a, b) => ExprKind::And(self.boxed(a), self.boxed(b)),
            A::Or(a, b) => ExprKind::Or(self.boxed(a), self.boxed(b)),
            A::Not(a) => ExprKind::Not(self.boxed(a)),
            A::Compare(op, a, b) => ExprKind::Compare(*op, self.boxed(a), self.boxed(b)),
            A::IsOneOf { value, options, negated } => self.is_one_of(value, options, *negated)?,
            A::SameAs { value, other, negated } => {
                let fact = self.fact_of(value)?;
                self.same_as(fact, other, *negated)?
            }
            A::Known { value, negated } => ExprKind::Known(self.boxed(value), *negated),
            A::In { value, set, negated } => {
                if let Some(outer) = self.region_named(set) {
                    return self.inside(value, &outer, *negated);
                }
                let value = self.expr(value);
                if let ExprKind::Cell(cell) = value.kind {
                    return self.cell_in_set(cell, set, *negated, at);
                }
                let fact = self.as_fact(value)?;
                let tree = match fact.ty {
                    FactType::Region => Tree::Regions,
                    FactType::Product => Tree::Products,
                    _ => {
                        self.error(Error::SetOver { at, name: self.said(&fact) });
                        return None;
                    }
                };
                let cx = self.cx;
                let ids = sets::set(cx, tree, set, &mut self.report());
                ExprKind::IsIn(Box::new(fact), ids, *negated)
            }
            A::Inside { value, outer, negated } => self.inside(value, outer, *negated)?,
            A::Argument { source, spelling, value } => {
                let here = (self.source, self.spelling);
                (self.source, self.spelling) = (*source, *spelling);
                let value = self.expr(value);
                (self.source, self.spelling) = here;
                value.kind
            }
            A::Error => return None,
        })
    }

    /// The day number of a date that exists.
    pub fn day(&mut self, date: &ast::DateTime) -> Option<i64> {
        let day = calendar::day(date.year, date.month, date.day).ok();
        if day.is_none() {
            let at = self.at(date.span);
            self.error(Error::BadDate { at });
        }
        day
    }

    fn instant(&mut self, date: &ast::DateTime) -> Option<i64> {
        let found = calendar::instant(date, self.cx.model.utc_offset).ok();
        if found.is_none() {
            let at = self.at(date.span);
            self.error(Error::BadDate { at });
        }
        found
    }

    fn number(&mut self, n: &ast::Number) -> Option<ExprKind> {
        let (mantissa, unit) = self.unit(n)?;
        Some(ExprKind::Number(mantissa, n.scale, unit))
    }

    /// Looks the unit up; yuan become fen and percent parts per million.
    fn unit(&mut self, n: &ast::Number) -> Option<(i128, Unit)> {
        let name = match &n.unit {
            ast::Unit::None => return Some((n.mantissa, Unit::Plain)),
            ast::Unit::Percent => return Some((n.mantissa.checked_mul(10_000)?, Unit::Rate)),
            ast::Unit::Permille => return Some((n.mantissa.checked_mul(1_000)?, Unit::Rate)),
            ast::Unit::Named(name) => name,
        };
        let unit = match name.text.as_str() {
            "yuan" | "元" => return Some((n.mantissa.checked_mul(100)?, Unit::Money)),
            "fen" | "分" => Unit::Money,
            "points" | "point" | "积分" => Unit::Points,
            "times" | "time" | "次" => Unit::Times,
            "minutes" | "minute" | "分钟" => Unit::Duration(60),
            "hours" | "hour" | "小时" => Unit::Duration(3_600),
            "days" | "day" | "天" => Unit::Duration(86_400),
            other => match self.thing(other) {
                Some(thing) => Unit::Thing(thing),
                None => {
                    if let Some(written_out) = written_out(n, other) {
                        let at = self.at(n.span);
                        self.error(Error::BigUnit { at, name: name.text.clone(), written_out });
                        return None;
                    }
                    let packs = self.cx.model.packs.iter().map(|p| p.said(self.spelling).to_owned());
                    let choices = packs.chain(self.cx.model.things.iter().map(|t| t.name.clone()));
                    let choices = choices.chain(units(self.spelling).map(str::to_owned)).collect();
                    let at = self.at(name.span);
                    self.error(Error::unknown(at, NameKind::Unit, &name.text, choices));
                    return None;
                }
            },
        };
        Some((n.mantissa, unit))
    }

    /// The canonical name of a countable thing: a pack, or a unit some fact declares (`table` is `tables`).
    fn thing(&self, text: &str) -> Option<String> {
        let model = &self.cx.model;
        if let Some(pack) = model.pack(text).and_then(|i| model.packs.get(i)) {
            return Some(pack.name.clone());
        }
        let plural = |t: &str| t.strip_suffix('s') == Some(text) || text.strip_suffix('s') == Some(t);
        model.things.iter().find(|t| t.is(text) || plural(&t.name)).map(|t| t.name.clone())
    }

    pub(super) fn pack(&mut self, name: &ast::Name) -> Option<usize> {
        let found = self.cx.model.pack(&name.text);
        if found.is_none() {
            let choices = self.cx.model.packs.iter().map(|p| p.said(self.spelling).to_owned()).collect();
            let at = self.at(name.span);
            self.error(Error::unknown(at, NameKind::Pack, &name.text, choices));
        }
        found
    }

    pub(super) fn item(&mut self, name: &ast::Name) -> Option<(String, bool, i64)> {
        if let Some(product) = self.cx.catalogue.sku(&name.text) {
            let price = self.cx.schema.products.get(product as usize).map_or(0, |p| p.price);
            return Some((name.text.clone(), false, price));
        }
        if let Some(coupon) = self.cx.coupons.iter().find(|c| c.name == name.text) {
            return Some((coupon.name.clone(), true, 0));
        }
        let skus = self.cx.schema.products.iter().map(|p| p.sku.clone());
        let choices = skus.chain(self.cx.coupons.iter().map(|c| c.name.clone())).collect();
        let at = self.at(name.span);
        self.error(Error::unknown_item(self.cx, at, NameKind::Item, &name.text, choices));
        None
    }

    pub(super) fn fact_of(&mut self, value: &ast::Expr) -> Option<Fact> {
        let resolved = self.expr(value);
        self.as_fact(resolved)
    }

    fn as_fact(&mut self, resolved: Expr) -> Option<Fact> {
        match resolved.kind {
            ExprKind::Fact(fact) => Some(fact),
            ExprKind::Error => None,
            _ => {
                self.error(Error::NotChoice { at: resolved.at, name: "…".into() });
                None
            }
        }
    }

    fn is_one_of(&mut self, value: &ast::Expr, options: &[ast::Name], negated: bool) -> Option<ExprKind> {
        let resolved = self.expr(value);
        if let ExprKind::Cell(cell) = resolved.kind {
            return self.cell_is(cell, options, negated, resolved.at);
        }
        let fact = self.as_fact(resolved)?;
        if let [other] = options
            && self.names_an_identity(&fact, other)
        {
            let other = ast::Path { parts: vec![other.clone()], same: false, span: other.span };
            return self.same_as(fact, &other, negated);
        }
        let ids = self.choices(&fact, options)?;
        Some(ExprKind::IsIn(Box::new(fact), ids, negated))
    }

    /// The ids of several values of a one-of or yes/no.
    pub(super) fn choices(&mut self, fact: &Fact, options: &[ast::Name]) -> Option<IntervalSet> {
        let mut ids = IntervalSet::empty();
        let mut all = true;
        for option in options {
            match self.choice(fact, option) {
                Some(id) => ids = ids.union(&IntervalSet::one(id)),
                None => all = false,
            }
        }
        all.then_some(ids)
    }

    /// The id of a value of a one-of or yes/no.
    fn choice(&mut self, fact: &Fact, option: &ast::Name) -> Option<i64> {
        let at = self.at(option.span);
        match &fact.ty {
            FactType::YesNo => match option.text.as_str() {
                "yes" | "是" => Some(1),
                "no" | "否" => Some(0),
                other => {
                    self.error(Error::unknown(at, NameKind::Choice, other, yes_no(self.spelling)));
                    None
                }
            },
            FactType::OneOf(values) => {
                let found = values.iter().position(|v| v.is(&option.text));
                if found.is_none() {
                    let choices = values.iter().map(|v| v.said(self.spelling).to_owned()).collect();
                    self.error(Error::unknown(at, NameKind::Choice, &option.text, choices));
                }
                found.map(|i| i as i64)
            }
            _ => {
                self.error(Error::NotChoice { at, name: self.said(fact) });
                None
            }
        }
    }

    fn table(&mut self, by: &ast::Path, rows: &[ast::TableRow], default: Option<&ast::Expr>) -> Option<ExprKind> {
        let at = self.at(by.span);
        let found = self.path(by);
        let fact = match found.kind {
            ExprKind::Fact(fact) => fact,
            ExprKind::Error => return None,
            _ => {
                self.error(Error::TableBy { at, name: path_text(by) });
                return None;
            }
        };
        let tree = match fact.ty {
            FactType::Region => Some(Tree::Regions),
            FactType::Product => Some(Tree::Products),
            FactType::OneOf(_) | FactType::YesNo => None,
            _ => {
                self.error(Error::TableBy { at, name: self.said(&fact) });
                return None;
            }
        };
        let mut seen: Vec<(IntervalSet, Location)> = Vec::new();
        let mut resolved = Vec::new();
        for row in rows {
            let value = self.expr(&row.value);
            for key in &row.keys {
                let cx = self.cx;
                let ids = match (tree, key) {
                    (Some(tree), key) => sets::atom(cx, tree, key, &mut self.report()),
                    (None, ast::SetAtom::Named(name) | ast::SetAtom::Category(name)) => {
                        self.choice(&fact, name).map(IntervalSet::one)
                    }
                    (None, ast::SetAtom::All(_)) => None,
                };
                let Some(ids) = ids else { continue };
                let at = self.at(sets::atom_span(key));
                if let Some((_, first)) = seen.iter().find(|(other, _)| *other == ids) {
                    let first = *first;
                    self.error(Error::RowsOverlap { at, first, name: sets::atom_text(key) });
                    continue;
                }
                seen.push((ids.clone(), at));
                resolved.push((ids, value.clone()));
            }
        }
        let covered = seen.iter().fold(IntervalSet::empty(), |all, (s, _)| all.union(s));
        let values = match &fact.ty {
            FactType::OneOf(values) => Some(values.len() as i64),
            FactType::YesNo => Some(2),
            _ => None,
        };
        let coverage = match values {
            Some(n) if covered == IntervalSet::range(0, n) => Coverage::Full,
            _ => Coverage::Partial,
        };
        let default = default.map(|d| self.boxed(d));
        Some(ExprKind::Table(Box::new(fact), sets::most_specific_wins(resolved), default, coverage))
    }

    fn draw_row(&mut self, row: &ast::DrawRow) -> DrawRow {
        let chance = match &row.chance {
            ast::Chance::Share(n) => Some(n.clone()),
            ast::Chance::Rest(_) | ast::Chance::Named(_) => None,
        };
        let at = self.at(row.span);
        DrawRow { chance, prize: self.reward(&row.prize), at }
    }

    /// Kind and amount.
    pub fn reward(&mut self, reward: &ast::Reward) -> Reward {
        let at = self.at(reward.span);
        let mut value = self.expr(&reward.value);
        let kind = reward.kind.as_ref().and_then(|name| self.kind_named(name));
        if reward.kind.is_some() && kind.is_none() {
            // Reported; what an unknown kind is counted in cannot be asked.
            value.kind = ExprKind::Error;
        }
        let tax_side = reward.tax_side.map(|(side, _)| side);
        Reward { kind, tax_side, value, at }
    }

    /// A reward kind.
    pub(super) fn kind_named(&mut self, name: &ast::Name) -> Option<usize> {
        let found = self.cx.model.kind(&name.text);
        if found.is_none() {
            let choices = self.cx.model.kinds.iter().map(|k| k.name.said(self.spelling).to_owned()).collect();
            let at = self.at(name.span);
            self.error(Error::unknown(at, NameKind::Kind, &name.text, choices));
        }
        found
    }

    /// A number in its unit.
    fn quantity(&mut self, n: &ast::Number) -> Option<(i128, u8, Unit)> {
        self.unit(n).map(|(mantissa, unit)| (mantissa, n.scale, unit))
    }

    /// What `per table` or `per full 200 cases` counts where no `of` says it.
    fn counted_by(&mut self, unit: Option<&ast::Name>, step: Option<&ast::Number>, at: Location) -> Option<Expr> {
        let (name, span) = match (unit, step.map(|n| &n.unit)) {
            (Some(unit), _) => (unit.text.clone(), self.at(unit.span)),
            (None, Some(ast::Unit::Named(unit))) => (unit.text.clone(), self.at(unit.span)),
            _ => (String::new(), at),
        };
        self.counted(&name, span)
    }

    fn remainder(&mut self, r: &ast::Remainder) -> Option<Remainder> {
        let bound = self.quantity(&r.bound)?;
        Some(Remainder { strict: r.strict, bound, value: self.expr(&r.value), at: self.at(r.span) })
    }

    /// What a bare unit counts: the one fact of the event in that unit, or the packs inside the scanned pack.
    fn counted(&mut self, unit: &str, at: Location) -> Option<Expr> {
        let wanted = match unit {
            "yuan" | "元" | "fen" | "分" => Some(NumberUnit::Fen),
            "points" | "积分" => Some(NumberUnit::Points),
            other => self.thing(other).map(NumberUnit::Thing),
        };
        let fields = self.schema().fields.iter();
        let found = fields.filter(|f| matches!(&f.ty, FieldType::Number { unit, .. } if Some(unit) == wanted.as_ref()));
        let found: Vec<&Field> = found.collect();
        if let [one] = found.as_slice() {
            let names: Vec<&str> = one.path.iter().map(|n| n.name.as_str()).collect();
            let fact = self.cx.fact(self.event, &names)?;
            return Some(Expr { kind: ExprKind::Fact(fact), at });
        }
        if found.is_empty() {
            let model = &self.cx.model;
            let scanned = model.events.get(self.event.index()).and_then(|e| e.scan).and_then(|s| model.layers.get(s.0));
            let inside = model.pack(unit).zip(scanned).filter(|(inner, layer)| *inner <= layer.pack);
            if let Some((inner, layer)) = inside {
                let product = self.product(at.span)?;
                return Some(Expr { kind: ExprKind::PackUnits(inner, layer.pack, product), at });
            }
        }
        let choices = found.iter().map(|f| said(f, self.spelling)).collect();
        self.error(Error::WhichCount { at, unit: unit.to_owned(), choices });
        None
    }
}

/// Units that no channel model declares.
fn units(spelling: Spelling) -> [&'static str; 3] {
    match spelling {
        Spelling::En => ["yuan", "points", "times"],
        Spelling::Zh => ["元", "积分", "次"],
    }
}

fn yes_no(spelling: Spelling) -> Vec<String> {
    let words = match spelling {
        Spelling::En => ["yes", "no"],
        Spelling::Zh => ["是", "否"],
    };
    words.map(str::to_owned).into()
}

fn path_text(path: &ast::Path) -> String {
    path.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(".")
}
