//! Data tables: their declaration, their rows, and what is looked up in them.

mod cell;
pub mod error;
mod load;

use super::from_ast::Context;
use super::model::{FactType, Model};
use super::scope::Scope;
use super::sets::{self, Tree};
use super::{Expr, ExprKind, Fact, Link};
use crate::ast;
use crate::diagnostic::Diagnostics;
use crate::ir::data::RowId;
use crate::ir::schema::{Named, NumberUnit};
use crate::ir::{DataTable, Word};
use crate::source::{Location, SourceId, Spelling};
use error::{Picked, TableError};
use load::Headers;
use serde::Serialize;

/// A data table.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// Its name.
    pub name: Named,
    /// What picks a row.
    pub keys: Vec<Key>,
    /// The columns, as many as the rows have cells.
    pub columns: Vec<Column>,
    /// The rows.
    #[serde(skip)]
    pub data: DataTable,
    /// The first rows in the order of the file, for people: ids and texts are only hashes and nothing in `data`.
    #[serde(skip)]
    pub first: Vec<Written>,
    /// The name.
    pub at: Location,
}

/// A row as it was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its key in [`Table::data`].
    pub id: RowId,
    /// Its cells: keys, then columns.
    pub texts: Vec<String>,
}

impl Written {
    /// How many rows of a table are kept so.
    pub const MOST: usize = 50;
}

/// What picks a row.
#[derive(Clone, Debug, Serialize)]
pub struct Key {
    /// As a path of canonical names: `store`, `store.grade`, `product`.
    pub name: String,
    /// Its label path.
    pub label: String,
    /// What it is.
    pub ty: FactType,
}

impl Key {
    /// As a file of this spelling would write it.
    pub fn said(&self, spelling: Spelling) -> &str {
        if spelling == Spelling::Zh { &self.label } else { &self.name }
    }
}

/// A column.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Name and label.
    pub name: Named,
    /// Its type; rates are counted in parts per million.
    pub ty: FactType,
    /// A cell may be empty.
    pub optional: bool,
    /// Least and greatest value in any row; the declared bounds if there is none.
    pub range: (i64, i64),
}

/// The row of a table that this event picks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Index into [`super::Package::tables`].
    pub table: usize,
    /// What picks it.
    pub keys: Vec<RowKey>,
}

/// One part of what picks a row: a fact of this event or of a linked one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowKey {
    /// An id of two words; else a number.
    pub id: bool,
    /// The link it is read through.
    pub link: Option<Link>,
    /// Its (first) word.
    pub word: Word,
    /// Its presence word.
    pub present: Option<Word>,
}

/// A row, or a cell of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The row.
    pub row: Row,
    /// The column; `None`: the row itself.
    pub column: Option<usize>,
}

/// The text of a table's file or sheet.
#[derive(Clone, Copy, Debug)]
pub struct TableText<'a> {
    /// Its source.
    pub source: SourceId,
    /// Comma-separated text.
    pub text: &'a str,
    /// The sheet it was, if it was one.
    pub sheet: Option<&'a str>,
}

/// Finds the text of a declared table.
pub type TableTexts<'a> = dyn Fn(&ast::DataTable) -> Option<TableText<'a>> + 'a;

/// Every table of the package with its rows. All findings are reported.
pub fn resolve(cx: &Context<'_>, files: &[ast::File], texts: &TableTexts<'_>, out: &mut Diagnostics) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for file in files {
        for item in &file.items {
            let ast::Item::Table(declared) = item else { continue };
            let mut d = Declaration { cx, source: file.source, spelling: file.spelling, out };
            let name = named(&declared.name);
            let at = declared.name.name.span.at(file.source);
            let model = &cx.model;
            let first =
                tables.iter().find(|t| t.name.is(&name.name) || (!name.label.is_empty() && t.name.is(&name.label)));
            let taken =
                |text: &str| model.role(text).is_some() || model.entity(text).is_some() || model.pack(text).is_some();
            if first.is_some() || taken(&name.name) || taken(&name.label) {
                let first = first.map(|t| t.at);
                out.push(super::error::Error::Duplicate { at, name: name.name, first }.into_diagnostic(file.spelling));
                continue;
            }
            let keys: Option<Vec<Key>> = d.keys(declared);
            let columns = d.columns(&declared.columns, keys.as_deref().unwrap_or_default(), &name);
            let (Some(keys), Some(text)) = (keys, texts(declared)) else {
                // Reported; what is looked up in it is not asked about a second time.
                let (data, first) = (DataTable::empty(&name.name), Vec::new());
                tables.push(Table { data, first, name, keys: Vec::new(), columns, at });
                continue;
            };
            let headers: Vec<Headers> =
                keys.iter().map(key_headers).chain(columns.iter().map(column_headers)).collect();
            let (data, first) = load::rows(cx, &name.name, &keys, &columns, &headers, text, out);
            let columns = columns.into_iter().enumerate().map(|(i, column)| tightened(column, i, &data)).collect();
            tables.push(Table { name, keys, columns, data, first, at });
        }
    }
    tables
}

