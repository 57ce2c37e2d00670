//! promo-bench v1, compiled from text, must give the checksums every system gives.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use promo_compiler::ir::settle::{Decision, EmptyState};
use promo_runtime::{Engine, Scratch};
use promo_tests::workload::scans::{AWARDS, SCANS, Total, scans};
use promo_tests::workload::{Package, WorkloadDraws, keyed_by_code, plainly, stateless};
use std::time::Instant;

/// Awards of the first `count` scans by machine code, with and without the state the text asks for.
fn totals(package: &Package, count: usize) -> [Total; 2] {
    let scans = scans(&package.policies, count);
    [package.program.clone(), stateless(package.program.clone())].map(|program| {
        let set = Engine::new(WorkloadDraws).load(program).unwrap();
        let (mut scratch, mut decision, mut total) = (Scratch::default(), Decision::default(), Total::default());
        let mut record = package.record();
        for (n, scan) in scans.iter().enumerate() {
            package.write(n, scan, &mut record);
            set.decide(&record, &EmptyState, &mut scratch, &mut decision, false).unwrap();
            package.total(&decision, &mut total);
        }
        total
    })
}

#[test]
fn checksums_are_the_workloads() {
    // All scans where the build is fast; the first few against the plain meaning where it is not.
    let all = !cfg!(debug_assertions);
    for (n, awards, sum) in AWARDS {
        if n > 1_000 && !all {
            continue;
        }
        let began = Instant::now();
        let package = Package::new(n).unwrap();
        let compiled = began.elapsed();
        assert!(keyed_by_code(&package.program));
        let (count, expected) = if all {
            (SCANS, Total(awards, sum))
        } else {
            let count = 20_000_000 / (n + 1_000);
            let mut total = Total::default();
            scans(&package.policies, count).iter().for_each(|s| plainly(&package.policies, s, &mut total));
            (count, total)
        };
        assert!(expected.0 > 0);
        for found in totals(&package, count) {
            assert_eq!(found, expected, "{n} policies, {count} scans");
        }
        println!("{n} policies, {count} scans: {expected:?}; text to program {compiled:?}");
    }
}
