//! Redemption chains: consumer, store, distributor, each with a last day of its own.

use super::error::{Error, NameKind};
use super::model::{Member, Model};
use super::sets::Report;
use super::{Policy, Rule};
use crate::ast;
use crate::diagnostic::{Code, Diagnostic, Text};
use crate::source::Location;
use serde::Serialize;

/// A level of a chain.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Level {
    /// Who redeems: index into [`Model::roles`].
    pub role: usize,
    /// Until when.
    pub until: ast::DateTime,
    /// Where.
    pub at: Location,
}

/// Resolves the levels of a clause, in order; none if one of them was reported.
pub(super) fn levels(model: &Model, written: &[ast::ChainLevel], report: &mut Report<'_>) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    let mut whole = true;
    for level in written {
        let (at, name) = (level.span.at(report.source), level.role.span.at(report.source));
        let Some(role) = model.role(&level.role.text) else {
            let choices = model.roles.iter().map(|r| r.name.said(report.spelling).to_owned()).collect();
            report.error(Error::unknown(name, NameKind::Role, &level.role.text, choices));
            whole = false;
            continue;
        };
        if let Some(first) = levels.iter().find(|known| known.role == role) {
            report.out.push(twice(name, &level.role.text, first.at));
            whole = false;
            continue;
        }
        levels.push(Level { role, until: level.until, at });
    }
    if whole { levels } else { Vec::new() }
}

fn twice(at: Location, role: &str, first: Location) -> Diagnostic {
    Diagnostic::error(
        Code::P0277,
        at,
        Text::new(format!("`{role}` has a last day already"), format!("`{role}` 已经有一个截止时间")),
        Text::new("which of the two holds?", "以哪一个为准？"),
    )
    .label(first, Text::new("the first", "第一处"))
    .help(Text::new(
        "a chain names each role once, in the order things are handed on",
        "每个角色只写一次，按交接的先后排列",
    ))
}

/// The level a rule of a chain redeems at: of the roles that act on its event, or that it always knows, that which
/// comes first in the chain.
pub fn level<'p>(model: &Model, policy: &'p Policy, rule: &Rule) -> Option<&'p Level> {
    let event = model.events.get(rule.event.index())?;
    let takes_part = |role| event.by.contains(&role) || event.knows.contains(&(Member::Role(role), false));
    policy.chain.iter().find(|level| takes_part(level.role))
}
