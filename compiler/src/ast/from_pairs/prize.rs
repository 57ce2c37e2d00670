//! Pools and shares.

use super::{Builder, Kids, Pair, slip};
use crate::ast::{Chance, ClauseKind, Duration, Effect, Expr, ExprKind, PoolEnd, ShareRow, Unknown};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    /// `pool of N { … }, when used up: …`; its rows are read as a draw's.
    pub(super) fn pool(&mut self, pair: Pair<'i>) -> Option<Box<Expr>> {
        let span = self.span(&pair);
        let kids = self.kids(pair.clone());
        let size = self.number(kids.one(Rule::number)?)?;
        let used_up = kids.one(Rule::pool_end).map(|p| {
            let span = self.span(&p);
            (if self.kids(p).has(Rule::kw_stop) { PoolEnd::Stop } else { PoolEnd::Nothing }, span)
        });
        let rows = self.draw(pair);
        Some(Box::new(Expr { kind: ExprKind::Pool { size, rows, used_up }, span }))
    }

    /// `if …: cancel all`, `minus …`
    pub(super) fn adjust(&mut self, kids: &Kids<'i>) -> Option<ClauseKind> {
        let condition = match kids.one(Rule::cond) {
            Some(p) => Some(self.cond(p)?),
            None => None,
        };
        let effect = match kids.one(Rule::less_part) {
            Some(p) => Effect::Minus(self.arith(self.kids(p).one(Rule::arith)?)?),
            None if kids.has(Rule::kw_half) => Effect::Half,
            None => Effect::CancelAll,
        };
        Some(ClauseKind::Adjust { condition, effect })
    }

    /// `share … { … }`
    pub(super) fn share(&mut self, kids: &Kids<'i>) -> Option<ClauseKind> {
        let reward = self.reward(kids.one(Rule::reward)?)?;
        let mut rows = Vec::new();
        let mut slips = slip::Slips::new(Rule::only_share);
        for p in kids.one(Rule::share_block)?.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::share_row => {
                    let row = self.share_row(p);
                    rows.extend(self.or_unread(at, row));
                }
                Rule::error_row => self.slip(&mut slips, at),
                _ => continue,
            }
            slips.passed(at);
        }
        Some(ClauseKind::Share { reward, rows })
    }

    fn share_row(&mut self, pair: Pair<'i>) -> Option<ShareRow> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let payee = self.path(kids.one(Rule::path)?);
        let part = match (kids.one(Rule::number), kids.one(Rule::name)) {
            (Some(p), _) => Chance::Share(self.number(p)?),
            (None, Some(p)) => Chance::Named(self.name(&p)),
            (None, None) => Chance::Rest(self.span(&kids.one(Rule::kw_rest)?)),
        };
        let unknown = kids.one(Rule::if_unknown).map(|p| self.if_unknown(p));
        Some(ShareRow { payee, part, unknown, span })
    }

    /// `if unknown: skip`, `if unknown: to store`, `if unknown: hold 7 days then skip`
    pub(super) fn if_unknown(&mut self, pair: Pair<'i>) -> Unknown {
        let at = self.span(&pair);
        let kids = self.kids(pair);
        match (kids.one(Rule::path), self.hold(&kids)) {
            (Some(p), _) => Unknown::To(self.path(p)),
            (None, Some(within)) => Unknown::Hold(within),
            (None, None) => Unknown::Skip(at),
        }
    }

    /// `hold 7 days then skip`
    pub(super) fn hold(&mut self, kids: &Kids<'i>) -> Option<Duration> {
        let kids = self.kids(kids.one(Rule::hold)?);
        self.duration(kids.one(Rule::duration)?)
    }
}
