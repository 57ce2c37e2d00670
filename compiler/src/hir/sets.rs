//! Products and regions as sets of ids: a region is itself and all below it, less its exceptions.

use super::error::{Error, NameKind};
use super::from_ast::Context;
use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::ir::IntervalSet;
use crate::regions::ResolveError;
use crate::source::{SourceId, Spelling};

/// Which tree a set is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tree {
    /// Products and categories.
    Products,
    /// Regions.
    Regions,
}

/// Where messages about a set go.
pub struct Report<'a> {
    /// The file.
    pub source: SourceId,
    /// Its spelling.
    pub spelling: Spelling,
    /// The findings.
    pub out: &'a mut Diagnostics,
}

impl Report<'_> {
    /// Adds an error.
    pub fn error(&mut self, e: Error) {
        self.out.push(e.into_diagnostic(self.spelling));
    }

    /// A text that is published as it stands must say something.
    pub fn not_blank(&mut self, text: &ast::Text, clause: &'static str) {
        if text.text.trim().is_empty() {
            self.error(Error::Blank { at: text.span.at(self.source), clause });
        }
    }
}

/// The ids of a written set. Unknown names are reported and stand for everything, so that they contradict nothing.
pub fn set(cx: &Context<'_>, tree: Tree, set: &ast::SetExpr, report: &mut Report<'_>) -> IntervalSet {
    let mut all = IntervalSet::empty();
    for item in &set.items {
        let found = atom(cx, tree, &item.atom, report);
        let unknown = found.is_none();
        let mut ids = found.unwrap_or_else(|| everything(cx, tree));
        for except in &item.except {
            let Some(less) = atom(cx, tree, except, report) else { continue };
            if unknown {
                continue;
            }
            if ids.intersect(&less).is_empty() {
                let at = atom_span(except).at(report.source);
                report.error(Error::ExceptOutside { at, name: atom_text(except), outer: atom_text(&item.atom) });
            }
            ids = ids.minus(&less);
        }
        all = all.union(&ids);
    }
    all
}

fn everything(cx: &Context<'_>, tree: Tree) -> IntervalSet {
    match tree {
        Tree::Products => IntervalSet::range(0, cx.schema.products.len() as i64),
        Tree::Regions => IntervalSet::range(0, cx.schema.regions.len() as i64),
    }
}

/// The ids of one written thing.
pub fn atom(cx: &Context<'_>, tree: Tree, atom: &ast::SetAtom, report: &mut Report<'_>) -> Option<IntervalSet> {
    match (tree, atom) {
        (_, ast::SetAtom::All(_)) => Some(everything(cx, tree)),
        (Tree::Products, ast::SetAtom::Category(name)) => match cx.catalogue.category(&name.text) {
            Ok((lo, hi)) => Some(IntervalSet::range(lo, hi)),
            Err(ResolveError::Unknown { suggestions }) => {
                let at = name.span.at(report.source);
                report.error(Error::unknown(at, NameKind::Category, &name.text, suggestions));
                None
            }
            Err(ResolveError::Ambiguous { choices }) => {
                let at = name.span.at(report.source);
                report.error(Error::AmbiguousCategory { at, name: name.text.clone(), choices });
                None
            }
        },
        (Tree::Products, ast::SetAtom::Named(name)) => match cx.catalogue.sku(&name.text) {
            Some(id) => Some(IntervalSet::one(i64::from(id))),
            None => {
                let at = name.span.at(report.source);
                let known = cx.schema.products.iter().map(|p| p.sku.clone()).collect();
                report.error(Error::unknown_item(cx, at, NameKind::Product, &name.text, known));
                None
            }
        },
        (Tree::Regions, ast::SetAtom::Category(name) | ast::SetAtom::Named(name)) => {
            let at = name.span.at(report.source);
            match cx.schema.regions.resolve(&name.text) {
                Ok(id) => {
                    let (lo, hi) = cx.schema.regions.range(id);
                    Some(IntervalSet::range(lo, hi))
                }
                Err(ResolveError::Unknown { suggestions }) => {
                    report.error(Error::UnknownRegion { at, name: name.text.clone(), close: suggestions });
                    None
                }
                Err(ResolveError::Ambiguous { choices }) => {
                    report.error(Error::AmbiguousRegion { at, name: name.text.clone(), choices });
                    None
                }
            }
        }
    }
}

/// As written, for messages.
pub fn atom_text(atom: &ast::SetAtom) -> String {
    match atom {
        ast::SetAtom::Category(name) | ast::SetAtom::Named(name) => name.text.clone(),
        ast::SetAtom::All(_) => "all".into(),
    }
}

/// Where it stands.
pub fn atom_span(atom: &ast::SetAtom) -> crate::source::Span {
    match atom {
        ast::SetAtom::Category(name) | ast::SetAtom::Named(name) => name.span,
        ast::SetAtom::All(span) => *span,
    }
}

/// Rows made disjoint: the most specific row wins, so a smaller set is taken out of every set that holds it.
/// Siblings never overlap in a tree; two rows for one place are an error.
pub fn most_specific_wins<T>(rows: Vec<(IntervalSet, T)>) -> Vec<(IntervalSet, T)> {
    let sets: Vec<IntervalSet> = rows.iter().map(|r| r.0.clone()).collect();
    rows.into_iter()
        .map(|(set, value)| {
            let inner = sets.iter().filter(|other| **other != set && other.minus(&set).is_empty());
            let own = inner.fold(set.clone(), |left, other| left.minus(other));
            (own, value)
        })
        .collect()
}
