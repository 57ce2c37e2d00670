//! ir/print
