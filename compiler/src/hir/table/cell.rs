//! From the text of a cell to a number.

use super::Column;
use crate::hir::from_ast::Context;
use crate::hir::model::FactType;
use crate::ir::key;
use crate::ir::record::Id;
use crate::ir::schema::NumberUnit;
use crate::regions::ResolveError;

/// What can be wrong in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It must say something.
    Missing,
    /// It contains a character that cannot be seen: a stray byte order mark, a zero-width space.
    Invisible(char),
    /// A long code that a spreadsheet has shortened: `6.90123E+12`.
    Shortened,
    /// Not a number.
    NotANumber,
    /// A rate without its sign: 5% or 0.05?
    NoPercent,
    /// Finer than the smallest unit.
    TooFine {
        /// Decimals that would do.
        decimals: u8,
    },
    /// Outside what the column declares, in the column's own unit.
    OutOfBounds {
        /// Least.
        lo: String,
        /// Greatest.
        hi: String,
    },
    /// Not a date.
    NotADate,
    /// Not yes or no.
    NotYesNo,
    /// Not one of the values declared.
    NotOneOf {
        /// Those declared.
        values: Vec<String>,
    },
    /// Not a SKU of the catalogue.
    NoProduct,
    /// Not a region.
    NoRegion,
    /// Several regions.
    WhichRegion {
        /// All of them.
        choices: Vec<String>,
    },
    /// The key was used before.
    Repeated {
        /// Line of the first use.
        first: u32,
    },
}

impl Fault {
    /// Findings with the same number are of one kind.
    pub(super) fn kind(&self) -> u8 {
        match self {
            Fault::Missing => 0,
            Fault::Invisible(_) => 1,
            Fault::Shortened => 2,
            Fault::NotANumber => 3,
            Fault::NoPercent => 4,
            Fault::TooFine { .. } => 5,
            Fault::OutOfBounds { .. } => 6,
            Fault::NotADate => 7,
            Fault::NotYesNo => 8,
            Fault::NotOneOf { .. } => 9,
            Fault::NoProduct => 10,
            Fault::NoRegion => 11,
            Fault::WhichRegion { .. } => 12,
            Fault::Repeated { .. } => 13,
        }
    }
}

/// Characters that look like nothing and would make two texts that look alike differ.
fn invisible(text: &str) -> Result<(), Fault> {
    if text.is_ascii() {
        return Ok(());
    }
    let hidden = |c: &char| matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fffd}');
    text.chars().find(hidden).map_or(Ok(()), |c| Err(Fault::Invisible(c)))
}

/// What picks the row.
pub(super) fn key(cx: &Context<'_>, ty: &FactType, text: &str) -> Result<u128, Fault> {
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    invisible(text)?;
    match ty {
        FactType::Product | FactType::Region | FactType::OneOf(_) | FactType::YesNo => {
            let value = named(cx, ty, text)?;
            Ok(u128::from(value.unsigned_abs()))
        }
        _ if is_shortened(text) => Err(Fault::Shortened),
        _ => Id::from_text(text).map(|id| id.0).ok_or(Fault::Missing),
    }
}

/// `6.90123E+12`
fn is_shortened(text: &str) -> bool {
    let Some((digits, power)) = text.split_once(['E', 'e']) else { return false };
    let number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    number(digits) && power.strip_prefix('+').is_some_and(number)
}

/// A cell of a column.
pub(super) fn value(cx: &Context<'_>, column: &Column, text: &str, sheet: bool) -> Result<i64, Fault> {
    invisible(text)?;
    match &column.ty {
        FactType::Number { unit, .. } => number(column, unit, text, sheet),
        FactType::Date => date(text).ok_or(Fault::NotADate),
        FactType::Text => Ok(0),
        other => named(cx, other, text),
    }
}

fn named(cx: &Context<'_>, ty: &FactType, text: &str) -> Result<i64, Fault> {
    match ty {
        FactType::YesNo => match text {
            "yes" | "是" => Ok(1),
            "no" | "否" => Ok(0),
            _ => Err(Fault::NotYesNo),
        },
        FactType::OneOf(values) => match values.iter().position(|v| v.is(text)) {
            Some(at) => Ok(at as i64),
            None => Err(Fault::NotOneOf { values: values.iter().map(|v| v.name.clone()).collect() }),
        },
        FactType::Product => cx.catalogue.sku(text).map(i64::from).ok_or(Fault::NoProduct),
        FactType::Region => match cx.schema.regions.resolve(text) {
            Ok(id) => Ok(i64::from(id.0)),
            Err(ResolveError::Unknown { .. }) => Err(Fault::NoRegion),
            Err(ResolveError::Ambiguous { choices }) => Err(Fault::WhichRegion { choices }),
        },
        _ => Err(Fault::NotANumber),
    }
}

/// mantissa and scale of a decimal: `1,200.50`, `-3`. Digits may be grouped in threes.
fn decimal(text: &str) -> Option<(i128, u32)> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digit = |c: char| c.is_ascii_digit();
    let grouped = whole.contains([',', '_']);
    let mut groups = whole.split([',', '_']);
    let first = groups.next()?;
    let groups_fit = !grouped || (first.len() <= 3 && groups.all(|g| g.len() == 3));
    let ends = digits.contains('.') && fraction.is_empty();
    if first.is_empty() || !groups_fit || ends || digits.len() > 24 {
        return None;
    }
    let mut mantissa: i128 = 0;
    for c in whole.chars().filter(|c| !matches!(c, ',' | '_')).chain(fraction.chars()) {
        if !digit(c) {
            return None;
        }
        mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(c.to_digit(10)?))?;
    }
    Some((if negative { -mantissa } else { mantissa }, fraction.len() as u32))
}

