//! Identity sets with names resolved: which texts of which events say whose event it is.

use super::error::{Error, NameKind};
use super::from_ast::Context;
use super::model::FactType;
use super::scope::{Scope, said};
use super::{Fact, Party};
use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::ir::EventId;
use crate::ir::schema::{Field, FieldType};
use crate::ir::settle::MOST_IDENTIFIERS;
use crate::source::{Location, Spelling};
use serde::Serialize;

/// An identity set.
#[derive(Clone, Debug, Serialize)]
pub struct Identity {
    /// Its canonical name.
    pub name: String,
    /// What each event kind says of the user, with what sort of identifier it is.
    pub events: Vec<(EventId, Vec<(String, Fact)>)>,
}

/// Resolves the identity sets of the channel, in the order of [`super::Model::identities`].
pub fn resolve(cx: &Context<'_>, files: &[ast::File], out: &mut Diagnostics) -> Vec<Identity> {
    let mut found: Vec<Identity> = Vec::new();
    for file in files {
        for item in &file.items {
            let ast::Item::Channel(channel) = item else { continue };
            for decl in &channel.decls {
                let ast::ChannelDecl::Identity(decl) = decl else { continue };
                let named = cx.model.identities.get(found.len()).filter(|n| n.name == decl.name.name.text);
                let Some(named) = named else { continue };
                let mut report = |e: Error| out.push(e.into_diagnostic(file.spelling));
                if decl.by.len() > MOST_IDENTIFIERS {
                    report(Error::TooManyIdentifiers { at: decl.span.at(file.source), most: MOST_IDENTIFIERS });
                }
                for path in &decl.by {
                    if !check(cx, path) {
                        let at = path.span.at(file.source);
                        let names: Vec<&str> = path.parts.iter().map(|p| p.text.as_str()).collect();
                        report(Error::NoIdentifier { at, name: names.join("."), choices: texts(cx, file.spelling) });
                    }
                }
                let ids = (0..cx.schema.events.len()).filter_map(|i| u32::try_from(i).ok()).map(EventId);
                let events = ids.map(|event| (event, identifiers(cx, event, &decl.by)));
                let events = events.filter(|(_, all)| !all.is_empty()).collect();
                found.push(Identity { name: named.name.clone(), events });
            }
        }
    }
    found
}

/// Does some event say it, and none in two ways?
fn check(cx: &Context<'_>, path: &ast::Path) -> bool {
    let mut events = cx.schema.events.iter();
    let ways = |fields: &[Field]| fields.iter().filter(|f| says(f, path)).count();
    let most = events.by_ref().map(|e| ways(&e.fields)).max();
    most == Some(1)
}

/// A party (`consumer`), a text of its own (`device`), or a text of a party (`consumer.phone`, or `phone`).
fn says(field: &Field, path: &ast::Path) -> bool {
    let names: Vec<&str> = path.parts.iter().map(|p| p.text.as_str()).collect();
    let same = |parts: &[crate::ir::schema::Named]| {
        parts.len() == names.len() && parts.iter().zip(&names).all(|(part, name)| part.is(name))
    };
    let is_id = field.path.len() == 2 && field.path.last().is_some_and(|n| n.name == "id");
    let own = field.path.len() > 1 || field.path.first().is_some_and(|n| n.name != "id");
    let party = is_id && same(field.path.get(..1).unwrap_or_default());
    let last = !is_id && field.path.len() == 2 && same(field.path.get(1..).unwrap_or_default());
    field.ty == FieldType::Id && own && (party || last || (!is_id && same(&field.path)))
}

fn identifiers(cx: &Context<'_>, event: EventId, by: &[ast::Path]) -> Vec<(String, Fact)> {
    let fields = &cx.event(event).fields;
    let found = by.iter().filter_map(|path| fields.iter().find(|f| says(f, path)));
    let mut all: Vec<(String, Fact)> = Vec::new();
    for field in found {
        let name = super::scope::spelled(field);
        // What it is called on a role and on an event is one sort of identifier.
        let sort = name.rsplit('.').next().unwrap_or_default().to_owned();
        if !all.iter().any(|(_, known)| known.word == field.word) {
            all.push((sort, Fact { link: None, word: field.word, present: field.present, ty: FactType::Text, name }));
        }
    }
    all
}

/// Everything that could identify somebody.
fn texts(cx: &Context<'_>, spelling: Spelling) -> Vec<String> {
    let fields = cx.schema.events.iter().flat_map(|e| &e.fields);
    let parties = |f: &&Field| f.ty == FieldType::Id && f.path.len() == 2;
    let mut all: Vec<String> = fields.filter(parties).map(|f| said(f, spelling)).collect();
    all.sort();
    all.dedup();
    all
}

/// What a limit counts by: parties and codes, or an identity set alone.
pub(super) type CountedBy = (Vec<Party>, Vec<String>, Option<(usize, Location)>);

/// Resolves what stands behind `per`.
pub(super) fn counted_by(scope: &mut Scope<'_>, per: &[ast::Path]) -> Option<CountedBy> {
    let (mut parties, mut names, mut same) = (Vec::new(), Vec::new(), None);
    for path in per {
        if !path.same {
            let party = scope.party(path)?;
            names.push(party.fact.name.clone());
            parties.push(party);
            continue;
        }
        let at = scope.at(path.span);
        let text = path.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(".");
        let Some(identity) = scope.cx.model.identity(&text) else {
            let known = scope.cx.model.identities.iter().map(|i| i.said(scope.spelling).to_owned());
            let choices = known.collect();
            scope.error(Error::unknown(at, NameKind::Identity, &text, choices));
            return None;
        };
        names.push(format!("same {}", scope.cx.model.identities.get(identity).map_or("", |i| &i.name)));
        same = Some((identity, at));
    }
    if let Some((_, at)) = same
        && per.len() > 1
    {
        scope.error(Error::SameBeside { at });
        return None;
    }
    Some((parties, names, same))
}
