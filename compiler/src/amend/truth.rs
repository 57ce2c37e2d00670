//! One condition holds whenever another does.

use super::value::Values;
use crate::typed::{Expr, Kind};

impl Values<'_> {
    /// Shows that whenever the announced test held the present one does: a comparison moved, a part of an `and` gone,
    /// a part of an `or` new, a set grown.
    pub(super) fn implies(&mut self, was: &Expr, now: &Expr) -> bool {
        if now.as_const() == Some(1) || was.as_const() == Some(0) {
            return true;
        }
        if !self.spend() {
            return false;
        }
        if self.same(now, was) {
            return true;
        }
        match (&was.kind, &now.kind) {
            // These two lose nothing, so they come first.
            (_, Kind::And(a, b)) => self.implies(was, a) && self.implies(was, b),
            (Kind::Or(a, b), _) => self.implies(a, now) && self.implies(b, now),
            (Kind::And(a, b), _) if self.implies(a, now) || self.implies(b, now) => true,
            (_, Kind::Or(a, b)) => self.implies(was, a) || self.implies(was, b),
            (Kind::Not(a), Kind::Not(b)) => self.implies_back(b, a),
            (Kind::InSet(a, s), Kind::InSet(b, t)) => a == b && s.minus(t).is_empty(),
            (Kind::InputInSet(a, s), Kind::InputInSet(b, t)) => s.minus(t).is_empty() && self.same_input(b, a),
            (Kind::Le(a, b), Kind::Le(c, d))
            | (Kind::Lt(a, b), Kind::Lt(c, d) | Kind::Le(c, d))
            | (Kind::Eq(a, b), Kind::Le(c, d)) => {
                (self.at_most(c, a).is_ok() && self.at_least(d, b).is_ok())
                    // What is equal has no sides.
                    || matches!(was.kind, Kind::Eq(..)) && self.at_most(c, b).is_ok() && self.at_least(d, a).is_ok()
            }
            // a ≤ b proves c < d only where one of them moved by at least one.
            (Kind::Le(a, b), Kind::Lt(c, d)) => {
                let moved = c.hi < a.lo || d.lo > b.hi;
                moved && self.at_most(c, a).is_ok() && self.at_least(d, b).is_ok()
            }
            (Kind::Eq(a, b), Kind::Eq(c, d)) => self.same(c, b) && self.same(d, a),
            _ => false,
        }
    }

    /// Shows that whenever the present test holds the announced one did.
    pub(super) fn implies_back(&mut self, now: &Expr, was: &Expr) -> bool {
        self.exchange();
        let shown = self.implies(now, was);
        self.exchange();
        shown
    }
}
