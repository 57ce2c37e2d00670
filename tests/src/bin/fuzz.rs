//! Runs a fuzz target for some time: `cargo run -p promo-tests --release --bin fuzz -- compile --seconds 600`.
//!
//! A case is a number: `--seed N` runs from case N on, `--cases 1` only that one.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it reports")]

use promo_tests::fuzz::mutate::Corpus;
use promo_tests::fuzz::{Events, TARGETS, case};
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn option(args: &[String], name: &str) -> Option<u64> {
    let at = args.iter().position(|a| a == name)?;
    args.get(at + 1)?.parse().ok()
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(target) = args.first().filter(|t| TARGETS.contains(&t.as_str())).cloned() else {
        eprintln!("usage: fuzz {} [--seconds N] [--seed N] [--cases N]", TARGETS.join("|"));
        return ExitCode::from(2);
    };
    let seconds = option(&args, "--seconds").unwrap_or(60);
    let first = option(&args, "--seed").unwrap_or(0);
    let cases = option(&args, "--cases").unwrap_or(u64::MAX);
    let (corpus, events) = (Corpus::new(300), Events::new(0));
    println!("{target}: {} texts", corpus.len());
    let began = Instant::now();
    let (mut done, mut found, mut slowest) = (0u64, 0u64, (Duration::ZERO, 0));
    while done < cases && began.elapsed() < Duration::from_secs(seconds) {
        let seed = first.wrapping_add(done);
        let start = Instant::now();
        if std::panic::catch_unwind(|| case(&target, seed, &corpus, &events)).is_err() {
            eprintln!("{target} --seed {seed} --cases 1");
            found += 1;
        }
        slowest = slowest.max((start.elapsed(), seed));
        done += 1;
    }
    println!(
        "{done} cases in {:.0} s, {found} panics, slowest {:?} (case {})",
        began.elapsed().as_secs_f64(),
        slowest.0,
        slowest.1
    );
    ExitCode::from(u8::from(found > 0))
}
