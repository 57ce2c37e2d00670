//! Reading and writing files so that nothing is half done.

use crate::console::Failure;
use promo_compiler::package::MANIFEST;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The whole text of a file. A byte-order mark at the start, as spreadsheets write it, is dropped.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Replaces a file in one step: whoever reads it sees the old text or the new one, never a part.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    // A symbolic link stays one: what it points to is replaced.
    let target = fs::canonicalize(path).map_err(|error| Failure::file(path, &error))?;
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    let beside = target.with_file_name(name);
    let written = (|| {
        let mut file = fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::set_permissions(&beside, fs::metadata(&target)?.permissions())?;
        fs::rename(&beside, &target)
    })();
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        Failure::file(path, &error)
    })
}

/// Writes a file in one step, whether or not it is there already.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if !path.exists() {
        fs::File::create(path).map_err(|error| Failure::file(path, &error))?;
    }
    replace(path, text)
}

/// Creates a folder with files in one step: it appears complete or not at all.
pub(crate) fn create_folder(path: &Path, files: &[(&str, String)]) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::file(path, &std::io::ErrorKind::AlreadyExists.into()));
    }
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", std::process::id()));
    let beside = path.with_file_name(name);
    let written = (|| {
        fs::create_dir(&beside)?;
        for (name, text) in files {
            let file = beside.join(name);
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&file, text)?;
        }
        fs::rename(&beside, path)
    })();
    written.map_err(|error| {
        let _ = fs::remove_dir_all(&beside);
        Failure::file(path, &error)
    })
}

/// Every file below a folder for which `wanted` holds, in order of path. Hidden folders, `target` and folders for
/// which `closed` holds are left out.
pub(crate) fn below(
    folder: &Path,
    wanted: &dyn Fn(&Path) -> bool,
    closed: &dyn Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| Failure::file(&folder, &error))? {
            let entry = entry.map_err(|error| Failure::file(&folder, &error))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| Failure::file(&path, &error))?;
            // Links to folders are not followed, so a ring of links cannot hold us.
            if kind.is_dir() {
                let name = entry.file_name();
                if !name.to_string_lossy().starts_with('.') && name != "target" && !closed(&path) {
                    open.push(path);
                }
            } else if wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The name of a file in a folder, with `/`; `None` for a file elsewhere.
pub(crate) fn relative(folder: &Path, file: &Path) -> Option<String> {
    let (folder, file) = (folder.canonicalize().ok()?, file.canonicalize().ok()?);
    let inner = file.strip_prefix(folder).ok()?;
    Some(slashed(inner))
}

/// A relative path with `/` on every system.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Every package below the paths (a path may be a package itself), each once, in order.
pub(crate) fn packages(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        let manifests = below(path, &|file| file.file_name().is_some_and(|name| name == MANIFEST), &|_| false)?;
        if manifests.is_empty() {
            let path = path.display();
            return Err(Failure::new(
                format!("there is no package below `{path}`: no folder with a `{MANIFEST}`"),
                format!("`{path}` 下没有政策包：没有含 `{MANIFEST}` 的文件夹"),
            ));
        }
        found.extend(manifests.iter().filter_map(|file| file.parent().map(Path::to_owned)));
    }
    found.sort();
    found.dedup();
    Ok(found)
}
