//! Tier ladders as sheets have them, two bounds a row, and as the language has them: from one to the other and back.
//!
//! A sheet leaves open what a ladder must say: who owns an edge that two rows share, what lies between 99.5 and 100,
//! what is paid above the last row. What is open is a finding with the row and cell, and the ladder is not made.

mod cell;
mod export;
mod import;

pub use export::{Exported, export};
pub use import::{Edge, Options, import};
