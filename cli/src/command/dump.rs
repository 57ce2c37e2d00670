//! `promo dump --stage …`: what the compiler made of a package, for developers of promo.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::package::Package;
use promo_compiler::pipeline::Compilation;
use promo_compiler::{ast, clif, hir, ir, typed};
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

/// A representation that can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Stage {
    /// What was written
    Ast,
    /// With names resolved
    Hir,
    /// With types, units and ranges
    Typed,
    /// The decision IR
    Ir,
    /// Cranelift IR
    Clif,
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
        Example {
            command: "promo dump examples/liquor --stage clif",
            en: "the Cranelift IR of every rule",
            zh: "每条规则的 Cranelift 中间表示",
        },
    ],
};

/// Prints the stage; a stage that findings prevented is not printed, and they go to standard error.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let package = Package::compile(&args.package)?;
    match printed(&package.compilation, args.stage) {
        Some(text) => {
            console.print(&text)?;
            if !text.ends_with('\n') {
                console.print("\n")?;
            }
            Ok(Exit::Fine)
        }
        None => {
            package.complain(console)?;
            Ok(Exit::Policy)
        }
    }
}

fn printed(compilation: &Compilation, stage: Stage) -> Option<String> {
    match stage {
        Stage::Ast if compilation.files.is_empty() => None,
        Stage::Ast => Some(compilation.files.iter().map(ast::print::print).collect()),
        Stage::Hir => compilation.hir.as_ref().map(hir::print::print),
        Stage::Typed => compilation.typed.as_ref().map(typed::print::print),
        Stage::Ir => compilation.program.as_ref().map(ir::print::print),
        Stage::Clif => {
            let plan = clif::plan(compilation.program.as_ref()?).ok()?;
            clif::print::print(&plan).ok()
        }
    }
}
