//! Which texts can stand as names without quotes, the same as the rules `bare`, `any_bare` and `slashed` say.

use crate::keywords::is_reserved;
use unicode_ident::{is_xid_continue, is_xid_start};

/// Letters, digits and inner hyphens, not beginning with a digit: a name after a dot or before a colon.
pub fn is_word(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    if !chars.next().is_some_and(|c| is_xid_start(c) || c == '_') {
        return false;
    }
    while let Some(c) = chars.next() {
        let hyphen = c == '-' && chars.peek().is_some_and(|n| is_xid_continue(*n));
        if !is_xid_continue(c) && !hyphen {
            return false;
        }
    }
    true
}

/// A word that is not reserved: a name anywhere.
pub fn is_bare(text: &str) -> bool {
    is_word(text) && !is_reserved(text)
}

/// Words joined by `/`, the first not reserved: a region, product or time zone.
pub fn is_slashed(text: &str) -> bool {
    text.split('/').next().is_some_and(|first| !is_reserved(first)) && text.split('/').all(is_slashed_part)
}

fn is_slashed_part(text: &str) -> bool {
    is_word(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_names() {
        assert!(is_bare("SKU-889") && is_bare("国窖1573") && is_bare("_x") && is_bare("actual-target"));
        assert!(!is_bare("690123") && !is_bare("a b") && !is_bare("") && !is_bare("a-") && !is_bare("a--b"));
        assert!(!is_bare("on") && is_word("on") && !is_bare("每箱") && !is_bare("其他"));
        assert!(is_slashed("四川/成都") && !is_slashed("四川/") && !is_slashed("其他/x"));
    }
}
