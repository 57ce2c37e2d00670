//! `announced odds`: what was announced is what the draw does.

use super::Found;
use super::error::Error;
use crate::hir::{self, odds};
use crate::source::Location;
use crate::typed::Policy;

pub(super) fn check(hir: &hir::Package, _: &[Policy]) -> Vec<Found> {
    hir.policies.iter().flat_map(policy).collect()
}

/// Every draw of a policy wins as often as it was announced.
fn policy(policy: &hir::Policy) -> Vec<Found> {
    let Some((rate, at)) = &policy.announced else { return Vec::new() };
    let at = *at;
    let Some((stated, parts)) = odds::stated(rate) else { return vec![(at, Error::OddsRate { at })] };
    let mut draws: Vec<(Location, Option<(i128, i128)>)> = Vec::new();
    for rule in &policy.rules {
        let rewards = rule.gives.iter().map(|g| &g.reward).chain(rule.shares.iter().map(|s| &s.reward));
        // What is taken off afterwards can leave nothing of a prize: then the odds are not those of the draw.
        let won = |value: &hir::Expr| if rule.adjusts.is_empty() { odds::to_win(value) } else { None };
        draws.extend(rewards.filter(|r| odds::is_drawn(&r.value)).map(|r| (r.at, won(&r.value))));
    }
    // A rule on two events is two rules with one draw.
    draws.dedup();
    if draws.is_empty() {
        return vec![(at, Error::OddsOfNothing { at })];
    }
    let finding = |(draw, odds): (Location, Option<(i128, i128)>)| {
        let Some((wins, of)) = odds else { return Some((at, Error::OddsVary { at, draw })) };
        let (wins, of) = lowest(wins, of);
        // wins / of against stated / parts; every factor is far below the root of the greatest number.
        if wins.saturating_mul(parts) == stated.saturating_mul(of) {
            return None;
        }
        let rounded = (2 * wins.saturating_mul(parts) + of).div_euclid(2 * of);
        Some(match rounded == stated {
            true => (at, Error::OddsRounded { at, draw, odds: (wins, of) }),
            false => (at, Error::OddsUntrue { at, draw, odds: (wins, of) }),
        })
    };
    draws.into_iter().filter_map(finding).collect()
}

/// A fraction that is short to read: reduced if it is of more than a pool can hold.
fn lowest(wins: i128, of: i128) -> (i128, i128) {
    let (mut a, mut b) = (wins, of);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if of <= 1_000_000_000 || a == 0 { (wins, of) } else { (wins / a, of / a) }
}
