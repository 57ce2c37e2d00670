//! The promo runtime: what a scan server embeds.
//!
//! An [`Engine`] loads a compiled program into a [`PolicySet`], which decides
//! events: its [`index`] finds the rules that can apply, machine code ([`jit`]) evaluates them, and the compiler's
//! [`settle`](promo_compiler::ir::settle) applies limits, budgets and groups.
#![deny(unsafe_code)]

pub mod decision;
pub mod engine;
pub mod event;
pub mod index;
pub mod jit;
pub mod policy_set;
pub mod scan;
pub mod store;
#[cfg(test)]
mod testing;

pub use engine::{Backend, Engine, LoadError};
pub use policy_set::{DecideError, Explain, LivePolicies, PolicySet, RunsOn, Scratch};
pub use scan::{ScanBuffers, ScanError, Scanned};

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
