//! RFC 3339 times and dates, read without allocation and written back for messages.

use promo_compiler::ir::key::{civil, day_number, local_day};

/// Seconds since 1970 of a time such as `2026-02-01T10:00:00+08:00`; fractions of a second are dropped. A leap
/// second is the second after it. `None` if it is not RFC 3339 or there is no such time in the years 1 to 9999.
pub(super) fn parse_instant(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let (date, rest) = bytes.split_at_checked(10)?;
    let day = parse_day(date)?;
    let [b'T' | b't' | b' ', h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = rest else {
        return None;
    };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let rest = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            fraction.get(digits..)?
        }
        rest => rest,
    };
    let offset = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 3600 + minutes * 60) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    Some(day * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// Day number of a date such as `2026-02-01`.
pub(super) fn parse_date(text: &str) -> Option<i64> {
    parse_day(text.as_bytes())
}

fn parse_day(bytes: &[u8]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else {
        return None;
    };
    day_number(two(*y1, *y2)? * 100 + two(*y3, *y4)?, two(*m1, *m2)?, two(*d1, *d2)?)
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// An instant in a zone, as RFC 3339.
pub fn format_instant(time: i64, offset: i32) -> String {
    let (year, month, day) = civil(local_day(time, offset));
    let second = time.saturating_add(i64::from(offset)).rem_euclid(86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let sign = if offset < 0 { '-' } else { '+' };
    let (zone_hour, zone_minute) = (offset.unsigned_abs() / 3600, offset.unsigned_abs() / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{zone_hour:02}:{zone_minute:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_zone() {
        assert_eq!(parse_instant("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse_instant("2026-02-01T10:00:00+08:00"), Some(1_769_911_200));
        assert_eq!(parse_instant("2026-02-01t02:00:00.999z"), Some(1_769_911_200));
        assert_eq!(parse_instant("2026-01-31 22:00:00-04:00"), Some(1_769_911_200));
        assert_eq!(parse_instant("2016-12-31T23:59:60Z"), parse_instant("2017-01-01T00:00:00Z"));
    }

    #[test]
    fn what_is_not_a_time_is_not_read() {
        for text in [
            "",
            "2026-02-01",
            "2026-02-01T10:00:00",
            "2026-02-30T10:00:00Z",
            "2026-02-01T24:00:00Z",
            "2026-02-01T10:60:00Z",
            "2026-02-01T10:00:00.Z",
            "2026-02-01T10:00:00+0800",
            "2026-2-1T10:00:00Z",
            "2026-02-01T10:00:00+24:00",
            "2026-02-01T10:00:00Z ",
            "２０２６-02-01T10:00:00Z",
            "0000-01-01T00:00:00Z",
            "二〇二六年二月一日十时",
            "2026-02-01T1é:00:00Z",
        ] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for offset in [0, 28_800, -12_600, 20_700] {
            for time in (-10_000_000_000..10_000_000_000i64).step_by(777_777_777) {
                assert_eq!(parse_instant(&format_instant(time, offset)), Some(time));
            }
        }
    }
}
