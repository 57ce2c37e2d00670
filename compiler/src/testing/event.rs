//! One event of a test as JSON.

use super::Builder;
use crate::ast::{self, ExprKind, Name, TestFact};
use crate::calendar;
use crate::hir::error::{Error, NameKind};
use crate::hir::expr;
use crate::hir::layout::ORIGINAL;
use crate::ir::schema::{EventSchema, Field, FieldType, Named};
use crate::regions::ResolveError;
use serde_json::{Map, Value};

/// A party, entity or code that a test has introduced.
pub(crate) struct Given<'a> {
    /// Its name in the test; also its id.
    pub(crate) name: String,
    /// Canonical name of its role, entity or pack.
    pub(crate) kind: String,
    facts: &'a [TestFact],
}

impl<'a> Builder<'a> {
    /// `given …`
    pub(super) fn given(&mut self, kind: &Name, names: &'a [Name], facts: &'a [TestFact]) {
        let model = &self.hir.model;
        let role = model.role(&kind.text).and_then(|r| model.roles.get(r)).map(|r| &r.name);
        let entity = model.entity(&kind.text).and_then(|e| model.entities.get(e)).map(|e| &e.name);
        let pack = model.pack(&kind.text).and_then(|p| model.packs.get(p));
        let Some(found) = role.or(entity).or(pack) else {
            let mut choices: Vec<String> = model.roles.iter().map(|r| r.name.said(self.spelling).to_owned()).collect();
            choices.extend(model.entities.iter().map(|e| e.name.said(self.spelling).to_owned()));
            choices.extend(model.packs.iter().map(|p| p.said(self.spelling).to_owned()));
            let at = kind.span.at(self.source);
            self.error(Error::unknown(at, NameKind::RoleOrEntity, &kind.text, choices));
            return;
        };
        for name in names {
            self.given.push(Given { name: name.text.clone(), kind: found.name.clone(), facts });
        }
    }

    /// The event as JSON. Facts the test does not give are left out: the decoder says if they were needed. Who or what a
    /// repeated step does not name, and the event must know, is somebody new each time.
    pub(super) fn event(
        &mut self,
        event: &EventSchema,
        second: i64,
        of: Option<&Name>,
        by: &[Name],
        facts: &'a [TestFact],
        repeated: bool,
    ) -> String {
        self.events += 1;
        if event.after.is_none() {
            self.last = self.events;
        }
        let mut json = Map::new();
        json.insert("id".into(), format!("t{}", self.events).into());
        json.insert("event".into(), event.name.name.clone().into());
        let at = calendar::print_rfc3339(second, self.hir.schema.utc_offset).unwrap_or_default();
        json.insert("time".into(), at.into());
        self.report_unknown_facts(event, facts);
        for field in &event.fields {
            match field.path.as_slice() {
                [one] if one.name == "time" || one.name == "id" => {}
                [one] => {
                    if let Some(value) = self.plain(event, field, one, of, facts) {
                        json.insert(one.name.clone(), value);
                    }
                }
                [member, fact] => {
                    let new = (repeated && field.present.is_none()).then(|| format!("{}-{}", member.name, self.events));
                    let Some(name) = self.member(member, of, by, facts).or(new) else { continue };
                    let value =
                        if fact.name == "id" { Some(Value::from(name)) } else { self.fact_of(&name, field, fact) };
                    if let (Some(value), Some(Value::Object(object))) =
                        (value, Some(json.entry(member.name.clone()).or_insert_with(|| Map::new().into())))
                    {
                        object.insert(fact.name.clone(), value);
                    }
                }
                _ => {}
            }
        }
        Value::Object(json).to_string()
    }

    fn report_unknown_facts(&mut self, event: &EventSchema, facts: &[TestFact]) {
        for fact in facts {
            let known = event.fields.iter().any(|f| f.path.first().is_some_and(|n| n.is(&fact.name.text)));
            if !known {
                let mut choices: Vec<String> = Vec::new();
                for field in &event.fields {
                    choices.extend(field.path.first().map(|n| n.said(self.spelling).to_owned()));
                }
                choices.dedup();
                let at = fact.name.span.at(self.source);
                self.error(Error::unknown(at, NameKind::EventFact, &fact.name.text, choices));
            }
        }
    }

    /// A code, the product, or a fact of the event itself.
    fn plain(
        &mut self,
        event: &EventSchema,
        field: &Field,
        name: &Named,
        of: Option<&Name>,
        facts: &'a [TestFact],
    ) -> Option<Value> {
        if let Some(fact) = facts.iter().find(|f| name.is(&f.name.text)) {
            return self.value(field, fact);
        }
        if name.name == ORIGINAL && event.after.is_some() {
            // The event before it, as `again` means it.
            return Some(format!("t{}", self.last).into());
        }
        let scanned = self
            .hir
            .schema
            .packs
            .iter()
            .position(|p| event.fields.iter().any(|f| f.path.len() == 1 && f.path.first() == Some(p)));
        let scanned = scanned?;
        let pack = self.hir.schema.packs.iter().position(|p| p == name);
        // A test that names no code means a new one each time.
        let code = of.map_or_else(|| format!("code-{}", self.events), |n| n.text.clone());
        if let Some(pack) = pack {
            return Some(self.container(&code, scanned, pack).into());
        }
        if name.name == "product" {
            return self.product_of(&code);
        }
        None
    }

