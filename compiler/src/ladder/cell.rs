//! Headers and cells of a sheet of tiers.

/// A decimal as written, with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// Its digits, without grouping.
    pub(super) digits: String,
    /// In millionths, to compare.
    pub(super) value: i128,
    /// The unit written behind it; empty if none.
    pub(super) unit: String,
}

/// Digits behind the point that are compared.
const SCALE: usize = 6;

/// `1,200.50 元`; `None` for anything else.
pub(super) fn number(text: &str) -> Option<Number> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '_'))).unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(end)?;
    let digits: String = digits.chars().filter(|c| !matches!(c, ',' | '_')).collect();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || fraction.len() > SCALE || !plain(whole) || !plain(fraction) {
        return None;
    }
    let value: i128 = format!("{whole}{fraction:0<SCALE$}").parse().ok()?;
    let unit = unit.trim().replace('％', "%");
    let known = unit.is_empty() || unit.chars().all(|c| c.is_alphabetic() || matches!(c, '%' | '‰'));
    known.then_some(Number { digits, value, unit })
}

/// A bound as a cell has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    /// Nothing, or a sign for no end.
    Open,
    /// A number, and whether the cell says that the number itself belongs to the row.
    At(Number, Option<bool>),
    /// `50以上`: with or without 50?
    Unclear,
    /// Not a bound.
    Other,
}

/// Reads a bound; `lower` if it is where a row begins.
pub(super) fn bound(text: &str, lower: bool) -> Bound {
    let text = text.trim();
    if matches!(text, "" | "-" | "—" | "∞" | "+∞" | "不限" | "无" | "none") {
        return Bound::Open;
    }
    if ["以上", "以下", "以内"].iter().any(|word| text.contains(word)) && !text.contains('含') {
        return Bound::Unclear;
    }
    let signs = [("≥", true, true), (">=", true, true), (">", true, false), ("＞", true, false)];
    let under = [("≤", false, true), ("<=", false, true), ("<", false, false), ("＜", false, false)];
    for (sign, of_lower, included) in signs.into_iter().chain(under) {
        if let Some(rest) = text.strip_prefix(sign) {
            return match number(rest) {
                Some(n) if of_lower == lower => Bound::At(n, Some(included)),
                _ => Bound::Other,
            };
        }
    }
    let (text, said) = match (text.strip_suffix("（不含）"), text.strip_suffix("（含）")) {
        (Some(rest), _) => (rest, Some(false)),
        (_, Some(rest)) => (rest, Some(true)),
        _ => (text, None),
    };
    number(text).map_or(Bound::Other, |n| Bound::At(n, said))
}

/// A header: `上限（瓶，不含）` is the name, the unit and whether the bound is included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// What stands before the parenthesis.
    pub(super) name: String,
    /// The unit in the parenthesis.
    pub(super) unit: String,
    /// `含` or `不含`.
    pub(super) included: Option<bool>,
}

/// Reads a header.
pub(super) fn header(text: &str) -> Header {
    let (name, note) = text.split_once(['（', '(']).unwrap_or((text, ""));
    let mut header = Header { name: name.trim().to_owned(), ..Header::default() };
    for part in note.trim_end_matches(['）', ')']).split(['，', ',', '、']).map(str::trim) {
        match part {
            "含" | "included" => header.included = Some(true),
            "不含" | "excluded" => header.included = Some(false),
            "" => {}
            unit => header.unit = unit.replace('％', "%"),
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_digits_and_a_unit() {
        let n = number("1,200.50 元").map(|n| (n.digits, n.value, n.unit));
        assert_eq!(n, Some(("1200.50".into(), 1_200_500_000, "元".into())));
        assert_eq!(number("5％").map(|n| n.unit), Some("%".into()));
        for text in ["", "x", ".5", "1.2.3", "0.1234567", "5+", "1234567890123456"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_say_who_owns_the_edge_or_are_asked() {
        let said = |text: &str, lower| match bound(text, lower) {
            Bound::At(_, said) => Some(said),
            _ => None,
        };
        assert_eq!(said("50", true), Some(None));
        assert_eq!(said("≥50瓶", true), Some(Some(true)));
        assert_eq!(said("<100", false), Some(Some(false)));
        assert_eq!(said("100（含）", false), Some(Some(true)));
        assert_eq!(bound("50以上", true), Bound::Unclear);
        assert_eq!(bound("<50", true), Bound::Other);
        assert_eq!(bound("不限", false), Bound::Open);
    }

    #[test]
    fn headers_carry_unit_and_edge() {
        let h = header("上限（瓶，不含）");
        assert_eq!((h.name.as_str(), h.unit.as_str(), h.included), ("上限", "瓶", Some(false)));
        assert_eq!(header("reward (yuan)").unit, "yuan");
    }
}
