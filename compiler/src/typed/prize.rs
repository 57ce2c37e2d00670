//! Rewards: what is given, flattened to one amount per kind and item.

use super::build;
use super::error::Error;
use super::pool::Pool;
use super::scalar::{MILLION, Rule};
use super::{Expr, Kind, Leaf, Type};
use crate::ast::{RewardClass, TaxSide, TierMode, Unit};
use crate::hir::model::{COUPON, GOODS};
use crate::hir::{self, Coverage, ExprKind, Reward};
use crate::source::Location;

/// The kind and tax side a reward is given in, as far as said.
#[derive(Clone, Copy, Debug)]
struct Given {
    kind: Option<usize>,
    tax_side: Option<TaxSide>,
    /// Taken, not given: nothing is withheld from it.
    taken: bool,
}

impl Rule<'_, '_> {
    /// What a `give` pays: one leaf per kind and item.
    pub fn reward(&mut self, reward: &Reward) -> Vec<Leaf> {
        let given = Given { kind: reward.kind, tax_side: reward.tax_side, taken: false };
        match &reward.value.kind {
            // A ticket is taken whenever the rule pays, so a pool stands where every payment meets it.
            ExprKind::Pool(size, rows, used_up, counter) => {
                let pool = Pool { size, rows, used_up: *used_up, counter: *counter };
                self.pool(&pool, &mut |rule, row| rule.row(row, given), reward.value.at)
            }
            _ => self.prize(&reward.value, given),
        }
    }

    /// What a `take` takes.
    pub fn taken(&mut self, reward: &Reward) -> Vec<Leaf> {
        self.prize(&reward.value, Given { kind: reward.kind, tax_side: None, taken: true })
    }

    fn row(&mut self, reward: &Reward, outer: Given) -> Vec<Leaf> {
        let given = match reward.kind {
            None => Given { tax_side: reward.tax_side.or(outer.tax_side), ..outer },
            Some(_) => Given { kind: reward.kind, tax_side: reward.tax_side, ..outer },
        };
        self.prize(&reward.value, given)
    }

    fn prize(&mut self, e: &hir::Expr, given: Given) -> Vec<Leaf> {
        let at = e.at;
        match &e.kind {
            ExprKind::Nothing | ExprKind::Error => Vec::new(),
            ExprKind::ItemOf(count, name, coupon, price) => self.item(count, name, *coupon, *price, given, at),
            ExprKind::Draw(rows) => self.draw_prize(rows, given, at),
            ExprKind::Table(fact, rows, default, coverage) => {
                self.require(fact, at);
                let rest = match (default, coverage) {
                    (Some(default), _) => self.prize(default, given),
                    (None, Coverage::Full) => Vec::new(),
                    (None, Coverage::Partial) => {
                        let missing = self.missing_rows(fact, rows.iter().map(|(set, _)| set), at);
                        self.error(at, Error::NoElse { at, missing });
                        Vec::new()
                    }
                };
                let mut arms = Vec::new();
                for (set, row) in rows {
                    let test = self.member(fact, set, at);
                    arms.push((test, self.prize(row, given)));
                }
                choose(arms, rest, at)
            }
            ExprKind::Tiers(measure, part_of, Some(mode @ (TierMode::Highest | TierMode::Each)), rows) => {
                let Some((ladder, rows)) = self.ladder(measure, part_of.as_deref(), rows, at) else {
                    return Vec::new();
                };
                let mut arms: Vec<(Expr, Vec<Leaf>)> = Vec::new();
                for row in &rows {
                    let test = self.reached(&ladder, row);
                    arms.push((test, self.prize(row.value, given)));
                }
                if *mode == TierMode::Each {
                    let mut all = Vec::new();
                    for (test, leaves) in arms {
                        let part = choose(vec![(test, leaves)], Vec::new(), at);
                        all = self.sum(all, part, at);
                    }
                    return all;
                }
                // The last reached row wins: test from the top.
                arms.reverse();
                choose(arms, Vec::new(), at)
            }
            ExprKind::Per(per) if !Self::is_portion(per) => {
                self.per_prize(per, &mut |rule, e| rule.prize(e, given), at)
            }
            _ => self.amount(e, given, at),
        }
    }

    fn item(
        &mut self,
        count: &hir::Expr,
        name: &str,
        coupon: bool,
        price: i64,
        given: Given,
        at: Location,
    ) -> Vec<Leaf> {
        let wanted = if coupon { COUPON } else { GOODS };
        if given.kind.is_some_and(|k| k != wanted) {
            self.error(at, Error::WrongItem { at, item: name.to_owned(), coupon });
            return Vec::new();
        }
        let count = self.scalar(count);
        if !matches!(count.ty, Type::Plain | Type::Thing(_) | Type::Times) {
            if count.ty != Type::Error {
                let found = self.describe(&count.ty);
                self.error(at, Error::Expected { at, expected: ("a number of pieces", "件数"), found });
            }
            return Vec::new();
        }
        let amount = self.not_negative(count.typed(Type::Plain));
        vec![Leaf { kind: wanted, item: Some((name.to_owned(), coupon)), net: None, unit_cost: price, amount }]
    }

