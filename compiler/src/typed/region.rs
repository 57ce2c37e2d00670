//! Whether a region lies in another that only the event knows.

use super::build;
use super::scalar::Rule;
use super::{Expr, Table, Type};
use crate::hir;
use crate::source::Location;

impl Rule<'_, '_> {
    /// A region lies in another, or is it: ids are numbered so that all below a region follow it.
    pub(super) fn inside(&mut self, inner: &hir::Expr, outer: &hir::Expr, at: Location) -> Expr {
        let (inner, outer) = (self.scalar(inner), self.scalar(outer));
        if inner.ty == Type::Error || outer.ty == Type::Error {
            return Expr::error(at).typed(Type::Bool);
        }
        let end = self.tabled(Table::RegionEnd, outer.clone(), Type::Region, at);
        build::and(build::le(outer, inner.clone(), at), build::lt(inner, end, at), at)
    }
}
