//! What generated code and its caller agree on, in one place.
//!
//! A function is `extern "C" fn(words, inputs, tables, row, amounts) -> i64`:
//!
//! | parameter | points at | length the caller guarantees |
//! |---|---|---|
//! | `words` | the event record | the words of the rule's event kind |
//! | `inputs` | the rule's state inputs | [`RulePlan::inputs`](super::shape::RulePlan::inputs) |
//! | `tables` | all tables one after the other | [`Plan::tables_len`](super::shape::Plan::tables_len) |
//! | `row` | the rule's constants | [`RulePlan::row_len`](super::shape::RulePlan::row_len) |
//! | `amounts` | where the amounts go, one per award | [`RulePlan::awards`](super::shape::RulePlan::awards) |
//!
//! All five are `i64` slices without their lengths. The result is 0 if all conditions hold (the amounts are then
//! written), the number, from 1, of the first condition that does not (nothing is written), or [`FAULT`].

use cranelift_codegen::ir::{AbiParam, Signature, types};
use cranelift_codegen::isa::TargetFrontendConfig;

/// Bytes of every value in memory.
pub const WORD_BYTES: i32 = 8;

/// Index of each parameter.
pub mod param {
    /// The event record.
    pub const WORDS: usize = 0;
    /// The state inputs.
    pub const INPUTS: usize = 1;
    /// All tables.
    pub const TABLES: usize = 2;
    /// The rule's row of constants.
    pub const ROW: usize = 3;
    /// The amounts, written.
    pub const AMOUNTS: usize = 4;
    /// How many.
    pub const COUNT: usize = 5;
}

/// The result when every condition holds.
pub const ALL_HOLD: i64 = 0;

/// The result when a value that is needed left the range the compiler proved; as `u32` it is
/// [`ir::eval::FAULT`](crate::ir::eval::FAULT).
pub const FAULT: i64 = -1;

/// Longest event record, in words. Keeps every offset far inside the 31 bits of a load.
pub const MAX_WORDS: u32 = 1 << 16;

/// Most constants, inputs, awards or conditions of one rule, and most words of all tables together.
pub const MAX_ITEMS: usize = 1 << 24;

/// The signature of every function.
pub fn signature(target: TargetFrontendConfig) -> Signature {
    let mut signature = Signature::new(target.default_call_conv);
    signature.params = vec![AbiParam::new(target.pointer_type()); param::COUNT];
    signature.returns = vec![AbiParam::new(types::I64)];
    signature
}

/// Byte offset of item `index` of a slice.
pub(super) fn offset(index: usize) -> i32 {
    // INVARIANT: `check` and `plan` bound every index by MAX_ITEMS, far below the saturation point.
    i32::try_from(index).unwrap_or(i32::MAX / WORD_BYTES).saturating_mul(WORD_BYTES)
}
