//! A package on disk: its files read, compiled, and named as the user can open them.

use crate::console::{Console, Failure};
use crate::files;
use crate::report;
use crate::workbook;
use promo_compiler::diagnostic::render;
use promo_compiler::ir::Program;
use promo_compiler::package::{InputFile, MANIFEST, PackageInput, is_workbook};
use promo_compiler::pipeline::{self, Compilation};
use promo_compiler::source::SourceMap;
use std::path::Path;

/// A package and what the compiler made of it.
pub(crate) struct Package {
    /// What `promo.toml` calls it, else its folder.
    pub(crate) name: String,
    /// All stages and findings; files are named from where the command was started, not from the package.
    pub(crate) compilation: Compilation,
    input: PackageInput,
}

impl Package {
    /// Reads and compiles a folder with a `promo.toml`. Whatever the compiler finds is in the compilation.
    pub(crate) fn compile(folder: &Path) -> Result<Package, Failure> {
        let input = read(folder)?;
        let mut compilation = pipeline::compile(&input);
        let said = compilation.package.as_ref().map(|data| data.manifest.name.clone());
        let name = said.filter(|name| !name.is_empty()).unwrap_or_else(|| input.root_name.clone());
        compilation.sources = below(&shown(folder), &compilation.sources);
        Ok(Package { name, compilation, input })
    }

    /// What the compiler would make of it if these files had these texts.
    pub(crate) fn compile_with(&self, texts: &[(String, &str)]) -> Compilation {
        let mut input = self.input.clone();
        for file in &mut input.files {
            if let Some((_, text)) = texts.iter().find(|(name, _)| *name == file.name) {
                file.text = (*text).to_owned();
            }
        }
        pipeline::compile(&input)
    }

    /// The program of a package that compiles. If it does not, the findings go to standard error and there is none.
    pub(crate) fn program(&self, console: &mut Console) -> Result<Option<&Program>, Failure> {
        if self.compilation.program.is_none() {
            self.complain(console)?;
        }
        Ok(self.compilation.program.as_ref())
    }

    /// Shows the findings on standard error.
    pub(crate) fn complain(&self, console: &mut Console) -> Result<(), Failure> {
        let Compilation { diagnostics, sources, .. } = &self.compilation;
        let text = render::all(render::Format::Human, diagnostics, sources, console.lang, console.color_err);
        console.note(&format!("{text}\n{}", report::counted(diagnostics, console.lang)))
    }
}

/// Every file a package can use. Folders with a manifest of their own are packages of their own.
fn read(folder: &Path) -> Result<PackageInput, Failure> {
    if !folder.join(MANIFEST).is_file() {
        let shown = folder.display();
        if let Some(parent) = folder.parent().filter(|parent| folder.is_file() && parent.join(MANIFEST).is_file()) {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent }.display();
            return Err(Failure::new(
                format!("`{shown}` is a file; name the package it belongs to: `{parent}`"),
                format!("`{shown}` 是文件；请写它所在的政策包：`{parent}`"),
            ));
        }
        return Err(Failure::new(
            format!("`{shown}` is not a package: there is no `{MANIFEST}` in it"),
            format!("`{shown}` 不是政策包：其中没有 `{MANIFEST}`"),
        ));
    }
    let text = |file: &Path| file.extension().is_some_and(|ext| ext == "promo" || ext == "csv" || ext == "toml");
    // What a spreadsheet program leaves beside an open workbook is called `~$…`.
    let lock = |file: &Path| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
    let wanted = |file: &Path| (text(file) || is_workbook(&file.to_string_lossy())) && !lock(file);
    let mut found = Vec::new();
    let mut workbooks = Vec::new();
    for path in files::below(folder, &wanted, &|inner| inner.join(MANIFEST).exists())? {
        let name = files::slashed(path.strip_prefix(folder).unwrap_or(&path));
        if text(&path) {
            let bytes = std::fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
            found.push(InputFile::from_bytes(name, bytes));
        } else {
            workbooks.push((name, path));
        }
    }
    for (name, path) in workbooks {
        // Unpacking takes time, so only a workbook that some file speaks of is opened.
        if found.iter().any(|file: &InputFile| file.name.ends_with(".promo") && file.text.contains(&name)) {
            let bytes = std::fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
            found.extend(workbook::files(&name, bytes));
        }
    }
    // `.` has no name of its own.
    let full = folder.canonicalize().ok();
    let root_name = full.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    Ok(PackageInput { root_name: root_name.unwrap_or_default(), files: found, manifest_optional: false })
}

/// Nothing for the current folder, else the folder with a slash at its end.
fn shown(folder: &Path) -> String {
    match folder.to_string_lossy().trim_end_matches('/') {
        "." => String::new(),
        "" => "/".to_owned(),
        other => format!("{}/", other.trim_start_matches("./")),
    }
}

/// The same files, each name with the folder before it.
fn below(folder: &str, sources: &SourceMap) -> SourceMap {
    let mut named = SourceMap::default();
    for (_, source) in sources.iter() {
        named.add(format!("{folder}{}", source.name), source.text.as_str());
    }
    named
}
