//! Two policies that can pay the same role for one event must be related by a group: an overlap with no declared
//! relation is an error with a witness.

use super::error::Error;
use super::scalar::Checker;
use super::{Kind, Policy, Rule};
use crate::ir::schema::FieldType;
use crate::ir::{EventId, IntervalSet, Schema, Word};
use crate::source::Spelling;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The finite scope of a rule: gates and indexable conditions, one set per word.
type Scope = BTreeMap<Word, IntervalSet>;

fn scope(rule: &Rule) -> Scope {
    let mut scope = Scope::new();
    let conditions = rule.conditions.iter().filter_map(|c| match &c.kind {
        Kind::InSet(word, set) => Some((*word, set)),
        _ => None,
    });
    for (word, set) in rule.gates.iter().map(|g| (g.word, &g.set)).chain(conditions) {
        scope.entry(word).and_modify(|s| *s = s.intersect(set)).or_insert_with(|| set.clone());
    }
    scope
}

/// True if no point can be in both: the cheap test before a witness is looked for. Most pairs of a large package are
/// apart in the first word.
fn apart(a: &Scope, b: &Scope) -> bool {
    a.iter().any(|(word, set)| b.get(word).is_some_and(|other| !set.meets(other)))
}

/// A point in both scopes.
fn witness(a: &Scope, b: &Scope) -> Option<BTreeMap<Word, i64>> {
    let mut point = BTreeMap::new();
    for (word, set) in a {
        let both = b.get(word).map_or_else(|| set.clone(), |other| set.intersect(other));
        point.insert(*word, both.first()?);
    }
    for (word, set) in b {
        if !a.contains_key(word) {
            point.insert(*word, set.first()?);
        }
    }
    Some(point)
}

/// Reports every pair of unrelated policies once, with a witness event.
pub fn report(checker: &mut Checker<'_>, policies: &[Policy]) {
    let mut by_event: BTreeMap<EventId, Vec<(usize, &Rule, Scope)>> = BTreeMap::new();
    for (i, policy) in policies.iter().enumerate() {
        for rule in &policy.rules {
            by_event.entry(rule.event).or_default().push((i, rule, scope(rule)));
        }
    }
    let mut reported: FxHashMap<(usize, usize), ()> = FxHashMap::default();
    for (event, rules) in by_event {
        for (n, (i, a, a_scope)) in rules.iter().enumerate() {
            for (j, b, b_scope) in rules.iter().skip(n + 1) {
                let (Some(one), Some(two)) = (policies.get(*i), policies.get(*j)) else { continue };
                if i == j || (one.group.is_some() && one.group == two.group) || reported.contains_key(&(*i, *j)) {
                    continue;
                }
                if apart(a_scope, b_scope) {
                    continue;
                }
                let Some(role) = shared_role(a, b) else { continue };
                let Some(point) = witness(a_scope, b_scope) else { continue };
                reported.insert((*i, *j), ());
                let schema = &checker.hir.schema;
                let spelling = checker.spelling(two.at);
                let role = schema.roles.get(role as usize).map(|r| r.said(spelling).to_owned()).unwrap_or_default();
                let e = Error::Overlap {
                    at: two.at,
                    other: one.at,
                    policy: two.name.clone(),
                    rival: one.name.clone(),
                    role,
                    event: schema
                        .events
                        .get(event.index())
                        .map(|e| e.name.said(spelling).to_owned())
                        .unwrap_or_default(),
                    witness: describe(schema, event, &point, spelling),
                };
                checker.error(two.at, e);
            }
        }
    }
}

fn shared_role(a: &Rule, b: &Rule) -> Option<u32> {
    let roles = |r: &Rule| r.awards.iter().flat_map(|w| &w.payees).map(|p| p.role).collect::<Vec<_>>();
    let theirs = roles(b);
    roles(a).into_iter().find(|r| theirs.contains(r))
}

/// A point in the user's words: `at 2026-02-01 00:00:00, product SKU-1, store.region 四川省/成都市`.
fn describe(schema: &Schema, event: EventId, point: &BTreeMap<Word, i64>, spelling: Spelling) -> String {
    let mut parts = Vec::new();
    let fields = schema.events.get(event.index()).map_or(&[][..], |e| &e.fields);
    for (word, value) in point {
        let Some(field) = fields.iter().find(|f| f.word == *word) else { continue };
        let name = crate::hir::scope::said(field, spelling);
        let text = match &field.ty {
            FieldType::Instant => crate::calendar::print_rfc3339(*value, schema.utc_offset).unwrap_or_default(),
            FieldType::Date => crate::calendar::print_day(*value).unwrap_or_default(),
            FieldType::Product => {
                let product = usize::try_from(*value).ok().and_then(|i| schema.products.get(i));
                product.map(|p| p.sku.clone()).unwrap_or_default()
            }
            FieldType::Region => {
                u32::try_from(*value).map(|id| schema.regions.path(crate::regions::RegionId(id))).unwrap_or_default()
            }
            FieldType::OneOf(values) => usize::try_from(*value)
                .ok()
                .and_then(|i| values.get(i))
                .map(|v| v.said(spelling).to_owned())
                .unwrap_or_default(),
            FieldType::YesNo => match (*value, spelling) {
                (1, Spelling::En) => "yes".into(),
                (_, Spelling::En) => "no".into(),
                (1, Spelling::Zh) => "是".into(),
                (_, Spelling::Zh) => "否".into(),
            },
            FieldType::Number { .. } | FieldType::Id => value.to_string(),
        };
        // The time of the event says what it is.
        parts.push(if *word == Word::TIME { text } else { format!("{name} {text}") });
    }
    parts.join(match spelling {
        Spelling::En => ", ",
        Spelling::Zh => "，",
    })
}
