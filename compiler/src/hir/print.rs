//! Readable dump of the resolved package, for `promo dump --stage hir`.

use super::Package;

/// The package as indented JSON.
pub fn print(package: &Package) -> String {
    serde_json::to_string_pretty(package).unwrap_or_default()
}
