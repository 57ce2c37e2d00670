//! The pages of `docs/codes`, built into the program.

use crate::lang::Lang;
use promo_compiler::diagnostic::Code;

/// `("P0101", text)` in order of code; see `build.rs`.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// A page has both languages, Chinese first, with this line between them.
const DIVIDER: &str = "\n---\n";

/// The page of a code, both languages.
pub(crate) fn page(code: Code) -> Option<&'static str> {
    let found = PAGES.binary_search_by(|(name, _)| (*name).cmp(code.as_str())).ok()?;
    PAGES.get(found).map(|(_, text)| *text)
}

/// The half of a page that is in this language.
pub(crate) fn in_language(page: &str, lang: Lang) -> &str {
    match (page.split_once(DIVIDER), lang) {
        (Some((zh, _)), Lang::Zh) => zh.trim_start(),
        (Some((_, en)), Lang::En) => en.trim_start(),
        (None, _) => page,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page() {
        let missing: Vec<_> = Code::ALL.iter().filter(|code| page(**code).is_none()).collect();
        assert!(missing.is_empty(), "no page in docs/codes for {missing:?}");
    }

    #[test]
    fn every_page_is_of_a_code_and_shows_a_wrong_and_a_right_example_in_both_languages() {
        assert!(!PAGES.is_empty());
        for (name, text) in PAGES {
            let code = Code::parse(name).unwrap();
            let (zh, en) = text.split_once(DIVIDER).unwrap();
            assert!(zh.starts_with(&format!("# {code} {}\n", code.title_zh())), "{name}: title in Chinese");
            assert!(
                en.trim_start().starts_with(&format!("# {code} {}\n", code.title_en())),
                "{name}: title in English"
            );
            for (half, wrong, right) in [(zh, "## 错误", "## 正确"), (en, "## Wrong", "## Right")] {
                let (_, after) = half.split_once(wrong).unwrap();
                let (bad, good) = after.split_once(right).unwrap();
                assert!(bad.contains("```"), "{name}: wrong example");
                assert!(good.contains("```"), "{name}: right example");
            }
        }
    }
}
