//! When an award is to be paid.

use super::{Window, key};
use serde::{Deserialize, Serialize};

/// A term of payment, counted from the event; a period's event is its last second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// By the end of the month after the event's.
    NextMonth,
    /// By the end of the local day so many days after the event's.
    Days(i64),
    /// So many seconds after the event.
    Seconds(i64),
}

impl Due {
    /// The last second by which an award for an event at `time` is to be paid, in a zone `offset` seconds east of UTC.
    pub fn last_second(self, time: i64, offset: i32) -> i64 {
        const DAY: i64 = 86_400;
        match self {
            Due::NextMonth => {
                let end = |time| key::last_second(Window::Month, time, offset);
                // Outside the calendar, where no checked event is, it is due at once.
                end(time).and_then(|last| end(last.saturating_add(1))).unwrap_or(time)
            }
            Due::Days(days) => {
                let local = time.saturating_add(i64::from(offset));
                let day = local.div_euclid(DAY).saturating_add(days).saturating_add(1);
                day.saturating_mul(DAY).saturating_sub(i64::from(offset)).saturating_sub(1)
            }
            Due::Seconds(seconds) => time.saturating_add(seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-31 10:00 in UTC+8.
    const TIME: i64 = 1_769_824_800;
    const OFFSET: i32 = 28_800;

    #[test]
    fn terms_end_with_their_last_second() {
        let at = |due: Due| crate::calendar::print_rfc3339(due.last_second(TIME, OFFSET), OFFSET);
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(at(Due::NextMonth), text("2026-02-28T23:59:59+08:00"));
        assert_eq!(at(Due::Days(15)), text("2026-02-15T23:59:59+08:00"));
        assert_eq!(at(Due::Days(0)), text("2026-01-31T23:59:59+08:00"));
        assert_eq!(at(Due::Seconds(3_600)), text("2026-01-31T11:00:00+08:00"));
    }

    #[test]
    fn a_period_end_counts_from_its_last_second() {
        // 2026-03-31 23:59:59 in UTC+8
        let end = key::last_second(Window::Quarter, TIME, OFFSET).unwrap_or(0);
        let at = |due: Due| crate::calendar::print_rfc3339(due.last_second(end, OFFSET), OFFSET).unwrap_or_default();
        assert_eq!(at(Due::NextMonth), "2026-04-30T23:59:59+08:00");
        assert_eq!(at(Due::Days(15)), "2026-04-15T23:59:59+08:00");
    }
}
