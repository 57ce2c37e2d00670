//! Shared helpers of the suites.

pub mod differential;
pub mod fuzz;
pub mod generate;
pub mod random;
pub mod state;
pub mod suite;
pub mod workload;
