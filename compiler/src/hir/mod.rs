//! hir/mod
