//! Packages: `promo.toml` and the files it names, as plain inputs. Whoever calls reads the disk.
//!
//! ```toml
//! [package]
//! name = "白酒春节"
//! language = "1"
//! channel = "channel.promo"      # may be left out: the channel can be declared in any file
//! policies = ["*.promo"]         # the default
//! announced = ["announced/*.promo"]  # the policies as they were announced: compared, not run
//! locale = "zh"                  # language of messages, zh or en; the caller's choice if left out
//!
//! [catalogue]
//! products = "products.csv"      # sku,name,category,price,pack
//! regions = "regions.csv"        # code,name,parent; the built-in tree if left out
//! calendar = "calendar.csv"      # date,kind,name: which days are worked; needed where working days are counted
//!
//! [lints]
//! P0401 = "deny"                 # allow, warn or deny
//! ```

pub mod calendar;
pub mod error;
pub mod manifest;
mod pattern;
pub mod similar;
pub mod table;

pub use manifest::{LintLevel, Lints, Manifest};

use crate::ast;
use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostics;
use crate::ir::WorkCalendar;
use crate::regions::RegionTree;
use crate::source::{Location, SourceId, SourceMap, Span};
use error::{Error, ErrorKind};
use manifest::At;

/// The file that makes a folder a package.
pub const MANIFEST: &str = "promo.toml";

/// A file of a package as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Path relative to the package, with `/`.
    pub name: String,
    /// The text; bytes that are not UTF-8 are replaced by U+FFFD.
    pub text: String,
    /// Offset of the first byte that was replaced.
    bad_byte: Option<u32>,
}

impl InputFile {
    /// A file of known text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> InputFile {
        InputFile { name: name.into(), text: text.into(), bad_byte: None }
    }

    /// A file as read from disk. Bytes that are not UTF-8 are reported by [`read`] if the package uses the file.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> InputFile {
        match String::from_utf8(bytes) {
            Ok(text) => InputFile::new(name, text),
            Err(error) => InputFile {
                name: name.into(),
                text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
                bad_byte: Some(error.utf8_error().valid_up_to() as u32),
            },
        }
    }
}

/// Everything a package can be compiled from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageInput {
    /// Name of its folder.
    pub root_name: String,
    /// Its files, in any order; those the package does not use are ignored.
    pub files: Vec<InputFile>,
    /// True if the package need not have a `promo.toml`: all `.promo` files are read, and `products.csv`,
    /// `regions.csv` and `calendar.csv` where present.
    pub manifest_optional: bool,
}

impl PackageInput {
    /// A package of one policy text and, if given, a catalogue, without a `promo.toml`: for tests.
    pub fn inline(name: &str, policy: &str, products: Option<&str>) -> PackageInput {
        let mut files = vec![InputFile::new(name, policy)];
        files.extend(products.map(|text| InputFile::new(PRODUCTS, text)));
        PackageInput { root_name: name.to_owned(), files, manifest_optional: true }
    }
}

const PRODUCTS: &str = "products.csv";
const REGIONS: &str = "regions.csv";
const CALENDAR: &str = "calendar.csv";

/// A package whose files are found and whose data, but for the catalogue, are read.
#[derive(Clone, Debug)]
pub struct PackageData {
    /// What `promo.toml` says.
    pub manifest: Manifest,
    /// The policy files, the channel's first, the others in order of name.
    pub promo_sources: Vec<SourceId>,
    /// The files that hold policies as they were announced, in order of name.
    pub announced_sources: Vec<SourceId>,
    /// The product file.
    pub products: Option<SourceId>,
    /// The regions.
    pub regions: RegionTree,
    /// Which days are worked.
    pub work: Option<WorkCalendar>,
    /// The texts of data tables, each by [`table_name`].
    pub tables: Vec<(String, SourceId)>,
}

/// What the text of a data table is called among the files of a package: a CSV file by its name, a sheet of a workbook as
/// `targets.xlsx[2026]`.
pub fn table_name(file: &str, sheet: Option<&str>) -> String {
    match sheet {
        Some(sheet) => format!("{file}[{sheet}]"),
        None => file.to_owned(),
    }
}

/// True for files that hold sheets. Whoever reads the disk gives each sheet as a file of its own, as comma-separated text
/// under its [`table_name`], beside a file of the workbook's name.
pub fn is_workbook(name: &str) -> bool {
    let ends = |ext: &str| name.len() > ext.len() && name.to_ascii_lowercase().ends_with(ext);
    [".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"].iter().any(|ext| ends(ext))
}

