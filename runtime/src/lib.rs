//! The promo runtime.
