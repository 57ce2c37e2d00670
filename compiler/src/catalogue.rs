//! The product catalogue.
