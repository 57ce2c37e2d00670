//! Fractions of a point: the channel's rounding is of money to fen and says nothing of them.

use super::error::Error;
use super::prize_error::Error as PrizeError;
use super::scalar::{MILLION, Rule};
use super::{Expr, Type};
use crate::source::Location;

impl Rule<'_, '_> {
    /// Asks how fractions of an amount of this type are rounded, where nobody has said it; true if that was asked. Of a
    /// bare number it is asked when it turns out to be points.
    pub fn asks_rounding(&mut self, ty: &Type, portion: bool, at: Location) -> bool {
        match ty {
            Type::Points => {
                self.error(at, Error::Prize(PrizeError::PointsRounding { at, portion }));
                true
            }
            Type::Plain => {
                self.unsaid.push(at);
                false
            }
            _ => false,
        }
    }

    /// A bare number is paid as points: what was rounded in it since `before` must have said how.
    pub fn paid_as_points(&mut self, before: usize) {
        let unsaid = self.unsaid.get(before..).unwrap_or_default().to_vec();
        for at in unsaid {
            self.error(at, Error::Prize(PrizeError::PointsRounding { at, portion: false }));
        }
    }
}

/// True if a rate of an amount has no fractions, whatever the amount is or as it is.
pub fn is_whole(rate: &Expr, base: &Expr) -> bool {
    let whole = |n: i128| n % i128::from(MILLION) == 0;
    match (rate.as_const(), base.as_const()) {
        (Some(rate), Some(base)) => whole(i128::from(rate) * i128::from(base)),
        (Some(rate), None) => whole(rate.into()),
        (None, _) => false,
    }
}
