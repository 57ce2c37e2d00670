//! Invariants with names resolved.

use super::Expr;
use super::error::{Error, NameKind};
use super::expr::window;
use super::from_ast::{Context, NO_EVENT};
use super::scope::Scope;
use crate::ast::{self, InvariantMost, InvariantOf, InvariantSum};
use crate::diagnostic::Diagnostics;
use crate::ir::{EventId, Window};
use crate::source::Location;
use serde::Serialize;

/// A bound that holds over all policies together.
#[derive(Clone, Debug, Serialize)]
pub struct Invariant {
    /// Its title.
    pub name: String,
    /// What it is counted by.
    pub of: Of,
    /// Its window; ever if none is said.
    pub window: Option<Window>,
    /// What is added up.
    pub sum: Sum,
    /// The bound.
    pub most: Most,
    /// What its sum is stored under: title, what it counts and by what, but not the bound, which may change.
    pub identity: String,
    /// Whole declaration.
    pub at: Location,
}

/// What an invariant is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Of {
    /// Any one event.
    AnyEvent,
    /// One event of a kind.
    Event(EventId),
    /// The code of a pack.
    Code(usize),
    /// Whoever is paid in a role.
    Role(usize),
    /// An entity.
    Entity(usize),
}

/// What an invariant adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Sum {
    /// The cost of everything.
    All,
    /// The cost of the dearest single reward.
    Dearest,
    /// One reward kind.
    Kind(usize),
}

/// The bound.
#[derive(Clone, Debug, Serialize)]
pub enum Most {
    /// A sum.
    Sum(Box<Expr>),
    /// A share of a price.
    OfPrice {
        /// The rate.
        rate: ast::Number,
        /// The pack whose price is meant, if said.
        pack: Option<usize>,
        /// The rate.
        at: Location,
    },
}

/// Resolves the invariants of a package.
pub fn resolve(cx: &Context<'_>, files: &[ast::File], out: &mut Diagnostics) -> Vec<Invariant> {
    let mut found: Vec<Invariant> = Vec::new();
    for file in files {
        for item in &file.items {
            let ast::Item::Invariant(i) = item else { continue };
            let mut scope = Scope::new(cx, (file.source, file.spelling), NO_EVENT, &[], "", None, out);
            let at = scope.at(i.span);
            if let Some(first) = found.iter().find(|other| other.name == i.title.text) {
                let (name, first) = (i.title.text.clone(), Some(first.at));
                scope.error(Error::Duplicate { at, name, first });
                continue;
            }
            found.extend(one(&mut scope, i, at));
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn one(scope: &mut Scope<'_>, i: &ast::Invariant, at: Location) -> Option<Invariant> {
    let (of, sum, most) = (counted_by(scope, &i.of), added_up(scope, &i.sum), bound(scope, &i.most));
    let (of, sum, most) = (of?, sum?, most?);
    let (name, window) = (i.title.text.clone(), i.window.map(window));
    let model = &scope.cx.model;
    let by = match of {
        Of::AnyEvent => Some("event"),
        Of::Event(event) => Some(scope.cx.event(event).name.name.as_str()),
        Of::Code(pack) => model.packs.get(pack).map(|p| p.name.as_str()),
        Of::Role(role) => model.roles.get(role).map(|r| r.name.name.as_str()),
        Of::Entity(entity) => model.entities.get(entity).map(|e| e.name.name.as_str()),
    };
    let what = match sum {
        Sum::All => Some("all"),
        Sum::Dearest => Some("dearest"),
        Sum::Kind(kind) => model.kinds.get(kind).map(|k| k.name.name.as_str()),
    };
    let identity = format!("invariant/{name}/{}/{}/{window:?}", by.unwrap_or(""), what.unwrap_or(""));
    Some(Invariant { name, of, window, sum, most, identity, at })
}

fn counted_by(scope: &mut Scope<'_>, of: &InvariantOf) -> Option<Of> {
    let path = match of {
        InvariantOf::AnyEvent(_) => return Some(Of::AnyEvent),
        InvariantOf::Path(path) => path,
    };
    let names: Vec<&str> = path.parts.iter().map(|p| p.text.as_str()).collect();
    let model = &scope.cx.model;
    let found = match names.as_slice() {
        [name] => (model.pack(name).map(Of::Code))
            .or_else(|| model.role(name).map(Of::Role))
            .or_else(|| model.entity(name).map(Of::Entity))
            .or_else(|| scope.cx.event_named(name).map(Of::Event)),
        _ => None,
    };
    if found.is_none() {
        let said = |n: &crate::ir::schema::Named| n.said(scope.spelling).to_owned();
        let mut choices: Vec<String> = model.packs.iter().map(said).collect();
        choices.extend(model.roles.iter().map(|r| said(&r.name)));
        choices.extend(model.entities.iter().map(|e| said(&e.name)));
        choices.extend(model.events.iter().map(|e| said(&e.name)));
        let at = scope.at(path.span);
        scope.error(Error::unknown(at, NameKind::InvariantOf, &names.join("."), choices));
    }
    found
}

fn added_up(scope: &mut Scope<'_>, sum: &InvariantSum) -> Option<Sum> {
    let name = match sum {
        InvariantSum::All(_) => return Some(Sum::All),
        InvariantSum::Dearest(_) => return Some(Sum::Dearest),
        InvariantSum::Kind(name) => name,
    };
    scope.kind_named(name).map(Sum::Kind)
}

fn bound(scope: &mut Scope<'_>, most: &InvariantMost) -> Option<Most> {
    match most {
        InvariantMost::Sum(e) => Some(Most::Sum(Box::new(scope.expr(e)))),
        InvariantMost::OfPrice { rate, pack } => {
            let at = scope.at(rate.span);
            let pack = match pack {
                Some(name) => Some(scope.pack(name)?),
                None => None,
            };
            Some(Most::OfPrice { rate: rate.clone(), pack, at })
        }
    }
}
