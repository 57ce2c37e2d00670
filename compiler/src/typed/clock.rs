//! The time of day and the day of the week of an event, in the channel's zone: arithmetic on its time and its day.

use super::build;
use super::scalar::Rule;
use super::{Expr, Kind, Type};
use crate::ir::record::{INSTANTS, LOCAL_DAYS};
use crate::ir::{Round, Word};
use crate::source::Location;

/// Seconds of a day.
const DAY: i64 = 86_400;

impl Rule<'_, '_> {
    /// From `from` until just before `until`, in seconds after midnight.
    pub fn clock(&mut self, from: i64, until: i64, at: Location) -> Expr {
        let time = word(Word::TIME, Type::Instant, INSTANTS, at).typed(Type::Plain);
        let offset = i64::from(self.checker.hir.model.utc_offset);
        let local = build::add(time, Expr::constant(offset, Type::Plain, at), at);
        let local = self.fits(local, at);
        let day = word(Word::DAY, Type::Plain, LOCAL_DAYS, at);
        let midnight = build::mul(day, Expr::constant(DAY, Type::Plain, at), Type::Plain, at);
        let midnight = self.fits(midnight, at);
        let since = build::sub(local, midnight, at);
        // The record's day is the local day of its time, so nothing else is possible.
        let since = Expr { lo: 0, hi: DAY - 1, ..self.fits(since, at) };
        let begun = build::le(Expr::constant(from, Type::Plain, at), since.clone(), at);
        let not_over = build::lt(since, Expr::constant(until, Type::Plain, at), at);
        build::and(begun, not_over, at)
    }

    /// One of these days, counted from Monday.
    pub fn weekday(&mut self, days: &[u8], at: Location) -> Expr {
        // Day 0, 1970-01-01, was a Thursday.
        let day = word(Word::DAY, Type::Plain, LOCAL_DAYS, at);
        let since = build::add(day, Expr::constant(3, Type::Plain, at), at);
        let since = self.fits(since, at);
        let weeks = build::div(since.clone(), 7, Round::Down, at);
        let weeks = self.fits(weeks, at);
        let mondays = build::mul(weeks, Expr::constant(7, Type::Plain, at), Type::Plain, at);
        let mondays = self.fits(mondays, at);
        let weekday = build::sub(since, mondays, at);
        // What is left of a division by seven.
        let weekday = Expr { lo: 0, hi: 6, ..self.fits(weekday, at) };
        let one = |day: &u8| build::eq(weekday.clone(), Expr::constant(i64::from(*day), Type::Plain, at), at);
        days.iter().map(one).fold(build::truth(false, at), |any, day| build::or(any, day, at))
    }
}

fn word(word: Word, ty: Type, (lo, end): (i64, i64), at: Location) -> Expr {
    Expr { kind: Kind::Word(word), ty, lo, hi: end - 1, at }
}
