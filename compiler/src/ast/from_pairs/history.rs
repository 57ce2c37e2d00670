//! Measures and links: what a policy asks of the past. Either word order gives the same tree.

use super::{Builder, Pair};
use crate::ast::error::ErrorKind;
use crate::ast::{Account, Link, Measure, Name, Path, SetExpr, Window};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    /// `count of open_box by store this month`
    pub(super) fn measure(&mut self, pair: Pair<'i>) -> Option<Measure> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let (event, fact) = match kids.one(Rule::path) {
            Some(p) => self.summed(self.path_of(p))?,
            None => (self.one_name(&kids)?, None),
        };
        let by = match kids.one(Rule::measure_by) {
            Some(p) => self.paths(&self.kids(p), Rule::path),
            None => Vec::new(),
        };
        let window = measure_window(kids.one(Rule::measure_window)?)?;
        let (only, except) = self.measured_sets(&kids)?;
        Some(Measure { event, fact, by, window, only, except, span })
    }

    /// `本月 门店 的 open_box 次数`
    pub(super) fn measure_zh(&mut self, pair: Pair<'i>) -> Option<Measure> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let by = self.paths(&kids, Rule::measure_path);
        let window = measure_window(kids.one(Rule::measure_window)?)?;
        let path = self.path_of(kids.one(Rule::event_path)?);
        let (event, fact) = if kids.has(Rule::kw_sum_zh) {
            self.summed(path)?
        } else {
            if path.parts.len() > 1 {
                self.errors.push(ErrorKind::CountsAFact(path.span));
            }
            (path.parts.into_iter().next()?, None)
        };
        let (only, except) = self.measured_sets(&kids)?;
        Some(Measure { event, fact, by, window, only, except, span })
    }

    fn path_of(&self, pair: Pair<'i>) -> Path {
        self.path(pair)
    }

    /// `order_paid.amount` as event and fact.
    fn summed(&mut self, path: Path) -> Option<(Name, Option<Name>)> {
        if path.parts.len() != 2 {
            self.errors.push(ErrorKind::SumsNoFact(path.span));
        }
        let mut parts = path.parts.into_iter();
        let event = parts.next()?;
        let fact = parts.next().unwrap_or_else(|| event.clone());
        Some((event, Some(fact)))
    }

    fn measured_sets(&mut self, kids: &super::Kids<'i>) -> Option<(Option<SetExpr>, Option<SetExpr>)> {
        let mut sets = [None, None];
        for (slot, rule) in sets.iter_mut().zip([Rule::measure_in, Rule::measure_except]) {
            if let Some(p) = kids.one(rule) {
                *slot = Some(self.set(self.kids(p).one(Rule::set)?)?);
            }
        }
        let [only, except] = sets;
        Some((only, except))
    }

    /// `balance of points of consumer`, in either order of words
    pub(super) fn account(&mut self, pair: Pair<'i>) -> Option<Account> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let what = kids.iter().find(|p| matches!(p.as_rule(), Rule::name | Rule::event_name))?;
        let of = kids.iter().find(|p| matches!(p.as_rule(), Rule::path | Rule::measure_path))?;
        let window = match kids.one(Rule::measure_window) {
            Some(p) => Some(measure_window(p)?),
            None => None,
        };
        Some(Account { what: self.name(&what), of: self.path(of), window, span })
    }

    /// `last guide_scan of this bottle within 24 hours by another person`
    pub(super) fn link(&mut self, pair: Pair<'i>) -> Option<Link> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let mut names = kids.all(Rule::name).map(|p| self.name(&p)).collect::<Vec<_>>().into_iter();
        let event = names.next()?;
        let (first, second) = (names.next()?, names.next());
        let (inner, pack) = match second {
            Some(outer) => (Some(first), outer),
            None => (None, first),
        };
        let mut within = None;
        for p in kids.all(Rule::link_within) {
            if within.is_some() {
                self.errors.push(ErrorKind::SaidTwice(self.span(&p)));
            }
            within = Some(self.duration(self.kids(p).one(Rule::duration)?)?);
        }
        Some(Link { event, pack, inner, within, another: kids.has(Rule::kw_another), span })
    }

    /// `24 小时内 本 瓶 最近 guide_scan 且 他人`
    pub(super) fn link_zh(&mut self, pair: Pair<'i>) -> Option<Link> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let event = self.one_name(&kids)?;
        let pack = self.name(&kids.last(Rule::pack_name)?);
        let inner = if kids.has(Rule::kw_inside) { kids.one(Rule::pack_name).map(|p| self.name(&p)) } else { None };
        let within = match kids.one(Rule::duration) {
            Some(p) => Some(self.duration(p)?),
            None => None,
        };
        Some(Link { event, pack, inner, within, another: kids.has(Rule::kw_another), span })
    }
}

fn measure_window(pair: Pair<'_>) -> Option<Window> {
    match pair.into_inner().next()?.as_rule() {
        Rule::today => Some(Window::Day),
        Rule::this_week => Some(Window::Week),
        Rule::this_month => Some(Window::Month),
        Rule::this_quarter => Some(Window::Quarter),
        Rule::this_year => Some(Window::Year),
        Rule::this_campaign => Some(Window::Campaign),
        Rule::kw_ever => Some(Window::Ever),
        _ => None,
    }
}
