//! ir/key
