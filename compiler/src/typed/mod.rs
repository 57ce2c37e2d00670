//! typed/mod
