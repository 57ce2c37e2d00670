//! Times as they are written: terms, which end with a day where they are said in days, and gaps, which are exact.

use super::expr::seconds;
use super::scope::Scope;
use crate::ast::{Duration, DurationUnit};
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::ir::Term;
use crate::source::{Location, Spelling};

/// A gap in days: the next day, or 24 hours?
#[derive(Clone, Copy, Debug)]
pub struct GapInDays {
    at: Location,
    days: u32,
}

impl GapInDays {
    /// The finding.
    pub fn into_diagnostic(self, spelling: Spelling) -> Diagnostic {
        let hours = u64::from(self.days.max(1)) * 24;
        let line = match spelling {
            Spelling::En => format!("`at least {hours} hours`"),
            Spelling::Zh => format!("`至少 {hours} 小时`"),
        };
        Diagnostic::error(
            Code::P0285,
            self.at,
            Text::new("how long is a gap of days?", "间隔几天是多久？"),
            Text::new("full days of 24 hours, or on a later date?", "是满 24 小时，还是隔日即可？"),
        )
        .help(Text::new(
            format!("for full days write {line}; once a day is said by `once per store per day`"),
            format!("满若干天请写 {line}；每天一次请写 `每 门店 每天 一次`"),
        ))
    }
}

/// `within 15 days`, `within 24 hours`.
pub fn term(d: &Duration) -> Term {
    match d.unit {
        DurationUnit::Minutes | DurationUnit::Hours => Term::Seconds(seconds(d)),
        DurationUnit::Days | DurationUnit::NaturalDays => Term::Days(i64::from(d.count)),
        DurationUnit::WorkingDays => Term::WorkingDays(i64::from(d.count)),
    }
}

/// The most seconds that can lie within a term.
pub fn longest(term: Term) -> i64 {
    match term {
        Term::Seconds(seconds) => seconds,
        Term::Days(days) => (days + 1) * 86_400 - 1,
        // As many as holidays make them.
        Term::WorkingDays(_) => i64::MAX,
    }
}

impl Scope<'_> {
    /// `at least 5 minutes apart`, in seconds. A gap of days is a question.
    pub(super) fn gap(&mut self, d: &Duration) -> Option<i64> {
        if matches!(d.unit, DurationUnit::Minutes | DurationUnit::Hours) {
            return Some(seconds(d));
        }
        let found = GapInDays { at: self.at(d.span), days: d.count };
        self.out.push(found.into_diagnostic(self.spelling));
        None
    }
}
