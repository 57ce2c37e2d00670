//! Invariants as limits: the bound that each rule brings along because of what it pays and on which event.

use super::error::Error;
use super::from_hir::nowhere;
use super::scalar::{Checker, GREATEST_SUM, MILLION};
use super::{Award, Type};
use crate::ast;
use crate::hir::invariant::{Invariant, Most, Of, Sum};
use crate::ir::schema::{Field, FieldType};
use crate::ir::{self, Beyond, EventId, KeyPart, KindId, LimitUnit, Window, key};

/// A checked invariant.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Index into the package's invariants.
    pub index: usize,
    /// The limit it is.
    pub limit: ir::Limit,
    /// True as soon as some rule is held by it.
    pub used: bool,
}

/// Checks all invariants of the package.
pub fn check(checker: &mut Checker<'_>) {
    for (index, invariant) in checker.hir.invariants.iter().enumerate() {
        let limit = limit(checker, invariant);
        checker.invariants.extend(limit.map(|limit| Checked { index, limit, used: false }));
    }
}

/// An invariant that no rule is held by comforts without reason.
pub fn report_idle(checker: &mut Checker<'_>) {
    let idle: Vec<usize> = checker.invariants.iter().filter(|i| !i.used).map(|i| i.index).collect();
    for invariant in idle.into_iter().filter_map(|i| checker.hir.invariants.get(i)) {
        checker.error(invariant.at, Error::IdleInvariant { at: invariant.at, name: invariant.name.clone() });
    }
}

fn limit(checker: &mut Checker<'_>, i: &Invariant) -> Option<ir::Limit> {
    let class = |kind: usize| checker.hir.model.kinds.get(kind).and_then(|k| k.class);
    let (unit, only_kind) = match i.sum {
        Sum::All => (LimitUnit::Cost, None),
        Sum::Dearest => (LimitUnit::Dearest, None),
        Sum::Kind(kind) if class(kind) == Some(ast::RewardClass::Points) => (LimitUnit::Amount, Some(kind)),
        // As the policies say it, on the side of the tax they say it on: the bound is said of the same thing.
        Sum::Kind(kind) if class(kind) == Some(ast::RewardClass::Money) => (LimitUnit::Fen, Some(kind)),
        Sum::Kind(kind) => (LimitUnit::Cost, Some(kind)),
    };
    let one_event = matches!(i.of, Of::AnyEvent | Of::Event(_)) || unit == LimitUnit::Dearest;
    if i.window.is_some() && one_event {
        checker.error(i.at, Error::InvariantWindow { at: i.at });
    }
    let (max, of_price) = match &i.most {
        Most::Sum(e) => {
            let value = nowhere(checker).scalar(e);
            let wanted = if unit == LimitUnit::Amount { Type::Points } else { Type::Money };
            if value.ty == Type::Error {
                return None;
            }
            let max = value.as_const().filter(|v| value.ty == wanted && (1..=GREATEST_SUM).contains(v));
            if max.is_none() {
                checker.error(e.at, Error::InvariantBound { at: e.at, points: wanted == Type::Points });
            }
            (max?, None)
        }
        Most::OfPrice { rate, pack, at } => {
            let pack = pack.or(if let Of::Code(pack) = i.of { Some(pack) } else { None });
            let of_goods = matches!(i.of, Of::Code(_) | Of::AnyEvent | Of::Event(_));
            let Some(pack) = pack.filter(|_| of_goods && unit != LimitUnit::Amount) else {
                checker.error(*at, Error::InvariantPrice { at: *at });
                return None;
            };
            let Some(ppm) = crate::hir::expr::ppm(rate).filter(|ppm| (1..=100 * MILLION).contains(ppm)) else {
                checker.error(*at, Error::FineRate { at: *at });
                return None;
            };
            (0, Some(ir::OfPrice { pack: u32::try_from(pack).ok()?, ppm }))
        }
    };
    let only_role = if let Of::Role(role) = i.of { u32::try_from(role).ok() } else { None };
    Some(ir::Limit {
        counter: key::stable_id(&i.identity),
        max,
        unit,
        window: if one_event { Window::Event } else { i.window.unwrap_or(Window::Ever) },
        beyond: Beyond::Skip,
        only_role,
        once: false,
        invariant: Some(ir::Invariant {
            name: i.name.clone(),
            only_kind: only_kind.and_then(|kind| u32::try_from(kind).ok()).map(KindId),
            per_payee: only_role.is_some(),
            of_price,
        }),
        at: i.at,
    })
}

/// The invariants a rule is held by: those that count something it pays, by something its event knows.
pub fn uses(checker: &mut Checker<'_>, event: EventId, awards: &[Award]) -> Vec<(ir::Limit, Vec<KeyPart>)> {
    let mut found = Vec::new();
    let mut checked = std::mem::take(&mut checker.invariants);
    for one in &mut checked {
        let Some(invariant) = checker.hir.invariants.get(one.index) else { continue };
        let counted = awards.iter().any(|award| pays(&one.limit, award));
        let Some(key) = key_in(checker, event, &invariant.of).filter(|_| counted) else { continue };
        one.used = true;
        found.push((one.limit.clone(), key));
    }
    checker.invariants = checked;
    found
}

/// Can an award be one of those a limit counts?
fn pays(limit: &ir::Limit, award: &Award) -> bool {
    let kind = limit.invariant.as_ref().and_then(|i| i.only_kind).is_none_or(|k| k.index() == award.leaf.kind);
    let costs = limit.unit == LimitUnit::Amount || award.leaf.unit_cost > 0;
    kind && costs && limit.only_role.is_none_or(|role| award.payees.iter().any(|payee| payee.role == role))
}

/// What an event is counted by, or `None` if it does not know it.
fn key_in(checker: &Checker<'_>, event: EventId, of: &Of) -> Option<Vec<KeyPart>> {
    let model = &checker.hir.model;
    let layout = checker.hir.schema.events.get(event.index())?;
    let is_id = |f: &&Field| f.ty == FieldType::Id;
    let field = match of {
        Of::AnyEvent | Of::Role(_) => return Some(Vec::new()),
        Of::Event(kind) => return (*kind == event).then(Vec::new),
        Of::Code(pack) => {
            let pack = model.packs.get(*pack)?;
            layout.fields.iter().filter(is_id).find(|f| f.path.len() == 1 && f.path.first() == Some(pack))?
        }
        Of::Entity(entity) => {
            let name = &model.entities.get(*entity)?.name;
            let own = |f: &&Field| f.path.first() == Some(name) && f.path.last().is_some_and(|n| n.name == "id");
            layout.fields.iter().filter(is_id).find(|f| f.path.len() == 2 && own(f))?
        }
    };
    Some(vec![KeyPart::Id { word: field.word, present: field.present }])
}
