//! Regions that only the event knows: `place in distributor.territory`.

use super::error::Error;
use super::model::FactType;
use super::scope::Scope;
use super::{Expr, ExprKind};
use crate::ast;

impl Scope<'_> {
    /// `place in distributor.territory`
    pub(super) fn inside(&mut self, value: &ast::Expr, outer: &ast::Expr, negated: bool) -> Option<ExprKind> {
        let (value, outer) = (self.region(value), self.region(outer));
        Some(ExprKind::Inside(Box::new(value?), Box::new(outer?), negated))
    }

    /// A value that is a region: a fact, or a cell of a data table.
    fn region(&mut self, value: &ast::Expr) -> Option<Expr> {
        let value = self.expr(value);
        let ty = match &value.kind {
            ExprKind::Fact(fact) => Some(fact.ty.clone()),
            ExprKind::Cell(cell) => cell.column.and_then(|at| {
                let columns = &self.cx.tables.get(cell.row.table)?.columns;
                Some(columns.get(at)?.ty.clone())
            }),
            ExprKind::Error => return None,
            _ => None,
        };
        if ty != Some(FactType::Region) {
            self.error(Error::NotARegion { at: value.at });
            return None;
        }
        Some(value)
    }

    /// The region fact or `let` that is all there is of a set, unless a region has that name.
    pub(super) fn region_named(&mut self, set: &ast::SetExpr) -> Option<ast::Expr> {
        let [item] = set.items.as_slice() else { return None };
        let (ast::SetAtom::Named(name), []) = (&item.atom, item.except.as_slice()) else { return None };
        let fact = self.cx.fact(self.event, &[name.text.as_str()]);
        let named = fact.is_some_and(|fact| fact.ty == FactType::Region)
            || self.lets.iter().any(|binding| binding.name.text == name.text);
        if !named || self.cx.schema.regions.resolve(&name.text).is_ok() {
            return None;
        }
        let path = ast::Path { parts: vec![name.clone()], same: false, span: name.span };
        Some(ast::Expr { kind: ast::ExprKind::Path(path), span: name.span })
    }
}
