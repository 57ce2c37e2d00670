//! Products and regions.

use super::{Builder, Pair};
use crate::ast::{Name, SetAtom, SetExpr, SetItem};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    pub(super) fn set(&mut self, pair: Pair<'i>) -> Option<SetExpr> {
        let span = self.span(&pair);
        let items = pair.into_inner().map(|p| self.set_item(p)).collect::<Option<Vec<_>>>()?;
        Some(SetExpr { items, span })
    }

    fn set_item(&mut self, pair: Pair<'i>) -> Option<SetItem> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let mut atoms = kids.all(Rule::set_atom);
        let atom = self.set_atom(atoms.next()?)?;
        let except = atoms.map(|p| self.set_atom(p)).collect::<Option<Vec<_>>>()?;
        Some(SetItem { atom, except, span })
    }

    pub(super) fn set_atom(&mut self, pair: Pair<'i>) -> Option<SetAtom> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        match kids.one(Rule::set_name) {
            Some(p) if kids.has(Rule::kw_category) => Some(SetAtom::Category(self.name(&p))),
            Some(p) => Some(SetAtom::Named(self.name(&p))),
            None if kids.has(Rule::kw_all) => Some(SetAtom::All(span)),
            None => None,
        }
    }

    /// The key of a table row; `yes` and `no` are names here.
    pub(super) fn key(&mut self, pair: Pair<'i>) -> Option<SetAtom> {
        let kids = self.kids(pair.clone());
        match kids.one(Rule::set_atom) {
            Some(p) => self.set_atom(p),
            None => self.yes_no_name(&pair).map(SetAtom::Named),
        }
    }

    /// `yes`/`no` · `是`/`否` as the names `yes` and `no`.
    pub(super) fn yes_no_name(&mut self, pair: &Pair<'i>) -> Option<Name> {
        let span = self.span(pair);
        let kids = self.kids(pair.clone());
        kids.choose(|r| match r {
            Rule::kw_yes => Some("yes"),
            Rule::kw_no => Some("no"),
            _ => None,
        })
        .map(|text| Self::word(text, span))
    }
}
