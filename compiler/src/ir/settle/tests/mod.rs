//! Every rule of `settle` on hand-built programs, and properties over random ones.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod bounds;
mod drawn;
mod first;
mod groups;
mod history;
mod identities;
mod naive;
mod past;
mod pools;
mod random;
mod taxes;
pub(in crate::ir) mod world;
