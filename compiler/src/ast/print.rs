//! ast/print
