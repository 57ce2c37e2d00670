//! Shared helpers of the suites.

pub mod suite;
pub mod generate;
pub mod random;
pub mod state;
