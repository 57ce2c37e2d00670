//! Cliffs: one more unit pays more than the unit is worth, because a ladder changes what it pays for everything.

use super::Found;
use super::error::Error;
use super::values::Values;
use crate::hir;
use crate::ir::GateKind;
use crate::source::Location;
use crate::typed::{Expr, Policy, Rule, Type};

/// A ladder of which only the reached row pays.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// What reaches the rows.
    pub measure: Expr,
    /// Its rows.
    pub steps: Vec<Step>,
    /// Where.
    pub at: Location,
}

/// A row of a ladder.
#[derive(Clone, Debug)]
pub struct Step {
    /// Least value that reaches it.
    pub from: i64,
    /// The bound as written: one less than `from` for `over`.
    pub above: i64,
    /// Its amounts, with what one unit of each costs in fen.
    pub paid: Vec<(Expr, i64)>,
    /// Where its bound stands.
    pub at: Location,
}

/// An edge between two rows that both pay, with what is paid on either side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    /// The last unit before it, and the first behind it.
    pub units: (i64, i64),
    /// What they are paid, in fen.
    pub paid: (i64, i64),
    /// The row that begins there.
    pub at: Location,
}

/// Fen in a yuan: the unit in which money is thought of.
const YUAN: i64 = 100;

pub(super) fn check(hir: &hir::Package, policies: &[Policy]) -> Vec<Found> {
    let rules = policies.iter().flat_map(|policy| &policy.rules);
    rules.flat_map(|rule| rule.ladders.iter().filter_map(|ladder| cliff(hir, rule, ladder))).collect()
}

/// The edge of a ladder at which one more unit pays most beyond its own worth.
fn cliff(hir: &hir::Package, rule: &Rule, ladder: &Ladder) -> Option<Found> {
    let (unit, worth) = unit(hir, rule, &ladder.measure.ty)?;
    // Two fixed sums for sums of money say in their rows how far they are apart.
    let fixed = |step: &Step| step.paid.iter().all(|(amount, _)| amount.as_const().is_some());
    let plain = |a: &Step, b: &Step| ladder.measure.ty == Type::Money && fixed(a) && fixed(b);
    let pairs = ladder.steps.iter().zip(ladder.steps.iter().skip(1)).filter(|(a, b)| !plain(a, b));
    let edges = pairs.filter_map(|(_, step)| edge(hir, ladder, step, unit));
    let worst = edges.max_by_key(|edge| edge.paid.1 - edge.paid.0).filter(|edge| edge.paid.1 - edge.paid.0 > worth)?;
    let pack = match &ladder.measure.ty {
        Type::Thing(name) => hir.model.packs.iter().find(|p| p.name == *name).cloned(),
        _ => None,
    };
    Some((worst.at, Error::Cliff { at: worst.at, edge: worst, pack, worth }))
}

/// One unit of a measure and what it is worth: a yuan, or the dearest product of a rule in that pack. Other things have
/// no price that their payment could be compared with.
fn unit(hir: &hir::Package, rule: &Rule, ty: &Type) -> Option<(i64, i64)> {
    let pack = match ty {
        Type::Money => return Some((YUAN, YUAN)),
        Type::Thing(name) => hir.model.packs.iter().position(|p| p.name == *name)?,
        _ => return None,
    };
    let pack = u32::try_from(pack).ok()?;
    let sets: Vec<_> =
        rule.gates.iter().filter(|g| g.kind == GateKind::Products && is_product(hir, rule, g.word)).collect();
    let here = |id: usize| i64::try_from(id).is_ok_and(|id| sets.iter().all(|gate| gate.set.contains(id)));
    let products = hir.schema.products.iter().enumerate().filter(|(id, _)| here(*id));
    products.map(|(_, product)| product.price_of(pack)).max().map(|price| (1, price))
}

/// Is a word the event's product, and not whether it is known?
fn is_product(hir: &hir::Package, rule: &Rule, word: crate::ir::Word) -> bool {
    let event = hir.schema.events.get(rule.event.index());
    event.is_some_and(|e| e.fields.iter().any(|f| f.word == word && f.ty == crate::ir::schema::FieldType::Product))
}

/// What the last unit before a row, and the first of it, are paid. `None` where that depends on something else.
fn edge(hir: &hir::Package, ladder: &Ladder, step: &Step, unit: i64) -> Option<Edge> {
    let before = if step.from == step.above { step.above - unit } else { step.above };
    let units = (before, before + unit);
    let paid = |value: i64| {
        let row = ladder.steps.iter().rfind(|row| row.from <= value)?;
        let mut sum = 0i64;
        for (amount, cost) in &row.paid {
            let mut values = Values::new(&hir.schema);
            values.fix(&ladder.measure, value);
            let (lo, hi) = values.bounds(amount);
            if lo != hi {
                return None;
            }
            sum = sum.checked_add(lo.checked_mul(*cost)?)?;
        }
        Some(sum)
    };
    Some(Edge { units, paid: (paid(units.0)?, paid(units.1)?), at: step.at })
}
