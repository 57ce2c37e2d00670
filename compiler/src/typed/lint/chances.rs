//! The greatest prize: what the draws of one event can bring natural persons at most, at market price.

use super::error::Error;
use super::values::Values;
use super::{Found, given, is_for_persons};
use crate::hir;
use crate::ir::{EventId, Input, IntervalSet, KeyPart, Link, Withholding, Word};
use crate::law::GREATEST_PRIZE;
use crate::source::Location;
use crate::typed::{Award, Expr, Kind, Policy, Rule};
use std::collections::BTreeMap;

/// More combinations of prizes of one rule are not tried out: then every award counts at its greatest.
const MOST: usize = 100_000;
/// More rules that draw on one event of a policy are not told apart: then all of them count.
const RULES: usize = 12;

/// A draw, or a pool, of which the rows begin at these numbers.
struct Lot<'e> {
    pick: &'e Expr,
    rows: Vec<i64>,
}

/// What a rule can bring at most, in fen, and where that prize stands.
struct Greatest<'r> {
    rule: &'r Rule,
    worth: i64,
    at: Location,
}

pub(super) fn check(hir: &hir::Package, links: &[Link], policies: &[Policy]) -> Vec<Found> {
    let mut found = Vec::new();
    for policy in policies {
        let mut by_event: BTreeMap<EventId, Vec<Greatest<'_>>> = BTreeMap::new();
        for rule in &policy.rules {
            let greatest = greatest(hir, links, rule);
            by_event.entry(rule.event).or_default().extend(greatest);
        }
        for rules in by_event.into_values() {
            found.extend(above(&rules));
        }
    }
    found
}

/// The greatest sum of rules that can all pay for one event, if the law forbids it.
fn above(rules: &[Greatest<'_>]) -> Option<Found> {
    let apart = |a: &Greatest<'_>, b: &Greatest<'_>| {
        words(a.rule).any(|(word, set)| words(b.rule).any(|(other, rest)| word == other && !set.meets(rest)))
    };
    // The best set of rules of which no two exclude each other: with or without each in turn.
    fn best<'g>(
        rest: &'g [Greatest<'g>],
        taken: &mut Vec<&'g Greatest<'g>>,
        apart: &dyn Fn(&Greatest<'_>, &Greatest<'_>) -> bool,
    ) -> Vec<&'g Greatest<'g>> {
        let Some((first, rest)) = rest.split_first() else { return taken.clone() };
        let without = best(rest, taken, apart);
        if taken.iter().any(|other| apart(first, other)) {
            return without;
        }
        taken.push(first);
        let with = best(rest, taken, apart);
        taken.pop();
        if total(&with) > total(&without) { with } else { without }
    }
    let chosen =
        if rules.len() <= RULES { best(rules, &mut Vec::new(), &apart) } else { rules.iter().collect::<Vec<_>>() };
    let worth = total(&chosen);
    let first = chosen.iter().max_by_key(|g| g.worth).filter(|_| worth > GREATEST_PRIZE)?;
    let others = chosen.iter().filter(|g| g.at != first.at).map(|g| (g.at, g.worth)).collect();
    Some((first.at, Error::Greatest { at: first.at, worth, others }))
}

