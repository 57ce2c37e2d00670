//! Dates, amounts and chances as a message writes them.

use crate::calendar;
use crate::diagnostic::Text;
use crate::ir::Term;
use crate::typed::Type;

/// The last moment before `end`: a day where `end` is a midnight, else the time itself.
pub(super) fn until(end: i64, offset: i32) -> String {
    let local = end.saturating_add(i64::from(offset));
    if local.rem_euclid(DAY) == 0 { from(end.saturating_sub(DAY), offset) } else { from(end, offset) }
}

/// A day where `start` is a midnight, else the time itself.
pub(super) fn from(start: i64, offset: i32) -> String {
    let local = start.saturating_add(i64::from(offset));
    let day = calendar::print_day(local.div_euclid(DAY)).unwrap_or_default();
    match local.rem_euclid(DAY) {
        0 => day,
        seconds => format!("{day} {:02}:{:02}", seconds / 3600, seconds / 60 % 60),
    }
}

const DAY: i64 = 86_400;

/// An amount of a type.
pub(super) fn amount(value: i64, ty: &Type) -> Text {
    let sign = if value < 0 { "-" } else { "" };
    let whole = |number: u64| format!("{sign}{}", grouped(number));
    match ty {
        Type::Money => {
            let rest = value.unsigned_abs() % 100;
            let decimals = if rest == 0 { String::new() } else { format!(".{rest:02}") };
            let whole = whole(value.unsigned_abs() / 100);
            Text::new(format!("{whole}{decimals} yuan"), format!("{whole}{decimals}元"))
        }
        Type::Points => {
            let points = whole(value.unsigned_abs());
            Text::new(format!("{points} points"), format!("{points} 积分"))
        }
        _ => Text::new(whole(value.unsigned_abs()), whole(value.unsigned_abs())),
    }
}

/// Digits in threes, as a policy writes them.
fn grouped(number: u64) -> String {
    let (rest, last) = (number / 1000, number % 1000);
    if rest == 0 { last.to_string() } else { format!("{}_{last:03}", grouped(rest)) }
}

/// A length of time.
pub(super) fn duration(term: Term) -> Text {
    let (count, en, zh) = match term {
        Term::Days(days) => (days, "day", "天"),
        Term::WorkingDays(days) => (days, "working day", "个工作日"),
        Term::Seconds(s) if s % 3600 == 0 => (s / 3600, "hour", "小时"),
        Term::Seconds(s) if s % 60 == 0 => (s / 60, "minute", "分钟"),
        Term::Seconds(s) => (s, "second", "秒"),
    };
    let plural = if count == 1 { "" } else { "s" };
    Text::new(format!("{count} {en}{plural}"), format!("{count} {zh}"))
}

/// `weight` of `total` as a percentage, cut after four decimals.
pub(super) fn percent(weight: i64, total: i64) -> String {
    let ppm = i128::from(weight) * 1_000_000 / i128::from(total.max(1));
    let (whole, rest) = (ppm / 10_000, ppm % 10_000);
    let decimals = format!("{rest:04}");
    match decimals.trim_end_matches('0') {
        "" => format!("{whole}%"),
        digits => format!("{whole}.{digits}%"),
    }
}
