//! Data tables in words: what is looked up in them, and their rows.

use super::Writer;
use super::words::say;
use crate::diagnostic::Lang;
use crate::hir::table::{Cell, Column};

impl Writer<'_> {
    /// `“任务表”中该经销商一行的季度任务`; without a column the row itself.
    pub(super) fn data_cell(&mut self, cell: &Cell) -> String {
        let Cell { row, column: _ } = cell;
        let Some(table) = self.package.tables.get(row.table) else { return String::new() };
        let name = self.name(&table.name);
        let keys: Vec<String> = table.keys.iter().map(|k| self.key_name(&k.name, &k.label)).collect();
        let keys = self.list(&keys);
        let linked = row.keys.iter().find_map(|key| key.link.clone());
        let of = linked.map(|link| self.link(&link));
        let of = of.map(|link| say!(self, " of {link}", "{link}的")).unwrap_or_default();
        let row = say!(self, "the row of table “{name}” for this {keys}{of}", "“{name}”表中{of}该{keys}的一行");
        match self.column(cell).map(|column| self.name(&column.name)) {
            Some(column) => say!(self, "“{column}” in {row}", "{row}所列“{column}”"),
            None => row,
        }
    }

    /// The column of a cell.
    pub(super) fn column(&self, cell: &Cell) -> Option<&Column> {
        self.package.tables.get(cell.row.table)?.columns.get(cell.column?)
    }

    fn key_name(&self, name: &str, label: &str) -> String {
        match self.lang {
            Lang::Zh if !label.is_empty() => label.replace('.', "的"),
            Lang::Zh => name.to_owned(),
            Lang::En => name.replace('_', " ").replace('.', "'s "),
        }
    }
}
