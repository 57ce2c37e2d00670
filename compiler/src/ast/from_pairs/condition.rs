//! Conditions: `and`, `or`, `not` and the tests between them.

use super::amount::is_simple;
use super::{Builder, MAX_EXPRESSION_DEPTH, Pair};
use crate::ast::error::ErrorKind;
use crate::ast::{CompareOp, Expr, ExprKind, Name};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    /// A condition or, where none of its words occur, an amount. `or` binds weaker than `and`, `and` than `not`.
    pub(super) fn cond(&mut self, pair: Pair<'i>) -> Option<Expr> {
        let whole = self.span(&pair);
        let kids: Vec<Pair<'i>> = pair.into_inner().collect();
        // how much deeper the tree gets by this list alone
        let links = kids.iter().filter(|p| matches!(p.as_rule(), Rule::kw_and | Rule::kw_or | Rule::kw_not)).count();
        self.deeper(links + 1, whole, |b| {
            let mut either: Option<Expr> = None;
            let mut both: Option<Expr> = None;
            let mut nots = Vec::new();
            let mut test: Option<Expr> = None;
            for p in kids {
                match p.as_rule() {
                    Rule::kw_not => nots.push(b.span(&p)),
                    Rule::kw_and | Rule::kw_or => {
                        both = join(ExprKind::And, both, negate(&mut nots, test.take()));
                        if p.as_rule() == Rule::kw_or {
                            either = join(ExprKind::Or, either, both.take());
                        }
                    }
                    Rule::arith => test = Some(b.arith(p)?),
                    _ => test = Some(b.tested(test.take()?, p)?),
                }
            }
            both = join(ExprKind::And, both, negate(&mut nots, test));
            join(ExprKind::Or, either, both)
        })
    }

    /// What is asked of a value: `is known`, `at least 50`, `in 四川` …
    fn tested(&mut self, value: Expr, pair: Pair<'i>) -> Option<Expr> {
        let span = value.span.to(self.span(&pair));
        let value = Box::new(value);
        let kind = match pair.as_rule() {
            Rule::kw_known => ExprKind::Known { value, negated: false },
            Rule::kw_unknown => ExprKind::Known { value, negated: true },
            Rule::is_tail => {
                let kids = self.kids(pair);
                let negated = kids.has(Rule::kw_is_not);
                if let Some(other) = kids.one(Rule::same_as) {
                    return Some(Expr { kind: ExprKind::SameAs { value, other: self.path(other), negated }, span });
                }
                let options = kids.all(Rule::option).map(|p| self.option(p)).collect::<Option<Vec<_>>>()?;
                ExprKind::IsOneOf { value, options, negated }
            }
            Rule::in_tail => {
                let kids = self.kids(pair);
                let negated = kids.has(Rule::kw_not_in);
                match kids.one(Rule::inside) {
                    Some(outer) => ExprKind::Inside { value, outer: self.named_value(outer)?, negated },
                    None => ExprKind::In { value, set: self.set(kids.one(Rule::set)?)?, negated },
                }
            }
            Rule::multiple => {
                let p = pair.into_inner().find(|p| is_simple(p.as_rule()))?;
                ExprKind::Compare(CompareOp::MultipleOf, value, self.primary(p)?)
            }
            Rule::compare => {
                let kids = self.kids(pair);
                let op = kids.choose(|r| match r {
                    Rule::kw_at_least => Some(CompareOp::AtLeast),
                    Rule::kw_over => Some(CompareOp::Over),
                    Rule::kw_under => Some(CompareOp::Under),
                    Rule::kw_at_most => Some(CompareOp::AtMost),
                    Rule::kw_equals => Some(CompareOp::Equals),
                    _ => None,
                })?;
                ExprKind::Compare(op, value, Box::new(self.arith(kids.one(Rule::arith)?)?))
            }
            _ => return None,
        };
        Some(Expr { kind, span })
    }

    fn option(&mut self, pair: Pair<'i>) -> Option<Name> {
        let kids = self.kids(pair.clone());
        self.one_name(&kids).or_else(|| self.yes_no_name(&pair))
    }

    /// Builds something `by` levels deeper, or says that this is too deep.
    pub(super) fn deeper(
        &mut self,
        by: usize,
        span: crate::source::Span,
        build: impl FnOnce(&mut Self) -> Option<Expr>,
    ) -> Option<Expr> {
        if self.depth + by > MAX_EXPRESSION_DEPTH {
            self.errors.push(ErrorKind::TooDeep(span));
            return Some(Expr { kind: ExprKind::Error, span });
        }
        self.depth += by;
        let built = build(self);
        self.depth -= by;
        built
    }
}

fn negate(nots: &mut Vec<crate::source::Span>, test: Option<Expr>) -> Option<Expr> {
    let mut test = test?;
    while let Some(not) = nots.pop() {
        let span = not.to(test.span);
        test = Expr { kind: ExprKind::Not(Box::new(test)), span };
    }
    Some(test)
}

fn join(op: fn(Box<Expr>, Box<Expr>) -> ExprKind, left: Option<Expr>, right: Option<Expr>) -> Option<Expr> {
    match (left, right) {
        (Some(l), Some(r)) => {
            let span = l.span.to(r.span);
            Some(Expr { kind: op(Box::new(l), Box::new(r)), span })
        }
        (l, r) => l.or(r),
    }
}
