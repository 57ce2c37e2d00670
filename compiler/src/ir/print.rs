//! Readable dump of the decision IR.

use super::Program;

/// The program as text.
pub fn print(program: &Program) -> String {
    serde_json::to_string_pretty(program).unwrap_or_default()
}
