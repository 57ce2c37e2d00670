//! ir/record
