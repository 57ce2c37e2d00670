//! The reference evaluator without an index and machine code with one must agree on every decision.
//!
//! `PROMO_PAIRS=5000000 cargo test -p promo-tests --release --test differential -- --nocapture` for a long run.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]

use promo_tests::differential::{KINDS, Seen, run};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Events per package.
const EVENTS: usize = 250;
/// Pairs of an ordinary run.
const PAIRS: u64 = 100_000;

#[test]
fn reference_and_machine_code_agree() {
    let wanted = std::env::var("PROMO_PAIRS").map_or(PAIRS, |n| n.parse().unwrap());
    let first = std::env::var("PROMO_SEED").map_or(0, |n| n.parse().unwrap());
    let (next, done) = (AtomicU64::new(first), AtomicU64::new(0));
    let began = Instant::now();
    let work = || {
        let mut seen = Seen::default();
        while done.load(Ordering::Relaxed) < wanted {
            let before = seen.pairs;
            if let Err(difference) = run(next.fetch_add(1, Ordering::Relaxed), EVENTS, &mut seen) {
                panic!("{difference}");
            }
            done.fetch_add(seen.pairs - before, Ordering::Relaxed);
        }
        seen
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut seen = Seen::default();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            match worker.join() {
                Ok(part) => seen.add(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    println!(
        "{} packages, {} accepted, {} pairs, {} awards, {:.1} s; refused: {:?}",
        seen.packages,
        seen.accepted,
        seen.pairs,
        seen.awards,
        began.elapsed().as_secs_f64(),
        seen.refused
    );
    assert!(seen.pairs >= wanted);
    assert!(
        seen.accepted * 10 >= seen.packages * 7,
        "too few packages compile: {} of {}",
        seen.accepted,
        seen.packages
    );
    assert!(seen.awards * 10 > seen.pairs, "too little is paid to say much: {} awards", seen.awards);
    let missing: Vec<_> = KINDS.iter().filter(|k| !seen.kinds.contains(*k)).collect();
    assert!(missing.is_empty(), "never seen: {missing:?}");
}