/// Units that only columns of tables are counted in.
pub fn units(model: &Model, files: &[ast::File]) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let tables = files.iter().flat_map(|f| &f.items).filter_map(|item| match item {
        ast::Item::Table(table) => Some(table),
        _ => None,
    });
    for column in tables.flat_map(|t| &t.columns) {
        let ast::FactType::Range { hi, .. } = &column.ty else { continue };
        let ast::Unit::Named(unit) = &hi.unit else { continue };
        let text = unit.text.as_str();
        let built_in = matches!(text, "yuan" | "元" | "fen" | "分" | "points" | "积分");
        let known = |n: &Named| n.is(text);
        if !built_in && model.pack(text).is_none() && !model.things.iter().any(known) && !found.iter().any(known) {
            found.push(Named { name: text.to_owned(), label: String::new() });
        }
    }
    found
}

fn named(n: &ast::Labelled) -> Named {
    Named { name: n.name.text.clone(), label: n.label.as_ref().map(|l| l.text.clone()).unwrap_or_default() }
}

/// A column's range is what its cells hold: inside what is declared, and mostly tighter.
fn tightened(mut column: Column, at: usize, data: &DataTable) -> Column {
    let cells = data.columns.get(at).map_or(&[][..], |c| c.cells.as_slice());
    let (lo, hi) = (cells.iter().flatten().min(), cells.iter().flatten().max());
    if let (Some(lo), Some(hi)) = (lo, hi) {
        column.range = (*lo, *hi);
    }
    column
}

/// What the header of a key's column may say.
fn key_headers(key: &Key) -> Headers {
    let mut all = vec![key.name.clone(), key.label.clone()];
    let last = |text: &str| text.rsplit('.').next().map(str::to_owned);
    all.extend(last(&key.name));
    all.extend(last(&key.label));
    if key.ty == FactType::Product {
        all.extend(["sku", "编码"].map(str::to_owned));
    }
    Headers::new(&key.name, all)
}

fn column_headers(column: &Column) -> Headers {
    Headers::new(&column.name.name, vec![column.name.name.clone(), column.name.label.clone()])
}

struct Declaration<'a> {
    cx: &'a Context<'a>,
    source: SourceId,
    spelling: Spelling,
    out: &'a mut Diagnostics,
}

