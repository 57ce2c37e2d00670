//! Whom a policy is for beyond its scope: the pilot regions, the share it is rolled out to, the arm of an experiment.

use super::error::{Error, NameKind};
use super::expr::ppm;
use super::from_ast::{Context, Regions};
use super::model::FactType;
use super::scope::Scope;
use super::sets::{self, Report, Tree};
use super::{ExprKind, Fact, Group, Party, Policy, Rule};
use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::ir::IntervalSet;
use crate::source::{Location, SourceId, Spelling};
use serde::Serialize;

/// All of them, in the unit of shares.
const WHOLE: i64 = 1_000_000;

/// A share of all parties: those whose bucket lies in a range.
#[derive(Clone, Debug, Serialize)]
pub struct Selected {
    /// What the buckets depend on besides the party: another salt, another assignment.
    pub salt: String,
    /// Buckets in parts per million, half-open.
    pub buckets: (i64, i64),
    /// Whose bucket.
    pub party: Party,
    /// Where it is said.
    pub at: Location,
}

/// The clauses of a policy that select.
#[derive(Clone, Copy, Default)]
pub(super) struct Clauses<'a> {
    /// `pilot`
    pub(super) pilot: Regions<'a>,
    /// `roll out to`
    pub(super) roll_out: Option<(&'a ast::Number, &'a ast::Name, Location, (SourceId, Spelling))>,
}

impl Clauses<'_> {
    /// Adds them to a rule; a pilot means the region that `regions` means, unless it says which.
    pub(super) fn apply(&self, scope: &mut Scope<'_>, rule: &mut Rule, regions: Regions<'_>) {
        if let Some((set, by, unknown, at, source, spelling)) = self.pilot {
            let by = by.or_else(|| regions.and_then(|r| r.1));
            let answered = unknown || regions.is_some_and(|r| r.2);
            rule.pilot = region(scope, set, by, answered, at, (source, spelling));
        }
        let Some((share, role, at, home)) = self.roll_out else { return };
        let here = (scope.source, scope.spelling);
        (scope.source, scope.spelling) = home;
        let upto = part(scope, share);
        let party = role_party(scope, role);
        (scope.source, scope.spelling) = here;
        if let (Some(upto), Some(party)) = (upto, party) {
            // The salt is the policy alone, so a greater share keeps everybody it had.
            rule.selected.push(Selected { salt: format!("rollout/{}", scope.policy), buckets: (0, upto), party, at });
        }
    }
}

/// Regions with the fact they are about.
pub(super) fn region(
    scope: &mut Scope<'_>,
    set: &ast::SetExpr,
    by: Option<&ast::Path>,
    answered: bool,
    at: Location,
    (source, spelling): (SourceId, Spelling),
) -> Option<(Fact, IntervalSet, Location, bool)> {
    let cx = scope.cx;
    let ids = sets::set(cx, Tree::Regions, set, &mut Report { source, spelling, out: scope.out });
    let fact = match by {
        Some(path) => match scope.path(path).kind {
            ExprKind::Fact(fact) if fact.ty == FactType::Region && fact.link.is_none() => Some(fact),
            ExprKind::Error => None,
            _ => {
                let name = path.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(".");
                scope.error(Error::SetOver { at: path.span.at(source), name });
                None
            }
        },
        None => scope.only_region(at.span, "regions"),
    };
    fact.map(|f| (f, ids, at, answered))
}

/// A share above nothing and up to all of them, in parts per million.
fn part(scope: &mut Scope<'_>, share: &ast::Number) -> Option<i64> {
    let part = ppm(share).filter(|part| (1..=WHOLE).contains(part));
    if part.is_none() {
        let at = scope.at(share.span);
        scope.error(Error::NoShare { at });
    }
    part
}

/// The party of the event in a role, which English names in the plural.
fn role_party(scope: &mut Scope<'_>, name: &ast::Name) -> Option<Party> {
    let model = &scope.cx.model;
    let role = model.role(&name.text).or_else(|| model.role(name.text.strip_suffix('s')?));
    let Some(role) = role else {
        let choices = model.roles.iter().map(|r| r.name.said(scope.spelling).to_owned()).collect();
        let at = scope.at(name.span);
        scope.error(Error::unknown(at, NameKind::Role, &name.text, choices));
        return None;
    };
    let said = model.roles.get(role).map(|r| r.name.name.clone()).unwrap_or_default();
    let singular = ast::Name { text: said, span: name.span };
    scope.party(&ast::Path { span: name.span, parts: vec![singular], same: false })
}

