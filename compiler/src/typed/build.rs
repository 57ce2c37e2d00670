//! Smart constructors: fold constants, compute ranges, refuse what could overflow.

use super::{Expr, Kind, Type};
use crate::ir::{Input, IntervalSet, Round, Word};
use crate::source::Location;

/// No value of a checked program is beyond this: it leaves room to add two of them.
pub const LIMIT: i128 = 1 << 62;

/// An operation whose result might not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

impl Expr {
    /// A constant.
    pub fn constant(value: i64, ty: Type, at: Location) -> Expr {
        Expr { kind: Kind::Const(value), ty, lo: value, hi: value, at }
    }

    /// What stands for an expression in which an error was reported.
    pub fn error(at: Location) -> Expr {
        Expr::constant(0, Type::Error, at)
    }

    /// Its value, if it is a constant.
    pub fn as_const(&self) -> Option<i64> {
        match self.kind {
            Kind::Const(v) => Some(v),
            _ => None,
        }
    }

    /// The same value under another type.
    #[must_use]
    pub fn typed(mut self, ty: Type) -> Expr {
        self.ty = ty;
        self
    }

    fn ranged(kind: Kind, ty: Type, lo: i128, hi: i128, at: Location) -> Result<Expr, Overflow> {
        if lo < -LIMIT || hi > LIMIT {
            return Err(Overflow);
        }
        let (lo, hi) = (i64::try_from(lo).map_err(|_| Overflow)?, i64::try_from(hi).map_err(|_| Overflow)?);
        if lo == hi {
            return Ok(Expr::constant(lo, ty, at));
        }
        Ok(Expr { kind, ty, lo, hi, at })
    }

    fn bounds(&self) -> (i128, i128) {
        (i128::from(self.lo), i128::from(self.hi))
    }
}

/// a + b, in a's type.
pub fn add(a: Expr, b: Expr, at: Location) -> Result<Expr, Overflow> {
    let (lo, hi) = (a.bounds().0 + b.bounds().0, a.bounds().1 + b.bounds().1);
    if b.as_const() == Some(0) {
        return Ok(a);
    }
    if a.as_const() == Some(0) {
        let ty = a.ty;
        return Ok(b.typed(ty));
    }
    let ty = a.ty.clone();
    Expr::ranged(Kind::Add(Box::new(a), Box::new(b)), ty, lo, hi, at)
}

/// a − b, in a's type.
pub fn sub(a: Expr, b: Expr, at: Location) -> Result<Expr, Overflow> {
    let (lo, hi) = (a.bounds().0 - b.bounds().1, a.bounds().1 - b.bounds().0);
    if b.as_const() == Some(0) {
        return Ok(a);
    }
    let ty = a.ty.clone();
    Expr::ranged(Kind::Sub(Box::new(a), Box::new(b)), ty, lo, hi, at)
}

/// a × b, in the given type.
pub fn mul(a: Expr, b: Expr, ty: Type, at: Location) -> Result<Expr, Overflow> {
    let ((al, ah), (bl, bh)) = (a.bounds(), b.bounds());
    let ends = [al * bl, al * bh, ah * bl, ah * bh];
    let lo = ends.iter().copied().min().unwrap_or(0);
    let hi = ends.iter().copied().max().unwrap_or(0);
    if b.as_const() == Some(1) {
        return Ok(a.typed(ty));
    }
    if a.as_const() == Some(1) {
        return Ok(b.typed(ty));
    }
    Expr::ranged(Kind::Mul(Box::new(a), Box::new(b)), ty, lo, hi, at)
}

/// a ÷ by, rounded, in a's type; `by` is at least 1.
pub fn div(a: Expr, by: i64, round: Round, at: Location) -> Result<Expr, Overflow> {
    let by = by.max(1);
    if by == 1 {
        return Ok(a);
    }
    // Half-up adds half the divisor before dividing; half of any divisor we make is far below the limit.
    let (lo, hi) = (quotient(a.bounds().0, by, round), quotient(a.bounds().1, by, round));
    let ty = a.ty.clone();
    Expr::ranged(Kind::Div(Box::new(a), by, round), ty, lo, hi, at)
}

/// a ÷ b, rounded, in a's type; b is at least 1.
pub fn quotient_by(a: Expr, b: Expr, round: Round, at: Location) -> Result<Expr, Overflow> {
    if let Some(by) = b.as_const() {
        return div(a, by, round, at);
    }
    // The quotient rises with a, and with b it falls towards zero: its ends lie at the ends of both.
    let ends = [(a.lo, b.lo), (a.lo, b.hi), (a.hi, b.lo), (a.hi, b.hi)];
    let ends = ends.map(|(x, y)| quotient(i128::from(x), y, round));
    let (lo, hi) = (ends.iter().copied().min().unwrap_or(0), ends.iter().copied().max().unwrap_or(0));
    let ty = a.ty.clone();
    Expr::ranged(Kind::Quotient(Box::new(a), Box::new(b), round), ty, lo, hi, at)
}

/// The rounded quotient; `by` is at least 1.
pub fn quotient(a: i128, by: i64, round: Round) -> i128 {
    let by = i128::from(by.max(1));
    let (floor, rest) = (a.div_euclid(by), a.rem_euclid(by));
    match round {
        Round::Down => floor,
        Round::Up => floor + i128::from(rest != 0),
        Round::HalfUp => floor + i128::from(rest * 2 >= by),
        Round::HalfEven => {
            let up = rest * 2 > by || (rest * 2 == by && floor.rem_euclid(2) == 1);
            floor + i128::from(up)
        }
    }
}

