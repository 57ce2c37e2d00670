//! Groups of policies: which policies, and what holds for all of them together.

use super::error::{Error, NameKind};
use super::from_ast::{Context, pays, resolve_limit};
use super::scope::Scope;
use super::sets::Report;
use super::{Group, Limit, Policy, Rule};
use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::ir::EventId;
use crate::source::Location;

/// The groups of the package, by name.
pub(super) fn groups(cx: &Context<'_>, files: &[ast::File], policies: &[Policy], out: &mut Diagnostics) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut member_of: Vec<Option<Location>> = vec![None; policies.len()];
    for file in files {
        for item in &file.items {
            let ast::Item::Group(g) = item else { continue };
            let mut report = Report { source: file.source, spelling: file.spelling, out };
            let at = g.name.span.at(file.source);
            if let Some(first) = groups.iter().find(|other| other.name == g.name.text) {
                report.error(Error::Duplicate { at, name: g.name.text.clone(), first: Some(first.at) });
            }
            let mut members = Vec::new();
            for name in &g.members {
                let name_at = name.span.at(file.source);
                match policies.binary_search_by(|p| p.name.as_str().cmp(&name.text)) {
                    Ok(i) => match member_of.get_mut(i) {
                        Some(taken @ None) => {
                            *taken = Some(name_at);
                            members.push(i);
                        }
                        Some(Some(first)) => {
                            report.error(Error::TwoGroups { at: name_at, name: name.text.clone(), first: *first });
                        }
                        None => {}
                    },
                    Err(_) => {
                        let choices = policies.iter().map(|p| p.name.clone()).collect();
                        report.error(Error::unknown(name_at, NameKind::Policy, &name.text, choices));
                    }
                }
            }
            let limits = group_limits(cx, file, g, &members, policies, out);
            let (name, written) = (g.name.text.clone(), g.members.len());
            groups.push(Group { name, rule: g.rule, members, written, limits, arms: None, at });
        }
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

fn group_limits(
    cx: &Context<'_>,
    file: &ast::File,
    group: &ast::Group,
    members: &[usize],
    policies: &[Policy],
    out: &mut Diagnostics,
) -> Vec<(EventId, Limit)> {
    let rules: Vec<&Rule> = members.iter().filter_map(|m| policies.get(*m)).flat_map(|p| &p.rules).collect();
    let mut limits = Vec::new();
    for (i, limit) in group.limits.iter().enumerate() {
        let concerned = rules.iter().any(|rule| pays(cx, rule, limit));
        let met = rules.iter().filter(|rule| !concerned || pays(cx, rule, limit));
        let mut events: Vec<EventId> = met.map(|r| r.event).collect();
        events.sort();
        events.dedup();
        for event in &events {
            let home = (file.source, file.spelling);
            let mut scope = Scope::new(cx, home, *event, &[], &group.name.text, None, out);
            let id = format!("group/{}/{i}", group.name.text);
            limits.extend(resolve_limit(&mut scope, limit, &id).map(|l| (*event, l)));
        }
    }
    limits
}
