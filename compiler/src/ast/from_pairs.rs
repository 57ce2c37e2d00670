//! ast/from_pairs
