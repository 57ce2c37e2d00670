//! Cases of `tests/suite`: one file is one package, good or bad.
//!
//! ```text
//! // expect: P0306 P0328      every code found, warnings too, as often as it is found
//! // expect-warning: P0413    the same of a good case: it compiles, and this is found; most good cases have no such line
//! policy … { … }
//! === products.csv            further files of the package
//! sku,name,category,price,pack
//! ```
//!
//! `syntax/parse` is of another kind: files for the parser and the formatter alone (`compiler/tests/syntax.rs`).
//!
//! A case is compiled beside the channel model and the products of `suite/prelude`, unless it brings its own. With a
//! section `promo.toml` it is read as a package, else as loose files. Bytes that are not UTF-8 are written `\xff` in a
//! section whose line ends in ` bytes`; a section whose line ends in ` missing` takes a file of the prelude away.

use promo_compiler::diagnostic::{Code, render};
use promo_compiler::doc::{self, Request};
use promo_compiler::package::{InputFile, MANIFEST, PackageInput};
use promo_compiler::pipeline::{Compilation, compile};
use promo_compiler::source::Spelling;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A case as it stands in its file.
#[derive(Clone, Debug)]
pub struct Case {
    /// `check/bad/tiers_without_mode`.
    pub name: String,
    /// `syntax`, `resolve`, `check`, `package` or `doc`.
    pub pass: String,
    /// The whole file.
    pub text: String,
    /// The codes it must give, sorted.
    pub expected: Vec<Code>,
    /// What is compiled.
    pub input: PackageInput,
}

/// The folder of the suite.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suite")
}

/// Every case of a sort (`good` or `bad`) in order of name.
///
/// # Errors
///
/// A folder or file cannot be read, or an `expect` line names no code.
pub fn cases(sort: &str) -> io::Result<Vec<Case>> {
    let mut files = Vec::new();
    for pass in ["syntax", "resolve", "check", "package", "doc"] {
        let folder = folder().join(pass).join(sort);
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let file = entry?.path();
            if file.extension().is_some_and(|e| e == "promo") {
                files.push(file);
            }
        }
    }
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

/// Reads one case.
///
/// # Errors
///
/// The file cannot be read, or its `expect` line names no code.
pub fn read(file: &Path) -> io::Result<Case> {
    let text = fs::read_to_string(file)?;
    let stem = file.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    let home = file.strip_prefix(folder()).unwrap_or(file).with_extension("");
    let pass = home.iter().next().and_then(|p| p.to_str()).unwrap_or_default().to_owned();
    let expected = expected(&text).map_err(|word| io::Error::other(format!("{}: no code {word}", file.display())))?;
    let input = package(&format!("{stem}.promo"), &text)?;
    Ok(Case { name: home.display().to_string(), pass, text, expected, input })
}

/// The codes of the first line; the word that is none.
fn expected(text: &str) -> Result<Vec<Code>, String> {
    let first = text.lines().next().unwrap_or("");
    let line = ["// expect:", "// expect-warning:"].iter().find_map(|head| first.strip_prefix(head)).unwrap_or("");
    let codes = line.split_whitespace().map(|word| Code::parse(word).ok_or(word.to_owned()));
    let mut codes: Vec<Code> = codes.collect::<Result<_, _>>()?;
    codes.sort();
    Ok(codes)
}

/// The files of a case and of the prelude.
fn package(name: &str, text: &str) -> io::Result<PackageInput> {
    let mut files: Vec<InputFile> = Vec::new();
    let mut current = (name.to_owned(), String::new());
    let mut sections = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("=== ") {
            Some(head) => sections.push(std::mem::replace(&mut current, (head.trim().to_owned(), String::new()))),
            None => current.1.push_str(line),
        }
    }
    sections.push(current);
    let mut missing = Vec::new();
    for (head, body) in sections {
        if let Some(head) = head.strip_suffix(" missing") {
            missing.push(head.to_owned());
            continue;
        }
        // A case that is all sections has no file of its own.
        if head == name && body.lines().all(|l| l.trim().is_empty() || l.starts_with("// expect:")) {
            continue;
        }
        files.push(match head.strip_suffix(" bytes") {
            Some(head) => InputFile::from_bytes(head, unescape(&body)),
            None => InputFile::new(head, body),
        });
    }
    let manifest_optional = !files.iter().any(|f| f.name == MANIFEST);
    let declares_channel = |f: &InputFile| {
        f.name.ends_with(".promo") && f.text.lines().any(|l| l.starts_with("channel ") || l.starts_with("渠道 "))
    };
    let own = [files.iter().any(declares_channel), files.iter().any(|f| f.name == "products.csv")];
    for (name, own) in ["channel.promo", "products.csv"].into_iter().zip(own) {
        if !own && !missing.iter().any(|m| m == name) {
            files.push(prelude(name)?);
        }
    }
    Ok(PackageInput { root_name: name.to_owned(), files, manifest_optional })
}

fn prelude(name: &str) -> io::Result<InputFile> {
    Ok(InputFile::new(name, fs::read_to_string(folder().join("prelude").join(name))?))
}

/// `\xff` as a byte.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        out.extend(before.bytes());
        let digits: String = after.chars().take(2).collect();
        out.extend(u8::from_str_radix(&digits, 16));
        rest = after.strip_prefix(digits.as_str()).unwrap_or_default();
    }
    out.extend(rest.bytes());
    out
}

impl Case {
    /// Compiles the case's package.
    ///
    /// A case of `doc` compiles; what it finds is what the notice of its draws lacks.
    pub fn compile(&self) -> Compilation {
        let mut found = compile(&self.input);
        let request = Request { name: "", policies: &[], lang: Spelling::En };
        if let ("doc", Some(hir), Some(program)) = (self.pass.as_str(), &found.hir, &found.program)
            && let Err(missing) = doc::disclosure(hir, program, request, &found.files)
        {
            found.diagnostics.0.extend(missing.0);
            found.diagnostics.sort();
            found.program = None;
        }
        found
    }

    /// The spelling its own file is written in, as the parser found it.
    pub fn spelling(&self, found: &Compilation) -> Option<Spelling> {
        let own = |id| found.sources.get(id).is_some_and(|s| s.name != "channel.promo");
        found.files.iter().find(|f| own(f.source)).map(|f| f.spelling)
    }
}

/// The codes found, sorted.
pub fn codes(found: &Compilation) -> Vec<Code> {
    let mut codes: Vec<Code> = found.diagnostics.0.iter().map(|d| d.code).collect();
    codes.sort();
    codes
}

/// Source and findings in both languages, as a snapshot shows them.
pub fn page(case: &Case, found: &Compilation) -> String {
    let shown = |lang| render::human_all(&found.diagnostics, &found.sources, lang, false);
    let page = format!("{}\n──── en\n{}\n──── zh\n{}", case.text, shown(Spelling::En), shown(Spelling::Zh));
    page.lines().map(|l| format!("{}\n", l.trim_end())).collect()
}
