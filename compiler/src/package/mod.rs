//! Packages: `promo.toml` and the files it names, as plain inputs. Whoever calls reads the disk.
//!
//! ```toml
//! [package]
//! name = "白酒春节"
//! language = "1"
//! channel = "channel.promo"      # may be left out: the channel can be declared in any file
//! policies = ["*.promo"]         # the default
//! locale = "zh"                  # language of messages, zh or en; the caller's choice if left out
//!
//! [catalogue]
//! products = "products.csv"      # sku,name,category,price,pack
//! regions = "regions.csv"        # code,name,parent; the built-in tree if left out
//!
//! [lints]
//! P0401 = "deny"                 # allow, warn or deny
//! ```

pub mod error;
pub mod manifest;
mod pattern;
pub mod similar;
pub mod table;

pub use manifest::{LintLevel, Lints, Manifest};

use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostics;
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
    /// True if the package need not have a `promo.toml`: all `.promo` files are read, and `products.csv` and
    /// `regions.csv` where present.
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

/// A package whose files are found and whose data, but for the catalogue, are read.
#[derive(Clone, Debug)]
pub struct PackageData {
    /// What `promo.toml` says.
    pub manifest: Manifest,
    /// The policy files, the channel's first, the others in order of name.
    pub promo_sources: Vec<SourceId>,
    /// The product file.
    pub products: Option<SourceId>,
    /// The regions.
    pub regions: RegionTree,
}

/// Finds and reads what the package names. Every finding is reported; `None` if one is an error.
pub fn read(input: &PackageInput, sources: &mut SourceMap, out: &mut Diagnostics) -> Option<PackageData> {
    let mut reader = Reader { input, sources, errors: Vec::new() };
    let data = reader.package();
    let errors = reader.errors;
    let clean = errors.is_empty();
    errors.into_iter().for_each(|e| out.push(e));
    let (manifest, promo_sources, products, regions) = data?;
    let regions = match regions.and_then(|id| Some((id, sources.get(id)?))) {
        None => Some(RegionTree::builtin()),
        Some((id, source)) => RegionTree::from_csv(&source.text)
            .map_err(|errors| errors.iter().for_each(|e| out.push(e.diagnostic(id))))
            .ok(),
    };
    clean.then_some(PackageData { manifest, promo_sources, products, regions: regions? })
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

type Found = (Manifest, Vec<SourceId>, Option<SourceId>, Option<SourceId>);

impl Reader<'_> {
    fn package(&mut self) -> Option<Found> {
        let manifest = self.manifest()?;
        let mut names: Vec<&str> = Vec::new();
        let promo: Vec<&InputFile> = self.input.files.iter().filter(|f| f.name.ends_with(".promo")).collect();
        for At { value: pattern, at } in &manifest.policies {
            let fitting = promo.iter().map(|f| f.name.as_str()).filter(|name| pattern::fits(pattern, name));
            let before = names.len();
            names.extend(fitting);
            // The default pattern has no place to point at; an empty package is reported below.
            if names.len() == before && !is_nowhere(*at) {
                self.error(*at, ErrorKind::NoMatch { pattern: pattern.clone() });
            }
        }
        names.sort_unstable();
        names.dedup();
        let channel = manifest.channel.as_ref().filter(|c| self.exists(c));
        if let Some(channel) = channel {
            names.retain(|name| *name != channel.value);
            names.insert(0, &channel.value);
        }
        let reported = self.errors.iter().any(|e| matches!(e.kind, ErrorKind::NoMatch { .. }));
        if names.is_empty() && !reported {
            self.error(manifest.at, ErrorKind::NoPolicies);
        }
        let sources = names.into_iter().filter_map(|name| self.load(name)).collect();
        let products = manifest.products.as_ref().filter(|f| self.exists(f)).and_then(|f| self.load(&f.value));
        let regions = manifest.regions.as_ref().filter(|f| self.exists(f)).and_then(|f| self.load(&f.value));
        Some((manifest, sources, products, regions))
    }

    fn manifest(&mut self) -> Option<Manifest> {
        let input = self.input;
        let has = |name: &str| input.files.iter().any(|f| f.name == name).then(|| At::nowhere(name.to_owned()));
        if has(MANIFEST).is_none() {
            if !input.manifest_optional {
                self.error(nowhere(), ErrorKind::NoManifest);
                return None;
            }
            let (products, regions) = (has(PRODUCTS), has(REGIONS));
            return Some(Manifest { products, regions, ..Manifest::implicit(&input.root_name) });
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
