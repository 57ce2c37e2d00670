//! Data tables and what is looked up in them.

use super::*;

/// A data table (数据表): rows of a CSV file or of an Excel sheet that policies name.
#[derive(Clone, Debug, Serialize)]
pub struct DataTable {
    /// Name and label.
    pub name: Labelled,
    /// `from "targets.csv"` · `取自 "targets.csv"`
    pub file: Text,
    /// `sheet "2026"` · `工作表 "2026"`
    pub sheet: Option<Text>,
    /// `by store, product` · `按 门店，产品`: what picks a row.
    pub keys: Vec<Path>,
    /// Columns; without any the table is a list.
    pub columns: Vec<FactDecl>,
    /// Whole declaration.
    pub span: Span,
}

/// `targets[distributor].quarter` · `任务表[经销商].季度任务`; without a column the row itself, for `is known`.
#[derive(Clone, Debug, Serialize)]
pub struct Lookup {
    /// The table.
    pub table: Name,
    /// What picks the row, one for each key of the table.
    pub keys: Vec<Path>,
    /// The column.
    pub column: Option<Name>,
    /// Whole expression.
    pub span: Span,
}
