//! What the host is, and why it may not have machine code.

use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_jit::{JITBuilder, JITModule};
use promo_compiler::clif::{EmitError, Malformed};
use std::sync::Arc;

/// Why there is no machine code. The engine then evaluates, which gives the same decisions more slowly.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JitError {
    /// The program is damaged. It must not be evaluated either.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// No code generator for this kind of machine.
    #[error("no machine code for this machine: {0}")]
    Unsupported(String),
    /// Cranelift refused, which is a bug of ours.
    #[error("code generation failed: {0}")]
    Codegen(Arc<EmitError>),
    /// The system gave no memory, or does not let this process make memory executable
    /// (`MemoryDenyWriteExecute=`, `PR_SET_MDWE`, SELinux `execmem`).
    #[error("the system refused executable memory: {0}")]
    Refused(String),
}

/// An empty module for this machine.
pub(super) fn module() -> Result<JITModule, JitError> {
    let unsupported = |error: &dyn std::fmt::Display| JitError::Unsupported(error.to_string());
    let mut flags = settings::builder();
    // Measured: `speed` costs 1.6 to 1.9 times the compile time and gains nothing per scan.
    let wanted = [
        ("opt_level", "none"),
        ("is_pic", "false"),
        ("use_colocated_libcalls", "false"),
        ("unwind_info", "false"),
        // A frame larger than a page must not step over the guard page of the stack.
        ("enable_probestack", "true"),
        ("probestack_strategy", "inline"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
    ];
    for (name, value) in wanted {
        flags.set(name, value).map_err(|error| unsupported(&error))?;
    }
    let isa: OwnedTargetIsa = cranelift_native::builder()
        .map_err(|error| unsupported(&error))?
        .finish(settings::Flags::new(flags))
        .map_err(|error| unsupported(&error))?;
    Ok(JITModule::new(JITBuilder::with_isa(isa, cranelift_module::default_libcall_names())))
}
