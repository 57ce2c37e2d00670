//! Cranelift IR of the rules of a [`Program`](crate::ir::Program).
//!
//! | file | idea |
//! |---|---|
//! | [`abi`] | the one table of what generated code and its caller agree on |
//! | [`check`](mod@check) | a program that did not come from our own lowering is looked at before anything is built from it |
//! | [`shape`] | rules that differ only in constants share one function over a row of constants |
//! | [`from_ir`] | the function of a shape |
//! | [`print`](mod@print) | the same as text |
//!
//! Generated code is straight-line or branches forward only, calls nothing, reads the four slices it is given and
//! writes one. **No trapping instruction is reachable**: divisors are constants of at least 1, table indexes are
//! clamped under a speculation barrier, every load is inside a slice whose length the caller has compared.

pub mod abi;
pub mod check;
pub mod from_ir;
pub mod print;
pub mod shape;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests;

pub use check::{Malformed, check};
pub use from_ir::{EmitError, emit};
pub use print::print;
pub use shape::{Plan, plan};
