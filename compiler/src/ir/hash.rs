//! ir/hash
