//! One amount is never below another, whatever the event and the state.

use super::Side;
use super::finding::{Finding, Sort};
use super::say;
use crate::diagnostic::Text;
use crate::ir::{EventId, Input, hash};
use crate::source::Location;
use crate::typed::{Expr, Kind};

/// How many pairs of expressions one comparison looks at: beyond it nothing is shown, so that nobody waits.
const STEPS: u32 = 200_000;

/// Expressions of the same event kind, of both texts.
pub(super) struct Values<'a> {
    pub(super) now: Side<'a>,
    pub(super) was: Side<'a>,
    now_event: EventId,
    was_event: EventId,
    left: u32,
}

/// Where an amount may be below what was announced.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    now: Location,
    was: Location,
    what: Option<Text>,
}

impl Fault {
    /// Nothing is known but that the two differ.
    pub(super) fn unproven(now: &Expr, was: &Expr) -> Fault {
        Fault { now: now.at, was: was.at, what: None }
    }

    /// It is known to be worse.
    pub(super) fn worse(now: Location, was: Location, what: Text) -> Fault {
        Fault { now, was, what: Some(what) }
    }

    /// As something to report; `subject` says what differs if nothing more is known.
    pub(super) fn finding(self, subject: Text) -> Finding {
        let sort = if self.what.is_some() { Sort::Worse } else { Sort::Unproven };
        Finding { now: Some(self.now), was: self.was, what: self.what.unwrap_or(subject), sort }
    }

    /// The two sides exchanged: what was to be no less is to be no more.
    pub(super) fn swapped(self, subject: Text) -> Finding {
        let Fault { now, was, .. } = self;
        Finding { now: Some(was), was: now, what: subject, sort: Sort::Unproven }
    }
}

