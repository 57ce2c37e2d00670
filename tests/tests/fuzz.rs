//! Some cases of every fuzz target. `PROMO_FUZZ_CASES` multiplies them.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

use promo_tests::fuzz::mutate::Corpus;
use promo_tests::fuzz::{Events, case, compile};
use std::time::{Duration, Instant};

fn run(target: &str, cases: u64) {
    let times: u64 = std::env::var("PROMO_FUZZ_CASES").map_or(1, |n| n.parse().unwrap());
    let (corpus, events) = (Corpus::new(40), Events::new(0));
    assert!(corpus.len() > 60, "the repository's files are not found");
    let mut slowest = Duration::ZERO;
    for seed in 0..cases * times {
        let began = Instant::now();
        let result = std::panic::catch_unwind(|| case(target, seed, &corpus, &events));
        assert!(result.is_ok(), "cargo run -p promo-tests --bin fuzz -- {target} --seed {seed} --cases 1");
        slowest = slowest.max(began.elapsed());
    }
    println!("{target}: {} cases, slowest {slowest:?}", cases * times);
}

#[test]
fn compile_takes_anything() {
    run("compile", 400);
}

#[test]
fn events_are_read_or_refused() {
    run("event", 20_000);
}

#[test]
fn formatting_loses_nothing() {
    run("fmt", 30);
}

#[test]
fn machine_code_agrees() {
    run("differ", 20);
}

/// Twice the text, about twice the time: four times as much may take twelve times as long at most, on a machine that
/// others use too.
#[test]
fn hostile_text_takes_linear_time() {
    let pieces = [
        "(",
        "{",
        "{ ( ",
        "not ",
        "a and ",
        "(a or b) and ",
        "by x { ",
        "draw { 1%: ",
        "policy p { on e where a { ",
        "a.",
        "1 yuan per ",
        "2% of ",
        "的 2% ",
        "按 x { ",
        "每 箱 ",
        "每满 2 箱 ",
        "\"",
        "“",
        "/* ",
        "// x\n",
        "， ",
        "、a",
        "a/",
        "count of a by b this month ",
        "本月 a 的 b 次数 ",
        "give a b ",
        "奖励 a b ",
        "x capped at 1 yuan ",
        "at most 1 per a ",
        "except a and b ",
        "} ",
        ") ",
    ];
    for piece in pieces {
        for head in ["", "policy p {\n on e where ", "政策 p {\n 当 e {\n 奖励 a b ", "channel c { role r { a: "] {
            let text = |bytes: usize| format!("{head}{}", piece.repeat(bytes / piece.len())).into_bytes();
            let time = |bytes: usize| {
                let text = text(bytes);
                let began = Instant::now();
                compile(&text);
                began.elapsed()
            };
            let (small, large) = (time(2_000).max(Duration::from_millis(4)), time(8_000));
            let again = if large > small * 12 { time(8_000).min(large) } else { large };
            assert!(again <= small * 12, "`{head}{piece}…`: {small:?} for 2 kB, {again:?} for 8 kB");
        }
    }
}
