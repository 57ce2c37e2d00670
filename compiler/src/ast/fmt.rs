//! ast/fmt
