//! diagnostic/render
