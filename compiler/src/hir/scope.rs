//! What a name means inside a rule: facts and parties of its event, `let` names, links.

use super::error::{Error, NameKind};
use super::from_ast::Context;
use super::model::{FactType, Member};
use super::sets::Report;
use super::{Expr, ExprKind, Fact, Link, Party};
use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::ir::schema::{EventSchema, Field, FieldType};
use crate::ir::{EventId, Word};
use crate::source::{Location, SourceId, Span, Spelling};

/// A `let` with the file it is in.
#[derive(Clone, Copy, Debug)]
pub struct LetDef<'a> {
    /// Its name.
    pub name: &'a ast::Name,
    /// What it stands for.
    pub value: &'a ast::Expr,
    /// Its file.
    pub home: (SourceId, Spelling),
}

/// Names as seen from one rule.
pub struct Scope<'a> {
    /// The package.
    pub cx: &'a Context<'a>,
    /// The file.
    pub source: SourceId,
    /// Its spelling.
    pub spelling: Spelling,
    /// The rule's event.
    pub event: EventId,
    /// `let` names in reach, innermost last.
    pub lets: Vec<LetDef<'a>>,
    /// Names being resolved, to find cycles.
    pub open: Vec<String>,
    /// The policy.
    pub policy: String,
    /// What the rule's state is keyed by, below the policy.
    pub rule: String,
    /// How many expressions the rule has resolved, those behind its `let` names each time they are used.
    pub size: usize,
    /// How many pools the rule has resolved.
    pub pools: usize,
    /// The policy's campaign in seconds, for `this campaign`.
    pub during: Option<(i64, i64)>,
    /// The findings.
    pub out: &'a mut Diagnostics,
}

impl<'a> Scope<'a> {
    /// Names as seen from a rule of `policy` on `event`.
    pub fn new(
        cx: &'a Context<'a>,
        (source, spelling): (SourceId, Spelling),
        event: EventId,
        lets: &[LetDef<'a>],
        policy: &str,
        during: Option<(i64, i64)>,
        out: &'a mut Diagnostics,
    ) -> Scope<'a> {
        let (lets, policy) = (lets.to_vec(), policy.to_owned());
        let (open, rule) = (Vec::new(), String::new());
        Scope { cx, source, spelling, event, lets, open, policy, rule, size: 0, pools: 0, during, out }
    }

    /// A span of this rule's file.
    pub fn at(&self, span: Span) -> Location {
        span.at(self.source)
    }

    /// Adds an error.
    pub fn error(&mut self, e: Error) {
        self.out.push(e.into_diagnostic(self.spelling));
    }

