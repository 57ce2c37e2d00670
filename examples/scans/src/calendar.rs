//! Local time of the first half of 2026, as seconds since the year began.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
/// Days of January to June 2026.
const MONTHS: [i64; 6] = [31, 28, 31, 30, 31, 30];

/// Days of the half year.
pub(crate) const DAYS: i64 = 181;

/// `2026-02-01T10:00:00+08:00`
pub(crate) fn rfc3339(second: i64) -> String {
    let (mut day, time) = (second.div_euclid(DAY), second.rem_euclid(DAY));
    let mut month = 1;
    for length in MONTHS {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    format!("2026-{month:02}-{:02}T{:02}:{:02}:{:02}+08:00", day + 1, time / 3600, time / 60 % 60, time % 60)
}

/// The last seconds of the six months.
pub(crate) fn month_ends() -> Vec<i64> {
    let mut days = 0;
    let ends = MONTHS.iter().map(|length| {
        days += length;
        days * DAY - 1
    });
    ends.collect()
}
