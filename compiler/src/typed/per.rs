//! Amounts for each so many: `3 yuan per bottle`, `10 per full 200 cases, remainder …`, `1.2 points per 10 yuan`.

use super::build;
use super::error::Error;
use super::prize_error::Error as PrizeError;
use super::scalar::Rule;
use super::{Expr, Leaf, Type};
use crate::ast::PerStep;
use crate::hir::{self, ExprKind, Per, Remainder, Unit, expr};
use crate::ir::Round;
use crate::source::Location;

/// How many there are to be paid for.
struct Count {
    /// What is counted.
    counted: Expr,
    /// For each how many.
    step: i64,
    /// Only whole multiples count.
    full: bool,
}

impl Rule<'_, '_> {
    /// As one value.
    pub fn per(&mut self, per: &Per, at: Location) -> Expr {
        let Some(count) = self.count(per, at) else { return Expr::error(at) };
        let (amount, decimals) = self.fine_amount(&per.amount);
        if amount.ty == Type::Error {
            return Expr::error(at);
        }
        let exact = 10i64.checked_pow(u32::from(decimals));
        let divisor = exact.and_then(|tens| tens.checked_mul(if count.full { 1 } else { count.step }));
        let Some(divisor) = divisor else {
            self.error(at, Error::Overflow { at });
            return Expr::error(at);
        };
        if !count.full && !matches!(amount.ty, Type::Money | Type::Points | Type::Plain) {
            let found = self.describe(&amount.ty);
            let at = amount.at;
            self.error(at, Error::Expected { at, expected: ("money or points", "金额或积分"), found });
            return Expr::error(at);
        }
        if divisor > 1 && per.rounding.is_none() && self.asks_rounding(&amount.ty, true, at) {
            return Expr::error(at);
        }
        let round = self.rounding(per.rounding);
        let ty = amount.ty.clone();
        let times = self.times(&count, at);
        let value = build::mul(times, amount, ty, at).and_then(|p| build::div(p, divisor, round, at));
        let value = self.fits(value, at);
        let Some(rest) = &per.remainder else { return value };
        let Some(test) = self.leaves_enough(&count, rest) else { return Expr::error(at) };
        let more = self.scalar(&rest.value);
        let Some((value, more)) = self.unify(value, more, rest.at) else { return Expr::error(at) };
        let nothing = Expr::constant(0, more.ty.clone(), rest.at);
        let total = build::add(value, build::select(test, more, nothing, rest.at), at);
        self.fits(total, at)
    }

    /// As prizes: pieces of something, a draw, a table.
    pub fn per_prize(
        &mut self,
        per: &Per,
        prize: &mut dyn FnMut(&mut Self, &hir::Expr) -> Vec<Leaf>,
        at: Location,
    ) -> Vec<Leaf> {
        let Some(count) = self.count(per, at) else { return Vec::new() };
        let times = self.times(&count, at);
        let mut leaves = prize(self, &per.amount);
        for leaf in &mut leaves {
            let ty = leaf.amount.ty.clone();
            let product = build::mul(times.clone(), leaf.amount.clone(), ty, at);
            leaf.amount = self.fits(product, at);
        }
        let Some(rest) = &per.remainder else { return leaves };
        let Some(test) = self.leaves_enough(&count, rest) else { return Vec::new() };
        let more = prize(self, &rest.value);
        let more = super::prize::choose(vec![(test, more)], Vec::new(), rest.at);
        self.sum(leaves, more, at)
    }

    /// True if an amount is one value in fractions of its unit, or in proportion: not a list of prizes.
    pub fn is_portion(per: &Per) -> bool {
        matches!(per.step, Some((_, PerStep::Part))) || decimals(&per.amount).is_some_and(|d| d > 0)
    }

    /// An amount with as many decimals as it is written with, and how many those are.
    fn fine_amount(&mut self, amount: &hir::Expr) -> (Expr, u8) {
        let decimals = decimals(amount).unwrap_or(0);
        let before = std::mem::replace(&mut self.decimals, decimals);
        let value = self.scalar(amount);
        self.decimals = before;
        (value, decimals)
    }