impl Declaration<'_> {
    fn error(&mut self, e: TableError) {
        self.out.push(e.into_diagnostic(self.spelling));
    }

    fn keys(&mut self, declared: &ast::DataTable) -> Option<Vec<Key>> {
        let mut keys: Vec<Key> = Vec::new();
        for path in &declared.keys {
            let at = path.span.at(self.source);
            let key = key(&self.cx.model, path);
            let name = path.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(".");
            let Some(key) = key else {
                self.error(TableError::NotAKey { at, name });
                return None;
            };
            if keys.iter().any(|k| k.name == key.name) {
                self.error(TableError::KeyTwice { at, name });
                return None;
            }
            keys.push(key);
        }
        let regions = keys.iter().filter(|k| k.ty == FactType::Region).count();
        if keys.len() > 2 || regions > 1 {
            let at = declared.name.name.span.at(self.source);
            self.error(TableError::TooManyKeys { at, keys: keys.len(), regions });
            return None;
        }
        Some(keys)
    }

    fn columns(&mut self, facts: &[ast::FactDecl], keys: &[Key], table: &Named) -> Vec<Column> {
        let beside: Vec<Named> = keys.iter().map(|k| Named { name: k.name.clone(), label: k.label.clone() }).collect();
        let home = (self.source, self.spelling);
        let defs = super::model::columns(&self.cx.model, table.said(self.spelling), facts, &beside, home, self.out);
        let mut columns = Vec::new();
        for def in defs {
            let fact = facts.iter().find(|f| f.name.name.text == def.name.name);
            let at = fact.map_or(crate::source::Span::default(), |f| f.span).at(self.source);
            let (lo, hi) = match &def.ty {
                FactType::Number { lo, hi, unit: NumberUnit::BasisPoints } => {
                    (lo.saturating_mul(100), hi.saturating_mul(100))
                }
                FactType::Number { lo, hi, .. } => (*lo, *hi),
                FactType::OneOf(values) => (0, values.len() as i64 - 1),
                FactType::YesNo => (0, 1),
                FactType::Date => (crate::ir::record::DATES.0, crate::ir::record::DATES.1 - 1),
                FactType::Product => (0, (self.cx.schema.products.len() as i64 - 1).max(0)),
                FactType::Region => (0, (self.cx.schema.regions.len() as i64 - 1).max(0)),
                FactType::Text => (0, 0),
                FactType::Instant | FactType::Role(_) | FactType::Entity(_) => {
                    self.error(TableError::NotAColumn { at, name: def.name.name.clone() });
                    continue;
                }
            };
            columns.push(Column { name: def.name, ty: def.ty, optional: def.optional, range: (lo, hi) });
        }
        columns
    }
}

/// What picks a row: a role or entity by its id, a product, a region, or a fact of a role or entity that is one of these,
/// a text or a one-of.
fn key(model: &Model, path: &ast::Path) -> Option<Key> {
    let names: Vec<&str> = path.parts.iter().map(|p| p.text.as_str()).collect();
    let whole = |name: &str, label: &str, ty| Some(Key { name: name.into(), label: label.into(), ty });
    let label = |n: &Named| n.said(Spelling::Zh).to_owned();
    match names.as_slice() {
        ["product" | "产品"] => whole("product", "产品", FactType::Product),
        ["region" | "区域"] => whole("region", "区域", FactType::Region),
        [name] => {
            if let Some(role) = model.role(name) {
                let named = &model.roles.get(role)?.name;
                return whole(&named.name, &label(named), FactType::Role(role));
            }
            let entity = model.entity(name)?;
            let named = &model.entities.get(entity)?.name;
            whole(&named.name, &label(named), FactType::Entity(entity))
        }
        [owner, fact] => {
            let role = model.role(owner).and_then(|r| model.roles.get(r)).map(|r| (&r.name, &r.facts));
            let entity = || model.entity(owner).and_then(|e| model.entities.get(e)).map(|e| (&e.name, &e.facts));
            let (owner, facts) = role.or_else(entity)?;
            let fact = facts.iter().find(|f| f.name.is(fact))?;
            let fits = matches!(
                fact.ty,
                FactType::OneOf(_) | FactType::YesNo | FactType::Product | FactType::Region | FactType::Text
            );
            let (name, label) =
                (format!("{}.{}", owner.name, fact.name.name), format!("{}.{}", label(owner), label(&fact.name)));
            fits.then(|| Key { name, label, ty: fact.ty.clone() })
        }
        _ => None,
    }
}

/// True if what is written in the brackets can be what the table's rows are kept by.
fn fits(key: &FactType, fact: &FactType) -> bool {
    match (key, fact) {
        (FactType::OneOf(a), FactType::OneOf(b)) => a.iter().map(|v| &v.name).eq(b.iter().map(|v| &v.name)),
        (a, b) => a == b,
    }
}

