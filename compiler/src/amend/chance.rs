//! Draws: the better prizes are not rarer.

use super::say;
use super::value::{Fault, Values};
use crate::diagnostic::Text;
use crate::ir::Input;
use crate::typed::{Expr, Kind};

/// A draw or pool as what each share of it pays.
struct Wheel<'e> {
    /// Tickets of a pool: as many prizes are promised, not only as likely ones.
    pool: bool,
    /// Of how many.
    total: i64,
    /// Shares in the order written, and what each pays.
    rows: Vec<(i64, &'e Expr)>,
}

impl Values<'_> {
    /// Shows that a draw pays at least what another does, row by row, or prize by prize from the top; `None` if not
    /// both are draws of one sort.
    pub(super) fn draws(&mut self, now: &Expr, was: &Expr) -> Option<Result<(), Fault>> {
        let (a, b) = (wheel(now)?, wheel(was)?);
        if a.pool != b.pool {
            return None;
        }
        // A row that pays the least it can is not below what another pays at most: sound whatever the order.
        let Some((worth, before, after)) = rarer(&a, &b) else { return Some(Ok(())) };
        if self.row_by_row(&a, &b) {
            return Some(Ok(()));
        }
        let certain = a.rows.iter().chain(&b.rows).all(|(_, e)| e.as_const().is_some());
        if !certain {
            return Some(Err(Fault::unproven(now, was)));
        }
        let prize = say::amount(worth, &was.ty);
        let what = if a.pool {
            Text::new(
                format!("{before} prizes of at least {} were promised, now {after}", prize.en),
                format!("至少 {} 的奖原来有 {before} 份，现在 {after} 份", prize.zh),
            )
        } else {
            let (before, after) = (say::percent(before, b.total), say::percent(after, a.total));
            Text::new(
                format!("the chance of at least {} was {before}, now it is {after}", prize.en),
                format!("至少得 {} 的概率原来是 {before}，现在是 {after}", prize.zh),
            )
        };
        Some(Err(Fault::worse(now.at, was.at, what)))
    }

    /// Turns both wheels side by side: wherever they stop, the present row pays at least the announced one.
    fn row_by_row(&mut self, now: &Wheel<'_>, was: &Wheel<'_>) -> bool {
        if now.pool && now.total < was.total {
            return false;
        }
        // Both on one scale: a share of one whole times the other whole.
        let scaled = |rows: &[(i64, usize)], by: i64| -> Vec<(i128, usize)> {
            let mut end = 0i128;
            rows.iter()
                .map(|(share, row)| {
                    end += i128::from(*share) * i128::from(by);
                    (end, *row)
                })
                .collect()
        };
        let shares = |w: &Wheel<'_>| w.rows.iter().enumerate().map(|(i, (s, _))| (*s, i)).collect::<Vec<_>>();
        let ours = scaled(&shares(now), was.total);
        let theirs = scaled(&shares(was), now.total);
        let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.iter().peekable());
        let mut from = 0i128;
        while let (Some((a, i)), Some((b, j))) = (ours.peek(), theirs.peek()) {
            let end = *a.min(b);
            if end > from {
                let (Some((_, x)), Some((_, y))) = (now.rows.get(*i), was.rows.get(*j)) else { return false };
                if self.at_least(x, y).is_err() {
                    return false;
                }
                from = end;
            }
            let (a, b) = (*a, *b);
            if a <= end {
                ours.next();
            }
            if b <= end {
                theirs.next();
            }
        }
        true
    }
}

/// The greatest sum that is rarer now: what it is, how many shares were at least as good, and how many are.
fn rarer(now: &Wheel<'_>, was: &Wheel<'_>) -> Option<(i64, i64, i64)> {
    let mut sums: Vec<i64> = was.rows.iter().filter(|(share, _)| *share > 0).map(|(_, e)| e.hi).collect();
    sums.sort_unstable();
    sums.dedup();
    sums.iter().rev().find_map(|sum| {
        let before: i64 = was.rows.iter().filter(|(_, e)| e.hi >= *sum).map(|(share, _)| share).sum();
        let after: i64 = now.rows.iter().filter(|(_, e)| e.lo >= *sum).map(|(share, _)| share).sum();
        let likely = i128::from(after) * i128::from(was.total) >= i128::from(before) * i128::from(now.total);
        let enough = !now.pool || after >= before || *sum <= 0;
        (!likely || !enough).then_some((*sum, before, after))
    })
}

/// The odds that an amount is at least one, as a share of a whole; `None` if they are not the same for everybody.
pub(crate) fn odds(e: &Expr) -> Option<(i64, i64)> {
    if e.lo >= 1 {
        return Some((1, 1));
    }
    let wheel = wheel(e)?;
    let sums: Option<Vec<(i64, i64)>> = wheel.rows.iter().map(|(share, e)| Some((*share, e.as_const()?))).collect();
    Some((sums?.iter().filter(|(_, sum)| *sum >= 1).map(|(share, _)| share).sum(), wheel.total))
}

/// Reads `if u < 1 { a } else if u < 11 { b } else { c }` as a wheel.
fn wheel(e: &Expr) -> Option<Wheel<'_>> {
    let mut wheel: Option<Wheel<'_>> = None;
    let mut turned = None;
    let (mut rest, mut last) = (e, 0);
    while let Kind::Select(test, value, otherwise) = &rest.kind {
        let Some((place, total, pool, bound)) = stop(test) else { break };
        if turned.get_or_insert(place).kind != place.kind || bound < last {
            break;
        }
        let wheel = wheel.get_or_insert(Wheel { pool, total, rows: Vec::new() });
        wheel.rows.push((bound - last, value));
        (rest, last) = (otherwise, bound);
    }
    let mut wheel = wheel?;
    wheel.rows.push((wheel.total.checked_sub(last).filter(|left| *left >= 0)?, rest));
    Some(wheel)
}

/// `u < bound`, where u is drawn from a whole: what is drawn, the whole, whether it is a pool, and the bound.
fn stop(test: &Expr) -> Option<(&Expr, i64, bool, i64)> {
    let Kind::Lt(place, bound) = &test.kind else { return None };
    let bound = bound.as_const()?;
    match &place.kind {
        Kind::Uniform(draw, total) if matches!(draw.kind, Kind::Input(Input::Draw(_))) => {
            Some((place, *total, false, bound))
        }
        Kind::Input(Input::Ticket(pool)) => Some((place, pool.size, true, bound)),
        _ => None,
    }
}
