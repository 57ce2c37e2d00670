//! `promo dump --stage …`: what the compiler made of a package, for developers of promo.

use super::{Example, Page};
use crate::backend::{self, Stage};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with promo.toml
    #[arg(default_value = ".")]
    package: PathBuf,
    /// Which representation
    #[arg(long, value_enum)]
    stage: Stage,
}

pub(crate) const PAGE: Page = Page {
    name: "dump",
    about_zh: "输出编译各阶段的中间表示（供 promo 开发者使用）",
    arguments_zh: &[("package", "含 promo.toml 的文件夹"), ("stage", "哪一种表示")],
    examples: &[
        Example {
            command: "promo dump examples/liquor --stage ir",
            en: "the decision IR: scopes, conditions, awards, limits",
            zh: "决策中间表示：范围、条件、奖励、限额",
        },
        Example { command: "promo dump examples/liquor --stage clif", en: "the Cranelift IR of every rule", zh: "每条规则的 Cranelift 中间表示" },
    ],
};

/// Prints the stage; findings go to standard error, and a stage they prevent is not printed.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let package = backend::read_package(&args.package)?;
    let compilation = backend::compile(&package);
    match backend::dump(&compilation, args.stage)? {
        Some(text) => {
            console.print(&text)?;
            Ok(Exit::Fine)
        }
        None => {
            backend::complain(&compilation, console)?;
            Ok(Exit::Policy)
        }
    }
}
