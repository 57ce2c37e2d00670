//! `promo explain CODE`: the page of a diagnostic code, in the language of messages.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::pages;
use promo_compiler::diagnostic::Code;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A code such as P0301, in any case; without one, all codes with their titles
    code: Option<String>,
}

pub(crate) const PAGE: Page = Page {
    name: "explain",
    about_zh: "解释诊断代码，附错误与正确写法",
    arguments_zh: &[("code", "诊断代码，如 P0301，大小写均可；不写则列出全部代码")],
    examples: &[
        Example {
            command: "promo explain P0107",
            en: "why 以上 and 以下 are refused, and what to write",
            zh: "为什么不能写“以上/以下”，应当怎么写",
        },
        Example { command: "promo explain", en: "every code with its title", zh: "列出全部代码及其标题" },
    ],
};

/// Prints one page or the list.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let Some(text) = &args.code else {
        for code in Code::ALL {
            let title = console.say(code.title_en(), code.title_zh());
            console.line(&format!("{code}  {title}"))?;
        }
        return Ok(Exit::Fine);
    };
    let Some(code) = Code::parse(text) else {
        return Err(Failure::new(
            format!("there is no code `{text}`; `promo explain` lists them all"),
            format!("没有诊断代码 `{text}`；`promo explain` 列出全部代码"),
        ));
    };
    match pages::page(code) {
        Some(page) => console.print(pages::in_language(page, console.lang))?,
        None => console.line(&format!("{code}  {}", console.say(code.title_en(), code.title_zh())))?,
    }
    Ok(Exit::Fine)
}
