//! CLIF as text, for `promo dump --stage clif`.

use super::from_ir::{EmitError, build};
use super::shape::Plan;
use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::FunctionBuilderContext;
use std::fmt::Write as _;
use target_lexicon::PointerWidth;

/// Every function with the rules that use it and their constants. The same on every machine.
///
/// # Errors
/// If the plan is not from [`plan`](super::plan).
pub fn print(plan: &Plan) -> Result<String, EmitError> {
    let target = TargetFrontendConfig {
        default_call_conv: CallConv::SystemV,
        pointer_width: PointerWidth::U64,
        page_size_align_log2: 12,
    };
    let mut frontend = FunctionBuilderContext::new();
    let mut out = String::new();
    for number in 0..plan.shapes.len() {
        let mut function = Function::new();
        build(plan, number, target, &mut frontend, &mut function)?;
        for (id, rule) in plan.rules.iter().enumerate().filter(|(_, rule)| rule.shape == number) {
            let row = plan.data.get(rule.row..rule.row + rule.row_len).unwrap_or_default();
            let _ = writeln!(out, "; rule {id}: row {row:?}");
        }
        let _ = writeln!(out, "{}", function.display());
    }
    Ok(out)
}
