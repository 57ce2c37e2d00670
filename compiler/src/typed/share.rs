//! Shares: one amount in parts that add up to it exactly.

use super::build;
use super::error::Error;
use super::from_hir::payees;
use super::prize_error::Error as PrizeError;
use super::scalar::{MILLION, Rule};
use super::{Award, Expr, Leaf, Type};
use crate::hir;
use crate::ir::{Flow, OnReturn, Round};

impl Rule<'_, '_> {
    /// The awards of a share: every stated part is rounded down, the rest is what they leave.
    pub fn share(&mut self, share: &hir::Share, on_return: OnReturn) -> Vec<Award> {
        let pools = self.pools.len();
        let whole = self.reward(&share.reward);
        if self.pools.len() > pools {
            self.error(share.at, Error::Prize(PrizeError::PoolInside { at: share.at }));
        }
        if whole.iter().any(|leaf| leaf.item.is_some()) {
            let at = share.reward.at;
            self.error(at, Error::Prize(PrizeError::ShareOfThings { at }));
            return Vec::new();
        }
        let mut taken = 0i64;
        let mut parts = Vec::new();
        for (part, give) in &share.parts {
            let found = match part {
                None => None,
                Some(n) => match hir::expr::ppm(n).filter(|ppm| *ppm > 0) {
                    Some(ppm) => {
                        taken = taken.saturating_add(ppm);
                        Some(ppm)
                    }
                    None => {
                        self.error(give.at, Error::FineRate { at: give.at });
                        return Vec::new();
                    }
                },
            };
            parts.push((found, give));
        }
        let rests = parts.iter().filter(|(part, _)| part.is_none()).count();
        if share.written != parts.len() {
            return Vec::new();
        }
        if rests != 1 || taken >= MILLION {
            self.error(share.at, Error::Prize(PrizeError::ShareParts { at: share.at, rests, taken }));
            return Vec::new();
        }
        let mut awards = Vec::new();
        for (part, give) in &parts {
            let payees = payees(self, give);
            for leaf in &whole {
                let amount = match part {
                    Some(ppm) => self.part(leaf, *ppm, give.at),
                    None => self.rest(leaf, &parts, taken, give.at),
                };
                awards.push(Award {
                    payees: payees.clone(),
                    leaf: Leaf { amount, ..leaf.clone() },
                    claim_within: None,
                    due: None,
                    hold: give.hold,
                    flow: Flow::Give,
                    from: None,
                    on_return,
                    at: give.at,
                });
            }
        }
        awards
    }

    fn part(&mut self, leaf: &Leaf, ppm: i64, at: crate::source::Location) -> Expr {
        let ty = leaf.amount.ty.clone();
        let factor = Expr::constant(ppm, Type::Plain, at);
        let value =
            build::mul(leaf.amount.clone(), factor, ty, at).and_then(|p| build::div(p, MILLION, Round::Down, at));
        self.fits(value, at)
    }

    fn rest(
        &mut self,
        leaf: &Leaf,
        parts: &[(Option<i64>, &hir::Give)],
        taken: i64,
        at: crate::source::Location,
    ) -> Expr {
        let mut left = leaf.amount.clone();
        for ppm in parts.iter().filter_map(|(part, _)| *part) {
            let part = self.part(leaf, ppm, at);
            let less = build::sub(left, part, at);
            left = self.fits(less, at);
        }
        if left.as_const().is_none() {
            // Each part is at most its share and more than one less, so the rest is at least its own share and less
            // than that and one for each part; by itself the subtraction of ranges would not show it.
            let own = |amount: i64| i128::from(amount) * i128::from(MILLION - taken) / i128::from(MILLION);
            left.lo = i64::try_from(own(leaf.amount.lo)).unwrap_or(0);
            left.hi = i64::try_from(own(leaf.amount.hi)).unwrap_or(i64::MAX).saturating_add(parts.len() as i64);
            left.hi = left.hi.min(leaf.amount.hi);
        }
        left
    }
}
