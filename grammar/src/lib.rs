//! The promo grammar in both spellings: the PEG ([`Rule`], [`PromoParser`]), the [`keywords`] and the [`scan`] before it.
//!
//! The parser that builds a tree from these pairs is in `promo-compiler`, folder `ast/from_pairs`; nothing else
//! should name [`Rule`].
#![forbid(unsafe_code)]

pub mod keywords;
pub mod names;
mod rules;
pub mod scan;

pub use pest;
pub use rules::{PromoParser, Rule};