impl Scope<'_> {
    /// `targets[distributor].quarter`
    pub(super) fn lookup(&mut self, l: &ast::Lookup) -> Option<ExprKind> {
        let at = self.at(l.span);
        let cx = self.cx;
        let Some((index, table)) = cx.tables.iter().enumerate().find(|(_, t)| t.name.is(&l.table.text)) else {
            let choices = cx.tables.iter().map(|t| t.name.said(self.spelling).to_owned()).collect();
            let at = self.at(l.table.span);
            self.error(super::error::Error::unknown(at, super::error::NameKind::Table, &l.table.text, choices));
            return None;
        };
        if table.keys.is_empty() {
            return None; // its declaration was reported
        }
        let mut facts: Vec<(Fact, Location)> = Vec::new();
        for path in &l.keys {
            let at = self.at(path.span);
            match self.path(path).kind {
                ExprKind::Fact(fact) => facts.push((fact, at)),
                ExprKind::Error => return None,
                _ => {
                    let name = path.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(".");
                    self.error(super::error::Error::NotAParty { at, name });
                    return None;
                }
            }
        }
        let wanted: Vec<String> = table.keys.iter().map(|k| k.said(self.spelling).to_owned()).collect();
        let wrong = facts.iter().zip(&table.keys).find(|((fact, _), key)| !fits(&key.ty, &fact.ty));
        if facts.len() != table.keys.len() || wrong.is_some() {
            let at = wrong.map_or(at, |((_, at), _)| *at);
            let table = table.name.said(self.spelling).to_owned();
            self.error_table(TableError::Picked(Picked { at, table, wanted, given: facts.len() }));
            return None;
        }
        let row_key = |(fact, _): (Fact, Location)| RowKey {
            id: matches!(fact.ty, FactType::Role(_) | FactType::Entity(_) | FactType::Text),
            link: fact.link,
            word: fact.word,
            present: fact.present,
        };
        let row = Row { table: index, keys: facts.into_iter().map(row_key).collect() };
        let cell = Cell { row, column: None };
        match &l.column {
            None => Some(ExprKind::Cell(Box::new(cell))),
            Some(column) => self.column(cell, column),
        }
    }

    /// A cell of a row.
    pub(super) fn column(&mut self, row: Cell, column: &ast::Name) -> Option<ExprKind> {
        let table = self.cx.tables.get(row.row.table)?;
        let Some(found) = table.columns.iter().position(|c| c.name.is(&column.text)) else {
            let choices = table.columns.iter().map(|c| c.name.said(self.spelling).to_owned()).collect();
            let at = self.at(column.span);
            self.error(super::error::Error::unknown(at, super::error::NameKind::Column, &column.text, choices));
            return None;
        };
        Some(ExprKind::Cell(Box::new(Cell { row: row.row, column: Some(found) })))
    }

    /// `targets[store].sort is A or B`
    pub(super) fn cell_is(
        &mut self,
        cell: Box<Cell>,
        options: &[ast::Name],
        negated: bool,
        at: Location,
    ) -> Option<ExprKind> {
        let fact = self.like_fact(&cell, at)?;
        let ids = self.choices(&fact, options)?;
        Some(ExprKind::CellIn(cell, ids, negated))
    }

    /// `targets[store].area in 四川`
    pub(super) fn cell_in_set(
        &mut self,
        cell: Box<Cell>,
        set: &ast::SetExpr,
        negated: bool,
        at: Location,
    ) -> Option<ExprKind> {
        let fact = self.like_fact(&cell, at)?;
        let tree = match fact.ty {
            FactType::Region => Tree::Regions,
            FactType::Product => Tree::Products,
            _ => {
                self.error(super::error::Error::SetOver { at, name: fact.name });
                return None;
            }
        };
        let ids = sets::set(self.cx, tree, set, &mut self.report());
        Some(ExprKind::CellIn(cell, ids, negated))
    }

    /// A cell's type and name where a fact is spoken of; a row as such has neither.
    fn like_fact(&mut self, cell: &Cell, at: Location) -> Option<Fact> {
        let table = self.cx.tables.get(cell.row.table)?;
        let Some(column) = cell.column.and_then(|c| table.columns.get(c)) else {
            self.error_table(TableError::RowAsValue { at });
            return None;
        };
        let name = column.name.said(self.spelling).to_owned();
        Some(Fact { link: None, word: Word(0), present: None, ty: column.ty.clone(), name })
    }

    fn error_table(&mut self, e: TableError) {
        self.out.push(e.into_diagnostic(self.spelling));
    }
}

/// The cell or row as an expression at a place.
pub(super) fn at(kind: Option<ExprKind>, at: Location) -> Expr {
    Expr { kind: kind.unwrap_or(ExprKind::Error), at }
}
