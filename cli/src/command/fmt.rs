//! `promo fmt [PATH…]`: one layout, and on request the other spelling; comments and meaning stay.
//!
//! The files of a package are formatted together: its channel model has the second spelling of names, and a package
//! that compiles must keep its hash, or nothing is written.

use super::{Example, Page};
use crate::console::{Console, Failure};
use crate::exit_code::Exit;
use crate::files;
use crate::lang::{Lang, LangName};
use crate::package::Package;
use promo_compiler::ast::fmt::{self, SecondNames};
use promo_compiler::ast::{File, from_pairs};
use promo_compiler::diagnostic::{Diagnostics, render};
use promo_compiler::package::MANIFEST;
use promo_compiler::pipeline::Compilation;
use promo_compiler::source::SourceMap;
use std::collections::BTreeMap;
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
        Example {
            command: "promo fmt",
            en: "lay out every .promo file below the current folder",
            zh: "排版当前文件夹下的全部 .promo 文件",
        },
        Example {
            command: "promo fmt --lang zh policies", en: "convert to Chinese keywords", zh: "转换成中文写法"
        },
        Example {
            command: "promo fmt --check",
            en: "for CI: fails if a file is not laid out",
            zh: "用于 CI：有文件未排版则失败",
        },
    ],
};

/// A file and its new text.
struct Target {
    path: PathBuf,
    new: String,
}

/// Formats; a file with syntax errors is reported and left as it is.
pub(crate) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for (root, paths) in by_package(targets(&args.paths)?) {
        exit = exit.worse(together(root.as_deref(), paths, args, console)?);
    }
    Ok(exit)
}

/// Formats the files of one package, or files of none.
fn together(root: Option<&Path>, paths: Vec<PathBuf>, args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let package = root.map(Package::compile).transpose()?;
    let names = package.as_ref().map(|Package { compilation, .. }| {
        let announced = compilation.announced.iter().flat_map(|announced| &announced.files);
        SecondNames::of(&compilation.files.iter().chain(announced).cloned().collect::<Vec<_>>())
    });
    let mut exit = Exit::Fine;
    let mut changed = Vec::new();
    for path in paths {
        let old = files::read(&path)?;
        let Some(file) = parse(&path, &old, console)? else {
            exit = Exit::Policy;
            continue;
        };
        let target = args.lang.map_or(file.spelling, Lang::from);
        // A file of no package has only the names it declares itself.
        let own;
        let names = match &names {
            Some(names) => names,
            None => {
                own = SecondNames::of(std::slice::from_ref(&file));
                &own
            }
        };
        let new = fmt::format(&file, &old, target, names);
        if new != old {
            changed.push(Target { path, new });
        }
    }
    if let (Some(package), Some(root)) = (&package, root) {
        keeps_meaning(package, root, &changed, console)?;
    }
    for target in &changed {
        if args.check {
            console.line(&target.path.display().to_string())?;
            exit = Exit::Policy;
        } else {
            files::replace(&target.path, &target.new)?;
        }
    }
    Ok(exit)
}

/// The tree of a text without syntax errors; errors are shown.
fn parse(path: &Path, text: &str, console: &mut Console) -> Result<Option<File>, Failure> {
    let (mut sources, mut found) = (SourceMap::default(), Diagnostics::default());
    let id = sources.add(path.display().to_string(), text);
    let file = from_pairs::parse(id, text, &mut found);
    if !found.has_errors() {
        return Ok(Some(file));
    }
    found.sort();
    console.note(&render::all(render::Format::Human, &found, &sources, console.lang, console.color_err))?;
    Ok(None)
}

/// Refuses the new texts if a package that compiled would no longer compile, or would mean something else.
fn keeps_meaning(package: &Package, root: &Path, changed: &[Target], console: &mut Console) -> Result<(), Failure> {
    let Some(before) = package.compilation.program.as_ref().filter(|_| !changed.is_empty()) else {
        return Ok(());
    };
    let texts: Vec<(String, &str)> =
        changed.iter().filter_map(|target| Some((files::relative(root, &target.path)?, target.new.as_str()))).collect();
    let after = package.compile_with(&texts);
    let announced = |c: &Compilation| Some(c.announced.as_ref()?.program.as_ref()?.semantic_hash.clone());
    if after.program.as_ref().is_some_and(|after| after.semantic_hash == before.semantic_hash)
        && announced(&after) == announced(&package.compilation)
    {
        return Ok(());
    }
    let found = after.diagnostics.0.first().map(|found| render::one_line(found, &after.sources, console.lang));
    if let Some(found) = found {
        console.note(&format!("{found}\n"))?;
    }
    let files: Vec<String> = changed.iter().map(|target| format!("`{}`", target.path.display())).collect();
    Err(Failure::new(
        format!("a bug of promo: formatting would change the meaning of {}; nothing was written", files.join(", ")),
        format!("promo 自身的缺陷：排版会改变 {} 的含义；未作任何改动", files.join("、")),
    ))
}

/// A file that is named is formatted whatever it is called; in folders only `.promo` files are.
fn targets(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let promo = |file: &Path| file.extension().is_some_and(|ext| ext == "promo");
            found.extend(files::below(path, &promo, &|_| false)?);
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Files by the package they belong to: the nearest folder above them with a manifest.
fn by_package(paths: Vec<PathBuf>) -> BTreeMap<Option<PathBuf>, Vec<PathBuf>> {
    let mut groups: BTreeMap<Option<PathBuf>, Vec<PathBuf>> = BTreeMap::new();
    for path in paths {
        let full = path.canonicalize().unwrap_or_else(|_| path.clone());
        let root = full.ancestors().skip(1).find(|folder| folder.join(MANIFEST).is_file()).map(Path::to_owned);
        groups.entry(root).or_default().push(path);
    }
    groups
}
