//! From rows to a tree in pre-order.

use super::{Region, RegionId};
use crate::package::error::{DataError, DataErrorKind};
use crate::package::table::{self, Column};
use rustc_hash::FxHashMap;

const COLUMNS: &[Column] = &[
    Column { en: "code", zh: "代码", required: true },
    Column { en: "name", zh: "名称", required: true },
    Column { en: "parent", zh: "上级", required: true },
];
const CODE: usize = 0;
const NAME: usize = 1;
const PARENT: usize = 2;

/// Ids are kept small enough for every later use as `i64` or `u32`.
const MAX_REGIONS: usize = 1 << 24;

fn root() -> Region {
    Region { code: "0".into(), name: "全国".into(), parent: None, end: 1 }
}

/// A tree of nothing but the root.
pub(super) fn root_only() -> Vec<Region> {
    vec![root()]
}

/// Reads `code,name,parent`; all bad rows are reported.
pub(super) fn from_csv(text: &str) -> Result<Vec<Region>, Vec<DataError>> {
    let table = table::read(text, COLUMNS);
    let (rows, mut errors) = (table.rows, table.errors);
    let fault = |row: usize, column: usize, kind: DataErrorKind| {
        let row = rows.get(row);
        DataError {
            line: row.map_or(1, |r| r.line),
            column: COLUMNS.get(column).map(|c| c.en),
            span: row.map(|r| r.cell(column).span).unwrap_or_default(),
            kind,
        }
    };
    let line = |row: usize| rows.get(row).map_or(0, |r| r.line);
    let text = |row: usize, column: usize| rows.get(row).map_or("", |r| r.cell(column).text.as_str());
    if rows.len() >= MAX_REGIONS {
        errors.push(fault(MAX_REGIONS, CODE, DataErrorKind::TooManyRows));
        return Err(errors);
    }

    let mut by_code: FxHashMap<&str, usize> = FxHashMap::default();
    for row in 0..rows.len() {
        for column in [CODE, NAME] {
            if text(row, column).is_empty() {
                errors.push(fault(row, column, DataErrorKind::Empty));
            }
        }
        if text(row, NAME).contains(['/', '／']) {
            errors.push(fault(row, NAME, DataErrorKind::SlashInName));
        }
        if text(row, CODE).is_empty() {
            continue;
        }
        match by_code.entry(text(row, CODE)) {
            std::collections::hash_map::Entry::Occupied(first) => {
                errors.push(fault(row, CODE, DataErrorKind::Repeated { first: line(*first.get()) }));
            }
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(row);
            }
        }
    }

    let mut children: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    let mut top = Vec::new();
    let mut siblings: FxHashMap<(Option<usize>, &str), usize> = FxHashMap::default();
    for row in 0..rows.len() {
        let parent = match text(row, PARENT) {
            "" => None,
            code => match by_code.get(code) {
                Some(parent) => Some(*parent),
                None => {
                    errors.push(fault(row, PARENT, DataErrorKind::UnknownParent));
                    continue;
                }
            },
        };
        if let Some(first) = siblings.insert((parent, text(row, NAME)), row) {
            errors.push(fault(row, NAME, DataErrorKind::SameSibling { first: line(first) }));
        }
        match parent.and_then(|p| children.get_mut(p)) {
            Some(list) => list.push(row),
            None => top.push(row),
        }
    }

    // Pre-order without recursion: a row's id is known when it is taken from the stack.
    let mut placed = vec![false; rows.len()];
    let mut out = Vec::with_capacity(rows.len() + 1);
    out.push(root());
    let mut stack: Vec<(usize, RegionId)> = top.iter().rev().map(|row| (*row, RegionId::ROOT)).collect();
    while let Some((row, parent)) = stack.pop() {
        if let Some(done) = placed.get_mut(row) {
            *done = true;
        }
        let id = RegionId(out.len() as u32);
        let (code, name) = (text(row, CODE).to_owned(), text(row, NAME).to_owned());
        out.push(Region { code, name, parent: Some(parent), end: id.0 + 1 });
        stack.extend(children.get(row).into_iter().flatten().rev().map(|child| (*child, id)));
    }
    if errors.is_empty() {
        // Every row has a known parent, so one that was not reached from the top hangs on a cycle.
        let lost = placed.iter().enumerate().filter(|(_, done)| !**done);
        errors.extend(lost.map(|(row, _)| fault(row, PARENT, DataErrorKind::Cycle)));
    }
    if errors.is_empty() {
        close(&mut out);
        return Ok(out);
    }
    errors.sort_by_key(|e| (e.span.start, e.line));
    Err(errors)
}

/// Rebuilds a saved tree; `None` if the rows are not in pre-order.
pub(super) fn from_preorder(rows: Vec<(String, String, u32)>) -> Option<Vec<Region>> {
    if rows.len() >= MAX_REGIONS {
        return None;
    }
    let mut out = vec![root()];
    for (code, name, parent) in rows {
        let id = out.len() as u32;
        // In pre-order, the parent is the region before or one of its ancestors.
        let mut open = RegionId(id - 1);
        while open.0 != parent {
            open = out.get(open.index())?.parent?;
        }
        out.push(Region { code, name, parent: Some(RegionId(parent)), end: id + 1 });
    }
    close(&mut out);
    Some(out)
}

/// Sets every `end`, given that parents come before their children.
fn close(regions: &mut [Region]) {
    for id in (1..regions.len()).rev() {
        let Some((end, parent)) = regions.get(id).and_then(|r| Some((r.end, r.parent?))) else {
            continue;
        };
        if let Some(parent) = regions.get_mut(parent.index()) {
            parent.end = parent.end.max(end);
        }
    }
}
