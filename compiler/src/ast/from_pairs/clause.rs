//! The clauses of policies and rules.

use super::{Builder, Kids, Pair, slip};
use crate::ast::error::ErrorKind;
use crate::ast::{
    Beyond, Charge, Claim, Clause, ClauseKind, CostKind, Expr, ExprKind, First, Give, Limit, Name, OnReturn, Path,
    PayTerm, Period, Take, UsedUp, Window,
};
use crate::source::Span;
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    /// The clauses of a block, and a report of every one that cannot be read.
    pub(super) fn clauses(&mut self, block: Pair<'i>) -> Vec<Clause> {
        let mut clauses = Vec::new();
        let mut slips = slip::Slips::new(Rule::only_clause);
        for p in block.into_inner() {
            let span = self.span(&p);
            match p.as_rule() {
                Rule::open | Rule::close => continue,
                Rule::error_clause => self.slip(&mut slips, span),
                _ => {
                    self.spelled(&p);
                    match self.clause(p) {
                        Some(kind) => clauses.push(Clause { kind, span }),
                        None => self.errors.push(ErrorKind::Unread(span)),
                    }
                }
            }
            slips.passed(span);
        }
        clauses
    }

    fn clause(&mut self, pair: Pair<'i>) -> Option<ClauseKind> {
        // only these contain clauses; apart from the rest, so that each level of nesting takes little stack
        match pair.as_rule() {
            Rule::on_clause => self.on_clause(pair),
            Rule::every_clause => self.every_clause(pair),
            _ => self.plain_clause(pair),
        }
    }

    fn plain_clause(&mut self, pair: Pair<'i>) -> Option<ClauseKind> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let kids = self.kids(pair);
        Some(match rule {
            Rule::kind => {
                let shares = kids.all(Rule::cost_share).map(|p| self.cost_share(p)).collect::<Option<Vec<_>>>()?;
                ClauseKind::Kind(shares)
            }
            Rule::during => {
                let first = self.datetime(kids.one(Rule::datetime)?)?;
                ClauseKind::During(first, self.datetime(kids.last(Rule::datetime)?)?)
            }
            Rule::redeem => self.redeem(&kids)?,
            Rule::exchanged => Self::exchanged(&kids)?,
            Rule::products => ClauseKind::Products(self.set(kids.one(Rule::set)?)?),
            Rule::regions => ClauseKind::Regions {
                set: self.set(kids.one(Rule::set)?)?,
                by: kids.one(Rule::path).map(|p| self.path(p)),
                unknown: kids.one(Rule::unknown_skip).map(|p| self.span(&p)),
            },
            Rule::pilot | Rule::roll_out => self.selection(&kids)?,
            Rule::budget => self.budget(&kids)?,
            Rule::owner => {
                let mut texts = kids.all(Rule::text).map(|p| self.text_of(&p));
                ClauseKind::Owner(texts.next()?, texts.next())
            }
            Rule::delivery => ClauseKind::Delivery(self.text_of(&kids.one(Rule::text)?)),
            Rule::announced_odds => ClauseKind::AnnouncedOdds(self.number(kids.one(Rule::number)?)?),
            Rule::let_clause => {
                let name = self.one_name(&kids)?;
                let value = self.cond(kids.one(Rule::cond)?)?;
                self.declare(&name.text);
                ClauseKind::Let(name, value)
            }
            Rule::once => {
                let (per, window) = self.counted_by(&kids, Rule::per_item)?;
                ClauseKind::Once { per, window }
            }
            Rule::limit => ClauseKind::Limit(self.limit(&kids, Rule::per_item, span)?),
            Rule::counted if kids.has(Rule::kw_once) => {
                let (per, window) = self.counted_by(&kids, Rule::each_item)?;
                ClauseKind::Once { per, window }
            }
            Rule::apart => self.apart(&kids, Rule::per_item)?,
            Rule::counted if kids.has(Rule::kw_apart) => self.apart(&kids, Rule::each_item)?,
            Rule::counted => ClauseKind::Limit(self.limit(&kids, Rule::each_item, span)?),
            Rule::first_parties => ClauseKind::First(self.first(&kids)?),
            Rule::give => ClauseKind::Give(self.give(&kids, span)?),
            Rule::share => self.share(&kids)?,
            Rule::adjust => self.adjust(&kids)?,
            Rule::take => ClauseKind::Take(Take {
                from: self.path(kids.one(Rule::path)?),
                reward: self.reward(kids.one(Rule::reward)?)?,
                span,
            }),
            Rule::charge => ClauseKind::Charge(Charge {
                from: self.path(kids.one(Rule::path)?),
                value: self.arith(kids.one(Rule::arith)?)?,
                to: self.path(kids.last(Rule::path)?),
                span,
            }),
            Rule::returned => ClauseKind::Returned(kids.choose(|r| match r {
                Rule::kw_take_back => Some(OnReturn::TakeBack),
                Rule::kw_keep => Some(OnReturn::Keep),
                Rule::kw_in_proportion => Some(OnReturn::InProportion),
                _ => None,
            })?),
            _ => return None,
        })
    }

    /// Remembers a declared name that would otherwise read as a price (`特价`).
    pub(super) fn declare(&mut self, name: &str) {
        if name.ends_with('价') && !self.price_like.iter().any(|n| n == name) {
            self.price_like.push(name.to_owned());
        }
    }

    fn cost_share(&mut self, pair: Pair<'i>) -> Option<(CostKind, Option<crate::ast::Number>, Span)> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let kind = if kids.has(Rule::kw_cp) { CostKind::Cp } else { CostKind::Tp };
        let share = match kids.one(Rule::number) {
            Some(p) => Some(self.number(p)?),
            None => None,
        };
        Some((kind, share, span))
    }

    fn budget(&mut self, kids: &Kids<'i>) -> Option<ClauseKind> {
        let soft = match kids.one(Rule::soft) {
            Some(p) => Some(self.number(self.kids(p).one(Rule::number)?)?),
            None => None,
        };
        let used_up = kids.one(Rule::used_up).map(|p| {
            let span = self.span(&p);
            (if self.kids(p).has(Rule::kw_cut) { UsedUp::Cut } else { UsedUp::Stop }, span)
        });
        Some(ClauseKind::Budget { amount: self.arith(kids.one(Rule::arith)?)?, soft, used_up })
    }

    fn on_clause(&mut self, pair: Pair<'i>) -> Option<ClauseKind> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let (events, condition) = self.on_head(&kids, span)?;
        let redeem = kids.one(Rule::kw_redeem).map(|p| self.span(&p));
        Some(ClauseKind::On { events, redeem, condition, clauses: self.clauses(kids.one(Rule::clause_block)?) })
    }

    fn on_head(&mut self, kids: &Kids<'i>, span: Span) -> Option<(Vec<Name>, Option<Expr>)> {
        Some(match kids.one(Rule::on_head) {
            Some(head) => {
                let head = self.kids(head);
                let condition = self.optional_cond(&head)?;
                (self.names(&head), condition)
            }
            None => (Vec::new(), self.bad_head(kids, span, Rule::only_on_head)),
        })
    }

    fn every_clause(&mut self, pair: Pair<'i>) -> Option<ClauseKind> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let (period, role, condition) = self.every_head(&kids, span)?;
        Some(ClauseKind::Every { period, role, condition, clauses: self.clauses(kids.one(Rule::clause_block)?) })
    }

    fn every_head(&mut self, kids: &Kids<'i>, span: Span) -> Option<(Period, Name, Option<Expr>)> {
        let period = self.kids(kids.one(Rule::period)?).choose(|r| match r {
            Rule::month => Some(Period::Month),
            Rule::quarter => Some(Period::Quarter),
            Rule::year => Some(Period::Year),
            Rule::campaign => Some(Period::Campaign),
            _ => None,
        })?;
        let (role, condition) = match kids.one(Rule::every_head) {
            Some(head) => {
                let head = self.kids(head);
                let condition = self.optional_cond(&head)?;
                let path = self.path(head.one(Rule::path)?);
                if path.parts.len() > 1 {
                    self.errors.push(ErrorKind::PeriodForPath(path.span));
                }
                (path.parts.into_iter().next()?, condition)
            }
            None => {
                let condition = self.bad_head(kids, span, Rule::only_every_head);
                (Self::word("", Span::new(span.start, span.start)), condition)
            }
        };
        Some((period, role, condition))
    }

    fn optional_cond(&mut self, kids: &Kids<'i>) -> Option<Option<Expr>> {
        match kids.one(Rule::cond) {
            Some(p) => self.cond(p).map(Some),
            None => Some(None),
        }
    }

    /// Reports a header that cannot be read; its condition is an error node.
    fn bad_head(&mut self, kids: &Kids<'i>, span: Span, rule: Rule) -> Option<Expr> {
        let head = self.span(&kids.one(Rule::bad_head)?);
        self.slip_head(span.start, head, rule);
        Some(Expr { kind: ExprKind::Error, span: head })
    }

    /// The `per …` parts: at most one of them is a window.
    fn counted_by(&mut self, kids: &Kids<'i>, rule: Rule) -> Option<(Vec<Path>, Option<Window>)> {
        let mut per = Vec::new();
        let mut window = (kids.has(Rule::kw_ever) || kids.has(Rule::kw_ever_after)).then_some(Window::Ever);
        for p in kids.all(rule) {
            let at = self.span(&p);
            let kids = self.kids(p);
            if let Some(w) = kids.one(Rule::window) {
                if window.is_some() {
                    self.errors.push(ErrorKind::SaidTwice(at));
                }
                window = Some(self.window(w)?);
            } else {
                let mut path = self.path(kids.one(Rule::path).or_else(|| kids.one(Rule::fused_path))?);
                path.same = kids.has(Rule::kw_same);
                per.push(path);
            }
        }
        Some((per, window))
    }

    pub(super) fn window(&mut self, pair: Pair<'i>) -> Option<Window> {
        self.kids(pair).choose(|r| match r {
            Rule::hour => Some(Window::Hour),
            Rule::day => Some(Window::Day),
            Rule::week => Some(Window::Week),
            Rule::month => Some(Window::Month),
            Rule::quarter => Some(Window::Quarter),
            Rule::year => Some(Window::Year),
            Rule::campaign => Some(Window::Campaign),
            _ => None,
        })
    }

    /// A limit in either word order; also the ceilings of a group.
    pub(super) fn limit(&mut self, kids: &Kids<'i>, rule: Rule, span: Span) -> Option<Limit> {
        let (per, window) = self.counted_by(kids, rule)?;
        let only = kids.one(Rule::only).and_then(|p| self.kids(p).one(Rule::path)).map(|p| self.path(p));
        let beyond = self.beyond(kids);
        // one simple value is a list of one term
        let max = self.arith(kids.one(Rule::limit_max)?)?;
        Some(Limit { max, per, window, only, beyond, span })
    }

    fn apart(&mut self, kids: &Kids<'i>, rule: Rule) -> Option<ClauseKind> {
        let (per, window) = self.counted_by(kids, rule)?;
        let gap = self.duration(kids.one(Rule::duration)?)?;
        Some(ClauseKind::Apart { gap, per, window, beyond: self.beyond(kids) })
    }

    fn first(&mut self, kids: &Kids<'i>) -> Option<First> {
        let window = kids.one(Rule::invariant_window).and_then(|p| self.kids(p).one(Rule::window));
        Some(First {
            max: self.number(kids.one(Rule::first_count)?)?,
            of: self.one_name(kids)?,
            window: window.and_then(|p| self.window(p)),
            beyond: self.beyond(kids),
        })
    }

    fn beyond(&mut self, kids: &Kids<'i>) -> Option<(Beyond, Span)> {
        let pair = kids.one(Rule::beyond)?;
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let beyond = match self.hold(&kids) {
            Some(within) => Beyond::Hold(within),
            None if kids.has(Rule::kw_cut) => Beyond::Cut,
            None => Beyond::Skip,
        };
        Some((beyond, span))
    }

    fn give(&mut self, kids: &Kids<'i>, span: Span) -> Option<Give> {
        let mut give = Give {
            payee: self.path(kids.one(Rule::path)?),
            reward: self.reward(kids.one(Rule::reward)?)?,
            when: None,
            unknown: None,
            claim: None,
            pay: None,
            through: None,
            span,
        };
        for p in kids.iter() {
            let at = self.span(&p);
            let again = match p.as_rule() {
                Rule::when => {
                    let cond = self.cond(self.kids(p).one(Rule::cond)?)?;
                    give.when.replace(cond).is_some()
                }
                Rule::if_unknown => {
                    let answer = self.if_unknown(p);
                    give.unknown.replace(answer).is_some()
                }
                Rule::claim => {
                    let within = self.duration(self.kids(p).one(Rule::duration)?)?;
                    give.claim.replace(Claim { within, span: at }).is_some()
                }
                Rule::pay => {
                    let term = match self.kids(p).one(Rule::duration) {
                        Some(p) => PayTerm::Within(self.duration(p)?),
                        None => PayTerm::NextMonth,
                    };
                    give.pay.replace(term).is_some()
                }
                Rule::through => {
                    let path = self.path(self.kids(p).one(Rule::path)?);
                    give.through.replace(path).is_some()
                }
                _ => false,
            };
            if again {
                self.errors.push(ErrorKind::SaidTwice(at));
            }
        }
        Some(give)
    }
}
