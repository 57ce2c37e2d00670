//! Readable dump of the typed package, for `promo dump --stage typed`.

use super::Package;

/// The package as indented JSON: every expression with its type and range.
pub fn print(package: &Package) -> String {
    serde_json::to_string_pretty(package).unwrap_or_default()
}
