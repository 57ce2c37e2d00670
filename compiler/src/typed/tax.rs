//! What awards cost with the tax on them.

use super::build::LIMIT;
use super::error::Error;
use super::scalar::Rule;
use super::{Award, Leaf};
use crate::ir::Withholding;
use crate::ir::tax::Figures;

impl Rule<'_, '_> {
    /// Fen of budget that so much of a prize uses.
    pub fn cost(&self, leaf: &Leaf, amount: i64) -> i64 {
        let tax = self.checker.hir.model.kinds.get(leaf.kind).and_then(|kind| kind.tax);
        let withheld = leaf.net.zip(tax).map(|(net, ppm)| Withholding { net, ppm });
        Figures::of(amount, leaf.unit_cost, withheld).cost
    }

    /// Reports awards whose cost could leave the range of numbers: the gross of a net amount is more than what is written.
    pub fn costs_fit(&mut self, awards: &[Award]) {
        for award in awards {
            if i128::from(self.cost(&award.leaf, award.leaf.amount.hi)) > LIMIT {
                self.error(award.at, Error::Overflow { at: award.at });
            }
        }
    }
}
