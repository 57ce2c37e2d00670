//! The language of messages: `--lang`, else the environment, else English.

use promo_compiler::source::Spelling;
use std::ffi::OsString;

/// The language of everything the command prints.
pub(crate) type Lang = Spelling;

/// `zh` or `en` as an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LangName {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl From<LangName> for Lang {
    fn from(name: LangName) -> Lang {
        match name {
            LangName::Zh => Lang::Zh,
            LangName::En => Lang::En,
        }
    }
}

/// The language, decided before the command line is parsed so that even a parse error is in it.
///
/// `--lang` counts before the subcommand and behind every subcommand but `fmt`, where it names the target
/// spelling. Without it the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is not empty decides.
pub(crate) fn choose(arguments: &[OsString], env: impl Fn(&str) -> Option<String>) -> Lang {
    from_arguments(arguments).unwrap_or_else(|| from_environment(env))
}

fn from_arguments(arguments: &[OsString]) -> Option<Lang> {
    let mut found = None;
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        match word.as_ref() {
            "fmt" | "--" => break,
            "--lang" => found = words.next().and_then(|value| named(&value)).or(found),
            other => found = other.strip_prefix("--lang=").and_then(named).or(found),
        }
    }
    found
}

fn named(value: &str) -> Option<Lang> {
    match value {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    }
}

fn from_environment(env: impl Fn(&str) -> Option<String>) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(env).find(|value| !value.is_empty());
    match locale {
        Some(locale) if locale.to_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(line: &str, env: &[(&str, &str)]) -> Lang {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        choose(&words, |name| env.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn the_flag_wins_over_the_environment() {
        assert_eq!(chosen("promo check x --lang en", &[("LANG", "zh_CN.UTF-8")]), Lang::En);
        assert_eq!(chosen("promo --lang=zh check", &[("LANG", "en_US.UTF-8")]), Lang::Zh);
    }

    #[test]
    fn lc_all_wins_over_lc_messages_over_lang() {
        assert_eq!(chosen("promo", &[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Lang::En);
        assert_eq!(chosen("promo", &[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW"), ("LANG", "C")]), Lang::Zh);
        assert_eq!(chosen("promo", &[]), Lang::En);
    }

    #[test]
    fn the_target_spelling_of_fmt_does_not_change_the_messages() {
        assert_eq!(chosen("promo fmt --lang zh x", &[]), Lang::En);
        assert_eq!(chosen("promo --lang zh fmt --lang en x", &[]), Lang::Zh);
    }
}
