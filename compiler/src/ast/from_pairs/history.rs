//! Measures and links: what a policy asks of the past. Either word order gives the same tree.

use super::{Builder, Pair};
use crate::ast::error::ErrorKind;
use crate::ast::{Account, Back, Expr, Link, Measure, Name, Path, SetExpr, Window};
use crate::source::Span;
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
        let filter = self.filter(&kids)?;
        let (window, back) = self.measure_window(kids.one(Rule::measure_window)?)?;
        let (only, except) = self.measured_sets(&kids)?;
        Some(Measure { event, fact, filter, by, window, back, only, except, span })
    }

    /// `本月 门店 的 open_box 次数`
    pub(super) fn measure_zh(&mut self, pair: Pair<'i>) -> Option<Measure> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let by = self.paths(&kids, Rule::measure_path);
        let (window, back) = self.measure_window(kids.one(Rule::measure_window)?)?;
        let path = self.path_of(kids.one(Rule::event_path)?);
        let (event, fact) = if kids.has(Rule::kw_sum_zh) {
            self.summed(path)?
        } else {
            if path.parts.len() > 1 {
                self.errors.push(ErrorKind::CountsAFact(path.span));
            }
            (path.parts.into_iter().next()?, None)
        };
        let filter = self.filter(&kids)?;
        let (only, except) = self.measured_sets(&kids)?;
        Some(Measure { event, fact, filter, by, window, back, only, except, span })
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
            Some(p) => Some(self.measure_window(p)?),
            None => None,
        };
        Some(Account { what: self.name(&what), of: self.path(of), window, span })
    }

    /// `(passed is no)`, where there is one.
    pub(super) fn filter(&mut self, kids: &super::Kids<'i>) -> Option<Option<Box<Expr>>> {
        match kids.one(Rule::filter) {
            Some(p) => Some(Some(Box::new(self.cond(self.kids(p).one(Rule::cond)?)?))),
            None => Some(None),
        }
    }

    /// `last guide_scan of this bottle within 24 hours by another person`
    pub(super) fn link(&mut self, pair: Pair<'i>) -> Option<Link> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let mut names = kids.all(Rule::name).map(|p| self.name(&p)).collect::<Vec<_>>().into_iter();
        let event = names.next()?;
        let first = self.path(kids.one(Rule::path)?);
        let (inner, of) = match (names.next(), first.parts.as_slice()) {
            (Some(outer), [_]) => (first.parts.into_iter().next(), Self::as_path(outer)),
            (Some(outer), _) => {
                self.errors.push(ErrorKind::SaidTwice(first.span));
                (None, Self::as_path(outer))
            }
            (None, _) => (None, first),
        };
        let mut link = self.remembered(event, of, inner, &kids, span)?;
        for p in kids.all(Rule::link_within) {
            let at = self.span(&p);
            let within = self.duration(self.kids(p).one(Rule::duration)?)?;
            self.once(at, link.within.replace(within).is_some());
        }
        Some(link)
    }

    /// `24 小时内 本 瓶 最近 guide_scan 且 他人`
    pub(super) fn link_zh(&mut self, pair: Pair<'i>) -> Option<Link> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let event = self.one_name(&kids)?;
        let first = self.path(kids.one(Rule::pack_path)?);
        let (inner, of) = match kids.one(Rule::pack_name) {
            Some(outer) => {
                self.once(first.span, first.parts.len() > 1);
                (first.parts.into_iter().next(), Self::as_path(self.name(&outer)))
            }
            None => (None, first),
        };
        let mut link = self.remembered(event, of, inner, &kids, span)?;
        if let Some(p) = kids.one(Rule::duration) {
            link.within = Some(self.duration(p)?);
        }
        Some(link)
    }

    /// What both word orders have in common.
    fn remembered(
        &mut self,
        event: Name,
        of: Path,
        inner: Option<Name>,
        kids: &super::Kids<'i>,
        span: Span,
    ) -> Option<Link> {
        let filter = self.filter(kids)?;
        let mut link = Link {
            event,
            filter,
            of,
            inner,
            within: None,
            apart: None,
            same_day: false,
            another: false,
            same_person: false,
            gave: None,
            span,
        };
        for p in kids.iter() {
            let at = self.span(&p);
            let again = match p.as_rule() {
                Rule::link_apart => {
                    let apart = self.duration(self.kids(p).one(Rule::duration)?)?;
                    link.apart.replace(apart).is_some()
                }
                Rule::kw_same_day => std::mem::replace(&mut link.same_day, true),
                Rule::kw_another => std::mem::replace(&mut link.another, true) || link.same_person,
                Rule::kw_same_person => std::mem::replace(&mut link.same_person, true) || link.another,
                Rule::link_gave => {
                    let kids = self.kids(p);
                    link.gave.replace(self.one_name(&kids)?).is_some()
                }
                _ => false,
            };
            self.once(at, again);
        }
        Some(link)
    }

    pub(super) fn once(&mut self, at: Span, again: bool) {
        if again {
            self.errors.push(ErrorKind::SaidTwice(at));
        }
    }

    /// The window, and how far back.
    pub(super) fn measure_window(&mut self, pair: Pair<'i>) -> Option<(Window, Back)> {
        let inner = pair.into_inner().next()?;
        let last = Back { first: 1, ..Back::THIS };
        Some(match inner.as_rule() {
            Rule::this_hour => (Window::Hour, Back::THIS),
            Rule::today => (Window::Day, Back::THIS),
            Rule::this_week => (Window::Week, Back::THIS),
            Rule::this_month => (Window::Month, Back::THIS),
            Rule::this_quarter => (Window::Quarter, Back::THIS),
            Rule::this_year => (Window::Year, Back::THIS),
            Rule::this_campaign => (Window::Campaign, Back::THIS),
            Rule::kw_ever => (Window::Ever, Back::THIS),
            Rule::last_hour => (Window::Hour, last),
            Rule::yesterday => (Window::Day, last),
            Rule::last_week => (Window::Week, last),
            Rule::last_month => (Window::Month, last),
            Rule::last_quarter => (Window::Quarter, last),
            Rule::last_year => (Window::Year, last),
            Rule::many_windows => {
                let kids = self.kids(inner);
                let count = self.integer(&kids.one(Rule::integer)?);
                let (window, each) = kids.choose(|r| match r {
                    Rule::many_hours => Some((Window::Hour, Rule::each_hour)),
                    Rule::many_days => Some((Window::Day, Rule::each_day)),
                    Rule::many_weeks => Some((Window::Week, Rule::each_week)),
                    Rule::many_months => Some((Window::Month, Rule::each_month)),
                    Rule::many_quarters => Some((Window::Quarter, Rule::each_quarter)),
                    Rule::many_years => Some((Window::Year, Rule::each_year)),
                    _ => None,
                })?;
                let each = kids.has(Rule::kw_each_of_last) || kids.has(each);
                (window, Back { first: 0, count, each, many: true })
            }
            _ => return None,
        })
    }
}
