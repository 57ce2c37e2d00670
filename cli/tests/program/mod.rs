//! The program as a test runs it: in a folder of the test's own, in English, with nothing from the environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of its own for a test of a suite.
pub(crate) fn folder(suite: &str, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(suite).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a command line, words separated by spaces, in a folder.
pub(crate) fn promo(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promo"));
    command.args(line.split(' ')).current_dir(folder).env_clear().env("LC_ALL", "C").output().unwrap()
}

/// What was printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What it printed, after it ended with this code.
pub(crate) fn stdout(folder: &Path, line: &str, code: i32) -> String {
    let output = promo(folder, line);
    assert_eq!(output.status.code(), Some(code), "{line}\n{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}
