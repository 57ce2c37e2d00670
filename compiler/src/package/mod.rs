//! Packages: promo.toml and the files it names, as plain inputs.

pub mod similar;
pub mod table;
