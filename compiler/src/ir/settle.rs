//! ir/settle
