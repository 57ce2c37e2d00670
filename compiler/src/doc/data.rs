//! Data tables in words: what is looked up in them, and their rows.

use super::Writer;
use super::tree::{Block, Table};
use super::words::say;
use super::words::{decimal, percent};
use crate::diagnostic::Lang;
use crate::hir::Unit;
use crate::hir::model::FactType;
use crate::hir::table::{Cell, Column, Key, Written};
use crate::ir::IntervalSet;
use crate::ir::schema::NumberUnit;
use crate::regions::RegionId;

impl Writer<'_> {
    /// `“任务表”中该经销商一行的季度任务`; without a column the row itself.
    pub(super) fn data_cell(&mut self, cell: &Cell) -> String {
        let Cell { row, column: _ } = cell;
        let Some(table) = self.package.tables.get(row.table) else { return String::new() };
        self.looked_up.insert(row.table);
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

    /// The data tables that were looked up in, with their rows: all of them, or the first.
    pub(super) fn data_tables(&mut self) {
        if self.looked_up.is_empty() {
            return;
        }
        self.article(&say!(self, "Data tables", "数据表"));
        for index in self.looked_up.clone() {
            let Some(table) = self.package.tables.get(index) else { continue };
            let (name, count) = (self.name(&table.name), table.data.rows.len());
            let shown = if count > Written::MOST { SHOWN } else { count };
            let total = decimal(count as i128, 0);
            let rows = if count == 1 { "row" } else { "rows" };
            let mut text = match shown < count {
                false => say!(self, "“{name}”: {total} {rows}, all below.", "“{name}”：共{total}行，全部列于下。"),
                true => say!(
                    self,
                    "“{name}”: {total} {rows}, of which the first {shown} stand below; the others are in the file and are as \
                     binding.",
                    "“{name}”：共{total}行，下列前{shown}行；其余见数据文件，同样有效。"
                ),
            };
            if table.keys.iter().any(|key| key.ty == FactType::Region) {
                text.push_str(&say!(
                    self,
                    " A region has its own row, else that of the nearest region above it.",
                    "区域取其本身的一行；没有的，取最近的上级区域的一行。"
                ));
            }
            self.clause(text);
            let keys = table.keys.iter().map(|k| self.key_name(&k.name, &k.label));
            let header: Vec<String> = keys.chain(table.columns.iter().map(|c| self.name(&c.name))).collect();
            let rows = table.first.iter().take(shown).map(|row| self.data_row(&table.keys, &table.columns, index, row));
            let rows = rows.collect();
            self.blocks.push(Block::Table(Table { label: String::new(), caption: name, header, rows }));
        }
    }

    fn data_row(&self, keys: &[Key], columns: &[Column], table: usize, row: &Written) -> Vec<String> {
        let mut texts = row.texts.iter().cloned();
        let mut cells: Vec<String> = Vec::new();
        for (key, part) in keys.iter().zip(row.id) {
            let text = texts.next().unwrap_or_default();
            cells.push(self.data_value(&key.ty, i64::try_from(part).unwrap_or(i64::MAX), text));
        }
        let data = self.package.tables.get(table).map(|t| &t.data);
        let at = data.and_then(|data| data.rows.binary_search(&row.id).ok());
        for (column, n) in columns.iter().zip(0..) {
            let text = texts.next().unwrap_or_default();
            let value = data.zip(at).and_then(|(data, at)| data.cell(at, n));
            cells.push(value.map_or_else(|| "–".to_owned(), |value| self.data_value(&column.ty, value, text)));
        }
        cells
    }

    /// A cell with its unit; of what is kept as a hash, the text it was written as.
    fn data_value(&self, ty: &FactType, value: i64, written: String) -> String {
        match ty {
            FactType::Number { unit, .. } => match unit {
                NumberUnit::Fen => self.money(value),
                NumberUnit::BasisPoints => percent(value),
                NumberUnit::Points => self.number(value.into(), 0, &Unit::Points),
                NumberUnit::Thing(name) => self.number(value.into(), 0, &Unit::Thing(name.clone())),
                NumberUnit::Plain => decimal(value.into(), 0),
            },
            FactType::Date => self.day(value),
            FactType::YesNo | FactType::OneOf(_) => self.set(ty, &IntervalSet::range(value, value.saturating_add(1))),
            FactType::Region => match u32::try_from(value) {
                Ok(id) => self.package.schema.regions.path(RegionId(id)),
                Err(_) => written,
            },
            FactType::Product => usize::try_from(value).ok().and_then(|id| self.product(id)).unwrap_or(written),
            FactType::Instant | FactType::Text | FactType::Role(_) | FactType::Entity(_) => written,
        }
    }
}

/// How many rows of a long table are shown.
const SHOWN: usize = 20;
