//! Temporary.
use super::Program;
/// Temporary.
pub fn fill(_: &mut Program) {}