    /// For helpers that report by themselves.
    pub fn report(&mut self) -> Report<'_> {
        Report { source: self.source, spelling: self.spelling, out: self.out }
    }

    /// The rule's event.
    pub fn schema(&self) -> &'a EventSchema {
        self.cx.event(self.event)
    }

    /// The name people use for the rule's event.
    pub fn event_name(&self) -> String {
        self.schema().name.said(self.spelling).to_owned()
    }

    /// A path as an expression: a `let`, a fact, a party, or a fact through a link.
    pub fn path(&mut self, path: &ast::Path) -> Expr {
        let at = self.at(path.span);
        let error = Expr { kind: ExprKind::Error, at };
        let Some((first, rest)) = path.parts.split_first() else { return error };
        if let Some(def) = self.lets.iter().rev().find(|l| l.name.text == first.text).copied() {
            let value = self.let_value(def, at);
            return match (value.kind, rest) {
                (kind, []) => Expr { kind, at },
                (ExprKind::Link(link), rest) => match self.linked(&link, rest, path) {
                    Some(fact) => Expr { kind: ExprKind::Fact(fact), at },
                    None => error,
                },
                (ExprKind::Cell(row), [column]) if row.column.is_none() => {
                    super::table::at(self.column(*row, column), at)
                }
                (ExprKind::Error, _) => error,
                _ => {
                    self.error(Error::NotAParty { at, name: first.text.clone() });
                    error
                }
            };
        }
        match self.fact(path) {
            Some(fact) => Expr { kind: ExprKind::Fact(fact), at },
            None => error,
        }
    }

    fn let_value(&mut self, def: LetDef<'a>, at: Location) -> Expr {
        if self.open.contains(&def.name.text) {
            self.error(Error::Cycle { at, name: def.name.text.clone() });
            return Expr { kind: ExprKind::Error, at };
        }
        self.open.push(def.name.text.clone());
        // What is wrong in it is shown where it stands: a template's `let` is in another file than its instance.
        let here = (self.source, self.spelling);
        (self.source, self.spelling) = def.home;
        let value = self.expr(def.value);
        (self.source, self.spelling) = here;
        self.open.pop();
        value
    }

    /// A fact of this event; reports what is missing.
    pub fn fact(&mut self, path: &ast::Path) -> Option<Fact> {
        let names: Vec<&str> = path.parts.iter().map(|p| p.text.as_str()).collect();
        if let Some(fact) = self.cx.fact(self.event, &names) {
            return Some(fact);
        }
        let at = self.at(path.span);
        if names == ["region"] || names == ["区域"] {
            return self.only_region(path.span, "by region");
        }
        let first = path.parts.first()?;
        let model = &self.cx.model;
        let member =
            model.role(&first.text).map(Member::Role).or_else(|| model.entity(&first.text).map(Member::Entity));
        let known = self.cx.fact(self.event, &[first.text.as_str()]).is_some();
        if let (Some(member), false) = (member, known) {
            let knowing = self.cx.events_knowing(member, self.spelling);
            self.error(Error::UnknownParty { at, role: first.text.clone(), event: self.event_name(), knowing });
        } else if let (Some(pack), false) = (model.pack(&first.text), known) {
            let pack = model.packs.get(pack).map(|p| p.said(self.spelling).to_owned()).unwrap_or_default();
            self.error(Error::NotOnEvent { at, pack, event: self.event_name() });
        } else {
            let mut choices: Vec<String> = self.schema().fields.iter().map(|f| said(f, self.spelling)).collect();
            choices.extend(self.lets.iter().map(|l| l.name.text.clone()));
            self.error(Error::unknown(at, NameKind::Value, &names.join("."), choices));
        }
        None
    }

    /// The one region fact of the event, or an error that lists them.
    pub fn only_region(&mut self, span: Span, clause: &'static str) -> Option<Fact> {
        let fields = self.schema().fields.iter().filter(|f| f.ty == FieldType::Region);
        let fields: Vec<&Field> = fields.collect();
        let at = self.at(span);
        match fields.as_slice() {
            [] => {
                self.error(Error::NoRegion { at, event: self.event_name() });
                None
            }
            [one] => {
                let names: Vec<&str> = one.path.iter().map(|n| n.name.as_str()).collect();
                self.cx.fact(self.event, &names)
            }
            _ => {
                let choices = fields.iter().map(|f| said(f, self.spelling)).collect();
                self.error(Error::WhichRegion { at, choices, clause });
                None
            }
        }
    }

    /// A fact's name as this file would write it.
    pub fn said(&self, fact: &Fact) -> String {
        let event = self.cx.event(fact.link.as_ref().map_or(self.event, |link| link.event));
        let Some(field) = event.fields.iter().find(|f| f.word == fact.word) else { return fact.name.clone() };
        let name = said(field, self.spelling);
        match (&fact.link, fact.name.split_once('.')) {
            (Some(_), Some((link, _))) => format!("{link}.{name}"),
            _ => name,
        }
    }

    /// The product of the event.
    pub fn product(&mut self, span: Span) -> Option<Word> {
        let found = self.schema().fields.iter().find(|f| f.ty == FieldType::Product && f.path.len() == 1);
        let word = found.map(|f| f.word);
        if word.is_none() {
            let at = self.at(span);
            self.error(Error::NoProduct { at, event: self.event_name() });
        }
        word
    }

    /// A party, entity or code.
    pub fn party(&mut self, path: &ast::Path) -> Option<Party> {
        let at = self.at(path.span);
        let expr = self.path(path);
        match expr.kind {
            ExprKind::Fact(fact) => match fact.ty {
                FactType::Role(role) => Some(Party { role: Some(role), fact, at }),
                FactType::Entity(_) | FactType::Text => Some(Party { role: None, fact, at }),
                _ => {
                    self.error(Error::NotAParty { at, name: self.said(&fact) });
                    None
                }
            },
            ExprKind::Error => None,
            _ => {
                let name = path.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(".");
                self.error(Error::NotAParty { at, name });
                None
            }
        }
    }

    /// A fact of a linked event.
    fn linked(&mut self, link: &Link, rest: &[ast::Name], path: &ast::Path) -> Option<Fact> {
        let names: Vec<&str> = rest.iter().map(|p| p.text.as_str()).collect();
        let at = self.at(path.span);
        if let Some(mut fact) = self.cx.fact(link.event, &names) {
            fact.link = Some(link.clone());
            // Part of what a counter is known by: the same in both spellings.
            let first = path.parts.first().map_or("", |p| p.text.as_str());
            fact.name = format!("{first}.{}", fact.name);
            return Some(fact);
        }
        let event = self.cx.event(link.event).name.said(self.spelling).to_owned();
        let first = rest.first().map(|n| n.text.clone()).unwrap_or_default();
        let model = &self.cx.model;
        let member = model.role(&first).map(Member::Role).or_else(|| model.entity(&first).map(Member::Entity));
        match member {
            Some(member) if self.cx.fact(link.event, &[first.as_str()]).is_none() => {
                let knowing = self.cx.events_knowing(member, self.spelling);
                self.error(Error::UnknownParty { at, role: first, event, knowing });
            }
            _ => {
                let choices = self.cx.event(link.event).fields.iter().map(|f| said(f, self.spelling)).collect();
                self.error(Error::unknown(at, NameKind::EventFact, &names.join("."), choices));
            }
        }
        None
    }

    /// A declared event by name.
    pub fn event_named(&mut self, name: &ast::Name) -> Option<EventId> {
        let found = self.cx.event_named(&name.text);
        if found.is_none() {
            let choices = self.cx.model.events.iter().map(|e| e.name.said(self.spelling).to_owned()).collect();
            let at = self.at(name.span);
            self.error(Error::unknown(at, NameKind::Event, &name.text, choices));
        }
        found
    }
}

/// A field as a file of this spelling would write it: for messages.
pub fn said(field: &Field, spelling: Spelling) -> String {
    let mut names: Vec<&str> = field.path.iter().map(|n| n.said(spelling)).collect();
    if names.len() > 1 && field.path.last().is_some_and(|n| n.name == "id") {
        names.pop();
    }
    names.join(".")
}

/// `store.grade`; a party's own id is spelled `store`.
pub fn spelled(field: &Field) -> String {
    let mut names: Vec<&str> = field.path.iter().map(|n| n.name.as_str()).collect();
    if names.len() > 1 && names.last() == Some(&"id") {
        names.pop();
    }
    names.join(".")
}
