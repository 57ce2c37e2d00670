//! What one payment may be: amounts outside the range its reward kind declares, and remainders below its least.

use super::error::Error;
use super::values::{Piece, Values};
use super::{Found, given};
use crate::hir;
use crate::ir::{Beyond, Flow, Limit, LimitUnit};
use crate::source::Location;
use crate::typed::scalar::MILLION;
use crate::typed::{Award, Policy, Rule, Type};
use rustc_hash::FxHashMap;

/// Places shown of one award besides the worst.
const SHOWN: usize = 3;

/// What a cut may leave: every sum of what is cut is a multiple of this.
type Steps = FxHashMap<u64, i64>;

pub(super) fn check(hir: &hir::Package, policies: &[Policy]) -> Vec<Found> {
    // Most packages declare no range; they need not be looked at.
    if hir.model.kinds.iter().all(|kind| kind.each.is_none()) {
        return Vec::new();
    }
    let wallets = wallets(policies);
    let mut found = Vec::new();
    let mut steps = Steps::default();
    for policy in policies {
        for rule in &policy.rules {
            for award in &rule.awards {
                let pieces = pieces(hir, rule, award);
                let step = pieces.iter().fold(0, |step, p| if p.lo == p.hi { gcd(step, p.lo) } else { 1 });
                let step = step.saturating_mul(award.leaf.unit_cost);
                for counter in cutting(policy, rule, award).map(|(counter, ..)| counter) {
                    let all = steps.entry(counter).or_insert(0);
                    *all = gcd(*all, step);
                }
                if is_paid(&wallets, rule, award) {
                    found.extend(outside(hir, award, &pieces));
                }
            }
        }
    }
    for policy in policies {
        for rule in &policy.rules {
            for award in given(rule).filter(|award| is_paid(&wallets, rule, award)) {
                found.extend(remainders(hir, policy, rule, award, &steps));
            }
        }
    }
    found
}

/// Kinds that a withdrawal takes from: what is given of them goes into a balance, what is taken is paid.
fn wallets(policies: &[Policy]) -> Vec<usize> {
    let withdrawals = policies.iter().flat_map(|p| &p.rules).filter(|rule| is_withdrawal(rule));
    withdrawals.flat_map(|rule| &rule.awards).map(|award| award.leaf.kind).collect()
}

/// A rule that only takes.
fn is_withdrawal(rule: &Rule) -> bool {
    !rule.awards.is_empty() && rule.awards.iter().all(|award| matches!(award.flow, Flow::Take(_)))
}

fn is_paid(wallets: &[usize], rule: &Rule, award: &Award) -> bool {
    match award.flow {
        Flow::Give => !wallets.contains(&award.leaf.kind),
        Flow::Take(_) => is_withdrawal(rule),
        Flow::Charge => false,
    }
}

/// What an award can come to, above zero, and not above what a limit lets through.
fn pieces(hir: &hir::Package, rule: &Rule, award: &Award) -> Vec<Piece> {
    let mut pieces = Values::of_rule(&hir.schema, rule).of(&award.leaf.amount);
    let most = rule.limits.iter().map(|(limit, _)| limit).filter(|limit| holds(limit, award)).map(|limit| limit.max);
    let most = most.min().unwrap_or(i64::MAX);
    for piece in &mut pieces {
        (piece.lo, piece.hi) = (piece.lo.max(1), piece.hi.min(most));
    }
    pieces.retain(|p| p.lo <= p.hi);
    pieces
}

/// Does a limit on money count this award?
fn holds(limit: &Limit, award: &Award) -> bool {
    let money = limit.unit == LimitUnit::Fen && limit.invariant.is_none() && award.leaf.amount.ty == Type::Money;
    money && limit.only_role.is_none_or(|r| award.payees.iter().all(|p| p.role == r))
}

/// What is sent of an amount: gross less the withheld tax.
fn sent(amount: i64, award: &Award, tax: Option<i64>) -> i64 {
    match (award.leaf.net, tax) {
        (Some(false), Some(tax)) => {
            let rest = i128::from(amount) * i128::from(MILLION - tax) / i128::from(MILLION);
            i64::try_from(rest).unwrap_or(amount)
        }
        _ => amount,
    }
}

/// One finding for an award, at the piece that is furthest outside.
fn outside(hir: &hir::Package, award: &Award, pieces: &[Piece]) -> Option<Found> {
    let kind = hir.model.kinds.get(award.leaf.kind)?;
    let (least, most) = kind.each?;
    let send = |p: &Piece| (sent(p.lo, award, kind.tax), sent(p.hi, award, kind.tax));
    let mut wrong: Vec<(Location, (i64, i64))> =
        pieces.iter().map(|p| (p.at, send(p))).filter(|(_, (lo, hi))| *lo < least || *hi > most).collect();
    wrong.sort_by_key(|(at, (lo, hi))| ((*lo).min(least - 1), std::cmp::Reverse(*hi), *at));
    wrong.dedup();
    let (at, amounts) = *wrong.first()?;
    let others = wrong.iter().skip(1).filter(|(other, _)| *other != at).take(SHOWN).copied().collect();
    let withheld = kind.tax.filter(|_| award.leaf.net == Some(false));
    let kind = kind.name.clone();
    Some((at, Error::Outside { at, kind, range: (least, most), amounts, withheld, others }))
}

/// Counters whose remainder an award may be cut to: which, how much it holds in all, and where it is said.
fn cutting<'a>(
    policy: &'a Policy,
    rule: &'a Rule,
    award: &'a Award,
) -> impl Iterator<Item = (u64, i64, Location)> + 'a {
    let limits = rule.limits.iter().map(|(limit, _)| limit);
    let limits = limits.filter(|limit| limit.beyond == Beyond::Cut && holds(limit, award));
    let limits = limits.map(|limit| (limit.counter, limit.max, limit.at));
    let budget = policy.budget.iter().filter(|b| b.used_up == Beyond::Cut && award.leaf.unit_cost > 0);
    limits.chain(budget.map(|b| (b.counter, b.max, b.at)))
}

/// A remainder below the least payment, unless everything that is counted comes in steps that are not below it.
fn remainders(hir: &hir::Package, policy: &Policy, rule: &Rule, award: &Award, steps: &Steps) -> Vec<Found> {
    let Some(kind) = hir.model.kinds.get(award.leaf.kind) else { return Vec::new() };
    let Some((least, _)) = kind.each else { return Vec::new() };
    let small = |(counter, max, at): (u64, i64, Location)| {
        let step = gcd(steps.get(&counter).copied().unwrap_or(0), max);
        let name = kind.name.clone();
        (sent(step, award, kind.tax) < least).then_some((at, Error::Remainder { at, kind: name, least, step }))
    };
    cutting(policy, rule, award).filter_map(small).collect()
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.saturating_abs(), b.saturating_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
