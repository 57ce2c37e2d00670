//! The command line in two languages: clap's English derive, with every text replaced where Chinese is wanted.

use crate::command::{Command, PAGES, Page};
use crate::lang::{Lang, LangName};
use clap::builder::Styles;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, CommandFactory, FromArgMatches, Parser};
use std::ffi::OsString;

/// Rules for channel promotions: check them, run them, test them, explain them
#[derive(Parser)]
#[command(name = "promo", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Parsing ended without a command to run.
pub(crate) enum Stop {
    /// Help or version was asked for.
    Help(String),
    /// The command line is wrong.
    Wrong(String),
}

const ABOUT_ZH: &str = "渠道促销政策：检查、试算、测试、解释";
const EXIT_EN: &str = "Exit codes: 0 fine, 1 the policies have problems, 2 usage or files, 101 a bug of promo";
const EXIT_ZH: &str = "退出码：0 正常，1 政策有问题，2 用法或文件有误，101 promo 自身的缺陷";

/// The command to run, or what to print instead.
pub(crate) fn parse(arguments: Vec<OsString>, lang: Lang) -> Result<Command, Stop> {
    let parsed = app(lang).try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map(|cli| cli.command).map_err(|error| stop(&error, lang))
}

/// The whole command line with its texts in one language.
pub(crate) fn app(lang: Lang) -> clap::Command {
    let mut app = Cli::command().styles(Styles::plain());
    for page in PAGES {
        app = at(app, page.name, |sub| subcommand(sub, page, lang));
    }
    app = common(app, lang).arg(message_lang(lang)).after_help(pick(lang, EXIT_EN, EXIT_ZH));
    app = version_flag(app, lang);
    match lang {
        Lang::En => app,
        Lang::Zh => chinese_usage(chinese_frame(app.about(ABOUT_ZH).subcommand_help_heading("命令"))),
    }
}

/// Changes a subcommand, or one below it: `table import`.
fn at(app: clap::Command, name: &str, change: impl FnOnce(clap::Command) -> clap::Command) -> clap::Command {
    match name.split_once(' ') {
        Some((outer, inner)) => app.mut_subcommand(outer, |sub| sub.mut_subcommand(inner, change)),
        None => app.mut_subcommand(name, change),
    }
}

fn subcommand(mut sub: clap::Command, page: &Page, lang: Lang) -> clap::Command {
    // `fmt --lang` names the target spelling; everywhere else `--lang` is the language of messages.
    let own_lang = sub.get_arguments().any(|arg| arg.get_long() == Some("lang"));
    if lang == Lang::Zh {
        sub = chinese_frame(sub.about(page.about_zh));
        for (id, text) in page.arguments_zh {
            sub = sub.mut_arg(id, |arg| chinese_argument(arg, text));
        }
    }
    sub = common(sub, lang).after_help(page.examples(lang));
    if own_lang { sub } else { sub.arg(message_lang(lang)) }
}

/// Clap's own help flag, with our text.
fn common(command: clap::Command, lang: Lang) -> clap::Command {
    command.disable_help_flag(true).arg(
        heading(Arg::new("help"), lang).short('h').long("help").action(ArgAction::Help).help(pick(
            lang,
            "Print this help",
            "显示本帮助",
        )),
    )
}

fn version_flag(command: clap::Command, lang: Lang) -> clap::Command {
    command.disable_version_flag(true).arg(
        heading(Arg::new("version"), lang).short('V').long("version").action(ArgAction::Version).help(pick(
            lang,
            "Print the version",
            "显示版本",
        )),
    )
}

/// Read by [`crate::lang::choose`] before clap runs; declared so that clap knows and checks it.
fn message_lang(lang: Lang) -> Arg {
    let arg = heading(Arg::new("message_lang"), lang)
        .long("lang")
        .value_name("LANG")
        .value_parser(clap::value_parser!(LangName));
    match lang {
        Lang::En => arg.help("Language of messages; default from LC_ALL, LC_MESSAGES, LANG"),
        Lang::Zh => chinese_argument(arg, "信息所用语言；默认取自 LC_ALL、LC_MESSAGES、LANG"),
    }
}

fn heading(arg: Arg, lang: Lang) -> Arg {
    match lang {
        Lang::En => arg,
        Lang::Zh => arg.help_heading("选项"),
    }
}

/// The Chinese text, with the choices and the default that clap would otherwise announce in English.
fn chinese_argument(arg: Arg, text: &str) -> Arg {
    let heading = if arg.is_positional() { "参数" } else { "选项" };
    let arg = arg.help_heading(heading);
    if !arg.get_action().takes_values() {
        return arg.help(text.to_owned());
    }
    let mut help = text.to_owned();
    let choices: Vec<String> = arg.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
    let defaults: Vec<String> = arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    if !choices.is_empty() {
        help.push_str(&format!("（可选：{}）", choices.join("、")));
    }
    if !defaults.is_empty() {
        help.push_str(&format!("（默认：{}）", defaults.join(" ")));
    }
    arg.help(help).hide_possible_values(true).hide_default_value(true)
}

fn chinese_frame(command: clap::Command) -> clap::Command {
    command.help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}")
}

