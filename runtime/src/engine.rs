//! The engine: how programs become policy sets that decide.

use crate::index::Index;
use crate::jit::{Compiled, JitError};
use crate::policy_set::{Code, PolicySet};
use promo_compiler::clif::{Malformed, check};
use promo_compiler::ir::Program;
use promo_compiler::ir::settle::Draws;
use std::fmt;
use std::sync::Arc;

/// How the conditions and amounts of rules are evaluated. The decisions are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// Machine code where the host allows it, else the evaluator.
    #[default]
    MachineCode,
    /// The evaluator: for hosts that forbid executable memory, and to take machine code out of the picture without
    /// a new build.
    Interpreter,
}

/// Makes policy sets. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    backend: Backend,
    draws: Arc<dyn Draws + Send + Sync>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("backend", &self.backend).finish_non_exhaustive()
    }
}

/// Why a program was not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// It is not one the compiler can have made.
    #[error("the program is damaged: {0}")]
    Malformed(#[from] Malformed),
}

impl Engine {
    /// An engine whose draws come from `draws`; in production [`KeyedDraws`] with the campaign's secret.
    ///
    /// [`KeyedDraws`]: promo_compiler::ir::settle::KeyedDraws
    pub fn new(draws: impl Draws + Send + Sync + 'static) -> Engine {
        Engine { backend: Backend::default(), draws: Arc::new(draws) }
    }

    /// The same engine with another way to evaluate.
    #[must_use]
    pub fn with_backend(self, backend: Backend) -> Engine {
        Engine { backend, ..self }
    }

    /// Makes a program ready to decide: builds its index and its machine code. If the host has no machine code to
    /// offer, the set evaluates instead; [`PolicySet::runs_on`] says which and why.
    ///
    /// # Errors
    /// If the program is damaged.
    pub fn load(&self, program: Program) -> Result<PolicySet, LoadError> {
        check(&program)?;
        let index = Arc::new(Index::new(&program));
        let code = match self.backend {
            Backend::Interpreter => Code::Interpreter(None),
            Backend::MachineCode => match Compiled::new(&program, Arc::clone(&index)) {
                Ok(compiled) => Code::Machine(Box::new(compiled)),
                Err(JitError::Malformed(fault)) => return Err(fault.into()),
                Err(error) => Code::Interpreter(Some(error)),
            },
        };
        Ok(PolicySet::new(program, index, code, Arc::clone(&self.draws)))
    }
}
