//! Terms: until when something holds, and when an award is to be paid.

use super::work::WorkCalendar;
use super::{Window, key};
use crate::calendar::{day_start, local_day};
use serde::{Deserialize, Serialize};

/// A time from an event on. In days it ends with the last of them, whatever the hour of the event; the day of the event
/// is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// So many seconds.
    Seconds(i64),
    /// To the end of the local day so many days later.
    Days(i64),
    /// To the end of the so many-th working day after.
    WorkingDays(i64),
}

impl Term {
    /// Its last second, from `since`, in a zone `offset` seconds east of UTC; `None` where the working days are not known.
    pub fn last_second(self, since: i64, offset: i32, work: Option<&WorkCalendar>) -> Option<i64> {
        let day = local_day(since, offset);
        let end_of = |day: i64| day_start(day.saturating_add(1), offset).saturating_sub(1);
        match self {
            Term::Seconds(seconds) => Some(since.saturating_add(seconds)),
            Term::Days(days) => Some(end_of(day.saturating_add(days))),
            Term::WorkingDays(days) => work?.after(day, days).map(end_of),
        }
    }

    /// Does it last at least as long as another, whenever both begin? `false` where that depends on the moment.
    pub fn covers(self, other: Term) -> bool {
        let seconds = |days: i64| days.saturating_mul(86_400);
        match (self, other) {
            (Term::Seconds(ours), Term::Seconds(theirs))
            | (Term::Days(ours), Term::Days(theirs))
            | (Term::WorkingDays(ours), Term::WorkingDays(theirs) | Term::Days(theirs)) => ours >= theirs,
            // Begun at the last second of a day it has no second more than its days, begun at the first a whole day.
            (Term::Days(ours) | Term::WorkingDays(ours), Term::Seconds(theirs)) => seconds(ours) >= theirs,
            (Term::Seconds(ours), Term::Days(theirs)) => ours >= seconds(theirs.saturating_add(1)),
            (Term::Seconds(_) | Term::Days(_), Term::WorkingDays(_)) => false,
        }
    }

    /// The first second at which it is over. What must be done within hours is late when they are full; days end at 24:00.
    pub fn over_at(self, since: i64, offset: i32, work: Option<&WorkCalendar>) -> Option<i64> {
        let last = self.last_second(since, offset, work)?;
        Some(if matches!(self, Term::Seconds(_)) { last } else { last.saturating_add(1) })
    }

    /// Is it over at `now`?
    pub fn is_over(self, since: i64, now: i64, offset: i32, work: Option<&WorkCalendar>) -> Option<bool> {
        self.over_at(since, offset, work).map(|over| now >= over)
    }

    /// Does `now`, not before `since`, lie within it? Both ends count.
    pub fn holds(self, since: i64, now: i64, offset: i32, work: Option<&WorkCalendar>) -> Option<bool> {
        match self {
            Term::WorkingDays(days) => work?.within(days, local_day(since, offset), local_day(now, offset)),
            _ => self.last_second(since, offset, work).map(|last| now <= last),
        }
    }
}

/// When an award is to be paid, counted from the event; a period's event is its last second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// By the end of the month after the event's.
    NextMonth,
    /// Within a term.
    Within(Term),
}

impl Due {
    /// The last second by which an award for an event at `time` is to be paid, in a zone `offset` seconds east of UTC.
    /// Where it cannot be known, outside the years of the calendar, where no checked event is, it is due at once.
    pub fn last_second(self, time: i64, offset: i32, work: Option<&WorkCalendar>) -> i64 {
        match self {
            Due::NextMonth => {
                let end = |time| key::last_second(Window::Month, time, offset);
                end(time).and_then(|last| end(last.saturating_add(1))).unwrap_or(time)
            }
            Due::Within(term) => term.last_second(time, offset, work).unwrap_or(time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-31 10:00 in UTC+8.
    const TIME: i64 = 1_769_824_800;
    const OFFSET: i32 = 28_800;

    /// All of 2026, nothing moved.
    fn work() -> WorkCalendar {
        WorkCalendar { covered: vec![(20_454, 20_819)], moved: Vec::new() }
    }

    #[test]
    fn a_claim_is_late_when_its_hours_are_full_or_its_days_are_over() {
        let over = |term: Term, now: i64| term.is_over(TIME, now, OFFSET, Some(&work()));
        assert_eq!(over(Term::Seconds(60), TIME + 59), Some(false));
        assert_eq!(over(Term::Seconds(60), TIME + 60), Some(true));
        // 14 hours after 10:00 the day is over.
        assert_eq!(over(Term::Days(0), TIME + 14 * 3_600 - 1), Some(false));
        assert_eq!(over(Term::Days(0), TIME + 14 * 3_600), Some(true));
        assert_eq!(Term::WorkingDays(1).is_over(TIME, TIME, OFFSET, None), None);
        // An age counts both ends.
        assert_eq!(Term::Seconds(60).holds(TIME, TIME + 60, OFFSET, None), Some(true));
        assert_eq!(Term::Days(1).holds(TIME, TIME + 38 * 3_600 - 1, OFFSET, None), Some(true));
        assert_eq!(Term::Days(1).holds(TIME, TIME + 38 * 3_600, OFFSET, None), Some(false));
    }

    #[test]
    fn terms_end_with_their_last_second() {
        let at = |due: Due| crate::calendar::print_rfc3339(due.last_second(TIME, OFFSET, Some(&work())), OFFSET);
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(at(Due::NextMonth), text("2026-02-28T23:59:59+08:00"));
        assert_eq!(at(Due::Within(Term::Days(15))), text("2026-02-15T23:59:59+08:00"));
        assert_eq!(at(Due::Within(Term::Days(0))), text("2026-01-31T23:59:59+08:00"));
        // 31 January 2026 is a Saturday.
        assert_eq!(at(Due::Within(Term::WorkingDays(6))), text("2026-02-09T23:59:59+08:00"));
        assert_eq!(at(Due::Within(Term::Seconds(3_600))), text("2026-01-31T11:00:00+08:00"));
    }

    #[test]
    fn a_period_end_counts_from_its_last_second() {
        // 2026-03-31 23:59:59 in UTC+8
        let end = key::last_second(Window::Quarter, TIME, OFFSET).unwrap_or(0);
        let at =
            |due: Due| crate::calendar::print_rfc3339(due.last_second(end, OFFSET, None), OFFSET).unwrap_or_default();
        assert_eq!(at(Due::NextMonth), "2026-04-30T23:59:59+08:00");
        assert_eq!(at(Due::Within(Term::Days(15))), "2026-04-15T23:59:59+08:00");
    }
}
