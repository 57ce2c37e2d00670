//! Tables nobody counts: what is paid grows with a number that somebody declares of an entity, and no count of bottles
//! has to grow with it.

use super::error::Error;
use super::values::Values;
use super::{Found, given};
use crate::hir;
use crate::ir::schema::{EventSchema, Field, FieldType, Named, NumberUnit};
use crate::ir::{Input, Word};
use crate::typed::{Award, Expr, Kind, Policy, Rule};

pub(super) fn check(hir: &hir::Package, policies: &[Policy]) -> Vec<Found> {
    policies.iter().flat_map(|p| &p.rules).flat_map(|rule| rule_of(hir, rule)).collect()
}

/// One finding for a rule, at its first such award.
fn rule_of(hir: &hir::Package, rule: &Rule) -> Option<Found> {
    let event = hir.schema.events.get(rule.event.index())?;
    given(rule).find_map(|award| {
        let declared = event.fields.iter().filter(|field| is_declared(hir, field));
        declared.filter(|f| grows_with(&award.leaf.amount, f.word)).find_map(|field| {
            let tables = unbacked(hir, rule, event, award, field)?;
            let name =
                field.path.last().cloned().unwrap_or_else(|| Named { name: String::new(), label: String::new() });
            Some((award.at, Error::Unbacked { at: award.at, name, tables }))
        })
    })
}

/// A number of things that somebody says of an entity: of no pack, so no code stands for each.
fn is_declared(hir: &hir::Package, field: &Field) -> bool {
    let FieldType::Number { unit: NumberUnit::Thing(unit), .. } = &field.ty else { return false };
    let of_entity = field.path.len() > 1
        && field.path.first().is_some_and(|name| hir.model.entities.iter().any(|entity| entity.name == *name));
    of_entity && !is_pack(hir, unit)
}

fn is_pack(hir: &hir::Package, unit: &str) -> bool {
    hir.model.packs.iter().any(|pack| pack.name == unit)
}

/// Does an amount hold the number itself, not only a test of it?
fn grows_with(e: &Expr, word: Word) -> bool {
    let mut rest = e;
    while let Kind::Select(_, then, other) = &rest.kind {
        if grows_with(then, word) {
            return true;
        }
        rest = other;
    }
    match &rest.kind {
        Kind::Word(found) => *found == word,
        Kind::Add(a, b)
        | Kind::Sub(a, b)
        | Kind::Mul(a, b)
        | Kind::Quotient(a, b, _)
        | Kind::Min(a, b)
        | Kind::Max(a, b) => grows_with(a, word) || grows_with(b, word),
        Kind::Div(a, ..) => grows_with(a, word),
        _ => false,
    }
}

/// The most that can be declared with the fewest bottles, if the rule pays for it.
fn unbacked(hir: &hir::Package, rule: &Rule, event: &EventSchema, award: &Award, field: &Field) -> Option<i64> {
    let mut values = Values::of_rule(&hir.schema, rule);
    let FieldType::Number { lo, hi, .. } = field.ty else { return None };
    let tables = values.word(field.word, lo, hi).1;
    values.fix_word(field.word, tables);
    for bottles in &event.fields {
        if let FieldType::Number { lo, hi, unit: NumberUnit::Thing(unit) } = &bottles.ty
            && is_pack(hir, unit)
        {
            let fewest = values.word(bottles.word, *lo, *hi).0;
            values.fix_word(bottles.word, fewest);
        }
    }
    // Whatever is counted of past events may be as few as the conditions allow.
    let mut counts = Vec::new();
    rule.conditions.iter().chain([&award.leaf.amount]).for_each(|e| measures(e, &mut counts));
    for count in counts {
        let fewest = values.bounds(count).0;
        values.fix(count, fewest);
    }
    if rule.conditions.iter().any(|condition| values.truth(condition) == Some(false)) {
        return None;
    }
    (values.bounds(&award.leaf.amount).1 > 0).then_some(tables)
}

/// The measures an expression reads.
fn measures<'e>(e: &'e Expr, out: &mut Vec<&'e Expr>) {
    let mut rest = e;
    while let Kind::Select(test, then, other) = &rest.kind {
        measures(test, out);
        measures(then, out);
        rest = other;
    }
    match &rest.kind {
        Kind::Input(Input::Measure(_)) => out.push(rest),
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
            measures(a, out);
            measures(b, out);
        }
        Kind::Div(a, ..) | Kind::Not(a) | Kind::Lookup(_, a) | Kind::Uniform(a, _) => measures(a, out),
        Kind::Const(_) | Kind::Word(_) | Kind::Input(_) | Kind::Select(..) | Kind::InSet(..) | Kind::InputInSet(..) => {
        }
    }
}
