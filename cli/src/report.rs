//! The report of `promo check`, in every format.

use crate::lang::Lang;
use crate::package::Package;
use crate::summary;
use promo_compiler::diagnostic::{Diagnostics, Severity, render};
use promo_compiler::pipeline::Compilation;
use promo_compiler::source::Spelling;

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

/// The report of `promo check`.
pub(crate) fn report(package: &Package, format: Format, lang: Lang, color: bool) -> String {
    let Compilation { diagnostics, sources, .. } = &package.compilation;
    let inner = match format {
        Format::Human => return human(package, lang, color),
        Format::Json => return json(package),
        Format::Line => render::Format::Short,
        Format::Sarif => render::Format::Sarif,
        Format::Github => render::Format::Github,
        Format::Gitlab => render::Format::Gitlab,
        Format::Junit => render::Format::Junit,
    };
    render::all(inner, diagnostics, sources, lang, color)
}

/// Findings, how many there are, and the table of policies if there is a program.
fn human(package: &Package, lang: Lang, color: bool) -> String {
    let Compilation { diagnostics, sources, program, .. } = &package.compilation;
    let mut text = render::all(render::Format::Human, diagnostics, sources, lang, color);
    if !text.is_empty() {
        text.push('\n');
    }
    if let Some(program) = program {
        text.push_str(&summary::of(&package.name, program, lang));
        text.push('\n');
        if let Some(announced) = &package.compilation.announced {
            text.push_str(&summary::announced(announced.compared, lang));
        }
    }
    text.push_str(&counted(diagnostics, lang));
    text
}

/// `2 errors, 1 warning`
pub(crate) fn counted(diagnostics: &Diagnostics, lang: Lang) -> String {
    let count = |severity| diagnostics.0.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    match lang {
        Spelling::En => format!("{errors} error{}, {warnings} warning{}\n", plural(errors), plural(warnings)),
        Spelling::Zh => format!("{errors} 个错误，{warnings} 个警告\n"),
    }
}

/// A policy of the report for programs.
#[derive(serde::Serialize)]
struct PolicyLine<'a> {
    name: &'a str,
    title: Option<&'a str>,
    hash: &'a str,
}

/// One object for programs; its fields are described in `docs/cli.md`.
fn json(package: &Package) -> String {
    let Compilation { diagnostics, sources, program, .. } = &package.compilation;
    let policies = program.iter().flat_map(|program| &program.policies);
    let policies: Vec<PolicyLine<'_>> = policies
        .map(|policy| PolicyLine { name: &policy.name, title: policy.title.as_deref(), hash: &policy.hash })
        .collect();
    let hash = program.as_ref().map(|program| &program.semantic_hash);
    let announced = package.compilation.announced.as_ref().filter(|_| program.is_some());
    let announced = announced.map(|announced| format!("\"announced\":{},", announced.compared)).unwrap_or_default();
    format!(
        "{{\"package\":{},\"hash\":{},{announced}\"policies\":{},\"diagnostics\":{}}}\n",
        text(&package.name),
        text(&hash),
        text(&policies),
        render::json(diagnostics, sources).trim_end(),
    )
}

/// Names, hashes and lists of them always have a JSON form.
fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
