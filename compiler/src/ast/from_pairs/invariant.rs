//! Invariants.

use super::{Builder, Pair};
use crate::ast::{Invariant, InvariantMost, InvariantOf, InvariantSum};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    pub(super) fn invariant(&mut self, pair: Pair<'i>) -> Option<Invariant> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let of = self.kids(kids.one(Rule::invariant_of)?);
        let of = match (of.one(Rule::kw_event), of.one(Rule::fused_path)) {
            (Some(p), _) => InvariantOf::AnyEvent(self.span(&p)),
            (_, Some(p)) => InvariantOf::Path(self.path(p)),
            _ => return None,
        };
        let window = match kids.one(Rule::invariant_window) {
            Some(p) => Some(self.window(self.kids(p).one(Rule::window)?)?),
            None => None,
        };
        let sum = self.kids(kids.one(Rule::invariant_sum)?);
        let sum = match (sum.one(Rule::kw_all_rewards), sum.one(Rule::kw_prize_value)) {
            (Some(p), _) => InvariantSum::All(self.span(&p)),
            (_, Some(p)) => InvariantSum::Dearest(self.span(&p)),
            _ => InvariantSum::Kind(self.one_name(&sum)?),
        };
        let title = self.text_of(&kids.one(Rule::text)?);
        let most = self.invariant_most(kids.one(Rule::invariant_most)?)?;
        Some(Invariant { title, of, window, sum, most, span })
    }

    fn invariant_most(&mut self, pair: Pair<'i>) -> Option<InvariantMost> {
        let kids = self.kids(pair.clone());
        let Some(base) = kids.one(Rule::share_base) else {
            // one simple value is a list of one term
            return Some(InvariantMost::Sum(self.arith(pair)?));
        };
        let base = self.kids(base);
        let pack = match base.one(Rule::price_zh) {
            Some(p) => p.into_inner().next().map(|word| self.name(&word)),
            None => self.one_name(&base),
        };
        Some(InvariantMost::OfPrice { rate: self.number(kids.one(Rule::number)?)?, pack })
    }
}
