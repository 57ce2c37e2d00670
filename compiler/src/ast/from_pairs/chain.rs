//! Redemption chains.

use super::{Builder, Kids};
use crate::ast::{ChainLevel, ClauseKind, Exchanged};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    /// `redeem until …`, of everybody or of each level.
    pub(super) fn redeem(&mut self, kids: &Kids<'i>) -> Option<ClauseKind> {
        if let Some(until) = kids.one(Rule::datetime) {
            return Some(ClauseKind::RedeemUntil(self.datetime(until)?));
        }
        let mut levels = Vec::new();
        for pair in kids.all(Rule::chain_level) {
            let span = self.span(&pair);
            let kids = self.kids(pair);
            let until = self.datetime(kids.one(Rule::datetime)?)?;
            levels.push(ChainLevel { until, role: self.one_name(&kids)?, span });
        }
        Some(ClauseKind::RedeemChain(levels))
    }

    /// `exchanged goods: …`
    pub(super) fn exchanged(kids: &Kids<'i>) -> Option<ClauseKind> {
        let answer = kids.choose(|r| match r {
            Rule::kw_play_again => Some(Exchanged::PlayAgain),
            Rule::kw_no_further => Some(Exchanged::NoFurther),
            _ => None,
        })?;
        Some(ClauseKind::Exchanged(answer))
    }
}
