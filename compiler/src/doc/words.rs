//! Numbers, dates and names in the words of a contract.

use super::Writer;
use crate::ast::DateTime;
use crate::calendar;
use crate::diagnostic::Lang;
use crate::digits::{grouped, yuan};
use crate::hir::{Unit, expr};
use crate::ir::schema::Named;
use crate::ir::{Round, Window};

/// One sentence in the document's language; both wordings stand side by side, so neither can be forgotten.
macro_rules! say {
    ($writer:expr, $en:literal, $zh:literal) => {
        match $writer.lang {
            $crate::diagnostic::Lang::En => format!($en),
            $crate::diagnostic::Lang::Zh => format!($zh),
        }
    };
}
pub(super) use say;

/// The kinds of [`crate::hir::Expr`] that are conditions, as a pattern: one list for all matches that name every kind.
macro_rules! condition {
    () => {
        $crate::hir::ExprKind::And(..)
            | $crate::hir::ExprKind::Or(..)
            | $crate::hir::ExprKind::Not(_)
            | $crate::hir::ExprKind::Compare(..)
            | $crate::hir::ExprKind::IsIn(..)
            | $crate::hir::ExprKind::Same(..)
            | $crate::hir::ExprKind::Inside(..)
            | $crate::hir::ExprKind::Clock(..)
            | $crate::hir::ExprKind::Weekday(_)
            | $crate::hir::ExprKind::CellIn(..)
            | $crate::hir::ExprKind::Known(..)
    };
}
pub(super) use condition;

