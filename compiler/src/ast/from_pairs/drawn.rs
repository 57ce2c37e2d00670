//! What is drawn among all events of a window, in either word order.

use super::{Builder, Pair};
use crate::ast::Drawn;
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    /// `drawn registered last week with one chance per invoice` · `上周 抽中的 登录发票 且 每 发票 一次机会`
    pub(super) fn drawn(&mut self, pair: Pair<'i>) -> Option<Drawn> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let of = kids.one(Rule::path).or_else(|| kids.one(Rule::drawn_of)).map(|p| self.path(p));
        let (window, back) = self.measure_window(kids.one(Rule::measure_window)?)?;
        let event = self.one_name(&kids)?;
        let filter = self.filter(&kids)?;
        let mut drawn = Drawn { event, filter, of, window, back, gave: None, chance: None, span };
        for p in kids.iter() {
            let at = self.span(&p);
            let again = match p.as_rule() {
                Rule::link_gave => {
                    let kids = self.kids(p);
                    drawn.gave.replace(self.one_name(&kids)?).is_some()
                }
                Rule::chance | Rule::chance_zh => {
                    let kids = self.kids(p);
                    let named = kids.iter().filter(|p| matches!(p.as_rule(), Rule::path | Rule::fused_path));
                    let per = named.map(|p| self.path(p)).collect();
                    drawn.chance.replace(per).is_some()
                }
                _ => false,
            };
            self.once(at, again);
        }
        Some(drawn)
    }
}