/// `[OPTIONS]` and `<COMMAND>` in the usage lines.
fn chinese_usage(mut app: clap::Command) -> clap::Command {
    let mut built = app.clone();
    built.build();
    app = app.override_usage(usage_zh(&mut built));
    for page in PAGES {
        let mut found = Some(&mut built);
        for name in page.name.split(' ') {
            found = found.and_then(|command| command.find_subcommand_mut(name));
        }
        let usage = found.map(usage_zh);
        app = at(app, page.name, |sub| match usage {
            Some(usage) => sub.override_usage(usage),
            None => sub,
        });
    }
    app
}

fn usage_zh(command: &mut clap::Command) -> String {
    let usage = command.render_usage().to_string();
    usage.trim_start_matches("Usage: ").replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>")
}

fn stop(error: &clap::Error, lang: Lang) -> Stop {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Stop::Help(error.render().to_string()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Stop::Wrong(error.render().to_string()),
        _ => match lang {
            Lang::En => Stop::Wrong(error.render().to_string()),
            Lang::Zh => Stop::Wrong(error_zh(error)),
        },
    }
}

/// Clap's errors in Chinese, from the facts clap kept rather than from its sentences.
fn error_zh(error: &clap::Error) -> String {
    let fact = |kind| error.get(kind).map(words).unwrap_or_default();
    let (argument, value) = (fact(ContextKind::InvalidArg), fact(ContextKind::InvalidValue));
    let mut text = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("错误：`{argument}` 缺少取值"),
        ErrorKind::InvalidValue => format!("错误：`{argument}` 不能取 `{value}`"),
        ErrorKind::ValueValidation => format!("错误：`{argument}` 的取值 `{value}` 无效"),
        ErrorKind::UnknownArgument => format!("错误：没有参数 `{argument}`"),
        ErrorKind::InvalidSubcommand => {
            format!("错误：没有命令 `{}`", fact(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("错误：缺少参数 {argument}"),
        ErrorKind::ArgumentConflict => {
            format!("错误：`{argument}` 不能重复，也不能与 `{}` 同用", fact(ContextKind::PriorArg))
        }
        ErrorKind::MissingSubcommand => "错误：缺少命令".to_owned(),
        ErrorKind::InvalidUtf8 => "错误：命令行不是 UTF-8 文本".to_owned(),
        _ => format!("错误：命令行有误：{}", error.kind()),
    };
    text.push('\n');
    let valid = [fact(ContextKind::ValidValue), fact(ContextKind::ValidSubcommand)].concat();
    if !valid.is_empty() {
        text.push_str(&format!("可选：{valid}\n"));
    }
    let near =
        [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand].map(fact).concat();
    if !near.is_empty() {
        text.push_str(&format!("相近的是：{near}\n"));
    }
    text.push_str("详见 `promo --help`\n");
    text
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(list) => list.join("、"),
        other => other.to_string(),
    }
}

const fn pick(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    fn printed(line: &str, lang: Lang) -> String {
        match parse(line.split(' ').map(OsString::from).collect(), lang) {
            Err(Stop::Help(text) | Stop::Wrong(text)) => text,
            Ok(_) => panic!("`{line}` is a command"),
        }
    }

    #[test]
    fn clap_finds_no_fault_in_either_language() {
        app(Lang::En).debug_assert();
        app(Lang::Zh).debug_assert();
    }

    #[test]
    fn every_subcommand_and_argument_has_a_chinese_text() {
        let english = Cli::command();
        let chinese = app(Lang::Zh);
        for sub in english.get_subcommands() {
            let zh = chinese.find_subcommand(sub.get_name()).unwrap();
            assert_ne!(sub.get_about().unwrap().to_string(), zh.get_about().unwrap().to_string());
            for arg in sub.get_arguments() {
                let other = zh.get_arguments().find(|a| a.get_id() == arg.get_id()).unwrap();
                let text = other.get_help().unwrap().to_string();
                assert!(!text.is_ascii(), "{} {}: {text}", sub.get_name(), arg.get_id());
                assert_ne!(arg.get_help().map(ToString::to_string), Some(text));
            }
        }
    }

    #[test]
    fn every_help_shows_examples_that_parse() {
        for page in PAGES {
            for example in page.examples {
                assert!(example.command.starts_with(&format!("promo {}", page.name)), "{}", example.command);
                let line = example.command.split(" > ").next().unwrap();
                let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
                assert!(parse(words, Lang::En).is_ok(), "{line}");
            }
            assert!(!page.examples.is_empty(), "{}", page.name);
        }
    }

    #[test]
    fn no_english_is_left_in_the_chinese_frame() {
        for line in ["promo --help", "promo check --help", "promo run --help", "promo fmt --help"] {
            let text = printed(line, Lang::Zh);
            for english in
                ["Usage", "Options", "Commands", "Arguments", "[default", "possible values", "COMMAND", "Print"]
            {
                assert!(!text.contains(english), "{english} in\n{text}");
            }
        }
    }

    #[test]
    fn errors_are_told_in_chinese() {
        assert!(printed("promo chekc", Lang::Zh).contains("没有命令 `chekc`"));
        assert!(printed("promo chekc", Lang::Zh).contains("check"));
        assert!(printed("promo check --format xml", Lang::Zh).contains("不能取 `xml`"));
        assert!(printed("promo check --colour", Lang::Zh).contains("没有参数 `--colour`"));
        assert!(printed("promo run x", Lang::Zh).contains("缺少参数"));
    }
}
