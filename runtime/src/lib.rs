//! The promo runtime: what a scan server embeds.
#![deny(unsafe_code)]

pub mod jit;
#[cfg(test)]
mod testing;
