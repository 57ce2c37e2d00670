//! Experiments, and whom a policy is rolled out to.

use super::{Builder, Kids, Pair};
use crate::ast::{Arm, ClauseKind, Experiment};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    pub(super) fn experiment(&mut self, pair: Pair<'i>) -> Option<Experiment> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let mut arms = Vec::new();
        for arm in kids.all(Rule::arm) {
            let kids = self.kids(arm);
            arms.push(Arm { share: self.number(kids.one(Rule::number)?)?, policy: self.one_name(&kids)? });
        }
        let holdout = match kids.one(Rule::holdout) {
            Some(p) => Some(self.number(self.kids(p).one(Rule::number)?)?),
            None => None,
        };
        Some(Experiment { name: self.one_name(&kids)?, arms, by: self.path(kids.one(Rule::path)?), holdout, span })
    }

    /// `pilot …`, `roll out to …`
    pub(super) fn selection(&mut self, kids: &Kids<'i>) -> Option<ClauseKind> {
        if let Some(set) = kids.one(Rule::set) {
            return Some(ClauseKind::Pilot {
                set: self.set(set)?,
                by: kids.one(Rule::path).map(|p| self.path(p)),
                unknown: kids.one(Rule::unknown_skip).map(|p| self.span(&p)),
            });
        }
        let role = kids.one(Rule::name).or_else(|| kids.one(Rule::measure_name))?;
        Some(ClauseKind::RollOut { share: self.number(kids.one(Rule::number)?)?, role: self.name(&role) })
    }
}
