//! Cells of data tables: their type and range, and what proves that they are there.

use super::build;
use super::error::Error;
use super::scalar::{Presence, Rule, fact_type};
use super::{Expr, Kind, Type};
use crate::hir::model::FactType;
use crate::hir::table::error::TableError;
use crate::hir::table::{Cell, Column, Row, RowKey};
use crate::ir::{self, Input, IntervalSet, KeyPart};
use crate::source::Location;

/// What is known once a row or cell has been found: it, its row, and the facts that pick the row.
pub(super) fn proven(cell: &Cell) -> Vec<Presence> {
    let mut all = vec![Presence::Row(cell.row.clone())];
    if cell.column.is_some() {
        all.push(Presence::Cell(cell.clone()));
    }
    for key in &cell.row.keys {
        match (&key.link, key.present) {
            (None, Some(word)) => all.push(Presence::Word(word)),
            (Some(link), present) => {
                all.push(Presence::Link(link.clone()));
                all.extend(present.map(|w| Presence::LinkWord(link.clone(), w)));
            }
            (None, None) => {}
        }
    }
    all
}

impl Rule<'_, '_> {
    fn column(&self, cell: &Cell) -> Option<&Column> {
        self.checker.hir.tables.get(cell.row.table)?.columns.get(cell.column?)
    }

    /// True for a cell that is a truth value.
    pub(super) fn is_yes_no(&self, cell: &Cell) -> bool {
        self.column(cell).is_some_and(|c| c.ty == FactType::YesNo)
    }

    fn row_use(&mut self, row: &Row) -> ir::RowUse {
        let mut keys = Vec::with_capacity(row.keys.len());
        for RowKey { id, link, word, present } in &row.keys {
            let (word, present) = (*word, *present);
            let link = link.as_ref().map(|link| self.checker.link(link));
            keys.push(match (id, link) {
                (true, None) => ir::RowKey::Id(KeyPart::Id { word, present }),
                (true, Some(link)) => ir::RowKey::Id(KeyPart::LinkId { link, word, present }),
                (false, link) => ir::RowKey::Word { link, word, present },
            });
        }
        ir::RowUse { table: ir::DataId(row.table as u32), keys }
    }

    /// Can the cell be missing: its column allows it, whether or not some cell is?
    fn is_optional(&self, cell: &Cell) -> bool {
        self.column(cell).is_some_and(|c| c.optional)
    }

    /// The test that a row or a cell is there.
    pub(super) fn cell_presence(&mut self, cell: &Cell, at: Location) -> Expr {
        let optional = self.is_optional(cell);
        let row = self.row_use(&cell.row);
        let input = match cell.column {
            Some(column) if optional => Input::CellPresent(row, column as u32),
            _ => Input::Row(row),
        };
        build::input_in_set(input, IntervalSet::one(1), at)
    }

    /// Reports a cell that is read although its row, or the cell, may not be there; the column otherwise.
    fn require_cell(&mut self, cell: &Cell, at: Location) -> Option<Column> {
        let Some(column) = self.column(cell).cloned() else {
            let spelling = self.checker.spelling(at);
            self.checker.out.push(TableError::RowAsValue { at }.into_diagnostic(spelling));
            return None;
        };
        let row = self.known.contains(&Presence::Row(cell.row.clone()));
        let known = row && (!column.optional || self.known.contains(&Presence::Cell(cell.clone())));
        if !known {
            let name = self.cell_name(cell, !row, at);
            self.error(at, Error::MayBeUnknown { at, name });
            return None;
        }
        Some(column)
    }

    /// The row or cell as the file would write it.
    fn cell_name(&self, cell: &Cell, only_row: bool, at: Location) -> String {
        let spelling = self.checker.spelling(at);
        let Some(table) = self.checker.hir.tables.get(cell.row.table) else { return String::new() };
        let keys: Vec<&str> = table.keys.iter().map(|k| k.said(spelling)).collect();
        let row = format!("{}[{}]", table.name.said(spelling), keys.join(", "));
        match self.column(cell).filter(|_| !only_row) {
            Some(column) => format!("{row}.{}", column.name.said(spelling)),
            None => row,
        }
    }

    /// A cell's value.
    pub(super) fn cell(&mut self, cell: &Cell, at: Location) -> Expr {
        let Some(column) = self.require_cell(cell, at) else { return Expr::error(at) };
        if column.ty == FactType::Text {
            let spelling = self.checker.spelling(at);
            let name = column.name.said(spelling).to_owned();
            self.checker.out.push(TableError::TextAsValue { at, name }.into_diagnostic(spelling));
            return Expr::error(at);
        }
        let ty = fact_type(&self.checker.hir.schema, &column.ty).0;
        let (lo, hi) = column.range;
        if lo == hi {
            return Expr::constant(lo, ty, at);
        }
        let input = Input::Cell(self.row_use(&cell.row), cell.column.unwrap_or(0) as u32);
        Expr { kind: Kind::Input(input), ty, lo, hi, at }
    }

    /// The test that a cell is one of these.
    pub(super) fn cell_in(&mut self, cell: &Cell, set: &IntervalSet, at: Location) -> Expr {
        let value = self.cell(cell, at);
        match value.kind {
            Kind::Const(_) if value.ty == Type::Error => value.typed(Type::Bool),
            Kind::Const(v) => build::truth(set.contains(v), at),
            Kind::Input(input) => build::input_in_set(input, set.clone(), at),
            _ => value,
        }
    }
}