    fn count(&mut self, per: &Per, at: Location) -> Option<Count> {
        let counted = self.scalar(&per.counted);
        let Some(((mantissa, scale, unit), counts)) = &per.step else {
            if let Some(rest) = &per.remainder {
                self.error(rest.at, Error::Prize(PrizeError::RemainderOfPart { at: rest.at }));
                return None;
            }
            let countable = matches!(
                counted.ty,
                Type::Plain | Type::Times | Type::Thing(_) | Type::Points | Type::Days | Type::Error
            );
            if !countable {
                let at = counted.at;
                let found = self.describe(&counted.ty);
                self.error(at, Error::Expected { at, expected: ("something to count", "可数的东西"), found });
                return None;
            }
            return Some(Count { counted, step: 1, full: true });
        };
        let full = *counts == PerStep::Full;
        if let (false, Some(rest)) = (full, &per.remainder) {
            self.error(rest.at, Error::Prize(PrizeError::RemainderOfPart { at: rest.at }));
            return None;
        }
        let step = self.number(*mantissa, *scale, unit, at);
        let (counted, step) = self.unify(counted, step, at)?;
        match step.as_const() {
            Some(step) if step >= 1 => Some(Count { counted, step, full }),
            _ => {
                let found = self.describe(&step.ty);
                self.error(at, Error::Expected { at, expected: ("a number of at least one", "不小于一的数"), found });
                None
            }
        }
    }

    /// What the amount is multiplied by.
    fn times(&mut self, count: &Count, at: Location) -> Expr {
        let counted = count.counted.clone();
        if !count.full {
            return counted;
        }
        if count.step == 1 && counted.ty != Type::Money {
            return counted;
        }
        let value = build::div(counted, count.step, Round::Down, at);
        self.fits(value, at).typed(Type::Times)
    }

    /// The test that what is left after the whole multiples reaches the remainder's bound.
    fn leaves_enough(&mut self, count: &Count, rest: &Remainder) -> Option<Expr> {
        let at = rest.at;
        let (mantissa, scale, unit): &(i128, u8, Unit) = &rest.bound;
        let bound = self.number(*mantissa, *scale, unit, at);
        let (_, bound) = self.unify(count.counted.clone(), bound, at)?;
        let least = i64::from(!rest.strict);
        let reachable = bound.as_const().is_some_and(|b| (least..count.step - i64::from(rest.strict)).contains(&b));
        if !reachable {
            self.error(at, Error::Prize(PrizeError::RemainderBound { at }));
            return None;
        }
        let whole = build::div(count.counted.clone(), count.step, Round::Down, at);
        let whole = self.fits(whole, at);
        let ty = count.counted.ty.clone();
        let paid = build::mul(whole, Expr::constant(count.step, Type::Plain, at), ty, at);
        let paid = self.fits(paid, at);
        let left = build::sub(count.counted.clone(), paid, at);
        let mut left = self.fits(left, at);
        // The floor of the quotient leaves at least nothing and less than one step.
        (left.lo, left.hi) = (0, count.step - 1);
        Some(match rest.strict {
            true => build::lt(bound, left, at),
            false => build::le(bound, left, at),
        })
    }
}

/// How many decimals the numbers of an amount need to be whole; `None` if it is not a number or a table of them.
fn decimals(e: &hir::Expr) -> Option<u8> {
    match &e.kind {
        ExprKind::Number(mantissa, scale, _) => (0..=*scale).find(|more| {
            let tens = 10i128.checked_pow(u32::from(*more));
            tens.and_then(|tens| mantissa.checked_mul(tens)).is_some_and(|m| expr::exact(m, *scale).is_some())
        }),
        ExprKind::Nothing => Some(0),
        ExprKind::Table(_, rows, default, _) => {
            let rows = rows.iter().map(|(_, row)| row).chain(default.as_deref());
            rows.map(decimals).try_fold(0, |most: u8, one| Some(most.max(one?)))
        }
        _ => None,
    }
}
