//! What a checked expression can come to: the intervals at the ends of its branches, each with the place that says it.
//!
//! The range of an expression is one interval over everything; here a test is believed in the branch behind it, so the
//! rows of a draw, a tier or a table keep their own values. It is an upper bound of what can happen: sums of several
//! branches are taken in all combinations.

use crate::ir::{Input, IntervalSet, Schema, Word};
use crate::source::Location;
use crate::typed::build::quotient;
use crate::typed::{Expr, Kind, Table};

/// More combinations of branches than this become one interval.
const MOST: usize = 4_096;

/// What one branch comes to, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Least.
    pub lo: i64,
    /// Greatest.
    pub hi: i64,
    /// Where it is said.
    pub at: Location,
}

/// Something a test speaks of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Atom<'e> {
    Word(Word),
    Input(&'e Input),
    Other(&'e Kind),
}

impl<'e> Atom<'e> {
    fn of(kind: &'e Kind) -> Atom<'e> {
        match kind {
            Kind::Word(word) => Atom::Word(*word),
            Kind::Input(input) => Atom::Input(input),
            other => Atom::Other(other),
        }
    }
}

/// What is believed while expressions are looked at.
#[derive(Clone, Debug)]
pub(super) struct Values<'e> {
    schema: &'e Schema,
    /// What a word can be, as gates and conditions say.
    sets: Vec<(Word, &'e IntervalSet)>,
    /// Narrower bounds, the latest last.
    known: Vec<(Atom<'e>, i64, i64)>,
}

impl<'e> Values<'e> {
    /// Nothing is believed yet.
    pub(super) fn new(schema: &'e Schema) -> Values<'e> {
        Values { schema, sets: Vec::new(), known: Vec::new() }
    }

    /// What holds wherever a rule pays.
    pub(super) fn of_rule(schema: &'e Schema, rule: &'e crate::typed::Rule) -> Values<'e> {
        let mut values = Values::new(schema);
        for gate in &rule.gates {
            values.word_in(gate.word, &gate.set);
        }
        for condition in &rule.conditions {
            values.assume(condition, true);
        }
        values
    }

    /// An expression is one value.
    pub(super) fn fix(&mut self, e: &'e Expr, value: i64) {
        self.known.push((Atom::of(&e.kind), value, value));
    }

    /// A word of the event is one value.
    pub(super) fn fix_word(&mut self, word: Word, value: i64) {
        self.known.push((Atom::Word(word), value, value));
    }

    /// What a word that lies between two values can be here.
    pub(super) fn word(&self, word: Word, lo: i64, hi: i64) -> (i64, i64) {
        self.bounds_of(Atom::Word(word), lo, hi)
    }

    /// A mark to go back to.
    pub(super) fn mark(&self) -> usize {
        self.known.len()
    }

    /// Forgets what was believed since a mark.
    pub(super) fn forget(&mut self, mark: usize) {
        self.known.truncate(mark);
    }

    fn word_in(&mut self, word: Word, set: &'e IntervalSet) {
        self.sets.push((word, set));
        if let (Some((lo, _)), Some((_, end))) = (set.ranges().first(), set.ranges().last()) {
            self.known.push((Atom::Word(word), *lo, end.saturating_sub(1)));
        }
    }

    fn narrow(&mut self, e: &'e Expr, lo: i64, hi: i64) {
        if e.as_const().is_none() {
            self.known.push((Atom::of(&e.kind), lo, hi));
        }
    }

    /// Believes that a test comes out so.
    pub(super) fn assume(&mut self, test: &'e Expr, truth: bool) {
        match (&test.kind, truth) {
            (Kind::And(a, b), true) | (Kind::Or(a, b), false) => {
                self.assume(a, truth);
                self.assume(b, truth);
            }
            (Kind::Not(a), _) => self.assume(a, !truth),
            (Kind::Le(a, b), true) => self.ordered(a, b, 0),
            (Kind::Le(a, b), false) => self.ordered(b, a, 1),
            (Kind::Lt(a, b), true) => self.ordered(a, b, 1),
            (Kind::Lt(a, b), false) => self.ordered(b, a, 0),
            (Kind::Eq(a, b), true) => {
                self.ordered(a, b, 0);
                self.ordered(b, a, 0);
            }
            (Kind::InSet(word, set), true) => self.word_in(*word, set),
            (Kind::InSet(word, set), false) => {
                // What is left beside one range that begins, or ends, with all there is.
                let [(from, end)] = set.ranges() else { return };
                let (lo, hi) = self.bounds_of(Atom::Word(*word), i64::MIN, i64::MAX);
                match (*from <= lo, *end > hi) {
                    (true, false) => self.known.push((Atom::Word(*word), *end, hi)),
                    (false, true) => self.known.push((Atom::Word(*word), lo, from - 1)),
                    _ => {}
                }
            }
            (Kind::InputInSet(input, set), true) => {
                if let (Some((lo, _)), Some((_, end))) = (set.ranges().first(), set.ranges().last()) {
                    self.known.push((Atom::Input(input), *lo, end.saturating_sub(1)));
                }
            }
            _ => {}
        }
    }

    /// a + gap ≤ b
    fn ordered(&mut self, a: &'e Expr, b: &'e Expr, gap: i64) {
        let (least, most) = (self.bounds(a).0, self.bounds(b).1);
        self.narrow(a, i64::MIN, most.saturating_sub(gap));
        self.narrow(b, least.saturating_add(gap), i64::MAX);
    }

    fn bounds_of(&self, atom: Atom<'_>, lo: i64, hi: i64) -> (i64, i64) {
        let same = self.known.iter().filter(|(known, ..)| *known == atom);
        same.fold((lo, hi), |(lo, hi), (_, least, most)| (lo.max(*least), hi.min(*most)))
    }

    /// How a test comes out, if it is certain.
    pub(super) fn truth(&mut self, test: &'e Expr) -> Option<bool> {
        let sure =
            |(lo, hi): (i64, i64)| if lo > 0 || hi < 0 { Some(true) } else { (lo == 0 && hi == 0).then_some(false) };
        match &test.kind {
            Kind::And(a, b) => match (self.truth(a), self.truth(b)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Kind::Or(a, b) => match (self.truth(a), self.truth(b)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Kind::Not(a) => self.truth(a).map(|t| !t),
            Kind::Le(a, b) => self.is_ordered(a, b, 0),
            Kind::Lt(a, b) => self.is_ordered(a, b, 1),
            Kind::Eq(a, b) => {
                let ((al, ah), (bl, bh)) = (self.bounds(a), self.bounds(b));
                match () {
                    () if ah < bl || bh < al => Some(false),
                    () if (al, bl) == (ah, bh) && al == bl => Some(true),
                    () => None,
                }
            }
            Kind::InSet(word, set) => {
                let (lo, hi) = self.bounds_of(Atom::Word(*word), i64::MIN, i64::MAX);
                within(set, lo, hi)
            }
            Kind::InputInSet(input, set) => {
                let (lo, hi) = self.bounds_of(Atom::Input(input), i64::MIN, i64::MAX);
                within(set, lo, hi)
            }
            _ => sure(self.bounds(test)),
        }
    }

    fn is_ordered(&mut self, a: &'e Expr, b: &'e Expr, gap: i64) -> Option<bool> {
        let ((al, ah), (bl, bh)) = (self.bounds(a), self.bounds(b));
        match () {
            () if ah.saturating_add(gap) <= bl => Some(true),
            () if al.saturating_add(gap) > bh => Some(false),
            () => None,
        }
    }

    /// Least and greatest value.
    pub(super) fn bounds(&mut self, e: &'e Expr) -> (i64, i64) {
        if let Some(value) = e.as_const() {
            return (value, value);
        }
        let pieces = self.of(e);
        let hull = pieces.iter().fold((i64::MAX, i64::MIN), |(lo, hi), p| (lo.min(p.lo), hi.max(p.hi)));
        // Tests that cannot all hold leave no piece; then anything is as true.
        if pieces.is_empty() { (e.lo, e.hi) } else { hull }
    }

    /// What an expression can come to, branch by branch.
    pub(super) fn of(&mut self, e: &'e Expr) -> Vec<Piece> {
        let mut pieces = match &e.kind {
            Kind::Const(value) => vec![Piece { lo: *value, hi: *value, at: e.at }],
            Kind::Select(..) => self.branches(e),
            Kind::Add(a, b) => self.both(a, b, e.at, |a, b| (a.0 + b.0, a.1 + b.1)),
            Kind::Sub(a, b) => self.both(a, b, e.at, |a, b| (a.0 - b.1, a.1 - b.0)),
            Kind::Mul(a, b) => self.both(a, b, e.at, |a, b| {
                let ends = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
                (ends.into_iter().min().unwrap_or(0), ends.into_iter().max().unwrap_or(0))
            }),
            Kind::Min(a, b) => self.both(a, b, e.at, |a, b| (a.0.min(b.0), a.1.min(b.1))),
            Kind::Max(a, b) => self.both(a, b, e.at, |a, b| (a.0.max(b.0), a.1.max(b.1))),
            Kind::Div(a, by, round) => {
                let (by, round) = (*by, *round);
                let mut pieces = self.of(a);
                for piece in &mut pieces {
                    let ends = (quotient(i128::from(piece.lo), by, round), quotient(i128::from(piece.hi), by, round));
                    (piece.lo, piece.hi) = (fen(ends.0), fen(ends.1));
                }
                pieces
            }
            Kind::Quotient(a, b, round) => self.both(a, b, e.at, |a, b| {
                let by = |n: i128| fen(n).max(1);
                let ends = [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)].map(|(x, y)| quotient(x, by(y), *round));
                (ends.into_iter().min().unwrap_or(0), ends.into_iter().max().unwrap_or(0))
            }),
            Kind::Lookup(table, product) => self.looked_up(*table, product, e),
            Kind::Word(_)
            | Kind::Input(_)
            | Kind::Uniform(..)
            | Kind::Eq(..)
            | Kind::Lt(..)
            | Kind::Le(..)
            | Kind::And(..)
            | Kind::Or(..)
            | Kind::Not(_)
            | Kind::InSet(..)
            | Kind::InputInSet(..) => vec![Piece { lo: e.lo, hi: e.hi, at: e.at }],
        };
        // What its own range, and the tests passed so far, say of the whole.
        let (lo, hi) = match &e.kind {
            Kind::Const(_) => (e.lo, e.hi),
            kind => self.bounds_of(Atom::of(kind), e.lo, e.hi),
        };
        for piece in &mut pieces {
            (piece.lo, piece.hi) = (piece.lo.max(lo), piece.hi.min(hi));
        }
        pieces.retain(|p| p.lo <= p.hi);
        pieces
    }

    /// The branches of a chain of tests. `else if` goes on in the loop: a table of regions has thousands of rows.
    fn branches(&mut self, e: &'e Expr) -> Vec<Piece> {
        let mark = self.mark();
        let mut pieces = Vec::new();
        let mut rest = e;
        while let Kind::Select(test, then, other) = &rest.kind {
            let truth = self.truth(test);
            if truth != Some(false) {
                let here = self.mark();
                self.assume(test, true);
                pieces.extend(self.of(then));
                self.forget(here);
            }
            if truth == Some(true) {
                self.forget(mark);
                return pieces;
            }
            self.assume(test, false);
            rest = other;
        }
        pieces.extend(self.of(rest));
        self.forget(mark);
        pieces
    }

    fn both(
        &mut self,
        a: &'e Expr,
        b: &'e Expr,
        at: Location,
        f: impl Fn((i128, i128), (i128, i128)) -> (i128, i128),
    ) -> Vec<Piece> {
        let (mut ones, mut others) = (self.of(a), self.of(b));
        if ones.len().saturating_mul(others.len()) > MOST {
            (ones, others) = (hull(&ones, at), hull(&others, at));
        }
        // A branch among constants keeps its place: that is the row that says it.
        let mut pieces = Vec::with_capacity(ones.len() * others.len());
        for one in &ones {
            for other in &others {
                let wide = |p: &Piece| (i128::from(p.lo), i128::from(p.hi));
                let (lo, hi) = f(wide(one), wide(other));
                let at = match (ones.len() > 1, others.len() > 1) {
                    (true, false) => one.at,
                    (false, true) => other.at,
                    _ => at,
                };
                pieces.push(Piece { lo: fen(lo), hi: fen(hi), at });
            }
        }
        pieces
    }

    /// A product table, for the products that can be here.
    fn looked_up(&mut self, table: Table, product: &'e Expr, e: &'e Expr) -> Vec<Piece> {
        let Kind::Word(word) = product.kind else { return vec![Piece { lo: e.lo, hi: e.hi, at: e.at }] };
        let sets: Vec<&IntervalSet> = self.sets.iter().filter(|(w, _)| *w == word).map(|(_, set)| *set).collect();
        let (lo, hi) = self.bounds(product);
        let values = table.values(self.schema);
        let here = values.iter().enumerate().filter_map(|(id, value)| {
            let id = i64::try_from(id).ok()?;
            ((lo..=hi).contains(&id) && sets.iter().all(|set| set.contains(id))).then_some(*value)
        });
        let ends = here.fold(None, |ends: Option<(i64, i64)>, v| {
            let (lo, hi) = ends.unwrap_or((v, v));
            Some((lo.min(v), hi.max(v)))
        });
        let (lo, hi) = ends.unwrap_or((e.lo, e.hi));
        vec![Piece { lo, hi, at: e.at }]
    }
}

/// Does everything between two values, or nothing, lie in a set?
fn within(set: &IntervalSet, lo: i64, hi: i64) -> Option<bool> {
    if lo > hi {
        return None;
    }
    let meets = set.ranges().iter().any(|(from, end)| *from <= hi && *end > lo);
    let holds = set.ranges().iter().any(|(from, end)| *from <= lo && *end > hi);
    if holds { Some(true) } else { (!meets).then_some(false) }
}

fn hull(pieces: &[Piece], at: Location) -> Vec<Piece> {
    let (Some(lo), Some(hi)) = (pieces.iter().map(|p| p.lo).min(), pieces.iter().map(|p| p.hi).max()) else {
        return Vec::new();
    };
    vec![Piece { lo, hi, at }]
}

/// Range analysis has shown that it fits; what a combination of branches adds to that stays at the end.
fn fen(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}
