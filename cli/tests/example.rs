//! The example package through the program: the first command of the README, by both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;
use std::process::Command;

fn run(engine: &str) -> (String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let line = format!("run examples/liquor --events examples/liquor/events.ndjson --explain --engine {engine}");
    let mut promo = Command::new(env!("CARGO_BIN_EXE_promo"));
    let output = promo.args(line.split(' ')).current_dir(root).env_clear().output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn both_engines_decide_the_example_alike_and_every_refusal_has_a_reason() {
    let (machine, totals) = run("jit");
    let (evaluator, _) = run("interp");
    assert!(machine == evaluator, "the engines differ");
    assert!(machine.lines().count() >= 10_000);
    let (mut awards, mut refusals) = (0, 0);
    for line in machine.lines() {
        let decision: serde_json::Value = serde_json::from_str(line).unwrap();
        awards += decision["awards"].as_array().unwrap().len();
        for refusal in decision["refusals"].as_array().unwrap() {
            for field in ["policy", "reason", "zh", "en"] {
                assert!(!refusal[field].as_str().unwrap().is_empty(), "{field} in {line}");
            }
            refusals += 1;
        }
    }
    assert!(awards > 1_000 && refusals > 1_000, "{awards} awards, {refusals} refusals");
    assert!(totals.contains(" events, "), "{totals}");
}
