//! Any bytes as an event.
#![no_main]

use promo_tests::fuzz::Events;
use std::sync::OnceLock;

static EVENTS: OnceLock<Events> = OnceLock::new();

libfuzzer_sys::fuzz_target!(|data: &[u8]| EVENTS.get_or_init(|| Events::new(0)).decode(data));
