//! `promo check [PACKAGE]`: every finding of a package, and for a clean one the table a reviewer reads.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::package::Package;
use crate::report::{self, Format};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with promo.toml
    #[arg(default_value = ".")]
    package: PathBuf,
    /// How findings are printed
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) const PAGE: Page = Page {
    name: "check",
    about_zh: "检查政策包，报告全部问题",
    arguments_zh: &[("package", "含 promo.toml 的文件夹"), ("format", "报告的格式")],
    examples: &[
        Example {
            command: "promo check examples/liquor",
            en: "everything that is wrong with the package; if nothing is, a table of its policies",
            zh: "列出政策包的全部问题；没有问题时列出其中的政策",
        },
        Example {
            command: "promo check examples/liquor --format json",
            en: "hashes and findings for programs",
            zh: "以 JSON 输出哈希与问题，供程序读取",
        },
        Example {
            command: "promo check --format github",
            en: "annotations in a GitHub pull request, for the package in the current folder",
            zh: "检查当前文件夹，在 GitHub 合并请求中标注问题",
        },
    ],
};

/// Reports; fails with 1 if there is an error among the findings.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let package = Package::compile(&args.package)?;
    console.print(&report::report(&package, args.format, console.lang, console.color))?;
    Ok(if package.compilation.diagnostics.has_errors() { Exit::Policy } else { Exit::Fine })
}
