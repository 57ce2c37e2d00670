//! The pipeline as one visible chain that a test, the command line or an editor can stop anywhere:
//! `parse(input).resolve().check().lower()`.
//!
//! Syntax errors stop it after `parse`. Names, types and money questions are all reported in one run. A program
//! exists only if no error was found.

use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::hir;
use crate::ir;
use crate::package::{self, PackageData, PackageInput};
use crate::source::{SourceMap, Spelling};
use crate::testing;
use crate::typed;
use rustc_hash::FxHashMap;

/// What a compilation found and made, as far as it came.
#[derive(Clone, Debug, Default)]
pub struct Compilation {
    /// Every text it read.
    pub sources: SourceMap,
    /// Every finding, in order of file and position.
    pub diagnostics: Diagnostics,
    /// What `promo.toml` says, with the data it names.
    pub package: Option<PackageData>,
    /// Syntax trees.
    pub files: Vec<ast::File>,
    /// Resolved.
    pub hir: Option<hir::Package>,
    /// Checked.
    pub typed: Option<typed::Package>,
    /// Lowered; only if there was no error.
    pub program: Option<ir::Program>,
    /// Test blocks.
    pub tests: Vec<testing::Case>,
}

/// Files read and parsed.
#[derive(Debug)]
pub struct Parsed(Compilation);

/// Names resolved.
#[derive(Debug)]
pub struct Resolved(Compilation);

/// Types, ranges and money checked.
#[derive(Debug)]
pub struct Checked(Compilation);

/// Reads a package's data and parses its files.
pub fn parse(input: &PackageInput) -> Parsed {
    let mut c = Compilation::default();
    c.package = package::read(input, &mut c.sources, &mut c.diagnostics);
    if let Some(data) = &c.package {
        for source in &data.promo_sources {
            let text = c.sources.get(*source).map(|s| s.text.clone()).unwrap_or_default();
            c.files.push(ast::from_pairs::parse(*source, &text, &mut c.diagnostics));
        }
    }
    if let Some(data) = &mut c.package {
        data.tables = package::read_tables(input, &c.files, &mut c.sources, &mut c.diagnostics);
    }
    Parsed(c)
}

/// The text of a declared table; where a workbook has one sheet, that sheet.
fn table_text<'s>(
    table: &ast::DataTable,
    data: &PackageData,
    sources: &'s SourceMap,
) -> Option<hir::table::TableText<'s>> {
    let (file, sheet) = (&table.file.text, table.sheet.as_ref().map(|s| s.text.as_str()));
    let name = package::table_name(file, sheet);
    let only = format!("{file}[");
    let fits = |known: &str| known == name || (sheet.is_none() && known.starts_with(&only));
    let (_, id) = data.tables.iter().find(|(known, _)| fits(known))?;
    let source = sources.get(*id)?;
    let sheet = source.name.strip_prefix(&only).and_then(|rest| rest.strip_suffix(']'));
    Some(hir::table::TableText { source: *id, text: &source.text, sheet })
}

impl Parsed {
    /// Resolves names, unless there were syntax or data errors.
    pub fn resolve(self) -> Resolved {
        let mut c = self.0;
        if let (Some(data), false) = (&c.package, c.diagnostics.has_errors()) {
            let sources = &c.sources;
            let load = |packs: usize, out: &mut Diagnostics| {
                package::load_catalogue(data, packs, sources, out).unwrap_or_default()
            };
            let texts = |table: &ast::DataTable| table_text(table, data, sources);
            c.hir = hir::from_ast::resolve(&c.files, data.regions.clone(), &load, &texts, data.work.clone(), &mut c.diagnostics);
        }
        Resolved(c)
    }

    /// Stops here.
    pub fn finish(self) -> Compilation {
        finish(self.0)
    }
}

impl Resolved {
    /// Checks types, ranges and money, even if some name was not resolved.
    pub fn check(self) -> Checked {
        let mut c = self.0;
        if let Some(hir) = &c.hir {
            let spellings: FxHashMap<u32, Spelling> = c.files.iter().map(|f| (f.source.0, f.spelling)).collect();
            c.typed = Some(typed::from_hir::check(hir, &spellings, &mut c.diagnostics));
            c.tests = testing::cases(hir, &c.files, &mut c.diagnostics);
        }
        Checked(c)
    }

    /// Stops here.
    pub fn finish(self) -> Compilation {
        finish(self.0)
    }
}

impl Checked {
    /// Lowers to the decision IR, if no error was found.
    pub fn lower(self) -> Compilation {
        let mut c = finish(self.0);
        if let (Some(typed), false) = (&c.typed, c.diagnostics.has_errors()) {
            c.program = Some(ir::from_typed::lower(typed));
        }
        c
    }

    /// Stops here.
    pub fn finish(self) -> Compilation {
        finish(self.0)
    }
}

fn finish(mut c: Compilation) -> Compilation {
    if let Some(data) = &c.package {
        data.manifest.lints.apply(&mut c.diagnostics);
    }
    c.diagnostics.sort();
    c
}

/// The whole chain.
pub fn compile(input: &PackageInput) -> Compilation {
    parse(input).resolve().check().lower()
}
