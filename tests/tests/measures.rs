//! A sum of rates is a rate: 30% and 25% reach 55%, not 0.55%.
#![expect(clippy::unwrap_used, reason = "tests")]

use promo_compiler::ir::settle::{KeyedDraws, reference_decide};
use promo_compiler::package::PackageInput;
use promo_compiler::pipeline;
use promo_runtime::event::EventDecoder;
use promo_tests::state::State;

const TEXT: &str = "channel c {
  zone UTC
  money CNY
  rounding half_up to fen
  role rep
  event scored by rep { part: 0%..100% }
  reward cash money
}
policy p \"p\" {
  kind TP
  during 2026-01-01 .. 2026-12-31
  budget 1_000 yuan, when used up: stop
  on scored where sum of scored.part by rep ever at least 55% {
    give rep cash 1 yuan
    if returned: keep
  }
}";

#[test]
fn a_sum_of_rates_is_a_rate() {
    let compiled = pipeline::compile(&PackageInput::inline("sum.promo", TEXT, None));
    let found: Vec<_> = compiled.diagnostics.0.iter().map(|d| &d.message.en).collect();
    assert!(compiled.program.is_some(), "{found:?}");
    let program = compiled.program.unwrap();
    let (decoder, mut state) = (EventDecoder::new(&program), State::default());
    let mut paid = Vec::new();
    for (n, part) in [3_000, 2_499, 1].iter().enumerate() {
        let json = format!(
            "{{\"id\":\"e{n}\",\"event\":\"scored\",\"time\":\"2026-02-01T10:00:00Z\",\"rep\":\"R\",\"part\":{part}}}"
        );
        let event = decoder.decode(json).unwrap();
        let decision = reference_decide(&program, &event, &state, &KeyedDraws::new([0; 32])).unwrap();
        state.apply(&event, &decision);
        paid.push(decision.awards.len());
    }
    assert_eq!(paid, [0, 0, 1]);
}
