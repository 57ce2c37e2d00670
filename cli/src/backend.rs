//! The only place that touches the compiler's and the runtime's entry points; everything else here works on its results.

use crate::console::{Console, Failure};
use crate::files;
use crate::lang::Lang;
use promo_compiler::diagnostic::{Diagnostics, Severity, render};
use promo_compiler::ir::Program;
use promo_compiler::package::{self, InputFile, MANIFEST, PackageInput};
use promo_compiler::source::{SourceMap, Spelling};
use std::path::Path;

/// How `promo check` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Quoted lines for people; a table of the policies where there is no error
    Human,
    /// One line per finding
    Line,
    /// One object: hashes and findings
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub workflow commands
    Github,
    /// GitLab code quality
    Gitlab,
    /// JUnit XML
    Junit,
}

/// A representation `promo dump` can print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Stage {
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

/// A package as read from disk, with the folder it came from.
pub(crate) struct Package {
    /// The folder as the user named it; findings are shown below it.
    folder: String,
    input: PackageInput,
}

/// Reads every file a package can use. Folders with a manifest of their own are packages of their own.
pub(crate) fn read_package(folder: &Path) -> Result<Package, Failure> {
    let manifest = folder.join(MANIFEST);
    if !manifest.is_file() {
        let shown = folder.display();
        return Err(Failure::new(
            format!("`{shown}` is not a package: there is no `{MANIFEST}` in it"),
            format!("`{shown}` 不是政策包：其中没有 `{MANIFEST}`"),
        ));
    }
    let wanted = |file: &Path| file.extension().is_some_and(|ext| ext == "promo" || ext == "csv" || ext == "toml");
    let mut found = Vec::new();
    for path in files::below(folder, &|file| wanted(file), &|inner| inner.join(MANIFEST).exists())? {
        let bytes = std::fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
        let name = path.strip_prefix(folder).unwrap_or(&path);
        let name: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        found.push(InputFile::from_bytes(name.join("/"), bytes));
    }
    let root_name =
        folder.canonicalize().ok().and_then(|path| path.file_name().map(|n| n.to_string_lossy().into_owned()));
    let root_name = root_name.unwrap_or_else(|| "package".to_owned());
    let input = PackageInput { root_name, files: found, manifest_optional: false };
    Ok(Package { folder: shown_folder(folder), input })
}

/// `` for the current folder, else with a slash at the end.
fn shown_folder(folder: &Path) -> String {
    match folder.to_string_lossy().trim_end_matches('/') {
        "." => String::new(),
        "" => "/".to_owned(),
        other => format!("{}/", other.trim_start_matches("./")),
    }
}

/// What the compiler made of a package, and everything it found.
pub(crate) struct Compilation {
    /// Name of the package.
    name: String,
    sources: SourceMap,
    /// Findings in the order they are shown.
    pub(crate) diagnostics: Diagnostics,
    program: Option<Program>,
}

/// Compiles; all findings of all files are collected.
pub(crate) fn compile(package: &Package) -> Compilation {
    let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
    let data = package::read(&package.input, &mut sources, &mut diagnostics);
    let name = data.as_ref().map_or_else(|| package.input.root_name.clone(), |data| data.manifest.name.clone());
    diagnostics.sort();
    Compilation { name, sources: below(&package.folder, &sources), diagnostics, program: None }
}

/// The same files named as the user can open them: from where the command was started, not from the package.
fn below(folder: &str, sources: &SourceMap) -> SourceMap {
    let mut named = SourceMap::default();
    for (_, source) in sources.iter() {
        named.add(format!("{folder}{}", source.name), source.text.as_str());
    }
    named
}

/// The report of `promo check`.
pub(crate) fn report(compilation: &Compilation, format: Format, lang: Lang, color: bool) -> String {
    let Compilation { diagnostics, sources, .. } = compilation;
    let inner = match format {
        Format::Human => return human(compilation, lang, color),
        Format::Json => return json(compilation),
        Format::Line => render::Format::Short,
        Format::Sarif => render::Format::Sarif,
        Format::Github => render::Format::Github,
        Format::Gitlab => render::Format::Gitlab,
        Format::Junit => render::Format::Junit,
    };
    render::all(inner, diagnostics, sources, lang, color)
}

/// Findings, how many there are, and the table of policies if there is a program.
fn human(compilation: &Compilation, lang: Lang, color: bool) -> String {
    let Compilation { diagnostics, sources, .. } = compilation;
    let mut text = render::all(render::Format::Human, diagnostics, sources, lang, color);
    if !text.is_empty() {
        text.push('\n');
    }
    if let Some(program) = &compilation.program {
        text.push_str(&crate::summary::of(&compilation.name, program, lang));
        text.push('\n');
    }
    text.push_str(&counted(diagnostics, lang));
    text
}

/// `2 errors, 1 warning`
fn counted(diagnostics: &Diagnostics, lang: Lang) -> String {
    let count = |severity| diagnostics.0.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    match lang {
        Spelling::En => format!("{errors} error{}, {warnings} warning{}\n", plural(errors), plural(warnings)),
        Spelling::Zh => format!("{errors} 个错误，{warnings} 个警告\n"),
    }
}

/// One object for programs; its fields are described in `docs/cli.md`.
fn json(compilation: &Compilation) -> String {
    let program = compilation.program.as_ref();
    let policies: Vec<serde_json::Value> = program
        .map(|program| &program.policies)
        .into_iter()
        .flatten()
        .map(|policy| serde_json::json!({ "name": policy.name, "title": policy.title, "hash": policy.hash }))
        .collect();
    format!(
        "{{\"package\":{},\"hash\":{},\"policies\":{},\"diagnostics\":{}}}\n",
        serde_json::json!(compilation.name),
        serde_json::json!(program.map(|program| &program.semantic_hash)),
        serde_json::json!(policies),
        render::json(&compilation.diagnostics, &compilation.sources).trim_end(),
    )
}

/// The program of a package that compiles. If it does not, the findings go to standard error and there is none.
pub(crate) fn program<'c>(compilation: &'c Compilation, console: &mut Console) -> Result<Option<&'c Program>, Failure> {
    if compilation.program.is_none() {
        complain(compilation, console)?;
    }
    Ok(compilation.program.as_ref())
}

/// Shows the findings on standard error.
pub(crate) fn complain(compilation: &Compilation, console: &mut Console) -> Result<(), Failure> {
    let Compilation { diagnostics, sources, .. } = compilation;
    let text = render::all(render::Format::Human, diagnostics, sources, console.lang, console.color_err);
    console.note(&format!("{text}\n{}", counted(diagnostics, console.lang)))
}
