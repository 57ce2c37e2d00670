//! ast/error
