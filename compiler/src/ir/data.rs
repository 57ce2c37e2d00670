//! Data tables as a decision reads them: rows in order of their key, so that looking one up is a binary search that
//! allocates nothing, however many rows there are.

use super::{DataId, KeyPart, LinkUse, Word};
use crate::regions::{RegionId, RegionTree};
use serde::{Deserialize, Serialize};

/// What picks a row: the 128 bits of an id, or a number (product, region, value of a one-of); 0 where only one thing
/// picks a row.
pub type RowId = [u128; 2];

/// What a key of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataKey {
    /// An id or a number that must be the very same.
    Exact,
    /// A region: the row of the region itself, else of the nearest region above it.
    Region,
}

/// The rows of a data table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataTable {
    /// Its name.
    pub name: String,
    /// What picks a row: one or two keys, at most one of them a region.
    pub keys: Vec<DataKey>,
    /// Keys of the rows, ascending and each once.
    pub rows: Vec<RowId>,
    /// The columns.
    pub columns: Vec<DataColumn>,
    /// Hash of the keys, in hex.
    pub digest: String,
}

/// A column of a data table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataColumn {
    /// Its name.
    pub name: String,
    /// Cells in order of rows: fen, points, pieces, parts per million, day numbers, ids of products and regions, numbers
    /// of one-of values; 0 for a text. `None`: the cell is empty.
    pub cells: Vec<Option<i64>>,
    /// The least value, which stands for a cell that is not there: no decision sees it, since the checker has asked for
    /// proof that it is known, but the arithmetic around it stays in its range.
    pub least: i64,
    /// Hash of the cells, in hex.
    pub digest: String,
}

/// A use of a data table in a rule: the row that this event picks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowUse {
    /// The table.
    pub table: DataId,
    /// What picks the row, as many as the table has keys.
    pub keys: Vec<RowKey>,
}

/// One part of what picks a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowKey {
    /// An id.
    Id(KeyPart),
    /// A product, a region or a value of a one-of.
    Word {
        /// The link it is read through.
        link: Option<LinkUse>,
        /// Its word.
        word: Word,
        /// 1 if known; `None`: always known.
        present: Option<Word>,
    },
}

impl DataTable {
    /// A table of these rows, in any order: each with its key and its cells, as many as there are columns. A
    /// column is a name and the least value a cell of it may have.
    pub fn new(
        name: String,
        keys: Vec<DataKey>,
        columns: Vec<(String, i64)>,
        mut rows: Vec<(RowId, Vec<Option<i64>>)>,
    ) -> DataTable {
        rows.sort_unstable_by_key(|row| row.0);
        rows.dedup_by_key(|row| row.0);
        let column = |(at, (name, floor)): (usize, (String, i64))| {
            let cells: Vec<Option<i64>> = rows.iter().map(|(_, cells)| cells.get(at).copied().flatten()).collect();
            let mut hasher = blake3::Hasher::new();
            for cell in &cells {
                hasher.update(&[u8::from(cell.is_some())]).update(&cell.unwrap_or(0).to_le_bytes());
            }
            let least = cells.iter().flatten().copied().min().unwrap_or(floor);
            DataColumn { name, cells, least, digest: hasher.finalize().to_hex().to_string() }
        };
        let columns = columns.into_iter().enumerate().map(column).collect();
        let mut hasher = blake3::Hasher::new();
        for [first, second] in rows.iter().map(|row| row.0) {
            hasher.update(&first.to_le_bytes()).update(&second.to_le_bytes());
        }
        let rows = rows.into_iter().map(|row| row.0).collect();
        DataTable { name, keys, rows, columns, digest: hasher.finalize().to_hex().to_string() }
    }

    /// The row of a key; for a region the nearest above it that has one.
    pub fn find(&self, mut key: RowId, regions: &RegionTree) -> Option<usize> {
        let climbing = self.keys.iter().position(|k| *k == DataKey::Region);
        loop {
            if let Ok(row) = self.rows.binary_search(&key) {
                return Some(row);
            }
            let region = key.get_mut(climbing?)?;
            let above = regions.get(RegionId(u32::try_from(*region).ok()?))?.parent?;
            *region = u128::from(above.0);
        }
    }

    /// True if every row can be found and has a cell in every column: what [`DataTable::new`] makes, and a damaged
    /// bundle may not hold.
    pub fn is_sound(&self) -> bool {
        let keys = matches!(self.keys.as_slice(), [_] | [DataKey::Exact, _] | [_, DataKey::Exact]);
        let ascending = self.rows.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        let in_range = |c: &DataColumn| c.cells.iter().flatten().all(|v| *v >= c.least);
        keys && ascending && self.columns.iter().all(|c| c.cells.len() == self.rows.len() && in_range(c))
    }

    /// A cell, or `None` if it is empty.
    pub fn cell(&self, row: usize, column: u32) -> Option<i64> {
        self.columns.get(column as usize)?.cells.get(row).copied().flatten()
    }

    /// What a cell that is not there reads as.
    pub fn least(&self, column: u32) -> i64 {
        self.columns.get(column as usize).map_or(0, |c| c.least)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_its_key_whatever_order_it_came_in() {
        let rows = (0..1_000u128).rev().map(|k| ([k * 7, 1], vec![Some(k as i64 + 5), None]));
        let keys = vec![DataKey::Exact, DataKey::Exact];
        let table = DataTable::new("t".into(), keys, vec![("a".into(), 0), ("b".into(), 0)], rows.collect());
        assert!(table.is_sound());
        let regions = RegionTree::builtin();
        for k in 0..1_000u128 {
            let row = table.find([k * 7, 1], &regions).unwrap();
            assert_eq!((table.cell(row, 0), table.cell(row, 1)), (Some(k as i64 + 5), None));
            assert_eq!(table.find([k * 7 + 1, 1], &regions), None);
        }
        assert_eq!((table.least(0), table.least(1)), (5, 0));
    }

    #[test]
    fn the_nearest_region_above_has_the_row() {
        let regions = RegionTree::builtin();
        let id = |name: &str| u128::from(regions.resolve(name).unwrap().0);
        let row = |name: &str, v| ([id(name), 9], vec![Some(v)]);
        let rows = vec![row("四川", 1), row("四川/成都", 2)];
        let table = DataTable::new("t".into(), vec![DataKey::Region, DataKey::Exact], vec![("a".into(), 0)], rows);
        let find = |name: &str, other| table.find([id(name), other], &regions).and_then(|row| table.cell(row, 0));
        assert_eq!(find("四川/成都/锦江区", 9), Some(2));
        assert_eq!(find("四川/泸州", 9), Some(1));
        assert_eq!(find("四川/泸州", 8), None);
        assert_eq!(find("重庆", 9), None);
    }

    #[test]
    fn a_damaged_table_is_not_sound() {
        let rows = vec![([1, 0], vec![Some(3)]), ([2, 0], vec![Some(4)])];
        let table = DataTable::new("t".into(), vec![DataKey::Exact], vec![("a".into(), 0)], rows);
        let mut broken = table.clone();
        broken.rows.reverse();
        assert!(!broken.is_sound());
        let mut broken = table.clone();
        broken.rows.push([3, 0]);
        assert!(!broken.is_sound());
        let mut broken = table;
        broken.keys = vec![DataKey::Region, DataKey::Region];
        assert!(!broken.is_sound());
    }
}
