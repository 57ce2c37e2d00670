//! The promo runtime: what a scan server embeds.

pub mod decision;
pub mod event;
pub mod store;
