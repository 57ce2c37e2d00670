//! Pools: a number of tickets that are drawn without being put back.

use super::build;
use super::error::Error;
use super::prize_error::Error as PrizeError;
use super::scalar::{GREATEST_COUNT, Rule};
use super::{Expr, Kind, Leaf, Type};
use crate::ast::{Number, PoolEnd, Unit};
use crate::hir;
use crate::ir::{Beyond, Input, Limit, LimitUnit, PoolUse, Window};
use crate::source::Location;

/// A pool as it is written.
pub struct Pool<'h> {
    /// How many tickets.
    pub size: &'h Number,
    /// The rows.
    pub rows: &'h [hir::DrawRow],
    /// When none is left.
    pub used_up: Option<PoolEnd>,
    /// Identity of its counter.
    pub counter: u64,
}

impl Rule<'_, '_> {
    /// What a pool pays: a row's prize for each of its tickets; tickets are counted by a limit of the rule.
    pub fn pool(
        &mut self,
        pool: &Pool<'_>,
        prize: &mut dyn FnMut(&mut Self, &hir::Reward) -> Vec<Leaf>,
        at: Location,
    ) -> Vec<Leaf> {
        let size_at = pool.size.span.at(at.source);
        let whole = |n: &Number| match n.unit {
            Unit::None => hir::expr::exact(n.mantissa, n.scale),
            _ => None,
        };
        let Some(size) = whole(pool.size).filter(|n| (1..=GREATEST_COUNT).contains(n)) else {
            self.error(size_at, Error::Prize(PrizeError::PoolSize { at: size_at }));
            return Vec::new();
        };
        let Some(used_up) = pool.used_up else {
            self.error(at, Error::Prize(PrizeError::PoolEnd { at }));
            return Vec::new();
        };
        let mut bounds = Vec::new();
        let mut total = 0i64;
        for row in pool.rows {
            let quantity = match &row.chance {
                Some(n) => whole(n).filter(|q| (1..=size).contains(q)),
                None => (bounds.len() + 1 == pool.rows.len()).then_some(size - total).filter(|rest| *rest > 0),
            };
            let Some(quantity) = quantity else {
                self.error(row.at, Error::Prize(PrizeError::PoolRow { at: row.at }));
                return Vec::new();
            };
            total = total.saturating_add(quantity);
            bounds.push((total, quantity));
        }
        if total != size {
            self.error(at, Error::Prize(PrizeError::PoolSum { at, total, size }));
            return Vec::new();
        }
        let draw = self.draws;
        self.draws += 1;
        let input = Input::Ticket(PoolUse { counter: pool.counter, size, draw });
        let ticket = Expr { kind: Kind::Input(input), ty: Type::Plain, lo: 0, hi: size, at };
        let mut arms = Vec::new();
        for (row, (bound, _)) in pool.rows.iter().zip(&bounds) {
            let won = build::lt(ticket.clone(), Expr::constant(*bound, Type::Plain, row.at), row.at);
            arms.push((won, prize(self, &row.prize)));
        }
        let limit = Limit {
            counter: pool.counter,
            max: size,
            unit: LimitUnit::Times,
            window: Window::Ever,
            beyond: match used_up {
                PoolEnd::Nothing => Beyond::Cut,
                PoolEnd::Stop => Beyond::Skip,
            },
            only_role: None,
            once: false,
            invariant: None,
            at,
        };
        let least = |leaves: &[Leaf]| leaves.iter().map(|l| i128::from(self.cost(l, l.amount.lo))).sum::<i128>();
        let cost = arms.iter().zip(&bounds).map(|((_, leaves), (_, n))| least(leaves) * i128::from(*n)).sum();
        self.pools.push(super::PoolCost { limit, least: cost, at });
        super::prize::choose(arms, Vec::new(), at)
    }
}