fn total(chosen: &[&Greatest<'_>]) -> i64 {
    chosen.iter().fold(0, |sum, g| sum.saturating_add(g.worth))
}

/// Which words of the event a rule pays for.
fn words(rule: &Rule) -> impl Iterator<Item = (Word, &IntervalSet)> {
    let conditions = rule.conditions.iter().filter_map(|c| match &c.kind {
        Kind::InSet(word, set) => Some((*word, set)),
        _ => None,
    });
    rule.gates.iter().map(|gate| (gate.word, &gate.set)).chain(conditions)
}

/// The dearest outcome of a rule's draws.
fn greatest<'r>(hir: &'r hir::Package, links: &[Link], rule: &'r Rule) -> Option<Greatest<'r>> {
    let mut groups: Vec<(Vec<&Award>, Vec<Lot<'_>>)> = Vec::new();
    for award in given(rule).filter(|a| is_for_persons(hir, a)) {
        let mut lots = Vec::new();
        lots_of(&award.leaf.amount, &mut lots);
        if (lots.is_empty() && !is_drawn(links, award)) || worth(hir, award) == 0 {
            continue;
        }
        // Awards of one draw win together; those of different ones do not know each other.
        let (mut awards, mut all) = (vec![award], lots);
        let (same, rest): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|(_, other)| other.iter().any(|l| all.iter().any(|m| m.pick.kind == l.pick.kind)));
        for (other, lots) in same {
            awards.extend(other);
            for lot in lots {
                merge(&mut all, lot);
            }
        }
        groups = rest;
        groups.push((awards, all));
    }
    let mut sum = 0i64;
    let mut dearest: Option<(i64, Location)> = None;
    for (awards, lots) in &groups {
        let mut values = Values::of_rule(&hir.schema, rule);
        let best = outcome(hir, &mut values, awards, lots, rule.at);
        sum = sum.saturating_add(best.0);
        if dearest.is_none_or(|(worth, _)| best.0 > worth) {
            dearest = Some(best);
        }
    }
    dearest.map(|(_, at)| Greatest { rule, worth: sum, at })
}

/// Is somebody paid who was drawn among all entries?
fn is_drawn(links: &[Link], award: &Award) -> bool {
    award.payees.iter().any(|payee| match &payee.id {
        KeyPart::LinkId { link, .. } => links.get(link.link.index()).is_some_and(|link| link.drawn.is_some()),
        KeyPart::Id { .. } | KeyPart::Same(_) => false,
    })
}

/// What one unit of an award is worth in fen: a coupon what it says, though it costs nothing before it is redeemed.
fn worth(hir: &hir::Package, award: &Award) -> i64 {
    match &award.leaf.item {
        Some((name, true)) => hir.coupons.iter().find(|c| c.name == *name).and_then(hir::Coupon::fen).unwrap_or(0),
        _ => award.leaf.unit_cost,
    }
}

/// What the organiser spends on an amount: of a net one the tax too.
fn gross(hir: &hir::Package, award: &Award, amount: i64) -> i64 {
    let tax = hir.model.kinds.get(award.leaf.kind).and_then(|kind| kind.tax);
    match (award.leaf.net, tax) {
        (Some(net), Some(ppm)) => Withholding { net, ppm }.gross(amount),
        _ => amount,
    }
}

/// Every combination of rows, or all awards at their greatest where there are too many.
fn outcome<'e>(
    hir: &hir::Package,
    values: &mut Values<'e>,
    awards: &[&'e Award],
    lots: &[Lot<'e>],
    at: Location,
) -> (i64, Location) {
    let combinations = lots.iter().fold(1usize, |n, lot| n.saturating_mul(lot.rows.len().max(1)));
    // One award alone is greatest where its amount is.
    let lots = if combinations > MOST || awards.len() == 1 { &[] } else { lots };
    let Some((lot, rest)) = lots.split_first() else {
        let (mut sum, mut dearest) = (0i64, (-1, at));
        for award in awards {
            let pieces = values.of(&award.leaf.amount);
            let Some(most) = pieces.iter().max_by_key(|p| p.hi) else { continue };
            let worth = gross(hir, award, most.hi.max(0)).saturating_mul(worth(hir, award));
            sum = sum.saturating_add(worth);
            if worth > dearest.0 {
                dearest = (worth, most.at);
            }
        }
        return (sum, dearest.1);
    };
    let mut best: Option<(i64, Location)> = None;
    for row in &lot.rows {
        let mark = values.mark();
        values.fix(lot.pick, *row);
        let one = outcome(hir, values, awards, rest, at);
        values.forget(mark);
        if best.is_none_or(|(worth, _)| one.0 > worth) {
            best = Some(one);
        }
    }
    best.unwrap_or_else(|| outcome(hir, values, awards, rest, at))
}

fn merge<'e>(lots: &mut Vec<Lot<'e>>, lot: Lot<'e>) {
    match lots.iter_mut().find(|l| l.pick.kind == lot.pick.kind) {
        Some(same) => {
            same.rows.extend(lot.rows);
            same.rows.sort_unstable();
            same.rows.dedup();
        }
        None => lots.push(lot),
    }
}

/// The draws and pools an amount depends on.
fn lots_of<'e>(e: &'e Expr, out: &mut Vec<Lot<'e>>) {
    let mut rest = e;
    while let Kind::Select(test, then, other) = &rest.kind {
        lots_of(test, out);
        lots_of(then, out);
        rest = other;
    }
    match &rest.kind {
        Kind::Uniform(..) | Kind::Input(Input::Ticket(_)) => merge(out, Lot { pick: rest, rows: Vec::new() }),
        Kind::Lt(pick, bound) if matches!(pick.kind, Kind::Uniform(..) | Kind::Input(Input::Ticket(_))) => {
            // A row begins where the one before it ends.
            let end = bound.as_const().unwrap_or(0);
            let rows = [0, end].into_iter().filter(|from| (pick.lo..=pick.hi).contains(from)).collect();
            merge(out, Lot { pick, rows });
        }
        Kind::Add(a, b)
        | Kind::Sub(a, b)
        | Kind::Mul(a, b)
        | Kind::Quotient(a, b, _)
        | Kind::Min(a, b)
        | Kind::Max(a, b)
        | Kind::Eq(a, b)
        | Kind::Lt(a, b)
        | Kind::Le(a, b)
        | Kind::And(a, b)
        | Kind::Or(a, b) => {
            lots_of(a, out);
            lots_of(b, out);
        }
        Kind::Div(a, ..) | Kind::Not(a) | Kind::Lookup(_, a) => lots_of(a, out),
        Kind::Const(_) | Kind::Word(_) | Kind::Input(_) | Kind::Select(..) | Kind::InSet(..) | Kind::InputInSet(..) => {
        }
    }
}
