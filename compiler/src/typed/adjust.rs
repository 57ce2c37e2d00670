//! Adjustments of a rule: `if …: cancel all` is a condition that must not hold, the others change what it pays.

use super::build;
use super::error::Error;
use super::prize_error::Error as PrizeError;
use super::scalar::{MILLION, Rule};
use super::{Award, Expr, Type};
use crate::hir::{Adjust, Effect};
use crate::ir::Flow;
use crate::source::Location;

impl Rule<'_, '_> {
    /// The conditions of `cancel all`; where one does not hold, what its opposite proves is known.
    pub fn cancels(&mut self, adjusts: &[Adjust], conditions: &mut Vec<Expr>) {
        for adjust in adjusts.iter().filter(|a| matches!(a.effect, Effect::CancelAll)) {
            let Some(condition) = &adjust.condition else { continue };
            let before = self.checker.out.0.len();
            let test = self.condition(condition);
            let (schema, event) = (&self.checker.hir.schema, self.event);
            let fine = build::not(test, |word| super::scalar::domain(schema, event, word), adjust.at);
            if !condition.has_error() && self.checker.out.0.len() == before {
                conditions.push(Expr { at: adjust.at, ..fine });
            }
            let proven = self.proves(condition, false);
            self.known.extend(proven);
        }
    }

    /// Applies the others in order to everything the rule pays in money or points.
    pub fn adjust(&mut self, adjusts: &[Adjust], awards: &mut [Award]) {
        // What a party is charged, or what is taken from it, is no reward to take something off.
        let mut given: Vec<&mut Award> = awards.iter_mut().filter(|a| a.flow == Flow::Give).collect();
        for adjust in adjusts {
            let at = adjust.at;
            let less = match &adjust.effect {
                Effect::CancelAll => continue,
                Effect::Half => Expr::constant(MILLION / 2, Type::Rate, at),
                Effect::Minus(amount) => self.scalar(amount),
            };
            let test = match &adjust.condition {
                Some(condition) => self.condition(condition),
                None => build::truth(true, at),
            };
            if less.ty == Type::Error || given.is_empty() {
                continue;
            }
            let fits = less.ty == Type::Rate || given.first().is_some_and(|a| a.leaf.amount.ty == less.ty);
            let problem = match () {
                () if given.iter().any(|a| a.leaf.item.is_some()) => PrizeError::AdjustPieces { at },
                () if less.ty != Type::Rate && given.len() > 1 => PrizeError::AdjustWhich { at },
                () if !fits || less.lo < 0 || less.hi == 0 => PrizeError::AdjustBy { at: less.at },
                () => {
                    for award in &mut given {
                        let paid = award.leaf.amount.clone();
                        let reduced = self.reduced(paid.clone(), less.clone(), at);
                        award.leaf.amount = build::select(test.clone(), reduced, paid, at);
                    }
                    continue;
                }
            };
            self.error(at, Error::Prize(problem));
        }
    }

    /// What is left of an amount: of a rate the rest of it, rounded once; never below zero.
    fn reduced(&mut self, paid: Expr, less: Expr, at: Location) -> Expr {
        let ty = paid.ty.clone();
        let zero = |ty: &Type| Expr::constant(0, ty.clone(), at);
        let left = if less.ty == Type::Rate {
            let rest = build::sub(Expr::constant(MILLION, Type::Rate, at), less, at);
            let rest = build::max(self.fits(rest, at), zero(&Type::Rate), at);
            self.rate_of(rest, paid, None, at)
        } else {
            let rest = build::sub(paid, less, at);
            build::max(self.fits(rest, at), zero(&ty), at)
        };
        left.typed(ty)
    }
}
