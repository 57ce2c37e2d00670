//! Tests beside the policies.

use super::{Builder, Kids, Pair, slip};
use crate::ast::error::ErrorKind;
use crate::ast::{Closed, Expectation, ExpectedAward, Expr, ExprKind, Name, Number, Step, StepKind, Test, TestFact};
use crate::source::Span;
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    pub(super) fn test(&mut self, pair: Pair<'i>) -> Option<Test> {
        let span = self.span(&pair);
        let kids = self.kids(pair.clone());
        let title = match kids.one(Rule::test_head) {
            Some(p) => self.text_of(&self.kids(p).one(Rule::text)?),
            None => {
                let bad = self.span(&kids.one(Rule::bad_head)?);
                self.slip_head(span.start, bad, Rule::only_test_head);
                Self::word("", bad)
            }
        };
        let mut steps = Vec::new();
        let mut slips = slip::Slips::new(Rule::only_step);
        for p in pair.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::error_clause => self.slip(&mut slips, at),
                Rule::kw_test | Rule::test_head | Rule::bad_head | Rule::open | Rule::close => {
                    continue;
                }
                _ => {
                    self.spelled(&p);
                    let kind = self.step(p);
                    let kind = self.or_unread(at, kind);
                    steps.extend(kind.map(|kind| Step { kind, span: at }));
                }
            }
            slips.passed(at);
        }
        Some(Test { title, steps, span })
    }

    fn step(&mut self, pair: Pair<'i>) -> Option<StepKind> {
        let rule = pair.as_rule();
        let kids = self.kids(pair);
        Some(match rule {
            Rule::given => StepKind::Given {
                kind: self.one_name(&kids)?,
                names: self.listed(&kids, Rule::names),
                facts: self.test_facts(&kids),
            },
            Rule::at_step => {
                let event = match kids.one(Rule::kw_again) {
                    Some(p) => Self::word("again", self.span(&p)),
                    None => self.one_name(&kids)?,
                };
                let repeat = match kids.one(Rule::repeat) {
                    Some(p) => Some(self.integer(&self.kids(p).one(Rule::integer)?)),
                    None => None,
                };
                StepKind::At {
                    time: self.datetime(kids.one(Rule::datetime)?)?,
                    event,
                    repeat,
                    of: self.listed(&kids, Rule::names),
                    by: self.listed(&kids, Rule::by_names),
                    facts: self.test_facts(&kids),
                }
            }
            Rule::close_step => {
                let closed = match kids.one(Rule::datetime) {
                    Some(end) => Closed::Campaign(self.datetime(end)?),
                    None => self.closed(kids.one(Rule::closed)?)?,
                };
                StepKind::Close { closed, party: self.one_name(&kids)?, facts: self.test_facts(&kids) }
            }
            Rule::expect => StepKind::Expect(self.expectation(&kids)?),
            _ => return None,
        })
    }

    fn listed(&mut self, kids: &Kids<'i>, rule: Rule) -> Vec<Name> {
        kids.one(rule).map_or_else(Vec::new, |p| self.names(&self.kids(p)))
    }

    fn closed(&mut self, pair: Pair<'i>) -> Option<Closed> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let number = |rule| kids.one(rule).and_then(|p: Pair<'i>| p.as_str().parse::<u32>().ok());
        let year = i32::try_from(number(Rule::closed_year)?).ok()?;
        let (closed, most) = match (number(Rule::closed_month), number(Rule::closed_quarter)) {
            (Some(month), _) => (Closed::Month(year, month), (month, 12)),
            (_, Some(quarter)) => (Closed::Quarter(year, quarter), (quarter, 4)),
            _ => (Closed::Year(year), (1, 1)),
        };
        if most.0 == 0 || most.0 > most.1 {
            self.errors.push(ErrorKind::NoSuchDate { span, last: None });
        }
        Some(closed)
    }

    fn test_facts(&mut self, kids: &Kids<'i>) -> Vec<TestFact> {
        let mut facts = Vec::new();
        let Some(block) = kids.one(Rule::test_facts) else {
            return facts;
        };
        let mut slips = slip::Slips::new(Rule::only_test_fact);
        for p in block.into_inner() {
            let at = self.span(&p);
            match p.as_rule() {
                Rule::test_fact => {
                    let fact = self.test_fact(p, at);
                    facts.extend(self.or_unread(at, fact));
                }
                Rule::error_row => self.slip(&mut slips, at),
                _ => continue,
            }
            slips.passed(at);
        }
        facts
    }

    fn test_fact(&mut self, pair: Pair<'i>, span: Span) -> Option<TestFact> {
        let mut name = None;
        let mut value = None;
        for p in pair.into_inner() {
            let at = self.span(&p);
            let kind = match p.as_rule() {
                Rule::any_name => {
                    name = Some(self.name(&p));
                    continue;
                }
                Rule::datetime => ExprKind::Date(self.datetime(p)?),
                Rule::number => ExprKind::Number(self.number(p)?),
                Rule::kw_yes => ExprKind::Yes,
                Rule::kw_no => ExprKind::No,
                Rule::set_name => ExprKind::Path(Self::as_path(self.name(&p))),
                _ => continue,
            };
            value = Some(Expr { kind, span: at });
        }
        Some(TestFact { name: name?, value: value?, span })
    }

    fn expectation(&mut self, kids: &Kids<'i>) -> Option<Expectation> {
        if let Some(p) = kids.one(Rule::expect_nothing) {
            let because = self.kids(p).one(Rule::any_name).map(|p| self.name(&p));
            return Some(Expectation::Nothing { because });
        }
        let mut awards = Vec::new();
        for party in kids.all(Rule::expected_party) {
            let kids = self.kids(party);
            let to = self.one_name(&kids)?;
            for p in kids.all(Rule::expected) {
                awards.push(self.expected(p, &to)?);
            }
        }
        Some(Expectation::Awards(awards))
    }

    fn expected(&mut self, pair: Pair<'i>, to: &Name) -> Option<ExpectedAward> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let (number, at) = self.signed(&kids)?;
        let count = Expr { kind: ExprKind::Number(number), span: at };
        let mut names = self.names(&kids).into_iter();
        let value = if kids.has(Rule::kw_of) || kids.has(Rule::kw_item_of) {
            let item = names.next()?;
            let span: Span = at.to(item.span);
            Expr { kind: ExprKind::ItemOf { count: Box::new(count), item }, span }
        } else {
            count
        };
        let due = match kids.one(Rule::due) {
            Some(p) => Some(self.datetime(self.kids(p).one(Rule::datetime)?)?),
            None => None,
        };
        let held = match kids.one(Rule::held) {
            Some(p) => Some(self.datetime(self.kids(p).one(Rule::datetime)?)?),
            None => None,
        };
        let tax = match kids.one(Rule::withheld) {
            Some(p) => Some(self.signed(&self.kids(p))?.0),
            None => None,
        };
        Some(ExpectedAward { to: to.clone(), value, kind: names.next(), tax, due, held, span })
    }

    /// A number that a minus may stand before, and its place without it.
    fn signed(&mut self, kids: &Kids<'i>) -> Option<(Number, Span)> {
        let first = kids.one(Rule::number)?;
        let at = self.span(&first);
        let mut number = self.number(first)?;
        if kids.has(Rule::minus) {
            number.mantissa = number.mantissa.checked_neg()?;
        }
        Some((number, at))
    }
}