/// Relates the policies of every experiment as a group, and gives each its arm.
pub(super) fn experiments(
    cx: &Context<'_>,
    files: &[ast::File],
    policies: &mut [Policy],
    groups: &mut Vec<Group>,
    out: &mut Diagnostics,
) {
    for file in files {
        for item in &file.items {
            let ast::Item::Experiment(e) = item else { continue };
            let home = (file.source, file.spelling);
            let at = e.name.span.at(file.source);
            let mut scope = Scope::new(cx, home, super::from_ast::NO_EVENT, &[], &e.name.text, None, out);
            if let Some(first) = groups.iter().find(|g| g.name == e.name.text) {
                let first = Some(first.at);
                scope.error(Error::Duplicate { at, name: e.name.text.clone(), first });
            }
            let members = members(&mut scope, e, policies, groups);
            let arms = arms(&mut scope, e);
            for (member, arm) in members.iter().zip(arms.into_iter().flatten()) {
                let Some(policy) = member.and_then(|m| policies.get_mut(m)) else { continue };
                for rule in &mut policy.rules {
                    let mut scope = Scope::new(cx, home, rule.event, &[], &e.name.text, None, out);
                    rule.selected.extend(shares(&mut scope, e, arm).unwrap_or_default());
                }
            }
            groups.push(Group {
                name: e.name.text.clone(),
                rule: ast::GroupRule::AllOf,
                members: members.iter().flatten().copied().collect(),
                written: e.arms.len(),
                arms: Some(e.arms.len()),
                limits: Vec::new(),
                at,
            });
        }
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
}

/// The policies of an experiment; one that is in a group already, or twice, is none.
fn members(scope: &mut Scope<'_>, e: &ast::Experiment, policies: &[Policy], groups: &[Group]) -> Vec<Option<usize>> {
    let mut members: Vec<Option<usize>> = Vec::new();
    for arm in &e.arms {
        let at = scope.at(arm.policy.span);
        let name = &arm.policy.text;
        let Ok(policy) = policies.binary_search_by(|p| p.name.as_str().cmp(name)) else {
            let choices = policies.iter().map(|p| p.name.clone()).collect();
            scope.error(Error::unknown(at, NameKind::Policy, name, choices));
            members.push(None);
            continue;
        };
        let group = groups.iter().find(|g| g.members.contains(&policy)).map(|g| g.at);
        let twice = members.contains(&Some(policy)).then_some(at);
        match group.or(twice) {
            Some(first) => {
                scope.error(Error::TwoGroups { at, name: name.clone(), first });
                members.push(None);
            }
            None => members.push(Some(policy)),
        }
    }
    members
}

/// The buckets of each arm; together they are everybody who is not held out.
fn arms(scope: &mut Scope<'_>, e: &ast::Experiment) -> Option<Vec<(i64, i64)>> {
    let parts: Option<Vec<i64>> = e.arms.iter().map(|arm| part(scope, &arm.share)).collect();
    let parts = parts?;
    let total: i64 = parts.iter().sum();
    if total != WHOLE {
        let at = scope.at(e.name.span);
        scope.error(Error::ArmShares { at, total });
        return None;
    }
    let mut from = 0;
    let buckets = parts.into_iter().map(|part| {
        from += part;
        (from - part, from)
    });
    Some(buckets.collect())
}

/// What a party must be for an arm: not held out, and in its buckets. The two draw apart, so that another holdout
/// leaves everybody else in the arm they are in.
fn shares(scope: &mut Scope<'_>, e: &ast::Experiment, arm: (i64, i64)) -> Option<Vec<Selected>> {
    let party = scope.party(&e.by)?;
    let at = scope.at(e.span);
    let mut all = Vec::new();
    if let Some(holdout) = &e.holdout {
        let held = part(scope, holdout).filter(|held| *held < WHOLE)?;
        let salt = format!("holdout/{}", e.name.text);
        all.push(Selected { salt, buckets: (held, WHOLE), party: party.clone(), at });
    }
    all.push(Selected { salt: format!("experiment/{}", e.name.text), buckets: arm, party, at });
    Some(all)
}
