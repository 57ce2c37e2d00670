//! Which days are worked: Monday to Friday, but for the days a notice moves.

use serde::{Deserialize, Serialize};

/// The working days of the years that the package's calendar file lists. Of other days nothing is known, and nothing is
/// guessed. Days are counted from 1970-01-01, in the channel's zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorkCalendar {
    /// What it speaks of: half-open ranges in order.
    pub covered: Vec<(i64, i64)>,
    /// Days that are not what their weekday says, worked weekends and free weekdays, in order.
    pub moved: Vec<i64>,
}

impl WorkCalendar {
    /// Is the day worked? `None` if the calendar does not speak of it.
    pub fn is_worked(&self, day: i64) -> Option<bool> {
        let covers = |(from, end): &(i64, i64)| (*from..*end).contains(&day);
        self.covered.iter().any(covers).then(|| is_weekday(day) != self.moved.binary_search(&day).is_ok())
    }

    /// The n-th working day after a day; the day itself for 0. `None` if the calendar ends before.
    pub fn after(&self, day: i64, n: i64) -> Option<i64> {
        self.walk(day, n, 1)
    }

    /// The n-th working day before a day.
    pub fn before(&self, day: i64, n: i64) -> Option<i64> {
        self.walk(day, n, -1)
    }

    /// Is `day` at or before the n-th working day after `since`? It looks back from `day`, so that what was long ago need
    /// not be in the calendar.
    pub fn within(&self, n: i64, since: i64, day: i64) -> Option<bool> {
        let (mut left, mut at) = (n, day.checked_sub(1)?);
        while at > since && left > 0 {
            left -= i64::from(self.is_worked(at)?);
            at -= 1;
        }
        Some(left > 0 || day <= since)
    }

    /// Ends with the calendar at the latest.
    fn walk(&self, day: i64, n: i64, step: i64) -> Option<i64> {
        let (mut left, mut at) = (n, day);
        while left > 0 {
            at = at.checked_add(step)?;
            left -= i64::from(self.is_worked(at)?);
        }
        Some(at)
    }
}

/// Monday to Friday.
pub fn is_weekday(day: i64) -> bool {
    // Day 0, 1970-01-01, was a Thursday.
    day.saturating_add(3).rem_euclid(7) < 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use proptest::prelude::*;

    fn day(month: u32, day: u32) -> i64 {
        calendar::day(2026, month, day).unwrap_or_default()
    }

    /// 2026 around its Spring Festival: 14 and 28 February, Saturdays, are worked; 16 to 20 and 23 February are not.
    fn year() -> WorkCalendar {
        let free = [16, 17, 18, 19, 20, 23].map(|d| day(2, d));
        let mut moved = vec![day(2, 14), day(2, 28)];
        moved.extend(free);
        moved.sort_unstable();
        WorkCalendar { covered: vec![(day(1, 1), day(12, 31) + 1)], moved }
    }

    #[test]
    fn a_notice_moves_working_days() {
        let calendar = year();
        // Friday the 13th, Saturday the 14th, then Tuesday the 24th.
        assert_eq!(calendar.after(day(2, 12), 3), Some(day(2, 24)));
        assert_eq!(calendar.before(day(2, 24), 2), Some(day(2, 13)));
        assert_eq!(calendar.after(day(2, 15), 0), Some(day(2, 15)));
        assert_eq!(calendar.after(day(12, 31), 1), None);
        assert_eq!(calendar.is_worked(day(1, 1) - 1), None);
    }

    #[test]
    fn what_was_long_ago_is_out_of_time_without_a_calendar_of_then() {
        let calendar = year();
        assert_eq!(calendar.within(3, -5, day(3, 2)), Some(false));
        assert_eq!(calendar.within(3, -5, day(1, 2)), None);
        // The deadline is a Friday; on the Saturday it is over.
        assert_eq!(calendar.within(1, day(3, 5), day(3, 6)), Some(true));
        assert_eq!(calendar.within(1, day(3, 5), day(3, 7)), Some(false));
    }

    proptest! {
        #[test]
        fn looking_back_is_looking_forward(since in 0i64..200, later in 0i64..60, n in 1i64..20) {
            let calendar = year();
            let since = day(1, 1) + since;
            let day = since + later;
            let last = calendar.after(since, n);
            prop_assert_eq!(calendar.within(n, since, day), last.map(|last| day <= last));
        }
    }
}
