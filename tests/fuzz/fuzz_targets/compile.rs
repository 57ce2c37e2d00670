//! Any bytes as a policy file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| promo_tests::fuzz::compile(data));
