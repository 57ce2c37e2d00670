//! Tier ladders: whole, marginal, highest, each.
//!
//! A row begins at its bound (`from`: the bound reaches it, `over`: the next unit does) and ends where the next
//! begins, so neither gap nor overlap can be written with one bound per row; rows with two bounds, as sheets have
//! them, are checked for both.

use super::build;
use super::error::Error;
use super::scalar::{MILLION, Rule};
use super::{Expr, Type};
use crate::ast::TierMode;
use crate::hir::{self, TierRow};
use crate::ir::Round;
use crate::source::Location;

/// A row with its bound made "from this value on".
pub struct Row<'h> {
    /// Least value that reaches the row (for a ratio: parts per million).
    pub from: i64,
    /// For a ratio: the bound itself does not reach it.
    pub strict: bool,
    /// The bound as written: of money a row pays on what is above it, be it `from` or `over`.
    pub above: i64,
    /// What it pays.
    pub value: &'h hir::Expr,
    /// Where.
    pub at: Location,
}

/// What rows are reached by.
pub enum Ladder {
    /// A measure.
    Measure(Expr),
    /// A measure as a share of a whole.
    Share(Expr, Expr),
}

impl Rule<'_, '_> {
    /// The ladder and its rows in order; `None` if an error was reported.
    pub fn ladder<'h>(
        &mut self,
        measure: &hir::Expr,
        part_of: Option<&hir::Expr>,
        rows: &'h [TierRow],
        at: Location,
    ) -> Option<(Ladder, Vec<Row<'h>>)> {
        let measure = self.scalar(measure);
        let whole = part_of.map(|p| self.scalar(p));
        if rows.is_empty() {
            self.error(at, Error::NoRows { at });
            return None;
        }
        let sample = match &whole {
            None => measure.clone(),
            Some(w) => Expr::constant(0, Type::Rate, w.at),
        };
        let share = whole.is_some();
        let mut found: Vec<Row<'h>> = Vec::new();
        let mut ok = measure.ty != Type::Error;
        for (i, row) in rows.iter().enumerate() {
            let bound = self.bound(&row.bound, &sample)?;
            // Whole units: `over 100` is `from 101`; a share is compared strictly instead.
            let from = if row.strict && !share { bound + 1 } else { bound };
            let strict = row.strict && share;
            let begin = (from, strict);
            if let Some(last) = found.last().filter(|last| begin <= (last.from, last.strict)) {
                self.error(row.bound.at, Error::TierOrder { at: row.bound.at, previous: last.at });
                ok = false;
            }
            if let (Some((until, included)), Some(next)) = (&row.until, rows.get(i + 1)) {
                let end = self.bound(until, &sample)?;
                let next_bound = self.bound(&next.bound, &sample)?;
                // The first value not in this row, and the first of the next, on one scale.
                let (ends, begins) = if share {
                    ((end, *included), (next_bound, next.strict))
                } else {
                    ((end + i64::from(*included), false), (next_bound + i64::from(next.strict), false))
                };
                if ends > begins {
                    self.error(until.at, Error::TierOverlap { at: until.at, next: next.bound.at });
                    ok = false;
                }
                if ends < begins {
                    self.error(until.at, Error::TierGap { at: until.at, next: next.bound.at });
                    ok = false;
                }
            }
            // The last row of a sheet: what lies above its end must be answered, unless nothing can.
            if let (Some((until, included)), None) = (&row.until, rows.get(i + 1)) {
                let end = self.bound(until, &sample)?;
                let beyond = end.saturating_add(i64::from(*included));
                if share || beyond <= measure.hi {
                    self.error(until.at, Error::TierEnd { at: until.at });
                    ok = false;
                }
            }
            found.push(Row { from, strict, above: bound, value: &row.value, at: row.bound.at });
        }
        if !ok {
            return None;
        }
        let ladder = match whole {
            None => Ladder::Measure(measure),
            Some(whole) => {
                let (measure, whole) = self.unify(measure, whole, at)?;
                if whole.lo < 1 {
                    self.error(whole.at, Error::ZeroWhole { at: whole.at });
                    return None;
                }
                Ladder::Share(measure, whole)
            }
        };
        Some((ladder, found))
    }

    fn bound(&mut self, e: &hir::Expr, sample: &Expr) -> Option<i64> {
        let value = self.scalar(e);
        if value.ty == Type::Error {
            return None;
        }
        let (_, value) = self.unify(sample.clone(), value, e.at)?;
        let found = value.as_const();
        if found.is_none() {
            self.error(e.at, Error::TierBound { at: e.at });
        }
        found
    }

    /// The test that a row is reached.
    pub fn reached(&mut self, ladder: &Ladder, row: &Row<'_>) -> Expr {
        let at = row.at;
        match ladder {
            Ladder::Measure(m) => build::le(Expr::constant(row.from, m.ty.clone(), at), m.clone(), at),
            Ladder::Share(m, whole) => {
                // m / whole >= bound, without division: whole × bound <= m × 1,000,000.
                let need = build::mul(whole.clone(), Expr::constant(row.from, Type::Plain, at), Type::Plain, at);
                let have = build::mul(m.clone(), Expr::constant(MILLION, Type::Plain, at), Type::Plain, at);
                let (need, have) = (self.fits(need, at), self.fits(have, at));
                if row.strict { build::lt(need, have, at) } else { build::le(need, have, at) }
            }
        }
    }

    /// A ladder as one value.
    pub fn tiers(
        &mut self,
        measure: &hir::Expr,
        part_of: Option<&hir::Expr>,
        mode: Option<TierMode>,
        rows: &[TierRow],
        at: Location,
    ) -> Expr {
        let Some((ladder, rows)) = self.ladder(measure, part_of, rows, at) else { return Expr::error(at) };
        let Some(mode) = mode else {
            self.error(at, Error::TierMode { at });
            return Expr::error(at);
        };
        let values: Vec<Expr> = rows.iter().map(|r| self.scalar(r.value)).collect();
        match mode {
            TierMode::Highest => self.highest(&ladder, &rows, values, at),
            TierMode::Each => self.each(&ladder, &rows, values, at),
            TierMode::Whole => self.whole(&ladder, &rows, values, at),
            TierMode::Marginal => self.marginal(&ladder, &rows, values, at),
        }
    }

    fn highest(&mut self, ladder: &Ladder, rows: &[Row<'_>], values: Vec<Expr>, at: Location) -> Expr {
        let mut result = Expr::constant(0, Type::Nothing, at);
        for (row, value) in rows.iter().zip(values) {
            let Some((value, below)) = self.unify(value, result, row.at) else { return Expr::error(at) };
            let test = self.reached(ladder, row);
            result = build::select(test, value, below, row.at);
        }
        result
    }

    fn each(&mut self, ladder: &Ladder, rows: &[Row<'_>], values: Vec<Expr>, at: Location) -> Expr {
        let mut sum = Expr::constant(0, Type::Nothing, at);
        for (row, value) in rows.iter().zip(values) {
            let Some((value, rest)) = self.unify(value, sum, row.at) else { return Expr::error(at) };
            let nothing = Expr::constant(0, value.ty.clone(), at);
            let test = self.reached(ladder, row);
            let part = build::select(test, value, nothing, row.at);
            let total = build::add(rest, part, at);
            sum = self.fits(total, at);
        }
        sum
    }

    /// The reached row's rate on everything, or its amount for every unit.
    fn whole(&mut self, ladder: &Ladder, rows: &[Row<'_>], values: Vec<Expr>, at: Location) -> Expr {
        let measure = match ladder {
            Ladder::Measure(m) | Ladder::Share(m, _) => m.clone(),
        };
        let mut on_everything = Vec::with_capacity(values.len());
        for value in values {
            let value_at = value.at;
            on_everything.push(if value.ty == Type::Rate {
                if !super::points::is_whole(&value, &measure) && self.asks_rounding(&measure.ty, false, value_at) {
                    return Expr::error(at);
                }
                self.rate_of(value, measure.clone(), None, value_at)
            } else if measure.ty == Type::Money && value.ty != Type::Error {
                let why = ("`whole` on money needs a rate in each row", "按金额的“全额”各档应写比例");
                self.error(value_at, Error::TierUse { at: value_at, why });
                Expr::error(at)
            } else {
                let ty = value.ty.clone();
                let product = build::mul(measure.clone(), value, ty, value_at);
                self.fits(product, value_at)
            });
        }
        self.highest(ladder, rows, on_everything, at)
    }

    /// Each slice at its own rate or amount; a rate is rounded once, on the sum.
    fn marginal(&mut self, ladder: &Ladder, rows: &[Row<'_>], values: Vec<Expr>, at: Location) -> Expr {
        let Ladder::Measure(measure) = ladder else {
            let why = ("`marginal` needs a measure, not a share of a target", "“分段”需要一个数量，不能按占比");
            self.error(at, Error::TierUse { at, why });
            return Expr::error(at);
        };
        let rates = values.iter().all(|v| v.ty == Type::Rate);
        let amounts = values.iter().all(|v| matches!(v.ty, Type::Money | Type::Points | Type::Error));
        let continuous = measure.ty == Type::Money;
        if rates != continuous || !(rates || amounts) {
            let why = if continuous {
                ("`marginal` on money needs a rate in each row", "按金额的“分段”各档应写比例")
            } else {
                (
                    "`marginal` on a number needs an amount for each unit in each row",
                    "按数量的“分段”各档应写每单位的金额",
                )
            };
            self.error(at, Error::TierUse { at, why });
            return Expr::error(at);
        }
        let ty = if rates { Type::Money } else { values.first().map_or(Type::Money, |v| v.ty.clone()) };
        let mut sum = Expr::constant(0, ty.clone(), at);
        for (i, (row, value)) in rows.iter().zip(values).enumerate() {
            // Of money a row pays on what is above its bound; thing number `from` is the first of its row, so
            // `from - 1` things lie below it.
            let below = |row: &Row<'_>| if continuous { row.above } else { row.from - 1 };
            let slice = self.slice(measure, below(row), rows.get(i + 1).map(below), row.at);
            let part = build::mul(slice, value, ty.clone(), row.at);
            let part = self.fits(part, row.at);
            let total = build::add(sum, part, at);
            sum = self.fits(total, at);
        }
        if rates {
            let round: Round = self.checker.hir.model.rounding;
            let rounded = build::div(sum, MILLION, round, at);
            return self.fits(rounded, at);
        }
        sum
    }

    /// How much of the measure lies above what is below a row and not above what is below the next.
    fn slice(&mut self, measure: &Expr, below: i64, next: Option<i64>, at: Location) -> Expr {
        let ty = measure.ty.clone();
        let top = match next {
            Some(next) => build::min(measure.clone(), Expr::constant(next, ty.clone(), at), at),
            None => measure.clone(),
        };
        let bottom = Expr::constant(below.max(0), ty.clone(), at);
        let part = build::sub(top, bottom, at);
        let part = self.fits(part, at);
        build::max(part, Expr::constant(0, ty, at), at)
    }
}
