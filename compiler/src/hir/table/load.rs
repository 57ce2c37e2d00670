//! The rows of a data table, each cell checked against what its column declares.

use super::cell::{self, Fault};
use super::error::{Findings, Place};
use super::{Column, Key, TableText, Written};
use crate::diagnostic::Diagnostics;
use crate::hir::from_ast::Context;
use crate::hir::model::FactType;
use crate::ir::DataTable;
use crate::ir::data::{DataKey, RowId};
use crate::package::table::{self, Cell};
use rustc_hash::FxHashMap;

/// What the header of a column may say.
#[derive(Clone, Debug)]
pub(super) struct Headers {
    /// What the column is called in messages.
    pub(super) name: String,
    /// Every spelling that means it.
    all: Vec<String>,
}

impl Headers {
    pub(super) fn new(name: &str, mut all: Vec<String>) -> Headers {
        all.retain(|text| !text.is_empty());
        Headers { name: name.to_owned(), all }
    }

    fn is(&self, text: &str) -> bool {
        self.all.iter().any(|name| name == text || (name.is_ascii() && name.eq_ignore_ascii_case(text)))
    }

    /// The spellings, for a message.
    pub(super) fn shown(&self) -> String {
        let mut all = self.all.clone();
        all.dedup();
        all.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" / ")
    }
}

impl DataTable {
    /// A table without rows, for a declaration that was reported.
    pub(super) fn empty(name: &str) -> DataTable {
        DataTable::new(name.to_owned(), Vec::new(), Vec::new(), Vec::new())
    }
}

/// Reads every row. Each bad cell is reported, up to a number of one kind; what is returned is of use only if nothing was.
pub(super) fn rows(
    cx: &Context<'_>,
    name: &str,
    keys: &[Key],
    columns: &[Column],
    headers: &[Headers],
    text: TableText<'_>,
    out: &mut Diagnostics,
) -> (DataTable, Vec<Written>) {
    let mut findings = Findings::new(text.source, text.sheet);
    let (rows, first) = read(cx, keys, columns, headers, text, &mut findings);
    findings.report(cx, out);
    let of_key = |key: &Key| if key.ty == FactType::Region { DataKey::Region } else { DataKey::Exact };
    let names = columns.iter().map(|c| (c.name.name.clone(), c.range.0)).collect();
    (DataTable::new(name.to_owned(), keys.iter().map(of_key).collect(), names, rows), first)
}

/// The rows of a table, and the first of them as written.
type Rows = (Vec<(RowId, Vec<Option<i64>>)>, Vec<Written>);

fn read(
    cx: &Context<'_>,
    keys: &[Key],
    columns: &[Column],
    headers: &[Headers],
    text: TableText<'_>,
    findings: &mut Findings,
) -> Rows {
    let mut records = table::Records::new(text.text);
    let mut first = records.next();
    // The rows above the header of a sheet may be empty.
    while first.as_ref().is_some_and(|(_, cells)| !cells.is_empty() && cells.iter().all(|c| c.text.is_empty())) {
        first = records.next();
    }
    let Some((line, header)) = first else {
        findings.header_missing(headers);
        return Rows::default();
    };
    if let Some(error) = records.errors.pop() {
        findings.form(error);
        return Rows::default();
    }
    let Some(picks) = picks(line, &header, headers, findings) else { return Rows::default() };
    let (mut rows, mut first) = Rows::default();
    let mut seen: FxHashMap<RowId, u32> = FxHashMap::default();
    while let Some((line, cells)) = records.next() {
        for error in records.errors.drain(..) {
            findings.form(error);
        }
        if cells.is_empty() || cells.iter().all(|c| c.text.is_empty()) {
            continue; // reported, or a row of a sheet that only has borders
        }
        if cells.len() != header.len() {
            findings.cell_count(line, &cells, header.len());
            continue;
        }
        let place = |at: usize| {
            let column = picks.get(at).copied().unwrap_or_default();
            let span = cells.get(column).map(|c| c.span).unwrap_or_default();
            let name = headers.get(at).map(|h| h.name.as_str()).unwrap_or_default();
            Place { line, column, name: name.to_owned(), span }
        };
        let none = Cell::default();
        let cell = |at: usize| picks.get(at).and_then(|column| cells.get(*column)).unwrap_or(&none);
        let mut id: RowId = [0; 2];
        let mut ok = true;
        for (at, (part, key)) in id.iter_mut().zip(keys).enumerate() {
            match cell::key(cx, &key.ty, &cell(at).text) {
                Ok(found) => *part = found,
                Err(fault) => {
                    findings.cell(place(at), &cell(at).text, fault);
                    ok = false;
                }
            }
        }
        let mut values = Vec::with_capacity(columns.len());
        for (n, column) in columns.iter().enumerate() {
            let at = keys.len() + n;
            let written = &cell(at).text;
            let value = match (written.is_empty(), column.optional) {
                (true, true) => Ok(None),
                (true, false) => Err(Fault::Missing),
                (false, _) => cell::value(cx, column, written, text.sheet.is_some()).map(Some),
            };
            match value {
                Ok(value) => values.push(value),
                Err(fault) => {
                    findings.cell(place(at), written, fault);
                    ok = false;
                }
            }
        }
        if !ok {
            continue;
        }
        match seen.get(&id) {
            Some(earlier) => findings.cell(place(0), &cell(0).text, Fault::Repeated { first: *earlier }),
            None => {
                seen.insert(id, line);
                if first.len() < Written::MOST {
                    let texts = (0..headers.len()).map(|at| cell(at).text.to_string()).collect();
                    first.push(Written { id, texts });
                }
                rows.push((id, values));
            }
        }
    }
    for error in records.errors.drain(..) {
        findings.form(error);
    }
    (rows, first)
}

/// Where each wanted column stands in the header; `None` after reporting what is missing.
fn picks(line: u32, header: &[Cell], headers: &[Headers], findings: &mut Findings) -> Option<Vec<usize>> {
    let mut picks = Vec::new();
    let mut ok = true;
    for wanted in headers {
        let mut places = header.iter().enumerate().filter(|(_, cell)| wanted.is(&cell.text));
        match (places.next(), places.next()) {
            (None, _) => {
                findings.no_column(line, header, wanted);
                ok = false;
            }
            (Some(_), Some((_, again))) => {
                findings.column_twice(line, again, wanted);
                ok = false;
            }
            (Some((at, _)), None) => picks.push(at),
        }
    }
    ok.then_some(picks)
}
