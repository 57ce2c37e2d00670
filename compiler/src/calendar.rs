//! Civil time in a zone of fixed offset: days, instants, periods. Nothing here reads a clock.
//!
//! An instant is in seconds since 1970-01-01T00:00:00Z, a day in days since 1970-01-01, an offset in seconds east of
//! UTC. A range of instants or days is half-open.

use crate::ast::DateTime;
use crate::ir::Window;
use chrono::{Datelike as _, NaiveDate, SecondsFormat};

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// Zones that can be named. None of them has changed its offset since 1992, and none has summer time.
pub const ZONES: &[(&str, i32)] = &[
    ("Asia/Shanghai", 28_800),
    ("Asia/Hong_Kong", 28_800),
    ("Asia/Macau", 28_800),
    ("Asia/Taipei", 28_800),
    ("UTC", 0),
];

/// The offset of a zone: one of [`ZONES`], or `+08:00`, `-03:30` up to 14 hours.
pub fn offset(zone: &str) -> Option<i32> {
    if let Some((_, seconds)) = ZONES.iter().find(|(name, _)| *name == zone) {
        return Some(*seconds);
    }
    let (sign, rest) = match zone.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, zone.strip_prefix('-')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |s: &str| (s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse::<i32>().ok())?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 14 * 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// Why a written date or time is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// The month has no such day, or the year no such month; years run from 1 to 9999.
    NoSuchDate,
    /// The day has no such time.
    NoSuchTime,
}

/// The day of a date.
///
/// # Errors
///
/// The date does not exist.
pub fn day(year: i32, month: u32, day: u32) -> Result<i64, DateError> {
    let date = NaiveDate::from_ymd_opt(year, month, day).filter(|d| (1..=9999).contains(&d.year()));
    date.map(|d| i64::from(d.num_days_from_ce()) - EPOCH).ok_or(DateError::NoSuchDate)
}

/// 1970-01-01 in chrono's count of days.
const EPOCH: i64 = 719_163;

/// Year, month and day of a day, within years 1 to 9999.
pub fn date(day: i64) -> Option<(i32, u32, u32)> {
    let days = i32::try_from(day.checked_add(EPOCH)?).ok()?;
    let date = NaiveDate::from_num_days_from_ce_opt(days).filter(|d| (1..=9999).contains(&d.year()))?;
    Some((date.year(), date.month(), date.day()))
}

/// The local day of an instant: days since 1970-01-01 in a zone `offset` seconds east of UTC.
pub fn local_day(instant: i64, offset: i32) -> i64 {
    instant.saturating_add(i64::from(offset)).div_euclid(DAY)
}

/// The first second of a day.
pub fn day_start(day: i64, offset: i32) -> i64 {
    day.saturating_mul(DAY).saturating_sub(i64::from(offset))
}

/// The instant of a written date, at midnight if it has no time. `24:00` is the midnight that ends the day.
///
/// # Errors
///
/// The date or the time does not exist.
pub fn instant(written: &DateTime, offset: i32) -> Result<i64, DateError> {
    let start = day_start(day(written.year, written.month, written.day)?, offset);
    let (h, m, s) = written.time.unwrap_or((0, 0, 0));
    if (h, m, s) != (24, 0, 0) && (h > 23 || m > 59 || s > 59) {
        return Err(DateError::NoSuchTime);
    }
    Ok(start + i64::from(h * 3_600 + m * 60 + s))
}

/// The first instant after what is written: after the whole day if it has no time, else the time itself. The end of
/// `until 2026-03-31` and of `.. 2026-02-28`.
///
/// # Errors
///
/// The date or the time does not exist.
pub fn end_instant(written: &DateTime, offset: i32) -> Result<i64, DateError> {
    instant(written, offset).map(|t| if written.time.is_some() { t } else { t + DAY })
}

/// The natural window an instant falls into, as a range of instants; `None` outside years 1 to 9999. `Ever` is all of
/// time.
pub fn window(window: Window, instant: i64, offset: i32) -> Option<(i64, i64)> {
    let today = local_day(instant, offset);
    let (year, month, _) = date(today)?;
    let (first, end) = match window {
        Window::Ever | Window::Event => return Some((i64::MIN, i64::MAX)),
        Window::Hour => {
            let first = instant.saturating_add(i64::from(offset)).div_euclid(3_600).checked_mul(3_600)?;
            let first = first.checked_sub(i64::from(offset))?;
            return Some((first, first.checked_add(3_600)?));
        }
        Window::Day => (today, today + 1),
        // 1970-01-01 was a Thursday, three days after a Monday.
        Window::Week => {
            let monday = today - (today + 3).rem_euclid(7);
            (monday, monday + 7)
        }
        Window::Month => days(year, month, 1)?,
        Window::Quarter => days(year, (month - 1) / 3 * 3 + 1, 3)?,
        Window::Year => days(year, 1, 12)?,
    };
    Some((day_start(first, offset), day_start(end, offset)))
}

