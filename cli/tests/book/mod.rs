//! The package that the examples of the book are compiled in.

use promo_compiler::package::{InputFile, PackageInput};
use promo_compiler::pipeline::{self, Compilation};
use std::fs;
use std::path::Path;

/// Compiles `docs/codes/package` with one file more, or in place of the one of this name.
///
/// A channel model stands alone: the catalogue of the package is for other packs.
pub(crate) fn compile(name: &str, text: &str) -> Compilation {
    if name == "channel.promo" {
        let files = vec![InputFile::new(name, text)];
        return pipeline::compile(&PackageInput { root_name: "channel".into(), files, manifest_optional: true });
    }
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes/package");
    let mut files: Vec<InputFile> = fs::read_dir(package)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| InputFile::from_bytes(path.file_name().unwrap().to_str().unwrap(), fs::read(&path).unwrap()))
        .filter(|file| file.name != name)
        .collect();
    files.push(InputFile::new(name, text));
    if name == "regions.csv" {
        let manifest = files.iter_mut().find(|file| file.name == "promo.toml").unwrap();
        manifest.text.push_str("regions = \"regions.csv\"\n");
    }
    pipeline::compile(&PackageInput { root_name: "codes".into(), files, manifest_optional: false })
}
