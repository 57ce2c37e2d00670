//! Prints the scans of `examples/liquor` as NDJSON: the same seed gives the same bytes.
//!
//! ```text
//! cargo run -p promo-example-scans > examples/liquor/events.ndjson
//! cargo run -p promo-example-scans -- 7        # another seed
//! ```

mod calendar;
mod random;
mod story;
mod world;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// The seed of the committed file.
const SEED: u64 = 2026;

fn main() -> ExitCode {
    let seed = match std::env::args().nth(1).map(|arg| arg.parse()) {
        None => SEED,
        Some(Ok(seed)) => seed,
        Some(Err(_)) => {
            let _ = writeln!(io::stderr(), "the seed is a whole number");
            return ExitCode::from(2);
        }
    };
    match print(seed) {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough is no error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

fn print(seed: u64) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in story::lines(seed) {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_file_is_what_the_seed_gives() {
        let committed = include_str!("../../liquor/events.ndjson");
        let made = story::lines(SEED);
        assert!(made.len() >= 10_000, "only {} lines", made.len());
        let differs = committed.lines().zip(&made).position(|(a, b)| a != b);
        assert_eq!(differs, None, "make it again: cargo run -p promo-example-scans > examples/liquor/events.ndjson");
        assert_eq!(committed.lines().count(), made.len());
    }

    #[test]
    fn another_seed_tells_another_story() {
        assert_ne!(story::lines(1), story::lines(2));
        assert_eq!(story::lines(1), story::lines(1));
    }
}
