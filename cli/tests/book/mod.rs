//! The package that the examples of the book are compiled in.

use promo_compiler::package::{InputFile, PackageInput};
use promo_compiler::pipeline::{self, Compilation};
use std::fs;
use std::path::Path;

/// Compiles `docs/codes/package` with some files more, or in place of those of these names.
///
/// A channel model alone stands alone: the catalogue of the package is for other packs.
pub(crate) fn compile(more: &[(&str, &str)]) -> Compilation {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes/package");
    let mut files: Vec<InputFile> = more.iter().map(|(name, text)| InputFile::new(*name, *text)).collect();
    if let [("channel.promo", _)] = more {
        return pipeline::compile(&PackageInput { root_name: "channel".into(), files, manifest_optional: true });
    }
    for path in fs::read_dir(package).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if more.iter().all(|(given, _)| *given != name) {
            files.push(InputFile::from_bytes(name, fs::read(&path).unwrap()));
        }
    }
    if more.iter().any(|(name, _)| *name == "regions.csv") {
        let manifest = files.iter_mut().find(|file| file.name == "promo.toml").unwrap();
        manifest.text.push_str("regions = \"regions.csv\"\n");
    }
    pipeline::compile(&PackageInput { root_name: "codes".into(), files, manifest_optional: false })
}
