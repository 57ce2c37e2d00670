//! `promo fmt [PATH…]`: one layout, and on request the other spelling; comments and meaning stay.

use super::{Example, Page};
use crate::backend;
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::files;
use crate::lang::LangName;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Files, or folders with .promo files at any depth
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Convert to this spelling; without it each file keeps its own
    #[arg(long, value_enum)]
    lang: Option<LangName>,
    /// Change nothing; name the files that would change and exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

pub(crate) const PAGE: Page = Page {
    name: "fmt",
    about_zh: "统一排版，并可在中英文写法之间转换",
    arguments_zh: &[
        ("paths", "文件，或含 .promo 文件的文件夹（不限层数）"),
        ("lang", "转换成这种写法；不写则各文件保持原有写法"),
        ("check", "不改动任何文件；列出需要改动的文件，若有则以 1 退出"),
    ],
    examples: &[
        Example { command: "promo fmt", en: "lay out every .promo file below the current folder", zh: "排版当前文件夹下的全部 .promo 文件" },
        Example { command: "promo fmt --lang zh policies", en: "convert to Chinese keywords", zh: "转换成中文关键字" },
        Example { command: "promo fmt --check", en: "for CI: fails if a file is not laid out", zh: "用于 CI：有文件未排版则失败" },
    ],
};

/// Formats; a file with syntax errors is reported and left as it is.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for path in targets(&args.paths)? {
        let old = files::read(&path)?;
        let name = path.display().to_string();
        let Some(new) = backend::format(&name, &old, args.lang.map(Into::into), console)? else {
            exit = exit.worse(Exit::Policy);
            continue;
        };
        if new == old {
            continue;
        }
        if args.check {
            console.line(&name)?;
            exit = exit.worse(Exit::Policy);
        } else {
            files::replace(&path, &new)?;
        }
    }
    Ok(exit)
}

/// A file that is named is formatted whatever it is called; in folders only `.promo` files are.
fn targets(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(files::below(path, &|file: &Path| file.extension().is_some_and(|ext| ext == "promo"), &|_| false)?);
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}