fn number(column: &Column, unit: &NumberUnit, text: &str, sheet: bool) -> Result<i64, Fault> {
    if is_shortened(text) {
        return Err(Fault::Shortened);
    }
    let (digits, sign) = match (text.strip_suffix(['%', '％']), text.strip_suffix('‰')) {
        (Some(digits), _) => (digits, Some(10_000)),
        (_, Some(digits)) => (digits, Some(1_000)),
        _ => (text, None),
    };
    let (mantissa, scale) = decimal(digits.trim_end()).ok_or(Fault::NotANumber)?;
    let (factor, decimals) = match (unit, sign) {
        (NumberUnit::BasisPoints, Some(factor)) => (factor, if factor == 10_000 { 4 } else { 3 }),
        // A spreadsheet keeps 5% as the number 0.05.
        (NumberUnit::BasisPoints, None) if sheet => (1_000_000, 6),
        (NumberUnit::BasisPoints, None) => return Err(Fault::NoPercent),
        (_, Some(_)) => return Err(Fault::NotANumber),
        (NumberUnit::Fen, None) => (100, 2),
        _ => (1, 0),
    };
    let value = mantissa.checked_mul(factor).and_then(|m| crate::hir::expr::exact(m, u8::try_from(scale).ok()?));
    let (lo, hi) = column.range;
    match value {
        // Beyond 64 bits it is out of any bounds; else a fraction is left.
        None if mantissa.unsigned_abs() > 1 << 80 => Err(bounds(unit, lo, hi)),
        None => Err(Fault::TooFine { decimals }),
        Some(v) if (lo..=hi).contains(&v) => Ok(v),
        Some(_) => Err(bounds(unit, lo, hi)),
    }
}

fn bounds(unit: &NumberUnit, lo: i64, hi: i64) -> Fault {
    let shown = |v: i64| match unit {
        NumberUnit::Fen => decimal_text(v, 2),
        NumberUnit::BasisPoints => format!("{}%", decimal_text(v, 4)),
        _ => v.to_string(),
    };
    Fault::OutOfBounds { lo: shown(lo), hi: shown(hi) }
}

/// A number with that many decimals, without zeros at its end.
fn decimal_text(value: i64, decimals: u32) -> String {
    let unit = 10u64.pow(decimals);
    let (whole, rest) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{rest:0width$}", width = decimals as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `2026-01-15` or `2026/1/15`, as spreadsheets write it.
fn date(text: &str) -> Option<i64> {
    let mut parts = text.split(['-', '/']);
    let year = parts.next().filter(|y| y.len() == 4)?;
    let mut number = || parts.next().filter(|t| (1..=2).contains(&t.len()))?.parse::<i64>().ok();
    let (month, day) = (number()?, number()?);
    if parts.next().is_some() {
        return None;
    }
    key::day_number(year.parse().ok()?, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::schema::Named;

    fn money() -> Column {
        column(NumberUnit::Fen, (0, 1_000_000))
    }

    fn column(unit: NumberUnit, range: (i64, i64)) -> Column {
        let ty = FactType::Number { lo: 0, hi: 0, unit };
        Column { name: Named { name: "n".into(), label: String::new() }, ty, optional: false, range }
    }

    fn read(column: &Column, text: &str, sheet: bool) -> Result<i64, Fault> {
        let FactType::Number { unit, .. } = &column.ty else { return Err(Fault::Missing) };
        number(column, unit, text, sheet)
    }

    #[test]
    fn money_is_exact() {
        for (text, fen) in [("8.80", 880), ("8.8", 880), ("1,200", 120_000), ("1_000.5", 100_050), ("0", 0)] {
            assert_eq!(read(&money(), text, false), Ok(fen), "{text}");
        }
        assert_eq!(read(&money(), "0.001", false), Err(Fault::TooFine { decimals: 2 }));
        assert_eq!(read(&money(), "8.8E+02", false), Err(Fault::Shortened));
        let out = Err(Fault::OutOfBounds { lo: "0".into(), hi: "10000".into() });
        assert_eq!(read(&money(), "10000.01", false), out);
        assert_eq!(read(&money(), "-1", false), out);
        for text in ["", "1.", ".5", "12,00", "1,2,3", "８", "8元", "5%", "1 000", "--1", "9".repeat(40).as_str()] {
            assert_eq!(read(&money(), text, false), Err(Fault::NotANumber), "{text}");
        }
    }

    #[test]
    fn a_rate_says_what_it_is_or_comes_from_a_sheet() {
        let rate = column(NumberUnit::BasisPoints, (0, 1_000_000));
        assert_eq!(read(&rate, "5%", false), Ok(50_000));
        assert_eq!(read(&rate, "1.25‰", false), Ok(1_250));
        assert_eq!(read(&rate, "0.05", true), Ok(50_000));
        assert_eq!(read(&rate, "0.05", false), Err(Fault::NoPercent));
        assert_eq!(read(&rate, "5", true), Err(Fault::OutOfBounds { lo: "0%".into(), hi: "100%".into() }));
    }

    #[test]
    fn dates_are_read_year_first() {
        assert_eq!(date("2026-01-15"), date("2026/1/15"));
        assert!(date("2026-01-15").is_some());
        for text in ["15/1/2026", "2026-02-30", "2026-1", "2026-1-1-1", "26-1-1", "2026--1"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