/// The smaller.
pub fn min(a: Expr, b: Expr, at: Location) -> Expr {
    if a.hi <= b.lo {
        return a;
    }
    if b.hi <= a.lo {
        let ty = a.ty;
        return b.typed(ty);
    }
    let (lo, hi, ty) = (a.lo.min(b.lo), a.hi.min(b.hi), a.ty.clone());
    Expr { kind: Kind::Min(Box::new(a), Box::new(b)), ty, lo, hi, at }
}

/// The greater.
pub fn max(a: Expr, b: Expr, at: Location) -> Expr {
    if a.lo >= b.hi {
        return a;
    }
    if b.lo >= a.hi {
        let ty = a.ty;
        return b.typed(ty);
    }
    let (lo, hi, ty) = (a.lo.max(b.lo), a.hi.max(b.hi), a.ty.clone());
    Expr { kind: Kind::Max(Box::new(a), Box::new(b)), ty, lo, hi, at }
}

/// `if c { a } else { b }`, in a's type.
pub fn select(c: Expr, a: Expr, b: Expr, at: Location) -> Expr {
    match c.as_const() {
        Some(0) => return b,
        Some(_) => return a,
        None => {}
    }
    if a.kind == b.kind {
        return a;
    }
    let (lo, hi, ty) = (a.lo.min(b.lo), a.hi.max(b.hi), a.ty.clone());
    Expr { kind: Kind::Select(Box::new(c), Box::new(a), Box::new(b)), ty, lo, hi, at }
}

/// A truth value.
pub fn truth(value: bool, at: Location) -> Expr {
    Expr::constant(i64::from(value), Type::Bool, at)
}

fn test(kind: Kind, at: Location) -> Expr {
    Expr { kind, ty: Type::Bool, lo: 0, hi: 1, at }
}

/// A word of the event lies in a set, given the values it can have.
pub fn in_set(word: Word, set: IntervalSet, domain: &IntervalSet, at: Location) -> Expr {
    let set = set.intersect(domain);
    if set == *domain {
        return truth(true, at);
    }
    if set.is_empty() {
        return truth(false, at);
    }
    test(Kind::InSet(word, set), at)
}

/// A state input lies in a set.
pub fn input_in_set(input: Input, set: IntervalSet, at: Location) -> Expr {
    test(Kind::InputInSet(input, set), at)
}

/// a = b
pub fn eq(a: Expr, b: Expr, at: Location) -> Expr {
    match (a.as_const(), b.as_const()) {
        (Some(x), Some(y)) => truth(x == y, at),
        _ if a.hi < b.lo || b.hi < a.lo => truth(false, at),
        _ => test(Kind::Eq(Box::new(a), Box::new(b)), at),
    }
}

/// a < b
pub fn lt(a: Expr, b: Expr, at: Location) -> Expr {
    if a.hi < b.lo {
        return truth(true, at);
    }
    if a.lo >= b.hi {
        return truth(false, at);
    }
    test(Kind::Lt(Box::new(a), Box::new(b)), at)
}

/// a ≤ b
pub fn le(a: Expr, b: Expr, at: Location) -> Expr {
    if a.hi <= b.lo {
        return truth(true, at);
    }
    if a.lo > b.hi {
        return truth(false, at);
    }
    test(Kind::Le(Box::new(a), Box::new(b)), at)
}

/// Both; two sets over one word become their intersection.
pub fn and(a: Expr, b: Expr, at: Location) -> Expr {
    match (a.as_const(), b.as_const()) {
        (Some(0), _) | (_, Some(0)) => return truth(false, at),
        (Some(_), _) => return b,
        (_, Some(_)) => return a,
        _ => {}
    }
    match (&a.kind, &b.kind) {
        (Kind::InSet(x, s), Kind::InSet(y, t)) if x == y => {
            let both = s.intersect(t);
            if both.is_empty() { truth(false, at) } else { test(Kind::InSet(*x, both), at) }
        }
        _ => test(Kind::And(Box::new(a), Box::new(b)), at),
    }
}

/// Either; two sets over one word become their union.
pub fn or(a: Expr, b: Expr, at: Location) -> Expr {
    match (a.as_const(), b.as_const()) {
        (Some(0), _) => return b,
        (_, Some(0)) => return a,
        (Some(_), _) | (_, Some(_)) => return truth(true, at),
        _ => {}
    }
    match (&a.kind, &b.kind) {
        (Kind::InSet(x, s), Kind::InSet(y, t)) if x == y => test(Kind::InSet(*x, s.union(t)), at),
        _ => test(Kind::Or(Box::new(a), Box::new(b)), at),
    }
}

/// Not; a set over a word becomes its complement in the values the word can have.
pub fn not(a: Expr, domain: impl Fn(Word) -> IntervalSet, at: Location) -> Expr {
    match a.kind {
        Kind::Const(v) => truth(v == 0, at),
        Kind::InSet(word, set) => {
            let domain = domain(word);
            in_set(word, domain.minus(&set), &domain, at)
        }
        _ => test(Kind::Not(Box::new(a)), at),
    }
}
