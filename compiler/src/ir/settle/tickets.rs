//! Which ticket of a pool a chance takes: a keyed permutation of the order in which tickets are taken, so that every
//! ticket comes out exactly once, nobody can foresee which is next, and nothing is stored but how many were taken.
//!
//! The number k is split into a pair (k ÷ b, k mod b) of 0..a × 0..b with a × b ≥ n, both near the root of n. Each round
//! adds to one half the keyed hash of the other (a generalised Feistel network: every round can be undone, whatever
//! the hash). A result of n or more is sent through again until it falls below n (cycle walking), which permutes
//! 0..n, since the whole is a permutation of 0..a × b.

use super::Draws;
use crate::ir::PoolUse;

/// Rounds of the network, twice what the theory of Feistel ciphers asks for.
const ROUNDS: u64 = 10;

/// The ticket in `0..size` that a chance takes which comes after `taken` others; `None` if that is not in `0..size`.
pub(super) fn ticket<D: Draws>(draws: &D, policy: u64, rule: u32, pool: &PoolUse, taken: i64) -> Option<i64> {
    let size = u64::try_from(pool.size).ok()?;
    let mut at = u64::try_from(taken).ok().filter(|taken| *taken < size)?;
    let b = size.isqrt().max(1);
    let a = size.div_ceil(b);
    let hash =
        |round: u64, half: u64| draws.draw(policy, rule, pool.draw, (u128::from(round) << 64) | u128::from(half));
    loop {
        let (mut high, mut low) = (at / b, at % b);
        for round in 0..ROUNDS {
            if round % 2 == 0 {
                high = (high + hash(round, low) % a) % a;
            } else {
                low = (low + hash(round, high) % b) % b;
            }
        }
        at = high * b + low;
        // Ends: walking the cycle of a number below `size` comes back to it at the latest.
        if at < size {
            return i64::try_from(at).ok();
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use crate::ir::settle::KeyedDraws;

    fn all(secret: u8, size: i64) -> Vec<i64> {
        let pool = PoolUse { counter: 1, size, draw: 0 };
        let draws = KeyedDraws::new([secret; 32]);
        (0..size).map(|taken| ticket(&draws, 7, 1, &pool, taken).unwrap()).collect()
    }

    #[test]
    fn every_ticket_comes_out_once_for_any_size() {
        for size in (1..=70).chain([99, 100, 101, 255, 256, 257, 1_000, 1_023, 4_097]) {
            let mut found = all(3, size);
            found.sort_unstable();
            assert_eq!(found, (0..size).collect::<Vec<_>>(), "{size}");
        }
    }

    #[test]
    fn large_pools_stay_inside() {
        let draws = KeyedDraws::new([9; 32]);
        for size in [999_999_937, 1_000_000_000, 5_000_000] {
            let pool = PoolUse { counter: 1, size, draw: 2 };
            let mut found: Vec<i64> = (0..300).map(|t| ticket(&draws, 7, 1, &pool, t).unwrap()).collect();
            assert!(found.iter().all(|t| (0..size).contains(t)));
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), 300);
            assert_eq!(ticket(&draws, 7, 1, &pool, size), None);
            assert_eq!(ticket(&draws, 7, 1, &pool, -1), None);
        }
    }

    /// Over many secrets each ticket is as likely to be the first as any other, also in small pools.
    #[test]
    fn the_first_ticket_is_even() {
        for size in [2usize, 3, 5, 10] {
            let mut seen = vec![0u32; size];
            for secret in 0..200u8 {
                for policy in 0..10 {
                    let pool = PoolUse { counter: 1, size: size as i64, draw: 0 };
                    let draws = KeyedDraws::new([secret; 32]);
                    seen[ticket(&draws, policy, 1, &pool, 0).unwrap() as usize] += 1;
                }
            }
            let even = 2_000 / size as u32;
            assert!(seen.iter().all(|n| n.abs_diff(even) < even / 4), "{size}: {seen:?}");
        }
    }

    #[test]
    fn another_secret_is_another_order() {
        assert_ne!(all(1, 1_000), all(2, 1_000));
    }
}