/// Finds and reads what the package names. Every finding is reported; `None` if one is an error.
pub fn read(input: &PackageInput, sources: &mut SourceMap, out: &mut Diagnostics) -> Option<PackageData> {
    let mut reader = Reader { input, sources, errors: Vec::new() };
    let data = reader.package();
    let errors = reader.errors;
    let clean = errors.is_empty();
    errors.into_iter().for_each(|e| out.push(e));
    let Found { manifest, promo_sources, announced_sources, products, regions, calendar } = data?;
    let regions = match regions.and_then(|id| Some((id, sources.get(id)?))) {
        None => Some(RegionTree::builtin()),
        Some((id, source)) => RegionTree::from_csv(&source.text)
            .map_err(|errors| errors.iter().for_each(|e| out.push(e.diagnostic(id))))
            .ok(),
    };
    let work = match calendar.and_then(|id| Some((id, sources.get(id)?))) {
        None => Some(None),
        Some((id, source)) => calendar::read(&source.text)
            .map_err(|errors| errors.iter().for_each(|e| out.push(e.diagnostic(id))))
            .map(Some)
            .ok(),
    };
    let (regions, work, tables) = (regions?, work?, Vec::new());
    clean.then_some(PackageData { manifest, promo_sources, announced_sources, products, regions, work, tables })
}

/// Finds the texts of the data tables that the files declare, each once, and says what is missing.
pub fn read_tables(
    input: &PackageInput,
    files: &[ast::File],
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Vec<(String, SourceId)> {
    let mut reader = Reader { input, sources, errors: Vec::new() };
    let mut found: Vec<(String, SourceId)> = Vec::new();
    for file in files {
        for item in &file.items {
            let ast::Item::Table(table) = item else { continue };
            let Some(name) = reader.table(table, file.source) else { continue };
            if found.iter().any(|(known, _)| *known == name) {
                continue;
            }
            if let Some(id) = reader.load(&name) {
                found.push((name, id));
            }
        }
    }
    reader.errors.into_iter().for_each(|e| out.push(e));
    found
}

/// Reads the catalogue, once the channel model has said how many packs there are. A package without one has no
/// products. Every bad row is reported; `None` if there is one.
pub fn load_catalogue(
    data: &PackageData,
    packs: usize,
    sources: &SourceMap,
    out: &mut Diagnostics,
) -> Option<Catalogue> {
    let Some((id, source)) = data.products.and_then(|id| Some((id, sources.get(id)?))) else {
        return Some(Catalogue::default());
    };
    Catalogue::from_csv(&source.text, packs)
        .map_err(|errors| errors.iter().for_each(|e| out.push(e.diagnostic(id))))
        .ok()
}

struct Reader<'a> {
    input: &'a PackageInput,
    sources: &'a mut SourceMap,
    errors: Vec<Error>,
}

struct Found {
    manifest: Manifest,
    promo_sources: Vec<SourceId>,
    announced_sources: Vec<SourceId>,
    products: Option<SourceId>,
    regions: Option<SourceId>,
    calendar: Option<SourceId>,
}

