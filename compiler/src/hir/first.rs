//! `only the first 100 stores`: how many parties a rule pays at all.

use super::scope::Scope;
use super::{Expr, ExprKind, Limit, Unit, expr};
use crate::ast;
use crate::ir::{Window, key};
use crate::source::Location;

impl Scope<'_> {
    /// A limit on how many parties are paid: whom it counts is known by the event in the singular.
    pub(super) fn first_parties(&mut self, first: &ast::First, at: Location) -> Option<Limit> {
        let name = &first.of;
        let one = name.text.strip_suffix('s').filter(|one| self.cx.fact(self.event, &[one]).is_some());
        let name = ast::Name { text: one.unwrap_or(&name.text).to_owned(), span: name.span };
        let party = self.party(&ast::Path { span: name.span, parts: vec![name], same: false })?;
        let window = first.window.map_or(Window::Ever, expr::window);
        // What is counted is the counter's identity; the bound may change and the count goes on.
        let id = format!("first/{}/{}/{}/{window:?}", self.policy, self.rule, party.fact.name);
        let max = ExprKind::Number(first.max.mantissa, first.max.scale, Unit::Plain);
        Some(Limit {
            max: Expr { kind: max, at: self.at(first.max.span) },
            per_names: vec![party.fact.name.clone()],
            per: vec![party],
            same: None,
            window,
            only: None,
            beyond: first.beyond.map(|(beyond, _)| beyond),
            once: false,
            apart: false,
            parties: true,
            counter: key::stable_id(&id),
            at,
        })
    }
}
