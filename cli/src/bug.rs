//! A panic is a bug of ours: say so in the user's language, with what we need to mend it, and exit with 101.

use crate::exit_code::Exit;
use crate::lang::Lang;
use std::io::Write;

/// Replaces Rust's panic message. With `RUST_BACKTRACE` set the backtrace follows.
pub(crate) fn install(lang: Lang) {
    std::panic::set_hook(Box::new(move |panic| {
        let what = panic.payload_as_str().unwrap_or("?");
        let place = panic.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        let text = report(lang, what, &place, &std::env::args().collect::<Vec<_>>());
        // Nothing is left to do when stderr is gone too.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
        let trace = std::backtrace::Backtrace::capture();
        if trace.status() == std::backtrace::BacktraceStatus::Captured {
            let _ = writeln!(std::io::stderr().lock(), "{trace}");
        }
        std::process::exit(i32::from(Exit::Bug.number()));
    }));
}

fn report(lang: Lang, what: &str, place: &str, arguments: &[String]) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let command = arguments.join(" ");
    match lang {
        Lang::En => format!(
            "\npromo: this is a bug in promo, not in the policies\n\
             please report the lines below together with the package; RUST_BACKTRACE=1 adds more\n  \
             version  {version}\n  command  {command}\n  place    {place}\n  message  {what}\n"
        ),
        Lang::Zh => format!(
            "\npromo：这是 promo 自身的缺陷，不是政策写错了\n\
             请把下面几行连同政策包一起报告给我们；设置 RUST_BACKTRACE=1 可得到更多信息\n  \
             版本  {version}\n  命令  {command}\n  位置  {place}\n  信息  {what}\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_names_place_message_and_command_in_both_languages() {
        for lang in [Lang::En, Lang::Zh] {
            let text = report(lang, "boom", "x.rs:1", &["promo".into(), "check".into()]);
            for part in ["boom", "x.rs:1", "promo check", env!("CARGO_PKG_VERSION")] {
                assert!(text.contains(part), "{part} in {text}");
            }
        }
    }
}
