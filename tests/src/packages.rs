//! The packages of the repository: the library of policies and the examples.

use promo_compiler::package::{InputFile, MANIFEST, PackageInput};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Every package below `policies` and `examples`, in order of path.
///
/// # Errors
///
/// A folder cannot be read.
pub fn folders() -> io::Result<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut found, mut open) = (Vec::new(), vec![root.join("policies"), root.join("examples")]);
    while let Some(folder) = open.pop() {
        if folder.join(MANIFEST).is_file() {
            found.push(folder.clone());
        }
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files of a package, those of packages inside it left out.
///
/// # Errors
///
/// A file cannot be read.
pub fn input(package: &Path) -> io::Result<PackageInput> {
    let (mut files, mut open) = (Vec::new(), vec![package.to_path_buf()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.join(MANIFEST).is_file() {
                open.push(path);
            } else if path.is_file() {
                let name = path.strip_prefix(package).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.push(InputFile::from_bytes(name, fs::read(&path)?));
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let root_name = package.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(PackageInput { root_name, files, manifest_optional: false })
}
