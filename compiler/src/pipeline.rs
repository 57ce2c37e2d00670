//! The pipeline as one visible chain.

/// Placeholder until the passes land.
pub struct Input;