impl Reader<'_> {
    fn package(&mut self) -> Option<Found> {
        let manifest = self.manifest()?;
        let mut announced = self.fitting(&manifest.announced);
        let mut names = self.fitting(&manifest.policies);
        let channel = manifest.channel.as_ref().filter(|c| self.exists(c));
        announced.retain(|name| channel.is_none_or(|c| *name != c.value));
        names.retain(|name| !announced.contains(name));
        if let Some(channel) = channel {
            names.retain(|name| *name != channel.value);
            names.insert(0, channel.value.clone());
        }
        let reported = self.errors.iter().any(|e| matches!(e.kind, ErrorKind::NoMatch { .. }));
        if names.is_empty() && !reported {
            self.error(manifest.at, ErrorKind::NoPolicies);
        }
        let promo_sources = names.into_iter().filter_map(|name| self.load(&name)).collect();
        let announced_sources = announced.into_iter().filter_map(|name| self.load(&name)).collect();
        let products = manifest.products.as_ref().filter(|f| self.exists(f)).and_then(|f| self.load(&f.value));
        let regions = manifest.regions.as_ref().filter(|f| self.exists(f)).and_then(|f| self.load(&f.value));
        let calendar = manifest.calendar.as_ref().filter(|f| self.exists(f)).and_then(|f| self.load(&f.value));
        Some(Found { manifest, promo_sources, announced_sources, products, regions, calendar })
    }

    /// The policy files that fit some pattern, each once, in order of name; a pattern that fits none is reported.
    fn fitting(&mut self, patterns: &[At<String>]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for At { value: pattern, at } in patterns {
            let promo = self.input.files.iter().map(|f| &f.name).filter(|name| name.ends_with(".promo"));
            let before = names.len();
            names.extend(promo.filter(|name| pattern::fits(pattern, name)).cloned());
            // The default pattern has no place to point at; an empty package is reported by whoever asks.
            if names.len() == before && !is_nowhere(*at) {
                self.error(*at, ErrorKind::NoMatch { pattern: pattern.clone() });
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    fn manifest(&mut self) -> Option<Manifest> {
        let input = self.input;
        let has = |name: &str| input.files.iter().any(|f| f.name == name).then(|| At::nowhere(name.to_owned()));
        if has(MANIFEST).is_none() {
            if !input.manifest_optional {
                self.error(nowhere(), ErrorKind::NoManifest);
                return None;
            }
            let (products, regions, calendar) = (has(PRODUCTS), has(REGIONS), has(CALENDAR));
            return Some(Manifest { products, regions, calendar, ..Manifest::implicit(&input.root_name) });
        }
        let id = self.load(MANIFEST)?;
        let text = self.sources.get(id).map_or("", |s| s.text.as_str());
        let (manifest, errors) = manifest::parse(text, id);
        self.errors.extend(errors);
        manifest
    }

    /// True if the package has the file; else that is reported.
    fn exists(&mut self, file: &At<String>) -> bool {
        let there = self.input.files.iter().any(|f| f.name == file.value);
        if !there {
            let similar = similar::nearest(&file.value, self.input.files.iter().map(|f| f.name.as_str()));
            self.error(file.at, ErrorKind::NoSuchFile { name: file.value.clone(), similar });
        }
        there
    }

    /// The name of the text a table is declared to come from, if the package has it.
    fn table(&mut self, table: &ast::DataTable, source: SourceId) -> Option<String> {
        let (file, at) = (&table.file.text, table.file.span.at(source));
        if table.keys.is_empty() {
            return None; // a head that could not be read was reported
        }
        if !self.exists(&At { value: file.clone(), at }) {
            return None;
        }
        if !is_workbook(file) {
            let Some(sheet) = &table.sheet else { return Some(file.clone()) };
            let kind = ErrorKind::NotAWorkbook { name: file.clone(), sheets_wanted: true };
            self.error(sheet.span.at(source), kind);
            return None;
        }
        let prefix = format!("{file}[");
        let sheet_of = |f: &InputFile| Some(f.name.strip_prefix(&prefix)?.strip_suffix(']')?.to_owned());
        let sheets: Vec<String> = self.input.files.iter().filter_map(sheet_of).collect();
        match (&table.sheet, sheets.as_slice()) {
            (_, []) => self.error(at, ErrorKind::NotAWorkbook { name: file.clone(), sheets_wanted: false }),
            (None, [only]) => return Some(table_name(file, Some(only))),
            (Some(sheet), all) if all.contains(&sheet.text) => return Some(table_name(file, Some(&sheet.text))),
            (sheet, _) => {
                let at = sheet.as_ref().map_or(at, |s| s.span.at(source));
                let sheet = sheet.as_ref().map(|s| s.text.clone());
                self.error(at, ErrorKind::NoSuchSheet { file: file.clone(), sheet, sheets });
            }
        }
        None
    }

    /// Adds a file of the package to the sources.
    fn load(&mut self, name: &str) -> Option<SourceId> {
        let file = self.input.files.iter().find(|f| f.name == name)?;
        let id = self.sources.add(file.name.as_str(), file.text.as_str());
        if let Some(offset) = file.bad_byte {
            let at = Span::new(offset, offset.saturating_add('\u{fffd}'.len_utf8() as u32)).at(id);
            self.error(at, ErrorKind::NotUtf8 { name: name.to_owned() });
        }
        Some(id)
    }

    fn error(&mut self, at: Location, kind: ErrorKind) {
        self.errors.push(Error { at, kind });
    }
}

/// A location in no file.
fn nowhere() -> Location {
    Span::default().at(SourceId(u32::MAX))
}

fn is_nowhere(at: Location) -> bool {
    at.source == SourceId(u32::MAX)
}

#[cfg(test)]
mod tests;
