//! `promo completions SHELL`.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(crate) const PAGE: Page = Page {
    name: "completions",
    about_zh: "输出命令行补全脚本",
    arguments_zh: &[("shell", "哪一种 shell")],
    examples: &[Example {
        command: "promo completions bash > ~/.local/share/bash-completion/completions/promo",
        en: "complete promo's commands and options in bash from the next shell on",
        zh: "下次打开 bash 时即可补全 promo 的命令和选项",
    }],
};

/// Writes the script to standard output.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::help::app(console.lang), "promo", &mut script);
    console.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