    /// A plain amount in a declared kind.
    fn amount(&mut self, e: &hir::Expr, given: Given, at: Location) -> Vec<Leaf> {
        let before = self.unsaid.len();
        let amount = self.scalar(e);
        if amount.ty == Type::Error || amount.ty == Type::Nothing {
            return Vec::new();
        }
        let Some(kind) = given.kind else {
            self.error(at, Error::NoKind { at });
            return Vec::new();
        };
        let Some(declared) = self.checker.hir.model.kinds.get(kind).cloned() else { return Vec::new() };
        let name = declared.name.said(self.checker.spelling(at)).to_owned();
        let (wants, unit_cost) = match declared.class {
            Some(RewardClass::Money) => (("money", "金额"), 1),
            Some(RewardClass::Points) => (("points", "积分"), 0),
            None => (("pieces of something, as `1 of SKU`", "件数，如 `1 份 SKU`"), 0),
        };
        let fits = match declared.class {
            Some(RewardClass::Money) => amount.ty == Type::Money,
            Some(RewardClass::Points) => matches!(amount.ty, Type::Points | Type::Plain),
            None => false,
        };
        if !fits {
            let found = self.describe(&amount.ty);
            let class = declared.class;
            self.error(at, Error::KindAmount { at, kind: name, wants, found, class });
            return Vec::new();
        }
        if amount.ty == Type::Plain {
            self.paid_as_points(before);
        }
        let net = match (declared.tax, given.tax_side) {
            (Some(_), Some(side)) => Some(side == TaxSide::Net),
            (Some(_), None) if given.taken => None,
            (Some(_), None) => {
                self.error(at, Error::NetOrGross { at, kind: name });
                None
            }
            (None, Some(_)) => {
                self.error(at, Error::NoTax { at, kind: name });
                None
            }
            (None, None) => None,
        };
        let amount = self.not_negative(amount);
        vec![Leaf { kind, item: None, net, unit_cost, amount }]
    }

    fn not_negative(&mut self, amount: Expr) -> Expr {
        if amount.lo < 0 {
            self.error(amount.at, Error::Negative { at: amount.at });
        }
        amount
    }

    fn draw_prize(&mut self, rows: &[hir::DrawRow], given: Given, at: Location) -> Vec<Leaf> {
        let Some((bounds, total)) = self.chances(rows, at) else { return Vec::new() };
        let draw = self.draw(at);
        let pick = Expr { kind: Kind::Uniform(Box::new(draw), total), ty: Type::Plain, lo: 0, hi: total - 1, at };
        let mut arms = Vec::new();
        for (row, bound) in rows.iter().zip(bounds) {
            let won = build::lt(pick.clone(), Expr::constant(bound, Type::Plain, row.at), row.at);
            arms.push((won, self.row(&row.prize, given)));
        }
        choose(arms, Vec::new(), at)
    }

    /// Running totals of the chances and their whole.
    fn chances(&mut self, rows: &[hir::DrawRow], at: Location) -> Option<(Vec<i64>, i64)> {
        let (mut bounds, mut total) = (Vec::new(), 0i64);
        let mut weights: Option<bool> = None;
        let last = rows.len().checked_sub(1);
        if last.is_none() {
            self.error(at, Error::NoRows { at });
            return None;
        }
        for (i, row) in rows.iter().enumerate() {
            let Some(n) = &row.chance else {
                if Some(i) != last || weights == Some(true) || total >= MILLION {
                    self.error(row.at, Error::Rest { at: row.at });
                    return None;
                }
                weights = Some(false);
                total = MILLION;
                bounds.push(total);
                continue;
            };
            let is_weight = n.unit == Unit::None;
            if weights.is_some_and(|w| w != is_weight) {
                self.error(row.at, Error::MixedChances { at: row.at });
                return None;
            }
            weights = Some(is_weight);
            let share = if is_weight { hir::expr::exact(n.mantissa, n.scale) } else { hir::expr::ppm(n) };
            let Some(share) = share.filter(|s| *s >= 0) else {
                self.error(row.at, Error::FineRate { at: row.at });
                return None;
            };
            total = total.saturating_add(share);
            bounds.push(total);
        }
        if weights == Some(false) && total != MILLION {
            self.error(at, Error::Chances { at, total_ppm: total });
            return None;
        }
        if !(1..=1_000_000_000_000).contains(&total) {
            self.error(at, Error::Chances { at, total_ppm: 0 });
            return None;
        }
        Some((bounds, total))
    }

    /// Adds two lists of leaves, thing by thing.
    pub fn sum(&mut self, a: Vec<Leaf>, b: Vec<Leaf>, at: Location) -> Vec<Leaf> {
        let mut all = a;
        for leaf in b {
            match all.iter_mut().find(|l| l.same_thing(&leaf)) {
                Some(same) => {
                    let total = build::add(same.amount.clone(), leaf.amount, at);
                    same.amount = self.fits(total, at);
                }
                None => all.push(leaf),
            }
        }
        all
    }
}

/// The leaves of the first arm whose test holds, else the rest: one amount per thing.
pub fn choose(arms: Vec<(Expr, Vec<Leaf>)>, rest: Vec<Leaf>, at: Location) -> Vec<Leaf> {
    let mut things: Vec<Leaf> = Vec::new();
    for leaf in arms.iter().flat_map(|(_, l)| l).chain(&rest) {
        if !things.iter().any(|t| t.same_thing(leaf)) {
            things.push(leaf.clone());
        }
    }
    let part = |leaves: &[Leaf], thing: &Leaf| {
        leaves
            .iter()
            .find(|l| l.same_thing(thing))
            .map_or_else(|| Expr::constant(0, thing.amount.ty.clone(), at), |l| l.amount.clone())
    };
    for thing in &mut things {
        let mut amount = part(&rest, thing);
        for (test, leaves) in arms.iter().rev() {
            amount = build::select(test.clone(), part(leaves, thing), amount, at);
        }
        thing.amount = amount;
    }
    things
}