impl Writer<'_> {
    /// `500,000元`, `8.80元`.
    pub(super) fn money(&self, fen: i64) -> String {
        let yuan = yuan(fen);
        say!(self, "{yuan} yuan", "{yuan}元")
    }

    /// A written number with its unit.
    pub(super) fn number(&self, mantissa: i128, scale: u8, unit: &Unit) -> String {
        let exact = expr::exact(mantissa, scale);
        let plain = decimal(mantissa, scale);
        match (unit, exact) {
            (Unit::Money, Some(fen)) => self.money(fen),
            (Unit::Rate, Some(ppm)) => percent(ppm),
            // Finer than a fen: an amount for each so many.
            (Unit::Money, None) => {
                let yuan = decimal(mantissa, scale.saturating_add(2));
                say!(self, "{yuan} yuan", "{yuan}元")
            }
            (Unit::Rate, None) => format!("{plain} ppm"),
            (Unit::Plain, _) => plain,
            (Unit::Points, Some(1)) => say!(self, "1 point", "1积分"),
            (Unit::Points, _) => say!(self, "{plain} points", "{plain}积分"),
            (Unit::Times, Some(1)) => say!(self, "1 time", "1次"),
            (Unit::Times, _) => say!(self, "{plain} times", "{plain}次"),
            (Unit::Duration(seconds), Some(count)) => self.duration(count.saturating_mul(*seconds)),
            (Unit::Duration(seconds), None) => format!("{plain} × {}", self.duration(*seconds)),
            (Unit::Thing(name), _) => self.things(&plain, name),
        }
    }

    /// `50瓶`, `50 bottles`.
    pub(super) fn things(&self, count: &str, thing: &str) -> String {
        match self.lang {
            Lang::En => format!("{count} {}", self.unit(thing, count == "1")),
            Lang::Zh => format!("{count}{}", self.unit(thing, false)),
        }
    }

    /// The name of a pack or thing; in English in the singular or plural.
    pub(super) fn unit(&self, thing: &str, one: bool) -> String {
        let model = &self.package.model;
        let named = model.packs.iter().chain(&model.things).find(|n| n.name == thing);
        let said = named.map_or_else(|| thing.to_owned(), |n| self.name(n));
        if self.lang == Lang::Zh || !said.is_ascii() {
            return said;
        }
        let singular = said.strip_suffix('s').filter(|s| !s.ends_with('s')).unwrap_or(&said).to_owned();
        match singular {
            s if one => s,
            s if s.ends_with(['x', 's', 'z']) || s.ends_with("ch") || s.ends_with("sh") => format!("{s}es"),
            s => format!("{s}s"),
        }
    }

    /// A declared name as people say it.
    pub(super) fn name(&self, named: &Named) -> String {
        let said = named.said(self.lang);
        if said.is_ascii() { said.replace('_', " ") } else { said.to_owned() }
    }

    /// `24小时`, `7天`.
    pub(super) fn duration(&self, seconds: i64) -> String {
        let (count, en, zh) = match seconds {
            s if s % 86_400 == 0 && s != 86_400 => (s / 86_400, "days", "天"),
            s if s % 3_600 == 0 => (s / 3_600, "hours", "小时"),
            s if s % 60 == 0 => (s / 60, "minutes", "分钟"),
            s => (s, "seconds", "秒"),
        };
        let en = if count == 1 { en.trim_end_matches('s') } else { en };
        say!(self, "{count} {en}", "{count}{zh}")
    }

    /// `2026年1月15日`.
    pub(super) fn date(&self, (year, month, day): (i32, u32, u32)) -> String {
        say!(self, "{year:04}-{month:02}-{day:02}", "{year}年{month}月{day}日")
    }

    /// A day number.
    pub(super) fn day(&self, day: i64) -> String {
        calendar::date(day).map_or_else(|| day.to_string(), |date| self.date(date))
    }

    /// `2026年1月15日00:00`, at the end of the day for the last second of a whole day.
    pub(super) fn moment(&self, at: &DateTime, end: bool) -> String {
        let date = self.date((at.year, at.month, at.day));
        let (h, m, s) = at.time.unwrap_or(if end { (24, 0, 0) } else { (0, 0, 0) });
        self.clock(&date, h, m, s)
    }

    /// The same from seconds since 1970; the end of a day is `24:00` of that day.
    pub(super) fn instant(&self, second: i64, end: bool) -> String {
        let local = second.saturating_add(i64::from(self.package.model.utc_offset));
        let (mut day, mut rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        if end && rest == 0 {
            (day, rest) = (day - 1, 86_400);
        }
        let part = |n: i64| u32::try_from(n).unwrap_or_default();
        self.clock(&self.day(day), part(rest / 3_600), part(rest / 60 % 60), part(rest % 60))
    }

    /// `09:30`, from seconds after midnight.
    pub(super) fn time_of_day(&self, second: i64) -> String {
        let (h, m, s) = (second / 3_600, second / 60 % 60, second % 60);
        let seconds = if s == 0 { String::new() } else { format!(":{s:02}") };
        format!("{h:02}:{m:02}{seconds}")
    }

    fn clock(&self, date: &str, h: u32, m: u32, s: u32) -> String {
        let seconds = if s == 0 { String::new() } else { format!(":{s:02}") };
        say!(self, "{date} {h:02}:{m:02}{seconds}", "{date}{h:02}:{m:02}{seconds}")
    }

    /// `北京时间（UTC+8）`.
    pub(super) fn zone(&self) -> String {
        let offset = self.package.model.utc_offset;
        let sign = if offset < 0 { '-' } else { '+' };
        let (h, m) = (offset.unsigned_abs() / 3_600, offset.unsigned_abs() / 60 % 60);
        let minutes = if m == 0 { String::new() } else { format!(":{m:02}") };
        let utc = format!("UTC{sign}{h}{minutes}");
        if offset == 28_800 { say!(self, "Beijing time, {utc}", "北京时间，{utc}") } else { utc }
    }

    /// A rounding in words.
    pub(super) fn rounding(&self, round: Round) -> String {
        match round {
            Round::HalfUp => say!(self, "to the nearest, a half upwards", "四舍五入"),
            Round::Down => say!(self, "downwards", "向下取整"),
            Round::Up => say!(self, "upwards", "向上取整"),
            Round::HalfEven => {
                say!(self, "to the nearest, a half to the even neighbour", "四舍六入五成双（银行家舍入）")
            }
        }
    }

    /// `每自然月`.
    pub(super) fn per_window(&self, window: Window) -> String {
        match window {
            Window::Hour => say!(self, "per clock hour", "每小时（按钟点）"),
            Window::Day => say!(self, "per calendar day", "每自然日"),
            Window::Week => say!(self, "per calendar week", "每自然周"),
            Window::Month => say!(self, "per calendar month", "每自然月"),
            Window::Quarter => say!(self, "per calendar quarter", "每自然季度"),
            Window::Year => say!(self, "per calendar year", "每自然年"),
            Window::Ever => String::new(),
            Window::Event => say!(self, "per event", "每次事件"),
        }
    }

    /// `a、b和c`.
    pub(super) fn list(&self, items: &[String]) -> String {
        match self.lang {
            Lang::Zh => items.join("、"),
            Lang::En => match items {
                [] => String::new(),
                [one] => one.clone(),
                [first @ .., last] => format!("{} and {last}", first.join(", ")),
            },
        }
    }
}

/// A rate in parts per million as an exact percentage.
pub(super) fn percent(ppm: i64) -> String {
    format!("{}%", decimal(i128::from(ppm), 4))
}

/// mantissa · 10^-scale, grouped, without zeros at its end.
pub(super) fn decimal(mantissa: i128, scale: u8) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = usize::from(scale) + 1);
    let (whole, rest) = digits.split_at_checked(digits.len() - usize::from(scale)).unwrap_or((&digits, ""));
    let rest = rest.trim_end_matches('0');
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{rest}", grouped(whole, ','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        assert_eq!(decimal(1_500, 0), "1,500");
        assert_eq!(decimal(-5, 3), "-0.005");
        assert_eq!(decimal(12_345_600, 3), "12,345.6");
        assert_eq!(percent(1_500), "0.15%");
        assert_eq!(percent(1_000_000), "100%");
    }
}
