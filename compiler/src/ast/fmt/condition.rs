//! Conditions, with parentheses only where the grammar needs them.

use super::Fmt;
use super::amount::Level;
use crate::ast::{CompareOp, Expr, ExprKind};

impl Fmt<'_> {
    pub(super) fn both_or_either(&mut self, id: &str, level: Level, left: &Expr, right: &Expr) {
        self.expr(left, level);
        self.kw_between(id);
        // `x is A or b` would go on the list of values, also where b is no more than a name
        if ends_in_list(left) && begins_with_name(right) {
            self.in_parentheses(right);
        } else {
            self.expr(right, level.tighter());
        }
    }

    pub(super) fn compare(&mut self, op: CompareOp, left: &Expr, right: &Expr) {
        self.expr(left, Level::Sum);
        if op == CompareOp::MultipleOf {
            if self.zh() {
                self.kw_between("is");
                self.simple(right);
                self.kw_between("rate_of");
                self.kw("multiple_zh");
            } else {
                self.kw_between("multiple");
                self.simple(right);
            }
            return;
        }
        self.kw_between(match op {
            CompareOp::AtLeast => "at_least",
            CompareOp::Over => "over",
            CompareOp::Under => "under",
            CompareOp::AtMost => "at_most",
            CompareOp::Equals | CompareOp::MultipleOf => "equals",
        });
        self.expr(right, Level::Sum);
    }
}

/// The expression ends in a list of names that `and` or `or` could continue.
fn ends_in_list(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::IsOneOf { .. } | ExprKind::In { .. } => true,
        ExprKind::Measure(m) => m.only.is_some() || m.except.is_some(),
        ExprKind::Not(e) => ends_in_list(e),
        ExprKind::And(_, r) | ExprKind::Or(_, r) | ExprKind::Compare(_, _, r) | ExprKind::Binary(_, _, r) => {
            ends_in_list(r)
        }
        ExprKind::RateOf { base, .. } => ends_in_list(base),
        _ => false,
    }
}

/// The expression begins with one name and nothing that shows it is not the next value of a list.
fn begins_with_name(e: &Expr) -> bool {
    let follows = |first: &Expr| !matches!(first.kind, ExprKind::Path(_)) && begins_with_name(first);
    match &e.kind {
        ExprKind::Path(p) => p.parts.len() == 1,
        ExprKind::And(l, _) | ExprKind::Or(l, _) => begins_with_name(l),
        ExprKind::Compare(_, v, _) | ExprKind::Binary(_, v, _) => follows(v),
        ExprKind::IsOneOf { value, .. }
        | ExprKind::SameAs { value, .. }
        | ExprKind::In { value, .. }
        | ExprKind::Inside { value, .. }
        | ExprKind::Known { value, .. } => follows(value),
        ExprKind::Clamp { value, .. } => begins_with_name(value),
        ExprKind::Per { amount, .. } => begins_with_name(amount),
        ExprKind::RateOf { rate, base, .. } => begins_with_name(rate) || begins_with_name(base),
        ExprKind::Yes | ExprKind::No => true,
        _ => false,
    }
}