/// A month (1 to 12), as a range of instants.
pub fn month(year: i32, month: u32, offset: i32) -> Option<(i64, i64)> {
    instants(days(year, month, 1)?, offset)
}

/// A quarter (1 to 4), as a range of instants.
pub fn quarter(year: i32, quarter: u32, offset: i32) -> Option<(i64, i64)> {
    let first = quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?;
    instants(days(year, first, 3)?, offset)
}

/// A year, as a range of instants.
pub fn year(year: i32, offset: i32) -> Option<(i64, i64)> {
    instants(days(year, 1, 12)?, offset)
}

fn instants((first, end): (i64, i64), offset: i32) -> Option<(i64, i64)> {
    Some((day_start(first, offset), day_start(end, offset)))
}

/// `count` months from `month` on, as a range of days; they lie in one year.
fn days(year: i32, month: u32, count: u32) -> Option<(i64, i64)> {
    let first = day(year, month, 1).ok()?;
    let last = month.checked_add(count)?.checked_sub(1)?;
    // The day after the 31st of December, also of year 9999.
    let end = if last == 12 { day(year, 12, 31).ok()? + 1 } else { day(year, last + 1, 1).ok()? };
    Some((first, end))
}

/// The instant of an RFC 3339 text (`2026-02-01T10:00:00+08:00`); fractions of a second are dropped.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let time = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    date(local_day(time.timestamp(), time.offset().local_minus_utc()))?;
    Some(time.timestamp())
}

/// `2026-02-01T10:00:00+08:00`; `None` outside years 1 to 9999.
pub fn print_rfc3339(instant: i64, offset: i32) -> Option<String> {
    date(local_day(instant, offset))?;
    let zone = chrono::FixedOffset::east_opt(offset)?;
    let time = chrono::DateTime::from_timestamp(instant, 0)?.with_timezone(&zone);
    Some(time.to_rfc3339_opts(SecondsFormat::Secs, false))
}

/// `2026-02-01`; `None` outside years 1 to 9999.
pub fn print_day(day: i64) -> Option<String> {
    let (y, m, d) = date(day)?;
    Some(format!("{y:04}-{m:02}-{d:02}"))
}

