//! Limits that count by an identity set.

use super::error::Error;
use super::scalar::Rule as Scope;
use crate::ir::{self, Identifier, IdentityId, KeyPart, key};
use crate::source::Location;

/// The key of `per same …` in a rule: its event must say whose it is.
pub fn key(scope: &mut Scope<'_, '_>, identity: usize, at: Location) -> Option<KeyPart> {
    let hir = scope.checker.hir;
    let resolved = hir.identities.get(identity)?;
    let said = resolved.events.iter().find(|(event, _)| *event == scope.event).map(|(_, all)| all);
    let Some(said) = said else {
        let spelling = scope.checker.spelling(at);
        let known = resolved.events.iter().filter_map(|(event, _)| hir.schema.events.get(event.index()));
        let known = known.map(|e| e.name.said(spelling).to_owned()).collect();
        let event = hir.schema.events.get(scope.event.index()).map_or("", |e| e.name.said(spelling)).to_owned();
        scope.error(at, Error::NoIdentity { at, event, known });
        return None;
    };
    // One that is always known is enough; else they all may be unknown, and whose it is then is not said.
    if !said.iter().any(|(_, fact)| scope.is_known(fact))
        && let Some((_, fact)) = said.first()
    {
        scope.require(fact, at);
    }
    let id = |name: &str| key::stable_id(&format!("identity/{}/{name}", resolved.name));
    let identifiers = |all: &[(String, crate::hir::Fact)]| {
        let one = |(sort, fact): &(String, crate::hir::Fact)| Identifier {
            sort: key::stable_id(&format!("identifier/{sort}")),
            word: fact.word,
            present: fact.present,
        };
        all.iter().map(one).collect()
    };
    let new = ir::Identity {
        name: resolved.name.clone(),
        counters: [id("low"), id("high"), id("size")],
        events: resolved.events.iter().map(|(event, all)| (*event, identifiers(all))).collect(),
        limits: Vec::new(),
    };
    let all = &mut scope.checker.identities;
    let found = all.iter().position(|known| known.name == new.name).unwrap_or_else(|| {
        all.push(new);
        all.len() - 1
    });
    Some(KeyPart::Same(IdentityId(u32::try_from(found).ok()?)))
}
