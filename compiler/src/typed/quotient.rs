//! `a / b`: an amount in proportion to a quotient, or a ratio of two like things.

use super::build;
use super::error::Error;
use super::prize_error::Error as PrizeError;
use super::scalar::{MILLION, Rule};
use super::{Expr, Type};
use crate::ast::{ArithOp, Rounding};
use crate::hir::{self, ExprKind};
use crate::ir::Round;
use crate::source::Location;

impl Rule<'_, '_> {
    /// How a fraction is settled: as said here, else as in the channel.
    pub fn rounding(&self, said: Option<Rounding>) -> Round {
        said.map_or(self.checker.hir.model.rounding, hir::model::round)
    }

    /// `value / by`, rounded once. In `x * y / z` one of x and y has the unit of z (or is a count, as z is), and the
    /// other's unit is the result's; `y / z` of one unit is a rate.
    pub fn quotient(&mut self, value: &hir::Expr, by: &hir::Expr, rounding: Option<Rounding>, at: Location) -> Expr {
        self.early_quotient(by);
        let by = self.scalar(by);
        let (left, right) = match &value.kind {
            ExprKind::Binary(ArithOp::Mul, x, y) => {
                self.early_quotient(x);
                self.early_quotient(y);
                (self.scalar(x), Some(self.scalar(y)))
            }
            _ => {
                self.early_quotient(value);
                (self.scalar(value), None)
            }
        };
        let failed = |e: &Expr| e.ty == Type::Error;
        if failed(&by) || failed(&left) || right.as_ref().is_some_and(failed) {
            return Expr::error(at);
        }
        if by.lo < 1 {
            self.error(by.at, Error::Prize(PrizeError::ZeroDivisor { at: by.at }));
            return Expr::error(at);
        }
        let countable = |ty: &Type| matches!(ty, Type::Plain | Type::Times | Type::Thing(_));
        let like = |a: &Type, b: &Type| a == b || (countable(a) && countable(b));
        let amount = |ty: &Type| matches!(ty, Type::Money | Type::Points) || countable(ty);
        let typed = match right {
            None if countable(&by.ty) && matches!(left.ty, Type::Money | Type::Points) => {
                let ty = left.ty.clone();
                Some((Ok(left.clone()), ty))
            }
            None if like(&left.ty, &by.ty) && amount(&left.ty) => {
                let whole = Expr::constant(MILLION, Type::Plain, at);
                Some((build::mul(left.clone(), whole, Type::Rate, at), Type::Rate))
            }
            Some(right) if like(&right.ty, &by.ty) && amount(&left.ty) => {
                let ty = left.ty.clone();
                Some((build::mul(left.clone(), right, ty.clone(), at), ty))
            }
            Some(right) if like(&left.ty, &by.ty) && amount(&right.ty) => {
                let ty = right.ty.clone();
                Some((build::mul(left.clone(), right, ty.clone(), at), ty))
            }
            _ => None,
        };
        let Some((product, ty)) = typed else {
            let (left_at, right_at) = (left.at, by.at);
            let (left, right) = (self.describe(&left.ty), self.describe(&by.ty));
            self.error(at, Error::Units { at, left, right, left_at, right_at });
            return Expr::error(at);
        };
        if rounding.is_none() && self.asks_rounding(&ty, false, at) {
            return Expr::error(at);
        }
        let round = self.rounding(rounding);
        let value = product.and_then(|p| build::quotient_by(p, by, round, at));
        self.fits(value, at).typed(ty)
    }

    /// A quotient inside a product would be rounded before it is multiplied; that must be said.
    pub fn early_quotient(&mut self, factor: &hir::Expr) {
        if let ExprKind::Quotient(_, _, None) = factor.kind {
            self.error(factor.at, Error::Prize(PrizeError::EarlyQuotient { at: factor.at }));
        }
    }
}
