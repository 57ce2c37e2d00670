//! The promo runtime: what a scan server embeds.

pub mod event;
pub mod store;