/// The day of `2026-02-01`.
pub fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || !digits(y, 4) || !digits(m, 2) || !digits(d, 2) {
        return None;
    }
    day(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::source::Span;

    const CN: i32 = 28_800;

    fn written(y: i32, m: u32, d: u32, time: Option<(u32, u32, u32)>) -> DateTime {
        DateTime { year: y, month: m, day: d, time, span: Span::default() }
    }

    #[test]
    fn zones() {
        for (zone, expected) in [
            ("Asia/Shanghai", Some(28_800)),
            ("UTC", Some(0)),
            ("+08:00", Some(28_800)),
            ("-03:30", Some(-12_600)),
            ("+14:00", Some(50_400)),
            ("+14:01", None),
            ("+8:00", None),
            ("+08:60", None),
            ("+-8:00", None),
            ("08:00", None),
            ("", None),
            ("Europe/Berlin", None),
        ] {
            assert_eq!(offset(zone), expected, "{zone}");
        }
    }

    #[test]
    fn days_and_dates_are_inverse() {
        assert_eq!(day(1970, 1, 1), Ok(0));
        assert_eq!(day(2026, 1, 15), Ok(20_468));
        let (first, last) = (day(1, 1, 1).unwrap(), day(9999, 12, 31).unwrap());
        for d in (first..=last).step_by(97) {
            let (y, m, dd) = date(d).unwrap();
            assert_eq!(day(y, m, dd), Ok(d));
            assert_eq!(parse_day(&print_day(d).unwrap()), Some(d));
        }
        assert_eq!((date(first - 1), date(last + 1), date(i64::MAX), date(i64::MIN)), (None, None, None, None));
        for bad in [(2026, 2, 29), (2026, 0, 1), (2026, 13, 1), (2026, 4, 31), (2026, 1, 0), (0, 1, 1), (10_000, 1, 1)]
        {
            assert_eq!(day(bad.0, bad.1, bad.2), Err(DateError::NoSuchDate), "{bad:?}");
        }
        assert!(day(2024, 2, 29).is_ok());
    }

    #[test]
    fn written_times() {
        let at = |text: &str| parse_rfc3339(text).unwrap();
        assert_eq!(instant(&written(2026, 3, 31, Some((17, 0, 0))), CN), Ok(at("2026-03-31T17:00:00+08:00")));
        assert_eq!(instant(&written(2026, 3, 31, None), CN), Ok(at("2026-03-31T00:00:00+08:00")));
        assert_eq!(end_instant(&written(2026, 3, 31, None), CN), Ok(at("2026-04-01T00:00:00+08:00")));
        assert_eq!(end_instant(&written(2026, 3, 31, Some((17, 0, 0))), CN), Ok(at("2026-03-31T17:00:00+08:00")));
        assert_eq!(instant(&written(2026, 3, 31, Some((24, 0, 0))), CN), Ok(at("2026-04-01T00:00:00+08:00")));
        for time in [(24, 0, 1), (25, 0, 0), (23, 60, 0), (23, 59, 60), (u32::MAX, u32::MAX, u32::MAX)] {
            assert_eq!(instant(&written(2026, 1, 1, Some(time)), CN), Err(DateError::NoSuchTime));
        }
        assert_eq!(instant(&written(2026, 2, 30, None), CN), Err(DateError::NoSuchDate));
    }

    #[test]
    fn rfc3339_there_and_back() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-02-01T10:00:00.999+08:00", Some(1_769_911_200)),
            ("2026-02-01 10:00", None),
            ("2026-02-30T10:00:00Z", None),
            ("0000-01-01T00:00:00Z", None),
            ("", None),
        ] {
            assert_eq!(parse_rfc3339(text), expected, "{text}");
        }
        assert_eq!(print_rfc3339(1_769_911_200, CN).unwrap(), "2026-02-01T10:00:00+08:00");
        assert_eq!(print_rfc3339(-1, 0).unwrap(), "1969-12-31T23:59:59+00:00");
        assert_eq!(print_rfc3339(i64::MAX, CN), None);
        assert_eq!(print_rfc3339(i64::MIN, CN), None);
    }

    #[test]
    fn periods_are_half_open_and_contain_their_instants() {
        let at = |text: &str| parse_rfc3339(text).unwrap();
        let range =
            |from: &str, to: &str| Some((at(&format!("{from}T00:00:00+08:00")), at(&format!("{to}T00:00:00+08:00"))));
        assert_eq!(month(2026, 2, CN), range("2026-02-01", "2026-03-01"));
        assert_eq!(month(2026, 12, CN), range("2026-12-01", "2027-01-01"));
        assert_eq!(quarter(2026, 1, CN), range("2026-01-01", "2026-04-01"));
        assert_eq!(quarter(2026, 4, CN), range("2026-10-01", "2027-01-01"));
        assert_eq!(year(2024, CN), range("2024-01-01", "2025-01-01"));
        assert!(year(9999, CN).is_some());
        assert_eq!((month(2026, 13, CN), month(2026, 0, CN)), (None, None));
        assert_eq!((quarter(2026, 0, CN), quarter(2026, 5, CN), quarter(2026, u32::MAX, CN)), (None, None, None));

        let now = at("2026-02-01T00:00:00+08:00");
        for (kind, from, to) in [
            (Window::Day, "2026-02-01", "2026-02-02"),
            (Window::Week, "2026-01-26", "2026-02-02"),
            (Window::Month, "2026-02-01", "2026-03-01"),
            (Window::Quarter, "2026-01-01", "2026-04-01"),
            (Window::Year, "2026-01-01", "2027-01-01"),
        ] {
            assert_eq!(window(kind, now, CN), range(from, to), "{kind:?}");
            let (first, end) = window(kind, now, CN).unwrap();
            for inside in [first, end - 1] {
                assert_eq!(window(kind, inside, CN), Some((first, end)));
            }
            assert_ne!(window(kind, first - 1, CN), Some((first, end)));
            assert_ne!(window(kind, end, CN), Some((first, end)));
        }
        assert_eq!(window(Window::Month, i64::MAX, CN), None);
    }
}
