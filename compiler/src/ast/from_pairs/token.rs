//! Names, texts, numbers, dates and durations.

use super::{Builder, Kids, Pair};
use crate::ast::error::ErrorKind;
use crate::ast::{DateTime, Duration, DurationUnit, ExprKind, Labelled, Name, Number, Path, Text, Unit};
use crate::source::Span;
use promo_grammar::Rule;
use unicode_normalization::UnicodeNormalization as _;

/// More digits than any amount in fen; what is longer is a slip of the finger.
const MAX_DIGITS: usize = 18;

impl<'i> Builder<'i> {
    /// A bare, quoted or slashed name of any rule: the quotes go, the letters are composed.
    pub(super) fn name(&self, pair: &Pair<'i>) -> Name {
        let span = self.span(pair);
        Name { text: unquoted(pair.as_str()).nfc().collect(), span }
    }

    pub(super) fn text_of(&self, pair: &Pair<'i>) -> Text {
        self.name(pair)
    }

    /// The first name among the parts.
    pub(super) fn one_name(&self, kids: &Kids<'i>) -> Option<Name> {
        kids.one(Rule::name).map(|p| self.name(&p))
    }

    pub(super) fn names(&self, kids: &Kids<'i>) -> Vec<Name> {
        kids.all(Rule::name).map(|p| self.name(&p)).collect()
    }

    /// A path of any of the path rules: each part is a name.
    pub(super) fn path(&self, pair: Pair<'i>) -> Path {
        let span = self.span(&pair);
        Path { parts: pair.into_inner().map(|p| self.name(&p)).collect(), same: false, span }
    }

    pub(super) fn paths(&self, kids: &Kids<'i>, rule: Rule) -> Vec<Path> {
        kids.all(rule).map(|p| self.path(p)).collect()
    }

    /// A name that is all of a path.
    pub(super) fn as_path(name: Name) -> Path {
        Path { span: name.span, parts: vec![name], same: false }
    }

    pub(super) fn labelled(&self, pair: Pair<'i>) -> Option<Labelled> {
        let kids = self.kids(pair);
        let name = kids.one(Rule::name).or_else(|| kids.one(Rule::any_name))?;
        Some(Labelled { name: self.name(&name), label: kids.one(Rule::text).map(|p| self.text_of(&p)) })
    }

    pub(super) fn number(&mut self, pair: Pair<'i>) -> Option<Number> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let digits = kids.one(Rule::decimal)?;
        let unit = if kids.has(Rule::percent) {
            Unit::Percent
        } else if kids.has(Rule::permille) {
            Unit::Permille
        } else {
            kids.one(Rule::unit).map_or(Unit::None, |u| Unit::Named(self.name(&u)))
        };
        let written = digits.as_str();
        let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
        let all: String = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit).collect();
        let significant = all.trim_start_matches('0');
        let (mantissa, scale) = if significant.len() > MAX_DIGITS || fraction.len() > MAX_DIGITS {
            self.errors.push(ErrorKind::NumberTooLong(self.span(&digits)));
            (0, 0)
        } else {
            (significant.parse().unwrap_or(0), u8::try_from(fraction.len()).unwrap_or(0))
        };
        Some(Number { mantissa, scale, unit, span })
    }

    /// A number without point, for counts of days and repeats.
    pub(super) fn integer(&mut self, pair: &Pair<'i>) -> u32 {
        let digits: String = pair.as_str().chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_else(|_| {
            self.errors.push(ErrorKind::NumberTooLong(self.span(pair)));
            0
        })
    }

    pub(super) fn duration(&mut self, pair: Pair<'i>) -> Option<Duration> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let count = self.integer(&kids.one(Rule::digits)?);
        let unit = kids.choose(|r| match r {
            Rule::minutes => Some(DurationUnit::Minutes),
            Rule::hours => Some(DurationUnit::Hours),
            Rule::days => Some(DurationUnit::Days),
            Rule::natural_days => Some(DurationUnit::NaturalDays),
            Rule::working_days => Some(DurationUnit::WorkingDays),
            _ => None,
        })?;
        Some(Duration { count, unit, span })
    }

    pub(super) fn datetime(&mut self, pair: Pair<'i>) -> Option<DateTime> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let date = kids.one(Rule::date)?;
        let mut parts = date.as_str().split('-');
        let year: i32 = parts.next()?.parse().ok()?;
        let month: u32 = parts.next()?.parse().ok()?;
        let day: u32 = parts.next()?.parse().ok()?;
        if !date_exists(year, month, day) {
            self.errors.push(ErrorKind::NoSuchDate { span: self.span(&date), last: last_day(year, month) });
        }
        let time = match kids.one(Rule::time) {
            Some(p) => {
                let (hour, minute, second) = hms(&p)?;
                if hour > 23 || minute > 59 || second > 59 {
                    self.errors.push(ErrorKind::NoSuchTime(self.span(&p)));
                }
                Some((hour, minute, second))
            }
            None => None,
        };
        Some(DateTime { year, month, day, time, span })
    }

    /// `time of day in 10:00 .. 20:30`; only the end may be `24:00`.
    pub(super) fn clock(&mut self, pair: Pair<'i>) -> Option<ExprKind> {
        let mut times = Vec::new();
        for p in pair.into_inner().filter(|p| p.as_rule() == Rule::time) {
            let (hour, minute, second) = hms(&p)?;
            let midnight = times.len() == 1 && (hour, minute, second) == (24, 0, 0);
            if (hour > 23 && !midnight) || minute > 59 || second > 59 {
                self.errors.push(ErrorKind::NoSuchTime(self.span(&p)));
            }
            times.push(hour.min(24) * 3_600 + minute.min(59) * 60 + second.min(59));
        }
        let [from, until] = <[u32; 2]>::try_from(times).ok()?;
        Some(ExprKind::Clock { from, until })
    }

    /// The day `yes`/`no` is written where a name stands.
    pub(super) fn word(text: &str, span: Span) -> Name {
        Name { text: text.to_owned(), span }
    }
}

/// Hour, minute and second as written.
fn hms(time: &Pair<'_>) -> Option<(u32, u32, u32)> {
    let mut parts = time.as_str().split([':', '：']).map(|n| n.parse::<u32>().unwrap_or(u32::MAX));
    Some((parts.next()?, parts.next()?, parts.next().unwrap_or(0)))
}

/// `weekday is Wednesday or Saturday`
pub(super) fn weekday(pair: Pair<'_>) -> ExprKind {
    let days = pair.into_inner().filter(|p| p.as_rule() == Rule::day_of_week);
    ExprKind::Weekday(
        days.filter_map(|p| match p.into_inner().next()?.as_rule() {
            Rule::kw_monday => Some(0),
            Rule::kw_tuesday => Some(1),
            Rule::kw_wednesday => Some(2),
            Rule::kw_thursday => Some(3),
            Rule::kw_friday => Some(4),
            Rule::kw_saturday => Some(5),
            Rule::kw_sunday => Some(6),
            _ => None,
        })
        .collect(),
    )
}

fn unquoted(text: &str) -> &str {
    let inner = |open: &[char], close: char| text.strip_prefix(open).and_then(|t| t.strip_suffix(close));
    inner(&['"'], '"').or_else(|| inner(&['“', '”'], '”')).unwrap_or(text)
}

/// The number of days of a month that exists.
fn last_day(year: i32, month: u32) -> Option<u32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

fn date_exists(year: i32, month: u32, day: u32) -> bool {
    // a year before codes were printed is a slip as well, but not one of the calendar
    year > 0 && day > 0 && last_day(year, month).is_some_and(|last| day <= last)
}
