//! Numbers as people read them: digits in groups of three, fen as yuan.

/// Digits with a separator before every three: `,` to be read, `_` to be written in a policy.
pub fn grouped(digits: &str, separator: char) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// Fen as yuan, grouped; decimals only where there are any.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let (whole, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let decimals = if rest == 0 { String::new() } else { format!(".{rest:02}") };
    format!("{sign}{}{decimals}", grouped(&whole.to_string(), ','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_and_grouped() {
        assert_eq!(yuan(50_000_000), "500,000");
        assert_eq!(yuan(880), "8.80");
        assert_eq!(yuan(5), "0.05");
        assert_eq!(yuan(-123_456_789), "-1,234,567.89");
        assert_eq!(yuan(i64::MIN), "-92,233,720,368,547,758.08");
        assert_eq!(grouped("200000", '_'), "200_000");
    }
}