    /// The code of an outer pack around a code: as given, else made up from the inner one.
    fn container(&self, code: &str, from: usize, to: usize) -> String {
        let mut current = code.to_owned();
        for pack in from..to {
            let inside = self.given.iter().find(|g| g.name == current).and_then(|g| {
                let fact = g.facts.iter().find(|f| f.name.text == "in")?;
                text(&fact.value)
            });
            let outer = self.hir.schema.packs.get(pack + 1).map_or("", |p| p.name.as_str());
            current = inside.unwrap_or_else(|| format!("{outer}-of-{current}"));
        }
        current
    }

    /// The product of a code, or of the pack it lies in.
    fn product_of(&mut self, code: &str) -> Option<Value> {
        let mut current = code.to_owned();
        for _ in 0..=self.hir.schema.packs.len() {
            let given = self.given.iter().find(|g| g.name == current)?;
            let named = |what: &[&str]| given.facts.iter().find(|f| what.contains(&f.name.text.as_str()));
            if let Some(fact) = named(&["product", "产品"]) {
                return self.known(&FieldType::Product, fact).map(Value::from);
            }
            current = text(&named(&["in"])?.value)?;
        }
        None
    }

    /// Who plays a role in the event: named in its facts, acting, what it is about, or the party's employer.
    fn member(&mut self, member: &Named, of: Option<&Name>, by: &[Name], facts: &[TestFact]) -> Option<String> {
        if let Some(fact) = facts.iter().find(|f| member.is(&f.name.text)) {
            return text(&fact.value);
        }
        let plays = |name: &str| self.given.iter().any(|g| g.name == name && g.kind == member.name);
        let named = by.iter().chain(of).find(|n| plays(&n.text));
        if let Some(name) = named {
            return Some(name.text.clone());
        }
        // What the thing the event is about says of its own parties: a banquet's host and store.
        let about =
            self.given.iter().filter(|g| of.is_some_and(|n| n.text == g.name) || by.iter().any(|n| n.text == g.name));
        about.flat_map(|g| g.facts).find(|f| member.is(&f.name.text)).and_then(|f| text(&f.value))
    }

    fn fact_of(&mut self, party: &str, field: &Field, fact: &Named) -> Option<Value> {
        let given = self.given.iter().find(|g| g.name == party)?;
        let found = given.facts.iter().find(|f| fact.is(&f.name.text))?;
        self.value(field, found)
    }

    /// A name, if there is such a product or region.
    fn known(&mut self, ty: &FieldType, fact: &TestFact) -> Option<String> {
        let at = fact.value.span.at(self.source);
        let Some(name) = text(&fact.value) else {
            self.error(Error::NotAmount { at });
            return None;
        };
        let schema = &self.hir.schema;
        match ty {
            FieldType::Product if !schema.products.iter().any(|p| p.sku == name) => {
                let choices = schema.products.iter().map(|p| p.sku.clone()).collect();
                self.error(Error::unknown(at, NameKind::Product, &name, choices));
                None
            }
            FieldType::Region => match schema.regions.resolve(&name) {
                Ok(_) => Some(name),
                Err(ResolveError::Unknown { suggestions }) => {
                    self.error(Error::UnknownRegion { at, name, close: suggestions });
                    None
                }
                Err(ResolveError::Ambiguous { choices }) => {
                    self.error(Error::AmbiguousRegion { at, name, choices });
                    None
                }
            },
            _ => Some(name),
        }
    }

    /// A value in the form the event's JSON wants.
    fn value(&mut self, field: &Field, fact: &TestFact) -> Option<Value> {
        let at = fact.value.span.at(self.source);
        let value = match (&fact.value.kind, &field.ty) {
            (ExprKind::Number(n), FieldType::Number { .. }) => {
                expr::fact_bound(n, &n.unit, &self.hir.model).map(Value::from)
            }
            (ExprKind::Date(d), FieldType::Instant) => calendar::instant(d, self.hir.schema.utc_offset)
                .ok()
                .and_then(|s| calendar::print_rfc3339(s, self.hir.schema.utc_offset))
                .map(Value::from),
            (ExprKind::Date(d), _) => {
                calendar::day(d.year, d.month, d.day).ok().and_then(calendar::print_day).map(Value::from)
            }
            (ExprKind::Yes, _) => Some(true.into()),
            (ExprKind::No, _) => Some(false.into()),
            (_, FieldType::Number { .. }) => None,
            _ => return self.known(&field.ty, fact).map(Value::from),
        };
        if value.is_none() {
            self.error(Error::NotAmount { at });
        }
        value
    }
}

/// A name or a bare number as text.
/// The names of all parties, codes and entities of a test that are given, act or are named in a fact.
pub(super) fn mentioned(steps: &[ast::Step]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for step in steps {
        let (names, facts): (Vec<&Name>, &[TestFact]) = match &step.kind {
            ast::StepKind::Given { names, facts, .. } => (names.iter().collect(), facts),
            ast::StepKind::At { of, by, facts, .. } => (of.iter().chain(by).collect(), facts),
            ast::StepKind::Close { party, facts, .. } => (vec![party], facts),
            ast::StepKind::Expect(_) => continue,
        };
        all.extend(names.into_iter().map(|name| name.text.clone()));
        all.extend(facts.iter().filter_map(|fact| text(&fact.value)));
    }
    all
}

fn text(e: &ast::Expr) -> Option<String> {
    match &e.kind {
        ExprKind::Path(p) => Some(p.parts.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join(".")),
        ExprKind::Number(n) if n.scale == 0 => Some(n.mantissa.to_string()),
        _ => None,
    }
}
