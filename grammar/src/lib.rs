//! The promo grammar.
