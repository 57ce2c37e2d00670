//! The numbers and dates of a text, as values: of a `.promo` file and of a document made from it.

use std::collections::BTreeSet;

/// A literal by what it means, whatever its spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Literal {
    /// Millionths of a fen.
    Money(i128),
    /// Millionths of a percent.
    Rate(i128),
    /// Millionths of a second.
    Duration(i128),
    /// Millionths of working days.
    WorkingDays(i128),
    /// Year, month, day.
    Date(i128, i128, i128),
    /// Hour and minute.
    Clock(i128, i128),
    /// Millionths of anything else.
    Count(i128),
}

/// Where a literal stands and what it is.
#[derive(Clone, Debug)]
pub struct Found {
    /// Byte range of its digits; of a date, of the whole date.
    pub range: std::ops::Range<usize>,
    /// Its value.
    pub value: Literal,
}

/// Every literal of a text. Quoted text and comments hold none if `code` is set.
pub fn find(text: &str, code: bool) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    let rest = |at: usize| text.get(at..).unwrap_or_default();
    while let Some(c) = rest(at).chars().next() {
        let here = rest(at);
        if code && here.starts_with("//") {
            at += here.find('\n').unwrap_or(here.len());
        } else if code && matches!(c, '"' | '“') {
            let inner = here.get(c.len_utf8()..).unwrap_or_default();
            at += c.len_utf8() + inner.find(['"', '”', '\n']).map_or(inner.len(), |end| end + 1);
            at = (at..).find(|i| text.is_char_boundary(*i)).unwrap_or(at);
        } else if c.is_ascii_digit() {
            let dated = found.last().is_some_and(|last: &Found| {
                matches!(last.value, Literal::Date(..))
                    && text.get(last.range.end..at).is_some_and(|t| t.trim().is_empty())
            });
            let (len, digits, value) = literal(here, dated);
            found.push(Found { range: at..at + digits, value });
            at += len;
        } else if c.is_alphabetic() || c == '_' {
            at += word(here, code);
        } else {
            at += c.len_utf8();
        }
    }
    found
}

/// The values alone.
pub fn values(text: &str, code: bool) -> BTreeSet<Literal> {
    find(text, code).into_iter().map(|f| f.value).collect()
}

/// A name takes its digits with it (`SKU-889`); a Chinese word of a sentence, or a keyword, does not (`最多20`).
fn word(text: &str, code: bool) -> usize {
    let ascii = text.starts_with(|c: char| c.is_ascii());
    let part = |c: char| {
        if ascii { c.is_ascii_alphanumeric() || c == '_' || c == '-' } else { c.is_alphabetic() && !c.is_ascii() }
    };
    let end = text.find(|c: char| !part(c)).unwrap_or(text.len());
    let (own, after) = text.split_at_checked(end).unwrap_or((text, ""));
    let keyword = || promo_grammar::keywords::KEYWORDS.iter().any(|k| !k.zh.is_empty() && own.ends_with(k.zh));
    if !ascii && code && after.starts_with(|c: char| c.is_ascii_digit()) && !keyword() {
        return end + after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    }
    end
}

/// Length, length of the digits, and value of the literal a text begins with. Behind a date `17：00` is a time; elsewhere
/// it is the row of a table.
fn literal(text: &str, dated: bool) -> (usize, usize, Literal) {
    if let Some((len, date)) = date(text) {
        return (len, len, date);
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | ',' | '.'))).unwrap_or(text.len());
    let written = text.get(..end).unwrap_or_default().trim_end_matches(['.', ',', '_']);
    let plain: String = written.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let millionths = format!("{whole}{part:0<6}").parse().unwrap_or(i128::MAX);
    let tail = text.get(written.len()..).unwrap_or_default();
    let colon = if dated && tail.starts_with('：') { '：' } else { ':' };
    if let Some(minutes) = tail.strip_prefix(colon).and_then(|t| t.get(..2)).and_then(|t| t.parse().ok()) {
        return (
            written.len() + colon.len_utf8() + 2,
            written.len(),
            Literal::Clock(whole.parse().unwrap_or(0), minutes),
        );
    }
    let unit = tail.trim_start_matches(' ');
    let is = |words: &[&str]| words.iter().any(|w| unit.starts_with(w));
    let value = if is(&["yuan", "元"]) {
        Literal::Money(millionths.saturating_mul(100))
    } else if is(&["fen", "分"]) && !is(&["分钟"]) {
        Literal::Money(millionths)
    } else if is(&["%", "％"]) {
        Literal::Rate(millionths)
    } else if is(&["‰"]) {
        Literal::Rate(millionths / 10)
    } else if is(&["minute", "分钟"]) {
        Literal::Duration(millionths.saturating_mul(60))
    } else if is(&["hour", "小时"]) {
        Literal::Duration(millionths.saturating_mul(3_600))
    } else if is(&["day", "natural day", "天", "个自然日", "自然日"]) {
        Literal::Duration(millionths.saturating_mul(86_400))
    } else if is(&["working day", "个工作日", "工作日"]) {
        Literal::WorkingDays(millionths)
    } else {
        Literal::Count(millionths)
    };
    (written.len(), written.len(), value)
}

/// `2026-01-15` and `2026年1月15日`.
fn date(text: &str) -> Option<(usize, Literal)> {
    let mut numbers = Vec::new();
    let mut at = 0;
    for ends in [['-', '年'], ['-', '月'], [' ', '日']] {
        let rest = text.get(at..)?;
        let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        numbers.push(rest.get(..len)?.parse().ok()?);
        at += len;
        match text.get(at..)?.chars().next() {
            Some(c) if ends.contains(&c) && numbers.len() < 3 => at += c.len_utf8(),
            _ if numbers.len() == 3 => {}
            _ => return None,
        }
    }
    let [year, month, day] = numbers.try_into().ok()?;
    (year > 999).then_some((at, Literal::Date(year, month, day)))
}
