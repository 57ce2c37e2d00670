//! Data tables.

use super::{Builder, Kids, Pair};
use crate::ast::error::ErrorKind;
use crate::ast::{DataTable, Labelled, Lookup, Path};
use promo_grammar::Rule;

impl<'i> Builder<'i> {
    pub(super) fn table(&mut self, pair: Pair<'i>) -> Option<DataTable> {
        let span = self.span(&pair);
        let kids = self.kids(pair);
        let columns = self.facts(&kids);
        let Some(head) = kids.one(Rule::table_head) else {
            let bad = self.span(&kids.one(Rule::bad_head)?);
            self.slip_head(span.start, bad, Rule::only_table_head);
            let empty = Self::word("", bad);
            let name = Labelled { name: empty.clone(), label: None };
            return Some(DataTable { name, file: empty, sheet: None, keys: Vec::new(), columns, span });
        };
        let head = self.kids(head);
        let sheet = head.one(Rule::table_sheet).and_then(|p| self.kids(p).one(Rule::text)).map(|p| self.text_of(&p));
        Some(DataTable {
            name: self.labelled(head.one(Rule::labelled)?)?,
            file: self.text_of(&head.one(Rule::text)?),
            sheet,
            keys: self.paths(&head, Rule::path),
            columns,
            span,
        })
    }

    /// `[distributor].quarter` behind a table's name.
    pub(super) fn lookup(&mut self, of: Path, index: Pair<'i>) -> Option<Lookup> {
        let span = of.span.to(self.span(&index));
        let kids: Kids<'i> = self.kids(index);
        let keys = self.paths(&kids, Rule::path);
        let column = kids.one(Rule::any_name).map(|p| self.name(&p));
        let mut parts = of.parts.into_iter();
        let table = parts.next()?;
        if parts.next().is_some() {
            self.errors.push(ErrorKind::RowOfPath(of.span));
        }
        Some(Lookup { table, keys, column, span })
    }
}
