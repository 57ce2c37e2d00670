//! `decide` against a limit written by hand, and machine code against the evaluator, on promo-bench v1.
//!
//! `cargo bench --bench decide` measures; `NS=1,100,1000` picks the numbers of policies. Run as a test (`cargo test
//! --benches`, `cargo bench -- --test`) it checks on fewer scans that all systems award the same.
//!
//! The machine is shared, so a figure is CPU time of this thread and the median of interleaved passes; what counts
//! is the ratio in one run.
#![expect(clippy::indexing_slicing, clippy::print_stdout, clippy::panic, clippy::expect_used, reason = "a benchmark")]

mod limit;
mod rules;
mod workload;

use promo_compiler::ir::settle::{Decision, EmptyState, Mode};
use promo_runtime::{Backend, Engine, PolicySet, Scratch};
use std::time::Instant;
use workload::{AWARDS, SCANS, Scan, Total};

fn main() {
    let measuring = std::env::args().any(|a| a == "--bench") && !std::env::args().any(|a| a == "--test");
    let sizes: Vec<usize> = match std::env::var("NS") {
        Ok(list) => list.split(',').filter_map(|n| n.parse().ok()).collect(),
        Err(_) if measuring => vec![1, 10, 100, 1_000, 10_000],
        Err(_) => vec![1, 10, 100, 1_000],
    };
    for n in sizes {
        if measuring { measure(n) } else { compare(n) }
    }
}

struct World {
    policies: Vec<workload::Policy>,
    scans: Vec<Scan>,
    machine: PolicySet,
    evaluator: PolicySet,
}

fn load(policies: &[workload::Policy], backend: Backend) -> PolicySet {
    let engine = Engine::new(rules::WorkloadDraws).with_backend(backend);
    engine.load(rules::program(policies)).unwrap_or_else(|error| panic!("{error}"))
}

fn world(n: usize, scans: usize) -> World {
    let policies = workload::policies(n);
    let scans = workload::scans(&policies, scans);
    let (machine, evaluator) = (load(&policies, Backend::MachineCode), load(&policies, Backend::Interpreter));
    World { policies, scans, machine, evaluator }
}

/// Filling the record is part of it.
fn decide(set: &PolicySet, scans: &[Scan], explain: bool) -> Total {
    let (mut scratch, mut decision, mut total) = (Scratch::default(), Decision::default(), Total::default());
    let mut record = rules::record();
    for (number, scan) in scans.iter().enumerate() {
        rules::fill(number, scan, &mut record);
        if let Err(error) = set.decide(&record, &EmptyState, &mut scratch, &mut decision, explain) {
            panic!("{error}");
        }
        for award in &decision.awards {
            total.add(award.rule.0, award.amount);
        }
    }
    total
}

fn by_hand(limit: &limit::Limit, scans: &[Scan]) -> Total {
    let mut total = Total::default();
    scans.iter().for_each(|scan| limit.run(scan, &mut total));
    total
}

fn candidates_only(set: &PolicySet, scans: &[Scan]) -> Total {
    let (mut out, mut total, mut record) = (Vec::new(), Total::default(), rules::record());
    for (number, scan) in scans.iter().enumerate() {
        rules::fill(number, scan, &mut record);
        set.candidates(&record, Mode::Fast, &mut out);
        total.0 += out.len() as u64;
    }
    total
}

fn fill_only(scans: &[Scan]) -> Total {
    let mut record = rules::record();
    for (number, scan) in scans.iter().enumerate() {
        rules::fill(number, scan, std::hint::black_box(&mut record));
    }
    Total::default()
}

/// The same awards from all systems.
fn compare(n: usize) {
    let w = world(n, 20_000);
    let expected = by_hand(&limit::Limit::new(&w.policies), &w.scans);
    assert!(expected.0 > 0);
    assert_eq!(decide(&w.machine, &w.scans, false), expected, "machine code, N={n}");
    assert_eq!(decide(&w.machine, &w.scans, true), expected, "machine code with reasons, N={n}");
    assert_eq!(decide(&w.evaluator, &w.scans, false), expected, "evaluator, N={n}");
    assert_eq!(candidates_only(&w.machine, &w.scans).0, expected.0, "the index is exact, N={n}");
    let few = 50_000 / n.max(25);
    let mut plain = Total::default();
    w.scans[..few].iter().for_each(|scan| workload::plainly(&w.policies, scan, &mut plain));
    assert_eq!(decide(&w.machine, &w.scans[..few], false), plain, "the plain meaning, N={n}");
    println!("N={n}: {} awards alike", expected.0);
}

/// Nanoseconds this thread has been on a CPU. The file counts up to the last time the scheduler looked; yielding
/// makes it look.
fn cpu() -> u64 {
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
}

fn measure(n: usize) {
    let policies = workload::policies(n);
    let program = rules::program(&policies);
    let started = Instant::now();
    let loaded = Engine::new(rules::WorkloadDraws).load(program);
    let load_ms = started.elapsed().as_secs_f64() * 1e3;
    let runs_on = loaded.as_ref().map(|set| format!("{:?}", set.runs_on())).unwrap_or_default();
    let w = world(n, SCANS);
    let limit = limit::Limit::new(&policies);
    let expected = AWARDS.iter().find(|(size, ..)| *size == n).map(|(_, count, sum)| Total(*count, *sum));
    let systems: [(&str, &dyn Fn() -> Total); 6] = [
        ("by hand", &|| by_hand(&limit, &w.scans)),
        ("decide", &|| decide(&w.machine, &w.scans, false)),
        ("with reasons", &|| decide(&w.machine, &w.scans, true)),
        ("evaluator", &|| decide(&w.evaluator, &w.scans, false)),
        ("candidates", &|| candidates_only(&w.machine, &w.scans)),
        ("record only", &|| fill_only(&w.scans)),
    ];
    // `ONLY=decide` for a profiler, often enough to leave the set-up unseen.
    let only = std::env::var("ONLY");
    let mut times = vec![Vec::new(); systems.len()];
    let passes = if only.is_ok() { 100 } else { 7 };
    for _ in 0..passes {
        for ((name, run), times) in systems.iter().zip(&mut times) {
            if only.as_ref().is_ok_and(|only| only != name) {
                continue;
            }
            let from = cpu();
            let total = run();
            times.push((cpu() - from) as f64 / SCANS as f64);
            if let Some(expected) = expected {
                let expected = match *name {
                    "candidates" => Total(expected.0, 0),
                    "record only" => Total(0, 0),
                    _ => expected,
                };
                assert_eq!(total, expected, "{name}, N={n}");
            }
        }
    }
    let by_hand = median(&times[0]);
    println!("N={n}: load {load_ms:.1} ms, index {} KB, {runs_on}", w.machine.index().bytes() / 1024);
    for ((name, _), times) in systems.iter().zip(&times) {
        println!("  {name:<14} {:7.1} ns  {:5.2}×", median(times), median(times) / by_hand);
    }
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