impl<'a> Values<'a> {
    /// Of a rule of each text.
    pub(super) fn new(now: Side<'a>, was: Side<'a>, now_event: EventId, was_event: EventId) -> Values<'a> {
        Values { now, was, now_event, was_event, left: STEPS }
    }

    /// False when enough was looked at.
    pub(super) fn spend(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left > 0
    }

    /// Do both read the same state?
    pub(super) fn same_input(&self, now: &Input, was: &Input) -> bool {
        hash::input_digest(self.now.program, self.now_event, now)
            == hash::input_digest(self.was.program, self.was_event, was)
    }

    /// Are both the same arithmetic on the same facts?
    pub(super) fn same(&mut self, now: &Expr, was: &Expr) -> bool {
        if !self.spend() {
            return false;
        }
        match (&now.kind, &was.kind) {
            (Kind::Const(a), Kind::Const(b)) => a == b,
            (Kind::Word(a), Kind::Word(b)) => a == b,
            (Kind::Input(a), Kind::Input(b)) => self.same_input(a, b),
            (Kind::Add(a, b), Kind::Add(c, d))
            | (Kind::Sub(a, b), Kind::Sub(c, d))
            | (Kind::Mul(a, b), Kind::Mul(c, d))
            | (Kind::Min(a, b), Kind::Min(c, d))
            | (Kind::Max(a, b), Kind::Max(c, d))
            | (Kind::Eq(a, b), Kind::Eq(c, d))
            | (Kind::Lt(a, b), Kind::Lt(c, d))
            | (Kind::Le(a, b), Kind::Le(c, d))
            | (Kind::And(a, b), Kind::And(c, d))
            | (Kind::Or(a, b), Kind::Or(c, d)) => self.same(a, c) && self.same(b, d),
            // Rounding of one sort never turns the greater number into the lesser one.
            (Kind::Div(a, x, r), Kind::Div(b, y, s)) => x == y && r == s && self.same(a, b),
            (Kind::Quotient(a, b, r), Kind::Quotient(c, d, s)) => r == s && self.same(a, c) && self.same(b, d),
            (Kind::Not(a), Kind::Not(b)) => self.same(a, b),
            (Kind::Select(t, a, b), Kind::Select(u, c, d)) => self.same(t, u) && self.same(a, c) && self.same(b, d),
            (Kind::InSet(a, s), Kind::InSet(b, t)) => a == b && s == t,
            (Kind::InputInSet(a, s), Kind::InputInSet(b, t)) => s == t && self.same_input(a, b),
            (Kind::Lookup(t, a), Kind::Lookup(u, b)) => t == u && self.same(a, b),
            (Kind::Uniform(a, n), Kind::Uniform(b, m)) => n == m && self.same(a, b),
            _ => false,
        }
    }

    /// Shows that `now` is never below `was`.
    pub(super) fn at_least(&mut self, now: &Expr, was: &Expr) -> Result<(), Fault> {
        if now.lo >= was.hi {
            return Ok(());
        }
        if !self.spend() {
            return Err(Fault::unproven(now, was));
        }
        if let (Some(a), Some(b)) = (now.as_const(), was.as_const()) {
            let (a, b) = (say::amount(a, &now.ty), say::amount(b, &was.ty));
            let what =
                Text::new(format!("it was {}, now it is {}", b.en, a.en), format!("原来是 {}，现在是 {}", b.zh, a.zh));
            return Err(Fault::worse(now.at, was.at, what));
        }
        if self.same(now, was) {
            return Ok(());
        }
        if let Some(shown) = self.draws(now, was) {
            return shown;
        }
        self.by_parts(now, was)
    }

    /// The same by the operation on both sides, or on one.
    fn by_parts(&mut self, now: &Expr, was: &Expr) -> Result<(), Fault> {
        let unproven = Err(Fault::unproven(now, was));
        let above_zero = |parts: &[&Expr]| parts.iter().all(|p| p.lo >= 0);
        match (&now.kind, &was.kind) {
            (Kind::Select(..), _) | (_, Kind::Select(..)) => self.choices(now, was),
            (Kind::Add(a, b), Kind::Add(c, d)) => {
                self.at_least(a, c)?;
                self.at_least(b, d)
            }
            (Kind::Sub(a, b), Kind::Sub(c, d)) => {
                self.at_least(a, c)?;
                self.at_most(b, d)
            }
            (Kind::Mul(a, b), Kind::Mul(c, d)) if above_zero(&[a, b, c, d]) => {
                self.at_least(a, c)?;
                self.at_least(b, d)
            }
            // Rounding of one sort never turns the greater number into the lesser one.
            (Kind::Div(a, x, r), Kind::Div(b, y, s)) if r == s && (x == y || (x < y && b.lo >= 0)) => {
                self.at_least(a, b)
            }
            (Kind::Quotient(a, b, r), Kind::Quotient(c, d, s)) if r == s && c.lo >= 0 => {
                self.at_least(a, c)?;
                self.at_most(b, d)
            }
            (Kind::Uniform(a, n), Kind::Uniform(b, m)) if n >= m && self.same(a, b) => Ok(()),
            // Both parts of a lesser-of must be enough, and one of what was announced.
            (Kind::Min(a, b), Kind::Min(..)) => {
                let whole = self.at_least(a, was).and_then(|()| self.at_least(b, was));
                match (&was.kind, whole) {
                    (Kind::Min(c, d), Err(_)) => {
                        self.at_least(a, c)?;
                        self.at_least(b, d)
                    }
                    (_, shown) => shown,
                }
            }
            (Kind::Min(a, b), _) => {
                self.at_least(a, was)?;
                self.at_least(b, was)
            }
            (_, Kind::Min(c, d)) => self.at_least(now, c).or_else(|_| self.at_least(now, d)),
            (_, Kind::Max(c, d)) => {
                self.at_least(now, c)?;
                self.at_least(now, d)
            }
            (Kind::Max(a, b), _) => self.at_least(a, was).or_else(|_| self.at_least(b, was)),
            _ => unproven,
        }
    }

    /// Shows that `now` is never above `was`.
    pub(super) fn at_most(&mut self, now: &Expr, was: &Expr) -> Result<(), Fault> {
        self.exchange();
        let shown = self.at_least(was, now);
        self.exchange();
        shown.map_err(|fault| Fault { now: fault.was, was: fault.now, what: None })
    }

    /// The texts change places.
    pub(super) fn exchange(&mut self) {
        std::mem::swap(&mut self.now, &mut self.was);
        std::mem::swap(&mut self.now_event, &mut self.was_event);
    }

    /// `if … { … } else { … }` on either side: every pair of branches that can come together.
    fn choices(&mut self, now: &Expr, was: &Expr) -> Result<(), Fault> {
        match (&now.kind, &was.kind) {
            (Kind::Select(t, a, b), Kind::Select(u, c, d)) => {
                if self.same(t, u) {
                    self.at_least(a, c)?;
                    return self.at_least(b, d);
                }
                self.at_least(a, c)?;
                self.at_least(b, d)?;
                if !self.implies(u, t) && self.at_least(b, c).is_err() {
                    let narrower = self.implies_back(t, u).then(|| {
                        Text::new("this is paid on a stricter condition than before", "这一项的条件比原来更严")
                    });
                    return Err(Fault { now: t.at, was: u.at, what: narrower });
                }
                if !self.implies_back(t, u) && self.at_least(a, d).is_err() {
                    return Err(Fault { now: t.at, was: u.at, what: None });
                }
                Ok(())
            }
            (Kind::Select(_, a, b), _) => {
                self.at_least(a, was)?;
                self.at_least(b, was)
            }
            (_, Kind::Select(_, c, d)) => {
                self.at_least(now, c)?;
                self.at_least(now, d)
            }
            _ => Err(Fault::unproven(now, was)),
        }
    }
}
