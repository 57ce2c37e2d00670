//! ir/eval
