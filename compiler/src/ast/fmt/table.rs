//! Data tables. Their names and columns are declared here; what picks a row is the model's.

use super::Fmt;
use crate::ast::{DataTable, Lookup};

impl Fmt<'_> {
    pub(super) fn data_table(&mut self, t: &DataTable) {
        self.kw("table");
        self.put(" ");
        self.labelled(&t.name);
        self.kw_between("taken_from");
        self.quote(&t.file.text);
        if let Some(sheet) = &t.sheet {
            self.kw_between("sheet");
            self.quote(&sheet.text);
        }
        self.kw_between("by");
        self.list(&t.keys, Self::path);
        self.facts(&t.columns);
    }

    pub(super) fn lookup(&mut self, l: &Lookup) {
        self.model(&l.table);
        self.put("[");
        self.list(&l.keys, Self::path);
        self.put("]");
        if let Some(column) = &l.column {
            self.put(".");
            self.model_any(column);
        }
    }
}
