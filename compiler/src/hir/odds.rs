//! How likely it is that a draw or a pool pays anything, exactly.

use super::{DrawRow, Expr, ExprKind, expr};
use crate::ast::{Number, Unit};

/// Parts per million in one.
const MILLION: i64 = 1_000_000;

/// The chance of a row as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// How many of …
    pub share: i64,
    /// … how many.
    pub total: i64,
    /// Written as a weight, not as a percentage.
    pub weight: bool,
}

/// The chance of every row; the rest is what the others leave.
pub fn chances(rows: &[DrawRow]) -> Vec<Chance> {
    let weight = rows.iter().any(|r| r.chance.as_ref().is_some_and(|n| n.unit == Unit::None));
    let share = |row: &DrawRow| {
        let n = row.chance.as_ref()?;
        if weight { expr::exact(n.mantissa, n.scale) } else { expr::ppm(n) }
    };
    let said = rows.iter().filter_map(share).fold(0, i64::saturating_add);
    let total = if weight { said } else { MILLION };
    let rest = total.saturating_sub(said);
    rows.iter().map(|row| Chance { share: share(row).unwrap_or(rest), total, weight }).collect()
}

/// How many of a pool's tickets every row has; the rest is what the others leave.
pub fn tickets(total: i64, rows: &[DrawRow]) -> Vec<Chance> {
    let share = |row: &DrawRow| row.chance.as_ref().and_then(|n| expr::exact(n.mantissa, n.scale));
    let said = rows.iter().filter_map(share).fold(0, i64::saturating_add);
    let rest = total.saturating_sub(said);
    rows.iter().map(|row| Chance { share: share(row).unwrap_or(rest), total, weight: true }).collect()
}

/// Is there a draw or a pool in an amount?
pub fn is_drawn(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Draw(_) | ExprKind::Pool(..) => true,
        ExprKind::Table(_, rows, rest, _) => rows.iter().map(|(_, row)| row).chain(rest.as_deref()).any(is_drawn),
        ExprKind::Tiers(_, _, _, rows) => rows.iter().any(|row| is_drawn(&row.value)),
        ExprKind::Per(per) => is_drawn(&per.amount) || per.remainder.as_ref().is_some_and(|r| is_drawn(&r.value)),
        ExprKind::Clamp(amount, ..) => is_drawn(amount),
        _ => false,
    }
}

/// How likely it is that an amount is anything at all: wins of how many. `None` if that is not one number: rows of a
/// table or of a ladder that are not equally likely, or more digits than are kept.
pub fn to_win(e: &Expr) -> Option<(i128, i128)> {
    let weighed = |rows: &[DrawRow], chances: &[Chance]| {
        let (mut wins, mut of) = (0i128, 1i128);
        for (row, chance) in rows.iter().zip(chances) {
            let (a, b) = to_win(&row.prize.value)?;
            // wins / of + (share / total) × (a / b), on the common denominator of what came before and b
            let common = lcm(of, b)?;
            wins = wins.checked_mul(common / of)?;
            wins = wins.checked_add(a.checked_mul(common / b)?.checked_mul(i128::from(chance.share))?)?;
            of = common;
        }
        let total = i128::from(chances.first().map_or(1, |c| c.total).max(1));
        Some((wins, of.checked_mul(total)?))
    };
    match &e.kind {
        ExprKind::Nothing => Some((0, 1)),
        ExprKind::Draw(rows) => weighed(rows, &chances(rows)),
        ExprKind::Pool(size, rows, ..) => weighed(rows, &tickets(expr::exact(size.mantissa, size.scale)?, rows)),
        ExprKind::Table(_, rows, rest, _) => alike(rows.iter().map(|(_, row)| row).chain(rest.as_deref())),
        // Below the first row of a ladder is nothing; who reaches it draws.
        ExprKind::Tiers(_, _, _, rows) => alike(rows.iter().map(|row| &row.value)),
        ExprKind::Per(per) if per.remainder.is_none() => to_win(&per.amount),
        ExprKind::Per(_) => None,
        ExprKind::Clamp(amount, ..) => to_win(amount),
        _ => Some((1, 1)),
    }
}

/// The chance that all have.
fn alike<'e>(all: impl Iterator<Item = &'e Expr>) -> Option<(i128, i128)> {
    let mut common: Option<(i128, i128)> = None;
    for e in all {
        let (wins, of) = to_win(e)?;
        match common {
            Some((a, b)) if a.checked_mul(of)? != wins.checked_mul(b)? => return None,
            _ => common = Some((wins, of)),
        }
    }
    common
}

/// The least common multiple of two numbers above zero.
fn lcm(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b)
}

/// A written rate as mantissa of parts: `5%` is 5 of 100, `33.0%` is 330 of 1,000. `None` if it is no rate.
pub fn stated(n: &Number) -> Option<(i128, i128)> {
    let hundreds = match n.unit {
        Unit::Percent => 100,
        Unit::Permille => 1_000,
        _ => return None,
    };
    Some((n.mantissa, 10i128.checked_pow(u32::from(n.scale))?.checked_mul(hundreds)?))
}
