//! The pipeline as one visible chain that a test, the command line or an editor can stop anywhere:
//! `parse(input).resolve().check().lower()`.
//!
//! Syntax errors stop it after `parse`. Names, types and money questions are all reported in one run. A program
//! exists only if no error was found.

use crate::amend;
use crate::ast;
use crate::diagnostic::{Diagnostics, Severity};
use crate::hir;
use crate::ir;
use crate::package::{self, PackageData, PackageInput};
use crate::source::{SourceId, SourceMap, Spelling};
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
    /// The policies as they were announced, if the package keeps them.
    pub announced: Option<Announced>,
}

/// The announced policies: compiled as the present ones are, and compared with them; never run.
#[derive(Clone, Debug, Default)]
pub struct Announced {
    /// Syntax trees.
    pub files: Vec<ast::File>,
    /// The texts of their data tables, each by [`package::table_name`].
    tables: Vec<(String, SourceId)>,
    /// Lowered; only if there was no error.
    pub program: Option<ir::Program>,
    /// How many of them pay consumers, and were compared.
    pub compared: usize,
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
        if !data.announced_sources.is_empty() {
            let mut announced = Announced::default();
            for source in &data.announced_sources {
                let text = c.sources.get(*source).map(|s| s.text.clone()).unwrap_or_default();
                announced.files.push(ast::from_pairs::parse(*source, &text, &mut c.diagnostics));
            }
            announced.tables = package::read_tables(input, &announced.files, &mut c.sources, &mut c.diagnostics);
            c.announced = Some(announced);
        }
    }
    Parsed(c)
}

/// The text of a declared table; where a workbook has one sheet, that sheet.
fn table_text<'s>(
    table: &ast::DataTable,
    tables: &[(String, SourceId)],
    sources: &'s SourceMap,
) -> Option<hir::table::TableText<'s>> {
    let (file, sheet) = (&table.file.text, table.sheet.as_ref().map(|s| s.text.as_str()));
    let name = package::table_name(file, sheet);
    let only = format!("{file}[");
    let fits = |known: &str| known == name || (sheet.is_none() && known.starts_with(&only));
    let (_, id) = tables.iter().find(|(known, _)| fits(known))?;
    let source = sources.get(*id)?;
    let sheet = source.name.strip_prefix(&only).and_then(|rest| rest.strip_suffix(']'));
    Some(hir::table::TableText { source: *id, text: &source.text, sheet })
}

fn resolve(
    files: &[ast::File],
    data: &PackageData,
    tables: &[(String, SourceId)],
    sources: &SourceMap,
    out: &mut Diagnostics,
) -> Option<hir::Package> {
    let load =
        |packs: usize, out: &mut Diagnostics| package::load_catalogue(data, packs, sources, out).unwrap_or_default();
    let texts = |table: &ast::DataTable| table_text(table, tables, sources);
    hir::from_ast::resolve(files, data.regions.clone(), &load, &texts, data.work.clone(), out)
}

fn check(hir: &hir::Package, files: &[ast::File], out: &mut Diagnostics) -> typed::Package {
    let spellings: FxHashMap<u32, Spelling> = files.iter().map(|f| (f.source.0, f.spelling)).collect();
    typed::from_hir::check(hir, &spellings, out)
}

/// Compiles the announced policies against the present channel model and compares them with the present ones.
fn compare_announced(c: &mut Compilation) {
    let Compilation { sources, diagnostics, package, files, hir, typed, program, announced, .. } = c;
    let (Some(data), Some(hir), Some(typed), Some(now)) = (package, hir, typed, program.as_ref()) else { return };
    let Some(announced) = announced else { return };
    // The channel model is the present one; everything else the announced files bring themselves.
    let mut all: Vec<ast::File> = files
        .iter()
        .map(|file| {
            let channel = file.items.iter().filter(|item| matches!(item, ast::Item::Channel(_))).cloned().collect();
            ast::File { items: channel, ..file.clone() }
        })
        .filter(|file| !file.items.is_empty())
        .collect();
    all.extend(announced.files.iter().cloned());
    let mut found = Diagnostics::default();
    let old = resolve(&all, data, &announced.tables, sources, &mut found);
    let old = old.map(|hir| (check(&hir, &all, &mut found), hir));
    // What was announced cannot be mended any more, so only errors are worth knowing.
    found.0.retain(|d| d.severity == Severity::Error);
    if let (Some((old_typed, old_hir)), false) = (old, found.has_errors()) {
        let old_program = ir::from_typed::lower(&old_typed);
        let present = amend::Side { hir, typed, program: now };
        let before = amend::Side { hir: &old_hir, typed: &old_typed, program: &old_program };
        announced.compared = amend::compare(present, before, sources, &mut found);
        announced.program = Some(old_program);
    }
    diagnostics.0.append(&mut found.0);
    if diagnostics.has_errors() {
        *program = None;
    }
    diagnostics.sort();
}

impl Parsed {
    /// Resolves names, unless there were syntax or data errors.
    pub fn resolve(self) -> Resolved {
        let mut c = self.0;
        if let (Some(data), false) = (&c.package, c.diagnostics.has_errors()) {
            c.hir = resolve(&c.files, data, &data.tables, &c.sources, &mut c.diagnostics);
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
            c.typed = Some(check(hir, &c.files, &mut c.diagnostics));
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
    /// Lowers to the decision IR, if no error was found, and compares it with what was announced.
    pub fn lower(self) -> Compilation {
        let mut c = finish(self.0);
        if let (Some(typed), false) = (&c.typed, c.diagnostics.has_errors()) {
            c.program = Some(ir::from_typed::lower(typed));
            compare_announced(&mut c);
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
