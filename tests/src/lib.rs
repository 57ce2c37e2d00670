//! Shared helpers of the suites.

pub mod differential;
#[expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    reason = "a target that finds something must stop the test"
)]
pub mod fuzz;
#[expect(clippy::indexing_slicing, reason = "a mistake of the generator must stop the test")]
pub mod generate;
pub mod literals;
pub mod packages;
#[expect(clippy::indexing_slicing, reason = "a choice among nothing must stop the test")]
pub mod random;
pub mod state;
pub mod suite;
#[expect(clippy::indexing_slicing, reason = "the workload's numbers are fixed")]
pub mod workload;
