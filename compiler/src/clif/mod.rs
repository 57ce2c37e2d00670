//! clif/mod
