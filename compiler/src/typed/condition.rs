//! Conditions: truth, and what a condition proves to be known for everything behind it.

use super::build;
use super::error::Error;
use super::scalar::{Presence, Rule};
use super::{Expr, Kind, Type};
use crate::ast::CompareOp;
use crate::hir::{self, ExprKind, model::FactType};
use crate::ir::IntervalSet;
use crate::source::Location;

impl Rule<'_, '_> {
    /// The conjuncts of a condition in source order; what each proves holds for those behind it.
    pub fn conjuncts(&mut self, e: &hir::Expr, out: &mut Vec<Expr>) {
        if let ExprKind::And(a, b) = &e.kind {
            self.conjuncts(a, out);
            self.conjuncts(b, out);
            return;
        }
        out.push(self.condition(e));
        let proven = self.proves(e, true);
        self.known.extend(proven);
    }

    /// A condition as a truth value.
    pub fn condition(&mut self, e: &hir::Expr) -> Expr {
        let at = e.at;
        match &e.kind {
            ExprKind::And(a, b) => {
                let a_value = self.condition(a);
                let proven = self.proves(a, true);
                let b_value = self.assuming(proven, b);
                build::and(a_value, b_value, at)
            }
            ExprKind::Or(a, b) => {
                let a_value = self.condition(a);
                let proven = self.proves(a, false);
                let b_value = self.assuming(proven, b);
                build::or(a_value, b_value, at)
            }
            ExprKind::Not(a) => {
                let value = self.condition(a);
                let (schema, event) = (&self.checker.hir.schema, self.event);
                build::not(value, |w| super::scalar::domain(schema, event, w), at)
            }
            ExprKind::Compare(op, a, b) => self.compare(*op, a, b, at),
            ExprKind::IsIn(fact, set, negated) => {
                self.require(fact, at);
                let value = self.member(fact, set, at);
                self.negate_if(*negated, value, at)
            }
            ExprKind::Inside(inner, outer, negated) => {
                let value = self.inside(inner, outer, at);
                self.negate_if(*negated, value, at)
            }
            ExprKind::CellIn(cell, set, negated) => {
                let value = self.cell_in(cell, set, at);
                self.negate_if(*negated, value, at)
            }
            ExprKind::Cell(cell) if self.is_yes_no(cell) => self.cell_in(cell, &IntervalSet::one(1), at),
            ExprKind::Same(one, two, negated) => {
                let value = self.same(one, two, at);
                self.negate_if(*negated, value, at)
            }
            ExprKind::Known(value, negated) => match self.presence(value) {
                Some(known) => self.negate_if(*negated, known, at),
                None => Expr::error(at).typed(Type::Bool),
            },
            ExprKind::Bool(b) => build::truth(*b, at),
            ExprKind::Fact(fact) if fact.ty == FactType::YesNo => {
                self.require(fact, at);
                self.member(fact, &IntervalSet::one(1), at)
            }
            ExprKind::Clock(from, until) => self.clock(*from, *until, at),
            ExprKind::Weekday(days) => self.weekday(days, at),
            ExprKind::Error => Expr::error(at).typed(Type::Bool),
            _ => {
                let value = self.scalar(e);
                if value.ty != Type::Error {
                    let found = self.describe(&value.ty);
                    self.error(
                        at,
                        Error::Expected {
                            at,
                            expected: ("a condition such as `store.grade is A`", "条件，如 `门店.等级 为 A`"),
                            found,
                        },
                    );
                }
                Expr::error(at).typed(Type::Bool)
            }
        }
    }

    fn assuming(&mut self, proven: Vec<Presence>, e: &hir::Expr) -> Expr {
        let before = self.known.len();
        self.known.extend(proven);
        let value = self.condition(e);
        self.known.truncate(before);
        value
    }

    fn negate_if(&mut self, negated: bool, value: Expr, at: Location) -> Expr {
        if !negated {
            return value;
        }
        let (schema, event) = (&self.checker.hir.schema, self.event);
        build::not(value, |w| super::scalar::domain(schema, event, w), at)
    }

    /// What is known once `e` has come out as `truth`.
    pub(super) fn proves(&self, e: &hir::Expr, truth: bool) -> Vec<Presence> {
        match &e.kind {
            ExprKind::Known(value, negated) if *negated != truth => match &value.kind {
                ExprKind::Link(link) => vec![Presence::Link(link.clone())],
                ExprKind::Fact(fact) => {
                    let mut all = Vec::new();
                    match (&fact.link, fact.present) {
                        (None, Some(word)) => all.push(Presence::Word(word)),
                        (Some(link), present) => {
                            all.push(Presence::Link(link.clone()));
                            all.extend(present.map(|w| Presence::LinkWord(link.clone(), w)));
                        }
                        (None, None) => {}
                    }
                    all
                }
                ExprKind::Cell(cell) => super::table::proven(cell),
                _ => Vec::new(),
            },
            ExprKind::And(a, b) if truth => {
                let mut all = self.proves(a, true);
                all.extend(self.proves(b, true));
                all
            }
            ExprKind::Or(a, b) if !truth => {
                let mut all = self.proves(a, false);
                all.extend(self.proves(b, false));
                all
            }
            ExprKind::Not(a) => self.proves(a, !truth),
            _ => Vec::new(),
        }
    }

    fn compare(&mut self, op: CompareOp, a: &hir::Expr, b: &hir::Expr, at: Location) -> Expr {
        let (a, b) = (self.scalar(a), self.scalar(b));
        let Some((a, b)) = self.unify(a, b, at) else { return Expr::error(at).typed(Type::Bool) };
        if op == CompareOp::MultipleOf {
            return self.multiple_of(a, b, at);
        }
        if matches!(a.ty, Type::Bool | Type::Choice | Type::Product | Type::Region | Type::Party | Type::Nothing) {
            let (at, found) = (a.at, self.describe(&a.ty));
            self.error(at, Error::Expected { at, expected: ("a number or a date", "数或日期"), found });
            return Expr::error(at).typed(Type::Bool);
        }
        // A fact against a constant is a set, and sets can be indexed.
        if let (Kind::Word(word), Some(c)) = (&a.kind, b.as_const()) {
            const FAR: i64 = 1 << 62;
            let set = match op {
                CompareOp::AtLeast => IntervalSet::range(c, FAR),
                CompareOp::Over => IntervalSet::range(c + 1, FAR),
                CompareOp::Under => IntervalSet::range(-FAR, c),
                CompareOp::AtMost => IntervalSet::range(-FAR, c + 1),
                CompareOp::Equals | CompareOp::MultipleOf => IntervalSet::one(c),
            };
            return build::in_set(*word, set, &self.domain(*word), at);
        }
        match op {
            CompareOp::AtLeast => build::le(b, a, at),
            CompareOp::Over => build::lt(b, a, at),
            CompareOp::Under => build::lt(a, b, at),
            CompareOp::AtMost => build::le(a, b, at),
            CompareOp::Equals | CompareOp::MultipleOf => build::eq(a, b, at),
        }
    }
}
